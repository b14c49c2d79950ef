"""Figures the system already holds for a sheet's basic information, each with its as-of and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from nimo.community.indicators.choices import RowState, ValueState
from nimo.community.indicators.models import Observation
from nimo.community.sheets.rules.edits import as_of_words
from nimo.community.sheets.rules.fields import BASIC_LABELS
from nimo.core.numbers import format_number


@dataclass(frozen=True, slots=True)
class HeldFigure:
    """One figure for one field of 基本情報. `text`: as it is written into the field."""

    key: str
    value: int | Decimal
    unit: str
    as_of: str
    text: str
    source_title: str
    observation_id: int

    @property
    def words(self) -> str:
        """For a person: figure, unit and as-of."""
        when = as_of_words(self.as_of)
        return f"{format_number(self.value)}{self.unit}" + (f"（{when}）" if when else "")


def _counted(region_code: str) -> dict[str, str]:
    """{counted indicator: field} of the region's own layer: what lies in it may not be registered in full."""
    layer = "prefecture" if region_code.endswith("000") else "municipality"
    return {f"councils_bodies_{layer}": f"councils_{layer}"}


def figures_for(region_code: str, fiscal_year: int) -> list[HeldFigure]:
    """The newest figure of each field that is no older than three years before the sheet and not from this sheet's year's
    own document. Whole region, no breakdown; an indicator of the same code means the same thing (dictionary). The number of
    the region's own councils may also come from the registered bodies, of years that are over. One query.
    """
    counted = _counted(region_code)
    rows = (
        Observation.objects.filter(
            region_id=region_code,
            status=RowState.LIVE,
            indicator_id__in=[*BASIC_LABELS, *counted],
            state=ValueState.VALUE,
            coverage="",
            dimension="",
            fiscal_year__gte=fiscal_year - 3,
            fiscal_year__lte=fiscal_year,
        )
        .exclude(source__series=f"sheet:{region_code}:{fiscal_year}")
        .exclude(indicator_id__in=list(counted), fiscal_year=fiscal_year)
        .select_related("source")
        .order_by("as_of_sort", "id")
    )
    newest: dict[str, HeldFigure] = {}
    for row in rows:
        if row.value is not None:
            key = counted.get(row.indicator_id, row.indicator_id)
            newest[key] = HeldFigure(key, row.value, row.unit, row.as_of, str(row.value), row.source.title, row.pk)
    return [newest[key] for key in BASIC_LABELS if key in newest]
