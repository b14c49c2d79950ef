"""The places figures are given for: all together, prefectures, areas, municipalities, and how they contain each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nimo.analysis.spells.references import References
from nimo.core.codes import AreaCode, AreaKind
from nimo.core.disclosure.policy import Level

LEVELS: Mapping[str, str] = {
    "total": "全体",
    "prefecture": "都道府県",
    "area": "圏域",
    "municipality": "市区町村",
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """level: of LEVELS. code: "" (all), two digits, an area code, five digits; "…-other" and "unknown" for the rest."""

    level: str
    code: str


TOTAL = Place("total", "")
UNKNOWN = Place("prefecture", "unknown")


@dataclass(frozen=True)
class Geography:
    """Which places there are. areas: municipality → area; populations: five or two-digit code → persons.

    Municipalities are given only where their population is known: the rule of suppression depends on it, and a list
    of just those that have patients would tell who they are.
    """

    areas: Mapping[str, str] = field(default_factory=dict)
    populations: Mapping[str, int] = field(default_factory=dict)
    ages: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    standard: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, references: References) -> Geography:
        """From the tables beside the spells."""
        return cls(
            areas=dict(references.areas),
            populations={_short(one.municipality): one.persons for one in references.populations},
            ages={_short(one.municipality): dict(one.by_age) for one in references.populations if one.by_age},
            standard=dict(references.standard),
        )

    def to_data(self) -> dict[str, Any]:
        """Plain data (JSON) that `Geography(**data)` reads again. All of it is public."""
        return {
            "areas": dict(self.areas),
            "populations": dict(self.populations),
            "ages": {code: dict(ages) for code, ages in self.ages.items()},
            "standard": dict(self.standard),
        }

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels this geography can give."""
        found = ["total", "prefecture"]
        if self.areas:
            found.append("area")
        if self._municipalities:
            found.append("municipality")
        return tuple(found)

    @cached_property
    def _municipalities(self) -> frozenset[str]:
        return frozenset(code for code in self.populations if len(code) == 5)

    @cached_property
    def digest(self) -> str:
        """The same for equal geographies: results of different ones are not added."""
        return hashlib.sha256(json.dumps(self.to_data(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def chain(self, number: int) -> tuple[Place, ...]:
        """A place code as an engine gives it → the places it lies in, from all together down."""
        if number == 0:
            return (TOTAL, UNKNOWN)
        code = f"{number:05d}"
        prefecture = code[:2]
        found = [TOTAL, Place("prefecture", prefecture)]
        if self.areas:
            found.append(Place("area", self.areas.get(code, f"{prefecture}-other")))
        if self._municipalities:
            found.append(Place("municipality", code if code in self._municipalities else self._other(code)))
        return tuple(found)

    def _other(self, code: str) -> str:
        return f"{self.areas.get(code, code[:2])}-other"

    def parent(self, place: Place) -> Place | None:
        """The place a place is part of, within the levels there are; None for all together."""
        if place == TOTAL:
            return None
        if place.level == "prefecture":
            return TOTAL
        if place.level == "area":
            return Place("prefecture", self._prefecture_of_area(place.code))
        if self.areas:
            if place.code.endswith("-other"):
                area = place.code.removesuffix("-other")
                return Place("area", area if area in self._area_codes else place.code)
            return Place("area", self.areas.get(place.code, f"{place.code[:2]}-other"))
        return Place("prefecture", place.code[:2])

    @cached_property
    def _area_codes(self) -> Mapping[str, str]:
        """Area → prefecture, by its municipalities."""
        return {area: code[:2] for code, area in sorted(self.areas.items())}

    def _prefecture_of_area(self, area: str) -> str:
        return self._area_codes.get(area, area[:2])

    def listed(self, seen: Iterable[int]) -> set[Place]:
        """Every place to list: those seen, and all municipalities with population of the prefectures seen."""
        found = {place for number in seen for place in self.chain(number)} | {TOTAL}
        prefectures = {place.code for place in found if place.level == "prefecture"}
        for code in self._municipalities:
            if code[:2] in prefectures:
                found.update(self.chain(int(code)))
        return found

    def population(self, place: Place) -> int | None:
        """Persons; None when unknown. An area is known when all its municipalities are."""
        if place.level == "area":
            return self._area_populations.get(place.code)
        return self.populations.get(place.code) if place.level in ("prefecture", "municipality") else None

    @cached_property
    def _area_populations(self) -> Mapping[str, int]:
        members: dict[str, list[int | None]] = {}
        for code, area in self.areas.items():
            members.setdefault(area, []).append(self.populations.get(code))
        known = {area: [persons for persons in own if persons is not None] for area, own in members.items()}
        return {area: sum(known[area]) for area, own in members.items() if len(known[area]) == len(own)}

    def population_by_age(self, place: Place) -> Mapping[str, int] | None:
        """Persons by age class; of an area, those of its municipalities together. None when any is unknown."""
        if place.level != "area":
            return self.ages.get(place.code)
        members = [self.ages.get(code) for code, area in self.areas.items() if area == place.code]
        if not members or None in members:
            return None
        total: dict[str, int] = {}
        for ages in members:
            for age, persons in (ages or {}).items():
                total[age] = total.get(age, 0) + persons
        return total

    @staticmethod
    def disclosure_level(place: Place) -> Level:
        """The level the disclosure rules know."""
        if place.level == "municipality" and place.code.isdigit():
            return Level.WARD if AreaCode(place.code).kind is AreaKind.WARD else Level.MUNICIPALITY
        if place.level == "prefecture" and place.code.isdigit():
            return Level.PREFECTURE
        return Level.AREA


def _short(code: str) -> str:
    """10000 → 10: prefectures by two digits."""
    return code.removesuffix("000") if len(code) == 5 else code
