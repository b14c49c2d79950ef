"""Stored numbers as a cell shows them; expected texts are what Excel (Japanese) shows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.sheets.formats.loaders.display.formats import BUILT_IN
from nimo.community.sheets.formats.loaders.display.shown import Shown, general, shown_number, shown_text


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    (
        ("222364", "General", "222364"),
        ("222364", "#,##0", "222,364"),
        ("222364", '#,##0"人"', "222,364人"),
        ("1234567890", "#,##0", "1,234,567,890"),
        ("5", "0\\人", "5人"),
        ("5", 'General"か所"', "5か所"),
        ("3", '"第"0"回"', "第3回"),
        ("7", "00", "07"),
        ("0", "#", ""),
        ("0", "#,##0", "0"),
        ("0.171", "0.0%", "17.1%"),
        ("0.17098445595854922", "0.0%", "17.1%"),
        ("0.09326424870466321", "0.0%", "9.3%"),
        ("1", "0%", "100%"),
        ("17.1", '0.0"%"', "17.1%"),
        ("0.125", "0.00", "0.13"),
        ("2.675", "0.00", "2.68"),
        ("12.3", "0.##", "12.3"),
        ("12", "0.##", "12."),
        ("1234567", '#,##0,"千円"', "1,235千円"),
        ("107300", '0.0,"千人"', "107.3千人"),
        ("-5", "#,##0", "-5"),
        ("-5", "#,##0;△#,##0", "△5"),
        ("-1234", "#,##0;[Red]▲#,##0", "▲1,234"),
        ("0", '0;-0;"－"', "－"),
        ("0", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "-"),
        ("1500", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "1,500"),
        ("1", '[=1]"有";[=0]"無";0', "有"),
        ("0", '[=1]"有";[=0]"無";0', "無"),
        ("2", '[=1]"有";[=0]"無";0', "2"),
        ("9012345678", "000-0000-0000", "090-1234-5678"),
        ("12345", "0.00E+00", "1.23E+04"),
        ("66", "[DBNum3]0", "６６"),
        ("3293", "[DBNum1]General", "三千二百九十三"),
        ("1200", "[$¥-411]#,##0", "¥1,200"),
    ),
)
def test_shows_numbers_as_the_cell_does(value: str, code: str, shown: str) -> None:
    assert shown_number(Decimal(value), code) == Shown(shown)


@pytest.mark.parametrize(
    ("serial", "code", "shown"),
    (
        ("45413", "yyyy/m/d", "2024/5/1"),
        ("45413", 'yyyy"年"m"月"d"日"', "2024年5月1日"),
        ("45413", '[$-411]ggge"年"m"月"d"日";@', "令和6年5月1日"),
        ("45107", '[$-411]ggge"年"m"月"d"日"', "令和5年6月30日"),
        ("43585", '[$-411]ggge"年"m"月"d"日"', "平成31年4月30日"),
        ("43586", '[$-411]ggge"年"m"月"', "令和1年5月"),
        ("43586", '[$-ja-JP-x-gannen]ggge"年"m"月"d"日"', "令和元年5月1日"),
        ("45413", "[$-411]ge.m.d", "R6.5.1"),
        ("45413", "[$-411]gge.mm.dd", "令6.05.01"),
        ("32874", "[$-411]ge.m.d", "H2.1.1"),
        ("45413.75", "yyyy/m/d h:mm", "2024/5/1 18:00"),
        ("45413.75", "h:mm AM/PM", "6:00 PM"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.000011574", "mm:ss", "00:01"),
        ("45413", "aaaa", "水曜日"),
        ("45413", 'm"月"d"日"(aaa)', "5月1日(水)"),
        ("59", "yyyy/m/d", "1900/2/28"),
        ("61", "yyyy/m/d", "1900/3/1"),
    ),
)
def test_shows_dates_in_both_calendars(serial: str, code: str, shown: str) -> None:
    assert shown_number(Decimal(serial), code) == Shown(shown)


def test_reckons_dates_from_1904_where_the_workbook_does() -> None:
    assert shown_number(Decimal(43951), "yyyy/m/d", epoch_1904=True).text == "2024/5/1"


@pytest.mark.parametrize(
    ("index", "shown"),
    ((0, "45413"), (3, "45,413"), (14, "2024/5/1"), (28, "令和6年5月1日"), (55, "2024年5月"), (57, "R6.5.1"), (58, "令和6年5月1日")),
)  # fmt: skip
def test_knows_the_formats_built_into_japanese_excel(index: int, shown: str) -> None:
    assert shown_number(Decimal(45413), BUILT_IN[index]) == Shown(shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    (
        ("0.30000000000000004", "0.3"),
        ("0.170984455958549", "0.170984456"),
        ("12345.678", "12345.678"),
        ("66", "66"),
        ("-0.5", "-0.5"),
        ("0.1", "0.1"),
    ),
)
def test_general_shows_what_fits(value: str, shown: str) -> None:
    assert general(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "code"), (("1.5", "# ?/?"), ("-3", "yyyy/m/d"), ("99999999", "yyyy/m/d"), ("7", "[DBNum2]0"))
)
def test_admits_what_it_cannot_reproduce(value: str, code: str) -> None:
    shown = shown_number(Decimal(value), code)
    assert shown == Shown(value, exact=False)


def test_puts_texts_into_their_section() -> None:
    assert shown_text("太郎", '"氏名："@') == "氏名：太郎"
    assert shown_text("年4回", "#,##0") == "年4回"
    assert shown_text("x", '0;0;0;@"様"') == "x様"


@given(st.integers(-(10**12), 10**12))
def test_grouping_changes_nothing_but_commas(number: int) -> None:
    assert shown_number(Decimal(number), "#,##0").text == f"{number:,}"


@given(st.decimals(min_value=0, max_value=10, places=4))
def test_percentages_are_rounded_half_up(value: Decimal) -> None:
    tenths = int(value * 1000 + Decimal("0.5"))
    assert shown_number(value, "0.0%").text == f"{tenths // 10}.{tenths % 10}%"


@given(st.text(max_size=30), st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_no_format_code_whatever_it_is_makes_it_fail(code: str, value: Decimal) -> None:
    assert isinstance(shown_number(value, code).text, str)


@given(
    st.text('0#?,.%;@"\\_*[]$-ymdhsgeaE+/ 年人General<>=1', max_size=24),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6),
)
def test_no_mixture_of_format_signs_makes_it_fail(code: str, value: Decimal) -> None:
    assert isinstance(shown_number(value, code).text, str)
