"""What the screens show, as tables and contexts of the ui kernel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils import timezone

from nimo.community.indicators.models import Indicator
from nimo.community.indicators.rules.periods import UnableToReadAsOf, as_of_words
from nimo.community.indicators.rules.words import basis_words, state_words
from nimo.community.statistics.choices import Decision, ImportState, LayoutKind, Severity
from nimo.community.statistics.models import ColumnMapping, ReadCell, StatisticsImport
from nimo.community.statistics.policies import visible_cells, visible_imports
from nimo.community.statistics.queries.places import Places, Written
from nimo.community.statistics.queries.plan import stated
from nimo.community.statistics.rules.findings import KINDS
from nimo.core.eras import to_wareki
from nimo.core.numbers import format_number
from nimo.foundation.access.actors import Actor
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.navigation import Tab
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

STEPS = ["ファイルを選ぶ", "読み取りを確かめる", "記録する"]
PER_PAGE = 30
SHOWN = ("stop", "check", "all")
_TONES = {
    ImportState.READING: "info",
    ImportState.MAPPING: "warning",
    ImportState.REVIEW: "warning",
    ImportState.CHECKING: "info",
    ImportState.RECORDING: "info",
    ImportState.RECORDED: "success",
    ImportState.FAILED: "danger",
    ImportState.DISCARDED: "neutral",
}


def day(moment: Any) -> str:
    """令和6年11月20日 14:05, in Japan's time."""
    local = timezone.localtime(moment)
    return f"{to_wareki(local.date())} {local:%H:%M}"


def imports_page(actor: Actor, number: str) -> Page[StatisticsImport]:
    """The imports the actor may see, newest first."""
    rows = visible_imports(actor).select_related("file", "in_charge").order_by("-taken_at", "-pk")
    return Paginator(rows, 50).get_page(number)


def import_table(imports: Iterable[StatisticsImport]) -> Table:
    rows: list[Row] = [
        {
            "file": Cell(one.file.name, href=reverse("statistics:import_detail", args=[one.pk])),
            "layout": LayoutKind(one.layout).label if one.layout else "—",
            "state": Cell(one.get_state_display(), tone=_TONES[ImportState(one.state)]),
            "count": one.recorded_count if one.state == ImportState.RECORDED else None,
            "charge": one.in_charge.name if one.in_charge else one.taken_by_name,
            "at": day(one.taken_at),
        }
        for one in imports
    ]
    return Table(
        id="imports",
        caption="取り込んだ統計",
        columns=[
            Column("file", "ファイル", is_row_header=True),
            Column("layout", "読み方"),
            Column("state", "状態"),
            Column("count", "記録した値", align="end"),
            Column("charge", "担当者"),
            Column("at", "取り込み日時"),
        ],
        rows=rows,
        empty=EmptyState(
            "取り込んだ統計はまだありません",
            "630調査、NDB集計、ReMHRADの表や、手元のExcel・CSVを取り込むと、計画や地域のページで使う数値になります。",
            action_label="統計を取り込む",
            action_href=reverse("statistics:import_new"),
        ),
    )


def mapping_table(mappings: Iterable[ColumnMapping]) -> Table:
    rows: list[Row] = [
        {
            "name": row.name,
            "version": f"第{row.version}版",
            "headers": "、".join(text for text in row.headers if text)[:80],
            "state": Cell("使わない", tone="neutral") if row.retired_at else Cell("使っている", tone="success"),
            "by": row.saved_by_name,
            "at": day(row.saved_at),
        }
        for row in mappings
    ]
    return Table(
        id="mappings",
        caption="覚えている列の意味",
        columns=[
            Column("name", "表の名前", is_row_header=True),
            Column("version", "版"),
            Column("headers", "見出し"),
            Column("state", "状態"),
            Column("by", "決めた人"),
            Column("at", "決めた日時"),
        ],
        rows=rows,
        empty=EmptyState(
            "覚えている表はまだありません",
            "自分で列の意味を選んだ表は、次に同じ見出しの表を取り込むとき、同じ意味で読まれます。",
        ),
    )


def _cells(actor: Actor, one: StatisticsImport, shown: str) -> QuerySet[ReadCell]:
    rows = visible_cells(actor, one).select_related("region").order_by("position")
    if shown == "stop":
        return rows.filter(severity=Severity.STOP).exclude(decision=Decision.LEFT_OUT)
    if shown == "check":
        return rows.filter(severity=Severity.CHECK)
    return rows


def _when(as_of: str) -> str:
    try:
        return as_of_words(as_of).partition("（")[0]
    except UnableToReadAsOf:
        return as_of


def _value(cell: ReadCell, unit: str) -> str:
    value = stated(cell)
    if value.state != "value" or value.value is None:
        return state_words(value.state)
    return f"{value.qualifier}{format_number(value.value)}{value.counter or unit}"


