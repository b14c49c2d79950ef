"""A result: suppressed figures with their lineage, as one JSON file, or Parquet with a manifest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from nimo.analysis.results.definitions import Times, tables_of
from nimo.analysis.results.derived import Derived, derive
from nimo.analysis.results.figures import Figure
from nimo.analysis.results.places import LEVELS, Geography, Place
from nimo.analysis.results.structure import Dims, Table
from nimo.analysis.rules import Rules, rules_from_data
from nimo.analysis.spells.dataset import Period

Covers = Literal["hospitals", "region"]
FORMAT, VERSION = "nimo.analysis.result", 1
BASIS_WORDS = {"": "住所地・所在地に共通", "address": "患者の住所地", "hospital": "病院の所在地"}


class ResultError(ValueError):
    """The file is no result, or was changed after it was written; the message (Japanese) says which."""


@dataclass(frozen=True)
class Coverage:
    """What the spells cover. kind: all patients of some hospitals, or all hospitals of a region. Results of different
    kinds are not added. hospitals: codes, so that nobody counts one twice.
    """

    kind: Covers
    label: str
    hospitals: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What leaves the machine. lineage: sources (file hash, rows, engine, …) and versions; suppression: what was applied."""

    rules: Rules
    times: Times
    coverage: Coverage
    geography: Geography
    lineage: Mapping[str, Any]
    suppression: Mapping[str, Any]
    figures: tuple[Figure, ...]

    @property
    def tables(self) -> dict[str, Table]:
        """The tables, as the rules make them."""
        return tables_of(self.rules, self.times)

    def derived(self) -> list[Derived]:
        """Rates, means and curves of the figures shown."""
        whole = self.coverage.kind == "region"
        return derive(self.tables, self.figures, self.rules, self.geography, whole_region=whole)

    def to_data(self) -> dict[str, Any]:
        """Plain data (JSON) that `result_from_data` reads again; holds nothing that is hidden."""
        data: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "coverage": {
                "kind": self.coverage.kind,
                "label": self.coverage.label,
                "hospitals": list(self.coverage.hospitals),
            },
            "times": {
                "census": self.times.census,
                "recent": str(self.times.recent),
                "followed": str(self.times.followed),
            },
            "lineage": dict(self.lineage),
            "suppression": dict(self.suppression),
            "rules": self.rules.to_data(),
            "parameters": self.rules.describe(),
            "geography": self.geography.to_data(),
            "levels": dict(LEVELS),
            "bases": BASIS_WORDS,
            "tables": [_table_data(table) for table in self.tables.values()],
            "figures": [_figure_data(figure) for figure in self.figures],
            "derived": [_derived_data(one) for one in self.derived()],
        }
        return {**data, "digest": digest(data)}


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of the content, so that a slip of the hand in a file is noticed. It proves nothing about who wrote it."""
    content = {name: value for name, value in data.items() if name != "digest"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _table_data(table: Table) -> dict[str, Any]:
    return {
        "code": table.code,
        "title": table.title,
        "unit": table.unit,
        "when": table.when,
        "rules": list(table.rules),
        "reference": table.reference,
        "dimensions": [
            {
                "name": one.name,
                "label": one.label,
                "members": dict(one.members),
                "subtotals": {code: {"label": word, "members": list(of)} for code, (word, of) in one.subtotals.items()},
            }
            for one in table.dimensions.values()
        ],
    }


def _figure_data(figure: Figure) -> dict[str, Any]:
    data: dict[str, Any] = {
        "table": figure.table,
        "basis": figure.basis,
        "level": figure.place.level,
        "place": figure.place.code,
        "classes": dict(figure.dims),
        "value": figure.value,
        "state": figure.state,
    }
    if figure.to is not None:
        data["to"] = [figure.to.level, figure.to.code]
    if figure.amounts:
        data["amounts"] = dict(figure.amounts)
    if figure.reason:
        data["reason"] = figure.reason
    return data


_STATES = ("shown", "suppressed", "in_part")


def _count(value: Any) -> int | None:
    """A count as it may stand in a file. ValueError for anything else."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise ValueError("not a count")


def _figure(data: Mapping[str, Any], cells: Mapping[str, frozenset[Dims]]) -> Figure:
    figure = Figure(
        table=data["table"],
        basis=data["basis"],
        place=Place(data["level"], data["place"]),
        dims=tuple(data["classes"].items()),
        value=_count(data["value"]),
        amounts={name: _count(number) for name, number in data.get("amounts", {}).items()},
        to=Place(*data["to"]) if "to" in data else None,
        state=data["state"],
        reason=data.get("reason", ""),
    )
    if figure.state not in _STATES or (figure.state == "shown") != (figure.value is not None):
        raise ValueError("state and value contradict each other")
    if figure.basis not in BASIS_WORDS or figure.dims not in cells[figure.table] or figure.place.level not in LEVELS:
        raise ValueError("no such cell")
    return figure


