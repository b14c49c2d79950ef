"""A sheet's JSON (docs/guide/sheet-json.md) as a reading again; what is missing in it is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from nimo.community.sheets.formats.model import (
    BasicInfo,
    BasicInfoItem,
    Challenge,
    Coordination,
    CouncilRow,
    Department,
    HistoryEntry,
    LongTerm,
    PeriodRow,
    Quantity,
    ResultRow,
    Roles,
    Schedule,
    Sector,
    SheetReading,
    SpecialMatter,
    TargetRow,
    Unassigned,
    Value,
)

Json = Mapping[str, Any]


def reading_of(sheet: Json) -> SheetReading:
    """One sheet. Columns of a newer layout are kept in `more`. Warnings and passages are the reader's, not the sheet's."""
    coordination = sheet.get("coordination") or {}
    return SheetReading(
        prefecture=sheet.get("prefecture"),
        municipality=sheet.get("municipality"),
        fiscal_year=sheet.get("fiscal_year"),
        fiscal_year_evidence=sheet.get("fiscal_year_evidence"),
        layout=sheet.get("layout"),
        lead=sheet.get("lead"),
        basic_info=_basic_info(sheet.get("basic_info") or {}),
        activities=sheet.get("activities"),
        overview=sheet.get("overview"),
        special_matters=[
            SpecialMatter(row.get("matter"), row.get("when"), row.get("action"), _more(row, "matter", "when", "action"))
            for row in _rows(sheet, "special_matters")
        ],
        other_matters=sheet.get("other_matters"),
        history=[
            HistoryEntry(row.get("period"), row.get("text"), _more(row, "period", "text"))
            for row in _rows(sheet, "history")
        ],
        results=[_result(row) for row in _rows(sheet, "results")],
        strengths=sheet.get("strengths"),
        challenges=[_challenge(row) for row in _rows(sheet, "challenges")],
        targets=[_target(row) for row in _rows(sheet, "targets")],
        coordination=Coordination(
            coordination.get("system"),
            [_department(row) for row in _rows(coordination, "departments")],
            [_sector(row) for row in _rows(coordination, "sectors")],
        ),
        councils=[_council(row) for row in _rows(sheet, "councils")],
        long_term=_long_term(sheet.get("long_term")),
        schedule=_schedule(sheet.get("schedule")),
        unassigned=[Unassigned(row.get("line") or 0, row["text"]) for row in _rows(sheet, "unassigned")],
    )


def number(value: Any) -> int | Decimal | bool | None:
    """A JSON number as exactly as it was written: 17.1 is 17.1; a text ("17.1") is a number too."""
    if value is None or isinstance(value, bool | int):
        return value
    return Decimal(str(value))


def _rows(sheet: Json, name: str) -> list[Json]:
    return list(sheet.get(name) or [])


def _more(row: Json, *known: str) -> dict[str, str | None]:
    return {key: value for key, value in row.items() if key not in known}


def _values(raw: Json) -> list[Value]:
    found = []
    for one in raw.get("values") or []:
        value = number(one.get("value"))
        if value is not None:
            found.append(Value(value, one.get("unit"), one.get("per"), one.get("label"), one.get("coverage")))
    return found


def _quantity(raw: Json | None) -> Quantity:
    raw = raw or {}
    return Quantity(raw.get("raw"), _values(raw), raw.get("qualifier"), raw.get("coverage"))


def _basic_info(raw: Json) -> BasicInfo:
    items = [
        BasicInfoItem(
            key=item["key"],
            as_of=item.get("as_of"),
            value=number(item.get("value")),
            unit=item.get("unit"),
            raw=item.get("raw"),
            share=Decimal(str(item["share"])) if item.get("share") is not None else None,
            values=_values(item),
            coverage=item.get("coverage"),
        )
        for item in raw.get("items") or []
    ]
    return BasicInfo(bool(raw.get("present", items)), items)


def _result(row: Json) -> ResultRow:
    more = _more(row, "mark", "indicator", "target", "actual", "effect")
    target, actual = _quantity(row.get("target")), _quantity(row.get("actual"))
    return ResultRow(row.get("mark"), row.get("indicator"), target, actual, row.get("effect"), more)


def _target(row: Json) -> TargetRow:
    more = _more(row, "mark", "indicator", "current", "target", "expected_effect")
    current, target = _quantity(row.get("current")), _quantity(row.get("target"))
    return TargetRow(row.get("mark"), row.get("indicator"), current, target, row.get("expected_effect"), more)


def _challenge(row: Json) -> Challenge:
    roles = row.get("roles") or {}
    return Challenge(
        row.get("challenge"),
        row.get("policy"),
        Roles(roles.get("government"), roles.get("medical"), roles.get("welfare"), roles.get("other")),
        _more(row, "challenge", "policy", "roles"),
    )


def _department(row: Json) -> Department:
    return Department(
        row.get("owner"),
        row.get("owner_work"),
        row.get("partner"),
        row.get("partner_work"),
        _more(row, "owner", "owner_work", "partner", "partner_work"),
    )


def _sector(row: Json) -> Sector:
    return Sector(row.get("sector") or "", row.get("state"), row.get("note"), _more(row, "sector", "state", "note"))


def _council(row: Json) -> CouncilRow:
    return CouncilRow(
        row.get("name"),
        list(row.get("members") or []),
        row.get("frequency"),
        row.get("content"),
        row.get("note"),
        _more(row, "name", "members", "frequency", "content", "note"),
    )


def _periods(rows: Iterable[Json]) -> list[PeriodRow]:
    return [
        PeriodRow(row.get("period"), row.get("content"), row.get("actions"), _more(row, "period", "content", "actions"))
        for row in rows
    ]


def _long_term(plan: Json | None) -> LongTerm | None:
    if plan is None:
        return None
    return LongTerm(
        plan.get("until_fiscal_year"),
        plan.get("until_raw"),
        plan.get("goal"),
        _periods(_rows(plan, "rows")),
        list(plan.get("unaligned") or []),
    )


def _schedule(schedule: Json | None) -> Schedule | None:
    if schedule is None:
        return None
    return Schedule(
        schedule.get("short_term_goal"),
        schedule.get("small_steps"),
        _periods(_rows(schedule, "rows")),
        bool(schedule.get("aligned", True)),
        list(schedule.get("unaligned") or []),
    )
