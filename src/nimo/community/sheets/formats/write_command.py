"""`nimo sheet write --format … --out … FILE…`: sheets as read (--json) to files in their form. No database."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.reader import read_file
from nimo.community.sheets.formats.source import UnableToRead
from nimo.community.sheets.formats.to_json import to_json
from nimo.community.sheets.formats.writing.export import file_name, write_sheet
from nimo.core.fiscal import FiscalYear
from nimo.foundation.papers.formats.typesetting import UnableToTypeset

_NO_YEAR = datetime(1980, 1, 1, tzinfo=UTC)


def run(paths: list[str], file_format: str, out: str, said: TextIO, errors: TextIO | None = None) -> int:
    """Write every sheet of the files (JSON of `read --json`, or files the reader knows) to `out`.

    out: a file for one sheet, a folder for several (it is made). Prints the names of what was written; findings and
    refusals go to `errors`. Returns 0, or 1 when something could not be read or written; the others are still written.
    """
    errors = errors or sys.stderr
    sheets: list[dict[str, Any]] = []
    failed = False
    for path in paths:
        found, problem = _sheets(path)
        sheets += found
        failed = failed or bool(problem)
        if problem:
            errors.write(f"{problem}\n")
    target = Path(out)
    into_folder = out.endswith("/") or target.is_dir()
    if len(sheets) > 1 and not into_folder:
        errors.write(
            f"シートが{len(sheets)}枚あります。何も書き出していません。"
            f"--out には、ファイルではなくフォルダを「{out}/」のように、最後に / を付けて指定してください。\n"
        )
        return 1
    names: set[str] = set()
    for sheet in sheets:
        kind = ExportFormat(file_format)
        path_out = target / _free_name(file_name(sheet, kind), names) if into_folder else target
        try:
            written = write_sheet(sheet, kind, at=_moment(sheet))
            path_out.parent.mkdir(parents=True, exist_ok=True)
            path_out.write_bytes(written.content)
        except UnableToTypeset as refusal:
            errors.write(f"{file_name(sheet, kind)}: {refusal}\n")
            failed = True
            continue
        except OSError:
            errors.write(f"「{path_out}」に書き込めませんでした。場所と、書き込みの権限を確かめてください。\n")
            return 1
        errors.writelines(f"{path_out.name}: {one.message}\n" for one in written.findings)
        said.write(f"{path_out}\n")
    return 1 if failed or not sheets else 0


def _moment(sheet: dict[str, Any]) -> datetime:
    """What stands in the properties of the file: the first day of the year, so that the same input is the same bytes."""
    year = sheet.get("fiscal_year")
    if year is None:
        return _NO_YEAR
    start = FiscalYear(year).start
    return datetime(start.year, start.month, start.day, tzinfo=UTC)


def _free_name(name: str, taken: set[str]) -> str:
    """Two sheets of one body and year do not overwrite each other."""
    stem, _, ending = name.rpartition(".")
    number, free = 2, name
    while free in taken:
        free, number = f"{stem}_{number}.{ending}", number + 1
    taken.add(free)
    return free


def _sheets(path: str) -> tuple[list[dict[str, Any]], str]:
    """The sheets of one file, and what went wrong."""
    try:
        if not path.endswith(".json"):
            sheets = to_json(read_file(Path(path), file_name=Path(path).name).sheets)["sheets"]
        else:
            sheets = json.loads(Path(path).read_text(encoding="utf-8"))["sheets"]
            if not all(isinstance(sheet, dict) for sheet in sheets):
                raise ValueError(path)
    except UnableToRead as refusal:
        return [], str(refusal)
    except FileNotFoundError:
        return [], f"「{path}」が見つかりません。ファイルの場所と名前を確かめてください。"
    except OSError:
        return [], f"「{path}」を開けませんでした。読み取りの権限があるか確かめてください。"
    except (ValueError, KeyError, TypeError):
        return (
            [],
            f"「{path}」は、nimo sheet read --json が出した形ではありません。何も書き出していません。"
            "もとのファイルから、もう一度 nimo sheet read --json で作ってください。",
        )
    return sheets, "" if sheets else f"「{path}」にシートがありません。"
