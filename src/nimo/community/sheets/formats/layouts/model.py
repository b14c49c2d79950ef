"""The form of a year as data: chapters with their headings, and in each the texts, tables and figures that stand there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from nimo.core.fiscal import FiscalYear

BlockKind = Literal["text", "fields", "table", "figures", "list"]
CellKind = Literal["text", "quantity", "list", "until"]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the labelled lines a column is divided into: 行政 → roles.government."""

    label: str
    field: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Either it holds one `field` of the row or it is divided into `parts`.

    merged: neighbouring rows that say the same share one cell. mark: the row's mark (①) stands before the text.
    title_columns: over how many columns the title reaches; the columns below it without a title have title "".
    """

    title: str
    width: int
    field: str = ""
    kind: CellKind = "text"
    mark: bool = False
    merged: bool = False
    title_columns: int = 1
    label_width: int = 2
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledField:
    """A line of a table of labels with their texts: 長期目標 → goal."""

    label: str
    field: str
    kind: CellKind = "text"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of the basic information: the group's name, the name below it, which figure."""

    group: str
    key: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing in a chapter. `field`: the path of the text, of the list, or of what holds the fields.

    spare_label: stands above a text without a label where it has lost its chapter's heading.
    """

    name: str
    kind: BlockKind
    field: str
    label: str = ""
    spare_label: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[LabelledField, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    titles: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()

    @property
    def section(self) -> str:
        """The chapter of the stored sheet (SectionKey) it belongs to."""
        return self.field.partition(".")[0]

    @property
    def only_when_filled(self) -> bool:
        """Lists of what could not be placed are no part of the form: they are printed only where there is something."""
        return self.kind == "list"


@dataclass(frozen=True, slots=True)
class Chapter:
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of an edition: r6-city. `kind`: for whom it is. `written`: new sheets are begun in it.

    `spare`: blocks for what this form has no chapter for.
    """

    code: str
    name: str
    kind: Literal["prefecture", "city"]
    edition: str
    first_fiscal_year: int
    title: str
    continued: str
    chapters: tuple[Chapter, ...]
    written: bool = False
    spare: tuple[Block, ...] = field(default=())

    @property
    def blocks(self) -> Iterator[Block]:
        return (block for chapter in self.chapters for block in chapter.blocks)

    @property
    def sections(self) -> tuple[str, ...]:
        """The chapters of the stored sheet this form asks for, in its order."""
        return tuple(dict.fromkeys(block.section for block in self.blocks))


@dataclass(frozen=True, slots=True)
class Names:
    """What stands for the words in braces in a heading."""

    prefecture: str
    municipality: str
    fiscal_year: int | None

    @property
    def body(self) -> str:
        return " ".join(name for name in (self.prefecture, self.municipality) if name)

    def put_into(self, text: str) -> str:
        """今年度 and 昨年度 where the year is not known."""
        if self.fiscal_year is None:
            this, last, wareki = "今年度", "昨年度", "年度不明"
        else:
            year = FiscalYear(self.fiscal_year)
            this, last, wareki = f"{year.short}年度", f"{year.previous.short}年度", year.label
        words = {
            "{body}": self.body,
            "{prefecture}": self.prefecture or self.body,
            "{this}": this,
            "{last}": last,
            "{wareki}": wareki,
        }
        for sign, word in words.items():
            text = text.replace(sign, word)
        return text
