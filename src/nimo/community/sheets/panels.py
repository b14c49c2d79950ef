"""What the sheets offer to lower pages: the next thing to do for a region, and their words to the search."""

from __future__ import annotations

from nimo.community.sheets.queries.finding import SHEET_WORDS, readable_records, searched_sheets, sheet_documents
from nimo.community.sheets.queries.sheets import drafts_to_confirm, sheets_to_publish
from nimo.core.panels import Panel, panel
from nimo.core.searching.sources import SearchSource, search_source
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.regions.models import Region


@panel("region.next", order=10)
def sheets_of_region(actor: Actor, region: Region) -> Panel | None:
    """Drafts to confirm and sheets to publish; None when there is nothing to do here."""
    drafts = list(drafts_to_confirm(actor).filter(region=region)[:5])
    waiting = (
        list(sheets_to_publish(actor).filter(region=region)[:5])
        if actor.may(Permission.PUBLISH_SHEET, region_code=region.code)
        else []
    )
    may_import = actor.may(Permission.IMPORT_SHEET, region_code=region.code)
    if not (drafts or waiting or may_import):
        return None
    return Panel(
        "次にすること", "sheets/panels/next.html", {"drafts": drafts, "waiting": waiting, "may_import": may_import}
    )


search_source(SearchSource(SHEET_WORDS, "シート", searched_sheets, sheet_documents, readable_records, order=30))
