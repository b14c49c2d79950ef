"""Which record owns each field of the R6 sheet, and how much of the sheet fills itself today. Data, not code."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

DATA = Path(__file__).resolve().parents[1] / "data" / "field_owners.csv"

TODAY = {
    "yes": "自動で入る",
    "confirm": "候補を人が確かめて入る",
    "draft": "前の年度の文が下書きとして入る",
    "no": "人が書く",
}


@dataclass(frozen=True, slots=True)
class FieldOwner:
    """path: as in docs/guide/sheet-json.md, rows without their number. today: a key of TODAY."""

    path: str
    label: str
    owner: str
    record: str
    today: str
    note: str


def field_owners(path: Path = DATA) -> list[FieldOwner]:
    """Every field of the R6 layouts, in the order of the form. ValueError for a row that says something unknown."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [FieldOwner(**row) for row in csv.DictReader(file)]
    unknown = [row.path for row in rows if row.today not in TODAY]
    if unknown:
        raise ValueError(f"unknown way of filling: {', '.join(unknown)}")
    return rows


def shares(owners: Sequence[FieldOwner]) -> list[tuple[str, int, int]]:
    """(in words, fields, percent rounded down) for each way of filling."""
    counts = Counter(owner.today for owner in owners)
    return [(words, counts[key], counts[key] * 100 // len(owners)) for key, words in TODAY.items()]


def table(owners: Sequence[FieldOwner]) -> str:
    """The Markdown of docs/guide/sheet-fields.md."""
    lines = [
        "# シートの各欄は、どの記録から埋まるか",
        "",
        "令和6年度の様式（都道府県・市町村）の欄ごとの一覧です。",
        "",
    ]
    lines += [f"- {words}: {number}欄（{percent}%）" for words, number, percent in shares(owners)]
    lines += ["", "| 欄 | もとになる記録 | いま | 補足 |", "|---|---|---|---|"]
    lines += [f"| {owner.label} | {owner.record} | {TODAY[owner.today]} | {owner.note} |" for owner in owners]
    return "\n".join(lines) + "\n"


def run(out: TextIO) -> int:
    """`nimo sheet fields`: the share of the sheet that fills itself today."""
    owners = field_owners()
    out.write(f"令和6年度の様式の {len(owners)} 欄のうち\n")
    for words, number, percent in shares(owners):
        out.write(f"  {words}: {number} 欄（{percent}%）\n")
    out.write("欄ごとの一覧: docs/guide/sheet-fields.md\n")
    return 0
