"""A document as one content, with its origins, and what waits in it for a decision."""

from __future__ import annotations

from typing import Any

from nimo.community.sheets.choices import SectionKey, SheetState, SuggestionState
from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.queries.filling import figures_for
from nimo.community.sheets.rules.carrying import Suggestion, begun_from, dropped, empty_content, suggestions
from nimo.community.sheets.rules.checking import Check, checks
from nimo.community.sheets.rules.documents import assembled
from nimo.community.sheets.rules.fields import Content
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region


def head_of(document: SheetDocument) -> Content:
    """An empty sheet of this region, year and layout."""
    region = document.region
    prefecture = region.prefecture.name if region.prefecture else region.name
    municipality = region.name if region.prefecture else None
    return empty_content(prefecture, municipality, document.fiscal_year, document.layout)


def content_of(document: SheetDocument) -> Content:
    """The whole sheet as it stands: its empty form with every saved chapter in it."""
    chapters = {chapter.key: chapter.content for chapter in document.chapters.all()}
    return assembled(head_of(document), {key: value for key, value in chapters.items() if value is not None})


def origins_of(document: SheetDocument) -> dict[str, Any]:
    """{path: {"text", "href"}} over all chapters."""
    found: dict[str, Any] = {}
    for chapter in document.chapters.all():
        found.update(chapter.origins)
    return found


def sheet_content(sheet: Sheet) -> Content:
    """The content of a confirmed sheet from its chapters."""
    rows = SheetSection.objects.filter(sheet=sheet).values_list("key", "content")
    return dict(rows)


def open_suggestions(document: SheetDocument) -> list[Suggestion]:
    """What is offered and nobody has left yet (what was taken is filled, so it is not offered any more)."""
    left = {one.key: one.text for one in document.carried.filter(state=SuggestionState.REFUSED)}
    return [one for one in suggestions(content_of(document)) if left.get(one.key) != one.text]


def unexplained_indicators(document: SheetDocument) -> list[str]:
    """Indicators of last year's targets that went and nobody said why."""
    if document.begun_from is None:
        return []
    explained = set(
        document.carried.filter(key__startswith="dropped:").exclude(reason="").values_list("key", flat=True)
    )
    gone = dropped(sheet_content(document.begun_from), content_of(document))
    return [name for name in gone if f"dropped:{name}"[:300] not in explained]


def moved_figures(document: SheetDocument) -> dict[str, str]:
    """{basic-info key: today's figure} where the store holds another figure than the one that was filled in."""
    chapter = document.chapters.filter(key=SectionKey.BASIC_INFO).first()
    if chapter is None:
        return {}
    filled = {
        path.removeprefix("basic_info."): origin["filled"]
        for path, origin in chapter.origins.items()
        if "filled" in origin
    }
    if not filled:
        return {}
    today = {one.key: one for one in figures_for(document.region_id, document.fiscal_year)}
    return {key: today[key].text for key, text in filled.items() if key in today and today[key].text != text}


def problems_of(document: SheetDocument) -> list[Check]:
    """Everything to be said about the sheet before it is sent on."""
    return checks(
        content_of(document),
        sections_of(document.layout),
        offered=open_suggestions(document),
        unexplained=unexplained_indicators(document),
        moved_figures=moved_figures(document),
    )


def form_to_fill(region: Region, fiscal_year: int) -> Content:
    """What a body outside nimo begins with: its newest earlier sheet's sentences, no figures, in this year's layout."""
    prefecture = region.prefecture.name if region.prefecture else region.name
    layout = "r6-prefecture" if region.kind == RegionKind.PREFECTURE else "r6-city"
    empty = empty_content(prefecture, region.name if region.prefecture else None, fiscal_year, layout)
    former = (
        Sheet.objects.filter(region=region, fiscal_year__lt=fiscal_year, state=SheetState.CURRENT)
        .order_by("-fiscal_year")
        .first()
    )
    return begun_from(sheet_content(former), empty) if former else empty
