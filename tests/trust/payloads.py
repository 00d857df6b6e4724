"""Some 7,000 hostile texts, by grammar: contexts × elements × handlers × schemes × encodings, and each layer's own.

The classes are those that OWASP's filter evasion page, html5lib's tokenizer and tree-construction tests, DOMPurify's
fixtures and the known Markdown tricks have in common; every text is written here (`grammar`). The same call gives the
same payloads in the same order. Each carries its own id, so that what runs, loads or is lost can be named.
"""

from __future__ import annotations

from dataclasses import dataclass

from trust.grammar import markup, oddities, texts


@dataclass(frozen=True, slots=True)
class Payload:
    """One hostile text, and the family it comes from."""

    id: str
    family: str
    text: str


FAMILIES = {
    "bare": texts.bare,
    "handler": markup.handlers,
    "address": markup.addresses,
    "breakout": markup.breakouts,
    "mutation": markup.mutations,
    "markdown": texts.markdown,
    "clobber": markup.clobbering,
    "template": texts.templates,
    "style": markup.styles,
    "reference": texts.references,
    "field": texts.fields,
    "name": texts.names,
    "tokenizer": oddities.tokenizer,
    "tree": oddities.tree,
    "control": oddities.controls,
    "encoded": oddities.encoded,
    "loading": oddities.loading,
    "drawing": oddities.drawings,
    "polyglot": oddities.polyglots,
}


def generate() -> tuple[Payload, ...]:
    """Every payload, each text once, in a fixed order; "§" in a text is its own id by now."""
    payloads: dict[str, Payload] = {}
    for family, make in FAMILIES.items():
        for text in make():
            payloads.setdefault(text, Payload("", family, text))
    return tuple(
        Payload(name := f"p{number:04}", payload.family, payload.text.replace("§", name))
        for number, payload in enumerate(payloads.values())
    )


def sample(count: int) -> tuple[Payload, ...]:
    """`count` payloads, evenly from all."""
    payloads = generate()
    return tuple(payloads[index * len(payloads) // count] for index in range(count))
