"""Read outlines against the regions that exist: what fits, what does not, what can be joined from parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nimo.foundation.regions.choices import MUNICIPALITY_KINDS, RegionKind
from nimo.foundation.regions.formats.boundaries import BoundaryFile
from nimo.foundation.regions.formats.outlines import Outline, Ring, join, outline, thin, without_specks

MUNICIPAL_TOLERANCE = 10
PREFECTURE_TOLERANCE = 60
"""In units of about 9 metres: a tenth, and half a kilometre, both below a dot of the maps they are drawn on."""
MUNICIPAL_SPECK = 20
PREFECTURE_SPECK = 300


@dataclass(frozen=True, slots=True)
class KnownRegion:
    """What the matching needs to know of a region of the table."""

    kind: str
    name: str
    prefecture: str | None
    city: str | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class BoundaryReport:
    """What loading would do, for people to look at before they agree.

    outlines: ready to store, also those joined from parts (`derived`). unknown: codes and prefecture names no region
    has. missing: municipalities without an outline, by prefecture, where the files hold others of that prefecture.
    """

    outlines: tuple[Outline, ...]
    unknown: tuple[str, ...]
    missing: Mapping[str, tuple[str, ...]]
    unassigned: int
    as_of: frozenset[date]


def boundary_report(files: Sequence[BoundaryFile], known: Mapping[str, KnownRegion]) -> BoundaryReport:
    """Matches by code, prefectures without a code by name. Two files with the same region: their parts are added."""
    names = {region.name: code for code, region in known.items() if region.kind == RegionKind.PREFECTURE}
    small: dict[str, list[Ring]] = {}
    large: dict[str, list[Ring]] = {}
    unknown: set[str] = set()
    for file in files:
        for code, rings in file.by_code.items():
            if code not in known:
                unknown.add(code)
            else:
                target = large if known[code].kind == RegionKind.PREFECTURE else small
                target.setdefault(code, []).extend(rings)
        for name, rings in file.by_prefecture.items():
            if name in names:
                large.setdefault(names[name], []).extend(rings)
            else:
                unknown.add(name)
    thinned = thin(small, MUNICIPAL_TOLERANCE)
    cities = _cities(thinned, known)
    joined = {code: rings for code, rings in _prefectures({**thinned, **cities}, known).items() if code not in large}
    found = [outline(code, without_specks(rings, MUNICIPAL_SPECK)) for code, rings in thinned.items()]
    found += [outline(c, without_specks(rings, MUNICIPAL_SPECK), derived=True) for c, rings in cities.items()]
    for code, rings in thin({**large, **joined}, PREFECTURE_TOLERANCE).items():
        found.append(outline(code, without_specks(rings, PREFECTURE_SPECK), derived=code in joined))
    found.sort(key=lambda one: one.code)
    missing = _missing({one.code for one in found}, {*small}, known)
    days = frozenset(file.as_of for file in files if file.as_of is not None)
    return BoundaryReport(tuple(found), tuple(sorted(unknown)), missing, sum(f.unassigned for f in files), days)


def _cities(found: Mapping[str, Sequence[Ring]], known: Mapping[str, KnownRegion]) -> dict[str, list[Ring]]:
    """Designated cities, which N03 knows by their wards only: joined when every ward of today or none of them is new."""
    wards: dict[str, list[str]] = {}
    for code in found:
        city = known[code].city
        if known[code].kind == RegionKind.WARD and city and city not in found:
            wards.setdefault(city, []).append(code)
    joined = {}
    for city, codes in wards.items():
        everyone = {code for code, region in known.items() if region.city == city and region.kind == RegionKind.WARD}
        living = {code for code in everyone if known[code].valid_to is None}
        ended = everyone - living
        # the wards of today are complete, or the file shows the day before they were redrawn
        if living <= set(codes) or (ended and ended <= set(codes)):
            joined[city] = join(found[code] for code in sorted(codes))
    return joined


def _prefectures(found: Mapping[str, Sequence[Ring]], known: Mapping[str, KnownRegion]) -> dict[str, list[Ring]]:
    """Prefectures all of whose municipalities have an outline, joined from them."""
    inside: dict[str, list[str]] = {}
    for code, region in known.items():
        if region.prefecture and region.kind in MUNICIPALITY_KINDS and region.valid_to is None:
            inside.setdefault(region.prefecture, []).append(code)
    return {
        prefecture: join(found[code] for code in codes)
        for prefecture, codes in inside.items()
        if all(code in found for code in codes)
    }


def _missing(drawn: set[str], read: set[str], known: Mapping[str, KnownRegion]) -> dict[str, tuple[str, ...]]:
    touched = {known[code].prefecture for code in read}
    missing: dict[str, list[str]] = {}
    for code, region in sorted(known.items()):
        if (
            region.kind in MUNICIPALITY_KINDS
            and region.prefecture in touched
            and region.valid_to is None
            and code not in drawn
            and region.prefecture is not None
        ):
            missing.setdefault(region.prefecture, []).append(region.name)
    return {prefecture: tuple(names) for prefecture, names in missing.items()}
