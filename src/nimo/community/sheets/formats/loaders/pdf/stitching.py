"""Tables that run over pages, put together again: repeated headings dropped, torn cells joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.loaders.pdf.ruled import PageTable, TableCell

_SHIFT = 6.0
"""Column boundaries may move by this (points) between a left and a right page."""
_HEADER_ROWS = 3
_PAGE_NUMBER = re.compile(
    r"[-－‐‑–—―ー\s]*(?:[Pp]\.?\s*)?[0-9０-９]{1,3}(?:\s*[/／]\s*[0-9０-９]{1,3})?(?:\s*ページ)?[-－‐‑–—―ー\s]*"
)
_SENTENCE_END = "。．.」』）)】！？!?・"


@dataclass(slots=True)
class PageLine:
    text: str
    page: int
    number: int
    """1-based among the lines of its page."""


Item = PageLine | PageTable


def stitch(pages: Sequence[list[Item]]) -> tuple[list[Item], list[PageTable]]:
    """All items of a document, and those tables that were put together. Page furniture between the parts follows them."""
    repeated = _furniture(pages)
    items: list[Item] = []
    joined: list[PageTable] = []
    for page in pages:
        first = next((i for i, item in enumerate(page) if not _is_furniture(item, repeated)), None)
        last = next((i for i in range(len(items) - 1, -1, -1) if not _is_furniture(items[i], repeated)), None)
        if first is not None and last is not None:
            table, before = page[first], items[last]
            if isinstance(table, PageTable) and isinstance(before, PageTable) and _continues(before, table):
                _append(before, table)
                if not any(other is before for other in joined):
                    joined.append(before)
                items += [*page[:first], *page[first + 1 :]]
                continue
        items += page
    return items, joined


def _furniture(pages: Sequence[list[Item]]) -> set[str]:
    """Lines that stand first or last on several pages: running titles, the name of the body."""
    counts: dict[str, int] = {}
    for page in pages:
        lines = [item for item in page if isinstance(item, PageLine)]
        for text in {_bare(line.text) for line in (*lines[:2], *lines[-2:])}:
            counts[text] = counts.get(text, 0) + 1
    return {text for text, count in counts.items() if count >= max(2, 0.5 * len(pages)) and len(text) <= 40}


def _is_furniture(item: Item, repeated: set[str]) -> bool:
    if isinstance(item, PageTable):
        return False
    return not item.text.strip() or bool(_PAGE_NUMBER.fullmatch(item.text)) or _bare(item.text) in repeated


def _bare(text: str) -> str:
    return "".join(text.split())


def _continues(before: PageTable, table: PageTable) -> bool:
    if before.is_ruled != table.is_ruled or len(before.edges) != len(table.edges):
        return False
    shift = table.edges[0] - before.edges[0]
    return all(abs(b - a - shift) <= _SHIFT for a, b in zip(before.edges, table.edges, strict=True))


def _append(before: PageTable, table: PageTable) -> None:
    repeated = _repeated_header(before, table)
    rows = before.rows
    rest = [cell for cell in table.cells if cell.row >= repeated]
    torn = _torn_row(before, rest, repeated) if not repeated or rest else {}
    if torn:
        for cell in rest:
            if cell.row == repeated and cell.text:
                torn[cell.column].text = f"{torn[cell.column].text}\n{cell.text}"
        rest = [cell for cell in rest if cell.row > repeated]
        repeated += 1
    covered = _extend_merged(before, rest, repeated)
    for cell in rest:
        if id(cell) not in covered:
            cell.row += rows - repeated
            before.cells.append(cell)


def _repeated_header(before: PageTable, table: PageTable) -> int:
    """How many rows at the top repeat the first rows of the table."""
    same = 0
    while same < min(_HEADER_ROWS, before.rows, table.rows):
        texts = before.row_texts(same)
        if not any(text for *_, text in texts) or texts != table.row_texts(same):
            break
        same += 1
    # The page break must not cut through a heading of two merged rows.
    reach = max((c.row + c.row_span for c in table.cells if c.row < same), default=0)
    return max(same, reach) if same else 0


def _torn_row(before: PageTable, rest: list[TableCell], first: int) -> dict[int, TableCell]:
    """The last cells of the table by column, where the row was torn by the page break in mid-sentence; else {}.

    The first column goes on empty, and every column that goes on does so after a cell whose last line was full and had
    not ended a sentence. Short texts above mean a new row under a merged cell.
    """
    top = [cell for cell in rest if cell.row == first]
    going_on = [cell for cell in top if cell.text]
    last_row = before.rows - 1
    last = {cell.column: cell for cell in before.cells if cell.row <= last_row < cell.row + cell.row_span}
    if not going_on or any(cell.column == 0 for cell in going_on) or any(cell.row_span > 1 for cell in top):
        return {}
    unfinished = all(
        (above := last.get(cell.column)) is not None and above.ends_full and above.text[-1:] not in _SENTENCE_END
        for cell in going_on
    )
    return last if unfinished else {}


def _extend_merged(before: PageTable, rest: list[TableCell], first: int) -> set[int]:
    """Empty merged cells at the top of the page go on with the merged cell above; the ids of those taken up."""
    taken: set[int] = set()
    end = before.rows
    above = {cell.column: cell for cell in before.cells if cell.row + cell.row_span == end}
    for cell in rest:
        upper = above.get(cell.column)
        if cell.row != first or cell.text or upper is None or upper.column_span != cell.column_span:
            continue
        if cell.row_span > 1 or upper.row_span > 1:
            upper.row_span += cell.row_span
            taken.add(id(cell))
    return taken
