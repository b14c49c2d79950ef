"""The whole system of a region as a picture, a table and a list of what is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from uuid import UUID

from django.db.models import Q

from nimo.community.councils.choices.bodies import BodyState, Field, Layer, RelationKind
from nimo.community.councils.models.bodies import Body, Relation
from nimo.community.councils.models.posts import Post
from nimo.community.councils.policies.bodies import holdings_on, named_bodies, visible_bodies
from nimo.community.councils.policies.categories import fields_represented
from nimo.community.councils.queries.pictures import BANDS, PEOPLE, TWO_WAY, picture
from nimo.community.councils.rules.gaps import BodySketch, Gap, gaps
from nimo.community.councils.rules.pages import MOST, NOWHERE, Sheet, areas_by_ties, paged
from nimo.community.councils.rules.shapes import Edge, Node
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import AREA_KINDS, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import areas_of, codes_below
from nimo.foundation.ui.components.diagrams import Diagram

AREA_LAYERS = {Layer.HEALTH_CENTRE_AREA, Layer.WELFARE_AREA}
UPWARD = {RelationKind.REPORT, RelationKind.SUBCOMMITTEE}
FOLDED = {Layer.MUNICIPALITY: "市町村", Layer.HOSPITAL: "病院内"}


@dataclass(frozen=True, slots=True)
class Page:
    """One picture and what is missing from what it shows. number: how many bodies it is about."""

    diagram: Diagram
    gaps: list[Gap]
    number: int


@dataclass(frozen=True, slots=True)
class System:
    """What a page of a region's system shows: one picture, or one of the whole and one of each area."""

    pages: list[Page]
    gaps: list[Gap]
    number: int

    @property
    def diagram(self) -> Diagram | None:
        """The picture of the whole; None: no body is registered."""
        return self.pages[0].diagram if self.pages else None


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
    rows = (
        holdings_on(actor.today)
        .filter(post__body__in=named_bodies(actor).filter(pk__in=[body.pk for body in bodies]))
        .values_list("participant_id", "post__body_id")
    )
    seats: dict[UUID, set[UUID]] = defaultdict(set)
    for person, body in rows:
        seats[person].add(body)
    return Counter(pair for found in seats.values() for pair in combinations(sorted(found), 2))


def _fields(bodies: Sequence[Body], day: date) -> dict[Field, int] | None:
    ids = [body.pk for body in bodies]
    if not Post.objects.filter(body_id__in=ids).exists():
        return None
    return fields_represented(ids, day)


def _areas(actor: Actor, region: Region, bodies: Sequence[Body], relations: Sequence[Relation]) -> dict[str, str]:
    """body → the area whose page it stands on: what it reports to, else what its town lies in. Bodies of the prefecture
    stand above all areas and have none."""
    above = {str(one.pk) for one in bodies if one.layer == Layer.PREFECTURE}
    heads = {
        str(one.pk): one.region_id if one.region.kind in AREA_KINDS else ""
        for one in bodies
        if one.layer in AREA_LAYERS
    }
    pairs = [(str(one.source_id), str(one.target_id)) for one in relations if one.kind in UPWARD]
    pairs += [(str(one.target_id), str(one.source_id)) for one in relations if one.kind == RelationKind.BACKUP]
    found = areas_by_ties(heads, [pair for pair in pairs if pair[0] not in above])
    order = [RegionKind.WELFARE_AREA, RegionKind.HEALTH_CENTRE_AREA, RegionKind.MEDICAL_AREA]
    areas = [one for one in areas_of(region.prefecture_id or region.code) if one.kind in order]
    own = set(heads.values()) - {""}
    areas.sort(key=lambda one: (one.code not in own, order.index(RegionKind(one.kind)), one.code))
    inside = codes_below(areas, actor.today)
    for body in bodies:
        if str(body.pk) not in found and str(body.pk) not in above:
            home = next((one.code for one in areas if body.region_id in inside[one.code]), "")
            found |= {str(body.pk): home} if home else {}
    ends = [(str(one.source_id), str(one.target_id)) for one in relations if one.kind not in UPWARD]
    loose = [pair for way in ends for pair in (way, way[::-1]) if pair[0] not in found and pair[0] not in above]
    found = areas_by_ties(found, loose)  # a hospital's committee is at least linked to somebody
    return {str(one.pk): NOWHERE for one in bodies if str(one.pk) not in above} | found


