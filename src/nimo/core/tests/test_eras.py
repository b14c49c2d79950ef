"""Eras and partial dates: every notation of the sheets, round trips, boundaries, and no crash."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.core.eras import ERAS, PartialDate, era_of, find_partial_dates, parse_partial_date, to_wareki
from nimo.core.numerals import kanji_numeral
from nimo.core.tests.strategies import document_text

DAYS = st.dates(date(1868, 1, 25), date(2110, 12, 31))
PARTIAL = st.one_of(
    st.integers(1869, 2110).map(PartialDate),
    st.builds(PartialDate, st.integers(1869, 2110), st.integers(1, 12)),
    DAYS.map(lambda day: PartialDate(day.year, day.month, day.day)),
)


def wide(text: str) -> str:
    """Full-width digits and Latin letters."""
    return "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one.isalnum() else one for one in text)


class TestEras:
    def test_follow_each_other_without_a_gap(self) -> None:
        for era, following in pairwise(ERAS):
            assert era.end is not None
            assert era.end + timedelta(days=1) == following.start
        assert ERAS[-1].end is None

    @pytest.mark.parametrize(
        ("day", "name"),
        [
            (date(1868, 1, 25), "明治"),
            (date(1912, 7, 29), "明治"),
            (date(1912, 7, 30), "大正"),
            (date(1926, 12, 24), "大正"),
            (date(1926, 12, 25), "昭和"),
            (date(1989, 1, 7), "昭和"),
            (date(1989, 1, 8), "平成"),
            (date(2019, 4, 30), "平成"),
            (date(2019, 5, 1), "令和"),
        ],
    )
    def test_change_on_the_day_of_the_law(self, day: date, name: str) -> None:
        assert era_of(day).name == name

    def test_do_not_reach_before_meiji(self) -> None:
        with pytest.raises(ValueError, match="明治"):
            era_of(date(1868, 1, 24))


class TestParsePartialDate:
    @pytest.mark.parametrize(
        ("written", "iso"),
        [
            ("令和6年5月時点", "2024-05"),
            ("(令和6年5月時点)", "2024-05"),
            ("（令和５年６月３０日時点）", "2023-06-30"),
            ("令和6年3月末時点", "2024-03"),
            ("令和6年4月1日現在", "2024-04-01"),
            ("入院精神障害者数 (令和5年6月30日時点)", "2023-06-30"),
            ("R6.5.1", "2024-05-01"),
            ("R6/5/1", "2024-05-01"),
            ("Ｒ３年4月", "2021-04"),
            ("R１年５月", "2019-05"),
            ("（R１年５月時点）", "2019-05"),
            ("令和 2 年", "2020"),
            ("2018年 4 月", "2018-04"),
            ("2024-05", "2024-05"),
            ("2024/5/1", "2024-05-01"),
            ("2024", "2024"),
            ("２０２４年", "2024"),
            ("西暦2024年5月", "2024-05"),
            ("R6", "2024"),
            ("昭和64年", "1989"),
            ("昭和64年1月7日", "1989-01-07"),
            ("平成31年5月", "2019-05"),
            ("令和元年5月1日", "2019-05-01"),
            ("㋿元年五月", "2019-05"),
            ("㍻30年", "2018"),
            ("令和六年五月一日", "2024-05-01"),
            ("平成三十一年四月三十日", "2019-04-30"),
            ("二〇二四年五月", "2024-05"),
            ("平31.4.1", "2019-04-01"),
            ("大正15年12月24日", "1926-12-24"),
            ("明治45年7月29日", "1912-07-29"),
            ("令和\n6年\n5月", "2024-05"),
            ("令和6年2月29日", "2024-02-29"),
        ],
    )
    def test_reads_every_notation_of_the_sheets(self, written: str, iso: str) -> None:
        found = parse_partial_date(written)
        assert found is not None
        assert found.iso == iso

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "5月",
            "令和6年度",
            "R6年度",
            "昨年度",
            "2023年2月30日",
            "令和5年2月29日",
            "令和6年13月",
            "令和6年5月32日",
            "令和6年5月100日",
            "令和0年",
            "昭和100年",
            "Ｒ３年4月～5月",
            "令和6年5月～",
            "令和6年5月と令和5年5月",
            "R5-6年度",
            "222,364人",
            "2024人",
            "平成",
            "R66666",
            "前年度増",
        ],
    )
    def test_abstains_when_there_is_no_one_date(self, written: str) -> None:
        assert parse_partial_date(written) is None

    @given(PARTIAL, st.booleans(), st.sampled_from(["{}", "({}時点)", "（{}現在）", " {} ", "人口（{}時点）"]))
    def test_reads_back_what_is_written_in_the_japanese_calendar(
        self, day: PartialDate, full: bool, frame: str
    ) -> None:
        written = frame.format(to_wareki(day))
        assert parse_partial_date(wide(written) if full else written) == day

    @given(DAYS, st.sampled_from([".", "/", "-"]))
    def test_reads_back_short_forms(self, day: date, sign: str) -> None:
        expected = PartialDate(day.year, day.month, day.day)
        assert parse_partial_date(to_wareki(day, short=True).replace(".", sign)) == expected
        assert parse_partial_date(f"{day.year}{sign}{day.month}{sign}{day.day}") == expected
        assert parse_partial_date(day.isoformat()) == expected

    @given(DAYS)
    def test_reads_back_kanji_numerals(self, day: date) -> None:
        era = era_of(day)
        year = kanji_numeral(day.year - era.start.year + 1)
        written = f"{era.name}{year}年{kanji_numeral(day.month)}月{kanji_numeral(day.day)}日"
        assert parse_partial_date(written) == PartialDate(day.year, day.month, day.day)

    @given(document_text)
    def test_survives_any_text(self, text: str) -> None:
        found = parse_partial_date(text)
        assert found is None or 1000 <= found.year <= 2999


class TestFindPartialDates:
    def test_finds_each_date_with_its_place(self) -> None:
        text = "（Ｒ３年4月～5月）人口1,234人 2018年 4 月、令和5年度は除く。R6.5.1 版2.5"
        assert [(found.value.iso, found.evidence) for found in find_partial_dates(text)] == [
            ("2021-04", "Ｒ３年4月"),
            ("2018-04", "2018年 4 月"),
            ("2024-05-01", "R6.5.1"),
        ]

    @pytest.mark.parametrize(
        "text", ["2024.5", "M3.5", "利用者2000人", "第2024号", "tel 048-830-1234", "2018-2020年度", "1/2"]
    )
    def test_takes_no_other_number_for_a_date(self, text: str) -> None:
        assert find_partial_dates(text) == []

    @given(document_text, PARTIAL, document_text)
    def test_says_where_it_found_what(self, before: str, day: PartialDate, after: str) -> None:
        text = f"{before}（{to_wareki(day)}）{after}"
        found = find_partial_dates(text)
        assert day in [one.value for one in found]
        assert all(text[slice(*one.span)] == one.evidence for one in found)
        assert [one.span for one in found] == sorted(one.span for one in found)


class TestPartialDate:
    def test_knows_its_first_and_its_last_day(self) -> None:
        assert (PartialDate(2024).first_day, PartialDate(2024).last_day) == (date(2024, 1, 1), date(2024, 12, 31))
        assert PartialDate(2024, 2).last_day == date(2024, 2, 29)
        assert PartialDate(2024, 2, 3).first_day == PartialDate(2024, 2, 3).last_day == date(2024, 2, 3)

    @pytest.mark.parametrize(
        "parts", [(2023, 2, 29), (2024, 13, None), (2024, None, 1), (0, None, None), (10_000, None, None)]
    )
    def test_refuses_a_date_that_does_not_exist(self, parts: tuple[int, int | None, int | None]) -> None:
        with pytest.raises(ValueError, match=r"(day|month|year) "):
            PartialDate(*parts)


class TestToWareki:
    @pytest.mark.parametrize(
        ("value", "written", "short"),
        [
            (date(2024, 5, 1), "令和6年5月1日", "R6.5.1"),
            (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
            (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
            (2019, "令和元年", "R1"),
            (1989, "平成元年", "H1"),
            (2024, "令和6年", "R6"),
            (PartialDate(2024, 5), "令和6年5月", "R6.5"),
            (PartialDate(2019, 4), "平成31年4月", "H31.4"),
            (PartialDate(1989, 1), "平成元年1月", "H1.1"),
        ],
    )
    def test_writes_years_months_and_days(self, value: date | PartialDate | int, written: str, short: str) -> None:
        assert to_wareki(value) == written
        assert to_wareki(value, short=True) == short

    def test_refuses_what_no_era_covers(self) -> None:
        with pytest.raises(ValueError, match="明治"):
            to_wareki(1867)
