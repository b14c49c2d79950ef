"""As-of dates as precise as the source gives them: "2023-06-30", "2024-05", "2024", "FY2023", "" (not stated)."""

from __future__ import annotations

import re
from datetime import date

from nimo.core.eras import PartialDate, to_wareki
from nimo.core.fiscal import FiscalYear

_FISCAL = re.compile(r"FY([0-9]{4})")
_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class UnableToReadAsOf(ValueError):
    """The as-of text is none of the forms above."""


def _fiscal_year(as_of: str) -> FiscalYear | None:
    match = _FISCAL.fullmatch(as_of)
    return FiscalYear(int(match[1])) if match else None


def _partial(as_of: str) -> PartialDate:
    match = _PARTIAL.fullmatch(as_of)
    if match is None:
        raise UnableToReadAsOf(f"時点「{as_of}」は 2023-06-30、2024-05、2024、FY2023 のいずれかの形にしてください。")
    try:
        return PartialDate(*(int(part) for part in match.groups() if part is not None))
    except ValueError as error:
        raise UnableToReadAsOf(f"時点「{as_of}」は暦にない日付です。") from error


def check_as_of(as_of: str) -> None:
    """UnableToReadAsOf unless `as_of` is empty or one of the forms; also for years outside 明治 to 2199."""
    if not as_of:
        return
    try:
        year = _fiscal_year(as_of)
        if year is None:
            to_wareki(_partial(as_of))
    except UnableToReadAsOf:
        raise
    except ValueError as error:
        raise UnableToReadAsOf(f"時点「{as_of}」の年は扱えません。") from error


def fiscal_year_of(as_of: str) -> int | None:
    """The fiscal year a value belongs to; None where the as-of text leaves it open ("" or a calendar year alone)."""
    if not as_of:
        return None
    fiscal = _fiscal_year(as_of) or FiscalYear.of_partial(_partial(as_of))
    return None if fiscal is None else fiscal.year


def sortable(as_of: str, fiscal_year: int) -> date:
    """The last day the as-of text covers, for ordering only; an unstated one sorts at the start of its fiscal year."""
    if not as_of:
        return FiscalYear(fiscal_year).start
    fiscal = _fiscal_year(as_of)
    return fiscal.end if fiscal else _partial(as_of).last_day


def as_of_words(as_of: str) -> str:
    """令和5年6月30日（2023年）, 令和5年度（2023年度）; "" → 時点の記載なし."""
    if not as_of:
        return "時点の記載なし"
    fiscal = _fiscal_year(as_of)
    if fiscal:
        return fiscal.label_with_western
    partial = _partial(as_of)
    return f"{to_wareki(partial)}（{partial.year}年）"


def same_day_of_year(one: str, other: str) -> bool:
    """Are two as-of texts the same point of different years? 2023-06-30 and 2024-06-30: yes; 2024-05 and 2023-04: no."""
    if not one or not other:
        return False
    first, second = _fiscal_year(one), _fiscal_year(other)
    if first or second:
        return first is not None and second is not None
    return one[4:] == other[4:]
