"""The whole system of a region as a picture, a table and a list of what is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyState, Field, Layer, RelationKind
from nimo.community.councils.models.bodies import Body, Relation
from nimo.community.councils.models.posts import Post
from nimo.community.councils.policies.bodies import holdings_on, named_bodies, visible_bodies
from nimo.community.councils.policies.categories import fields_represented
from nimo.community.councils.rules.diagram import Edge, Layout, Node, lay_out
from nimo.community.councils.rules.gaps import BodySketch, Gap, gaps
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import codes_below
from nimo.foundation.ui.components.diagrams import (
    Diagram,
    DiagramBand,
    DiagramBox,
    DiagramKey,
    DiagramLine,
)
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Table

BANDS = [Layer.PREFECTURE, Layer.HEALTH_CENTRE_AREA, Layer.WELFARE_AREA, Layer.MUNICIPALITY, Layer.HOSPITAL]
STYLES = {
    RelationKind.REPORT.value: "solid",
    RelationKind.SUBCOMMITTEE.value: "double",
    RelationKind.BACKUP.value: "dashed",
    RelationKind.LINKED.value: "dotted",
    RelationKind.INFORMAL.value: "dotted",
    "people": "thin",
}
PEOPLE = "同じ人が出ている"
TWO_WAY = {RelationKind.LINKED.value, RelationKind.INFORMAL.value, "people"}


@dataclass(frozen=True, slots=True)
class System:
    """What a page of a region's system shows."""

    diagram: Diagram | None
    gaps: list[Gap]
    number: int


def bodies_of(actor: Actor, region: Region) -> list[Body]:
    """Living bodies in the region, and those outside that are tied to them."""
    living = visible_bodies(actor).exclude(state=BodyState.ENDED)
    codes = codes_below([region], actor.today)[region.code]
    inside = living.filter(region_id__in=codes)
    tied = Relation.objects.filter(Q(source__in=inside) | Q(target__in=inside)).values_list("source_id", "target_id")
    ids = {end for pair in tied for end in pair} | set(inside.values_list("pk", flat=True))
    return list(living.filter(pk__in=ids).select_related("region").order_by("region_id", "kana", "name", "pk"))


def _shared(actor: Actor, bodies: Sequence[Body]) -> Counter[tuple[UUID, UUID]]:
    """How many people sit in both of two bodies, where the actor may see the names in both."""
    ids = {body.pk for body in bodies}
    rows = (
        holdings_on(actor.today)
        .filter(post__body__in=named_bodies(actor))
        .values_list("participant_id", "post__body_id")
    )
    seats: dict[UUID, set[UUID]] = defaultdict(set)
    for person, body in rows:
        if body in ids:
            seats[person].add(body)
    return Counter(pair for found in seats.values() for pair in combinations(sorted(found), 2))


def _fields(bodies: Sequence[Body], day: date) -> dict[Field, int] | None:
    ids = [body.pk for body in bodies]
    if not Post.objects.filter(body_id__in=ids).exists():
        return None
    return fields_represented(ids, day)


def system_of(actor: Actor, region: Region) -> System:
    bodies = bodies_of(actor, region)
    ids = {body.pk for body in bodies}
    relations = list(Relation.objects.filter(source_id__in=ids, target_id__in=ids).order_by("created_at", "pk"))
    found = gaps(
        [BodySketch(str(one.pk), one.name, Layer(one.layer), one.counts_as_council, tuple(one.axes)) for one in bodies],
        [(str(one.source_id), str(one.target_id), RelationKind(one.kind)) for one in relations],
        _fields(bodies, actor.today),
    )
    if not bodies:
        return System(None, [], 0)
    edges = [Edge(str(one.source_id), str(one.target_id), one.kind, one.get_kind_display()) for one in relations]
    edges += [
        Edge(str(first), str(second), "people", f"{PEOPLE}: {number}人")
        for (first, second), number in sorted(_shared(actor, bodies).items())
    ]
    nodes = [
        Node(str(one.pk), one.name, BANDS.index(Layer(one.layer)), one.region_id, one.region.name) for one in bodies
    ]
    warned = {gap.body_id for gap in found if gap.body_id}
    return System(_drawn(region, bodies, lay_out(nodes, edges), edges, warned), found, len(bodies))


def _drawn(region: Region, bodies: Sequence[Body], layout: Layout, edges: Sequence[Edge], warned: set[str]) -> Diagram:
    by_id = {str(one.pk): one for one in bodies}
    names = {key: one.name for key, one in by_id.items()}
    kinds = [kind for kind in [*RelationKind.values, "people"] if any(edge.kind == kind for edge in edges)]
    labels = dict(RelationKind.choices) | {"people": PEOPLE}
    return Diagram(
        id="system",
        title=f"{region.name}の会議体のつながり",
        width=layout.width,
        height=layout.height,
        letter=layout.letter,
        bands=[DiagramBand(BANDS[one.layer].label, one.y, one.height) for one in layout.bands],
        boxes=[
            DiagramBox(
                f"{one.node.name}（{one.node.note}）",
                one.x,
                one.y,
                one.width,
                one.height,
                one.lines,
                href=reverse("councils:body_detail", args=[one.node.id]),
                strong=by_id[one.node.id].counts_as_council,
                warned=one.node.id in warned,
            )
            for one in layout.boxes
        ],
        lines=[
            DiagramLine(
                one.points,
                STYLES[one.edge.kind],
                f"{names[one.edge.source]} → {names[one.edge.target]}（{one.edge.label}）",
                arrow=one.edge.kind not in TWO_WAY,
            )
            for one in layout.lines
        ],
        legend=[DiagramKey(str(labels[kind]), STYLES[kind]) for kind in kinds],
        table=_table(bodies, edges),
        description="青い箱は協議の場として数える会議体、赤い枠は下の「足りないところ」で説明している会議体です。",
    )


def _table(bodies: Sequence[Body], edges: Sequence[Edge]) -> Table:
    names = {str(one.pk): one.name for one in bodies}
    ties: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge.source in names and edge.target in names:
            ties[edge.source].append(f"{names[edge.target]}（{edge.label}）")
            if edge.kind in TWO_WAY:
                ties[edge.target].append(f"{names[edge.source]}（{edge.label}）")
    return Table(
        id="system-table",
        caption="会議体とその関係",
        columns=[
            Column("name", "会議体", is_row_header=True),
            Column("layer", "層"),
            Column("region", "地域"),
            Column("ties", "関係（この会議体から）"),
        ],
        rows=[
            {
                "name": Cell(one.name, href=reverse("councils:body_detail", args=[one.pk])),
                "layer": one.get_layer_display(),
                "region": one.region.name,
                "ties": "、".join(ties[str(one.pk)]) or None,
            }
            for one in sorted(bodies, key=lambda body: (BANDS.index(Layer(body.layer)), body.region_id, body.name))
        ],
        empty=EmptyState("会議体がまだありません", "登録すると、ここに並びます。"),
    )
