"""The ledger of one edition: what was sent to whom, as lines that are only ever added.

One line an event: `<state> <message id>`. A Message-ID stands for edition, reader and attempt without showing the
reader's address. The line "sending" is written before the message's last byte leaves, "sent" after the server has
taken it. Between the two nobody can know which happened (RFC 1047), so a message that stayed "sending" is in doubt:
it is not sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Identify = Callable[[str, int], str]


class State(StrEnum):
    """What happened to a message last."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"


_STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One message to one reader: `attempt` counts deliberate sendings from 0."""

    recipient: str
    message_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """The last state of each message of an edition, by Message-ID."""

    states: Mapping[str, State] = field(default_factory=dict)

    def latest(self, recipient: str, identify: Identify) -> tuple[Dispatch, State | None]:
        """The reader's last message, and its state; None where there was none."""
        attempt = 0
        while identify(recipient, attempt + 1) in self.states:
            attempt += 1
        dispatch = Dispatch(recipient, identify(recipient, attempt), attempt)
        return dispatch, self.states.get(dispatch.message_id)


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is to get a message, and who is left out because they have it, refused it, or may have it."""

    due: tuple[Dispatch, ...]
    sent: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    in_doubt: tuple[str, ...] = ()


def parse_ledger(text: str) -> Ledger:
    """The ledger in a file's text. A last line that a crash cut short counts as not written."""
    states: dict[str, State] = {}
    for line in text.split("\n")[:-1]:
        state, _, message_id = line.partition(" ")
        if message_id and state in _STATES:
            states[message_id] = _STATES[state]
    return Ledger(states)


def dump_event(state: State, message_id: str) -> str:
    """One event as its line."""
    return f"{state} {message_id}\n"


def plan_sending(recipients: tuple[str, ...], ledger: Ledger, identify: Identify) -> Plan:
    """Whom to send to: everyone who has not been sent the edition, each address once, in the order given."""
    due: list[Dispatch] = []
    left: dict[State, list[str]] = {State.SENT: [], State.REFUSED: [], State.SENDING: []}
    for recipient in _distinct(recipients):
        dispatch, state = ledger.latest(recipient, identify)
        if state in (None, State.PLANNED):
            due.append(dispatch)
        else:
            left[State(state)].append(recipient)
    return Plan(tuple(due), tuple(left[State.SENT]), tuple(left[State.REFUSED]), tuple(left[State.SENDING]))


def plan_sending_again(recipients: tuple[str, ...], ledger: Ledger, identify: Identify) -> Plan:
    """Everyone once more, whatever they have; a second sending that was interrupted goes on where it stopped."""
    due: list[Dispatch] = []
    for recipient in _distinct(recipients):
        dispatch, state = ledger.latest(recipient, identify)
        attempt = dispatch.attempt if state in (None, State.PLANNED) else dispatch.attempt + 1
        due.append(Dispatch(recipient, identify(recipient, attempt), attempt))
    return Plan(tuple(due))


def _distinct(recipients: tuple[str, ...]) -> list[str]:
    first: dict[str, str] = {}
    for recipient in recipients:
        first.setdefault(recipient.casefold(), recipient)
    return list(first.values())
