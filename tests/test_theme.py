"""What must hold of every template, whichever engine renders it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

THEME = Path(__file__).parent.parent / "overrides"
TEMPLATES = sorted(THEME.rglob("*.html"))
PRINTED = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
# The only markup that templates pass on: an article's own, which is sanitised, and JSON-LD, which is escaped before.
MARKUP = {"page.content | safe", "meta.json_ld | safe"}
METHOD_CALL = re.compile(r"\.\w+\(")
ALLOWED_CALLS = {".changed("}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(THEME)))
def test_every_printed_value_is_escaped_by_name(template: Path) -> None:
    """Zensical does not escape what templates print; MkDocs does so only because our plugin asks."""
    printed = PRINTED.findall(template.read_text(encoding="utf-8"))
    assert [value for value in printed if not value.endswith("| e") and value not in MARKUP] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(THEME)))
def test_no_template_needs_python_inline_styles_or_inline_scripts(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert set(METHOD_CALL.findall(" ".join(re.findall(r"\{[{%].*?[%}]\}", text)))) <= ALLOWED_CALLS
    assert " style=" not in text
    assert "<style" not in text
    assert re.findall(r"\son\w+=", text) == []
    assert re.findall(r"<script(?![^>]*(?: src=|ld\+json))", text) == []


@pytest.mark.parametrize("asset", sorted((THEME / "assets").iterdir()), ids=lambda path: path.name)
def test_no_asset_asks_another_host(asset: Path) -> None:
    text = asset.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert "http:" not in text
    assert "https:" not in text
