"""What people's pasted text is made of: lines and the patterns by which a reader tells a heading from a paragraph.

Pure pattern knowledge; `readers/text.py` uses it to build the article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from dateutil import parser as date_parser

from insights.readers.months import DAY, MONTHS, in_english

_BULLET = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>[•‣⁃◦▪▫●○■□–—*+\-·∙➤➢►▸✓✔→]|o(?=[ \t]{2,}|\t))[ \t ]+(?P<text>\S.*)$"
)
_NUMBER = re.compile(r"^(?P<indent>[ \t]*)\(?(?P<number>\d{1,3}|[a-zA-Z])[.)][ \t ]+(?P<text>\S.*)$")
DATE = re.compile(
    rf"\b(?:{MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|{DAY}\s+(?:de\s+)?{MONTHS},?(?:\s+del?)?\s+\d{{4}}"
    r"|\d{4}-\d{2}-\d{2})\b",
    re.IGNORECASE,
)
_CALLS = re.compile(
    "^(?:"
    + "|".join(
        (
            r"get (?:more |our |the )?(?:insights|updates|articles|stories|new posts|posts|essays|notes)\b.*",
            r"subscribe\b.*|sign up\b.*",
            r"join (?:our|the|over|\d)\b.*(?:newsletter|readers|list|subscribers)\b.*",
            r"(?:share|tweet|follow us|like this|print|email this|copy link|save|listen)"
            r"(?: this)?(?: on\b.*| article| post| page)?",
            r"(?:book|schedule|request) a (?:call|demo|meeting|consultation)\b.*|(?:contact|talk to) (?:us|our)\b.*",
            r"download (?:the|our|this)\b.*",
            r"(?:read|learn|see|view|show|load) (?:more|all)\b.*",
            r"(?:view|read) (?:this |it )?.*(?:in (?:your )?browser|online).*",
            r".*\bunsubscribe\b.*|you(?:['’]re| are) receiving this.*",
            r"(?:manage|update) (?:your )?(?:email )?preferences.*",
            r"(?:was )?forward(?:ed)? (?:to (?:you|a)|this email)\b.*",
            r"was this (?:article |page )?(?:helpful|useful)\b.*|enjoy(?:ed|ing) this\b.*",
            r"skip to (?:main )?content|(?:back to top|top|menu|home|search|close)|advertisement|sponsored",
            r".*\b(?:accept|reject) (?:all )?cookies\b.*|we use cookies\b.*|all rights reserved.*",
            r"(?:©|\(c\)|copyright)\s*\d{4}.*|(?:privacy policy|terms of (?:use|service)|cookie policy)(?:\s*[|·•].*)?",
            r"leave a (?:comment|reply).*|\d+ comments?",
        )
    )
    + r")[.!?]?$",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"^(?:(?:related|recommended|recent|latest|further|similar|popular|featured|more)"
    r"(?: (?:insights?|articles?|posts?|reading|stories|content|resources|from\b.*|on\b.*|like this|in\b.*))"
    r"|related|you (?:may|might) (?:also )?(?:like|enjoy|be interested in)|read (?:next|this next)|keep reading|up next"
    r"|what to read next|continue reading|see also|more to (?:read|explore)|recommended(?: for you)?)[:.]?$",
    re.IGNORECASE,
)
_BREADCRUMB = re.compile(
    r"^(?:[←‹«<]\s*|back to\s+)(?:back to\s+)?(?:all\s+|our\s+)?"
    r"(?:(?P<section>insights?|articles?|posts?|blog|news|stories|resources|publications?|perspectives?|library)\b)?"
    r"\s*[|/·›>-]?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_GLUED = re.compile(
    r"^(?:[←‹«]\s*)(?:all\s+|our\s+|back to\s+)?(?:Insights?|Articles?|Posts?|Blog|News|Stories|Resources|Library)"
    r"(?P<rest>[A-Z&].*)$"
)
_TRAIL = re.compile(r"(?<!\s)\s++[›»>/→]\s+")
_SITE_SUFFIX = re.compile(r"^(?P<title>.{8,}?)(?<!\s)\s++(?:[|•·—–-]|::)\s++(?P<site>[^|]{2,40})$")
_BYLINE = re.compile(r"^(?:written |posted |words )?by:?\s+(?P<names>[^\W\d_].{2,80})$", re.IGNORECASE)
_MINUTES = re.compile(r"\b\d{1,3}\s*[- ]?min(?:ute)?s?(?:\.| read| reading)?\b(?: read)?", re.IGNORECASE)
_UPDATED = re.compile(r"^(?:last )?(?:updated|modified|revised)\b", re.IGNORECASE)
# What stands alone like a heading, but belongs to a picture or a player.
_CAPTION = re.compile(
    "|".join(
        (
            r"\b(?:getty|afp|reuters|ap|epa|shutterstock|istock|unsplash|moodboard|photodisc)\b",
            r"^(?:photo|image|video|illustration|graphic|chart|figure|fig|source|credit|caption|gallery|play|pause)\b",
            r"\b(?:photo(?:graph)?s?|image|illustration|courtesy|picture)(?:\s+(?:by|of|from|credit)\b|\s*[:(©/])",
            r"©|\b\d{1,2}:\d{2}\b",
        )
    ),
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…:;,]['\"”’)\]]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a paragraph, a list's entry, rows. `follows_blank`: an empty line stands above."""

    lines: tuple[str, ...]
    follows_blank: bool = True

    @property
    def text(self) -> str:
        """The lines as one."""
        return " ".join(line.strip() for line in self.lines)


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line that begins with a bullet or a number: how far it is indented (columns), and its text."""

    indent: int
    text: str
    number: int | None


def parse_list_line(line: str) -> ListLine | None:
    """The list entry that a line begins, or None. A lone initial ("A. Smith") is none."""
    if match := _BULLET.match(line):
        if match["mark"] in "–—" and not match["indent"] and len(line) > 200:
            return None
        return ListLine(_columns(match["indent"]), match["text"].strip(), None)
    if (match := _NUMBER.match(line)) and match["number"].isdigit():
        return ListLine(_columns(match["indent"]), match["text"].strip(), int(match["number"]))
    return None


def is_call_to_action(text: str) -> bool:
    """Whether a short line asks the reader to do something other than read: subscribe, share, accept cookies."""
    text = text.strip()
    parts = [part.strip() for part in re.split("[|·•]", text) if part.strip()]
    return len(text.split()) <= 24 and bool(_CALLS.match(text) or (parts and all(map(_CALLS.match, parts))))


def is_related_heading(text: str) -> bool:
    """Whether a line is the heading of a list of other articles."""
    return len(text) <= 60 and bool(_RELATED.match(text.strip()))


def parse_breadcrumb(text: str) -> str | None:
    """The category that a breadcrumb ends with ("" if it names none), or None if the line is no breadcrumb.

    A copied page runs its parts together: "← All InsightsAI Strategy" gives "AI Strategy".
    """
    text = text.strip()
    if match := _GLUED.match(text):
        return match["rest"].strip(" /|·›>")
    if text[:1] in "←‹«" and (match := _BREADCRUMB.match(text)):
        rest = match["rest"].strip()
        glued = re.split(r"(?<=[a-z])(?=[A-Z])", rest)
        return glued[-1].strip()
    parts = _TRAIL.split(text)
    if len(parts) >= 2 and parts[0].lower() in {"home", "insights", "blog", "articles", "news", "resources"}:
        return parts[-1].strip() if len(parts) > 2 or parts[0].lower() != "home" else parts[1].strip()
    return None


def split_site_suffix(text: str) -> tuple[str, str] | None:
    """The title and the site's name in a "Title | Site" line, or None."""
    match = _SITE_SUFFIX.match(text.strip())
    return (match["title"].strip(), match["site"].strip()) if match else None


