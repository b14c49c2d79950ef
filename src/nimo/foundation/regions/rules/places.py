"""Codes of areas, names of places, and what may belong to what: no table, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from nimo.core.text import fold, normalise
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, RegionKind

AREA_LETTERS = {RegionKind.WELFARE_AREA: "w", RegionKind.HEALTH_CENTRE_AREA: "h", RegionKind.MEDICAL_AREA: "m"}
NAME_LIMIT = 80


def next_area_code(kind: RegionKind, *, base: str, taken: Iterable[str]) -> str:
    """The next free code of an area. base: the prefecture's code, or the municipality's for a 日常生活圏域.

    ValueError when a hundred are taken or the kind is no area.
    """
    if kind is RegionKind.LIVING_AREA:
        prefix = f"{base}-"
    elif kind in AREA_LETTERS:
        prefix = f"{base[:2]}{AREA_LETTERS[kind]}"
    else:
        raise ValueError(f"{kind} is no area")
    used = {int(code[len(prefix) :]) for code in taken if re.fullmatch(re.escape(prefix) + "[0-9]{2}", code)}
    number = max(used, default=0) + 1  # the number of an ended area is not given again: old links would lie
    if number > 99:
        raise ValueError(f"no code is left after {prefix}99")
    return f"{prefix}{number:02d}"


_KE = re.compile(r"(?<=[㐀-鿿豈-﫿])[けかが箇](?=[㐀-鿿豈-﫿])")


def place_key(name: str) -> str:
    """One form for the spellings of a place name: 龍ケ崎 竜ヶ崎 竜が崎, 上ノ国 上之国. For comparing only."""
    return _KE.sub("け", fold(name)).replace("之", "の")


def search_key(*, name: str, kana: str, code: str) -> str:
    """What a search looks through: name, reading and code in one folded text."""
    return f"{fold(name)} {fold(kana)} {code}"


@dataclass(frozen=True, slots=True)
class Place:
    """A name to compare with. `city`: of a ward, the name of its city; `former`: a name it no longer bears."""

    code: str
    kind: str
    name: str
    city: str = ""
    former: bool = False

    @property
    def short_name(self) -> str:
        """鶴見区 for 横浜市鶴見区; any other name as it is."""
        return self.name.removeprefix(self.city)


How = Literal["exact", "folded", "former", "ambiguous", "none"]


@dataclass(frozen=True, slots=True)
class Found:
    """The code a name stands for, or several it may stand for ("ambiguous"), or names that begin alike ("none")."""

    how: How
    code: str | None
    candidates: tuple[str, ...] = ()


# 邑楽郡大泉町 → 大泉町; 郡山市 and 大和郡山市 end in 市 and are matched whole before this is tried.
_COUNTY = re.compile(r".{1,6}?郡(?=.+[町村]$)")
_SPACE = re.compile(r"\s+")


def _spellings(name: str) -> tuple[str, ...]:
    """The name as given, and without the county before a town or village."""
    plain = _SPACE.sub("", normalise(name))
    without_county = _COUNTY.sub("", plain, count=1)
    return (plain,) if without_county == plain else (plain, without_county)


def find_place(name: str, places: Sequence[Place], *, prefecture: str = "") -> Found:
    """Which of the places a written name means: exactly, else by folded spelling; never a guess.

    Understands a prefecture before it (群馬県太田市), a county before a town or village (邑楽郡大泉町), a ward without
    its city (鶴見区). Names of today come before former ones. Two places left over make "ambiguous".
    """
    spellings = _spellings(name)
    if prefecture and spellings[0] != prefecture:
        spellings = tuple(spelling.removeprefix(prefecture) for spelling in spellings)
    spellings = tuple(dict.fromkeys(spelling for spelling in spellings if spelling))
    if not spellings:
        return Found("none", None)
    folded = tuple(place_key(spelling) for spelling in spellings)
    ways: list[tuple[How, list[str]]] = []
    for former in (False, True):
        living = [place for place in places if place.former is former]
        for spelling in spellings:
            whole = [place.code for place in living if place.name == spelling]
            part = [place.code for place in living if place.city and place.short_name == spelling]
            ways += [("former" if former else "exact", whole), ("former" if former else "exact", part)]
        for spelling in folded:
            alike = [place.code for place in living if spelling in {place_key(place.name), place_key(place.short_name)}]
            ways.append(("former" if former else "folded", alike))
    for how, codes in ways:
        distinct = tuple(dict.fromkeys(codes))
        if len(distinct) == 1:
            return Found(how, distinct[0], distinct)
        if distinct:
            return Found("ambiguous", None, distinct)
    near = tuple(dict.fromkeys(p.code for p in places if place_key(p.name).startswith(folded[-1])))
    return Found("none", None, near[:10])


_PREFECTURE_ENDINGS = re.compile(r"[都府県]$")


def short_prefecture_name(name: str) -> str:
    """群馬 for 群馬県; 北海道 stays."""
    return _PREFECTURE_ENDINGS.sub("", name)


def find_prefecture_name(name: str, prefectures: Sequence[Place]) -> str | None:
    """The code of a prefecture written with or without 都, 府, 県 (群馬, 京都); 北海道 keeps its 道."""
    plain = place_key(_SPACE.sub("", normalise(name)))
    for place in prefectures:
        key = place_key(place.name)
        if plain == key or plain == short_prefecture_name(key):
            return place.code
    return None


def may_contain(parent: str, child: str) -> bool:
    """Whether a region of one kind may have one of the other among its members.

    Members of 障害保健福祉圏域, 保健所管内 and 二次医療圏 are municipalities, or wards where a designated city is divided.
    A 日常生活圏域 lies inside one municipality and has no members.
    """
    return parent in AREA_KINDS - {RegionKind.LIVING_AREA} and child in MUNICIPALITY_KINDS | {RegionKind.WARD}


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """What differs between two years for one child: the parent's code before and after; None: in no area."""

    child: str
    before: str | None
    after: str | None


def membership_changes(before: dict[str, str], after: dict[str, str]) -> list[MembershipChange]:
    """Children whose parent differs, by code. Both are {child code: parent code}."""
    return [
        MembershipChange(child, before.get(child), after.get(child))
        for child in sorted(before.keys() | after.keys())
        if before.get(child) != after.get(child)
    ]


@dataclass(frozen=True, slots=True)
class AreaValue:
    """What a map shows of a region: the value as text, its class 0 to 4 (None: no value), where a click leads."""

    value_text: str = ""
    level: int | None = None
    href: str | None = None
    note: str = ""
