"""What each page shows, put together from the other queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from nimo.community.indicators.choices import RowState, ValueState
from nimo.community.indicators.queries.dictionary import (
    IndicatorPage,
    indicator_page,
    prefectures_with_values,
    values_by_region,
)
from nimo.community.indicators.queries.figures import explore_href
from nimo.community.indicators.queries.lineage import Lineage, SourcePage
from nimo.community.indicators.queries.reading import Seen
from nimo.community.indicators.queries.series import series
from nimo.community.indicators.rules.words import SUPPRESSED
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import NATION_CODE
from nimo.foundation.ui.components.charts import Chart
from nimo.foundation.ui.components.figures import Figure
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.navigation import Passage, TimelineItem

_LEAST_POINTS = 3


@dataclass(frozen=True, slots=True)
class IndicatorValues:
    """An indicator, and its values of one year: of the nation and prefectures, or inside one prefecture (`area`)."""

    entry: IndicatorPage
    year: int | None
    area: str
    areas: Sequence[tuple[str, str]]
    figures: Sequence[Seen]
    caption: str
    facts: Sequence[Definition]
    charts: Sequence[Chart]


@dataclass(frozen=True, slots=True)
class Origin:
    """The page 「この数値はどこから来たか」."""

    lineage: Lineage
    figure: Figure
    facts: Sequence[Definition]
    passage: Passage | None
    history: Sequence[TimelineItem]
    state: str


def _facts(entry: IndicatorPage) -> list[Definition]:
    one = entry.indicator
    facts = [
        Definition("定義", one.definition),
        Definition("分子", one.numerator) if one.numerator else None,
        Definition("分母", one.denominator) if one.denominator else None,
        Definition("単位", one.unit or "なし"),
        Definition("時点か年度か", one.get_period_display()),
        Definition("使える数え方", entry.bases_text),
        Definition("望ましい方向", one.get_direction_display()),
        Definition("使われる計画", entry.plan_periods_text) if one.plan_periods else None,
        Definition("内訳のもと", one.part_of.name, reverse("indicators:indicator_detail", args=[one.part_of.code]))
        if one.part_of
        else None,
        Definition("値の出どころ", one.source),
        Definition("根拠", one.reference),
        Definition("定義の確認状態", one.get_evidence_display()),
        Definition(
            "公開のしかた",
            "人を数える値なので、公開するときは少数の値と、そこから計算できる値を伏せます。"
            if one.counts_persons
            else "公開するときも、値をそのまま示します。",
        ),
    ]
    return [fact for fact in facts if fact is not None]


def _year(text: str, years: Sequence[int]) -> int | None:
    asked = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
    return asked if asked in years else (years[0] if years else None)


def _charts(actor: Actor, entry: IndicatorPage) -> list[Chart]:
    """The nation over the years: a chart for each line, so that bases are never drawn together."""
    found = []
    for number, line in enumerate(series(actor, NATION_CODE, [entry.indicator.code])):
        if sum(1 for point in line.points if point.value is not None) < _LEAST_POINTS:
            continue
        found.append(
            Chart(
                id=f"nation-{number}",
                kind="line",
                title=f"{line.name}（{line.basis_text}）",
                series=[line.as_component],
                unit=line.unit,
                description="値のない年は線を切っています。数え方の違う値は別のグラフにしています。",
                source="、".join(dict.fromkeys(point.source_title for point in line.points)),
                label_heading="年度",
                value_format=",.1f" if entry.indicator.kind in ("rate", "days") else ",",
            )
        )
    return found


def indicator_values(actor: Actor, code: str, year_text: str, area: str) -> IndicatorValues:
    """The page of an indicator for a year and area as the address asks; what it asks wrongly falls back to the default.

    Raises FigureNotAvailable.
    """
    entry = indicator_page(actor, code)
    year = _year(year_text, entry.years)
    areas = [(one.code, one.name) for one in prefectures_with_values(actor, code, year)] if year is not None else []
    area = area if area in {code for code, _ in areas} else ""
    where = dict(areas).get(area, "全国と都道府県")
    figures = values_by_region(actor, code, year, prefecture_code=area or None) if year is not None else []
    caption = (
        f"{entry.indicator.name}（{where}、{FiscalYear(year).label}）" if year is not None else entry.indicator.name
    )
    return IndicatorValues(entry, year, area, areas, figures, caption, _facts(entry), _charts(actor, entry))


def _figure(one: Seen) -> Figure:
    states = {ValueState.VALUE.value: "value", ValueState.NOT_FILLED.value: "not_filled", SUPPRESSED: "suppressed"}
    state = states.get(one.state, "absent")
    return Figure(
        label=f"{one.region_name}　{one.name}",
        value=one.value_text if state == "value" else None,
        unit=one.unit if one.value is not None else "",
        as_of=one.as_of_text,
        basis=one.basis_text,
        coverage="、".join(part for part in (one.coverage_text, one.dimension_text) if part),
        source=one.source_title,
        state=state,
        reason=one.reason,
        actions=[("年ごと・ほかの地域と比べる", explore_href(one))],
    )


def _public_state(found: Lineage) -> str:
    if not found.is_live:
        return "今は使われていない値です。"
    if not found.published_text:
        return "公開前です。この地域を見られる担当者だけが見られます。"
    hidden = f"公開の画面では値を伏せています（{found.exposure_text}）。" if found.exposure_text else ""
    return f"{found.published_text}しました。{hidden}"


def _origin_facts(found: Lineage) -> list[Definition]:
    source = found.source
    facts = [
        Definition("資料", source.title, reverse("indicators:source_detail", args=[source.pk])),
        Definition("作成者・公表者", source.publisher),
        Definition("資料の中の位置", found.locator),
        Definition("所在", source.reference) if source.reference else None,
        Definition("元のファイル", "受け取る", reverse("files:file_download", args=[found.file_id]))
        if found.file_id
        else None,
        Definition("確認状態", found.figure.evidence_text),
        Definition("記録した人", found.recorded_by) if found.recorded_by else None,
        Definition("記録した日時", found.recorded_at_text),
        Definition("注意", found.figure.note) if found.figure.note else None,
        Definition("公開", _public_state(found)),
        Definition("引用するとき", source.credit) if source.credit else None,
    ]
    return [fact for fact in facts if fact is not None]


def _history(found: Lineage) -> list[TimelineItem]:
    items = [
        TimelineItem(
            old.recorded_at_text,
            f"前の値: {old.cell_text}（{old.status_text}）",
            "、".join(part for part in (old.source_title, old.recorded_by, old.reason) if part),
            reverse("indicators:observation_detail", args=[old.id]),
        )
        for old in reversed(found.former)
    ]
    items.append(TimelineItem(found.recorded_at_text, "この値を記録", found.source.title))
    if found.successor:
        items.append(
            TimelineItem(
                found.successor.recorded_at_text,
                f"新しい値: {found.successor.cell_text}",
                found.successor.source_title,
                reverse("indicators:observation_detail", args=[found.successor.id]),
            )
        )
    return items


def origin(found: Lineage) -> Origin:
    """Everything the page of one figure shows."""
    states = {RowState.SUPERSEDED.value: "superseded", RowState.WITHDRAWN.value: "withdrawn"}
    return Origin(
        lineage=found,
        figure=_figure(found.figure),
        facts=_origin_facts(found),
        passage=Passage(found.raw, found.locator) if found.raw else None,
        history=_history(found) if found.inside else [],
        state=states.get(found.status, "live"),
    )


def source_facts(page: SourcePage) -> list[Definition]:
    """What is known of a source; who recorded it only inside the reach."""
    source = page.source
    facts = [
        Definition("種類", source.get_kind_display()),
        Definition("作成者・公表者", source.publisher),
        Definition("対象の地域", source.region.name),
        Definition("年度", FiscalYear(source.fiscal_year).label) if source.fiscal_year else None,
        Definition("所在", source.reference) if source.reference else None,
        Definition("引用するとき", source.credit) if source.credit else None,
        Definition("元のファイル", "受け取る", reverse("files:file_download", args=[page.file_id]))
        if page.file_id
        else None,
        Definition("状態", source.get_state_display()),
        Definition(
            "置き換えた資料",
            source.superseded_by.title,
            reverse("indicators:source_detail", args=[source.superseded_by.pk]),
        )
        if source.superseded_by
        else None,
        Definition("取り込んだ人", source.recorded_by_name) if page.inside else None,
        Definition("取消しの理由", source.withdrawal_reason) if page.inside and source.withdrawal_reason else None,
        Definition("取込みと同時に公開した理由", source.open_reason) if source.open_reason else None,
        Definition("公開している値", f"{page.public}件" + (f"（記録した値は{page.live}件）" if page.inside else "")),
    ]
    return [fact for fact in facts if fact is not None]
