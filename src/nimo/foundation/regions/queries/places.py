"""Finding regions, and walking from the nation to a ward and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery

from nimo.core.codes import parse_area_code
from nimo.core.fiscal import FiscalYear
from nimo.core.text import fold, normalise
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region as Region  # views name the type of what they are given
from nimo.foundation.regions.models import RegionMembership as RegionMembership
from nimo.foundation.regions.models import RegionName
from nimo.foundation.regions.rules.places import How, Place, find_place, find_prefecture_name


def region(code: str) -> Region | None:
    """One region by its code, with its prefecture and city."""
    return Region.objects.select_related("prefecture", "city").filter(pk=code).first()


def prefectures() -> list[Region]:
    """The 47, in the order of their codes."""
    return list(Region.objects.filter(kind=RegionKind.PREFECTURE).order_by("code"))


def municipalities_of(prefecture_code: str, *, on: date | None = None) -> list[Region]:
    """Municipalities of a prefecture (designated cities whole, special wards), by code; those of a day, else today's."""
    rows = Region.objects.filter(prefecture_id=prefecture_code, kind__in=MUNICIPALITY_KINDS)
    return list((rows.on(on) if on else rows.living()).order_by("code"))


def areas_of(prefecture_code: str, kind: RegionKind | None = None, *, on: date | None = None) -> list[Region]:
    """Areas of a prefecture by kind and code; those of a day, else today's."""
    kinds = [kind] if kind else list(AREA_KINDS)
    rows = Region.objects.filter(prefecture_id=prefecture_code, kind__in=kinds)
    return list((rows.on(on) if on else rows.living()).order_by("kind", "code"))


def _year(fiscal_year: FiscalYear | int) -> FiscalYear:
    return fiscal_year if isinstance(fiscal_year, FiscalYear) else FiscalYear(fiscal_year)


def members_year(parent_code: str, fiscal_year: FiscalYear | int) -> FiscalYear | None:
    """The year whose rows say who belongs to an area in a fiscal year: the latest up to it. None: never written."""
    rows = RegionMembership.objects.filter(parent_id=parent_code, fiscal_year__lte=_year(fiscal_year).year)
    latest = rows.aggregate(latest=Max("fiscal_year"))["latest"]
    return FiscalYear(latest) if latest is not None else None


def _held(rows: QuerySet[RegionMembership], fiscal_year: FiscalYear | int) -> QuerySet[RegionMembership]:
    """Of these rows, those that hold in a fiscal year: the ones of each parent's latest year up to it."""
    latest = (
        RegionMembership.objects.filter(parent=OuterRef("parent"), fiscal_year__lte=_year(fiscal_year).year)
        .order_by("-fiscal_year")
        .values("fiscal_year")[:1]
    )
    return rows.filter(fiscal_year=Subquery(latest))


def _parent_lives(fiscal_year: FiscalYear | int) -> Q:
    """Rows of an area that ended hold no longer at the end of the year, although none came after them."""
    return Q(parent__valid_to__isnull=True) | Q(parent__valid_to__gt=_year(fiscal_year).end)


def children(parent: Region, fiscal_year: FiscalYear | int, kind: RegionKind | None = None) -> list[Region]:
    """What lies directly in a region in a fiscal year, by code; `kind` chooses where there are several kinds.

    Nation: prefectures. Prefecture: its municipalities, or the areas of `kind`. City: wards, or 日常生活圏域. Area: its
    members of that year, else of the latest year before it (`members_year` says which).
    """
    year = _year(fiscal_year)
    if parent.kind in AREA_KINDS:
        held = _held(RegionMembership.objects.filter(parent_id=parent.code), year)
        living = Q(valid_to__isnull=True) | Q(valid_to__gt=year.start)
        rows = Region.objects.filter(living, pk__in=held.values("child_id"))
    elif parent.kind == RegionKind.NATION:
        rows = Region.objects.filter(kind=RegionKind.PREFECTURE)
    elif parent.kind == RegionKind.PREFECTURE:
        wanted: Collection[str] = [kind] if kind else MUNICIPALITY_KINDS
        rows = Region.objects.filter(prefecture_id=parent.code, kind__in=wanted).on(year.end)
    else:
        rows = Region.objects.filter(city_id=parent.code).on(year.end)
    return list((rows.filter(kind=kind) if kind else rows).order_by("code"))


