"""The files of figures that ship with nimo: read, checked as a whole, handed on as plain data."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypeVar

from nimo.community.indicators.choices import Basis, Comparator, Direction, Evidence, Group, PeriodKind, ValueKind
from nimo.community.indicators.rules.alike import Parameters, parameters_of
from nimo.community.indicators.rules.drafts import ObservationDraft
from nimo.community.indicators.rules.expressions import ExpressionError, Known, check, parse, unit_of, unit_words
from nimo.community.indicators.rules.values import Number, to_number
from nimo.core.disclosure.policy import Kind

DICTIONARY_VERSION = "2026-2"
Read = TypeVar("Read")


class DictionaryError(ValueError):
    """A packaged file contradicts itself; the message (Japanese) names file, line and column."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator of the dictionary (fields as in models.Indicator)."""

    code: str
    position: int
    name: str
    group: str
    kind: str
    unit: str
    unit_aliases: str
    period: str
    definition: str
    numerator: str
    denominator: str
    direction: str
    bases: str
    basis_matters: bool
    part_of: str
    partition: bool
    disclosure: str
    plan_periods: str
    evidence: str
    source: str
    reference: str
    valid_from: date | None
    valid_to: date | None
    dimensions: tuple[dict[str, str], ...] = ()
    """What it may be broken down by: key, values (joined by "|", "" unknown), table, evidence, reference."""


@dataclass(frozen=True, slots=True)
class Derived:
    """One indicator that is computed from others (fields as in models.DerivedIndicator)."""

    code: str
    position: int
    name: str
    expression: str
    unit: str
    dimension: str
    kind: str
    places: int
    direction: str
    definition: str
    numerator: str
    denominator: str
    evidence: str
    reference: str


@dataclass(frozen=True, slots=True)
class Target:
    """What the guideline of a plan period asks for (fields as in models.PlanTarget)."""

    indicator: str
    plan_period: int
    scope: str
    comparator: str
    value: Number | None
    value_upper: Number | None
    unit: str
    target_fiscal_year: int
    statement: str
    evidence: str
    reference: str


@dataclass(frozen=True, slots=True)
class Dictionary:
    """entries stand so that a whole comes before its parts."""

    version: str
    digest: str
    entries: tuple[Entry, ...]
    targets: tuple[Target, ...]
    derived: tuple[Derived, ...] = ()


@dataclass(frozen=True, slots=True)
class NationalSource:
    """A published document with the nation's figures taken from it."""

    key: str
    title: str
    publisher: str
    reference: str
    credit: str
    rows: tuple[ObservationDraft, ...]


def _content(name: str) -> bytes:
    return files("nimo.community.indicators").joinpath("data", name).read_bytes()


