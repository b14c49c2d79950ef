"""What is counted from confirmed sheets. Current sheets only: what was replaced or undone is no longer counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.urls import reverse

from nimo.community.sheets.choices import SectionKey, SheetState
from nimo.community.sheets.events import SHEET_FACT
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.policies import visible_sheets
from nimo.core.fiscal import FiscalYear
from nimo.core.measures import Key, MeasureCount, MeasureRecord, measure
from nimo.core.text import fold
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import MUNICIPALITY_KINDS
from nimo.foundation.regions.models import Region

FACTS = {SHEET_FACT: "自治体情報シート"}


def _current(region_codes: Collection[str], fiscal_years: Collection[int]) -> QuerySet[Sheet]:
    return Sheet.objects.filter(state=SheetState.CURRENT, region_id__in=region_codes, fiscal_year__in=fiscal_years)


def _records(actor: Actor, region_codes: tuple[str, ...], fiscal_year: int) -> list[MeasureRecord]:
    sheets = visible_sheets(actor).filter(
        pk__in=_current(region_codes, [fiscal_year]).values("pk"),
    )
    return [
        MeasureRecord(
            f"{sheet.region_name} {FiscalYear(sheet.fiscal_year).label} 自治体情報シート",
            reverse("sheets:sheet_detail", args=[sheet.pk]),
            f"{sheet.confirmed_by_name}が確定",
        )
        for sheet in sheets.order_by("region_id")
    ]


@measure(code="sheets.confirmed", label="確定した自治体情報シートの数", unit="件", basis="records", facts=FACTS)
def confirmed(region_code: str, fiscal_year: int) -> MeasureCount:
    return confirmed_together((region_code,), fiscal_year)


@confirmed.together
def confirmed_together(region_codes: tuple[str, ...], fiscal_year: int) -> MeasureCount:
    number = _current(region_codes, [fiscal_year]).count()
    return MeasureCount(value=number, records=number)


@confirmed.many
def confirmed_by_region(region_codes: Collection[str], fiscal_years: Collection[int]) -> Mapping[Key, MeasureCount]:
    rows = (
        _current(region_codes, fiscal_years).values("region_id", "fiscal_year").annotate(number=Count("pk")).order_by()
    )
    found = {(row["region_id"], row["fiscal_year"]): row["number"] for row in rows}
    return {
        (code, year): MeasureCount(value=found.get((code, year), 0), records=found.get((code, year), 0))
        for code in region_codes
        for year in fiscal_years
    }


confirmed.opens(_records)


@measure(
    code="sheets.municipality_share",
    label="自治体情報シートを確定した市町村の割合",
    unit="%",
    basis="records",
    facts=FACTS,
)
def municipality_share(region_code: str, fiscal_year: int) -> MeasureCount:
    """Of a municipality alone there is no share."""
    return MeasureCount(value=None, records=0)


@municipality_share.together
def share_together(region_codes: tuple[str, ...], fiscal_year: int) -> MeasureCount:
    """Municipalities with a current sheet, of those that existed at the end of the fiscal year."""
    existing = Region.objects.filter(pk__in=region_codes, kind__in=MUNICIPALITY_KINDS).on(FiscalYear(fiscal_year).end)
    codes = set(existing.values_list("pk", flat=True))
    if len(codes) < 2:
        return MeasureCount(value=None, records=0)
    number = _current(codes, [fiscal_year]).count()  # at most one current sheet a municipality and year
    share = (Decimal(number) * 100 / len(codes)).quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")
    return MeasureCount(value=share, records=number, numerator=number, denominator=len(codes))


@municipality_share.opens
def share_records(actor: Actor, region_codes: tuple[str, ...], fiscal_year: int) -> list[MeasureRecord]:
    towns = Region.objects.filter(pk__in=region_codes, kind__in=MUNICIPALITY_KINDS).values_list("pk", flat=True)
    return _records(actor, tuple(towns), fiscal_year)


@measure(
    code="sheets.councils_named",
    label="シートに書かれた協議の場の数",
    unit="か所",
    basis="records",
    facts=FACTS,
    over="own",
)
def councils_named(region_code: str, fiscal_year: int) -> MeasureCount:
    """The names of the chapter 協議の場 of the region's own sheet, each once. No sheet, or no such chapter: not zero."""
    section = SheetSection.objects.filter(
        sheet__in=_current([region_code], [fiscal_year]).values("pk"), key=SectionKey.COUNCILS
    ).first()
    if section is None:
        return MeasureCount(value=None, records=0)
    names = {fold(row.get("name") or "") for row in section.content or []} - {""}
    return MeasureCount(value=len(names), records=1) if names else MeasureCount(value=None, records=1)


councils_named.opens(_records)
