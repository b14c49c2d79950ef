"""A reading as plain JSON values, in the shape of docs/guide/sheet-json.md."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from nimo.community.sheets.formats.model import (
    BasicInfo,
    BasicInfoItem,
    Coordination,
    LongTerm,
    PeriodRow,
    Quantity,
    Schedule,
    SheetReading,
    Value,
)

Json = dict[str, Any]


def to_json(readings: Iterable[SheetReading]) -> Json:
    """{"sheets": […]}; unknown is None, numbers are plain, decimals as exact as JSON allows."""
    return {"sheets": [sheet_to_json(reading) for reading in readings]}


def sheet_to_json(reading: SheetReading) -> Json:
    """One sheet."""
    return {
        "prefecture": reading.prefecture,
        "municipality": reading.municipality,
        "fiscal_year": reading.fiscal_year,
        "fiscal_year_evidence": reading.fiscal_year_evidence,
        "layout": reading.layout,
        "lead": reading.lead,
        "basic_info": _basic_info(reading.basic_info),
        "activities": reading.activities,
        "overview": reading.overview,
        "special_matters": [
            {"matter": row.matter, "when": row.when, "action": row.action, **row.more}
            for row in reading.special_matters
        ],
        "other_matters": reading.other_matters,
        "history": [{"period": entry.period, "text": entry.text, **entry.more} for entry in reading.history],
        "results": [
            {
                "mark": row.mark,
                "indicator": row.indicator,
                "target": quantity_to_json(row.target),
                "actual": quantity_to_json(row.actual),
                "effect": row.effect,
                **row.more,
            }
            for row in reading.results
        ],
        "strengths": reading.strengths,
        "challenges": [
            {
                "challenge": row.challenge,
                "policy": row.policy,
                "roles": {
                    "government": row.roles.government,
                    "medical": row.roles.medical,
                    "welfare": row.roles.welfare,
                    "other": row.roles.other,
                },
                **row.more,
            }
            for row in reading.challenges
        ],
        "targets": [
            {
                "mark": row.mark,
                "indicator": row.indicator,
                "current": quantity_to_json(row.current),
                "target": quantity_to_json(row.target),
                "expected_effect": row.expected_effect,
                **row.more,
            }
            for row in reading.targets
        ],
        "coordination": _coordination(reading.coordination),
        "councils": [
            {
                "name": row.name,
                "members": list(row.members),
                "frequency": row.frequency,
                "content": row.content,
                "note": row.note,
                **row.more,
            }
            for row in reading.councils
        ],
        "long_term": _long_term(reading.long_term),
        "schedule": _schedule(reading.schedule),
        "unassigned": [{"line": left.line, "text": left.text} for left in reading.unassigned],
        "warnings": [
            {"code": warning.code, "where": warning.where, "message": warning.message, "line": warning.line}
            for warning in reading.warnings
        ],
    }


def _number(value: int | Decimal | bool | None) -> int | float | bool | None:
    """JSON has no exact decimals; a short one such as 17.1 survives as the nearest float, which prints as 17.1 again."""
    return float(value) if isinstance(value, Decimal) else value


def _value(value: Value) -> Json:
    written: Json = {"value": _number(value.value), "unit": value.unit}
    for key, stated in (("per", value.per), ("label", value.label), ("coverage", value.coverage)):
        if stated is not None:
            written[key] = stated
    return written


def quantity_to_json(quantity: Quantity) -> Json:
    written: Json = {
        "raw": quantity.raw,
        "values": [_value(value) for value in quantity.values],
        "qualifier": quantity.qualifier,
    }
    if quantity.coverage is not None:
        written["coverage"] = quantity.coverage
    return written


def _basic_info(info: BasicInfo) -> Json:
    return {"present": info.present, "items": [basic_item_to_json(item) for item in info.items]}


def basic_item_to_json(item: BasicInfoItem) -> Json:
    written: Json = {
        "key": item.key,
        "as_of": item.as_of,
        "value": _number(item.value),
        "unit": item.unit,
        "raw": item.raw,
    }
    if item.share is not None:
        written["share"] = _number(item.share)
    if item.values:
        written["values"] = [_value(value) for value in item.values]
    if item.coverage is not None:
        written["coverage"] = item.coverage
    return written


def _coordination(coordination: Coordination) -> Json:
    return {
        "system": coordination.system,
        "departments": [
            {
                "owner": row.owner,
                "owner_work": row.owner_work,
                "partner": row.partner,
                "partner_work": row.partner_work,
                **row.more,
            }
            for row in coordination.departments
        ],
        "sectors": [
            {"sector": row.sector, "state": row.state, "note": row.note, **row.more} for row in coordination.sectors
        ],
    }


def _period_rows(rows: Iterable[PeriodRow]) -> list[Json]:
    return [{"period": row.period, "content": row.content, "actions": row.actions, **row.more} for row in rows]


def _long_term(plan: LongTerm | None) -> Json | None:
    if plan is None:
        return None
    written: Json = {
        "until_fiscal_year": plan.until_fiscal_year,
        "until_raw": plan.until_raw,
        "goal": plan.goal,
        "rows": _period_rows(plan.rows),
    }
    if plan.unaligned:
        written["unaligned"] = list(plan.unaligned)
    return written


def _schedule(schedule: Schedule | None) -> Json | None:
    if schedule is None:
        return None
    written: Json = {
        "short_term_goal": schedule.short_term_goal,
        "small_steps": schedule.small_steps,
        "rows": _period_rows(schedule.rows),
        "aligned": schedule.aligned,
    }
    if schedule.unaligned:
        written["unaligned"] = list(schedule.unaligned)
    return written
