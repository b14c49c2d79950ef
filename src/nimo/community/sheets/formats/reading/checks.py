"""Does the sheet agree with itself? Findings only: a contradiction is shown, never repaired."""

from __future__ import annotations

from decimal import Decimal

from nimo.community.sheets.formats.codes import FIELD_NAMES
from nimo.community.sheets.formats.model import BasicInfoItem
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.core.numbers import format_number, share_of

_PARTS = ("inpatients_under_3_months", "inpatients_3_to_12_months", "inpatients_over_1_year")
_AGES = ("inpatients_over_1_year_65_and_over", "inpatients_over_1_year_under_65")
_SHARE_SUM = (Decimal("99.9"), Decimal("100.1"))

Number = int | Decimal


class _Figures:
    """The numbers of the basic block that may be compared with each other."""

    def __init__(self, draft: Draft) -> None:
        self.items = {item.key: item for item in draft.reading.basic_info.items}

    def item(self, key: str) -> BasicInfoItem | None:
        return self.items.get(key)

    def number(self, key: str) -> Number | None:
        item = self.items.get(key)
        if item is None or item.value is None or isinstance(item.value, bool):
            return None
        return item.value

    def comparable(self, *keys: str) -> bool:
        """Figures of different coverage are never added or compared."""
        found = [self.items[key] for key in keys if key in self.items]
        return len({item.coverage for item in found}) <= 1


def check(draft: Draft) -> None:
    """Sums, shares and bounds of the basic block."""
    figures = _Figures(draft)
    _sum(draft, figures, "inpatients", _PARTS)
    _sum(draft, figures, "inpatients_over_1_year", _AGES)
    _shares(draft, figures)
    _bounds(draft, figures)


def _line(figures: _Figures, key: str) -> int | None:
    item = figures.item(key)
    return item.line if item else None


def _sum(draft: Draft, figures: _Figures, whole: str, parts: tuple[str, ...]) -> None:
    total = figures.number(whole)
    numbers = [number for key in parts if (number := figures.number(key)) is not None]
    if total is None or len(numbers) != len(parts) or not figures.comparable(whole, *parts):
        return
    added = sum(numbers, Decimal(0))
    if added != total:
        draft.warn(
            "inconsistent_sum",
            f"basic_info.{whole}",
            _line(figures, whole),
            field=FIELD_NAMES[whole],
            sum=_plain(added),
            total=_plain(total),
        )


def _shares(draft: Draft, figures: _Figures) -> None:
    total = figures.number("inpatients")
    stated: list[Decimal] = []
    for key in _PARTS:
        item, number = figures.item(key), figures.number(key)
        if item is None or item.share is None:
            continue
        stated.append(item.share)
        if number is None or total is None or total <= 0 or not figures.comparable("inpatients", key):
            continue
        expected = share_of(number, total)
        if item.share != expected:
            draft.warn(
                "inconsistent_share",
                f"basic_info.{key}",
                item.line,
                field=FIELD_NAMES[key],
                share=_plain(item.share),
                expected=_plain(expected),
            )
    if len(stated) == len(_PARTS) and not _SHARE_SUM[0] <= sum(stated, Decimal(0)) <= _SHARE_SUM[1]:
        draft.warn(
            "inconsistent_share_sum",
            "basic_info.inpatients",
            _line(figures, "inpatients"),
            field="入院精神障害者数の構成割合",
            sum=_plain(sum(stated, Decimal(0))),
        )


def _bounds(draft: Draft, figures: _Figures) -> None:
    inpatients, beds = figures.number("inpatients"), figures.number("psychiatric_beds")
    comparable = figures.comparable("inpatients", "psychiatric_beds")
    if inpatients is not None and beds is not None and comparable and inpatients > beds:
        draft.warn(
            "inpatients_exceed_beds",
            "basic_info.inpatients",
            _line(figures, "inpatients"),
            inpatients=_plain(inpatients),
            beds=_plain(beds),
        )
    for part, whole in (("councils_municipality", "municipalities"), ("councils_area", "disability_welfare_areas")):
        some, every = figures.number(part), figures.number(whole)
        if some is not None and every is not None and figures.comparable(part, whole) and some > every:
            draft.warn(
                "inconsistent_count",
                f"basic_info.{part}",
                _line(figures, part),
                field=FIELD_NAMES[part],
                part=_plain(some),
                whole=_plain(every),
            )


def _plain(number: Number) -> str:
    if isinstance(number, Decimal) and number == number.to_integral_value():
        return format_number(int(number))
    return format_number(number)
