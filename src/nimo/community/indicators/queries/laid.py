"""The page of a figure on today's map: which areas it was added from, why, and each of their figures."""

from __future__ import annotations

from dataclasses import dataclass

from nimo.community.indicators.models import Indicator
from nimo.community.indicators.queries.areas import LaidSeen, laid_figure
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.queries.tables import value_cell
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.changes import views_of
from nimo.foundation.ui.components.figures import Figure
from nimo.foundation.ui.components.navigation import TimelineItem
from nimo.foundation.ui.components.tables import Column, Row, Table


@dataclass(frozen=True, slots=True)
class LaidPage:
    """sentence: how the figure was made, in words. changes: what became what, newest first."""

    region: Region
    indicator: Indicator
    figure: Figure
    sentence: str
    operands: Table
    changes: list[TimelineItem]


def _figure(one: LaidSeen) -> Figure:
    states = {"value": "value", "suppressed": "suppressed", "not_filled": "not_filled"}
    state = states.get(one.state, "absent")
    return Figure(
        label=f"{one.name}（{one.dimension_text}）" if one.dimension else one.name,
        value=one.value_text if state == "value" else None,
        unit=one.unit if one.value is not None else "",
        as_of=one.as_of_text,
        basis=one.basis_text,
        coverage=one.coverage_text if one.coverage else "",
        source=one.source_title,
        state=state,
        reason=one.reason,
    )


def made_in_words(one: LaidSeen) -> str:
    """How a figure on today's map was made: 架空甲町・架空乙町の値を足した数です。"""
    named = "・".join(operand.region_name for operand in one.operands)
    if one.state != "value":
        return f"今の区域（{one.region_name}）の値は出していません。{one.reason}"
    if len(one.operands) == 1 and not one.qualifier:
        return f"当時は「{named}」でした。区域は同じため、値をそのまま示しています。"
    if one.kind in ("rate", "days"):
        return f"{named}の分子と分母をそれぞれ足し、計算し直した値です。割合や平均を足したり平均したりはしていません。"
    if one.qualifier:
        return f"{named}の値から、公表された人口の割合を使って求めたおよその数です。"
    return f"{named}の値を足した数です。"


def _row(one: Seen) -> Row:
    return {
        "area": one.region_name,
        "value": value_cell(one),
        "parts": f"{one.numerator} ÷ {one.denominator}" if one.numerator is not None else None,
        "as_of": one.as_of_text,
        "source": one.source_title,
    }


def laid_page(actor: Actor, region_code: str, observation_id: int) -> LaidPage:
    """Everything on the page. Raises FigureNotAvailable."""
    one, there = laid_figure(actor, region_code, observation_id)
    said = {operand.region_code for operand in one.operands}
    rows = [_row(operand) for operand in one.operands]
    rows += [
        {"area": there.regions[code].name, "value": None, "parts": None, "as_of": None, "source": None}
        for code in one.wanted
        if code not in said and code in there.regions
    ]
    return LaidPage(
        region=there.regions[region_code],
        indicator=Indicator.objects.get(pk=one.indicator),
        figure=_figure(one),
        sentence=made_in_words(one),
        operands=Table(
            id="operands",
            caption="もとになった当時の区域の値",
            columns=[
                Column("area", "当時の区域", is_row_header=True),
                Column("value", "値", align="end"),
                Column("parts", "分子 ÷ 分母", align="end"),
                Column("as_of", "時点"),
                Column("source", "出典"),
            ],
            rows=rows,
            note="値を選ぶと、その数がどこから来たかを見られます。",
        ),
        changes=[
            TimelineItem(to_wareki(view.change.effective_on), view.sentence, f"根拠: {view.change.reference}")
            for view in views_of([change.id for change in one.changes])
        ],
    )
