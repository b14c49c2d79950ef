"""A paper as data: what stands on it, in which order. How it looks is data/document.typ; users' texts are never its source.

Every part is plain text and exact figures as text; charts also take the numbers, for the lengths of their bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Align = Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Heading:
    """level 1 to 3 below the title."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"a heading of level {self.level}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Line breaks stay. quiet: smaller, for remarks."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class BigFigure:
    """The one number the paper is about. value: as printed, or the words that stand in its place."""

    label: str
    value: str
    unit: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a term and its text, in two columns."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column."""

    text: str
    align: Align = "start"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. The heads are repeated on every page it reaches; each row has one text for each column."""

    caption: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        wrong = next((row for row in self.rows if len(row) != len(self.heads)), None)
        if not self.heads or wrong is not None:
            raise ValueError(f"table {self.caption!r}: a row has not one text for each column")


@dataclass(frozen=True, slots=True)
class Bar:
    """value None: a gap with its word, never a bar of zero length."""

    label: str
    value: int | Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A small bar chart from zero, in one ink; `description` is read aloud in its place."""

    title: str
    bars: Sequence[Bar]
    description: str

    def __post_init__(self) -> None:
        if any(bar.value is not None and bar.value < 0 for bar in self.bars):
            raise ValueError(f"chart {self.title!r}: a bar below zero")


@dataclass(frozen=True, slots=True)
class Remarks:
    """A framed list of what the reader must know."""

    title: str
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two lists of parts beside each other."""

    left: Sequence[Part]
    right: Sequence[Part]


Part = Heading | Paragraph | BigFigure | Facts | Grid | Bars | Remarks | Beside


@dataclass(frozen=True, slots=True)
class Paper:
    """One document on A4. title: also its name in the reader. mark: a word in the corner of every page (案, 部外秘).

    foot: stands at the foot of every page, beside the page numbers.
    """

    title: str
    parts: Sequence[Part]
    subtitle: str = ""
    mark: str = ""
    foot: str = ""
    author: str = "nimo"
    language: str = field(default="ja")


def _bars(part: Bars) -> dict[str, Any]:
    top = max((bar.value for bar in part.bars if bar.value is not None), default=0)
    return {
        "title": part.title,
        "description": part.description,
        "bars": [
            {
                "label": bar.label,
                "text": bar.text,
                # per mille of the longest bar: the length of a bar needs no more
                "length": None if bar.value is None else int(Decimal(bar.value) * 1000 / Decimal(top)) if top else 0,
            }
            for bar in part.bars
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Paragraph(text, quiet):
            return {"kind": "paragraph", "text": text, "quiet": quiet}
        case BigFigure(label, value, unit, remark):
            return {"kind": "figure", "label": label, "value": value, "unit": unit, "remark": remark}
        case Facts(pairs):
            return {"kind": "facts", "pairs": [list(pair) for pair in pairs]}
        case Grid(caption, heads, rows):
            columns = [{"text": head.text, "align": head.align} for head in heads]
            return {"kind": "table", "caption": caption, "heads": columns, "rows": [list(row) for row in rows]}
        case Bars():
            return {"kind": "bars", **_bars(part)}
        case Remarks(title, items):
            return {"kind": "remarks", "title": title, "items": list(items)}
        case Beside(left, right):
            return {"kind": "beside", "left": [_part(one) for one in left], "right": [_part(one) for one in right]}


def as_data(paper: Paper) -> dict[str, Any]:
    """What the template is given (JSON)."""
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "mark": paper.mark,
        "foot": paper.foot,
        "author": paper.author,
        "language": paper.language,
        "parts": [_part(part) for part in paper.parts],
    }
