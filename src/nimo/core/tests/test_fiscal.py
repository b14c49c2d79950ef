"""Fiscal years: names, order, every notation of the sheets, ranges, and abstaining."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.core.eras import ERAS, PartialDate
from nimo.core.fiscal import (
    FiscalYear,
    FiscalYearRange,
    find_fiscal_years,
    parse_fiscal_year,
    parse_fiscal_year_range,
)
from nimo.core.tests.strategies import document_text
from nimo.core.text import normalise

YEARS = st.integers(1869, 2116).map(FiscalYear)
R1, R3, R6 = FiscalYear(2019), FiscalYear(2021), FiscalYear(2024)


def wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one.isalnum() else one for one in text)


def notations(fiscal_year: FiscalYear) -> list[str]:
    """Every way a year may be written, by each era that reaches it."""
    written = [
        str(fiscal_year.year),
        f"{fiscal_year.year}年度",
        f"西暦{fiscal_year.year}年度",
        fiscal_year.label,
        fiscal_year.short,
    ]
    for era in ERAS:
        number = fiscal_year.year - era.start.year + 1
        if number >= 1 and (era.end is None or fiscal_year.year <= era.end.year):
            written += [
                f"{era.name}{number}年度",
                f"{era.letter}{number}年度",
                f"{era.letter.lower()}{number}",
                f"{era.letter} {number} 年度",
            ]
        if number == 1:
            written.append(f"{era.name}元年度")
    return written


class TestFiscalYear:
    def test_has_the_names_of_the_forms(self) -> None:
        assert (R6.label, R6.short, R6.label_with_western) == ("令和6年度", "R6", "令和6年度（2024年度）")
        assert (R1.label, R1.short) == ("令和元年度", "R1")
        assert FiscalYear(2018).label == "平成30年度"
        assert FiscalYear(1988).label == "昭和63年度"
        assert FiscalYear(1989).label == "平成元年度"
        assert str(R3) == "令和3年度"

    def test_runs_from_april_to_march(self) -> None:
        assert (R6.start, R6.end) == (date(2024, 4, 1), date(2025, 3, 31))
        assert FiscalYear.of(date(2025, 3, 31)) == R6
        assert FiscalYear.of(date(2025, 4, 1)) == R6.next
        assert date(2025, 3, 31) in R6
        assert date(2024, 3, 31) not in R6

    def test_is_known_for_a_month_but_not_for_a_year_alone(self) -> None:
        assert FiscalYear.of_partial(PartialDate(2024, 5)) == R6
        assert FiscalYear.of_partial(PartialDate(2024, 3)) == R6.previous
        assert FiscalYear.of_partial(PartialDate(2024)) is None

    @pytest.mark.parametrize("year", [1867, 2118, 0, -1])
    def test_is_refused_outside_the_known_years(self, year: int) -> None:
        with pytest.raises(ValueError, match="fiscal years"):
            FiscalYear(year)

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError):
            R6.year = 2025  # type: ignore[misc]

    @given(st.dates(date(1868, 4, 1), date(2110, 12, 31)))
    def test_holds_exactly_the_days_that_are_of_it(self, day: date) -> None:
        fiscal_year = FiscalYear.of(day)
        assert day in fiscal_year
        assert fiscal_year.start <= day <= fiscal_year.end

    @given(YEARS)
    def test_follows_the_year_before_it_without_a_gap(self, fiscal_year: FiscalYear) -> None:
        assert fiscal_year.previous < fiscal_year < fiscal_year.next
        assert fiscal_year.previous.next == fiscal_year
        assert fiscal_year.end + timedelta(days=1) == fiscal_year.next.start


class TestParseFiscalYear:
    @pytest.mark.parametrize(
        ("written", "year"),
        [
            ("R6", 2024),
            ("Ｒ６", 2024),
            ("ｒ６", 2024),
            ("令和6年度", 2024),
            ("令和６年度", 2024),
            ("令和 6 年度", 2024),
            ("令和元年度", 2019),
            ("R1年度", 2019),
            ("H31", 2019),
            ("平成31年度", 2019),
            ("平成３０年度", 2018),
            ("Ｈ30年度当初", 2018),
            ("H30年度末", 2018),
            ("目標値（H30年度当初）", 2018),
            ("目標値（令和元年度末）", 2019),
            ("目標値（令和３年度\n末）", 2021),
            ("現状値 (R5年度)", 2023),
            ("（R5年度）", 2023),
            ("＜平成30年度までの成果・効果＞", 2018),
            ("2024", 2024),
            ("2024年度", 2024),
            ("２０２４年度", 2024),
            ("令和6年", 2024),
            ("令和8年度まで", 2026),
            ("事業利用予定年数：令和8年度まで", 2026),
            ("平成32年度", 2020),
            ("㍻30年度", 2018),
            ("令和六年度", 2024),
            ("令和元年度 第１回 アドバイザー・都道府県等担当者合同会議「事前課題」シート", 2019),
        ],
    )
    def test_reads_every_notation_of_the_sheets(self, written: str, year: int) -> None:
        assert parse_fiscal_year(written) == FiscalYear(year)

    @pytest.mark.parametrize(
        ("written", "year"),
        [
            ("昨年度", 2020),
            ("目標値 昨年度当初", 2020),
            ("実績値 昨年度末", 2020),
            ("<昨年度までの成果・効果>", 2020),
            ("前年度", 2020),
            ("今年度", 2021),
            ("現状値（今年度当初）", 2021),
            ("本年度", 2021),
            ("来年度", 2022),
            ("一昨年度", 2019),
            ("再来年度", 2023),
            ("16年度", 2004),
            ("１６年度", 2004),
            ("30年度", 2018),
            ("2年度", 2020),
            ("3年度", 2021),
            ("40年度", 1965),
        ],
    )
    def test_reads_relative_and_era_less_years_against_the_sheet(self, written: str, year: int) -> None:
        assert parse_fiscal_year(written, sheet_year=R3) == FiscalYear(year)
        assert parse_fiscal_year(written) is None

    def test_abstains_from_an_era_less_year_that_may_be_planned(self) -> None:
        assert parse_fiscal_year("5年度", sheet_year=R3) is None
        assert parse_fiscal_year("9年度", sheet_year=R3) is None
        assert parse_fiscal_year("10年度", sheet_year=R3) == FiscalYear(1998)

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "年度",
            "R",
            "R6.5.1",
            "令和6年5月",
            "Ｒ３年4月",
            "平成25年度～",
            "平成28～29年度",
            "R5年度とR6年度",
            "令和6年度 ～ 令和8年度",
            "R0",
            "令和0年度",
            "昭和100年度",
            "1300年度",
            "2999年度",
            "222,364人",
            "13",
            "2024人",
            "2年度にわたり実施",
            "－",
        ],
    )
    def test_abstains_when_there_is_no_one_year(self, written: str) -> None:
        assert parse_fiscal_year(written, sheet_year=R6) is None

    @given(YEARS, st.data())
    def test_reads_back_every_notation(self, fiscal_year: FiscalYear, data: st.DataObject) -> None:
        written = data.draw(st.sampled_from(notations(fiscal_year)))
        assert parse_fiscal_year(data.draw(st.sampled_from([written, wide(written), f"（{written}）"]))) == fiscal_year

    @given(YEARS, st.sampled_from(["当初", "末", "末時点", " 末"]))
    def test_reads_the_year_of_its_beginning_and_end(self, fiscal_year: FiscalYear, edge: str) -> None:
        assert parse_fiscal_year(f"{fiscal_year.label}{edge}") == fiscal_year

    @given(document_text, st.one_of(st.none(), YEARS))
    def test_survives_any_text(self, text: str, sheet_year: FiscalYear | None) -> None:
        found = parse_fiscal_year(text, sheet_year=sheet_year)
        assert found is None or re.search(r"[0-9元〇一二三四五六七八九十]|年\s*度", normalise(text))


class TestFiscalYearRange:
    @pytest.mark.parametrize(
        ("written", "start", "end"),
        [
            ("平成20年度～平成24年度", 2008, 2012),
            ("平成20年度〜平成24年度", 2008, 2012),
            ("平成28～29年度", 2016, 2017),
            ("H28-30年度", 2016, 2018),
            ("令和6年度 ～ 令和8年度", 2024, 2026),
            ("令和6年度\n\n～\n\n令和8年度", 2024, 2026),
            ("令和6年度から令和8年度まで", 2024, 2026),
            ("令和6～8年度", 2024, 2026),
            ("Ｒ６～Ｒ８年度", 2024, 2026),
            ("平成30年度～令和2年度", 2018, 2020),
            ("平成30～令和2年度", 2018, 2020),
            ("平成28・29年度", 2016, 2017),
            ("2018～2020年度", 2018, 2020),
            ("2018～20年度", 2018, 2020),
            ("平成30年度", 2018, 2018),
            ("R6", 2024, 2024),
            ("平成25年度～", 2013, None),
            ("（H25年度～）", 2013, None),
            ("平成25年度以降", 2013, None),
            ("昨年度～今年度", 2023, 2024),
        ],
    )
    def test_reads_closed_open_and_single_ones(self, written: str, start: int, end: int | None) -> None:
        expected = FiscalYearRange(FiscalYear(start), None if end is None else FiscalYear(end))
        assert parse_fiscal_year_range(written, sheet_year=R6) == expected

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "令和8～6年度",
            "平成28・30年度",
            "平成30～2年度",
            "令和71～令和100年度",
            "R5年度、R6年度",
            "4～6月",
            "通年",
        ],
    )
    def test_abstains_from_what_is_none(self, written: str) -> None:
        assert parse_fiscal_year_range(written, sheet_year=R6) is None

    def test_refuses_to_end_before_it_starts(self) -> None:
        with pytest.raises(ValueError, match="before"):
            FiscalYearRange(R6, R3)

    def test_lists_its_years_and_needs_an_end_for_it(self) -> None:
        assert [one.short for one in FiscalYearRange(R1, R3).years()] == ["R1", "R2", "R3"]
        assert list(FiscalYearRange(R3, None).years(until=R3)) == [R3]
        with pytest.raises(ValueError, match="until"):
            FiscalYearRange(R3, None).years()

    def test_knows_what_it_holds(self) -> None:
        assert R3 in FiscalYearRange(R1, None)
        assert R6 not in FiscalYearRange(R1, R3)

    @given(YEARS, st.one_of(st.none(), st.integers(0, 30)))
    def test_reads_back_its_own_label(self, start: FiscalYear, length: int | None) -> None:
        written = FiscalYearRange(start, None if length is None else FiscalYear(min(start.year + length, 2117)))
        assert parse_fiscal_year_range(written.label) == written

    @given(document_text, st.one_of(st.none(), YEARS))
    def test_survives_any_text(self, text: str, sheet_year: FiscalYear | None) -> None:
        found = parse_fiscal_year_range(text, sheet_year=sheet_year)
        assert found is None or found.end is None or found.start <= found.end


class TestFindFiscalYears:
    def test_finds_each_year_with_its_place(self) -> None:
        text = "■16年度 モデル事業\n平成28～29年度と令和２年度末、目標値(R6)、R6.5.1、2018年 4 月、昨年度"
        assert [(found.value.short, found.evidence) for found in find_fiscal_years(text, sheet_year=R3)] == [
            ("H16", "16年度"),
            ("H28", "平成28～29年度"),
            ("H29", "平成28～29年度"),
            ("R2", "令和２年度末"),
            ("R6", "R6"),
            ("R2", "昨年度"),
        ]

    @pytest.mark.parametrize(
        "text", ["H2ブロッカーR2D2", "S4", "4～6月", "令和6年5月", "2000人", "第7期", "第3回", "単年度", "各年度"]
    )
    def test_takes_nothing_else_for_a_year(self, text: str) -> None:
        assert find_fiscal_years(text, sheet_year=R6) == []

    @given(document_text, YEARS, document_text)
    def test_says_where_it_found_what(self, before: str, fiscal_year: FiscalYear, after: str) -> None:
        text = f"{before}（{fiscal_year.label}）{after}"
        found = find_fiscal_years(text)
        assert fiscal_year in [one.value for one in found]
        assert all(text[slice(*one.span)] == one.evidence for one in found)