def cell_table(cells: Sequence[ReadCell], names: dict[str, tuple[str, str]]) -> Table:
    """The figures beside what is doubtful about them. names: indicator → (name, unit)."""
    rows: list[Row] = []
    for cell in cells:
        name, unit = names.get(cell.indicator, (cell.indicator, ""))
        told = "／".join(f"{KINDS[one['code']].label}: {one['message']}" for one in cell.findings)
        notes = "、".join(part for part in (cell.dimension.replace("=", ": ").replace(";", "、"), cell.heading) if part)
        left = cell.decision == Decision.LEFT_OUT
        tone = "neutral" if left else {"stop": "danger", "check": "warning"}.get(cell.severity)
        label = "記録しない" if left else Severity(cell.severity).label if cell.severity else "気づきなし"
        if cell.severity and cell.decision in (Decision.ACCEPTED, Decision.CORRECTED):
            label, tone = cell.get_decision_display(), "info"
        rows.append(
            {
                "cell": Cell(cell.address, note=cell.sheet or None),
                "region": Cell(cell.region.name) if cell.region else Cell(cell.region_text, note="地域が未定"),
                "indicator": Cell(name, note=notes[:120] or None),
                "when": Cell(_when(cell.as_of), note=basis_words(cell.basis)),
                "raw": Cell(cell.raw[:60] or "（空）", note=f"→ {cell.corrected}" if cell.corrected else None),
                "value": _value(cell, unit),
                "finding": Cell(label, tone=tone, note=told or None),
            }
        )
    return Table(
        id="cells",
        caption="読み取った値",
        columns=[
            Column("cell", "セル", is_row_header=True),
            Column("region", "地域"),
            Column("indicator", "指標"),
            Column("when", "時点・基準"),
            Column("raw", "資料の記載", align="end"),
            Column("value", "読み取った値", align="end"),
            Column("finding", "気づき"),
        ],
        rows=rows,
        empty=EmptyState("ここに当てはまる値はありません", "上の切り替えで、ほかの値を見られます。"),
    )


def unknown_regions(actor: Actor, one: StatisticsImport) -> list[dict[str, Any]]:
    """Names nobody could resolve, with candidates; each once, in the order of the file (at most 50)."""
    rows = (
        visible_cells(actor, one)
        .filter(region__isnull=True)
        .exclude(decision=Decision.LEFT_OUT)
        .values("region_text")
        .annotate(first=Min("position"))
        .order_by("first")[:50]
    )
    texts = [str(row["region_text"]) for row in rows]
    if not texts:
        return []
    first = {
        cell.region_text: cell
        for cell in visible_cells(actor, one).filter(region_text__in=texts, region__isnull=True).order_by("-position")
    }
    places = Places()
    made = []
    for text in texts:
        parts = text.split(" ")
        has_code = parts[0].isascii() and parts[0].isdigit()
        rest = parts[1:] if has_code else parts
        written = Written(parts[0] if has_code else "", rest[-1] if rest else "", rest[0] if len(rest) > 1 else "")
        found = places.resolve(written)
        made.append(
            {"text": text, "candidates": list(found.candidates), "address": first[text].address, "why": found.why}
        )
    return made


def review_context(
    actor: Actor, one: StatisticsImport, counts: dict[str, int], shown: str, number: str
) -> dict[str, Any]:
    """The review page: what waits, the cells of one page, and where to go on."""
    if shown not in SHOWN:
        shown = "stop" if counts["stop"] else "check" if counts["check"] else "all"
    page = Paginator(_cells(actor, one, shown), PER_PAGE).get_page(number)
    here = reverse("statistics:import_detail", args=[one.pk])
    names = {code: (name, unit) for code, name, unit in Indicator.objects.values_list("code", "name", "unit")}
    labels = {
        "stop": ("止まっている", counts["stop"]),
        "check": ("確かめる", counts["check"]),
        "all": ("すべて", counts["all"]),
    }
    return {
        "page": page,
        "shown": shown,
        "cells": list(page),
        "table": cell_table(list(page), names),
        "tabs": [
            Tab(label, f"{here}?show={key}", current=key == shown, count=count)
            for key, (label, count) in labels.items()
        ],
        "items": [_item(cell, names) for cell in page if cell.severity] if shown != "all" else [],
    }


def _item(cell: ReadCell, names: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """One doubtful cell beside the boxes where a person answers."""
    name = names.get(cell.indicator, (cell.indicator, ""))[0]
    region = cell.region.name if cell.region else cell.region_text
    return {
        "cell": cell,
        "title": f"{cell.address} {region} {name}",
        "findings": [
            {
                "tone": "danger" if KINDS[one["code"]].severity == "stop" else "warning",
                "severity": Severity(KINDS[one["code"]].severity).label,
                "label": KINDS[one["code"]].label,
                "message": one["message"],
                "action": KINDS[one["code"]].action,
            }
            for one in cell.findings
        ],
    }


def source_links(one: StatisticsImport) -> list[tuple[str, str]]:
    """(title, address) of what was recorded and is not taken back."""
    rows = one.sources.filter(withdrawn=False).select_related("source").order_by("pk")
    return [(row.source.title, reverse("indicators:source_detail", args=[row.source_id])) for row in rows]


def findings_file(actor: Actor, one: StatisticsImport) -> Table:
    """Every doubtful cell, for a list outside nimo."""
    rows: list[Row] = []
    for cell in visible_cells(actor, one).exclude(severity="").select_related("region").order_by("position"):
        rows.extend(
            {
                "sheet": cell.sheet,
                "cell": cell.address,
                "region": cell.region.name if cell.region else cell.region_text,
                "heading": cell.heading,
                "raw": cell.raw,
                "severity": Severity(KINDS[one_["code"]].severity).label,
                "what": f"{KINDS[one_['code']].label}: {one_['message']}",
                "action": KINDS[one_["code"]].action,
                "decision": cell.get_decision_display(),
                "corrected": cell.corrected,
            }
            for one_ in cell.findings
        )
    labels = (
        ("sheet", "シート"),
        ("cell", "セル"),
        ("region", "地域"),
        ("heading", "見出し"),
        ("raw", "資料の記載"),
        ("severity", "重さ"),
        ("what", "気づき"),
        ("action", "すること"),
        ("decision", "判断"),
        ("corrected", "直した値"),
    )
    return Table("findings", "気づき", [Column(key, label) for key, label in labels], rows)
