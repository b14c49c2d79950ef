"""The small tables beside the spells, from CSV files (UTF-8 or CP932, Japanese or English headings)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from nimo.analysis.reading.cells import Unreadable, plain, read_area, read_day
from nimo.analysis.reading.sources import detect_encoding
from nimo.analysis.spells.references import Hospital, Population, ReferencesError, Succession
from nimo.core.text import fold

_HEADINGS: Mapping[str, Sequence[str]] = {
    "hospital": ("病院", "病院コード", "医療機関コード"),
    "municipality": ("市区町村コード", "所在地", "所在地コード", "コード"),
    "closed_on": ("閉院日", "廃止日"),
    "old": ("旧コード", "合併前"),
    "new": ("新コード", "合併後"),
    "on": ("合併日", "施行日"),
    "area": ("圏域", "圏域コード", "二次医療圏", "二次医療圏コード"),
    "persons": ("人口",),
    "age": ("年齢区分", "年齢"),
}
_NAME_OF = {fold(text): name for name, texts in _HEADINGS.items() for text in (name, *texts)}


class _Rows:
    """The rows of a file by the names above; other headings stay as they are."""

    def __init__(self, path: Path, needed: Sequence[str], more: Mapping[str, str] | None = None) -> None:
        """more: further headings, code → word; either may be written."""
        self.path = path
        known = dict(_NAME_OF)
        known.update({fold(text): code for code, word in (more or {}).items() for text in (code, word)})
        try:
            text = path.read_text(encoding=detect_encoding(path))
        except (OSError, UnicodeDecodeError) as error:
            raise ReferencesError(f"{path.name} を読めません。計算は始めていません。") from error
        lines = list(csv.reader(text.splitlines()))
        headings = [plain(cell) for cell in lines[0]] if lines else []
        self.names = [known.get(fold(heading), heading) for heading in headings]
        lacking = [_HEADINGS[name][0] for name in needed if name not in self.names]
        if lacking:
            raise ReferencesError(f"{path.name} に列がありません: {'、'.join(lacking)}。計算は始めていません。")
        self.rows = [
            # A short line ends in empty cells.
            (number, {**dict.fromkeys(self.names, ""), **dict(zip(self.names, map(plain, cells), strict=False))})
            for number, cells in enumerate(lines[1:], 2)
            if any(cells)
        ]

    def fail(self, number: int, why: str) -> ReferencesError:
        return ReferencesError(f"{self.path.name} の{number}行目: {why}計算は始めていません。")

    def read(self, number: int, text: str, parse: Callable[[str], str | date | int], what: str) -> str | date | int:
        try:
            return parse(text)
        except (Unreadable, ValueError):
            raise self.fail(number, f"{what}を読めません。") from None

    def area(self, number: int, text: str) -> str:
        return str(self.read(number, text, read_area, "市区町村コード"))

    def day(self, number: int, text: str) -> date:
        found = self.read(number, text, read_day, "日付")
        assert isinstance(found, date)
        return found

    def persons(self, number: int, text: str) -> int:
        found = self.read(number, text.replace(",", ""), int, "人数")
        assert isinstance(found, int)
        if found < 0:
            raise self.fail(number, "人数が負の数です。")
        return found


def read_hospitals(path: Path) -> list[Hospital]:
    """病院, 所在地 (five or six digits), 閉院日 (may be missing or empty). ReferencesError names the line."""
    rows = _Rows(path, ("hospital", "municipality"))
    found = {}
    for number, row in rows.rows:
        code = row["hospital"]
        if not code or code in found:
            raise rows.fail(number, "病院が空か、二度あります。")
        closed = row.get("closed_on", "")
        found[code] = Hospital(
            code, rows.area(number, row["municipality"]), rows.day(number, closed) if closed else None
        )
    return list(found.values())


def read_successions(path: Path) -> list[Succession]:
    """旧コード, 新コード, 合併日."""
    rows = _Rows(path, ("old", "new", "on"))
    found: dict[str, Succession] = {}
    for number, row in rows.rows:
        one = Succession(rows.area(number, row["old"]), rows.area(number, row["new"]), rows.day(number, row["on"]))
        if one.old in found:
            raise rows.fail(number, "同じ旧コードが二度あります（分かれた市町村は追えないので、載せません）。")
        found[one.old] = one
    return list(found.values())


def read_areas(path: Path) -> dict[str, str]:
    """市区町村コード, 圏域. An area lies in one prefecture."""
    rows = _Rows(path, ("municipality", "area"))
    found: dict[str, str] = {}
    prefecture: dict[str, str] = {}
    for number, row in rows.rows:
        code, area = rows.area(number, row["municipality"]), row["area"]
        if not area or code in found:
            raise rows.fail(number, "圏域が空か、市区町村が二度あります。")
        if prefecture.setdefault(area, code[:2]) != code[:2]:
            raise rows.fail(number, "圏域が二つの都道府県にまたがっています。")
        found[code] = area
    return found


def read_populations(path: Path, ages: Mapping[str, str] | None = None) -> list[Population]:
    """市区町村コード (also of prefectures: 10000), 人口, and a column for each age class (its code or word) if known."""
    ages = ages or {}
    rows = _Rows(path, ("municipality", "persons"), ages)
    there = [name for name in rows.names if name in ages]
    found: dict[str, Population] = {}
    for number, row in rows.rows:
        text = row["municipality"].zfill(5)
        code = text[:5] if text[2:5] == "000" and text.isdigit() else rows.area(number, row["municipality"])
        if code in found:
            raise rows.fail(number, "同じ市区町村が二度あります。")
        by_age = {age: rows.persons(number, row[age]) for age in there}
        found[code] = Population(code, rows.persons(number, row["persons"]), by_age)
    return list(found.values())


def read_standard(path: Path, ages: Mapping[str, str]) -> dict[str, int]:
    """年齢区分 (a code or word of the census's age classes), 人口 of the standard population."""
    rows = _Rows(path, ("age", "persons"))
    codes = {fold(text): code for code, word in ages.items() for text in (code, word)}
    found: dict[str, int] = {}
    for number, row in rows.rows:
        age = codes.get(fold(row["age"]))
        if age is None or age in found:
            raise rows.fail(number, f"年齢区分は {'、'.join(ages.values())} のどれかを一度ずつ書いてください。")
        found[age] = rows.persons(number, row["persons"])
    return found
