"""What was submitted, as text: chapters, the fields that can be corrected, the corrections beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.queries.screens import day
from nimo.community.sheets.rules.edits import as_of_words, basic_text
from nimo.community.sheets.rules.fields import BASIC_LABELS, at, basic_items, section_fields
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table


@dataclass(frozen=True, slots=True)
class ChapterText:
    """One chapter to be read: its single fields, and one list for each row."""

    label: str
    single: list[Definition]
    rows: list[tuple[str, list[Definition]]]


def _figures(content: Mapping[str, Any]) -> list[Definition]:
    items = {item["key"]: item for item in basic_items(dict(content))}
    made = []
    for key, label in BASIC_LABELS.items():
        item = items.get(key)
        text = basic_text(item)
        when = as_of_words((item or {}).get("as_of"))
        unit = str((item or {}).get("unit") or "") if text and not (item or {}).get("values") else ""
        made.append(Definition(label, f"{text}{unit}" if text else None, note=f"{when}時点" if text and when else ""))
    return made


def chapters_of(content: Mapping[str, Any], layout: str) -> list[ChapterText]:
    """Every chapter of the form; what nobody filled is said to be absent."""
    made = []
    for key in sections_of(layout):
        if key is SectionKey.BASIC_INFO:
            made.append(ChapterText(key.label, _figures(content), []))
            continue
        single: list[Definition] = []
        rows: dict[str, list[Definition]] = {}
        for field in section_fields(dict(content), key):
            definition = Definition(field.label, field.text or None)
            if field.row is None:
                single.append(definition)
            else:
                rows.setdefault(field.row, []).append(definition)
        made.append(
            ChapterText(
                key.label,
                single,
                [(f"{int(path.rpartition('.')[2]) + 1}行目", fields) for path, fields in rows.items()],
            )
        )
    return made


def chapters(submission: SheetSubmission) -> list[ChapterText]:
    return chapters_of(submission.content, submission.layout)


def chapters_of_document(document: SheetDocument) -> list[ChapterText]:
    return chapters_of(content_of(document), document.layout)


def field_choices(submission: SheetSubmission) -> list[tuple[str, str]]:
    """(path, name) of every field of the sheet, to say which one is wrong."""
    content = submission.content
    made = [(f"basic_info.{key}", f"基本情報　{label}") for key, label in BASIC_LABELS.items()]
    for key in sections_of(submission.layout):
        for field in section_fields(dict(content), key):
            row = ""
            if field.row:
                named = at(content, f"{field.row}.indicator") or at(content, f"{field.row}.name")
                row = f"{str(named)[:30]}　" if named else f"{int(field.row.rpartition('.')[2]) + 1}行目　"
            made.append((field.path, f"{key.label}　{row}{field.label}"))
    return made


def correction_table(submission: SheetSubmission) -> Table:
    rows: list[Row] = [
        {
            "label": Cell(one.label, note=one.reason),
            "before": one.before or None,
            "after": one.after,
            "by": f"{one.by_name}（{day(one.at)}）",
        }
        for one in submission.corrections.order_by("at", "pk")
    ]
    return Table(
        id="corrections",
        caption="提出後の訂正",
        columns=[
            Column("label", "欄と理由", is_row_header=True),
            Column("before", "提出したときの記載"),
            Column("after", "正しい記載"),
            Column("by", "記した人"),
        ],
        rows=rows,
        empty=EmptyState(
            "訂正はありません", "提出したあとで誤りに気づいたら、シートは変えずに、ここに正しい記載を並べます。"
        ),
    )
