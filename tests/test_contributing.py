"""CONTRIBUTING.md is for people who have never used git: what it shows and names must be there."""

import re

import pytest
from conftest import PROJECT
from PIL import Image

TEXT = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PICTURES = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", TEXT)


def test_each_step_has_its_picture() -> None:
    names = {src.rpartition("/")[2] for _, src in PICTURES}
    assert names == {"form.png", "drop.png", "admin.png", "comment.png", "preview.png", "suggestion.png"}


@pytest.mark.parametrize(("alt", "src"), PICTURES, ids=[src for _, src in PICTURES])
def test_a_picture_is_light_and_says_what_it_is(alt: str, src: str) -> None:
    path = PROJECT / src
    assert path.stat().st_size < 60_000
    assert re.match("A (drawing|photograph) of ", alt)
    with Image.open(path) as picture:
        assert 600 <= picture.width <= 1300


def test_every_link_leads_to_a_file_that_is_there() -> None:
    for href in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]+)\)", TEXT):
        assert href.startswith("https://") or (PROJECT / href).exists(), href
