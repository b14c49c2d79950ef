"""Series on today's map: `todays_map(…)` says which areas to read, `lay` puts what was read onto the map.

    there = todays_map(["10205"], actor.today)
    rows = Observation.objects.live().filter(region_id__in=there.codes, …)
    figures = there.lay(read(actor, rows))

Everything is made from figures as `reading.read` gave them: a figure on today's map never knows more than its reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.urls import reverse

from nimo.community.indicators.choices import Evidence, ValueState
from nimo.community.indicators.models import Observation
from nimo.community.indicators.policies import FigureNotAvailable, get_observation
from nimo.community.indicators.queries.figures import preference
from nimo.community.indicators.queries.reading import Seen, read
from nimo.community.indicators.rules.areas import Choice, Laid, choose, lay, period_of
from nimo.community.indicators.rules.words import SUPPRESSED
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import AREA_KINDS, ChangeKind, RegionKind
from nimo.foundation.regions.models import Region, RegionMembership
from nimo.foundation.regions.queries.changes import recorded_changes
from nimo.foundation.regions.rules.changes import Change, Composition, behind, compose, moved_back

_SEEN = [one.name for one in fields(Seen)]
_Slot = tuple[str, str, str, str, str, int, str]


@dataclass(frozen=True, slots=True)
class LaidSeen(Seen):
    """A figure of an area of today, made from those of earlier areas. operands: as this reader may see them.

    changes: those of the areas that were gone back through, newest first. wanted: all areas it is made of.
    """

    operands: tuple[Seen, ...] = ()
    changes: tuple[Change, ...] = ()
    wanted: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """The page that names the areas and opens their figures."""
        return reverse("indicators:laid_detail", args=[self.region_code, self.id])


def _slot(one: Seen) -> _Slot:
    return (one.indicator, one.basis, one.coverage, one.dimension, one.unit, one.fiscal_year, one.as_of)


@dataclass(frozen=True)
class TodaysMap:
    """Some regions of today and all that became them. codes: whose figures to read."""

    asked: tuple[str, ...]
    on: date
    regions: Mapping[str, Region]
    changes: tuple[Change, ...]
    members: Mapping[str, Mapping[int, frozenset[str]]]
    """area → fiscal year → its municipalities, as registered."""
    codes: frozenset[str] = field(default_factory=frozenset)

    def changed(self, code: str) -> bool:
        """Whether a region was ever anything else than it is today, as far as recorded."""
        if code in self.members and any(now != self._members_now(code) for now in self.members[code].values()):
            return True
        return any(
            code in change.befores | change.afters and change.effective_on <= self.on and not _is_name(change)
            for change in self.changes
        )

    def former(self, code: str) -> frozenset[str]:
        """The areas that became it, wholly or in part, up to the map's day."""
        return behind([code], self.changes, on=self.on) - {code}

    def lay(self, rows: Iterable[Seen]) -> list[Seen]:
        """The figures of the asked regions on today's map; what an area states about itself and still is, unchanged."""
        slots: dict[_Slot, dict[str, list[Seen]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            slots[_slot(row)][row.region_code].append(row)
        sources = {code: self._sources(code) for code in self.asked}
        plain = {code for code in self.asked if not self.changed(code)}
        touched: dict[str, list[str]] = defaultdict(list)
        for code, behind_it in sources.items():
            for one in behind_it:
                touched[one].append(code)
        found: list[Seen] = []
        for slot, there in slots.items():
            for code in dict.fromkeys(asked for one in there for asked in touched.get(one, ())):
                found.extend(there[code] if code in plain else self._figures(code, slot, there))
        return found

    def _figures(self, code: str, slot: _Slot, there: Mapping[str, list[Seen]]) -> list[Seen]:
        choice = self._choice(code, slot, there)
        wanted = choice.composition
        alone = not (choice.refusal or wanted.shares or wanted.unknown) and len(wanted.whole) == 1
        if alone and wanted.whole == {code}:
            return list(there.get(code, ()))
        if choice.refusal:
            picked = {one: min(same, key=preference) for one, same in there.items() if one in self._sources(code)}
        else:
            picked = {one: min(there[one], key=preference) for one in wanted.codes if one in there}
        if alone and picked:
            (only,) = wanted.whole
            return [self._renamed(code, one, wanted) for one in there[only]]
        said = picked
        if not said and code in self.members:  # the area itself said something, of its municipalities none did
            said = {
                one: min(there[one], key=preference) for one in behind([code], self.changes, on=self.on) & set(there)
            }
        if not said:
            return []
        names = {one: self.regions[one].name for one in wanted.codes if one in self.regions}
        laid = (
            Laid("not_computed", reason=choice.refusal)
            if choice.refusal
            else lay({one: row.datum for one, row in picked.items()}, wanted, names)
        )
        return [self._made(code, said, laid, wanted)]

    def _choice(self, code: str, slot: _Slot, there: Mapping[str, list[Seen]]) -> Choice:
        period = period_of(slot[6], slot[5])
        if code in self.members and self._other_members(code, period[1]):
            if not any(one in there for one in behind([code], self.changes, on=self.on)):
                return Choice(Composition(frozenset({code})))  # the area never said anything: nothing to correct
            return Choice(self._of_members(code, period[1]))
        return choose(code, self._of_areas(), period=period, on=self.on, stated=there.keys())

    def _of_areas(self) -> Sequence[Change]:
        return [change for change in self.changes if change.kind is not ChangeKind.MOVE]

    def _sources(self, code: str) -> frozenset[str]:
        return behind({code, *self._members_now(code)}, self.changes, on=self.on)

    def _members_now(self, code: str) -> frozenset[str]:
        return self._members_on(code, self.on) or frozenset()

    def _members_on(self, code: str, day: date) -> frozenset[str] | None:
        """Members of an area on a day: those of the year, less what came and more what left later in it."""
        years = self.members.get(code, {})
        year = FiscalYear.of(day)
        latest = max((known for known in years if known <= year.year), default=None)
        if latest is None:
            return None
        back = moved_back(years[latest], code, self.changes, day=day, until=year.end if latest == year.year else day)
        then = (compose(one, self._of_areas(), day=day, on=max(day, year.end)) for one in back)
        return frozenset(one for made_of in then for one in made_of.codes)

    def _other_members(self, code: str, day: date) -> bool:
        """Whether the area had other municipalities on a day than those of today, laid back to that day."""
        if day >= self.on:
            return False
        now = self._of_members(code, day).codes
        parts = compose(code, self._of_areas(), day=day, on=self.on).codes
        known = [self._members_on(one, day) for one in sorted(parts)]
        if any(one is None for one in known):
            moves = [one for one in self.changes if one.kind is ChangeKind.MOVE and day < one.effective_on <= self.on]
            return any(code in move.befores | move.afters for move in moves)
        return now != frozenset[str]().union(*(one for one in known if one))

    def _of_members(self, code: str, day: date) -> Composition:
        made = [compose(one, self._of_areas(), day=day, on=self.on) for one in sorted(self._members_now(code))]
        moves = [
            one
            for one in self.changes
            if one.kind is ChangeKind.MOVE and day < one.effective_on <= self.on and code in one.befores | one.afters
        ]
        used = {one.id: one for one in (*moves, *(change for part in made for change in part.changes))}
        return Composition(
            frozenset(one for part in made for one in part.whole),
            tuple(share for part in made for share in part.shares),
            frozenset(one for part in made for one in part.unknown),
            tuple(sorted(used.values(), key=lambda one: (one.effective_on, one.id), reverse=True)),
        )

    def _base(self, code: str, first: Seen, operands: Sequence[Seen], wanted: Composition) -> dict[str, Any]:
        region = self.regions[code]
        values = {name: getattr(first, name) for name in _SEEN}
        return values | {
            "region_code": code,
            "region_name": region.name,
            "region_kind": region.kind,
            "is_public": all(one.is_public for one in operands),
            "operands": tuple(operands),
            "changes": wanted.changes,
            "wanted": tuple(sorted(wanted.codes)),
        }

    def _renamed(self, code: str, one: Seen, wanted: Composition) -> LaidSeen:
        return LaidSeen(**self._base(code, one, [one], wanted))

    def _made(self, code: str, picked: Mapping[str, Seen], laid: Laid, wanted: Composition) -> LaidSeen:
        operands = [picked[one] for one in sorted(picked)]
        named = "・".join(one.region_name for one in operands)
        values = self._base(code, operands[0], operands, wanted)
        values |= {
            "state": laid.state,
            "value": laid.value,
            "numerator": laid.numerator,
            "denominator": laid.denominator,
            "yes_no": None,
            "text": "",
            "qualifier": laid.qualifier,
            "evidence": Evidence.DERIVED.value,
            "note": "",
            "origin": f"todays_map:{code}",
            "source_title": f"{named}の値から計算（今の区域）",
            "mark": "－（非表示）" if laid.state == SUPPRESSED else "",
            "reason": laid.reason if laid.state != ValueState.VALUE else "",
        }
        return LaidSeen(**values)


def _is_name(change: Change) -> bool:
    """A new name under the same code: the series goes on as it is."""
    return change.kind is ChangeKind.RENAME and change.befores == change.afters


def todays_map(region_codes: Collection[str], today: date) -> TodaysMap:
    """What these regions were made of up to today. Four queries, however many regions and changes there are."""
    asked = tuple(dict.fromkeys(region_codes))
    own = Region.objects.in_bulk(list(asked))
    prefectures = {one.prefecture_id or one.code for one in own.values()}
    changes = tuple(recorded_changes(sorted(prefectures)))
    areas = [one.code for one in own.values() if one.kind in AREA_KINDS and one.kind != RegionKind.LIVING_AREA]
    with_former = behind(areas, changes, on=today)
    members: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = RegionMembership.objects.filter(parent_id__in=sorted(with_former))
    for parent, year, child in rows.values_list("parent_id", "fiscal_year", "child_id"):
        members[parent][year].add(child)
    inside = {child for years in members.values() for children in years.values() for child in children}
    codes = behind({*asked, *inside}, changes, on=today)
    regions = own | Region.objects.in_bulk(sorted(codes - own.keys()))
    frozen = {
        parent: {year: frozenset(children) for year, children in years.items()} for parent, years in members.items()
    }
    return TodaysMap(tuple(code for code in asked if code in own), today, regions, changes, frozen, codes)


def laid_figure(actor: Actor, region_code: str, observation_id: int) -> tuple[LaidSeen, TodaysMap]:
    """The figure of a region of today that one observation went into, with the map. Raises FigureNotAvailable."""
    row = get_observation(actor, observation_id)
    there = todays_map([region_code], actor.today)
    if not there.asked or row.region_id not in there.codes:
        raise FigureNotAvailable
    rows = Observation.objects.live().filter(
        region_id__in=sorted(there.codes),
        indicator_id=row.indicator_id,
        fiscal_year=row.fiscal_year,
        as_of=row.as_of,
        basis=row.basis,
        coverage=row.coverage,
        dimension=row.dimension,
        unit=row.unit,
    )
    for one in there.lay(read(actor, rows)):
        if isinstance(one, LaidSeen) and one.id == observation_id:
            return one, there
    raise FigureNotAvailable
