"""The report as a page and as JSON: one HTML file that needs no other, and no script."""

from __future__ import annotations

import math
from dataclasses import dataclass

import jinja2
import msgspec

from insights.related.report import Cluster, Report

_TURN = math.pi * (3 - math.sqrt(5))  # each next dot turns by the golden angle, so that they fill a disc evenly
_SPACING = 9.0


@dataclass(frozen=True, slots=True)
class _Dot:
    """A circle of a cluster's picture: centre and radius in pixels from its middle."""

    slug: str
    x: float
    y: float
    radius: float


def render_report(report: Report, site: str = "") -> str:
    """The page. `site` is the address of the publication, "" if its articles have none."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("insights.related"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    reach = {cluster: _SPACING * math.sqrt(len(cluster.slugs)) + _SPACING for cluster in report.clusters}
    pictures = [(cluster, _dots(report, cluster), round(reach[cluster])) for cluster in report.clusters]
    linked = sum(len(place.linked_from) for place in report.places.values())
    return templates.get_template("report.html").render(report=report, pictures=pictures, linked=linked, site=site)


def dump_report(report: Report) -> bytes:
    """The same facts as JSON."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def _dots(report: Report, cluster: Cluster) -> list[_Dot]:
    """A dot for each article, the most listed in the middle; the area grows with the lists it is in."""
    dots = []
    for number, slug in enumerate(cluster.slugs):
        away, angle = _SPACING * math.sqrt(number + 0.5), number * _TURN
        radius = min(2.5 + math.sqrt(report.places[slug].listed), 0.65 * _SPACING)
        dots.append(_Dot(slug, round(away * math.cos(angle), 1), round(away * math.sin(angle), 1), round(radius, 1)))
    return dots
