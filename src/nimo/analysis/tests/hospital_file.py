"""A hospital's own file, as its system writes it: invented patients, headings in Japanese."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

HEADINGS = ("患者ID", "病院", "入院日", "退院日", "入院形態", "主診断", "生年月日", "転帰", "住所地", "病院所在地")
Row = tuple[str, ...]


def patient(
    number: int, came: str, left: str = "", *, outcome: str = "", born: str = "S45.5.5", town: str = "102016"
) -> Row:
    return (f"P{number:05d}", "○○病院", came, left, "任意入院", "F20.0", born, outcome, town, "10201")


def ordinary(patients: int = 60) -> list[Row]:
    """Every one comes a week after the one before; stays of 20 to 200 days; each third comes again after 45 days."""
    rows = []
    for number in range(patients):
        came = date(2023, 4, 3) + timedelta(days=7 * number % 700)
        left = came + timedelta(days=20 + 37 * number % 181)
        rows.append(patient(number, came.strftime("%Y/%m/%d"), left.isoformat(), outcome="自宅"))
        if number % 3 == 0:
            again = left + timedelta(days=45)
            rows.append(
                patient(number, again.isoformat(), (again + timedelta(days=33)).isoformat(), outcome="グループホーム")
            )
    return rows


def write_csv(path: Path, rows: Sequence[Row], *, encoding: str = "cp932", headings: Sequence[str] = HEADINGS) -> Path:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path