@dataclass(frozen=True, slots=True)
class Byline:
    """What one line under a title states: names, dates."""

    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None


def parse_byline(text: str) -> Byline | None:
    """What a line of author, date and reading time states, or None if there is anything else in it."""
    authors: tuple[str, ...] = ()
    published = updated = None
    parts = [
        part.strip(" ,")
        for part in re.split(r"\s*[|·•—]\s*|\s{2,}|\s+on\s+(?=\w+ \d)", text.strip())
        if part.strip(" ,")
    ]
    for part in parts:
        stamp = DATE.search(part)
        rest = _MINUTES.sub("", DATE.sub("", part)).strip(" ,.:")
        if stamp and not re.sub(
            r"(?i)\b(?:published|posted|updated|modified|revised|last|on|date|written|at)\b", "", rest
        ).strip(" :,"):
            moment = parse_date(stamp[0])
            if _UPDATED.match(part):
                updated = moment
            else:
                published = moment
        elif match := _BYLINE.match(part if not stamp else rest):
            authors = split_names(match["names"])
            published = parse_date(stamp[0]) if stamp else published
        elif rest:
            return None
    return Byline(authors, published, updated)


def split_names(text: str) -> tuple[str, ...]:
    """The people in "Ada Byron, Alan Turing and Grace Hopper"; a title after a comma in lower case is left out."""
    names = map(str.strip, re.split(r",|;|\band\b|&|\bund\b|\bet\b", text.strip(" .")))
    return tuple(name for name in names if name and name[0].isupper() and len(name.split()) <= 5)


def parse_date(text: str) -> datetime | None:
    """The day that a date in words or in ISO form names, as midnight UTC; None where it names no real day."""
    try:
        return date_parser.parse(in_english(text), default=datetime(1, 1, 1, tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def looks_like_heading(text: str) -> bool:
    """Whether a paragraph, by itself, has the shape of a heading: short, no sentence end, begins like a title."""
    if not 1 <= len(text.split()) <= 14 or len(text) > 100 or "\n" in text:
        return False
    if _SENTENCE_END.search(text) and not text.endswith(("?", "?”", '?"')):
        return False
    first = re.sub(r"^[\W_]+", "", text)[:1]
    letters = sum(char.isalpha() or char.isspace() for char in text)
    if not first or first.islower() or letters < len(text) * 0.6 or re.match(r"^[—–-]\s", text):
        return False
    return not _CAPTION.search(text) and parse_byline(text) is None


def is_caption(text: str) -> bool:
    """Whether a line belongs to a picture or a player: its credit, its time, its caption's first word."""
    return _CAPTION.search(text) is not None


def _columns(indent: str) -> int:
    return len(indent.expandtabs(4))
