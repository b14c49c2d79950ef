"""What the councils offer to lower pages: the region's councils and how often they met."""

from __future__ import annotations

from nimo.community.councils.queries.region import region_councils
from nimo.core.panels import Panel, panel
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
