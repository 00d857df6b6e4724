"""Sets a page's inline pictures aside while it is read: megabytes of base64 that no parser has to see.

`data:image/png;base64,…` keeps its head and a number in place of the picture, as long as the shortest picture that is
no placeholder, so that the page reads as before.
"""

from __future__ import annotations

import re

MIN_INLINE_IMAGE_BYTES = 133
"""A base64 picture below this is a placeholder: the size of a tracking GIF or an empty SVG."""
_PICTURE = re.compile(r"(data:image/[\w.+-]++(?:;[\w=-]++)*?;base64,)([A-Za-z0-9+/=]{500,}+)")
_NUMBER = re.compile(rf"(?<=;base64,)0{{100}}\d{{{MIN_INLINE_IMAGE_BYTES - 100}}}(?![A-Za-z0-9+/=])")


def set_aside(text: str) -> tuple[str, list[str]]:
    """The text with a number for each inline picture, and the pictures in base64, by number."""
    pictures: list[str] = []

    def number(match: re.Match[str]) -> str:
        pictures.append(match[2])
        return f"{match[1]}{len(pictures) - 1:0{MIN_INLINE_IMAGE_BYTES}}"

    return (_PICTURE.sub(number, text), pictures) if ";base64," in text else (text, pictures)


def put_back(text: str, pictures: list[str]) -> str:
    """The text with the pictures in the places of their numbers."""
    if not pictures:
        return text
    return _NUMBER.sub(lambda match: pictures[int(match[0])] if int(match[0]) < len(pictures) else match[0], text)