def ancestors(child: Region, fiscal_year: FiscalYear | int) -> list[Region]:
    """What a region lies in, from its city over its areas of that year to its prefecture and the nation."""
    codes = [code for code in (child.code, child.city_id) if code]
    rows = RegionMembership.objects.filter(_parent_lives(fiscal_year), child_id__in=codes)
    areas = _held(rows, fiscal_year).values_list("parent_id", flat=True)
    wanted = {*areas, child.city_id, child.prefecture_id, NATION_CODE} - {None, child.code}
    order = {RegionKind.NATION: 3, RegionKind.PREFECTURE: 2, **dict.fromkeys(AREA_KINDS, 1)}
    found = Region.objects.filter(pk__in=wanted)
    return sorted(found, key=lambda one: (order.get(RegionKind(one.kind), 0), one.code))


def codes_below(regions: Iterable[Region], day: date) -> dict[str, frozenset[str]]:
    """For each region its own code and the codes of everything in it on a day: whom a role in that region reaches.

    Two queries however many regions are asked. Former wards and ended areas count: their records did not vanish.
    """
    asked = list(regions)
    codes = [one.code for one in asked]
    members: dict[str, set[str]] = defaultdict(set)
    areas = [one.code for one in asked if one.kind in AREA_KINDS]
    if areas:
        held = _held(RegionMembership.objects.filter(parent_id__in=areas), FiscalYear.of(day))
        for parent, child in held.values_list("parent_id", "child_id"):
            members[parent].add(child)
    inside = {child for found in members.values() for child in found}
    lying = Region.objects.filter(Q(prefecture_id__in=codes) | Q(city_id__in=[*codes, *inside]))
    for code, prefecture, city in lying.values_list("code", "prefecture_id", "city_id"):
        if prefecture is not None:
            members[prefecture].add(code)
        if city is not None:
            members[city].add(code)
    return {
        one.code: frozenset({one.code} | members[one.code]).union(*(members[child] for child in members[one.code]))
        for one in asked
    }


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name as it was on the day asked for."""

    name: str
    kana: str


def names_on(regions: Iterable[Region], day: date) -> dict[str, DatedName]:
    """The names regions bore on a day, by code, in one query."""
    asked = {one.code: DatedName(one.name, one.kana) for one in regions}
    former = RegionName.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), region_id__in=asked, valid_to__gt=day
    )
    for row in former.order_by("-valid_to"):  # the one that ended first after the day is written last and stays
        asked[row.region_id] = DatedName(row.name, row.kana)
    return asked


def name_on(one: Region, day: date) -> str:
    """The name a region bore on a day."""
    return names_on([one], day)[one.code].name


def search(
    text: str, *, prefecture_code: str | None = None, kinds: Collection[str] | None = None, limit: int = 20
) -> list[Region]:
    """Regions whose name, reading or code contains the text; spelling, kana and width do not matter.

    A code of six digits must have the right check digit (WrongCheckDigit). Names that begin with the text come
    first, larger regions before smaller ones.
    """
    wanted = fold(text)
    if not wanted:
        return []
    rows = Region.objects.living().select_related("prefecture", "city")
    if prefecture_code:
        rows = rows.filter(Q(prefecture_id=prefecture_code) | Q(pk=prefecture_code))
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    code = parse_area_code(text)
    if code is not None:
        return list(rows.filter(pk=code.code))
    found = list(rows.filter(search_key__contains=wanted).order_by("code")[: limit * 5])
    size = {RegionKind.NATION: 0, RegionKind.PREFECTURE: 1, RegionKind.WARD: 4, RegionKind.LIVING_AREA: 5}
    found.sort(key=lambda one: (not one.search_key.startswith(wanted), size.get(RegionKind(one.kind), 2), one.code))
    return found[:limit]


@dataclass(frozen=True, slots=True)
class Match:
    """What a written name stands for.

    how: "exact", "folded" (another spelling of the same name), "former" (a name it no longer bears), "ambiguous"
    (`candidates` says between whom), "none" (`candidates` may hold names that begin alike, to choose from).
    """

    how: How
    region: Region | None
    candidates: tuple[Region, ...] = ()


NO_MATCH = Match("none", None)


def find_prefecture(name: str) -> Region | None:
    """A prefecture by its name, with or without 都, 府, 県."""
    rows = {one.code: one for one in prefectures()}
    code = find_prefecture_name(name, [Place(one.code, one.kind, one.name) for one in rows.values()])
    return rows.get(code) if code else None


def _prefecture_before(name: str) -> Region | None:
    """The prefecture a name begins with: 群馬県太田市."""
    plain = normalise(name).strip()
    return next((one for one in prefectures() if plain.startswith(one.name)), None)


def find_municipality(prefecture_name: str | None, municipality_name: str, *, on: date | None = None) -> Match:
    """The municipality or ward a document means. Never a guess: what is not certain comes back as candidates.

    prefecture_name: as written, None or "" when the document does not say (府中市 is then ambiguous). on: the day
    the document speaks of, else today's municipalities; regions that had ended by then are not found.
    """
    rows = Region.objects.filter(kind__in=MUNICIPALITY_KINDS | {RegionKind.WARD})
    rows = rows.on(on) if on else rows.living()
    prefecture = find_prefecture(prefecture_name) if prefecture_name else _prefecture_before(municipality_name)
    if prefecture_name and prefecture is None:
        return NO_MATCH
    if prefecture is not None:
        rows = rows.filter(prefecture_id=prefecture.code)
    found = {one.code: one for one in rows.select_related("prefecture", "city")}
    places = [Place(one.code, one.kind, one.name, one.city.name if one.city else "") for one in found.values()]
    former = RegionName.objects.filter(region_id__in=found).exclude(name=F("region__name"))
    places += [Place(row.region_id, found[row.region_id].kind, row.name, former=True) for row in former]
    answer = find_place(municipality_name, places, prefecture=prefecture.name if prefecture else "")
    return Match(
        answer.how, found[answer.code] if answer.code else None, tuple(found[code] for code in answer.candidates)
    )


def memberships_of(prefecture_code: str, kind: RegionKind, fiscal_year: FiscalYear | int) -> dict[str, str]:
    """{child code: parent code} of a prefecture's areas of one kind, from the rows of exactly that year."""
    rows = RegionMembership.objects.filter(
        parent__prefecture=prefecture_code, parent__kind=kind, fiscal_year=_year(fiscal_year).year
    )
    return dict(rows.order_by("child_id").values_list("child_id", "parent_id"))


