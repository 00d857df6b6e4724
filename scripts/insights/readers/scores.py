"""How much a container speaks for being the article: the prose of its paragraphs, less the share of its links."""

from __future__ import annotations

from turbohtml import Element

from insights.readers.dom import ancestors_of, link_density, parent_of
from insights.readers.names import promise_of

START_SCORES = {
    "div": 5.0,
    **dict.fromkeys(("blockquote", "pre", "td"), 3.0),
    **dict.fromkeys(("address", "dd", "dl", "dt", "form", "li", "ol", "ul"), -3.0),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "th"), -5.0),
}
COMMAS = ",،、，﹐"
SPEAKS_FOR = (1.0, 0.5, 1 / 6, 1 / 9, 1 / 12)
"""How much of a paragraph's points the elements around it get, nearest first."""


class Scores:
    """The points of containers; a score is points less the share of links, worked out when asked for."""

    def __init__(self, weighs_names: bool) -> None:
        self._weighs_names = weighs_names
        self._points: dict[Element, float] = {}
        self._scores: dict[Element, float] = {}

    def add(self, paragraph: Element, points: float) -> None:
        """Gives a paragraph's points to the elements around it."""
        for element, share in zip(ancestors_of(paragraph), SPEAKS_FOR, strict=False):
            if parent_of(element) is None:
                break
            held = self._points.get(element)
            self._points[element] = (self._start(element) if held is None else held) + points * share

    def of(self, element: Element, absent: float = 0.0) -> float:
        """The score of an element; `absent` where no paragraph speaks for it."""
        if element not in self._points:
            return absent
        score = self._scores.get(element)
        if score is None:
            points = self._points[element]
            score = self._scores[element] = points * (1 - link_density(element)) if points > 0 else points
        return score

    def best(self, count: int) -> list[Element]:
        """The elements of the highest scores, best first; links only lower a score, so most need not be asked."""
        found: list[tuple[float, Element]] = []
        for element, points in sorted(self._points.items(), key=lambda item: -item[1]):
            if len(found) >= count and points <= found[count - 1][0]:
                break
            found.append((self.of(element), element))
            found.sort(key=lambda pair: -pair[0])
        return [element for _, element in found[:count]]

    def start(self, element: Element) -> None:
        """Counts an element as spoken for, with no more than its tag and names promise."""
        self._points.setdefault(element, self._start(element))
        self._scores.setdefault(element, self._points[element])

    def _start(self, element: Element) -> float:
        weight = promise_of(element).weight if self._weighs_names else 0
        return START_SCORES.get(element.tag, 0.0) + weight


def prose_points(text: str) -> float:
    """How much a text reads like prose: its commas, and its length up to a few lines."""
    return 2 + comma_count(text) + min(len(text) // 100, 3)


def comma_count(text: str) -> int:
    """The commas of a text, those of Arabic and Chinese included."""
    return text.count(",") if text.isascii() else sum(map(text.count, COMMAS))
