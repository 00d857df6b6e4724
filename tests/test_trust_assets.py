"""Files that people put into content/assets: none of them is published as a page that runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PROJECT, run_insights

from insights.assets import refuse_asset

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
ACTIVE = {
    "script": "<script>alert(1)</script>",
    "script-from-elsewhere": '<script href="x.js"/>',
    "script-by-prefix": '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>',
    "page-inside": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>',
    "html-element": '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    "unknown-vocabulary": '<b:bindings xmlns:b="http://www.mozilla.org/xbl"/>',
    "no-vocabulary": '<script xmlns="">alert(1)</script>',
    "handler": '<rect onclick="alert(1)"/>',
    "handler-in-capitals": '<rect ONLOAD="alert(1)"/>',
    "handler-element": '<handler type="text/javascript">alert(1)</handler>',
    "link": '<a href="java&#9;script:alert(1)"><text>x</text></a>',
    "old-link": f'<a {XLINK} xlink:href="data:text/html,x"><text>x</text></a>',
    "use": '<use href="//elsewhere.example/x.svg#a"/>',
    "picture": '<image href="https://elsewhere.example/x.png"/>',
    "drawing-in-drawing": '<image href="data:image/svg+xml,%3Csvg%3E"/>',
    "animated-link": '<a><animate attributeName="href" values="javascript:alert(1)"/></a>',
    "animated-old-link": '<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>',
    "animated-handler": '<set attributeName="onmouseover" to="alert(1)"/>',
    "import": "<style>@import url(//elsewhere.example/x.css);</style>",
    "style": "<style>rect{fill:u\\72l(https://elsewhere.example/x)}</style>",
    "style-attribute": '<rect style="fill:url( &quot;//elsewhere.example/x#a&quot; )"/>',
    "style-in-two": "<style>@im/**/port '//elsewhere.example/x.css';</style>",
    "filter": '<rect filter="url(https://elsewhere.example/x.svg#a)"/>',
    "base": '<g xml:base="https://elsewhere.example/"><use href="#x"/></g>',
    "instruction": '<?xml-stylesheet href="x.xsl"?>',
}
PASSIVE = {
    "shapes": '<g id="a"><path d="M0 0"/><text x="1">if a &lt; b</text></g>',
    "own-parts": f'<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use {XLINK} xlink:href="#a"/>',
    "quoted-part": "<style>rect{fill:url( '#a' ); stroke: red}</style>",
    "link": '<a href="https://example.org/"><text>x</text></a>',
    "picture": '<image href="data:image/png;base64,AAAA"/>',
    "moves": '<animate attributeName="stroke-width" values="1;2"/>',
    "notes": '<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>',
    "editor": '<s:namedview xmlns:s="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" pagecolor="#fff"/>',
}


def drawing(inner: str, before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg">\n{inner}\n</svg>'.encode()


@pytest.mark.parametrize("name", ACTIVE)
def test_a_drawing_that_runs_or_loads_is_refused_with_its_reason(name: str) -> None:
    refusal = refuse_asset("content/assets/x.SVG", drawing(ACTIVE[name]))
    assert refusal is not None
    assert refusal[0].startswith("the drawing is not published: ")
    assert "\n" not in refusal[0]


@pytest.mark.parametrize("name", PASSIVE)
def test_a_drawing_that_only_draws_is_published(name: str) -> None:
    assert refuse_asset("content/assets/x.svg", drawing(PASSIVE[name])) is None


@pytest.mark.parametrize(
    "before",
    [
        '<?xml-stylesheet href="x.xsl" type="text/xsl"?>',
        '<!DOCTYPE svg [<!ENTITY x "y">]>',
        '<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>',
        '<?xml version="1.0" encoding="ISO-2022-JP"?>',
        "plain text ",
    ],
    ids=["instruction", "entity", "attribute", "encoding", "text"],
)
def test_a_drawing_that_declares_more_than_a_drawing_needs_is_refused(before: str) -> None:
    assert refuse_asset("x.svg", drawing("<rect/>", before)) is not None


def test_a_drawing_made_to_unfold_is_refused() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "x"}">' for n in range(12))
    assert refuse_asset("x.svg", drawing("<text>&a11;</text>", f"<!DOCTYPE svg [{entities}]>")) is not None
    assert refuse_asset("x.svg", drawing("<g>" * 100_000 + "</g>" * 100_000)) is not None


def test_the_projects_own_drawings_are_published() -> None:
    paths = [*PROJECT.glob("content/assets/**/*.svg"), *PROJECT.glob("tests/site/content/assets/**/*.svg")]
    assert paths
    for path in paths:
        assert refuse_asset(path.name, path.read_bytes()) is None


def test_a_file_that_runs_is_not_published_and_said_so(publication: Path) -> None:
    assets = publication / "content/assets"
    fields = {
        "title": "x",
        "template": "article.html",
        "kind": "article",
        "json_ld": "</script><script>alert(1)</script>",
    }
    hostile = {
        "page.html": b"<script>alert(1)</script>",
        "page.XHTML": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
        "page.md": f"---\n{json.dumps(fields)}\n---\n\nText.\n".encode(),
        "code.js": b"alert(1)",
        "feed.xml": b"<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
        "noending": b"<script>alert(1)</script>",
        "drawing.svg": drawing("<script>alert(1)</script>"),
    }
    for name, data in hostile.items():
        (assets / name).write_bytes(data)
    (assets / "README.md").write_bytes(b"Pictures.\n")
    (assets / "table.csv").write_bytes(b"a,b\n")
    result = run_insights(publication, "build")
    assert result.returncode == 0, result.stderr
    check = run_insights(publication, "check")
    for name in hostile:
        assert f"content/assets/{name}:1:1" in result.stderr
        assert f"content/assets/{name}:1:1" in check.stdout
    published = {path.name for path in (publication / "site/assets").iterdir()}
    assert not published & {*hostile, "README.md", "page"}
    assert "table.csv" in published
    assert "README" not in result.stderr
