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


def figures_for(region_code: str, fiscal_year: int) -> list[HeldFigure]:
    """The newest figure of each field that is no older than three years before the sheet and not from this sheet's year's
    own document. Whole region, no breakdown; an indicator of the same code means the same thing (dictionary). One query.
    """
    rows = (
        Observation.objects.filter(
            region_id=region_code,
            status=RowState.LIVE,
            indicator_id__in=list(BASIC_LABELS),
            state=ValueState.VALUE,
            coverage="",
            dimension="",
            fiscal_year__gte=fiscal_year - 3,
            fiscal_year__lte=fiscal_year,
        )
        .exclude(source__series=f"sheet:{region_code}:{fiscal_year}")
        .select_related("source")
        .order_by("indicator_id", "as_of_sort", "id")
    )
    newest: dict[str, HeldFigure] = {}
    for row in rows:
        if row.value is not None:
            newest[row.indicator_id] = HeldFigure(
                row.indicator_id, row.value, row.unit, row.as_of, str(row.value), row.source.title, row.pk
            )
    return [newest[key] for key in BASIC_LABELS if key in newest]
