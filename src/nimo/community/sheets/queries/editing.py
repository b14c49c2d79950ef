"""Read models of the editor: a chapter with last year beside it, what is carried over, two years compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nimo.community.sheets import policies
from nimo.community.sheets.choices import SectionKey, SheetState
from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.models.documents import ChapterAutosave, SheetChapter, SheetDocument
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.queries.documents import (
    content_of,
    open_suggestions,
    problems_of,
    sheet_content,
    unexplained_indicators,
)
from nimo.community.sheets.queries.screens import day, year_label
from nimo.community.sheets.rules.carrying import Suggestion
from nimo.community.sheets.rules.checking import Check
from nimo.community.sheets.rules.comparing import differences, unchanged_paths
from nimo.community.sheets.rules.edits import YES_NO, as_of_words, basic_text
from nimo.community.sheets.rules.fields import (
    BASIC_LABELS,
    FieldKind,
    at,
    list_paths,
    row_cells,
    section_fields,
)
from nimo.foundation.access.actors import Actor
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table


@dataclass(slots=True)
class WriteField:
    """One box of the editor. `before`: what last year's sheet says there, None where it says nothing."""

    path: str
    label: str
    kind: FieldKind
    text: str
    before: str | None = None
    same: bool = False
    origin: Mapping[str, Any] | None = None
    checks: list[Check] = field(default_factory=list)
    as_of: str | None = None
    unit: str = ""
    is_yes_no: bool = False


@dataclass(slots=True)
class WriteRow:
    path: str | None
    title: str
    fields: list[WriteField]


@dataclass(slots=True)
class Editor:
    """The page of one chapter."""

    document: SheetDocument
    chapter: SheetChapter
    key: SectionKey
    rows: list[WriteRow]
    tables: list[tuple[str, str]]
    """(list path, its columns in words) of the tables rows can be added to and pasted into."""
    checks: list[Check]
    before_year: str
    kept: ChapterAutosave | None
    previous: SectionKey | None
    following: SectionKey | None


def _basic_rows(content: Mapping[str, Any], before: Mapping[str, Any]) -> list[WriteRow]:
    items = {item["key"]: item for item in at(content, "basic_info.items") or []}
    old = {item["key"]: item for item in at(before, "basic_info.items") or []}
    made = []
    for key, label in BASIC_LABELS.items():
        item, was = items.get(key), old.get(key)
        when = as_of_words((was or {}).get("as_of"))
        made.append(
            WriteField(
                path=f"basic_info.{key}",
                label=label,
                kind=FieldKind.FIGURE,
                text=basic_text(item),
                before=f"{basic_text(was)}{was.get('unit') or ''}" + (f"（{when}）" if when else "")
                if was and basic_text(was)
                else None,
                as_of=as_of_words((item or {}).get("as_of")),
                unit=str((item or {}).get("unit") or ""),
                is_yes_no=key == YES_NO,
            )
        )
    return [WriteRow(None, "", made)]


def _rows(content: Mapping[str, Any], before: Mapping[str, Any], key: SectionKey) -> list[WriteRow]:
    former = {
        one.path: one.before for one in differences(before, content) if one.section is key and one.change != "removed"
    }
    grouped: dict[str | None, list[WriteField]] = {}
    for each in section_fields(dict(content), key):
        grouped.setdefault(each.row, []).append(
            WriteField(each.path, each.label, each.kind, each.text, before=former.get(each.path) or None)
        )
    rows = []
    for path, made in grouped.items():
        title = f"{int(path.rpartition('.')[2]) + 1}行目" if path else ""
        rows.append(WriteRow(path, title, made))
    return rows


def editor(
    actor: Actor, document: SheetDocument, key: SectionKey, content: Mapping[str, Any] | None = None
) -> Editor | None:
    """The chapter as it stands (or as somebody has just typed it: `content`); None where the layout has no such chapter."""
    chapter = document.chapters.filter(key=key).first()
    if chapter is None:
        return None
    shown = content_of(document) if content is None else content
    before = sheet_content(document.begun_from) if document.begun_from else {}
    rows = _basic_rows(shown, before) if key is SectionKey.BASIC_INFO else _rows(shown, before, key)
    same = unchanged_paths(before, shown) if before else frozenset()
    found = [one for one in problems_of(document) if one.section is key]
    told: set[int] = set()
    for row in rows:
        for each in row.fields:
            each.same = each.path in same
            each.origin = chapter.origins.get(each.path)
            each.checks = [one for one in found if one.path in {each.path, f"{each.path}.as_of"}]
            told.update(id(one) for one in each.checks)
    order = list(sections_of(document.layout))
    here = order.index(key)
    kept = chapter.autosaves.filter(user_id=actor.user_id).first() if actor.user_id else None
    return Editor(
        document=document,
        chapter=chapter,
        key=key,
        rows=rows,
        tables=[(path, "、".join(label for _, label, _ in row_cells(path))) for path in list_paths(key)],
        checks=[one for one in found if id(one) not in told],
        before_year=year_label(document.begun_from.fiscal_year) if document.begun_from else "",
        kept=kept,
        previous=order[here - 1] if here else None,
        following=order[here + 1] if here + 1 < len(order) else None,
    )