def held_memberships(prefecture_code: str, fiscal_year: FiscalYear | int) -> list[RegionMembership]:
    """Who belongs to which area of a prefecture in a fiscal year, with both names: each area's latest rows up to it."""
    rows = RegionMembership.objects.filter(_parent_lives(fiscal_year), parent__prefecture=prefecture_code)
    return list(_held(rows, fiscal_year).select_related("child", "parent").order_by("child_id", "parent_id"))


def membership_years(prefecture_code: str, kind: RegionKind) -> list[FiscalYear]:
    """The years for which a prefecture has written the members of its areas of one kind, newest first."""
    rows = RegionMembership.objects.filter(parent__prefecture=prefecture_code, parent__kind=kind)
    return [FiscalYear(year) for year in rows.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()]


def counts_by_prefecture(codes: Collection[str]) -> dict[str, dict[str, int]]:
    """{prefecture code: {kind: how many living regions}} in one query."""
    rows = Region.objects.living().filter(prefecture_id__in=codes).values_list("prefecture_id", "kind")
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for prefecture, kind, number in rows.annotate(number=Count("code")).order_by():
        counts[str(prefecture)][kind] = number
    return counts


def names_of(codes: Collection[str]) -> dict[str, str]:
    """code → the name it bears today, or bore when it ended. One query."""
    return dict(Region.objects.filter(pk__in=list(codes)).values_list("code", "name"))


def former_names(one: Region) -> list[RegionName]:
    """The names a region no longer bears, newest first."""
    return list(one.names.order_by("-valid_to"))


def possible_members(area: Region, fiscal_year: FiscalYear) -> list[Region]:
    """What may belong to an area in a year: the municipalities of its prefecture, and the wards of its designated cities."""
    rows = Region.objects.filter(prefecture_id=area.prefecture_id, kind__in=MUNICIPALITY_KINDS | {RegionKind.WARD})
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=fiscal_year.end)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=fiscal_year.start)
    return list(rows.filter(started, lasting).order_by("code"))
