"""What is counted from councils and their meetings. Only bodies that count as 協議の場, only meetings that were held.

Absent is not zero: a region and year of which nothing is recorded has no figure. It is 0 where meetings were held but
none of this kind, and where a body looked back on a year without any.

A meeting under two hats is one meeting; each hat's own count has it once. The figures are those of a region and all it
contains (a town's meetings are meetings of its prefecture), each meeting once. Participants of one category are told
apart only as `rules.categories.fold` would: a small number of 当事者 or 家族 is a figure for nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyState, Category, HatKind, Layer
from nimo.community.councils.choices.meetings import MeetingState
from nimo.community.councils.events import COUNCIL_FACT, MEETING_FACT
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import AttendanceCount, Meeting
from nimo.community.councils.models.years import YearReview
from nimo.community.councils.policies.bodies import visible_bodies
from nimo.community.councils.policies.meetings import visible_meetings
from nimo.community.councils.rules.categories import threshold_of, told_apart
from nimo.core.disclosure.policy import shipped_policy
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
TOO_FEW = "当事者・家族がだれか分からないように、延べ{threshold}人以上のときだけ分けて示します。"


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
        return _sum(category, fiscal_year, [came for _, came in _came(region_codes, [fiscal_year])])

    def many(region_codes: Collection[str], fiscal_years: Collection[int]) -> Mapping[Key, MeasureCount]:
        groups: dict[Key, list[dict[Category, int]]] = defaultdict(list)
        for key, came in _came(region_codes, fiscal_years):
            groups[key].append(came)
        return {
            (one, year): _sum(category, year, groups.get((one, year), []))
            for one in region_codes
            for year in fiscal_years
        }

    counted.together(together)
    counted.many(many)
    counted.opens(_opened(_council_meetings))
    return counted


def _came(codes: Collection[str], years: Collection[int]) -> list[tuple[Key, dict[Category, int]]]:
    """Of each meeting who came, by category, as far as it was recorded."""
    meetings = _council_meetings(codes, years)
    said: dict[UUID, dict[Category, int]] = defaultdict(dict)
    rows = AttendanceCount.objects.filter(meeting__in=meetings)
    for meeting, category, number in rows.values_list("meeting_id", "category", "number"):
        said[meeting][Category(category)] = number
    return [
        ((region, year), said.get(pk, {}))
        for pk, region, year in meetings.values_list("pk", "body__region_id", "fiscal_year")
    ]


def _sum(category: Category | None, fiscal_year: int, meetings: Sequence[Mapping[Category, int]]) -> MeasureCount:
    if not meetings:
        return NOTHING
    numbers = [(sum(came.values()) if came else None) if category is None else came.get(category) for came in meetings]
    told = [number for number in numbers if number is not None]
    if len(told) < len(numbers):
        return MeasureCount(value=None, records=len(meetings))
    sums: Counter[Category] = sum((Counter(dict(came)) for came in meetings), Counter())
    threshold = threshold_of(shipped_policy(FiscalYear(fiscal_year).end))
    if category is not None and category not in told_apart(sums, threshold):
        return MeasureCount(value=None, records=len(meetings), withheld=TOO_FEW.format(threshold=threshold))
    return MeasureCount(value=sum(told), records=len(meetings))


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
