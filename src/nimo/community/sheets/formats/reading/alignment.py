"""Rows of tab-separated text whose cells do not match their header: a cell was lost in the row or in the header.

Every way to place the cells that agrees with what they hold is considered; a cell gets a column only when all ways give
it the same one. What remains is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nimo.community.sheets.formats.reading.columns import KINDS, Header
from nimo.community.sheets.formats.reading.figures import is_figure
from nimo.community.sheets.formats.reading.stream import RowCell
from nimo.community.sheets.formats.reading.vocabulary import is_period, is_sector, role_of
from nimo.core.text import normalise

ROLE_LABEL = "role"
_FREQUENCY = re.compile(r"[^。]{0,12}(?:[0-9]\s*回|隔月|毎月|毎週|随時|不定期|未定|適宜)[^。]{0,20}")
_LONGEST_FREQUENCY = 40


def is_frequency(text: str) -> bool:
    """年2回, 3カ月に1回 その他コア会議 開催, 随時."""
    plain = normalise(text).strip()
    return len(plain) <= _LONGEST_FREQUENCY and _FREQUENCY.fullmatch(plain.replace("\n", " ")) is not None


_TELLING: dict[str, Callable[[str], bool]] = {
    "target": is_figure,
    "actual": is_figure,
    "current": is_figure,
    "frequency": is_frequency,
    "period": is_period,
    "year": is_period,
    "sector": is_sector,
    ROLE_LABEL: lambda text: role_of(text) is not None,
}


def slots(header: Header) -> list[str]:
    """The columns a row has under this header: a title over label and text counts for two."""
    return _expanded(header.names, header.kind)


def _expanded(names: Sequence[str], kind: str) -> list[str]:
    found: list[str] = []
    for name in names:
        if name == "roles":
            found.extend((ROLE_LABEL, "roles"))
        elif name == "sector" and "state" not in names and kind == "sectors":
            found.extend(("sector", "state"))
        else:
            found.append(name)
    return found


def align(header: Header, cells: Sequence[RowCell], *, from_left: bool) -> list[str | None]:
    """The column of each cell; None for a blank cell and for one that could stand in several.

    `from_left`: trailing blank cells are cut off in this document, so the cells of a short row count from the left.
    """
    kind = header.kind
    orders = [slots(header)]
    if len(cells) > len(orders[0]):
        orders = [
            _expanded([*header.names[:at], name, *header.names[at:]], kind)
            for name in header.missing
            for at in range(len(header.names) + 1)
        ]
    said = [at for at, cell in enumerate(cells) if not cell.is_blank]
    found: list[list[str]] = []
    for order in orders:
        if len(cells) == len(order) or (from_left and len(cells) < len(order)):
            ways = [tuple(said)]
        else:
            ways = _ways(len(said), len(order))
        for way in ways:
            names = [order[column] for column in way]
            if all(_agrees(kind, name, cells[at].text) for name, at in zip(names, said, strict=True)):
                found.append(names)
    result: list[str | None] = [None] * len(cells)
    for position, at in enumerate(said):
        choices = {names[position] for names in found}
        if len(choices) == 1:
            result[at] = choices.pop()
    return result


def _agrees(kind: str, name: str, text: str) -> bool:
    """A telling column holds what it must, and no other column of the table holds that."""
    own = _TELLING.get(name)
    if own is not None:
        return own(text)
    # 内容 may well be a short text that reads like a frequency; figures, periods and labels are telling both ways.
    others = [test for column, test in _TELLING.items() if column != "frequency" and _has(kind, column)]
    return not any(test(text) for test in others)


def _has(kind: str, column: str) -> bool:
    return column in KINDS[kind] or (column == ROLE_LABEL and kind == "challenges")


def _ways(cells: int, columns: int, first: int = 0) -> list[tuple[int, ...]]:
    """Every way to place cells into columns without changing their order."""
    if cells == 0:
        return [()]
    return [
        (column, *rest)
        for column in range(first, columns - cells + 1)
        for rest in _ways(cells - 1, columns, column + 1)
    ]
