"""The fields of a sheet as a person reviews them: a flat list of paths, and edits put back under those paths.

A path is the one the reader uses for its passages: "results.0.target", "basic_info.population",
"challenges.1.roles.medical". Content is the JSON of docs/guide/sheet-json.md for one sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nimo.community.sheets.choices import SectionKey

Content = dict[str, Any]


class FieldKind(StrEnum):
    LINE = "line"
    TEXT = "text"
    LIST = "list"
    QUANTITY = "quantity"
    FIGURE = "figure"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Field:
    """One editable value. `text` is what stands in the box: "" where nothing was read."""

    section: SectionKey
    path: str
    label: str
    kind: FieldKind
    text: str
    row: str | None = None
    """The row it belongs to ("results.0"), so that a screen can group the fields of a row and remove the row."""


_TEXTS = {
    SectionKey.LEAD: "表紙のことば",
    SectionKey.ACTIVITIES: "取組内容",
    SectionKey.OVERVIEW: "取組概要",
    SectionKey.STRENGTHS: "特徴（強み）",
    SectionKey.OTHER_MATTERS: "その他事項",
}

_ROLES = (
    ("roles.government", "行政の役割", FieldKind.TEXT),
    ("roles.medical", "医療の役割", FieldKind.TEXT),
    ("roles.welfare", "福祉の役割", FieldKind.TEXT),
    ("roles.other", "その他関係機関・住民等の役割", FieldKind.TEXT),
)
_PERIODS = (
    ("period", "時期", FieldKind.LINE),
    ("content", "実施内容", FieldKind.TEXT),
    ("actions", "具体的な取組", FieldKind.TEXT),
)

# section → rows: (path of the list, (name, label, kind) of each cell)
_ROWS: dict[SectionKey, tuple[tuple[str, tuple[tuple[str, str, FieldKind], ...]], ...]] = {
    SectionKey.HISTORY: (("history", (("period", "時期", FieldKind.LINE), ("text", "経緯", FieldKind.TEXT))),),
    SectionKey.RESULTS: (
        (
            "results",
            (
                ("indicator", "指標", FieldKind.TEXT),
                ("target", "目標値", FieldKind.QUANTITY),
                ("actual", "実績値", FieldKind.QUANTITY),
                ("effect", "具体的な成果・効果", FieldKind.TEXT),
            ),
        ),
    ),
    SectionKey.CHALLENGES: (
        (
            "challenges",
            (("challenge", "課題", FieldKind.TEXT), ("policy", "取組方針", FieldKind.TEXT), *_ROLES),
        ),
    ),
    SectionKey.TARGETS: (
        (
            "targets",
            (
                ("indicator", "指標", FieldKind.TEXT),
                ("current", "現状値", FieldKind.QUANTITY),
                ("target", "目標値", FieldKind.QUANTITY),
                ("expected_effect", "見込んでいる成果・効果", FieldKind.TEXT),
            ),
        ),
    ),
    SectionKey.COORDINATION: (
        (
            "coordination.departments",
            (
                ("owner", "所管部署", FieldKind.LINE),
                ("owner_work", "所管部署の業務", FieldKind.TEXT),
                ("partner", "連携部署", FieldKind.LINE),
                ("partner_work", "連携部署の業務", FieldKind.TEXT),
            ),
        ),
        (
            "coordination.sectors",
            (
                ("sector", "部門", FieldKind.LINE),
                ("state", "連携状況", FieldKind.TEXT),
                ("note", "強み・課題等", FieldKind.TEXT),
            ),
        ),
    ),
    SectionKey.COUNCILS: (
        (
            "councils",
            (
                ("name", "名称", FieldKind.TEXT),
                ("members", "構成員（1行に一つ）", FieldKind.LIST),
                ("frequency", "開催頻度", FieldKind.LINE),
                ("content", "実施内容", FieldKind.TEXT),
                ("note", "特記事項等", FieldKind.TEXT),
            ),
        ),
    ),
    SectionKey.LONG_TERM: (("long_term.rows", _PERIODS),),
    SectionKey.SCHEDULE: (("schedule.rows", _PERIODS),),
    SectionKey.SPECIAL_MATTERS: (
        (
            "special_matters",
            (
                ("matter", "考えられる事項", FieldKind.TEXT),
                ("when", "想定される時期", FieldKind.LINE),
                ("action", "実施する内容", FieldKind.TEXT),
            ),
        ),
    ),
}

# section → single fields beside its rows
_SINGLES: dict[SectionKey, tuple[tuple[str, str, FieldKind], ...]] = {
    SectionKey.COORDINATION: (("coordination.system", "にも包括構築の体制", FieldKind.TEXT),),
    SectionKey.LONG_TERM: (
        ("long_term.until_fiscal_year", "事業利用予定の最後の年度", FieldKind.YEAR),
        ("long_term.goal", "長期目標", FieldKind.TEXT),
    ),
    SectionKey.SCHEDULE: (
        ("schedule.short_term_goal", "短期目標（今年度）", FieldKind.TEXT),
        ("schedule.small_steps", "スモールステップ", FieldKind.TEXT),
    ),
}

BASIC_LABELS: dict[str, str] = {
    "disability_welfare_areas": "障害保健福祉圏域数",
    "municipalities": "市町村数",
    "population": "人口",
    "psychiatric_hospitals": "精神科病院の数",
    "psychiatric_beds": "精神科病床数",
    "inpatients": "入院精神障害者数（合計）",
    "inpatients_under_3_months": "入院精神障害者数（3か月未満）",
    "inpatients_3_to_12_months": "入院精神障害者数（3か月以上1年未満）",
    "inpatients_over_1_year": "入院精神障害者数（1年以上）",
    "inpatients_over_1_year_65_and_over": "1年以上のうち65歳以上",
    "inpatients_over_1_year_under_65": "1年以上のうち65歳未満",
    "core_consultation_centres": "基幹相談支援センター数",
    "general_consultation_offices": "一般相談支援事業所数",
    "specific_consultation_offices": "特定相談支援事業所数",
    "health_centres": "保健所数",
    "council_frequency": "自立支援協議会の開催頻度",
    "has_mental_health_subcommittee": "精神領域に関する議論を行う部会の有無",
    "councils_prefecture": "協議の場（都道府県）",
    "councils_area": "協議の場（障害保健福祉圏域）",
    "councils_municipality": "協議の場（市町村）",
}


def at(content: Mapping[str, Any], path: str) -> Any:
    """The value under a path of keys and list positions; None where the path leads nowhere."""
    here: Any = content
    for part in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here


def put(content: Content, path: str, value: Any) -> None:
    """Sets the value under a path; missing dictionaries on the way are made, list positions must exist."""
    *way, last = path.split(".")
    here: Any = content
    for part in way:
        if isinstance(here, list):
            here = here[int(part)]
        else:
            if here.get(part) is None:
                here[part] = {}
            here = here[part]
    if isinstance(here, list):
        here[int(last)] = value
    else:
        here[last] = value


def shown(value: Any, kind: FieldKind) -> str:
    """What stands in the box for a stored value."""
    if value is None:
        return ""
    if kind is FieldKind.LIST:
        return "\n".join(str(item) for item in value)
    if kind is FieldKind.QUANTITY:
        return str(value.get("raw") or "")
    return str(value)


def section_fields(content: Content, section: SectionKey) -> Iterator[Field]:
    """The editable fields of a chapter, in reading order. Basic info has its own form (`basic_items`)."""
    if section in _TEXTS:
        yield Field(
            section, section.value, _TEXTS[section], FieldKind.TEXT, shown(at(content, section.value), FieldKind.TEXT)
        )
    for path, label, kind in _SINGLES.get(section, ()):
        yield Field(section, path, label, kind, shown(at(content, path), kind))
    for list_path, cells in _ROWS.get(section, ()):
        for index, row in enumerate(at(content, list_path) or []):
            for name, label, kind in cells:
                yield Field(
                    section,
                    f"{list_path}.{index}.{name}",
                    label,
                    kind,
                    shown(at(row, name), kind),
                    f"{list_path}.{index}",
                )


def fields(content: Content) -> Iterator[Field]:
    """Every editable field but those of the basic-info block."""
    for section in SectionKey:
        yield from section_fields(content, section)


def basic_items(content: Content) -> list[dict[str, Any]]:
    """The items of the basic-info block as stored; [] where the block is absent (absent is not zero)."""
    return list(at(content, "basic_info.items") or [])


def list_paths(section: SectionKey) -> list[str]:
    """Which lists of a chapter can get another row."""
    return [path for path, _ in _ROWS.get(section, ())]


def row_cells(list_path: str) -> tuple[tuple[str, str, FieldKind], ...]:
    """(name, label, kind) of each cell of a row, in the order of the form. ValueError for a list it does not have."""
    for rows in _ROWS.values():
        for path, cells in rows:
            if path == list_path:
                return cells
    raise ValueError(list_path)


def with_row(content: Content, list_path: str) -> Content:
    """A copy with one empty row added at the end. ValueError for a list the form does not have."""
    row: Content = {}
    for name, _, kind in row_cells(list_path):
        empty: Any = [] if kind is FieldKind.LIST else None
        if kind is FieldKind.QUANTITY:
            empty = {"raw": None, "values": [], "qualifier": None}
        put(row, name, empty)
    changed = deepcopy(content)
    put(changed, list_path, [*(at(changed, list_path) or []), row])
    return changed


def without_row(content: Content, row_path: str) -> Content:
    """A copy without one row. ValueError where there is no such row."""
    list_path, _, position = row_path.rpartition(".")
    rows = at(content, list_path)
    if not isinstance(rows, list) or not position.isdecimal() or int(position) >= len(rows):
        raise ValueError(row_path)
    changed = deepcopy(content)
    put(changed, list_path, [row for index, row in enumerate(rows) if index != int(position)])
    return changed


def is_empty(content: Mapping[str, Any], section: SectionKey) -> bool:
    """Does the chapter hold nothing at all? Then it gets no row of its own and cannot be published."""
    value = content.get(section.value)
    if section is SectionKey.BASIC_INFO:
        return not (value and value.get("items"))
    if section is SectionKey.COORDINATION:
        return not (value and (value.get("system") or value.get("departments") or value.get("sectors")))
    if section in {SectionKey.LONG_TERM, SectionKey.SCHEDULE}:
        return not value or not any(value.get(key) for key in ("goal", "short_term_goal", "small_steps", "rows"))
    return not value
