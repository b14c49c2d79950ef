"""A sheet laid out on slides: what stands on which, where, and how high. No PowerPoint here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from nimo.community.sheets.formats.layouts.signs import AGAIN
from nimo.community.sheets.formats.writing.flow import Typesetter, group_room, row_room, row_rooms, split
from nimo.community.sheets.formats.writing.page import Grid, Group, Label, PageChapter, SheetPages

WIDTH, HEIGHT = 780.0, 540.0
"""A4 landscape as PowerPoint has it (27.5 × 19.05 cm), in points."""
MARGIN = 26.0
CONTENT = WIDTH - 2 * MARGIN
TOP = 22.0
BOTTOM = HEIGHT - 26.0
BODY = Typesetter(size=9.0, line_height=11.4, padding=5.0, margin=8.0)
HEADING = Typesetter(size=13.0, line_height=17.0, padding=6.0, margin=8.0)
LABEL = Typesetter(size=10.0, line_height=13.0, padding=5.0, margin=4.0)
_GAP = 5.0
_WORTHWHILE = 90.0
"""A row is cut on this slide only where at least this much of it can stand there."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """role: "heading" or "label" or "remark"."""

    text: str
    role: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class PlacedGrid:
    grid: Grid
    top: float
    head_height: float
    row_heights: tuple[float, ...]
    """Of every row below the head, in order."""
    widths: tuple[float, ...]

    @property
    def height(self) -> float:
        return self.head_height + sum(self.row_heights)


@dataclass(slots=True)
class Slide:
    parts: list[PlacedLine | PlacedGrid] = field(default_factory=list)


def slides_of(pages: SheetPages) -> list[Slide]:
    """Each chapter begins a slide of its own; what does not fit goes on on the next, under its heading."""
    found: list[Slide] = []
    for chapter in pages.chapters:
        heading = chapter.heading or pages.title
        found += _ChapterPager(heading, chapter, pages.continued).slides()
    if pages.remarks:
        last = _last_or_new(found, pages)
        top = max((part.top + part.height for part in last.parts), default=TOP) + _GAP
        for remark in pages.remarks:
            height = LABEL.room(LABEL.lines(remark, CONTENT))
            last.parts.append(PlacedLine(remark, "remark", top, height))
            top += height
    return found


def _last_or_new(found: list[Slide], pages: SheetPages) -> Slide:
    needed = sum(LABEL.room(LABEL.lines(remark, CONTENT)) for remark in pages.remarks)
    used = max((part.top + part.height for part in found[-1].parts), default=TOP) if found else BOTTOM
    if used + needed > BOTTOM:
        found.append(Slide([PlacedLine(f"{pages.title}{AGAIN}", "heading", TOP, HEADING.room(1))]))
    return found[-1]


class _ChapterPager:
    def __init__(self, heading: str, chapter: PageChapter, continued: str) -> None:
        self.heading = heading
        self.chapter = chapter
        self.continued = continued
        self.found: list[Slide] = []
        self.top = 0.0
        self._turn()

    def _turn(self) -> None:
        """A new slide with the heading; from the second on it says that it goes on."""
        text = self.heading + (AGAIN if self.found else "")
        height = HEADING.room(HEADING.lines(text, CONTENT))
        self.found.append(Slide([PlacedLine(text, "heading", TOP, height)]))
        self.top = TOP + height + _GAP

    @property
    def _is_fresh(self) -> bool:
        return len(self.found[-1].parts) == 1

    @property
    def _room(self) -> float:
        return BOTTOM - self.top

    def slides(self) -> list[Slide]:
        label = ""
        for part in self.chapter.parts:
            if isinstance(part, Label):
                label = part.text
            else:
                self._grid(part, label)
                label = ""
        return self.found

    def _label(self, text: str) -> None:
        height = LABEL.room(LABEL.lines(text, CONTENT))
        self.found[-1].parts.append(PlacedLine(text, "label", self.top, height))
        self.top += height

    def _grid(self, grid: Grid, label: str) -> None:
        total = sum(grid.widths)
        widths = tuple(CONTENT * width / total for width in grid.widths)
        head = row_room(grid.head, widths, BODY) if grid.head else 0.0
        above = LABEL.room(LABEL.lines(label + AGAIN, CONTENT)) if label else 0.0
        waiting = list(grid.groups)
        first = True
        while waiting:
            room = self._room - above - head
            if not self._is_fresh and group_room(waiting[0], widths, BODY) > room and not self._cuts(waiting[0], room):
                self._turn()
                room = self._room - above - head
            if label:
                self._label(label if first else label + AGAIN)
            taken, waiting = self._take(waiting, widths, room)
            heights = tuple(height for group in taken for height in row_rooms(group, widths, BODY))
            placed = PlacedGrid(replace(grid, groups=tuple(taken)), self.top, head, heights, widths)
            self.found[-1].parts.append(placed)
            self.top += placed.height + _GAP
            first = False
            if waiting:
                self._turn()

    def _cuts(self, group: Group, room: float) -> bool:
        """Whether it is worth beginning a row here that will not end here: only one that is longer than a slide."""
        whole = BOTTOM - TOP - HEADING.room(2) - _GAP
        total = CONTENT / max(len(group.rows[0]) + len(group.lead), 1)
        longest = max(len(cell.text) for row in group.rows for cell in (*row, *group.lead)) * BODY.size / total
        return room >= _WORTHWHILE and longest * BODY.line_height > whole

    def _take(self, waiting: list[Group], widths: tuple[float, ...], room: float) -> tuple[list[Group], list[Group]]:
        taken: list[Group] = []
        for index, group in enumerate(waiting):
            needed = group_room(group, widths, BODY)
            if needed <= room:
                taken.append(group)
                room -= needed
                continue
            if not taken or (room >= _WORTHWHILE and self._cuts(group, room)):
                here, rest = split(group, widths, BODY, room, self.continued)
                return [*taken, here], [*([rest] if rest else []), *waiting[index + 1 :]]
            return taken, waiting[index:]
        return taken, []


def grids(slides: list[Slide]) -> Iterator[PlacedGrid]:
    return (part for slide in slides for part in slide.parts if isinstance(part, PlacedGrid))
