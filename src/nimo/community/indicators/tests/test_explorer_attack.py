"""The integer-solver attack on what the public exits give over HTTP: the explorer's files, its derived shares, the value files.

Three area levels, two editions, a drill-down. That the pages tell no more than the files, tests/leaks/test_small_counts.py
compares to the letter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from random import Random

import pytest
from django.test import Client
from django.urls import reverse

from nimo.community.indicators.models import Observation
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.tests.attack import (
    AREAS,
    LEVELS,
    LONG,
    MIDDLE,
    NODES,
    OLD,
    PREFECTURE,
    SHORT,
    TOWNS,
    WHOLE,
    YOUNG,
    Cell,
    Values,
    corrected,
    figures,
    knowledge_of,
    rule_of,
    told_by,
)
from nimo.community.indicators.tests.support import SYSTEM, count, make_region, record, sheet
from nimo.core.disclosure.marks import Reason
from nimo.core.disclosure.tests.attacker import Knowledge
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import RegionMembership

pytestmark = pytest.mark.django_db(databases=["default", "side"])
SHARES = {"long_stay_share": LONG, "months_3_to_12_share": MIDDLE, "under_3_months_share": SHORT}
WORDS = {
    Reason.SMALL: "未満のため表示しません",
    Reason.DERIVABLE: "他の値から計算できないように",
    Reason.JOINT: "未満の値を守るため",
    Reason.POPULATION: "人口が少ない地域のため",
    Reason.NO_RULE: "公表の基準が定まっていないため",
}
Printed = list[tuple[Cell, int, str]]


def make_places(populations: Mapping[str, int]) -> None:
    for code in TOWNS:
        make_region(code, f"市{code}")
    for area, towns in AREAS.items():
        make_region(area, f"圏域{area}", RegionKind.WELFARE_AREA)
        for town in towns:
            RegionMembership.objects.create(child_id=town, parent_id=area, fiscal_year=2020)
    drafts = [count("population", number, code, as_of="2024-05") for code, number in populations.items()]
    publish(actor=SYSTEM, source_ids=[record(drafts, sheet(PREFECTURE, 2025)).source_id])


class Reader:
    """A visitor without a login who keeps every file."""

    def __init__(self, populations: Mapping[str, int]) -> None:
        self.populations = populations
        self.printed: Printed = []
        self.shares: list[tuple[Cell, int, Cell, int, Decimal]] = []
        self.editions: list[Values] = []

    def look(self, values: Values) -> None:
        """Everything that stands in the files now; `values`: the truth, to check the files and to name the facts."""
        self.editions.append(values)
        for row in self._files():
            code, region = row["指標コード"], row["地域コード"].strip()
            text, reason = row["値"], row.get("値がない理由・注意", "")
            if code in NODES and (region, code) in values and (text or reason):
                self._count((region, code), values, text, reason)
            elif code in SHARES and text:
                part, whole = (region, SHARES[code]), (region, WHOLE)
                self.shares.append((part, values[part], whole, values[whole], Decimal(text)))

    def _count(self, cell: Cell, values: Values, text: str, reason: str) -> None:
        if text:
            assert int(text) == values[cell]
            self.printed.append((cell, values[cell], "shown"))
        elif "記録がありません" not in reason:
            told = [name for name, words in WORDS.items() if words in reason]
            assert len(told) == 1, f"{cell}: {reason}"
            self.printed.append((cell, values[cell], told[0]))

    def _files(self) -> Iterator[dict[str, str]]:
        asked = [(WHOLE, SHORT, MIDDLE), (LONG, OLD, YOUNG), tuple(SHARES)]
        for region in (PREFECTURE, *AREAS, *TOWNS):
            for first, second, third in asked:
                given = {"region": region, "indicator": first, "second": second, "third": third}
                yield from _rows(reverse("indicators:explorer_csv"), given)
        for code in NODES:
            for area in ("", PREFECTURE):
                rows = _rows(reverse("indicators:indicator_values_csv", args=[code]), {"area": area})
                yield from ({"指標コード": code, **row} for row in rows if re.fullmatch(r"\d*", row["値"]))

    def knowledge(self) -> Knowledge:
        known = knowledge_of(self.printed, self.editions, self.populations)
        for part, x, whole, n, share in self.shares:
            known.add_share((part, x), (whole, n), share)
        return known

    def told(self) -> set[tuple[Cell, int]]:
        return told_by(self.knowledge(), self.printed, self.populations)

    def smallest_printed(self) -> bool:
        """Whether a count stands there that its own rule hides."""
        return any(one == "shown" and rule_of(cell, self.populations).hides(n) for cell, n, one in self.printed)


def _rows(address: str, given: Mapping[str, str]) -> list[dict[str, str]]:
    answer = Client().get(address, given)
    assert answer.status_code == 200
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def edition(values: Values, regions: Iterable[str], digest: str) -> dict[str, int]:
    """region → its source; a document a region, as sheets come."""
    found = {}
    for code in regions:
        drafts = [count(name, values[code, name], code) for name in NODES]
        found[code] = record(drafts, sheet(code, digest=digest)).source_id
    return found


def changed(before: Values, after: Values) -> list[str]:
    return sorted({cell[0] for cell in after if before[cell] != after[cell]})


@pytest.mark.parametrize("seed", range(2))
def test_no_hidden_count_follows_from_everything_that_two_editions_put_out(store, seed):
    random = Random(seed)
    populations = {town: random.choice([12_000, 60_000, 60_000]) for town in TOWNS}
    make_places(populations)

    def counted() -> int:
        return random.randint(0, random.choice([4, 14, 24]))

    leaves = {town: [counted() for _ in range(4)] for town in TOWNS}
    later = corrected(leaves, [(random.choice(TOWNS), random.randrange(4), counted()) for _ in range(3)])
    reader, (first, second) = Reader(populations), (figures(leaves), figures(later))
    sources = edition(first, (PREFECTURE, *AREAS, *TOWNS), "a")
    outer, inner, last = random.sample(list(LEVELS), 3)
    publish(actor=SYSTEM, source_ids=[sources[code] for code in (*LEVELS[outer], *LEVELS[inner])])
    reader.look(first)
    sources |= edition(second, changed(first, second), "b")
    publish(actor=SYSTEM, source_ids=[sources[code] for level in (outer, inner, last) for code in LEVELS[level]])
    reader.look(second)
    assert len(reader.printed) > 60
    assert any(one != "shown" for _, _, one in reader.printed)
    assert not reader.smallest_printed()
    assert not reader.told()


def test_the_attack_on_the_files_wins_where_only_small_counts_are_hidden(store):
    """What the public forms would be without the sums taken into account: the files then give the five away."""
    populations = dict.fromkeys(TOWNS, 60_000)
    make_places(populations)
    plain: dict[str, Sequence[int]] = dict.fromkeys(TOWNS, (20, 15, 25, 20))
    values = figures({**plain, "31202": (5, 15, 25, 20)})
    sources = edition(values, (PREFECTURE, *AREAS, *TOWNS), "a")
    publish(actor=SYSTEM, source_ids=sorted(sources.values()))
    careful = Reader(populations)
    careful.look(values)
    assert not careful.told()
    Observation.objects.published().exclude(region_id="31202", indicator_id=SHORT).update(exposure="shown")
    naive = Reader(populations)
    naive.look(values)
    assert (("31202", SHORT), 5) in naive.told()
