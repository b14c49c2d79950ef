"""What is counted from councils and their meetings. Only bodies that count as 協議の場, only meetings that were held.

Absent is not zero: a region and year of which nothing is recorded has no figure. It is 0 where meetings were held but
none of this kind, and where a body looked back on a year without any.

A meeting under two hats is one meeting; each hat's own count has it once. The figures are those of a region and all it
contains (a town's meetings are meetings of its prefecture), each meeting once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyState, Category, HatKind, Layer
from nimo.community.councils.choices.meetings import MeetingState
from nimo.community.councils.events import COUNCIL_FACT, MEETING_FACT
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import AttendanceCount, Meeting
from nimo.community.councils.models.years import YearReview
from nimo.community.councils.policies.bodies import visible_bodies
from nimo.community.councils.policies.meetings import visible_meetings
from nimo.core.fiscal import FiscalYear
from nimo.core.measures import Key, Measure, MeasureCount, MeasureRecord, measure
from nimo.foundation.access.actors import Actor

FACTS = {MEETING_FACT: "会議の記録", COUNCIL_FACT: "会議体の登録"}
LAYERS = {
    "prefecture": ("都道府県", (Layer.PREFECTURE,)),
    "area": ("圏域", (Layer.WELFARE_AREA, Layer.HEALTH_CENTRE_AREA)),
    "municipality": ("市町村", (Layer.MUNICIPALITY,)),
}
HATS = (HatKind.INPATIENT_VISITS, HatKind.DISCHARGE_PROMOTION, HatKind.OUTREACH_EVALUATION, HatKind.TRAINING)
Meetings = Callable[[Collection[str], Collection[int]], "QuerySet[Meeting]"]
NOTHING = MeasureCount(value=None, records=0)


def _held(codes: Collection[str], years: Collection[int]) -> QuerySet[Meeting]:
    return Meeting.objects.filter(state=MeetingState.HELD, body__region_id__in=codes, fiscal_year__in=years)


def _council_meetings(codes: Collection[str], years: Collection[int]) -> QuerySet[Meeting]:
    return _held(codes, years).filter(body__counts_as_council=True)


def _goal_reviews(codes: Collection[str], years: Collection[int]) -> QuerySet[Meeting]:
    return _council_meetings(codes, years).filter(goals_reviewed=True)


def _spoken_of(codes: Collection[str], years: Collection[int]) -> set[Key]:
    """Regions and years somebody recorded: a meeting was held, or the year was looked back on and decided."""
    held = _held(codes, years).values_list("body__region_id", "fiscal_year")
    closed = YearReview.objects.filter(body__region_id__in=codes, fiscal_year__in=years).exclude(decision="")
    return {*held.distinct().order_by(), *closed.values_list("body__region_id", "fiscal_year").distinct().order_by()}


def _under(kind: HatKind) -> Meetings:
    def found(codes: Collection[str], years: Collection[int]) -> QuerySet[Meeting]:
        return _held(codes, years).filter(hats__hat__kind=kind).distinct()

    return found


def _opened(meetings: Meetings) -> Callable[[Actor, tuple[str, ...], int], list[MeasureRecord]]:
    def records(actor: Actor, region_codes: tuple[str, ...], fiscal_year: int) -> list[MeasureRecord]:
        rows = visible_meetings(actor).filter(pk__in=meetings(region_codes, [fiscal_year]).values("pk"))
        return [
            MeasureRecord(
                f"{row.body.name} {row.title}", reverse("councils:meeting_detail", args=[row.pk]), f"{row.held_on}"
            )
            for row in rows.select_related("body").order_by("held_on", "pk")
        ]

    return records


def _number_of(code: str, label: str, meetings: Meetings) -> Measure:
    """Registers a count of meetings."""

    @measure(code=code, label=label, unit="回", basis="records", facts=FACTS)
    def counted(region_code: str, fiscal_year: int) -> MeasureCount:
        return together((region_code,), fiscal_year)

    def together(region_codes: tuple[str, ...], fiscal_year: int) -> MeasureCount:
        number = meetings(region_codes, [fiscal_year]).count()
        if not number and not _spoken_of(region_codes, [fiscal_year]):
            return NOTHING
        return MeasureCount(value=number, records=number)

    def many(region_codes: Collection[str], fiscal_years: Collection[int]) -> Mapping[Key, MeasureCount]:
        told = _spoken_of(region_codes, fiscal_years)
        rows = meetings(region_codes, fiscal_years).values("body__region_id", "fiscal_year")
        found = {
            (row["body__region_id"], row["fiscal_year"]): row["number"]
            for row in rows.annotate(number=Count("pk", distinct=True)).order_by()
        }
        return {
            (code, year): MeasureCount(value=found.get((code, year), 0), records=found.get((code, year), 0))
            if (code, year) in told
            else NOTHING
            for code in region_codes
            for year in fiscal_years
        }

    counted.together(together)
    counted.many(many)
    counted.opens(_opened(meetings))
    return counted


def _participants_of(code: str, label: str, category: Category | None) -> Measure:
    """Registers a sum of participants. A meeting whose attendance nobody recorded leaves no figure, never a smaller one."""

    @measure(code=code, label=label, unit="人", basis="records", facts=FACTS)
    def counted(region_code: str, fiscal_year: int) -> MeasureCount:
        return together((region_code,), fiscal_year)

    def together(region_codes: tuple[str, ...], fiscal_year: int) -> MeasureCount:
        return _sum(many_by_meeting(region_codes, [fiscal_year]))

    def many_by_meeting(codes: Collection[str], years: Collection[int]) -> list[tuple[str, int, int | None]]:
        wanted = Q() if category is None else Q(category=category)
        meetings = _council_meetings(codes, years)
        sums = dict(
            AttendanceCount.objects.filter(wanted, meeting__in=meetings)
            .values_list("meeting_id")
            .annotate(number=Sum("number"))
            .order_by()
        )
        return [
            (region, year, sums.get(pk))
            for pk, region, year in meetings.values_list("pk", "body__region_id", "fiscal_year")
        ]

    def many(region_codes: Collection[str], fiscal_years: Collection[int]) -> Mapping[Key, MeasureCount]:
        groups: dict[Key, list[tuple[str, int, int | None]]] = defaultdict(list)
        for row in many_by_meeting(region_codes, fiscal_years):
            groups[row[0], row[1]].append(row)
        return {(one, year): _sum(groups.get((one, year), [])) for one in region_codes for year in fiscal_years}

    counted.together(together)
    counted.many(many)
    counted.opens(_opened(_council_meetings))
    return counted


def _sum(rows: Collection[tuple[str, int, int | None]]) -> MeasureCount:
    if not rows:
        return NOTHING
    numbers = [number for _, _, number in rows if number is not None]
    whole = len(numbers) == len(rows)
    return MeasureCount(value=sum(numbers) if whole else None, records=len(rows))


def _registered(codes: Collection[str], layers: Collection[Layer]) -> QuerySet[Body]:
    return Body.objects.filter(region_id__in=codes, counts_as_council=True, layer__in=layers)


def _standing(codes: Collection[str], fiscal_year: int, layers: Collection[Layer]) -> QuerySet[Body]:
    """Bodies that stood at the end of the fiscal year. One without a day of establishment counts as standing."""
    end = FiscalYear(fiscal_year).end
    return (
        _registered(codes, layers)
        .filter(Q(established_on__isnull=True) | Q(established_on__lte=end))
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=end))
        .exclude(state=BodyState.PREPARING)
    )


def _bodies_of(key: str) -> Measure:
    label, layers = LAYERS[key]

    @measure(
        code=f"councils.bodies_{key}",
        label=f"協議の場の数（{label}）",
        unit="か所",
        basis="records",
        facts={COUNCIL_FACT: "会議体の登録"},
    )
    def counted(region_code: str, fiscal_year: int) -> MeasureCount:
        return together((region_code,), fiscal_year)

    def together(region_codes: tuple[str, ...], fiscal_year: int) -> MeasureCount:
        number = _standing(region_codes, fiscal_year, layers).count()
        if not number and not _registered(region_codes, layers).exists():
            return NOTHING
        return MeasureCount(value=number, records=number)

    def records(actor: Actor, region_codes: tuple[str, ...], fiscal_year: int) -> list[MeasureRecord]:
        rows = visible_bodies(actor).filter(pk__in=_standing(region_codes, fiscal_year, layers).values("pk"))
        return [
            MeasureRecord(row.name, reverse("councils:body_detail", args=[row.pk]), row.region.name)
            for row in rows.select_related("region").order_by("region_id", "name")
        ]

    counted.together(together)
    counted.opens(records)
    return counted


meetings = _number_of("councils.meetings", "協議の場の開催回数", _council_meetings)
goal_reviews = _number_of("councils.goal_reviews", "目標設定及び評価を行った協議の場の会議の数", _goal_reviews)
under_hats = {
    kind: _number_of(f"councils.meetings_{kind.value}", f"{kind.label}として開いた会議の回数", _under(kind))
    for kind in HATS
}
participants = _participants_of("councils.participants", "協議の場の参加者数（延べ）", None)
participants_by = {
    one: _participants_of(f"councils.participants_{one.value}", f"協議の場の参加者数（{one.label}、延べ）", one)
    for one in Category
}
bodies_by_layer = {key: _bodies_of(key) for key in LAYERS}
