"""Which section every line and row of a sheet belongs to, and what is only the page's furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.heads import Name, find_heads, is_alone, is_cover, name_in, name_in_titles
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.squeeze import squeeze
from nimo.community.sheets.formats.reading.stream import Item, RowCell, TableRow, TextLine
from nimo.community.sheets.formats.reading.titles import Heading, is_cut_title

LEAD = "lead"
_PAGE_NUMBER = re.compile(
    r"[-－–‐]?\s*(?:[PpＰｐ][.．]?\s*)?([0-9０-９]{1,3})(?:\s*[/／]\s*[0-9０-９]{1,3})?\s*[-－–‐]?"
)


@dataclass(slots=True)
class Layout:
    """The items of one sheet with the section of each; furniture (titles, names, page numbers) is marked."""

    items: list[Item]
    sections: list[str]
    is_furniture: list[bool]
    headings: list[Heading]
    """Indexes count from the first item of this sheet."""
    by_page: bool = False
    """Slides: a page is a unit."""

    @property
    def keys(self) -> set[str]:
        return {heading.key for heading in self.headings}


def lay_out(draft: Draft, items: Sequence[Item], headings: Sequence[Heading], *, by_page: bool, kind: str) -> Layout:
    """Sections of a sheet's items. `by_page`: a slide belongs to its heading, also what stands above the heading."""
    layout = Layout(list(items), [LEAD] * len(items), [False] * len(items), list(headings), by_page)
    _assign(layout, by_page=by_page)
    for heading in headings:
        draft.printed(heading.pieces)
        for index in range(heading.first, heading.last + 1):
            layout.is_furniture[index] = is_all_taken(draft, items[index])
    _mark_page_numbers(draft, layout, kind)
    _mark_running_lines(draft, layout)
    _mark_cut_title(draft, layout)
    return layout


_FEWEST_PAGES = 3


def _mark_running_lines(draft: Draft, layout: Layout) -> None:
    """A line at the head or foot of most pages (the form's name, an office) is furniture after its first appearance."""
    pages = {item.place.page for item in layout.items if item.place.page is not None}
    edges = _page_edges(layout.items)
    by_text: dict[str, list[int]] = {}
    for index in sorted(edges):
        item = layout.items[index]
        if isinstance(item, TextLine) and item.place.page is not None and not layout.is_furniture[index]:
            by_text.setdefault(re.sub(r"\d+", "", squeeze(item.text)), []).append(index)
    for text, indexes in by_text.items():
        if text and len(indexes) >= max(_FEWEST_PAGES, len(pages) / 2):
            for index in indexes[1:]:
                item = layout.items[index]
                if isinstance(item, TextLine):
                    _mark(draft, layout, index, [item.piece])


def _mark_cut_title(draft: Draft, layout: Layout) -> None:
    """The last line of a file that was cut off inside a title is no part of the text above it."""
    for index in range(len(layout.items) - 1, -1, -1):
        item = layout.items[index]
        if isinstance(item, TextLine) and item.is_blank:
            continue
        if isinstance(item, TextLine) and is_cut_title(item.text) and not layout.is_furniture[index]:
            draft.leave([item.piece], layout.sections[index])
            layout.is_furniture[index] = True
        return


def is_all_taken(draft: Draft, item: Item) -> bool:
    """True when nothing of an item is left (a title glued to the end of a line leaves the line's own text)."""
    pieces = [item.piece] if isinstance(item, TextLine) else [cell.piece for cell in item.cells]
    return not any(draft.ledger.free_parts(piece) for piece in pieces)


def _assign(layout: Layout, *, by_page: bool) -> None:
    items, current = layout.items, LEAD
    at = 0
    for heading in layout.headings:
        top = heading.first
        if by_page:
            top = _top_of_page(items, heading.first, at)
            above = items[top : heading.first]
            if current == LEAD and any(is_cover(item) for item in above):
                top = heading.first
        for index in range(at, top):
            layout.sections[index] = current
        current = heading.key
        for index in range(top, heading.last + 1):
            layout.sections[index] = current
        at = heading.last + 1
    for index in range(at, len(items)):
        layout.sections[index] = current


def _top_of_page(items: Sequence[Item], index: int, floor: int) -> int:
    page, top = items[index].place.page, index
    while top > floor and items[top - 1].place.page == page:
        top -= 1
    # On a page that already has a heading, what stands between two headings belongs to the first.
    if top == floor and floor > 0 and items[floor - 1].place.page == page:
        return index
    return top


# -- the body's name ---------------------------------------------------------------------------------------------------


