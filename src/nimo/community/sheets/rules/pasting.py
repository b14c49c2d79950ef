"""A block copied in Excel, put into the rows of a table. What does not fit is said, and nothing is put in. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from nimo.community.sheets.rules.edits import EditError, apply_edits
from nimo.community.sheets.rules.fields import Content, at, row_cells, with_row
from nimo.core.text import fold

LONGEST_CELL = 20_000
MOST_ROWS = 300


class DoesNotFit(ValueError):
    """The block does not fit the table; str() is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Block:
    """The pasted cells, rectangular as they came; empty rows at the end are gone."""

    rows: tuple[tuple[str, ...], ...]


def parse_block(text: str) -> Block:
    """Tab-separated cells as Excel copies them: a cell with a line break stands in quotes. Raises DoesNotFit."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = [tuple(row) for row in csv.reader(io.StringIO(plain), delimiter="\t", quotechar='"')]
    except csv.Error:
        raise DoesNotFit(
            "貼り付けた文字を表として読めませんでした。Excelで範囲を選び直して、もう一度貼り付けてください。何も変わっていません。"
        ) from None
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise DoesNotFit("貼り付けた範囲に文字がありません。何も変わっていません。")
    if len(rows) > MOST_ROWS:
        raise DoesNotFit(
            f"一度に貼り付けられるのは{MOST_ROWS}行までです（{len(rows)}行ありました）。分けて貼り付けてください。"
        )
    for number, row in enumerate(rows, 1):
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise DoesNotFit(f"{number}行目に{LONGEST_CELL:,}文字を超えるセルがあります。何も変わっていません。")
    return Block(tuple(rows))


def _columns(list_path: str) -> list[tuple[str, str]]:
    return [(name, label) for name, label, _ in row_cells(list_path)]


def _without_heading(block: Block, labels: Sequence[str]) -> list[tuple[str, ...]]:
    """A first row that repeats the headings of the form is left out."""
    known = {fold(label) for label in labels}
    first = [fold(cell) for cell in block.rows[0] if cell.strip()]
    return list(block.rows[1:]) if first and all(cell in known for cell in first) else list(block.rows)


def pasted(
    content: Mapping[str, Any], list_path: str, block: Block, *, first_row: int
) -> tuple[Content, list[EditError]]:
    """The content with the block put in from `first_row` on (0 = the first; rows are added as they are needed).

    The block must have exactly the columns of the table: a narrower or wider one would put values under the wrong
    heading. Raises DoesNotFit. Errors: cells that cannot be read as what their column holds.
    """
    columns = _columns(list_path)
    labels = [label for _, label in columns]
    rows = _without_heading(block, labels)
    if not rows:
        raise DoesNotFit("貼り付けた範囲は見出しだけでした。何も変わっていません。")
    for number, row in enumerate(rows, 1):
        if len(row) != len(columns):
            raise DoesNotFit(
                f"この表の列は{len(columns)}つ（{'、'.join(labels)}）ですが、貼り付けた{number}行目には{len(row)}つのセルがあります。"
                "列をそろえて、もう一度貼り付けてください。何も変わっていません。"
            )
    made: Content = deepcopy(dict(content))
    while len(at(made, list_path) or []) < first_row + len(rows):
        made = with_row(made, list_path)
    edits = {
        f"{list_path}.{first_row + index}.{name}": cell.strip()
        for index, row in enumerate(rows)
        for (name, _), cell in zip(columns, row, strict=True)
    }
    return apply_edits(made, edits)


def moved_row(content: Mapping[str, Any], row_path: str, *, up: bool) -> Content:
    """A copy with one row one place higher or lower. ValueError where there is no such row; the ends stay as they are."""
    list_path, _, position = row_path.rpartition(".")
    rows = at(content, list_path)
    if not isinstance(rows, list) or not position.isdecimal() or int(position) >= len(rows):
        raise ValueError(row_path)
    here = int(position)
    there = max(0, here - 1) if up else min(len(rows) - 1, here + 1)
    changed: Content = deepcopy(dict(content))
    moved = at(changed, list_path)
    moved[here], moved[there] = moved[there], moved[here]
    return changed