@dataclass(frozen=True, slots=True)
class CarryPage:
    certain: list[Suggestion]
    alike: list[Suggestion]
    unexplained: list[str]
    decided: Table


def carry_page(document: SheetDocument) -> CarryPage:
    offered = open_suggestions(document)
    rows: list[Row] = [
        {
            "label": one.label,
            "from": one.from_label or None,
            "text": one.text or None,
            "state": one.get_state_display() if not one.key.startswith("dropped:") else "やめた指標",
            "reason": one.reason or None,
            "by": f"{one.decided_by_name}（{day(one.decided_at)}）",
        }
        for one in document.carried.order_by("decided_at", "pk")
    ]
    return CarryPage(
        certain=[one for one in offered if one.certain],
        alike=[one for one in offered if not one.certain],
        unexplained=unexplained_indicators(document),
        decided=Table(
            id="decided",
            caption="決めたこと",
            columns=[
                Column("label", "今年度の指標", is_row_header=True),
                Column("from", "もとの指標"),
                Column("text", "値"),
                Column("state", "決めたこと"),
                Column("reason", "理由"),
                Column("by", "決めた人"),
            ],
            rows=rows,
            empty=EmptyState("まだ何も決めていません", "上の候補を一つずつ確かめて、引き継ぐかどうかを選びます。"),
        ),
    )


_CHANGES = {
    "same": ("前年度と同じ", "neutral"),
    "changed": ("変わった", "info"),
    "added": ("新しい", "success"),
    "removed": ("なくなった", "warning"),
}


def difference_table(
    before: Mapping[str, Any], now: Mapping[str, Any], heading: tuple[str, str], *, all_fields: bool
) -> Table:
    """Two years side by side; without `all_fields` only what differs."""
    rows: list[Row] = []
    for one in differences(before, now):
        if one.change == "same" and not all_fields:
            continue
        word, tone = _CHANGES[one.change]
        rows.append(
            {
                "field": Cell(f"{one.section.label}　{one.label}", note=one.row or None),
                "change": Cell(word, tone=tone),
                "before": one.before or None,
                "now": one.now or None,
            }
        )
    return Table(
        id="differences",
        caption="二つの年度の違い",
        columns=[
            Column("field", "欄", is_row_header=True),
            Column("change", "違い"),
            Column("before", heading[0]),
            Column("now", heading[1]),
        ],
        rows=rows,
        empty=EmptyState("違いはありません", "二つの年度の記載は同じです（表記の違いは同じとみなしています）。"),
    )


def compared_with_last_year(document: SheetDocument, *, all_fields: bool) -> Table | None:
    """This year's sheet beside the one it began from; None where there is none."""
    former = document.begun_from
    if former is None:
        return None
    return difference_table(
        sheet_content(former),
        content_of(document),
        (year_label(former.fiscal_year), year_label(document.fiscal_year)),
        all_fields=all_fields,
    )


def compared_sheets(earlier: Sheet, later: Sheet, *, all_fields: bool) -> Table:
    """Two confirmed sheets of one region side by side."""
    return difference_table(
        sheet_content(earlier),
        sheet_content(later),
        (year_label(earlier.fiscal_year), year_label(later.fiscal_year)),
        all_fields=all_fields,
    )


def other_years(actor: Actor, sheet: Sheet) -> list[Sheet]:
    """The current sheets of other years of the same region, the nearest earlier year first."""
    rows = policies.visible_sheets(actor).filter(region_id=sheet.region_id, state=SheetState.CURRENT)
    found = list(rows.exclude(pk=sheet.pk).select_related("region__prefecture"))
    return sorted(
        found, key=lambda one: (one.fiscal_year > sheet.fiscal_year, abs(one.fiscal_year - sheet.fiscal_year))
    )
