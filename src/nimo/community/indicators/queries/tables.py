"""The tables of the screens and of their CSV files. Rows stand in the order of codes: nothing here is a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse

from nimo.community.indicators.choices import Evidence
from nimo.community.indicators.models import DerivedIndicator, Indicator, PlanTarget
from nimo.community.indicators.queries.figures import explore_href
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.rules.values import Number
from nimo.community.indicators.rules.words import SUPPRESSED, basis_words
from nimo.core.fiscal import FiscalYear
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

_NO_FIGURES = EmptyState(
    "まだ値がありません",
    "公表統計を取り込むか、自治体情報シートを確定すると、ここに値が並びます。公開されるまでは、その地域の担当者だけが見られます。",
)
_TONES = {Evidence.SOURCE: "success", Evidence.DERIVED: "info", Evidence.TRANSCRIPTION: "warning"}
_SCOPES = {"nation": "全国", "prefecture": "都道府県", "municipality": "市町村"}


def evidence_cell(evidence: str) -> Cell:
    return Cell(str(Evidence(evidence).label), tone=_TONES.get(Evidence(evidence), "danger"))


def dictionary_table(indicators: Sequence[Indicator], csv_href: str = "") -> Table:
    """The dictionary as the screen shows it: the definition stands under the name."""
    return Table(
        id="indicators",
        caption=f"指標の一覧（{len(indicators)}件）",
        columns=[
            Column("name", "指標と定義", is_row_header=True),
            Column("group", "分類"),
            Column("unit", "単位"),
            Column("evidence", "定義の確認状態"),
        ],
        rows=[
            {
                "name": Cell(
                    one.name, href=reverse("indicators:indicator_detail", args=[one.code]), note=one.definition
                ),
                "group": one.get_group_display(),
                "unit": one.unit or one.get_kind_display(),
                "evidence": evidence_cell(one.evidence),
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


def derived_table(derived: Sequence[DerivedIndicator], formulas: Mapping[str, str]) -> Table:
    """Indicators that are computed; how stands under the name."""
    return Table(
        id="derived",
        caption=f"計算で求める指標（{len(derived)}件）",
        columns=[
            Column("name", "指標と式", is_row_header=True),
            Column("unit", "単位"),
            Column("evidence", "定義の確認状態"),
        ],
        rows=[
            {
                "name": Cell(
                    one.name, href=reverse("indicators:derived_detail", args=[one.code]), note=formulas[one.code]
                ),
                "unit": one.unit or one.get_kind_display(),
                "evidence": evidence_cell(one.evidence),
            }
            for one in derived
        ],
        note="もとになる値が一つでもないとき、公表しないとき、時点や数え方が違うときは、計算せずに理由を示します。",
    )


def dimensions_table(indicator: Indicator) -> Table:
    """By what an indicator may be broken down, as far as that is known."""
    return Table(
        id="dimensions",
        caption="内訳の項目",
        columns=[
            Column("key", "項目", is_row_header=True),
            Column("values", "区分"),
            Column("table", "表"),
            Column("evidence", "確認状態"),
        ],
        rows=[
            {
                "key": one["key"],
                "values": one["values"].replace("|", "、") or "資料の書き方のまま",
                "table": one["table"],
                "evidence": Cell(
                    str(Evidence(one["evidence"]).label),
                    tone=_TONES.get(Evidence(one["evidence"]), "danger"),
                    note=one["reference"],
                ),
            }
            for one in indicator.dimensions
        ],
        note="取り込んだ値は、資料の見出しの言葉のまま内訳に書きます。内訳の違う値どうしは比べません。",
    )


def _derived_row(one: DerivedIndicator, formula: str, names: str) -> Row:
    return {
        "code": one.code,
        "name": one.name,
        "group": names,
        "kind": one.get_kind_display(),
        "unit": one.unit,
        "definition": one.definition,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "direction": one.get_direction_display(),
        "evidence": one.get_evidence_display(),
        "source": "計算",
        "reference": one.reference,
        "formula": formula,
    }


def dictionary_file(
    indicators: Sequence[Indicator], derived: Sequence[DerivedIndicator] = (), formulas: Mapping[str, str] | None = None
) -> Table:
    """The dictionary as a file: every column, so that it can be checked against its sources line by line."""
    columns = {
        "code": "コード",
        "name": "指標",
        "group": "分類",
        "kind": "値の種類",
        "unit": "単位",
        "period": "時点か年度か",
        "definition": "定義",
        "numerator": "分子",
        "denominator": "分母",
        "direction": "望ましい方向",
        "bases": "使える数え方",
        "plan_periods": "使われる計画期",
        "evidence": "確認状態",
        "source": "値の出どころ",
        "reference": "根拠",
        "valid_from": "使い始め",
        "valid_to": "使い終わり",
        "dimensions": "内訳の項目",
        "formula": "式",
    }
    return Table(
        id="dictionary",
        caption="指標の辞書",
        columns=[Column(key, label, is_row_header=key == "name") for key, label in columns.items()],
        rows=[
            {
                "code": one.code,
                "name": one.name,
                "group": one.get_group_display(),
                "kind": one.get_kind_display(),
                "unit": one.unit,
                "period": one.get_period_display(),
                "definition": one.definition,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "direction": one.get_direction_display(),
                "bases": "、".join(basis_words(basis) for basis in one.bases.split(";")),
                "plan_periods": one.plan_periods.replace(";", "、"),
                "evidence": one.get_evidence_display(),
                "source": one.source,
                "reference": one.reference,
                "valid_from": one.valid_from.isoformat() if one.valid_from else "",
                "valid_to": one.valid_to.isoformat() if one.valid_to else "",
                "dimensions": "、".join(dimension["key"] for dimension in one.dimensions),
            }
            for one in indicators
        ]
        + [_derived_row(one, (formulas or {}).get(one.code, ""), "計算で求める指標") for one in derived],
    )


def value_cell(one: Seen) -> Cell:
    """The value with the way to its origin; a hidden or missing one with the reason, and nothing in the CSV."""
    return Cell(one.cell_text, href=one.href, note=one.reason or one.note or None, csv_value=_bare(one))


def _bare(one: Seen) -> Number | str:
    if one.value is not None and not one.qualifier:
        return one.value
    return (one.value_text or "") if one.state != SUPPRESSED else ""


def _scope(one: Seen) -> str:
    return "、".join(part for part in (one.coverage_text, one.dimension_text) if part)


def _public(one: Seen) -> str:
    return "公開" if one.is_public else "公開前"


def values_table(figures: Sequence[Seen], *, caption: str, csv_href: str) -> Table:
    """The values of one indicator, region by region."""
    return Table(
        id="values",
        caption=caption,
        columns=[
            Column("region", "地域", is_row_header=True),
            Column("value", "値", align="end"),
            Column("as_of", "時点"),
            Column("basis", "数え方"),
            Column("scope", "範囲・内訳"),
            Column("source", "出典"),
            Column("public", "公開"),
        ],
        rows=[
            {
                "region": Cell(one.region_name, href=explore_href(one)),
                "value": value_cell(one),
                "as_of": one.as_of_text,
                "basis": one.basis_text,
                "scope": _scope(one),
                "source": Cell(one.source_title, note=one.evidence_text),
                "public": _public(one),
            }
            for one in figures
        ],
        csv_href=csv_href,
        empty=_NO_FIGURES,
        note="地域コードの順に並べています。値を選ぶと、その値がどこから来たかを確かめられます。"
        "地域を選ぶと、年ごと・ほかの地域と比べられます。",
    )


def source_table(figures: Sequence[Seen], *, caption: str) -> Table:
    """The figures of one source, region by region and indicator by indicator."""
    return Table(
        id="values",
        caption=caption,
        columns=[
            Column("name", "指標", is_row_header=True),
            Column("region", "地域"),
            Column("value", "値", align="end"),
            Column("as_of", "時点"),
            Column("basis", "数え方"),
            Column("scope", "範囲・内訳"),
            Column("public", "公開"),
        ],
        rows=[
            {
                "name": one.name,
                "region": one.region_name,
                "value": value_cell(one),
                "as_of": one.as_of_text,
                "basis": one.basis_text,
                "scope": _scope(one),
                "public": _public(one),
            }
            for one in figures
        ],
        empty=_NO_FIGURES,
        note="値を選ぶと、資料のどこに書かれた値かを確かめられます。",
    )


def values_file(figures: Sequence[Seen], *, caption: str) -> Table:
    """The values of one indicator as a file: code and unit in columns of their own, a missing value with its reason."""
    columns = {
        "code": "地域コード",
        "region": "地域",
        "value": "値",
        "unit": "単位",
        "state": "値がない理由・注意",
        "as_of": "時点",
        "basis": "数え方",
        "coverage": "範囲",
        "dimension": "内訳・条件",
        "source": "出典",
        "evidence": "確認状態",
        "public": "公開",
    }
    return Table(
        id="values",
        caption=caption,
        columns=[Column(key, label, is_row_header=key == "region") for key, label in columns.items()],
        rows=[
            {
                "code": one.region_code,
                "region": one.region_name,
                "value": Cell(one.cell_text, csv_value=_bare(one)),
                "unit": one.unit,
                "state": one.reason or one.note,
                "as_of": one.as_of or "記載なし",
                "basis": one.basis_text,
                "coverage": one.coverage_text,
                "dimension": one.dimension_text,
                "source": one.source_title,
                "evidence": one.evidence_text,
                "public": _public(one),
            }
            for one in figures
        ],
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
