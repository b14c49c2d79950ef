"""What a body was asked for, as its own people see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from nimo.community.reports.choices import CollectionState, ContactKind, Standing
from nimo.community.reports.models.collections import Collection, CollectionTarget
from nimo.community.reports.policies import get_request, visible_requests
from nimo.community.reports.queries.collecting import TONES
from nimo.community.reports.queries.standing import standing_of_targets
from nimo.community.reports.rules.collecting import UNFINISHED, is_overdue
from nimo.community.sheets.queries.screens import day, place_name, year_label
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.ui.components.lists import Definition, TimelineItem


@dataclass(frozen=True, slots=True)
class RequestPage:
    """What a body was asked for, for its own people. document_href: the sheet, under way or to be begun."""

    target: CollectionTarget
    collection: Collection
    place: str
    standing: Standing
    tone: str
    facts: Sequence[Definition]
    document_href: str
    document_words: str
    overdue: bool
    reminded: Sequence[TimelineItem]


def request_page(actor: Actor, target_id: UUID) -> RequestPage:
    """Raises NotVisible."""
    target = get_request(actor, target_id)
    collection = target.collection
    (found,) = standing_of_targets([target], collection.fiscal_year)
    href, words = "", ""
    if found.sheet.document_id:
        href, words = reverse("sheets:document_detail", args=[found.sheet.document_id]), "シートを開く"
    elif found.sheet.sheet_id is None and found.standing is not Standing.EXCUSED:
        href = (
            f"{reverse('sheets:document_new')}?region={target.region_id}&year={collection.fiscal_year}"
            f"&due={collection.due_on.isoformat()}"
        )
        words = "シートを作りはじめる"
    spoken = target.contacts.filter(kind__in=[ContactKind.ASKED, ContactKind.REMINDED]).order_by("-at", "-pk")
    return RequestPage(
        target=target,
        collection=collection,
        place=place_name(target.region),
        standing=found.standing,
        tone=TONES[found.standing],
        facts=[
            Definition("依頼した組織", collection.organisation_name),
            Definition("シートの年度", year_label(collection.fiscal_year)),
            Definition("期限", to_wareki(collection.due_on)),
            Definition("問い合わせ先", collection.contact or None),
            Definition("依頼のことば", collection.message or None),
        ],
        document_href=href,
        document_words=words,
        overdue=is_overdue(found.standing, collection.due_on, actor.today),
        reminded=[TimelineItem(day(one.at), one.get_kind_display(), one.words) for one in spoken],
    )


def open_requests(actor: Actor) -> list[tuple[CollectionTarget, Standing]]:
    """For the home: what one's bodies were asked for and have not handed in, the nearest date first."""
    targets = list(
        visible_requests(actor)
        .filter(collection__state=CollectionState.OPEN, excused_reason="")
        .select_related("collection", "region__prefecture")
        .order_by("collection__due_on", "region_id")[:30]
    )
    found: list[tuple[CollectionTarget, Standing]] = []
    for year in sorted({one.collection.fiscal_year for one in targets}):
        asked = [one for one in targets if one.collection.fiscal_year == year]
        found += [(one.target, one.standing) for one in standing_of_targets(asked, year) if one.standing in UNFINISHED]
    return sorted(found, key=lambda pair: (pair[0].collection.due_on, pair[0].region_id))
