"""The real sheets, where they are at hand: figures, years and characters as a person read them.

The same irregularities stand as invented cases in the other tests, which always run.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from nimo.core.fiscal import FiscalYear, find_fiscal_years, parse_fiscal_year
from nimo.core.numbers import parse_quantities, share_of
from nimo.core.text import is_not_filled, join_wrapped, normalise, split_row_mark, strip_markup

SOURCES = Path(os.environ.get("NIMO_SOURCES", Path(__file__).parents[4] / "../shared/sources"))


def source(number: str) -> str:
    files = sorted(SOURCES.glob(f"{number}_*.txt"))
    if not files:
        pytest.skip(f"source document {number} is not on this machine (set NIMO_SOURCES to its folder)")
    return files[0].read_text(encoding="utf-8")


def cells(text: str) -> list[str]:
    return [cell for line in text.splitlines() for cell in line.split("\t") if cell.strip()]


def test_reads_the_basic_figures_of_a_city() -> None:
    found = cells(source("004"))
    for raw, value, unit in [
        ("222,364人", 222_364, "人"),
        ("2病院", 2, "病院"),
        ("418床", 418, "床"),
        ("1市", 1, "市"),
        ("1ヶ所", 1, "か所"),
        ("15ヶ所", 15, "か所"),
        ("386人", 386, "人"),
    ]:
        assert raw in found
        (read,) = parse_quantities(raw).values
        assert (read.value, read.unit) == (value, unit)


def test_finds_the_inpatients_by_length_of_stay_consistent() -> None:
    stays = [parse_quantities(cell).values for cell in cells(source("004")) if re.fullmatch(r"[0-9]+人 [0-9.]+%", cell)]
    assert [(people.value, share.value) for people, share in stays] == [
        (66, Decimal("17.1")),
        (36, Decimal("9.3")),
        (284, Decimal("73.6")),
    ]
    assert sum(people.value for people, _ in stays) == 386
    assert all(share_of(people.value, 386) == share.value for people, share in stays)


def test_reads_three_meetings_from_one_cell() -> None:
    (cell,) = [cell for cell in cells(source("004")) if "専門部会12回" in cell]
    assert [(one.label, one.value) for one in parse_quantities(cell).values] == [
        ("全体会", 2),
        ("定例会", 3),
        ("専門部会", 12),
    ]


def test_takes_no_list_markup_for_text() -> None:
    text = source("004")
    assert "<ul" in text
    plain = strip_markup(text)
    assert "<ul" not in plain
    assert "<p>" not in plain
    assert "<昨年度" in plain or "＜昨年度" in plain


def test_reads_the_indicator_rows_of_a_slide_without_their_marks() -> None:
    rows = [line for line in source("000").splitlines() if line.startswith("①保健所ごとの協議の場の設置")]
    assert rows
    mark, rest = split_row_mark(rows[0])
    assert mark == "①"
    assert [one.value for one in parse_quantities(rest).values][:2] == [13, 13]
    assert 113 not in [one.value for one in parse_quantities(rows[0]).values]


def test_finds_the_year_of_each_sheet_in_its_headings() -> None:
    titles = [line for line in source("000").splitlines() if "合同会議" in line]
    assert parse_fiscal_year(titles[0]) == FiscalYear(2019)
    assert FiscalYear(2021) in [one.value for one in find_fiscal_years(source("001"))]
    assert FiscalYear(2024) in [one.value for one in find_fiscal_years(source("004"))]


def test_reads_a_year_without_era_against_the_sheet() -> None:
    found = find_fiscal_years(source("001"), sheet_year=FiscalYear(2021))
    assert FiscalYear(2004) in [one.value for one in found if one.evidence.strip() == "16年度"]


def test_knows_the_cells_a_prefecture_left_out() -> None:
    roles = [
        line.split()[-1] for line in source("001").splitlines() if re.match(r"\s*(行政|医療|福祉)\s*[－‐−-]\s*$", line)
    ]
    assert roles
    assert all(is_not_filled(role) for role in roles)


def test_keeps_the_coverage_of_a_figure_cut_over_lines() -> None:
    lines = source("001").splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("３か所"))
    cell = join_wrapped([line for line in lines[at : at + 8] if line.strip()][:4])
    parsed = parse_quantities(cell)
    assert [(one.value, one.unit) for one in parsed.values] == [(3, "か所")]
    assert parsed.coverage == "政令市を除く"


def test_leaves_no_radical_in_the_national_overview() -> None:
    text = source("003")
    assert re.search("[⺀-⿟]", text)
    assert not re.search("[⺀-⿟]", normalise(text))
    assert "入院" in normalise(text)
