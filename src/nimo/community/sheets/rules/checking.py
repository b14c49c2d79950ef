"""Is a written sheet complete, and does it agree with itself? Findings with the field they belong to. Pure.

STOP: the sheet cannot be sent on. LOOK: a person should look again; nothing is stopped, nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.rules.carrying import Suggestion
from nimo.community.sheets.rules.comparing import named
from nimo.community.sheets.rules.fields import BASIC_LABELS, basic_items, is_empty
from nimo.core.numbers import format_number, share_of

LONG_TEXT = 3_000
"""Characters from which a text will flow over to a next slide: said, never cut."""


class Severity(Enum):
    STOP = "stop"
    LOOK = "look"

    @property
    def label(self) -> str:
        return {Severity.STOP: "直すまで回せません", Severity.LOOK: "確かめてください"}[self]


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, in which field (`path`, as in the editor) of which chapter."""

    severity: Severity
    section: SectionKey
    path: str
    message: str


_PARTS = ("inpatients_under_3_months", "inpatients_3_to_12_months", "inpatients_over_1_year")
_AGES = ("inpatients_over_1_year_65_and_over", "inpatients_over_1_year_under_65")
_SHARE_SUM = (Decimal("99.9"), Decimal("100.1"))
_NEEDED_FIGURES = ("population", "psychiatric_hospitals", "psychiatric_beds", *_PARTS, "inpatients")


def _number(item: Mapping[str, Any] | None) -> Decimal | None:
    value = (item or {}).get("value")
    return None if value is None or isinstance(value, bool) else Decimal(str(value))


def _sum_check(items: Mapping[str, Mapping[str, Any]], whole: str, parts: Sequence[str]) -> Iterator[Check]:
    total = _number(items.get(whole))
    numbers = [_number(items.get(part)) for part in parts]
    if total is None or any(number is None for number in numbers):
        return
    if len({items[key].get("coverage") for key in (whole, *parts)}) > 1:
        return
    added = sum((number for number in numbers if number is not None), Decimal(0))
    if added != total:
        yield Check(
            Severity.LOOK,
            SectionKey.BASIC_INFO,
            f"basic_info.{whole}",
            f"{BASIC_LABELS[whole]}は{format_number(total)}ですが、内訳を足すと{format_number(added)}です。",
        )


def _shares(items: Mapping[str, Mapping[str, Any]]) -> Iterator[Check]:
    total = _number(items.get("inpatients"))
    given = [(key, items[key].get("share"), _number(items[key])) for key in _PARTS if key in items]
    shares = [Decimal(str(share)) for _, share, _ in given if share is not None]
    if len(shares) == len(_PARTS) and not _SHARE_SUM[0] <= sum(shares, Decimal(0)) <= _SHARE_SUM[1]:
        yield Check(
            Severity.LOOK,
            SectionKey.BASIC_INFO,
            "basic_info.inpatients",
            f"構成割合の合計が{format_number(sum(shares, Decimal(0)))}%です。",
        )
    for key, share, number in given:
        if share is None or number is None or number < 0 or not total or total < 0:
            continue
        expected = share_of(number, total)
        if Decimal(str(share)) != expected:
            yield Check(
                Severity.LOOK,
                SectionKey.BASIC_INFO,
                f"basic_info.{key}",
                f"構成割合は{share}%と書かれていますが、人数から計算すると{format_number(expected)}%です。",
            )


def _basic(content: Mapping[str, Any]) -> Iterator[Check]:
    items = {item["key"]: item for item in basic_items(dict(content))}
    for key in _NEEDED_FIGURES:
        if _number(items.get(key)) is None:
            yield Check(
                Severity.LOOK,
                SectionKey.BASIC_INFO,
                f"basic_info.{key}",
                f"「{BASIC_LABELS[key]}」が空です。分からないときは空のままで構いません（0にはしません）。",
            )
    for key, item in items.items():
        if key in BASIC_LABELS and (_number(item) is not None or item.get("values")) and not item.get("as_of"):
            yield Check(
                Severity.LOOK,
                SectionKey.BASIC_INFO,
                f"basic_info.{key}.as_of",
                f"「{BASIC_LABELS[key]}」の時点が空です。いつの数値か分かるようにしてください。",
            )
    yield from _sum_check(items, "inpatients", _PARTS)
    yield from _sum_check(items, "inpatients_over_1_year", _AGES)
    yield from _shares(items)
    inpatients, beds = _number(items.get("inpatients")), _number(items.get("psychiatric_beds"))
    if inpatients is not None and beds is not None and inpatients > beds:
        yield Check(
            Severity.LOOK,
            SectionKey.BASIC_INFO,
            "basic_info.inpatients",
            f"入院精神障害者数（{format_number(inpatients)}人）が精神科病床数（{format_number(beds)}床）を超えています。住所地と所在地の数が混ざっていないか確かめてください。",
        )


def _cell_filled(cell: Any) -> bool:
    return bool(cell and (cell.get("values") or (cell.get("raw") or "").strip()))


_CELL_WORDS = {
    "target": "目標値",
    "actual": "実績値",
    "current": "現状値",
    "indicator": "指標",
}


