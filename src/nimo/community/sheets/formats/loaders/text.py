"""Plain text to blocks: lines, tab-separated tables, and pages where the text comes from slides.

Two families are in use. Text taken from slides has no tabs; a page begins with a line that starts with one space (what
is left of a form feed). Text from table-aware converters has its cells between tabs and no pages.
"""

from __future__ import annotations

import re

from nimo.community.sheets.formats.source import Cell, Line, Place, Table

_BREAK = re.compile(r"\r\n|[\n\r\v\x85\u2028\u2029]")
_PAGE_START = re.compile(r" (?=[^ ]|$)")
_MINIMUM_PAGE_STARTS = 2
"""A single line that starts with a space is an indent; slides leave one at every page."""


def blocks_from_text(text: str) -> tuple[Line | Table, ...]:
    """Every line of a decoded text, in order, verbatim; runs of lines with tabs become tables (one row a line).

    Line breaks and form feeds are told by the blocks and their pages, every other character stands in a block.
    """
    lines = _split(text)
    pages = _pages(lines)
    blocks: list[Line | Table] = []
    run: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        if "\t" in line:
            run.append((number, line))
            continue
        if run:
            blocks.append(_table(run, pages))
            run = []
        blocks.append(Line(line.removeprefix("\f"), _place(number, pages)))
    if run:
        blocks.append(_table(run, pages))
    return tuple(blocks)


def _split(text: str) -> list[str]:
    """Lines without their breaks; a form feed stays as the first character of the page it opens."""
    lines: list[str] = []
    for line in _BREAK.split(text):
        first, *others = line.split("\f")
        if first or not others:
            lines.append(first)
        lines.extend(f"\f{part}" for part in others)
    if lines and not lines[-1]:
        lines.pop()
    return lines


def _pages(lines: list[str]) -> list[int] | None:
    """The page of every line, or None where the text has no pages."""
    if any(line.startswith("\f") for line in lines):
        starts = [line.startswith("\f") for line in lines]
    elif any("\t" in line.strip() for line in lines):
        return None
    else:
        starts = [bool(_PAGE_START.match(line)) for line in lines]
        if sum(starts) < _MINIMUM_PAGE_STARTS:
            return None
    pages: list[int] = []
    page, has_content = 1, False
    for line, start in zip(lines, starts, strict=True):
        if start and has_content:
            page += 1
        has_content = has_content or bool(line.strip())
        pages.append(page)
    return pages


def _place(number: int, pages: list[int] | None) -> Place:
    return Place(number, pages[number - 1] if pages else None, f"{number}行目")


def _table(run: list[tuple[int, str]], pages: list[int] | None) -> Table:
    first = run[0][0]
    cells = tuple(
        Cell(text, row, column, _place(number, pages))
        for row, (number, line) in enumerate(run)
        for column, text in enumerate(line.removeprefix("\f").split("\t"))
    )
    return Table(cells, _place(first, pages))
