"""The tables of the screens and of their CSV files. Rows stand in the order of codes: nothing here is a ranking."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from nimo.community.indicators.choices import Evidence
from nimo.community.indicators.models import Indicator, PlanTarget
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.rules.values import Number
from nimo.community.indicators.rules.words import SUPPRESSED
from nimo.core.fiscal import FiscalYear
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Table

_NO_FIGURES = EmptyState(
    "まだ値がありません",
    "公表統計を取り込むか、自治体情報シートを確定すると、ここに値が並びます。公開されるまでは、その地域の担当者だけが見られます。",
)
_TONES = {Evidence.SOURCE: "success", Evidence.DERIVED: "info", Evidence.TRANSCRIPTION: "warning"}
_SCOPES = {"nation": "全国", "prefecture": "都道府県", "municipality": "市町村"}


def evidence_cell(evidence: str) -> Cell:
    return Cell(str(Evidence(evidence).label), tone=_TONES.get(Evidence(evidence), "danger"))


def dictionary_table(indicators: Sequence[Indicator], csv_href: str = "") -> Table:
    """The dictionary, one indicator a row, with the whole definition in the CSV."""
    return Table(
        id="indicators",
        caption=f"指標の一覧（{len(indicators)}件）",
        columns=[
            Column("name", "指標", is_row_header=True),
            Column("group", "分類"),
            Column("kind", "値の種類"),
            Column("unit", "単位"),
            Column("definition", "定義"),
            Column("evidence", "確認状態"),
            Column("code", "コード"),
        ],
        rows=[
            {
                "name": Cell(one.name, href=reverse("indicators:indicator_detail", args=[one.code])),
                "group": one.get_group_display(),
                "kind": one.get_kind_display(),
                "unit": one.unit or None,
                "definition": one.definition,
                "evidence": evidence_cell(one.evidence),
                "code": one.code,
            }
            for one in indicators
        ],
        csv_href=csv_href or None,
        empty=EmptyState(
            "当てはまる指標がありません",
            "言葉を短くするか、分類を「すべて」にして探し直してください。",
            "すべての指標を見る",
            reverse("indicators:indicator_list"),
        ),
    )


def value_cell(one: Seen) -> Cell:
    """The value with the way to its origin; a hidden or missing one with the reason, and nothing in the CSV."""
    return Cell(one.cell_text, href=one.href, note=one.reason or one.note or None, csv_value=_bare(one))


def _bare(one: Seen) -> Number | str:
    if one.value is not None and not one.qualifier:
        return one.value
    return one.cell_text if one.state != SUPPRESSED else ""


def values_table(figures: Sequence[Seen], *, caption: str, csv_href: str = "", with_name: bool = False) -> Table:
    """Figures of one indicator by region, or (with_name) of one source by region and indicator."""
    columns = [Column("region", "地域", is_row_header=not with_name)]
    if with_name:
        columns = [Column("name", "指標", is_row_header=True), *columns]
    columns += [
        Column("code", "地域コード"),
        Column("value", "値", align="end"),
        Column("unit", "単位"),
        Column("as_of", "時点"),
        Column("basis", "数え方"),
        Column("scope", "範囲・内訳"),
        Column("source", "出典"),
        Column("evidence", "確認状態"),
        Column("public", "公開"),
    ]
    return Table(
        id="values",
        caption=caption,
        columns=columns,
        rows=[
            {
                "name": one.name,
                "region": one.region_name,
                "code": one.region_code,
                "value": value_cell(one),
                "unit": one.unit or None,
                "as_of": one.as_of_text,
                "basis": one.basis_text,
                "scope": "、".join(part for part in (one.coverage_text, one.dimension_text) if part),
                "source": one.source_title,
                "evidence": one.evidence_text,
                "public": "公開" if one.is_public else "公開前",
            }
            for one in figures
        ],
        csv_href=csv_href or None,
        empty=_NO_FIGURES,
        note="地域コードの順に並べています。値を選ぶと、その値がどこから来たかを確かめられます。",
    )


def targets_table(targets: Sequence[PlanTarget]) -> Table:
    """What each plan period asks for, with how far that was checked."""
    return Table(
        id="targets",
        caption="計画期ごとの目標",
        columns=[
            Column("period", "計画期", is_row_header=True),
            Column("scope", "対象"),
            Column("statement", "目標"),
            Column("year", "目標年度"),
            Column("evidence", "確認状態"),
            Column("reference", "根拠"),
        ],
        rows=[
            {
                "period": f"第{one.plan_period}期",
                "scope": _SCOPES.get(one.scope, one.scope),
                "statement": one.statement,
                "year": FiscalYear(one.target_fiscal_year).label,
                "evidence": evidence_cell(one.evidence),
                "reference": one.reference,
            }
            for one in targets
        ],
        note="目標値は資料にあるとおりの参考です。確認状態が「原典で確認」でないものは、使う前に原典と照合してください。",
    )
