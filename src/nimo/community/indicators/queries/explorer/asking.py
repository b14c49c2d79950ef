"""What is asked of the explorer: which region, which indicators, which years; wrong words fall back and are said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from nimo.community.indicators.queries.catalogue import Catalogue, Entry
from nimo.core.codes import WrongCheckDigit
from nimo.core.fiscal import parse_fiscal_year
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import NATION_CODE
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.queries.places import region as find_region
from nimo.foundation.regions.queries.places import search

DEFAULT = "inpatients_over_1_year"
FIELDS = ("indicator", "second", "third")
MOST_BESIDE = 3
_LONGEST_CODE = 12
_BETWEEN = re.compile(r"[、,，;；\n]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """region: None where the words mean nobody, or several (`candidates`). from_year, to_year: None open.

    beside: regions to stand beside it; not_found: words for such a region that mean nobody, or several.
    """

    region: Region | None
    words: str
    candidates: Sequence[Region]
    entries: Sequence[Entry]
    from_year: int | None
    to_year: int | None
    basis: str
    dimension: str
    beside: Sequence[Region] = ()
    not_found: Sequence[str] = ()

    def href(self, *, region_code: str = "", csv: bool = False) -> str:
        """The same question of another region, or as a file."""
        asked: dict[str, str] = {"region": region_code or (self.region.code if self.region else self.words)}
        asked |= {field: entry.code for field, entry in zip(FIELDS, self.entries, strict=False)}
        if self.from_year is not None:
            asked["from"] = str(self.from_year)
        if self.to_year is not None:
            asked["to"] = str(self.to_year)
        if self.beside:
            asked["beside"] = "、".join(one.code for one in self.beside if one.code != asked["region"])
        asked |= {key: value for key, value in (("basis", self.basis), ("dimension", self.dimension)) if value}
        return f"{reverse('indicators:explorer_csv' if csv else 'indicators:explorer')}?{urlencode(asked)}"


def _home(actor: Actor) -> str:
    """Where the reader works; the nation for everybody else."""
    return actor.organisation.region_code if actor.organisation else NATION_CODE


def find(words: str) -> tuple[Region | None, Sequence[Region]]:
    """The one region the words mean, or those they may mean. At most three queries."""
    if words.isascii() and len(words) <= _LONGEST_CODE:  # 10205, and the codes of areas, which are not digits only
        region = find_region(words)
        if region is not None or (len(words) == 5 and words.isdigit()):
            return region, ()
    prefecture, _, name = words.replace("\u3000", " ").strip().rpartition(" ")
    try:
        found = search(name, limit=20)
    except WrongCheckDigit:
        return None, ()
    if prefecture:
        found = [one for one in found if one.prefecture is not None and one.prefecture.name == prefecture] or found
    exact = [one for one in found if name in (one.name, one.code)] or found
    if len(exact) == 1:
        return exact[0], ()
    return None, found


def _find_beside(text: str, own: Region | None) -> tuple[list[Region], list[str]]:
    """At most three regions, and the words that mean none or several; the region itself does not stand beside itself."""
    found: dict[str, Region] = {}
    lost: list[str] = []
    for words in [part.strip() for part in _BETWEEN.split(text) if part.strip()][:MOST_BESIDE]:
        region, _ = find(words)
        if region is None:
            lost.append(words)
        elif own is None or region.code != own.code:
            found[region.code] = region
    return list(found.values()), lost


def _year(text: str) -> int | None:
    found = parse_fiscal_year(text)
    return found.year if found else None


def read_question(actor: Actor, given: Mapping[str, str], catalogue: Catalogue) -> Asked:
    """The address as a question. Unknown indicators are left out; without any the one of the plans stands."""
    words = given.get("region", "").strip()[:80] or _home(actor)
    region, candidates = find(words)
    beside, not_found = _find_beside(given.get("beside", "")[:240], region)
    codes = [code for field in FIELDS if (code := given.get(field, "")) in catalogue.entries]
    from_year, to_year = _year(given.get("from", "")), _year(given.get("to", ""))
    if from_year is not None and to_year is not None and from_year > to_year:
        from_year, to_year = to_year, from_year
    return Asked(
        region=region,
        words=words,
        candidates=candidates,
        entries=[catalogue.entries[code] for code in dict.fromkeys(codes or [DEFAULT]) if code in catalogue.entries],
        from_year=from_year,
        to_year=to_year,
        basis=given.get("basis", "")[:24],
        dimension=given.get("dimension", "")[:120],
        beside=beside,
        not_found=not_found,
    )
