"""`nimo sheet read FILE… [--json]`: read files and print what was read. No database, nothing is stored."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TextIO

from nimo.community.sheets.formats.codes import finding
from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.reader import read_file
from nimo.community.sheets.formats.source import UnableToRead
from nimo.community.sheets.formats.summary import summary
from nimo.community.sheets.formats.to_json import to_json


def run(paths: list[str], as_json: bool, out: TextIO, errors: TextIO | None = None) -> int:
    """Read every file and print one JSON document ({"sheets": […]} over all files) or a summary for people.

    A file that cannot be read leaves one sentence on `errors` (standard error by default); the others are still read.
    Returns 0, or 1 when some file gave no sheet.
    """
    errors = errors or sys.stderr
    found: list[SheetReading] = []
    failed = False
    for path in paths:
        sheets, message = _read(path)
        if message is not None:
            failed = True
            errors.write(f"{message}\n")
        found.extend(sheets)
        if not as_json:
            out.writelines(f"{line}\n" for sheet in sheets for line in summary(sheet, Path(path).name))
    if as_json:
        json.dump(to_json(found), out, ensure_ascii=False, indent=2)
        out.write("\n")
    return 1 if failed else 0


def _read(path: str) -> tuple[list[SheetReading], str | None]:
    """The sheets of one file, or the sentence that says why there are none."""
    name = Path(path).name
    try:
        result = read_file(Path(path), file_name=name)
    except UnableToRead as refusal:
        return [], str(refusal)
    except FileNotFoundError:
        return (
            [],
            f"「{path}」が見つかりません。ほかのファイルには影響ありません。ファイルの場所と名前を確かめてください。",
        )
    except OSError:
        return [], f"「{path}」を開けませんでした。ファイルはそのままです。読み取りの権限があるか確かめてください。"
    if not result.sheets:
        return [], finding("not_a_sheet", "document", file=name).message
    return result.sheets, None
