"""What the councils offer to lower pages: a region's councils and how often they met, and their words to the search."""

from __future__ import annotations

from nimo.community.councils.queries import finding
from nimo.community.councils.queries.region import region_councils
from nimo.core.panels import Panel, panel
from nimo.core.searching.sources import SearchSource, search_source
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region


@panel("region.section", order=20)
def councils_of_region(actor: Actor, region: Region) -> Panel | None:
    """For everybody, as far as the bodies are known to everybody; None where none is known, and for the nation."""
    if region.kind == RegionKind.NATION:
        return None
    councils = region_councils(actor, region)
    if councils is None:
        return None
    return Panel("協議の場", "councils/panels/region.html", {"councils": councils, "region": region})


search_source(
    SearchSource(
        finding.BODY_WORDS,
        "協議の場",
        finding.searched_bodies,
        finding.body_documents,
        finding.readable_bodies,
        order=40,
    )
)
search_source(
    SearchSource(
        finding.MEETING_WORDS,
        "会議の議題と議事録",
        finding.searched_meetings,
        finding.meeting_documents,
        finding.readable_items,
        order=50,
    )
)
