"""`insights newsletter`: an edition from its first draft to the inbox."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from insights.cli.console import say
from insights.cli.editions import Desk, open_desk, refuse_errors, refuse_unread

if TYPE_CHECKING:
    from collections.abc import Callable

    from insights.newsletter.delivery import Delivery
    from insights.newsletter.ledger import Dispatch, Plan
    from insights.newsletter.letter import Letter

LEDGERS = ".insights/newsletter"
OUTBOX = "build/outbox"
_IN_DOUBT = "in doubt: the connection was lost after the message; send with --again if it is missing"

_number = click.argument("number", type=click.IntRange(min=1), required=False)


@click.group()
def newsletter() -> None:
    """Draft, check, preview and send newsletters. NUMBER is the edition's; without it, the newest."""


@newsletter.command(short_help="Write the next edition's file.")
def draft() -> None:
    """Write the next edition's file: the articles published since the last one, and an introduction to write."""
    from insights.cli.console import err, hold, now, show_findings, shown
    from insights.errors import StoreError
    from insights.model import Level
    from insights.newsletter.drafting import draft_edition, dump_edition, find_passed_over
    from insights.store import INSIGHTS, find_root, read_library, write_file
    from insights.text import counted

    root = find_root(Path.cwd())
    with hold(root, "newsletter draft"):
        library, findings = read_library(root)
        refuse_unread(findings)
        edition = draft_edition(library, now())
        if passed_over := find_passed_over(library, now()):
            slugs = ", ".join(article.slug for article in passed_over)
            err.print(f"In no edition, though older than the last one: {shown(slugs)}. Add those that came late.")
        if not edition.articles:
            raise StoreError(edition.path, "nothing was published since the last edition", "publish an article first")
        if (root / edition.path).exists():
            raise StoreError(edition.path, "this file exists already", "mend it, or delete it")
        write_file(root / edition.path, dump_edition(edition).encode())
    # What cannot be read is not in the edition, and would not be in the next one either.
    show_findings((one for one in findings if one.path.startswith(INSIGHTS) and one.level is Level.ERROR), err)
    articles = counted(len(edition.articles), "article")
    say(f"{edition.path}: {articles}. Order them, write the subject and the introduction.")


@newsletter.command(short_help="Render an edition's email and exports.")
@_number
@click.option("--site-dir", type=click.Path(file_okay=False, path_type=Path), help="Where the site is.")
def build(number: int | None, site_dir: Path | None) -> None:
    """Render an edition's email, fragments and exports into site/newsletter/NUMBER/."""
    from insights.cli.console import hold
    from insights.newsletter import render_edition
    from insights.store import write_file
    from insights.text import counted

    desk = open_desk(number)
    target = site_dir or desk.root / "site"
    files = render_edition(desk.edition, desk.library, desk.publication, desk.templates)
    with hold(desk.root, "newsletter build"):
        for path, data in files:
            write_file(target / path, data)
    say(f"{counted(len(files), 'file')} in {target}/newsletter/{desk.edition.number}/")


@newsletter.command(short_help="Show an edition as readers see it.")
@_number
@click.option("--browser/--no-browser", default=True, help="Open it in a browser.")
def preview(number: int | None, browser: bool) -> None:
    """Show an edition on a desk, on a phone, in the dark and as plain text."""
    from insights.newsletter.letter import compose_letter
    from insights.newsletter.preview import render_preview
    from insights.newsletter.rendering import render_email
    from insights.store import write_file

    desk = open_desk(number)
    letter = compose_letter(desk.edition, desk.library, desk.publication)
    page = render_preview(render_email(letter, desk.templates), letter, desk.templates)
    path = desk.root / "build" / f"newsletter-{desk.edition.number}-preview.html"
    write_file(path, page.encode())
    say(str(path))
    if browser:
        click.launch(path.as_uri())


@newsletter.command(short_help="Say what would go wrong in an inbox.")
@_number
@click.option("--strict", is_flag=True, help="Fail on warnings, too.")
def check(number: int | None, strict: bool) -> None:
    """Say what would go wrong with an edition in an inbox. Exits with 1 if there is an error."""
    from insights.cli.console import exit_code, out, show_findings, summarise
    from insights.newsletter.inbox import check_edition

    desk = open_desk(number)
    findings = check_edition(desk.edition, desk.library, desk.publication, desk.templates)
    show_findings(findings, out)
    out.print(f"Edition {desk.edition.number}: {summarise(findings)}")
    sys.exit(exit_code(findings, is_strict=strict))


