"""Area codes: the check digit, kinds by range, and what people paste."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nimo.core.codes import AreaCode, AreaKind, WrongCheckDigit, check_digit, parse_area_code
from nimo.core.tests.strategies import document_text

CODES = st.builds(
    lambda prefecture, local: AreaCode(f"{prefecture:02d}{local:03d}"),
    st.integers(1, 47),
    st.one_of(st.just(0), st.integers(101, 199), st.integers(201, 299), st.integers(301, 799)),
)


def weighted(code5: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(code5, (6, 5, 4, 3, 2), strict=True)) % 11


class TestCheckDigit:
    @pytest.mark.parametrize(
        ("code5", "digit"),
        [
            ("01000", "6"),
            ("07000", "9"),
            ("07402", "1"),
            ("10205", "9"),
            ("13101", "6"),
            ("13103", "2"),
            ("13108", "3"),
            ("13211", "0"),
            ("14100", "3"),
            ("26202", "1"),
            ("46220", "9"),
        ],
    )
    def test_is_the_one_published(self, code5: str, digit: str) -> None:
        assert check_digit(code5) == digit

    @pytest.mark.parametrize("code5", ["", "1020", "102059", "1020a", "１０２０５", " 1020"])
    def test_needs_five_half_width_digits(self, code5: str) -> None:
        with pytest.raises(ValueError, match="five digits"):
            check_digit(code5)

    @given(CODES, st.integers(0, 4), st.integers(1, 9))
    def test_catches_every_single_mistyped_digit_it_can(self, code: AreaCode, place: int, shift: int) -> None:
        wrong = code.code[:place] + str((int(code.code[place]) + shift) % 10) + code.code[place + 1 :]
        # Remainders 0 and 10 share the check digit 1: the published rule cannot tell these two apart.
        assume({weighted(code.code), weighted(wrong)} != {0, 10})
        assert check_digit(wrong) != check_digit(code.code)

    @given(CODES, st.integers(0, 3))
    def test_catches_every_exchange_of_neighbours_it_can(self, code: AreaCode, place: int) -> None:
        digits = list(code.code)
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
        wrong = "".join(digits)
        assume(wrong != code.code and {weighted(code.code), weighted(wrong)} != {0, 10})
        assert check_digit(wrong) != check_digit(code.code)


class TestAreaCode:
    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("10000", AreaKind.PREFECTURE),
            ("14100", AreaKind.DESIGNATED_CITY),
            ("14130", AreaKind.DESIGNATED_CITY),
            ("44100", AreaKind.DESIGNATED_CITY),
            ("14110", AreaKind.WARD),
            ("22140", AreaKind.WARD),
            ("13101", AreaKind.SPECIAL_WARD),
            ("10205", AreaKind.CITY),
            ("10344", AreaKind.TOWN_OR_VILLAGE),
            ("13421", AreaKind.TOWN_OR_VILLAGE),
        ],
    )
    def test_knows_its_kind_by_its_range(self, code: str, kind: AreaKind) -> None:
        assert AreaCode(code).kind is kind

    def test_keeps_the_leading_zero(self) -> None:
        code = AreaCode("07202")
        assert (str(code), code.with_check, code.prefecture) == ("07202", "072028", "07")

    @pytest.mark.parametrize(
        "code", ["", "00205", "48205", "10099", "10200", "10800", "13100", "1020", "102059", "１０２０５"]
    )
    def test_refuses_what_no_area_can_have(self, code: str) -> None:
        with pytest.raises(ValueError, match="not an area code"):
            AreaCode(code)

    def test_sorts_as_the_list_of_areas_does(self) -> None:
        assert sorted([AreaCode("10205"), AreaCode("01100"), AreaCode("10000")])[0] == AreaCode("01100")


class TestParseAreaCode:
    @pytest.mark.parametrize("text", ["10205", "102059", "１０２０５", "１０２０５９", " 102059 "])
    def test_reads_five_and_six_digits_in_any_width(self, text: str) -> None:
        assert parse_area_code(text) == AreaCode("10205")

    @pytest.mark.parametrize(
        ("text", "digits", "code"),
        [
            ("7202", None, "07202"),
            ("72028", None, "07202"),
            ("12025", None, "01202"),
            ("7000", None, "07000"),
            ("13315", None, "13315"),
            ("13315", 6, "01331"),
            ("13315", 5, "13315"),
            ("72028", 6, "07202"),
        ],
    )
    def test_restores_the_zero_a_spreadsheet_ate(self, text: str, digits: int | None, code: str) -> None:
        assert parse_area_code(text, digits=digits) == AreaCode(code)  # type: ignore[arg-type]

    def test_says_what_is_wrong_with_a_mistyped_code(self) -> None:
        with pytest.raises(WrongCheckDigit) as refusal:
            parse_area_code("102058")
        assert (refusal.value.given, refusal.value.expected) == ("8", "9")
        assert "102058" in str(refusal.value)

    @pytest.mark.parametrize(
        "text", ["", "1", "102", "1020590", "太田市", "10 205", "+1020", "10205.0", "00000", "480001", "7202a"]
    )
    def test_gives_nothing_for_what_is_no_code(self, text: str) -> None:
        assert parse_area_code(text) is None

    @pytest.mark.parametrize(("text", "digits"), [("7202", 6), ("102059", 5), ("72028", 5)])
    def test_gives_nothing_for_a_code_of_another_length(self, text: str, digits: int) -> None:
        assert parse_area_code(text, digits=digits) is None  # type: ignore[arg-type]

    @given(CODES)
    def test_reads_back_what_it_writes(self, code: AreaCode) -> None:
        assert parse_area_code(code.code) == parse_area_code(code.with_check) == code
        assert parse_area_code(code.with_check.lstrip("0"), digits=6) == code
        assert parse_area_code(code.code.lstrip("0"), digits=5) == code

    @given(CODES, st.integers(1, 9))
    def test_refuses_every_wrong_check_digit(self, code: AreaCode, shift: int) -> None:
        wrong = code.code + str((int(check_digit(code.code)) + shift) % 10)
        with pytest.raises(WrongCheckDigit):
            parse_area_code(wrong)

    @given(document_text)
    def test_survives_any_text(self, text: str) -> None:
        try:
            code = parse_area_code(text)
        except WrongCheckDigit:
            return
        assert code is None or len(code.code) == 5


def test_agrees_with_the_published_list_of_municipalities() -> None:
    sources = Path(os.environ.get("NIMO_SOURCES", Path(__file__).parents[4] / "../shared/sources"))
    table = sources.parent / "data" / "municipalities.csv"
    if not table.exists():
        pytest.skip("the list of municipalities (data/municipalities.csv beside the sources) is not on this machine")
    towns = {"town": AreaKind.TOWN_OR_VILLAGE, "village": AreaKind.TOWN_OR_VILLAGE}
    with table.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            code = parse_area_code(row["code"])
            assert code is not None
            assert code.kind == towns.get(row["kind"]) or code.kind == row["kind"]
