"""Pictures that come with an article: checked, resized, renamed, their size recorded."""

from __future__ import annotations

import base64
import io
import tracemalloc

import pytest
from PIL import Image as Pillow

from insights.ingest.images import bring_pictures, inline_picture, picture_addresses, prepare_picture
from insights.model import Article, Source
from insights.readers.html import read_html


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


def page_with(*addresses: str) -> bytes:
    prose = "We counted the boxes in the shop twice, and both of the counts came to the same number. " * 4
    body = "".join(f"<p>{prose}</p><p><img src='{address}' alt='p'></p>" for address in addresses)
    return f"<title>T</title><article><h1>T</h1>{body}<p>{prose}</p></article>".encode()


def test_a_picture_that_the_page_holds_is_brought_like_any_other() -> None:
    data = picture(900, 700)
    address = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    body = read_html(Source("t.html", page_with(address))).body
    assert picture_addresses(body) == [address]
    article, files, _ = bring_pictures(Article("x", "X", body), inline_picture, "../assets/x")
    assert "![p](../assets/x/picture.png){ width=900 height=700 }" in article.body
    assert files == {"picture.png": data}


@pytest.mark.parametrize("address", ["data:image/svg+xml;base64,PHN2Zy8+", "data:image/png;base64,A*", "a.png"])
def test_what_is_no_picture_held_by_the_page_stays(address: str) -> None:
    assert inline_picture(address) is None


def test_a_page_of_inline_pictures_takes_little_more_memory_than_its_bytes() -> None:
    data = base64.b64encode(bytes(1_000_000)).decode()
    page = page_with(*[f"data:image/png;base64,{data}{number:04}" for number in range(8)])
    tracemalloc.start()
    read_html(Source("t.html", page))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(page)
