"""Corrections by a person, put into a sheet's content. Nothing is guessed: what cannot be read is an error beside its box."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from nimo.community.sheets.rules.fields import BASIC_LABELS, Content, Field, FieldKind, at, fields, put
from nimo.core.eras import parse_partial_date, to_wareki
from nimo.core.fiscal import FiscalYear, parse_fiscal_year
from nimo.core.numbers import NumberWithUnit, parse_quantities
from nimo.core.text import is_not_filled, normalise

BASIC_UNITS: dict[str, str] = {
    "population": "人",
    "inpatients": "人",
    "inpatients_under_3_months": "人",
    "inpatients_3_to_12_months": "人",
    "inpatients_over_1_year": "人",
    "inpatients_over_1_year_65_and_over": "人",
    "inpatients_over_1_year_under_65": "人",
    "psychiatric_hospitals": "病院",
    "psychiatric_beds": "床",
    "council_frequency": "回",
}
SEVERAL_COUNTS = "council_frequency"
YES_NO = "has_mental_health_subcommittee"


@dataclass(frozen=True, slots=True)
class EditError:
    """Why a box was not taken over; the text stays in the box."""

    path: str
    message: str


def json_number(number: NumberWithUnit) -> int | str:
    """Integers as they are; a decimal as its exact text (JSON has no exact decimals)."""
    return number.value if isinstance(number.value, int) else str(number.value)


def quantity(raw: str) -> Content:
    """A cell typed by a person, in the shape the reader gives: {"raw", "values", "qualifier", "coverage"?}."""
    parsed = parse_quantities(raw)
    made: Content = {
        "raw": raw or None,
        "values": [
            {
                key: value
                for key, value in (
                    ("value", json_number(number)),
                    ("unit", number.unit),
                    ("per", number.per),
                    ("label", number.label),
                )
                if value is not None or key == "unit"
            }
            for number in parsed.values
        ],
        "qualifier": parsed.qualifier,
    }
    if parsed.coverage:
        made["coverage"] = parsed.coverage
    return made


def _typed(field: Field, text: str) -> tuple[Any, str | None]:
    """(value to store, error)."""
    stripped = text.strip()
    if field.kind is FieldKind.QUANTITY:
        return quantity(stripped), None
    if field.kind is FieldKind.LIST:
        return [line.strip() for line in text.splitlines() if line.strip()], None
    if field.kind is FieldKind.YEAR:
        if not stripped:
            return None, None
        year = parse_fiscal_year(stripped)
        if year is None:
            return None, "年度として読めません。「令和8年度」「R8」「2026」のように入れてください。"
        return year.year, None
    return text.replace("\r\n", "\n").strip("\n") or None, None


def as_of_code(text: str) -> str | None:
    """ "令和6年5月時点" → "2024-05", "令和5年度" → "FY2023"; None where it cannot be read."""
    stripped = text.strip()
    if stripped.upper().startswith("FY") and stripped[2:].isdecimal():
        return stripped.upper()
    day = parse_partial_date(stripped)
    if day is not None and "年度" not in normalise(stripped):
        return day.iso
    year = parse_fiscal_year(stripped)
    return f"FY{year.year}" if year else None


def as_of_words(code: str | None) -> str:
    """ "2024-05" → "令和6年5月", "FY2023" → "令和5年度"; "" where none is known."""
    if not code:
        return ""
    if code.startswith("FY"):
        return FiscalYear(int(code[2:])).label
    day = parse_partial_date(code)
    return to_wareki(day) if day else code


def _basic_value(key: str, text: str, item: Content) -> str | None:
    """Puts a typed figure into a basic-info item; returns the error."""
    stripped = text.strip()
    item["raw"] = stripped or None
    item["values"], item["value"] = [], None
    if not stripped or is_not_filled(stripped):
        return None
    if key == YES_NO:
        if stripped not in {"有", "無"}:
            return "「有」か「無」を選んでください。"
        item["value"] = stripped == "有"
        return None
    parsed = parse_quantities(stripped)
    counts = [number for number in parsed.values if number.unit != "%"]
    if key == SEVERAL_COUNTS:
        item["values"] = quantity(stripped)["values"]
        return None if counts else "回数が読めません。「全体会2回 専門部会12回」のように入れてください。"
    if len(counts) != 1 or counts[0].per is not None:
        return "数字を一つだけ入れてください（例: 222,364）。分からないときは空のままにします。"
    item["value"] = json_number(counts[0])
    item["unit"] = counts[0].unit or item.get("unit") or BASIC_UNITS.get(key, "か所")
    if parsed.coverage:
        item["coverage"] = parsed.coverage
    shares = [number for number in parsed.values if number.unit == "%"]
    if shares:
        item["share"] = float(shares[0].value)
    return None


def basic_text(item: Mapping[str, Any] | None) -> str:
    """What stands in the box of a basic-info figure."""
    if item is None:
        return ""
    if item.get("key") == YES_NO:
        said = item.get("value")
        return ("有" if said else "無") if isinstance(said, bool) else ""
    if item.get("values"):
        return str(item.get("raw") or "")
    return "" if item.get("value") is None else str(item["value"])


def _apply_basic(content: Content, edits: Mapping[str, str]) -> list[EditError]:
    errors: list[EditError] = []
    block = content.setdefault("basic_info", {"present": False, "items": []})
    items = {item["key"]: item for item in block["items"]}
    for key in BASIC_LABELS:
        given, as_of = edits.get(f"basic_info.{key}"), edits.get(f"basic_info.{key}.as_of")
        known = items.get(key)
        if (given is None and as_of is None) or (known is None and not (given or "").strip()):
            continue
        item = known if known is not None else {"key": key, "as_of": None, "unit": BASIC_UNITS.get(key, "か所")}
        if given is not None and (given.strip() != basic_text(known) or known is None):
            problem = _basic_value(key, given, item)
            if problem:
                errors.append(EditError(f"basic_info.{key}", problem))
                continue
            item.pop("share", None) if "%" not in normalise(given) else None
        if as_of is not None and as_of.strip() != as_of_words(item.get("as_of")):
            code = as_of_code(as_of) if as_of.strip() else None
            if as_of.strip() and code is None:
                errors.append(
                    EditError(
                        f"basic_info.{key}.as_of",
                        "時点として読めません。「令和6年5月」「令和5年度」のように入れてください。",
                    )
                )
                continue
            item["as_of"] = code
        if known is None:
            block["items"].append(item)
            block["present"] = True
    order = list(BASIC_LABELS)
    block["items"].sort(key=lambda item: order.index(item["key"]) if item["key"] in order else len(order))
    return errors


def apply_edits(content: Content, edits: Mapping[str, str]) -> tuple[Content, list[EditError]]:
    """A copy of the content with the typed texts put in. Paths the form does not know are ignored.

    With errors the copy is not to be saved: the caller shows the form again with every text as typed.
    """
    changed = deepcopy(content)
    errors = _apply_basic(changed, edits)
    for field in list(fields(content)):
        if field.path not in edits or edits[field.path].replace("\r\n", "\n") == field.text:
            continue
        value, problem = _typed(field, edits[field.path])
        if problem:
            errors.append(EditError(field.path, problem))
        else:
            put(changed, field.path, value)
    return changed, errors


def changed_paths(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Which fields a person changed, for the audit and for the mark 「直した」 on the review screen."""
    paths = {field.path for field in fields(dict(before))} | {field.path for field in fields(dict(after))}
    different = [path for path in paths if at(before, path) != at(after, path)]
    old = {item["key"]: item for item in at(before, "basic_info.items") or []}
    new = {item["key"]: item for item in at(after, "basic_info.items") or []}
    compared = ("value", "values", "as_of", "unit", "coverage")
    different += [
        f"basic_info.{key}"
        for key in {**old, **new}
        if [old.get(key, {}).get(name) for name in compared] != [new.get(key, {}).get(name) for name in compared]
    ]
    return sorted(different)
