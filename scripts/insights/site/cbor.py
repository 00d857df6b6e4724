"""The part of CBOR (RFC 8949) that Pagefind writes: arrays, texts and whole numbers."""

from __future__ import annotations

from typing import TypeAlias

NUMBER, NEGATIVE, TEXT, ARRAY = 0, 1, 3, 4
LONG = 24  # from here on a number takes 1, 2, 4 or 8 bytes more

Value: TypeAlias = "int | str | list[Value]"


def decode_head(data: bytes, place: int) -> tuple[int, int, int]:
    """The type of the value at a place, its number or length, and where its head ends."""
    kind, number = data[place] >> 5, data[place] & 31
    place += 1
    if number >= LONG:
        size = 1 << (number - LONG)
        number = int.from_bytes(data[place : place + size])
        place += size
    return kind, number, place


def decode(data: bytes, place: int) -> tuple[Value, int]:
    """The value at a place, and where it ends. Raises ValueError for one of another type."""
    kind, number, place = decode_head(data, place)
    if kind == NUMBER:
        return number, place
    if kind == NEGATIVE:
        return -1 - number, place
    if kind == TEXT:
        return data[place : place + number].decode(), place + number
    if kind != ARRAY:
        raise ValueError(f"a value of type {kind}")
    values: list[Value] = []
    for _ in range(number):
        value, place = decode(data, place)
        values.append(value)
    return values, place


def encode(value: Value) -> bytes:
    """The bytes of a value."""
    if isinstance(value, int):
        return encode_head(NUMBER, value) if value >= 0 else encode_head(NEGATIVE, -1 - value)
    if isinstance(value, str):
        return encode_text(value)
    return encode_head(ARRAY, len(value)) + b"".join(map(encode, value))


def encode_text(text: str) -> bytes:
    """The bytes of a text."""
    data = text.encode()
    return encode_head(TEXT, len(data)) + data


def encode_head(kind: int, number: int) -> bytes:
    """The head of a value: its type, and its number or length."""
    if number < LONG:
        return bytes((kind << 5 | number,))
    size = (number.bit_length() + 7) // 8
    power = (size - 1).bit_length()
    return bytes((kind << 5 | LONG + power,)) + number.to_bytes(1 << power)
