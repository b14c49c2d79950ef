"""A sheet as it stands on paper, before anybody decides on which paper: chapters, lines and tables of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["text", "label", "head"]


@dataclass(frozen=True, slots=True)
class Cell:
    """`columns`: over how many it is merged. `note`: where its figure comes from."""

    text: str
    columns: int = 1
    role: Role = "text"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together: the `lead` cells stand once, merged over all of them, before the cells of each row."""

    rows: tuple[tuple[Cell, ...], ...]
    lead: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `head` is repeated on every page it reaches; a text of the form is a table of one cell."""

    name: str
    widths: tuple[int, ...]
    groups: tuple[Group, ...]
    head: tuple[Cell, ...] = ()

    @property
    def is_box(self) -> bool:
        return len(self.widths) == 1

    @property
    def cells(self) -> Iterator[Cell]:
        yield from self.head
        for group in self.groups:
            yield from group.lead
            for row in group.rows:
                yield from row


@dataclass(frozen=True, slots=True)
class Label:
    """A line above a table or text: 【特徴（強み）】."""

    text: str


@dataclass(frozen=True, slots=True)
class PageChapter:
    heading: str
    parts: tuple[Label | Grid, ...]


@dataclass(frozen=True, slots=True)
class SheetPages:
    """The whole sheet. `form_line` says which form it follows, for the reader. `mark`: 作成中. `remarks`: at the end."""

    title: str
    form_line: str
    chapters: tuple[PageChapter, ...]
    continued: str
    mark: str = ""
    remarks: tuple[str, ...] = field(default=())

    @property
    def texts(self) -> Iterator[str]:
        """Every text that is printed, in order."""
        yield from (self.title, self.form_line, self.mark)
        for chapter in self.chapters:
            yield chapter.heading
            for part in chapter.parts:
                if isinstance(part, Label):
                    yield part.text
                else:
                    yield from (cell.text for cell in part.cells)
        yield from self.remarks