def _indicator_rows(content: Mapping[str, Any], key: str, cells: tuple[str, ...]) -> Iterator[Check]:
    section = SectionKey(key)
    seen: set[str] = set()
    for index, row in enumerate(content.get(key) or []):
        name = named(row, key)
        filled = [cell for cell in cells if _cell_filled(row.get(cell))]
        if not name and filled:
            yield Check(
                Severity.STOP,
                section,
                f"{key}.{index}.indicator",
                f"{index + 1}行目に数値がありますが、指標の名前が空です。",
            )
        if name and name in seen:
            yield Check(
                Severity.LOOK,
                section,
                f"{key}.{index}.indicator",
                f"「{row['indicator']}」が二度あります。来年度の引き継ぎで取り違えるもとになります。",
            )
        seen.add(name)
        for cell in cells:
            if name and cell not in filled:
                yield Check(
                    Severity.LOOK,
                    section,
                    f"{key}.{index}.{cell}",
                    f"「{row['indicator']}」の{_CELL_WORDS[cell]}が空です。",
                )


def _challenges(content: Mapping[str, Any]) -> Iterator[Check]:
    for index, row in enumerate(content.get("challenges") or []):
        if row.get("challenge") and not row.get("policy"):
            yield Check(
                Severity.LOOK,
                SectionKey.CHALLENGES,
                f"challenges.{index}.policy",
                f"課題{index + 1}に取組方針がありません。",
            )
        if row.get("challenge") and not any((row.get("roles") or {}).values()):
            yield Check(
                Severity.LOOK,
                SectionKey.CHALLENGES,
                f"challenges.{index}.roles.government",
                f"課題{index + 1}について、だれが何をするか（役割）が一つも書かれていません。",
            )


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{path}.{index}")


def _long_texts(content: Mapping[str, Any], sections: Iterable[SectionKey]) -> Iterator[Check]:
    for section in sections:
        for path, text in _texts(content.get(section.value), section.value):
            if len(text) > LONG_TEXT:
                yield Check(
                    Severity.LOOK,
                    section,
                    path,
                    f"文が{len(text):,}文字あります。書き出すと次のスライドに続きます（切れることはありません）。",
                )


def _blank(content: Mapping[str, Any], section: SectionKey) -> bool:
    """Nothing in the chapter but what the form prints itself (the quarters of the year)."""
    if section is SectionKey.SCHEDULE and content.get("schedule"):
        plan = content["schedule"]
        rows = plan.get("rows") or []
        return not (
            plan.get("short_term_goal")
            or plan.get("small_steps")
            or plan.get("unaligned")
            or any(row.get("content") or row.get("actions") for row in rows)
        )
    return is_empty(content, section)


def checks(
    content: Mapping[str, Any],
    sections: Sequence[SectionKey],
    *,
    offered: Sequence[Suggestion] = (),
    unexplained: Sequence[str] = (),
    moved_figures: Mapping[str, str] | None = None,
) -> list[Check]:
    """Everything to be said about a sheet before it is sent on, in the order of the form.

    sections: the chapters of its layout. offered: figures of last year nobody has taken or left. unexplained: indicators
    that went without a reason. moved_figures: {basic-info key: today's figure} where the store changed after it was filled.
    """
    found: list[Check] = []
    for section in sections:
        if section is SectionKey.LEAD or section is SectionKey.OTHER_MATTERS:
            continue
        if _blank(content, section):
            found.append(Check(Severity.LOOK, section, section.value, f"「{section.label}」に何も書かれていません。"))
    if all(_blank(content, section) for section in sections):
        found.append(Check(Severity.STOP, sections[0], sections[0].value, "まだ何も書かれていません。"))
    found += _basic(content) if SectionKey.BASIC_INFO in sections else ()
    found += _indicator_rows(content, "results", ("target", "actual"))
    found += _indicator_rows(content, "targets", ("current", "target"))
    found += _challenges(content)
    for key, today in (moved_figures or {}).items():
        found.append(
            Check(
                Severity.LOOK,
                SectionKey.BASIC_INFO,
                f"basic_info.{key}",
                f"「{BASIC_LABELS[key]}」は、埋めたあとで指標の値が変わりました（今の値: {today}）。どちらを載せるか確かめてください。",
            )
        )
    for name in unexplained:
        found.append(
            Check(
                Severity.STOP,
                SectionKey.RESULTS,
                "results",
                f"昨年度の指標「{name}」が今年度の成果にありません。載せるか、やめた理由を記録してください。",
            )
        )
    for one in offered:
        if one.certain:
            found.append(
                Check(
                    Severity.LOOK,
                    SectionKey.TARGETS,
                    one.path,
                    f"「{one.label}」の現状値に、昨年度の実績（{one.text}）を引き継ぐかどうか、まだ決めていません。",
                )
            )
    found += _long_texts(content, sections)
    order = {section: index for index, section in enumerate(sections)}
    return sorted(found, key=lambda one: (order.get(one.section, len(order)), one.severity is Severity.LOOK))


def stops(found: Iterable[Check]) -> list[Check]:
    """Those that keep the sheet from being sent on."""
    return [one for one in found if one.severity is Severity.STOP]


def filled_share(content: Mapping[str, Any], sections: Sequence[SectionKey]) -> tuple[int, int]:
    """(chapters with something in them, chapters of the form)."""
    return sum(not _blank(content, section) for section in sections), len(sections)
