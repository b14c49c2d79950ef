"""What the records of meetings count for the indicators of a sheet being written."""

from __future__ import annotations

from nimo.community.councils.queries.region import meetings_address
from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.rules.counted_rows import CELLS, CountedOffer, counted_offers, measures_in
from nimo.core import measures
from nimo.core.numbers import format_number
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.queries.places import codes_below


def counted_rows(actor: Actor, document: SheetDocument, key: SectionKey) -> list[CountedOffer]:
    """Of the year before the sheet: its results are last year's, and this year's targets stand beside last year's state.

    Counted now from the records of the region and all it contains. As many queries as there are such indicators, at most
    three each; none where there are none.
    """
    if key not in CELLS:
        return []
    content = content_of(document)
    asked = measures_in(content, [key])
    if not asked:
        return []
    year = document.fiscal_year - 1
    codes = tuple(sorted(codes_below([document.region], actor.today)[document.region_id]))
    counts = {}
    for code in asked:
        measure = measures.get(code)
        value = measure.count_together(codes, year).value
        counts[code] = "" if value is None else f"{format_number(value)}{measure.unit}"
    href = meetings_address(document.region_id, year)
    return counted_offers(content, key, year, counts, dict.fromkeys(asked, href))
