"""What a built site holds, read by parsers that sanitise nothing and held against the rules of `scan`."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from trust.scan import describe_chrome, find_hits, scheme
from trust.trial import HOST, Trial

# Pages on which the theme itself puts a form into its text, and on which no content stands.
OWN_FORMS = ("404.html", "subscribe/index.html")
_REDIRECT = re.compile(r"/review/[!-~]* /review/[!-~]* 301")


def scan(site: Path, benign: Path, trial: Trial) -> None:
    """Every file of the site against the rules of `scan`, by parsers that sanitise nothing."""
    chrome = frozenset(hit for page in benign.rglob("*.html") for hit in describe_chrome(page.read_text()))
    # Of listings too long for the benign site; and of former addresses, whose target has a rule of its own.
    chrome |= {"link rel=next", "link rel=prev", "meta http-equiv=refresh"}
    headers = {name for path in benign.rglob("*.eml") for name, _ in _parse_mail(path).items()}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix == ".html" and not name.startswith("pagefind/"):
            trial.counts["html files"] += 1
            _scan_page(name, path.read_text(), chrome, trial)
        elif path.suffix == ".eml":
            trial.counts["emails"] += 1
            mail = _parse_mail(path)
            trial.hits += [f"{name}: header {header}" for header in sorted(set(mail.keys()) - headers)]
            html = mail.get_body(("html",))
            _scan_page(name, html.get_content() if html else "", chrome, trial)
        elif path.suffix in (".xml", ".rss", ".opml"):
            trial.counts["feeds and lists"] += 1
            _check(trial, name, etree.fromstring, path.read_bytes())
    for name, html in fragments(site):
        trial.counts["feed texts"] += 1
        trial.hits += [f"{name}: {hit}" for hit in find_hits(html, HOST)]
    for path in site.rglob("*.opml"):
        for outline in _parse_xml(path).iter("outline"):
            trial.hits += [
                f"opml {key}" for key in ("xmlUrl", "htmlUrl") if scheme(outline.get(key, "")) not in ("", "https")
            ]
    for path in site.glob("_redirects"):
        lines = path.read_text().splitlines()
        trial.hits += [f"_redirects: {line[:80]!r}" for line in lines if not _REDIRECT.fullmatch(line)]


def _scan_page(name: str, html: str, chrome: frozenset[str], trial: Trial) -> None:
    if name not in OWN_FORMS:
        trial.hits += [f"{name}: {hit}" for hit in find_hits(html, HOST, chrome)]
    for island in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S):
        _check(trial, name, json.loads, island)


def fragments(site: Path) -> Iterator[tuple[str, str]]:
    """Each text that a feed says is HTML, once: its document and the HTML."""
    seen: set[str] = set()
    for path in sorted([*site.rglob("*.xml"), *site.rglob("*.rss"), *site.rglob("*feed*.json")]):
        texts = _json_texts(path) if path.suffix == ".json" else _xml_texts(path)
        for text in texts:
            if text not in seen:
                seen.add(text)
                yield path.relative_to(site).as_posix(), text


def _xml_texts(path: Path) -> Iterator[str]:
    atom, content = "{http://www.w3.org/2005/Atom}", "{http://purl.org/rss/1.0/modules/content/}"
    for element in _parse_xml(path).iter():
        # RSS 2.0 does not say whether a title or a description is HTML: readers take it for that.
        is_html = element.tag in (f"{content}encoded", "description", "title") or (
            str(element.tag).startswith(atom) and element.get("type") == "html"
        )
        if is_html and element.text:
            yield element.text


def _parse_xml(path: Path) -> etree._Element:
    """The document as far as it can be read: what is wrong in it is noted by `scan`."""
    root: etree._Element = etree.fromstring(path.read_bytes(), etree.XMLParser(recover=True))
    return root


def _json_texts(path: Path) -> Iterator[str]:
    for item in json.loads(path.read_text()).get("items", ()):
        yield item.get("content_html", "")


def _parse_mail(path: Path) -> email.message.EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def _check(trial: Trial, name: str, parse: Any, data: str | bytes) -> None:
    try:
        parse(data)
    except (ValueError, etree.XMLSyntaxError) as error:
        trial.malformed.append(f"{name}: {error}")
