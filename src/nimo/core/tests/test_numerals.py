"""Whole numbers in kanji."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.core.numerals import KANJI_NUMERAL_CHARACTERS, kanji_number, kanji_numeral, whole_number
from nimo.core.tests.strategies import document_text


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("三千二百九十三", 3293),
        ("十", 10),
        ("百", 100),
        ("二十", 20),
        ("三十一", 31),
        ("一万二千", 12_000),
        ("百七万三千", 1_073_000),
        ("一億", 100_000_000),
        ("二〇二四", 2024),
        ("六", 6),
        ("〇", 0),
        ("零", 0),
    ],
)
def test_reads_positions_and_units(written: str, number: int) -> None:
    assert kanji_number(written) == number


@pytest.mark.parametrize(
    "written", ["", "十千", "万億", "一二十", "百十百", "三人", "万", "元", "〇十", "13", "二万三万"]
)
def test_refuses_what_is_no_number(written: str) -> None:
    assert kanji_number(written) is None


def test_reads_the_first_year_of_an_era() -> None:
    assert whole_number("元") == 1
    assert whole_number("31") == 31


@pytest.mark.parametrize("number", [-1, 10**16])
def test_refuses_to_write_what_it_could_not_read(number: int) -> None:
    with pytest.raises(ValueError, match="kanji numerals"):
        kanji_numeral(number)


@given(st.integers(0, 10**16 - 1))
def test_reads_back_what_it_writes(number: int) -> None:
    assert kanji_number(kanji_numeral(number)) == number


@given(document_text)
def test_survives_any_text(text: str) -> None:
    assert whole_number(text) is None or set(text) <= {*"0123456789元", *KANJI_NUMERAL_CHARACTERS}
