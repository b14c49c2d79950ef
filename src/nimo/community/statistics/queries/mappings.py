"""Mappings of columns that an organisation has decided before."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max, QuerySet

from nimo.community.statistics.models import ColumnMapping
from nimo.community.statistics.policies import visible_mappings
from nimo.foundation.access.actors import Actor


def versions(organisation_id: UUID | None, fingerprint: str) -> QuerySet[ColumnMapping]:
    """Every version of the meaning an organisation gave to one kind of table."""
    rows = ColumnMapping.objects.filter(fingerprint=fingerprint)
    if organisation_id is None:
        return rows.filter(organisation__isnull=True)
    return rows.filter(organisation_id=organisation_id)


def mapping_for(organisation_id: UUID | None, fingerprint: str) -> ColumnMapping | None:
    """The newest version for a kind of table; None when there is none or it was retired."""
    newest = versions(organisation_id, fingerprint).order_by("-version").first()
    return newest if newest is not None and newest.retired_at is None else None


def next_version(organisation_id: UUID | None, fingerprint: str) -> int:
    return int(versions(organisation_id, fingerprint).aggregate(last=Max("version"))["last"] or 0) + 1


def newest_mappings(actor: Actor) -> list[ColumnMapping]:
    """The newest version of each kind of table the actor may see, by name."""
    found: dict[tuple[UUID | None, str], ColumnMapping] = {}
    for row in visible_mappings(actor).select_related("organisation").order_by("version"):
        found[row.organisation_id, row.fingerprint] = row
    return sorted(found.values(), key=lambda row: (row.retired_at is not None, row.name, str(row.pk)))