def _figures(data: Mapping[str, Any], tables: Mapping[str, Table]) -> tuple[Figure, ...]:
    """ValueError for a cell that is not one, or that is there twice."""
    cells = {code: frozenset(table.cells) for code, table in tables.items()}
    found = tuple(_figure(one, cells) for one in data["figures"])
    if len({figure.key(tables) for figure in found}) != len(found):
        raise ValueError("a cell stands there twice")
    return found


def _derived_data(one: Derived) -> dict[str, Any]:
    def text(value: Decimal | None) -> str | None:
        return None if value is None else str(value)

    return {
        "table": one.table,
        "code": one.code,
        "label": one.label,
        "unit": one.unit,
        "basis": one.basis,
        "level": one.place.level,
        "place": one.place.code,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "scale": one.scale,
        "value": text(one.value),
        "low": text(one.low),
        "high": text(one.high),
        "method": one.method,
        "state": one.state,
    }


def _period(text: str) -> Period:
    first, last = text.split("/")
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def result_from_data(data: Mapping[str, Any]) -> Result:
    """Read a result from plain data. ResultError when it is none, of another version, or changed since."""
    if data.get("format") != FORMAT:
        raise ResultError("指標の計算結果のファイルではありません。")
    if data.get("version") != VERSION:
        raise ResultError("別の版の計算結果です。同じ版の nimo で計算し直してください。")
    if data.get("digest") != digest(data):
        raise ResultError("計算した後に書き換えられた結果です。元の結果をもう一度受け取ってください。")
    rules, coverage = rules_from_data(data["rules"]), data["coverage"]
    times = Times(data["times"]["census"], _period(data["times"]["recent"]), _period(data["times"]["followed"]))
    return Result(
        rules=rules,
        times=times,
        coverage=Coverage(coverage["kind"], coverage["label"], tuple(coverage["hospitals"])),
        geography=Geography(**data["geography"]),
        lineage=data["lineage"],
        suppression=data["suppression"],
        figures=_figures(data, tables_of(rules, times)),
    )


def write_result(result: Result, path: Path, *, replacing: bool = False) -> None:
    """One JSON file when the name ends in .json; else a folder with figures.parquet, derived.parquet, manifest.json.

    Whole or not at all: it is written beside and renamed. FileExistsError when something is there already, unless it is
    a result and `replacing` says to put this one in its place.
    """
    if path.exists() and not (replacing and _is_result(path)):
        raise FileExistsError(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _write_draft(result.to_data(), draft, single=path.suffix == ".json")
        if path.is_dir():
            shutil.rmtree(path)
        os.replace(draft, path)
    finally:
        if draft.is_dir():
            shutil.rmtree(draft)
        draft.unlink(missing_ok=True)


def _is_result(path: Path) -> bool:
    """True for what `write_result` makes: nothing else is ever replaced."""
    try:
        text = (path / "manifest.json" if path.is_dir() else path).read_text(encoding="utf-8-sig")
        return bool(json.loads(text).get("format") == FORMAT)
    except (OSError, ValueError, AttributeError):
        return False


def _write_draft(data: dict[str, Any], draft: Path, *, single: bool) -> None:
    if single:
        _write(draft, data)
        return
    draft.mkdir()
    hashes = {}
    for name in ("figures", "derived"):
        file = draft / f"{name}.parquet"
        pq.write_table(_flat(data.pop(name)), file, compression="zstd")
        hashes[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    _write(draft / "manifest.json", {**data, "files": hashes})


def _write(path: Path, data: Mapping[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())


_NESTED = ("classes", "amounts", "to")


def _flat(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows with their nested parts as JSON text, one column set for all."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name in _NESTED:
            columns[name] = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
        else:
            columns[name] = values
    return pa.table(columns)


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    """The reverse of `_flat`: what a row did not have is left out again."""
    found = {name: json.loads(value) if name in _NESTED and value is not None else value for name, value in row.items()}
    return {name: value for name, value in found.items() if value is not None or name not in (*_NESTED, "reason")}


def read_result(path: Path) -> Result:
    """A result written by `write_result`. ResultError when it cannot be read as one."""
    try:
        if not path.is_dir():
            return result_from_data(json.loads(path.read_text(encoding="utf-8-sig")))
        data = json.loads((path / "manifest.json").read_text(encoding="utf-8-sig"))
        expected_hashes = data.pop("files")
        for name in ("figures.parquet", "derived.parquet"):
            expected = expected_hashes[name]
            if hashlib.sha256((path / name).read_bytes()).hexdigest() != expected:
                raise ResultError("計算した後に書き換えられた結果です。元の結果をもう一度受け取ってください。")
            data[name.removesuffix(".parquet")] = [_nested(row) for row in pq.read_table(path / name).to_pylist()]
        return result_from_data(data)
    except ResultError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultError(f"{path.name} を指標の計算結果として読めません。") from error
