"""Pictures that come with an article: checked, resized, renamed, their size recorded."""

from __future__ import annotations

import io

import pytest
from PIL import Image as Pillow

from insights.ingest.images import bring_pictures, prepare_picture
from insights.model import Article


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Pillow.new("RGB", (width, height), "teal").save(stream, kind)
    return stream.getvalue()


def test_a_small_picture_stays_as_it_is() -> None:
    data = picture(800, 400)
    kept = prepare_picture(data)
    assert (kept.data, kept.suffix, kept.width, kept.height) == (data, ".png", 800, 400)


def test_an_oversized_picture_is_made_smaller_in_its_own_format() -> None:
    kept = prepare_picture(picture(4000, 1000, "JPEG"))
    assert (kept.suffix, kept.width, kept.height) == (".jpg", 1600, 400)
    with Pillow.open(io.BytesIO(kept.data)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 400))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ValueError, match="megapixels"):
        prepare_picture(picture(12_000, 12_000))


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no picture"):
        prepare_picture(data)


def test_pictures_get_new_addresses_and_sizes_and_code_is_left_alone() -> None:
    body = (
        "![One](https://a.example/Chart%201.png?x=1)\n\n```md\n![One](https://a.example/b.png)\n```\n\n![Gone](g.png)\n"
    )
    found = {"https://a.example/Chart%201.png?x=1": picture(300, 200), "g.png": b"no picture"}
    article, files, findings = bring_pictures(Article("x", "X", body), found.get, "../assets/x")
    assert "![One](../assets/x/chart-1.png){ width=300 height=200 }" in article.body
    assert "![One](https://a.example/b.png)" in article.body
    assert "![Gone](g.png)" in article.body
    assert list(files) == ["chart-1.png"]
    assert [finding.rule for finding in findings] == ["image-unreadable"]


def test_two_pictures_of_one_name_keep_both() -> None:
    body = "![a](https://a.example/x.png)\n![b](https://b.example/x.png)\n"
    found = {"https://a.example/x.png": picture(3, 3), "https://b.example/x.png": picture(4, 4)}
    article, files, _ = bring_pictures(Article("x", "X", body), found.get, "../assets/x")
    assert sorted(files) == ["x-2.png", "x.png"]
    assert "../assets/x/x-2.png" in article.body
