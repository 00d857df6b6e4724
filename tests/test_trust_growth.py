"""What an export holds is converted in a time that grows with its length alone, whatever piece it is made of."""

from __future__ import annotations

import pytest
from trust.growth import PIECES, is_slow, seconds_for, text_of


@pytest.mark.parametrize("system", PIECES)
def test_an_export_of_one_piece_over_and_over_is_converted_or_told(system: str) -> None:
    slow, raised = [], []
    for piece in PIECES[system]:
        seconds, said = seconds_for(system, text_of(piece))
        if is_slow(system, piece, seconds):
            slow.append(piece)
        if "raises" in said:
            raised.append(f"{piece!r}: {said}")
    assert slow == []
    assert raised == []
