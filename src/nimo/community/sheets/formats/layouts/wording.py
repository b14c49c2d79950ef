"""How a stored value is printed in a cell of the form, and read from it again: each function is the other's inverse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nimo.community.sheets.formats.layouts.model import CellKind
from nimo.community.sheets.formats.model import BasicInfoItem, Quantity
from nimo.community.sheets.formats.reading.basic_info import fill_numbers, truth
from nimo.community.sheets.formats.reading.basic_labels import UNITS
from nimo.community.sheets.formats.reading.draft import quantity_of
from nimo.community.sheets.formats.to_json import basic_item_to_json, quantity_to_json
from nimo.community.sheets.rules.edits import YES_NO, as_of_code, as_of_words
from nimo.core.characters import ROW_MARKS
from nimo.core.fiscal import FiscalYear, parse_fiscal_year
from nimo.core.numbers import parse_quantities
from nimo.core.text import is_not_filled

Json = dict[str, Any]

_MARK = rf"(?:[{ROW_MARKS}]|[(（][0-9０-９]{{1,2}}[)）]|[0-9０-９]{{1,2}}[.．)）])"
_MARKED = re.compile(rf"(?P<mark>{_MARK})\u3000(?P<text>.*)", re.DOTALL)
_ESCAPED = re.compile(rf"\u3000+{_MARK}\u3000")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Line ends as \\n; what no file format can carry (control characters) is left out, and told by `letters.findings`."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def has_controls(text: str) -> bool:
    return _CONTROLS.search(text) is not None


# -- texts -------------------------------------------------------------------------------------------------------------


def printed(value: Any, kind: CellKind) -> str:
    """What stands in the cell for a stored value; "" where there is none."""
    if value is None:
        return ""
    if kind == "quantity":
        return clean(str(value.get("raw") or ""))
    if kind == "list":
        return clean("\n".join(str(one) for one in value))
    return clean(str(value))


def said(text: str, kind: CellKind) -> Any:
    """The stored value of a cell. Blank is None (no members: an empty list)."""
    if kind == "list":
        return [line for line in text.split("\n") if line.strip()]
    if kind == "quantity":
        blank = not text.strip() or is_not_filled(text)
        return quantity_to_json(Quantity(None) if blank else quantity_of(text))
    return text if text.strip() else None


def with_mark(mark: str | None, text: str) -> str:
    """①　指標. A text that itself looks like that, without a mark, is moved in by one space."""
    if mark:
        return f"{mark}\u3000{text}"
    return f"\u3000{text}" if _MARKED.match(text) or _ESCAPED.match(text) else text


def split_mark(text: str) -> tuple[str | None, str]:
    found = _MARKED.fullmatch(text)
    if found:
        return found["mark"], found["text"]
    return None, text[1:] if _ESCAPED.match(text) else text


def guarded(text: str, continued: str) -> str:
    """A text that begins like the sign of a continued cell is moved in by one space."""
    return f"\u3000{text}" if text.lstrip("\u3000").startswith(continued) else text


def unguarded(text: str, continued: str) -> str:
    return text[1:] if text.startswith("\u3000") and text.lstrip("\u3000").startswith(continued) else text


# -- 事業利用予定年数 -----------------------------------------------------------------------------------------------------


def printed_until(plan: Mapping[str, Any]) -> str:
    """The words as they stood in the source, unless the year was corrected since."""
    year, raw = plan.get("until_fiscal_year"), plan.get("until_raw")
    if raw and (year is None or (found := parse_fiscal_year(raw)) is None or found.year == year):
        return clean(str(raw))
    return f"{FiscalYear(year).label}まで" if year is not None else ""


def said_until(text: str) -> Json:
    year = parse_fiscal_year(text) if text.strip() else None
    return {"until_fiscal_year": year.year if year else None, "until_raw": text if text.strip() else None}


# -- figures -----------------------------------------------------------------------------------------------------------


def printed_as_of(code: str | None) -> str:
    if not code:
        return ""
    words = as_of_words(code)
    return f"({words})" if words.endswith("年度") else f"({words}時点)"


def said_as_of(text: str) -> str | None:
    plain = text.strip().strip("()（）").removesuffix("時点").strip()
    return (as_of_code(plain) or plain) if plain else None


def printed_figure(item: Mapping[str, Any] | None) -> tuple[str, str]:
    """(the figure, its unit where the figure does not say it itself)."""
    if item is None:
        return "", ""
    raw, value = item.get("raw"), item.get("value")
    if not raw and isinstance(value, bool):
        raw = "有" if value else "無"
    elif not raw and value is not None:
        raw = f"{value} {item['share']}%" if item.get("share") is not None else str(value)
    text = clean(str(raw or ""))
    if not text or item.get("key") == YES_NO:
        return text, ""
    unit = str(item.get("unit") or "")
    names_it = any(found.unit == unit for found in parse_quantities(text).values)
    return text, "" if names_it else unit


def said_figure(key: str, as_of: str, text: str, unit: str) -> Json | None:
    """The item of the basic information; None where neither a figure nor its date stands there (absent, not zero)."""
    code = said_as_of(as_of)
    item = BasicInfoItem(key, code, None, UNITS.get(key), None)
    raw = text if text.strip() and not is_not_filled(text) else None
    if raw is None and code is None:
        return None
    if raw is not None:
        item.raw = raw
        if key == YES_NO:
            item.value, item.unit = truth(raw), None
        else:
            fill_numbers(item, key, None)
    if unit.strip() and key != YES_NO:
        item.unit = unit.strip()
    return basic_item_to_json(item)
