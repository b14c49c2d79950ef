"""The review screen as a read model: every field beside its passage, its doubts, and whether a person changed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.imports import SheetDraft
from nimo.community.sheets.rules.edits import YES_NO, as_of_words, basic_text, changed_paths
from nimo.community.sheets.rules.fields import BASIC_LABELS, FieldKind, at, fields, list_paths


@dataclass(slots=True)
class ReviewField:
    """One box. `passage`: (text, place) in the source, None where the value has none."""

    path: str
    label: str
    kind: FieldKind
    text: str
    passage: tuple[str, str] | None = None
    doubts: list[str] = field(default_factory=list)
    changed: bool = False
    as_of: str | None = None
    """Basic info only: "令和6年5月", "令和5年度"; "" where none is known."""
    unit: str = ""
    is_yes_no: bool = False


@dataclass(slots=True)
class ReviewRow:
    path: str | None
    title: str
    fields: list[ReviewField]


@dataclass(slots=True)
class ReviewSection:
    key: SectionKey
    label: str
    rows: list[ReviewRow]
    doubts: list[str]
    list_paths: list[str]

    @property
    def doubt_count(self) -> int:
        return len(self.doubts) + sum(len(f.doubts) for row in self.rows for f in row.fields)

    @property
    def is_empty(self) -> bool:
        return not any(f.text for row in self.rows for f in row.fields)


@dataclass(slots=True)
class Unassigned:
    place: str
    text: str


@dataclass(slots=True)
class Review:
    sections: list[ReviewSection]
    unassigned: list[Unassigned]
    general_doubts: list[str]
    doubt_count: int
    changed_count: int


def _doubts(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Warnings by the path they speak of."""
    found: dict[str, list[str]] = defaultdict(list)
    for warning in content.get("warnings") or []:
        found[warning.get("where") or ""].append(warning["message"])
    return found


def _passages(content: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """path → (text, place); several passages of one field are put under one another."""
    found: dict[str, tuple[str, str]] = {}
    for passage in content.get("passages") or []:
        path = passage["path"]
        if path in found:
            text, place = found[path]
            other = passage["place"]
            found[path] = (
                f"{text}\n{passage['text']}",
                place if place == other or other in place else f"{place}・{other}",
            )
        else:
            found[path] = (passage["text"], passage["place"])
    return found


def _basic_rows(
    content: Mapping[str, Any],
    passages: Mapping[str, tuple[str, str]],
    doubts: Mapping[str, list[str]],
    changed: set[str],
) -> list[ReviewRow]:
    items = {item["key"]: item for item in at(content, "basic_info.items") or []}
    made = []
    for key, label in BASIC_LABELS.items():
        path = f"basic_info.{key}"
        item = items.get(key)
        made.append(
            ReviewField(
                path,
                label,
                FieldKind.FIGURE,
                basic_text(item),
                passages.get(path),
                list(doubts.get(path, ())),
                path in changed,
                as_of_words((item or {}).get("as_of")),
                str((item or {}).get("unit") or ""),
                key == YES_NO,
            )
        )
    return [ReviewRow(None, "", made)]


_ROW_WORDS = {
    "history": "経緯",
    "results": "成果",
    "challenges": "課題",
    "targets": "指標",
    "councils": "協議の場",
    "coordination.departments": "部署",
    "coordination.sectors": "部門",
    "long_term.rows": "期間",
    "schedule.rows": "時期",
    "special_matters": "事項",
}


def _rows(
    content: Mapping[str, Any],
    section: SectionKey,
    by_section: Mapping[SectionKey, list[ReviewField]],
    row_of: Mapping[str, str | None],
) -> list[ReviewRow]:
    grouped: dict[str | None, list[ReviewField]] = {}
    for each in by_section.get(section, []):
        grouped.setdefault(row_of[each.path], []).append(each)
    rows = []
    for path, made in grouped.items():
        title = ""
        if path is not None:
            list_path, _, position = path.rpartition(".")
            title = f"{_ROW_WORDS.get(list_path, '')} {int(position) + 1}"
        rows.append(ReviewRow(path, title, made))
    return rows


def review_of(draft: SheetDraft, content: Mapping[str, Any] | None = None) -> Review:
    """Everything the review screen shows of a draft (or of what a person has just typed: `content`)."""
    shown = draft.content if content is None else content
    passages, doubts = _passages(draft.as_read), _doubts(shown)
    changed = set(changed_paths(draft.as_read, shown))
    by_section: dict[SectionKey, list[ReviewField]] = defaultdict(list)
    row_of: dict[str, str | None] = {}
    for each in fields(dict(shown)):
        row_of[each.path] = each.row
        by_section[each.section].append(
            ReviewField(
                each.path,
                each.label,
                each.kind,
                each.text,
                passages.get(each.path),
                list(doubts.get(each.path, ())),
                each.path in changed,
            )
        )
    told = {path for path in doubts if path in row_of or path.removeprefix("basic_info.") in BASIC_LABELS}
    sections = []
    for key in SectionKey:
        rows = (
            _basic_rows(shown, passages, doubts, changed)
            if key is SectionKey.BASIC_INFO
            else _rows(shown, key, by_section, row_of)
        )
        own = [path for path in doubts if path not in told and (path == key.value or path.startswith(f"{key.value}."))]
        told.update(own)
        sections.append(
            ReviewSection(key, str(key.label), rows, [text for path in own for text in doubts[path]], list_paths(key))
        )
    places = {line: place for line, place, _ in draft.upload.lines}
    return Review(
        sections=sections,
        unassigned=[
            Unassigned(str(places.get(each["line"], f"{each['line']}行目")), each["text"])
            for each in shown.get("unassigned") or []
        ],
        general_doubts=[text for path, texts in doubts.items() if path not in told for text in texts],
        doubt_count=sum(len(texts) for texts in doubts.values()),
        changed_count=len(changed),
    )