@newsletter.command(short_help="Send an edition, once to each reader.")
@_number
@click.option("--smtp", help="The mail server: smtps://user@host; without it, messages become files in build/outbox/.")
@click.option("--to", "addresses", multiple=True, help="An address: yours for a test, or a mailing list's. May repeat.")
@click.option("--list", "recipients", type=click.File("rb"), help="A file with one address on each line.")
@click.option("--again", is_flag=True, help="Send to these readers once more, though they have the edition.")
def send(
    number: int | None,
    smtp: str | None,
    addresses: tuple[str, ...],
    recipients: BinaryIO | None,
    again: bool,
) -> None:
    """Send an edition, once to each reader. A sending that was interrupted goes on with the same command.

    The server's password is read from INSIGHTS_SMTP_PASSWORD. What was sent is kept in .insights/newsletter/, without
    anyone's address. Exits with 1 if not every reader got a message.
    """
    import time

    from insights.cli.console import hold
    from insights.newsletter.delivery import connect, deliver, parse_postbox, parse_recipients
    from insights.newsletter.ledger import parse_ledger, plan_sending, plan_sending_again
    from insights.newsletter.letter import compose_letter
    from insights.newsletter.message import message_id, sender_address
    from insights.store import decode_text, open_ledger

    desk = open_desk(number)
    refuse_errors(desk)
    listed = decode_text(recipients.read(), recipients.name).splitlines() if recipients else ()
    named = (*parse_recipients(addresses, "--to"), *parse_recipients(listed, recipients.name if recipients else ""))
    if not named:
        raise click.UsageError("Name the readers with --to or --list.")
    letter = compose_letter(desk.edition, desk.library, desk.publication)
    make_plan = plan_sending_again if again else plan_sending

    def identify(recipient: str, attempt: int) -> str:
        return message_id(letter, recipient, attempt)

    if not smtp:
        _write_outbox(desk, letter, make_plan(named, parse_ledger(""), identify))
        return
    postbox = parse_postbox(smtp, os.environ.get("INSIGHTS_SMTP_PASSWORD", ""))
    ledger = desk.root / LEDGERS / f"{desk.edition.number}.ledger"
    with hold(desk.root, "newsletter send"), open_ledger(ledger) as (text, record):
        plan = make_plan(named, parse_ledger(text), identify)
        _explain_plan(plan, desk.edition.number)
        delivery = deliver(
            plan.due,
            _message_for(desk, letter),
            sender_address(letter),
            lambda: connect(postbox),
            record,
            time.sleep,
        )
    _show_delivery(delivery)
    sys.exit(1 if delivery.refused or delivery.deferred or delivery.in_doubt or plan.in_doubt else 0)


@newsletter.command(short_help="Create a draft at an email service.")
@_number
@click.option("--to", "service", required=True, help="buttondown, ghost, listmonk or mailchimp.")
@click.option("--create", is_flag=True, help="Really create the draft; without it, only say what would be created.")
def push(number: int | None, service: str, create: bool) -> None:
    """Create a draft of an edition at an email service. Nothing is sent from there until you do it there.

    Keys come from the environment: BUTTONDOWN_API_KEY; GHOST_URL, GHOST_ADMIN_API_KEY; LISTMONK_URL,
    LISTMONK_API_USER, LISTMONK_API_TOKEN, LISTMONK_LISTS; MAILCHIMP_API_KEY, MAILCHIMP_AUDIENCE.
    """
    import time

    import httpx

    from insights.newsletter.letter import compose_letter
    from insights.newsletter.providers import PROVIDERS
    from insights.newsletter.push import compose_draft, push_draft, read_account
    from insights.newsletter.rendering import render_email

    if service not in PROVIDERS:
        raise click.UsageError(f"--to takes one of: {', '.join(PROVIDERS)}.")
    desk = open_desk(number)
    refuse_errors(desk)
    letter = compose_letter(desk.edition, desk.library, desk.publication)
    made = compose_draft(render_email(letter, desk.templates), letter, service)
    if not create:
        say(f'Would create the draft "{made.name}" at {service}: {made.subject!r}, {len(made.html):,} characters.')
        say("Nothing was created. Add --create to do it.")
        return
    account = read_account(service, os.environ)
    with httpx.Client(timeout=30) as client:
        pushed = push_draft(made, account, client, time.sleep, int(time.time()))
    verb = "is there already, and was left as it is" if pushed.was_there else "is created"
    say(f'{service}: the draft "{made.name}" ({pushed.id}) {verb}. Send it from there.')


def _explain_plan(plan: Plan, number: int) -> None:
    """Says who is left out. Raises DeliveryError if nobody is left to send to."""
    from insights.newsletter.delivery import DeliveryError

    for recipient in plan.in_doubt:
        say(f"{recipient}: {_IN_DOUBT}")
    for recipient in plan.refused:
        say(f"{recipient}: the server refused this address before")
    if not plan.due:
        what = f"every one of these readers has been sent edition {number}"
        raise DeliveryError("send", what, "to send it to them once more, add --again")
    if plan.sent:
        say(f"{len(plan.sent)} of these readers have the edition already and are left out.")


def _message_for(desk: Desk, letter: Letter) -> Callable[[Dispatch], bytes]:
    from insights.cli.console import now
    from insights.newsletter.message import build_message
    from insights.newsletter.rendering import render_email

    email, sent = render_email(letter, desk.templates), now()
    return lambda dispatch: build_message(email, letter, sent, dispatch.recipient, dispatch.attempt)


def _show_delivery(delivery: Delivery) -> None:
    for recipient, reply in (*delivery.refused, *delivery.deferred):
        say(f"{recipient}: {reply}")
    for recipient in delivery.in_doubt:
        say(f"{recipient}: {_IN_DOUBT}")
    if delivery.deferred:
        say("Some readers could not be reached for now: run the same command again later.")
    say(f"{len(delivery.sent)} sent.")


def _write_outbox(desk: Desk, letter: Letter, plan: Plan) -> None:
    from insights.store import write_file
    from insights.text import counted

    folder = desk.root / OUTBOX / str(desk.edition.number)
    message_for = _message_for(desk, letter)
    for dispatch in plan.due:
        name = dispatch.message_id.strip("<>").partition("@")[0]
        write_file(folder / f"{name}.eml", message_for(dispatch))
    say(f"{counted(len(plan.due), 'message')} in {folder}/. Name a mail server with --smtp to send them.")
