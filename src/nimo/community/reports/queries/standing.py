"""How far every body of a round is: one pass over the sheets, the packets and the contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from nimo.community.reports.choices import AnswerWay, ContactKind, PacketState, Standing
from nimo.community.reports.models.collections import (
    Collection,
    CollectionContact,
    CollectionPacket,
    CollectionTarget,
)
from nimo.community.reports.rules.collecting import NOTHING, SheetFacts, standing
from nimo.community.sheets.choices import UploadState
from nimo.community.sheets.queries.standing import RegionStanding, standings


@dataclass(frozen=True, slots=True)
class TargetStanding:
    """One body, how far it is, and what the sheets tell. last_contact: the last time somebody spoke to it."""

    target: CollectionTarget
    standing: Standing
    sheet: RegionStanding
    packet: CollectionPacket | None
    last_contact: datetime | None


_NO_SHEET = RegionStanding()


def _facts(found: RegionStanding | None) -> SheetFacts:
    if found is None:
        return NOTHING
    return SheetFacts(
        document=found.state,
        editions=found.edition,
        confirmed=found.sheet_id is not None,
        late=found.late,
        missing=found.missing,
    )


def standing_of_targets(targets: Sequence[CollectionTarget], fiscal_year: int) -> list[TargetStanding]:
    """In the order given. Six queries whatever their number."""
    sheets = standings([one.region_id for one in targets], fiscal_year)
    packets: dict[UUID, CollectionPacket] = {
        one.target_id: one
        for one in CollectionPacket.objects.filter(target__in=targets)
        .exclude(state=PacketState.REPLACED)
        .select_related("upload")
        .order_by("number")
    }
    spoken: dict[UUID, datetime] = dict(
        CollectionContact.objects.filter(Q(kind=ContactKind.SPOKEN) | Q(reached__gt=0), target__in=targets)
        .order_by("at", "pk")
        .values_list("target_id", "at")
    )
    made = []
    for one in targets:
        packet = packets.get(one.pk)
        word = standing(
            _facts(sheets.get(one.region_id)),
            excused=bool(one.excused_reason),
            way=AnswerWay(one.way),
            packet=PacketState(packet.state) if packet else None,
            upload=UploadState(packet.upload.state) if packet and packet.upload else None,
        )
        made.append(TargetStanding(one, word, sheets.get(one.region_id, _NO_SHEET), packet, spoken.get(one.pk)))
    return made


def standings_of(collection: Collection) -> list[TargetStanding]:
    """Every body of a round, by code."""
    targets = list(
        CollectionTarget.objects.filter(collection=collection)
        .select_related("region__prefecture")
        .order_by("region_id")
    )
    return standing_of_targets(targets, collection.fiscal_year)