def _names_of(areas: set[str], bodies: Sequence[Body], region: Region) -> dict[str, str]:
    names = {one.code: one.name for one in Region.objects.filter(pk__in=areas)}
    names |= {str(one.pk): one.name for one in bodies if str(one.pk) in areas}
    rest = "圏域の決まっていないところ" if region.kind == RegionKind.PREFECTURE else region.name
    return names | {NOWHERE: rest}


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
        return System([], [], 0)
    edges = [Edge(str(one.source_id), str(one.target_id), one.kind, one.get_kind_display()) for one in relations]
    edges += [
        Edge(str(first), str(second), "people", f"{PEOPLE}: {number}人")
        for (first, second), number in sorted(_shared(actor, bodies).items())
    ]
    areas = _areas(actor, region, bodies, relations) if len(bodies) > MOST else {}
    names = _names_of(set(areas.values()), bodies, region) if areas else {}
    nodes = [
        Node(
            str(one.pk),
            one.name,
            BANDS.index(Layer(one.layer)),
            one.region_id,
            one.region.name,
            areas.get(str(one.pk), ""),
        )
        for one in bodies
    ]
    order = [*sorted(set(areas.values()) - set(areas)), *(one.id for one in nodes)]  # registered areas, then the others
    sheets = paged(nodes, edges, head_layers=[BANDS.index(one) for one in AREA_LAYERS], two_way=TWO_WAY, order=order)
    return System(_pages(actor, region, bodies, sheets, names, found), found, len(bodies))


def _pages(
    actor: Actor,
    region: Region,
    bodies: Sequence[Body],
    sheets: Sequence[Sheet],
    names: dict[str, str],
    found: list[Gap],
) -> list[Page]:
    by_id = {str(one.pk): one for one in bodies}
    warned = {gap.body_id for gap in found if gap.body_id}
    anchors = {sheet.area: f"#system-{place}" for place, sheet in reversed(list(enumerate(sheets))) if sheet.area}
    day = to_wareki(actor.today)
    pages = []
    for place, sheet in enumerate(sheets):
        own = [gap for gap in found if gap.body_id in sheet.inside] if sheet.area or len(sheets) == 1 else []
        if not sheet.area and len(sheets) > 1:
            standing = {node.id for node in sheet.nodes if not node.area}
            own = [gap for gap in found if gap.body_id in standing]
        if place == 0:
            own += [gap for gap in found if not gap.body_id]
        title = f"{names[sheet.area] if sheet.area else region.name}の会議体のつながり"
        if sheet.area in by_id:  # an area nobody registered, called by the body that stands for it
            title = f"「{names[sheet.area]}」と、その下の会議体のつながり"
        title += f"（{sheet.part}／{sheet.parts}）" if sheet.parts > 1 else ""
        drawn = picture(
            f"system-{place}" if place else "system",
            title,
            replace(sheet, nodes=tuple(_named(node, names) for node in sheet.nodes)),
            by_id,
            warned,
            anchors,
            day,
        )
        pages.append(Page(drawn, sorted(own, key=lambda gap: not gap.known), len(sheet.inside)))
    return pages


def _named(node: Node, names: dict[str, str]) -> Node:
    """A folded box says of what area, of which layer and how many."""
    if not node.folded:
        return node
    layer = BANDS[node.layer]
    return replace(node, name=f"{FOLDED.get(layer, layer.label)}{node.folded} （{names[node.area]}）")