def _rows(name: str, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    for number, row in enumerate(csv.DictReader(io.StringIO(content.decode("utf-8"))), 2):
        if None in row or None in row.values():
            raise DictionaryError(f"{name} {number}行目: 列の数が見出しと合いません。")
        yield number, row


def _yes(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _number(text: str) -> Number | None:
    return to_number(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _code_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return read


class _Line:
    """One line of a packaged file: `line("unit")`, `line("valid_from", _day)`."""

    def __init__(self, name: str, number: int, row: dict[str, str]) -> None:
        self.name, self.number, self.row = name, number, row

    def __call__(self, column: str) -> str:
        return self.row[column]

    def read(self, column: str, read: Callable[[str], Read]) -> Read:
        text = self.row[column]
        try:
            return read(text)
        except (ValueError, KeyError) as error:
            raise DictionaryError(f"{self.name} {self.number}行目 {column}: 「{text}」は使えません。") from error

    def one_of(self, column: str, allowed: list[str]) -> str:
        return self.read(column, _code_of(*allowed))


def _entry(position: int, line: _Line) -> Entry:
    for basis in line("bases").split(";"):
        if basis not in Basis.values:
            raise DictionaryError(f"{line.name} {line.number}行目 bases: 「{basis}」は使えません。")
    return Entry(
        code=line("code"),
        position=position,
        name=line("name"),
        group=line.one_of("group", Group.values),
        kind=line.one_of("kind", ValueKind.values),
        unit=line("unit"),
        unit_aliases=line("unit_aliases"),
        period=line.one_of("period", PeriodKind.values),
        definition=line("definition"),
        numerator=line("numerator"),
        denominator=line("denominator"),
        direction=line.one_of("direction", Direction.values),
        bases=line("bases"),
        basis_matters=line.read("basis_matters", _yes),
        part_of=line("part_of"),
        partition=line.read("partition", _yes),
        disclosure=line.one_of("disclosure", [kind.value for kind in Kind]),
        plan_periods=line("plan_periods"),
        evidence=line.one_of("evidence", Evidence.values),
        source=line("source"),
        reference=line("reference"),
        valid_from=line.read("valid_from", _day),
        valid_to=line.read("valid_to", _day),
    )


def _target(line: _Line) -> Target:
    return Target(
        indicator=line("indicator"),
        plan_period=line.read("plan_period", int),
        scope=line.one_of("scope", ["nation", "prefecture", "municipality"]),
        comparator=line.one_of("comparator", Comparator.values),
        value=line.read("value", _number),
        value_upper=line.read("value_upper", _number),
        unit=line("unit"),
        target_fiscal_year=line.read("target_fiscal_year", int),
        statement=line("statement"),
        evidence=line.one_of("evidence", Evidence.values),
        reference=line("reference"),
    )


def _dimensions(content: bytes, entries: dict[str, Entry]) -> None:
    """Adds to each entry what it may be broken down by."""
    name = "dimensions.csv"
    seen: set[tuple[str, str]] = set()
    for number, row in _rows(name, content):
        line = _Line(name, number, row)
        line.one_of("evidence", Evidence.values)
        code, key = line("indicator"), line("key")
        if code not in entries or not key or (code, key) in seen or set(";=") & set(key + line("values")):
            raise DictionaryError(f"{name} {number}行目: 指標「{code}」がないか、内訳「{key}」が使えません。")
        seen.add((code, key))
        given = {column: line(column) for column in ("key", "values", "table", "evidence", "reference")}
        entries[code] = replace(entries[code], dimensions=(*entries[code].dimensions, given))


def _derived_entry(position: int, line: _Line, known: dict[str, Known]) -> Derived:
    try:
        unit = check(parse(line("expression")), known)
    except ExpressionError as error:
        raise DictionaryError(f"{line.name} {line.number}行目 expression: {error}") from error
    if unit != unit_of(line("dimension")):
        raise DictionaryError(
            f"{line.name} {line.number}行目 dimension: 式の単位は「{unit_words(unit)}」で、「{line('dimension')}」ではありません。"
        )
    return Derived(
        code=line("code"),
        position=position,
        name=line("name"),
        expression=line("expression"),
        unit=line("unit"),
        dimension=line("dimension"),
        kind=line.one_of("kind", [ValueKind.COUNT, ValueKind.RATE, ValueKind.DAYS]),
        places=int(line.one_of("places", ["0", "1", "2", "3"])),
        direction=line.one_of("direction", Direction.values),
        definition=line("definition"),
        numerator=line("numerator"),
        denominator=line("denominator"),
        evidence=line.one_of("evidence", Evidence.values),
        reference=line("reference"),
    )


def _derived(content: bytes, entries: dict[str, Entry]) -> tuple[Derived, ...]:
    name = "derived.csv"
    known = {one.code: Known(one.name, one.kind, one.unit, tuple(one.bases.split(";"))) for one in entries.values()}
    found: dict[str, Derived] = {}
    for number, row in _rows(name, content):
        entry = _derived_entry(len(found), _Line(name, number, row), known)
        if entry.code in found or entry.code in entries:
            raise DictionaryError(f"{name} {number}行目: コード「{entry.code}」が二度あります。")
        found[entry.code] = entry
    return tuple(found.values())


def parse_dictionary(
    indicators: bytes, targets: bytes, version: str, *, dimensions: bytes = b"", derived: bytes = b""
) -> Dictionary:
    """The CSV files as one dictionary. DictionaryError names the file, line and column that is wrong."""
    name, target_name = "indicators.csv", "plan_targets.csv"
    entries: dict[str, Entry] = {}
    for number, row in _rows(name, indicators):
        entry = _entry(len(entries), _Line(name, number, row))
        if entry.code in entries:
            raise DictionaryError(f"{name} {number}行目: コード「{entry.code}」が二度あります。")
        if entry.part_of and entry.part_of not in entries:
            raise DictionaryError(f"{name} {number}行目: 内訳のもと「{entry.part_of}」がこの行より前にありません。")
        entries[entry.code] = entry
    _dimensions(dimensions, entries)
    found: dict[tuple[str, int, str], Target] = {}
    for number, row in _rows(target_name, targets):
        target = _target(_Line(target_name, number, row))
        key = (target.indicator, target.plan_period, target.scope)
        if target.indicator not in entries or key in found:
            raise DictionaryError(
                f"{target_name} {number}行目: 指標「{target.indicator}」がないか、同じ目標が二度あります。"
            )
        found[key] = target
    digest = hashlib.sha256(b"\0".join((indicators, targets, version.encode(), dimensions, derived))).hexdigest()
    return Dictionary(version, digest, tuple(entries.values()), tuple(found.values()), _derived(derived, entries))


def packaged_dictionary() -> Dictionary:
    """The dictionary that ships with nimo."""
    return parse_dictionary(
        _content("indicators.csv"),
        _content("plan_targets.csv"),
        DICTIONARY_VERSION,
        dimensions=_content("dimensions.csv"),
        derived=_content("derived.csv"),
    )


@cache
def packaged_likeness() -> Parameters:
    """By what municipalities are called alike. Raises ValueError (a mistake of the package)."""
    return parameters_of(json.loads(_content("likeness.json")))


def _draft(line: _Line) -> ObservationDraft:
    return ObservationDraft(
        indicator=line("indicator"),
        region_code="00000",
        locator=line("locator"),
        as_of=line("as_of"),
        fiscal_year=line.read("fiscal_year", int),
        basis=line("basis"),
        dimension=line("dimension"),
        state=line("state"),
        value=line.read("value", _number),
        qualifier=line("qualifier"),
        note=line("note"),
        evidence=line.one_of("evidence", Evidence.values),
    )


def packaged_national_series() -> tuple[NationalSource, ...]:
    """The nation's published figures, source by source; values and evidence marks as in the file."""
    rows: dict[str, list[ObservationDraft]] = {}
    for number, row in _rows("national_series.csv", _content("national_series.csv")):
        line = _Line("national_series.csv", number, row)
        rows.setdefault(line("source"), []).append(_draft(line))
    sources = []
    for number, row in _rows("national_sources.csv", _content("national_sources.csv")):
        line = _Line("national_sources.csv", number, row)
        if line("key") not in rows:
            raise DictionaryError(f"national_sources.csv {number}行目: 「{line('key')}」の値が一つもありません。")
        sources.append(
            NationalSource(
                key=line("key"),
                title=line("title"),
                publisher=line("publisher"),
                reference=line("reference"),
                credit=line("credit"),
                rows=tuple(rows.pop(line("key"))),
            )
        )
    if rows:
        raise DictionaryError(f"national_series.csv: 出典「{'、'.join(rows)}」が national_sources.csv にありません。")
    return tuple(sources)


def packaged_survey_630() -> bytes:
    """The prefecture table of the 630 survey of 2025-06-30, in the layout `survey_630.read_630` reads."""
    return _content("survey_630_2025.csv")