def read_name(draft: Draft, layout: Layout) -> Name | None:
    """Set the sheet's prefecture and municipality, and mark the lines that only repeat them."""
    heads = find_heads(layout.items)
    first_heading = min((heading.first for heading in layout.headings), default=len(layout.items))
    counts = Counter(head.name for head in heads)
    # A fuller name far down the sheet may be somebody else's; at its head, or repeated, it is the sheet's own.
    trusted = [head.name for head in heads if head.index < first_heading or counts[head.name] > 1]
    name = (
        _fullest(trusted or [head.name for head in heads[:1]])
        or name_in_titles(layout.items)
        or _name_in_block(layout.items)
        or _name_of_worksheet(layout.items)
    )
    if name is None:
        return None
    if name.prefecture is None and (block := _name_in_block(layout.items)) and block.municipality == name.municipality:
        name = block
    draft.reading.prefecture, draft.reading.municipality = name.prefecture, name.municipality
    for index, item in enumerate(layout.items):
        said = name_in(item.text) if isinstance(item, TextLine) else None
        if said is not None and _repeats(name, said) and isinstance(item, TextLine):
            _mark(draft, layout, index, [item.piece])
        elif isinstance(item, TableRow):
            _mark_in_row(draft, layout, index, item, name)
    return name


def _fullest(names: Sequence[Name]) -> Name | None:
    """The first name; a fuller one for the same body wins (架空県 on slides, 架空県 みほん市 on the first)."""
    if not names:
        return None
    best = names[0]
    for name in names[1:]:
        is_fuller = best.municipality is None and name.municipality is not None and name.prefecture is not None
        adds_town = is_fuller and best.prefecture in (None, name.prefecture)
        adds_prefecture = best.prefecture is None and name.municipality == best.municipality
        if adds_town or (adds_prefecture and name.prefecture):
            best = name
    return best


def _name_in_block(items: Sequence[Item]) -> Name | None:
    """The name at the end of the row <基本情報入力シート>."""
    for item in items:
        if isinstance(item, TableRow) and any("基本情報入力シート" in cell.text for cell in item.filled):
            for cell in item.filled:
                if (name := name_in(cell.text)) is not None:
                    return name
    return None


_WORKSHEET = re.compile("シート「(?P<title>[^」]{1,31})」")


def _name_of_worksheet(items: Sequence[Item]) -> Name | None:
    """The worksheet's own title, where it is a name."""
    titles = {match["title"] for item in items if (match := _WORKSHEET.match(item.place.label))}
    return name_in(titles.pop()) if len(titles) == 1 else None


def _repeats(name: Name, said: Name) -> bool:
    return said.prefecture in (None, name.prefecture) and said.municipality in (None, name.municipality)


def _mark_in_row(draft: Draft, layout: Layout, index: int, row: TableRow, name: Name) -> None:
    """A name in a row with nothing but names, the block's title or a section title; a 所管部署 may be called so too."""
    cells = row.filled
    named = [cell for cell in cells if (said := name_in(cell.text)) and _repeats(name, said)]
    titled = "基本情報入力シート" in "".join(cell.text for cell in cells) or bool(_rest_is_taken(draft, cells, named))
    if named and (titled or len(named) == len(cells)):
        _mark(draft, layout, index, [cell.piece for cell in named])
    elif is_alone(row) and (said := name_in(cells[0].text)) and _repeats(name, said):
        _mark(draft, layout, index, [cells[0].piece])


def _rest_is_taken(draft: Draft, cells: Sequence[RowCell], named: Sequence[RowCell]) -> bool:
    return all(cell in named or not draft.ledger.free_parts(cell.piece) for cell in cells)


def _mark(draft: Draft, layout: Layout, index: int, pieces: Sequence[Piece]) -> None:
    draft.printed(pieces)
    layout.is_furniture[index] = is_all_taken(draft, layout.items[index])


# -- page numbers ------------------------------------------------------------------------------------------------------

_FREE_TEXT = frozenset({LEAD, "overview", "history", "basic_info", "council_settings"})
_NEAR = 2
"""Covers are often not counted: a slide's printed number may differ a little from its place in the file."""


def _mark_page_numbers(draft: Draft, layout: Layout, kind: str) -> None:
    edges = _page_edges(layout.items)
    for index, item in enumerate(layout.items):
        page = item.place.page
        if not isinstance(item, TextLine) or page is None:
            continue
        match = _PAGE_NUMBER.fullmatch(item.text.strip())
        if not match:
            continue
        number = int(match[1])
        near = abs(number - page) <= _NEAR
        at_edge = index in edges and (near or kind == "pdf")
        # Elsewhere a lone number may be a figure of a table, so only free text may hold a stray page number.
        in_text = number == page and (kind == "pptx" or layout.sections[index] in _FREE_TEXT)
        if at_edge or in_text:
            _mark(draft, layout, index, [item.piece])


def _page_edges(items: Sequence[Item]) -> set[int]:
    """The first and the last line of every page that say something."""
    edges: dict[int | None, tuple[int, int]] = {}
    for index, item in enumerate(items):
        if isinstance(item, TextLine) and item.is_blank:
            continue
        first, _ = edges.get(item.place.page, (index, index))
        edges[item.place.page] = (first, index)
    return {index for pair in edges.values() for index in pair}
