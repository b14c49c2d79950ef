"""The explorer as a file: everything that the pictures show, a figure a row, in the form this reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from nimo.community.indicators.queries.explorer.page import Block, ExplorerPage
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.rules.alike import Parameters
from nimo.core.fiscal import FiscalYear
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

COLUMNS = {
    "picture": "図",
    "indicator": "指標コード",
    "name": "指標",
    "code": "地域コード",
    "region": "地域",
    "year": "年度",
    "fiscal_year": "年度（西暦）",
    "value": "値",
    "unit": "単位",
    "qualifier": "留保",
    "numerator": "分子",
    "denominator": "分母",
    "state": "値がない理由・注意",
    "as_of": "時点",
    "basis": "数え方",
    "coverage": "範囲",
    "dimension": "内訳・条件",
    "why": "似ている理由・比べられない理由",
    "source": "出典",
    "evidence": "確認状態",
    "public": "公開",
}


def _number(value: int | Decimal | None) -> Cell | None:
    return None if value is None else Cell(str(value), csv_value=value)


def _row(picture: str, one: Seen, why: str = "") -> Row:
    return {
        "picture": picture,
        "indicator": one.indicator,
        "name": one.name,
        "code": one.region_code,
        "region": one.region_name,
        "year": FiscalYear(one.fiscal_year).label,
        "fiscal_year": Cell(str(one.fiscal_year), csv_value=one.fiscal_year),
        "value": _number(one.value),
        "unit": one.unit,
        "qualifier": one.qualifier,
        "numerator": _number(one.numerator),
        "denominator": _number(one.denominator),
        "state": one.reason or one.note,
        "as_of": one.as_of or "記載なし",
        "basis": one.basis_text,
        "coverage": one.coverage_text,
        "dimension": one.dimension_text,
        "why": why,
        "source": one.source_title,
        "evidence": one.evidence_text,
        "public": "公開" if one.is_public else "公開前",
    }


def _missing(picture: str, block: Block, code: str, region: str, why: str) -> Row:
    """A region of a picture that has no figure at all: it stands in the file too."""
    return {
        "picture": picture,
        "indicator": block.entry.code,
        "name": block.entry.name,
        "code": code,
        "region": region,
        "state": "値の記録がありません。0という意味ではありません。",
        "why": why,
    }


def _rows(block: Block, regions: list[tuple[str, str]], parameters: Parameters | None) -> Iterator[Row]:
    for line in [block.own, *block.other_lines] if block.own else block.other_lines:
        if line is not None:
            yield from (_row("移り変わり", one) for one in line.points)
    for _, line in block.upper:
        yield from (_row("移り変わり（ほかの地域）", one) for one in line.points)
    for _, one, reason in block.beside:
        yield _row("前の年度・ほかの地域", one, reason)
    for region in block.without:
        yield _missing("前の年度・ほかの地域", block, region.code, region.name, "")
    for row in block.alike:
        why = "。".join(text for text in (row.neighbour.reason(parameters) if parameters else "", row.refused) if text)
        if row.figure is not None:
            yield _row("似ている市町村", row.figure, why)
        else:
            yield _missing("似ている市町村", block, row.region.code, row.region.name, why)
    if block.inside_table is not None:
        for code, name in regions:
            value = block.inside.values.get(code)
            if value is not None:
                why = block.refused.get(code) or ("" if value.note == value.figure.reason else value.note)
                yield _row("中の地域", value.figure, why)
            else:
                yield _missing("中の地域", block, code, name, "")


def explorer_file(page: ExplorerPage) -> Table:
    """One row a figure; codes keep their leading zeros, numbers are bare, what is missing says why."""
    regions = [(one.code, one.name) for one in page.inside]
    rows = [row for block in page.blocks for row in _rows(block, regions, page.parameters)]
    return Table(
        id="explorer",
        caption="指標の比較",
        columns=[Column(key, label, is_row_header=key == "region") for key, label in COLUMNS.items()],
        rows=rows,
    )
