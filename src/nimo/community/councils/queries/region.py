"""The 協議の場 of a region and all it contains: bodies by layer, meetings of this year beside the last, and their list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyAudience, BodyState, Layer
from nimo.community.councils.choices.meetings import MeetingState, MinutesState
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.models.years import YearReview
from nimo.community.councils.policies.bodies import visible_bodies
from nimo.community.councils.policies.meetings import visible_meetings
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import codes_below
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

PAGE = 50
SHOWN_MINUTES = 5
LAYERS = (Layer.PREFECTURE, Layer.WELFARE_AREA, Layer.HEALTH_CENTRE_AREA, Layer.MUNICIPALITY, Layer.HOSPITAL)


@dataclass(frozen=True, slots=True)
class RegionCouncils:
    """What the region's page shows of its councils. minutes: (words, address) of those that were published, newest first."""

    table: Table
    inside: bool
    """Whether meetings of what lies in the region are counted with it."""
    list_href: str
    diagram_href: str
    minutes: list[tuple[str, str]]


def _codes(actor: Actor, region: Region) -> frozenset[str]:
    return codes_below([region], actor.today)[region.code]


def _councils(actor: Actor, codes: Collection[str]) -> QuerySet[Body]:
    return visible_bodies(actor).filter(region_id__in=codes, counts_as_council=True)


def _held(actor: Actor, codes: Collection[str]) -> QuerySet[Meeting]:
    """What the measures of councils count, as far as the actor may know it."""
    return visible_meetings(actor).filter(
        state=MeetingState.HELD, body__region_id__in=codes, body__counts_as_council=True
    )


def meetings_address(code: str, fiscal_year: int, layer: str = "") -> str:
    asked = {"fiscal_year": fiscal_year} | ({"layer": layer} if layer else {})
    return f"{reverse('councils:region_meetings', args=[code])}?{urlencode(asked)}"


def region_councils(actor: Actor, region: Region) -> RegionCouncils | None:
    """None where the actor knows of no body. Six queries, whatever the number of bodies and meetings."""
    codes = _codes(actor, region)
    standing = Counter(
        dict(
            _councils(actor, codes)
            .exclude(state__in=[BodyState.ENDED, BodyState.PREPARING])
            .values_list("layer")
            .annotate(number=Count("pk"))
            .order_by()
        )
    )
    if not standing:
        return None
    year = FiscalYear.of(actor.today).year
    held = {
        (layer, of_year): number
        for layer, of_year, number in _held(actor, codes)
        .filter(fiscal_year__in=[year - 1, year])
        .values_list("body__layer", "fiscal_year")
        .annotate(number=Count("pk"))
        .order_by()
    }
    closed = set(
        YearReview.objects.filter(body__in=_councils(actor, codes), fiscal_year__in=[year - 1, year])
        .exclude(decision="")
        .values_list("body__layer", "fiscal_year")
        .distinct()
        .order_by()
    )
    official = actor.has_anywhere(Permission.VIEW_COUNCILS)
    rows: list[Row] = [
        {
            "layer": layer.label,
            "bodies": Cell(
                f"{standing[layer]}か所" if standing[layer] else "登録なし",
                href=reverse("councils:diagram", args=[region.code]) if official else None,
            ),
            **{
                key: _meetings(region, layer, of_year, held.get((layer, of_year)), (layer, of_year) in closed, official)
                for key, of_year in (("this", year), ("last", year - 1))
            },
        }
        for layer in LAYERS
        if standing[layer] or any((layer, one) in held for one in (year - 1, year))
    ]
    return RegionCouncils(
        table=Table(
            id="councils-by-layer",
            caption="層ごとの協議の場と、開いた会議の回数",
            columns=[
                Column("layer", "層", is_row_header=True),
                Column("bodies", "協議の場", align="end"),
                Column("this", f"{FiscalYear(year).label}の会議", align="end"),
                Column("last", f"{FiscalYear(year - 1).label}の会議", align="end"),
            ],
            rows=rows,
            note=f"{'あなたが見られる' if official else '公開している'}会議体を、{to_wareki(actor.today)}までの記録から数えました。"
            "「記録なし」は、0回という意味ではありません。",
        ),
        inside=len(codes) > 1,
        list_href=meetings_address(region.code, year) if official else "",
        diagram_href=reverse("councils:diagram", args=[region.code]) if official else "",
        minutes=_published(codes),
    )


def _meetings(region: Region, layer: str, year: int, number: int | None, closed: bool, official: bool) -> Cell:
    if number is None:
        return Cell("0回" if closed else "記録なし")
    return Cell(f"{number}回", href=meetings_address(region.code, year, layer) if official else None)


def _published(codes: Collection[str]) -> list[tuple[str, str]]:
    """Minutes everybody may read."""
    rows = (
        Minutes.objects.filter(
            state=MinutesState.APPROVED,
            published_at__isnull=False,
            meeting__state=MeetingState.HELD,
            meeting__body__region_id__in=codes,
            meeting__body__counts_as_council=True,
            meeting__body__audience=BodyAudience.PUBLIC,
        )
        .select_related("meeting__body")
        .order_by("-meeting__held_on", "-pk")[:SHOWN_MINUTES]
    )
    return [
        (
            f"{one.meeting.body.name} {one.meeting.title}"
            + (f"（{to_wareki(one.meeting.held_on)}）" if one.meeting.held_on else ""),
            reverse("councils:minutes_public", args=[one.pk]),
        )
        for one in rows
    ]


def region_meetings(actor: Actor, region: Region, fiscal_year: int, layer: str, number: int) -> Page[Meeting]:
    """The meetings behind the region's figures, newest first."""
    rows = _held(actor, _codes(actor, region)).filter(fiscal_year=fiscal_year)
    if layer in Layer.values:
        rows = rows.filter(body__layer=layer)
    return Paginator(rows.select_related("body__region").order_by("-held_on", "-id"), PAGE).get_page(number)


def region_meeting_table(meetings: Page[Meeting], fiscal_year: int) -> Table:
    return Table(
        id="meetings",
        caption=f"{FiscalYear(fiscal_year).label}に開いた協議の場の会議",
        columns=[
            Column("day", "開催日", is_row_header=True),
            Column("body", "会議体"),
            Column("title", "会議"),
            Column("region", "地域"),
            Column("layer", "層"),
            Column("way", "方法"),
        ],
        rows=[
            {
                "day": Cell(
                    to_wareki(one.held_on) if one.held_on else "日は未定",
                    href=reverse("councils:meeting_detail", args=[one.pk]),
                ),
                "body": Cell(one.body.name, href=reverse("councils:body_detail", args=[one.body_id])),
                "title": one.title,
                "region": one.body.region.name,
                "layer": one.body.get_layer_display(),
                "way": one.get_way_display(),
            }
            for one in meetings
        ],
        empty=EmptyState(
            "この年度の会議の記録がありません",
            "会議が開かれなかったという意味ではありません。会議体の画面で「開いた会議を記録する」と、ここに並びます。",
        ),
    )
