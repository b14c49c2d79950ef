"""What the sheets offer to the region page: the next thing to do for this region."""

from __future__ import annotations

from nimo.community.sheets.queries.sheets import drafts_to_confirm, sheets_to_publish
from nimo.core.panels import Panel, panel
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
