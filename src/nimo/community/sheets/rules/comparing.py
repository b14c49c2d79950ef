"""Two years of a sheet side by side: what stayed, what changed, what came and went. Pure.

Rows are brought together by what they are called, never by their position: 神奈川県の令和3年度シートでは、成果の③「研修の実施」
（実績3か所）と今年度の指標①「研修実施と理解度アンケート」（現状8か所）が並んでいて、順番や似た言葉では取り違える。
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.rules.edits import as_of_words, basic_text
from nimo.community.sheets.rules.fields import BASIC_LABELS, FieldKind, at, basic_items, section_fields
from nimo.core.text import fold

Change = Literal["same", "changed", "added", "removed"]

IDENTITY: dict[str, str] = {
    "history": "period",
    "results": "indicator",
    "challenges": "challenge",
    "targets": "indicator",
    "coordination.departments": "partner",
    "coordination.sectors": "sector",
    "councils": "name",
    "long_term.rows": "period",
    "schedule.rows": "period",
    "special_matters": "matter",
}
"""list → the cell that says what a row is about."""

ALIKE = 0.6
"""Two names at least this alike are offered to a person to choose from; they are never taken as the same."""


def named(row: Mapping[str, Any], list_path: str) -> str:
    """What a row is about, in the form in which names are compared; "" where it does not say."""
    return fold(str(row.get(IDENTITY[list_path]) or ""))


@dataclass(frozen=True, slots=True)
class Pairing:
    """One row of this year with its row of last year, by position; None where it has none.

    candidates: positions of last year's rows with a like name, for a person to look at.
    """

    now: int | None
    before: int | None
    candidates: tuple[int, ...] = ()


def pair_rows(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]], list_path: str) -> list[Pairing]:
    """Rows with exactly the same name (spelling apart) and no namesake on either side belong together.

    In the order of this year's rows, then what last year had and this year has not.
    """
    old = [named(row, list_path) for row in before]
    new = [named(row, list_path) for row in now]
    paired: list[Pairing] = []
    used: set[int] = set()
    for position, name in enumerate(new):
        if name and old.count(name) == 1 and new.count(name) == 1:
            match = old.index(name)
            used.add(match)
            paired.append(Pairing(position, match))
        else:
            alike = [
                index
                for index, other in enumerate(old)
                if name and other and (other == name or SequenceMatcher(None, other, name).ratio() >= ALIKE)
            ]
            paired.append(Pairing(position, None, tuple(alike)))
    gone = [
        Pairing(None, index)
        for index, name in enumerate(old)
        if index not in used and (name or any(before[index].values()))
    ]
    return [*paired, *gone]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two years. path: in this year's sheet, or in last year's where it was removed."""

    section: SectionKey
    path: str
    label: str
    row: str
    before: str
    now: str
    change: Change


def _change(before: str, now: str) -> Change:
    if fold(before) == fold(now):
        return "same"
    if not before.strip():
        return "added"
    return "changed" if now.strip() else "removed"


def _basic(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    old = {item["key"]: item for item in basic_items(dict(before))}
    new = {item["key"]: item for item in basic_items(dict(now))}
    for key, label in BASIC_LABELS.items():
        was, has = old.get(key), new.get(key)
        if was is None and has is None:
            continue
        texts = [
            f"{basic_text(item)}{(item or {}).get('unit') or ''}（{as_of_words(item.get('as_of'))}）"
            if item and basic_text(item)
            else ""
            for item in (was, has)
        ]
        if texts[0] or texts[1]:
            yield Difference(
                SectionKey.BASIC_INFO, f"basic_info.{key}", label, "", texts[0], texts[1], _change(texts[0], texts[1])
            )


def _texts(content: Mapping[str, Any], section: SectionKey) -> dict[str | None, dict[str, tuple[str, str, str]]]:
    """row path (None: single fields) → {name of the field: (path, label, text)}."""
    found: dict[str | None, dict[str, tuple[str, str, str]]] = {}
    for field in section_fields(dict(content), section):
        if field.kind is FieldKind.FIGURE:
            continue
        name = field.path.removeprefix(f"{field.row}.") if field.row else field.path
        found.setdefault(field.row, {})[name] = (field.path, field.label, field.text)
    return found


def _rows_of(content: Mapping[str, Any], list_path: str) -> list[Mapping[str, Any]]:
    return list(at(content, list_path) or [])


def _section(before: Mapping[str, Any], now: Mapping[str, Any], section: SectionKey) -> Iterator[Difference]:
    old, new = _texts(before, section), _texts(now, section)
    singles = {**old.get(None, {}), **new.get(None, {})}
    for name, (path, label, _) in singles.items():
        was = old.get(None, {}).get(name, ("", "", ""))[2]
        has = new.get(None, {}).get(name, ("", "", ""))[2]
        if was or has:
            yield Difference(section, path, label, "", was, has, _change(was, has))
    for list_path in (path for path in IDENTITY if path == section.value or path.startswith(f"{section.value}.")):
        rows_before, rows_now = _rows_of(before, list_path), _rows_of(now, list_path)
        for pairing in pair_rows(rows_before, rows_now, list_path):
            was_row = old.get(f"{list_path}.{pairing.before}", {}) if pairing.before is not None else {}
            now_row = new.get(f"{list_path}.{pairing.now}", {}) if pairing.now is not None else {}
            shown = (rows_now[pairing.now] if pairing.now is not None else rows_before[pairing.before or 0]).get(
                IDENTITY[list_path]
            )
            for name in {**was_row, **now_row}:
                path, label, has = now_row.get(name) or (*was_row[name][:2], "")
                was = was_row.get(name, ("", "", ""))[2]
                if was or has:
                    yield Difference(section, path, label, str(shown or ""), was, has, _change(was, has))


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """Every field that either year fills, in the order of the form."""
    found: list[Difference] = []
    for section in SectionKey:
        found += _basic(before, now) if section is SectionKey.BASIC_INFO else _section(before, now, section)
    return found


def unchanged_paths(before: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[str]:
    """Fields of this year that say what last year's said: marked 前年度と同じ (the quarters printed in the form are not)."""
    return frozenset(
        one.path
        for one in differences(before, now)
        if one.change == "same"
        and one.now.strip()
        and not (one.path.startswith("schedule.") and one.path.endswith(".period"))
    )
