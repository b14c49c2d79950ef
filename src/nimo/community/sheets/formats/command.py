"""`nimo sheet read FILE… [--json]`: read files and print what was read. No database, nothing is stored."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TextIO

from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.reader import note_duplicates, read_file
from nimo.community.sheets.formats.source import UnableToRead
from nimo.community.sheets.formats.summary import summary
from nimo.community.sheets.formats.to_json import to_json


def run(paths: list[str], as_json: bool, out: TextIO, errors: TextIO | None = None) -> int:
    """Read every file and print one JSON document ({"sheets": […]} over all files) or a summary for people.

    A file that cannot be read leaves one sentence on `errors` (standard error by default); the others are still read.
    Returns 0, or 1 when some file gave no sheet.
    """
    errors = errors or sys.stderr
    found: list[tuple[str, SheetReading]] = []
    failed = False
    for path in paths:
        sheets, messages = _read(path)
        failed = failed or not sheets
        errors.writelines(f"{message}\n" for message in messages)
        found.extend((Path(path).name, sheet) for sheet in sheets)
    note_duplicates([sheet for _, sheet in found])
    if as_json:
        json.dump(to_json(sheet for _, sheet in found), out, ensure_ascii=False, indent=2)
        out.write("\n")
    else:
        out.writelines(f"{line}\n" for name, sheet in found for line in summary(sheet, name))
    return 1 if failed else 0


def _read(path: str) -> tuple[list[SheetReading], list[str]]:
    """The sheets of one file, and what there is to say about the file as a whole."""
    name = Path(path).name
    try:
        result = read_file(Path(path), file_name=name)
    except UnableToRead as refusal:
        return [], [str(refusal)]
    except FileNotFoundError:
        return [], [f"「{path}」が見つかりません。失われたものはありません。ファイルの場所と名前を確かめてください。"]
    except OSError:
        return [], [f"「{path}」を開けませんでした。ファイルはそのままです。読み取りの権限があるか確かめてください。"]
    return result.sheets, [finding.message for finding in result.findings]
