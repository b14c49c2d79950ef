"""Writing one sheet into its three files against reading it, and the sheets of many municipalities as PDF against one.

All 1,741 municipalities take some minutes: NIMO_BENCH_SHEETS=1741. By default a small number says the same ratio.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from bench.timing import say, seconds
from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.reader import read_file
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.formats.writing.export import write_sheet
from nimo.community.sheets.tests.builders.facts import city_facts
from nimo.community.sheets.tests.builders.formats import FORMATS
from nimo.community.sheets.tests.builders.layouts import layout_parts

EVERY_MUNICIPALITY = 1741
SMALL = 60
_AT = datetime(2026, 4, 1, tzinfo=UTC)


def run() -> None:
    text = FORMATS["text"](layout_parts(city_facts(), "r6-city"))
    baseline = seconds(lambda: read_file(text, file_name="sheet.txt"))
    sheet = sheet_to_json(read_file(text, file_name="sheet.txt").sheets[0])
    taken: dict[ExportFormat, float] = {}
    for kind in ExportFormat:
        taken[kind] = seconds(lambda kind=kind: write_sheet(sheet, kind, at=_AT))
        say(f"書き出し {kind.value}", taken[kind], baseline, "読み取り（テキスト）")
    say("三つとも", sum(taken.values()), baseline, "読み取り（テキスト）")
    _many(sheet, taken[ExportFormat.PDF])


def _many(sheet: dict[str, object], one: float) -> None:
    """Every sheet is another: the name and a figure differ, so that nothing can be remembered from the last."""
    count = int(os.environ.get("NIMO_BENCH_SHEETS", SMALL))
    begin = time.perf_counter()
    for number in range(1, count + 1):
        municipality = f"架空{number}市"
        write_sheet(
            {**sheet, "municipality": municipality, "strengths": f"{municipality}の強み"}, ExportFormat.PDF, at=_AT
        )
        if number % max(count // 10, 1) == 0:
            passed = time.perf_counter() - begin
            rest = passed / number * (count - number)
            print(f"  PDF {number} / {count} 枚（{passed:.0f} 秒たち、あと約{rest:.0f} 秒）", flush=True)
    passed = time.perf_counter() - begin
    say(f"{count}枚の PDF", passed, one * count, f"1枚 × {count}")
    if count < EVERY_MUNICIPALITY:
        whole = passed / count * EVERY_MUNICIPALITY
        print(f"    この速さなら、{EVERY_MUNICIPALITY:,}枚で約{whole:.0f} 秒（測るには NIMO_BENCH_SHEETS=1741）")
