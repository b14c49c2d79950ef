"""Spells of a made-up world, the same every time: a city, a prefecture, the nation. Nobody in it exists.

Every figure is drawn by integer arithmetic from the number of the person and the spell, so that any part can be made
again alone and the totals can be counted without the engine that is tested with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from nimo.analysis.spells.contract import PERSON
from nimo.analysis.spells.prepare import day_number

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

OBSERVED_UNTIL = date(2025, 6, 30)
BEGIN = date(2012, 4, 1)
MOST_SPELLS = 8
OLDEST = 110 * 365  # days: nobody is admitted older, so the world holds no row with an error
CHUNK = 400_000
HOSPITALS_PER_PREFECTURE = 32

# (weight, least, most) in days; weights of 1000.
LENGTHS = ((20, 0, 0), (330, 1, 45), (290, 46, 90), (220, 91, 365), (100, 366, 1500), (40, 1501, 9000))
GAPS = ((25, 0, 0), (175, 1, 30), (400, 31, 365), (400, 366, 2000))
NUMBERS = (480, 220, 120, 80, 45, 25, 18, 12)  # of persons with 1, 2, … 8 spells; weights of 1000
OUTCOMES = (
    (600, "home"), (60, "group_home"), (90, "elderly_care"), (130, "transfer"), (80, "death"), (30, "other"),
    (10, "unknown"),
)  # fmt: skip
ADMISSION_TYPES = ((10, "order"), (5, "urgent_order"), (430, "protection"), (5, "emergency"), (550, "voluntary"))
DIAGNOSES = (
    (170, "F00-F03"), (40, "F04-F09"), (60, "F1"), (430, "F2"), (170, "F3"), (50, "F4"), (20, "F6"), (30, "F7"),
    (20, "F8"), (10, "G40"),
)  # fmt: skip
LONG_STAY = 50  # of 1000 persons: came decades ago, many are still there
STAYS_PUT, LINKED, PSYCHIATRIC = 970, 850, 975  # of 1000


@dataclass(frozen=True, slots=True)
class WorldSize:
    """spells: rows written, exactly. municipalities: how many places; prefectures: how many they lie in."""

    name: str
    spells: int
    municipalities: int
    prefectures: int


CITY = WorldSize("city", 2_000, 1, 1)
PREFECTURE = WorldSize("prefecture", 100_000, 35, 1)
NATION = WorldSize("nation", 5_000_000, 1741, 47)
NATION_LARGE = WorldSize("nation_large", 50_000_000, 1741, 47)
SIZES = {size.name: size for size in (CITY, PREFECTURE, NATION, NATION_LARGE)}


def world_codes(size: WorldSize) -> list[str]:
    """Five-digit codes of as many places as the size has, spread over its prefectures. They follow the rule of real
    codes and are not a list of real municipalities: `write_world` takes a real list where one is at hand.
    """
    each, more = divmod(size.municipalities, size.prefectures)
    codes = []
    for number in range(size.prefectures):
        prefecture = number + 1 if size.prefectures > 1 else 10
        codes += [f"{prefecture:02d}{201 + place}" for place in range(each + (number < more))]
    return codes


@dataclass
class Totals:
    """Counted while the world is written, by other means than the engine.

    in_bed: persons in psychiatric beds at 0:00 of `census`, by residence. days: Σ length of finished spells.
    """

    census: date
    rows: int = 0
    persons: int = 0
    in_hospital: int = 0
    days: int = 0
    in_bed: dict[str, int] = field(default_factory=dict)


def world_weights(places: int) -> Ints:
    """How large each place is, relative to the others: few are large, many small (Zipf's law), in no order of codes."""
    rank = np.argsort(np.argsort(mix(np.arange(places, dtype=np.uint64))))
    return np.array([10**9 // isqrt((number + 8) ** 3) for number in rank.tolist()], np.int64)


def world_populations(size: WorldSize, codes: Sequence[str] | None = None) -> dict[str, int]:
    """A population for each place, as large as its share of the spells asks for: 125 million for the nation."""
    codes = codes if codes is not None else world_codes(size)
    weights = world_weights(len(codes))
    people = 72_000 * size.municipalities
    total = int(weights.sum())
    return {code: people * weight // total for code, weight in zip(codes, weights.tolist(), strict=True)}


def mix(value: Words) -> Words:
    """SplitMix64: a well spread 64-bit word for each word (Steele, Lea & Flood 2014)."""
    value = value + np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: Words = value ^ (value >> np.uint64(31))
    return spread


def draw(person: Ints, spell: int, what: int, below: int) -> Ints:
    """A whole number from 0 to below − 1 for each person, for one purpose of one spell."""
    words = mix(person.astype(np.uint64) * np.uint64(1024) + np.uint64(spell * 64 + what))
    return ((words >> np.uint64(16)) % np.uint64(below)).astype(np.int64)


def _ranges(person: Ints, spell: int, what: int, table: Sequence[tuple[int, int, int]]) -> Ints:
    """Days from a table of (weight, least, most)."""
    which = _choice(draw(person, spell, what, 1000), [weight for weight, _, _ in table])
    least = np.array([low for _, low, _ in table])[which]
    most = np.array([high for _, _, high in table])[which]
    return np.asarray(least + draw(person, spell, what + 1, 1 << 30) % (most - least + 1), np.int64)


def _choice(drawn: Ints, weights: Sequence[int]) -> Ints:
    return _among(np.cumsum(weights), drawn)


def _among(limits: Ints, drawn: Ints) -> Ints:
    """Which of the growing limits a number stays below."""
    found: Ints = np.searchsorted(limits, drawn, side="right").astype(np.int64)
    return found


class _Maker:
    """The spells of a range of persons, as arrays."""

    def __init__(self, size: WorldSize, codes: Sequence[str]) -> None:
        if not codes:
            raise ValueError("a world needs at least one municipality")
        self.codes = list(codes)
        self.weights = np.cumsum(world_weights(len(self.codes)))
        self.prefecture = np.array([int(code[:2]) for code in codes], np.int64)
        first = {number: index for index, number in reversed(list(enumerate(self.prefecture.tolist())))}
        self.first = np.array([first[number] for number in self.prefecture.tolist()], np.int64)
        counts = np.bincount(self.prefecture, minlength=48)
        self.places = counts[self.prefecture].astype(np.int64)
        self.until = day_number(OBSERVED_UNTIL)
        self.begin = day_number(BEGIN)

    def chunk(self, start: int, stop: int) -> dict[str, Ints]:
        """Spells of persons start … stop − 1."""
        person = np.arange(start, stop, dtype=np.int64)
        drawn = draw(person, 0, 1, 1 << 40) % self.weights[-1]
        home = _among(self.weights, drawn)
        number = _choice(draw(person, 0, 2, 1000), NUMBERS) + 1
        long_stay = draw(person, 0, 3, 1000) < LONG_STAY
        day = self.begin + draw(person, 0, 4, self.until - self.begin + 1)
        day = np.where(long_stay, day - 3650 - draw(person, 0, 5, 9000), day)
        birth = day - 5480 - draw(person, 0, 6, 27400)
        hospital = self._hospital(person, 0, home)
        parts: list[dict[str, Ints]] = []
        alive = np.ones(len(person), bool)
        for spell in range(MOST_SPELLS):
            alive &= (spell < number) & (day <= self.until) & (day - birth < OLDEST)
            if not alive.any():
                break
            person, home, number, day, birth = (a[alive] for a in (person, home, number, day, birth))
            hospital, long_stay, alive = hospital[alive], long_stay[alive], alive[alive]
            length = _ranges(person, spell, 10, LENGTHS)
            length = np.where(long_stay & (spell == 0), 3000 + draw(person, spell, 12, 9000), length)
            end = day + length
            outcome = _choice(draw(person, spell, 13, 1000), [weight for weight, _ in OUTCOMES])
            inside = end > self.until
            parts.append(
                {
                    "person": person,
                    "home": home,
                    "hospital": hospital,
                    "a": day,
                    "d": np.where(inside, -1, end),
                    "outcome": np.where(inside, -1, outcome),
                    "admission": _choice(draw(person, spell, 14, 1000), [weight for weight, _ in ADMISSION_TYPES]),
                    "diagnosis": _choice(draw(person, 0, 15, 1000), [weight for weight, _ in DIAGNOSES]),
                    "birth": birth,
                    "other_bed": (draw(person, spell, 16, 1000) >= PSYCHIATRIC).astype(np.int64),
                }
            )
            moves_on = (outcome == 3) & (draw(person, spell, 17, 1000) < LINKED)
            day = end + np.where(moves_on, 0, _ranges(person, spell, 18, GAPS))
            alive = ~inside & (outcome != 4)
            new_home = self.first[home] + draw(person, spell, 20, 1 << 30) % self.places[home]
            home = np.where(draw(person, spell, 21, 1000) < STAYS_PUT, home, new_home)
            hospital = self._hospital(person, spell + 1, home)
        joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return joined

    def _hospital(self, person: Ints, spell: int, home: Ints) -> Ints:
        """Prefecture × 100 + number: nine in ten go to one of four hospitals near their home."""
        near = home % HOSPITALS_PER_PREFECTURE
        far = draw(person, spell, 22, HOSPITALS_PER_PREFECTURE)
        close = (near + far % 4) % HOSPITALS_PER_PREFECTURE
        return self.prefecture[home] * 100 + np.where(draw(person, spell, 23, 10) < 9, close, far)

    def hospital_home(self, hospital: Ints) -> Ints:
        """Index of the municipality a hospital stands in: fixed for each hospital, within its prefecture."""
        first = np.zeros(48, np.int64)
        places = np.ones(48, np.int64)
        first[self.prefecture], places[self.prefecture] = self.first, self.places
        prefecture = hospital // 100
        spread = (mix(hospital.astype(np.uint64)) >> np.uint64(16)).astype(np.int64)
        return first[prefecture] + spread % places[prefecture]

    def table(self, made: dict[str, Ints], first_row: int) -> pa.Table:
        """A chunk as Arrow columns of the contract."""
        size = len(made["person"])
        here = made["d"] >= 0
        hospitals = sorted(set(made["hospital"].tolist()))
        hospital_at = np.searchsorted(np.array(hospitals), made["hospital"])
        return pa.table(
            {
                "row": np.arange(first_row, first_row + size),
                # A bijection: the keys of neighbours tell nothing.
                PERSON: ((made["person"] + 1) * 0x9E3779B1) % (1 << 40),
                "municipality": _texts(made["home"], self.codes),
                "hospital": _texts(hospital_at, [f"H{number:04d}" for number in hospitals]),
                "hospital_municipality": _texts(self.hospital_home(made["hospital"]), self.codes),
                "admitted_on": pa.array(made["a"].astype(np.int32), pa.date32()),
                "discharged_on": pa.array(made["d"].astype(np.int32), pa.date32(), mask=~here),
                "admission_type": _texts(made["admission"], [name for _, name in ADMISSION_TYPES]),
                "diagnosis_group": _texts(made["diagnosis"], [name for _, name in DIAGNOSES]),
                "birth_date": pa.array(made["birth"].astype(np.int32), pa.date32()),
                "outcome": _texts(made["outcome"], [name for _, name in OUTCOMES], ~here),
                "bed": _texts(made["other_bed"], ["psychiatric", "other"]),
            }
        )


def _texts(index: Ints, words: Sequence[str], empty: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32), mask=empty), pa.array(words))


def world_chunks(size: WorldSize, codes: Sequence[str] | None = None) -> Iterator[tuple[_Maker, dict[str, Ints]]]:
    """The arrays of a world, chunk by chunk, exactly as many rows as its size says."""
    maker = _Maker(size, codes if codes is not None else world_codes(size))
    rows, person = 0, 0
    step = min(CHUNK, max(1000, size.spells))
    while rows < size.spells:
        made = maker.chunk(person, person + step)
        person += step
        # The last chunk is cut at a person, not at a day: every day has its spells.
        order = np.argsort(made["person"], kind="stable")[: size.spells - rows]
        order = order[np.lexsort((made["person"][order], made["a"][order]))]
        made = {name: values[order] for name, values in made.items()}
        rows += len(order)
        yield maker, made


def write_world(
    size: WorldSize,
    path: Path,
    *,
    codes: Sequence[str] | None = None,
    census: date = OBSERVED_UNTIL,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Totals:
    """Write the spells of a world to Parquet of the contract, in chunks; returns totals counted on the way.

    codes: five-digit codes of municipalities, grouped by prefecture (default `world_codes`). Deterministic.
    """
    totals = Totals(census)
    number, writer = day_number(census), None
    try:
        for maker, made in world_chunks(size, codes):
            table = maker.table(made, totals.rows + 2)
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, compression="zstd", store_schema=False)
            writer.write_table(table)
            _count(totals, maker, made, number)
            progress(totals.rows, size.spells)
    finally:
        if writer is not None:
            writer.close()
    return totals


def _count(totals: Totals, maker: _Maker, made: dict[str, Ints], census: int) -> None:
    here = made["d"] >= 0
    totals.rows += len(here)
    totals.persons += len(np.unique(made["person"]))
    totals.in_hospital += int((~here).sum())
    totals.days += int((made["d"] - made["a"])[here].sum())
    there = (made["a"] < census) & (~here | (made["d"] >= census)) & (made["other_bed"] == 0)
    for index, persons in zip(*np.unique(made["home"][there], return_counts=True), strict=True):
        code = maker.codes[int(index)]
        totals.in_bed[code] = totals.in_bed.get(code, 0) + int(persons)
