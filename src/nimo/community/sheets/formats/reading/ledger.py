"""The ledger of characters: what no field and no printed form text has taken is reported as unassigned.

So nothing can be dropped by forgetting it: a reading rule that does not exist leaves its text in the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nimo.community.sheets.formats.source import Place

_FREE, _FIELD, _PRINTED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters [start, end) of one source (a line or a table cell of the file)."""

    source: int
    start: int
    end: int


class Ledger:
    """Every line and cell of a document in reading order, and for each character who has taken it."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._places: list[Place] = []
        self._owners: list[bytearray] = []

    def add(self, text: str, place: Place) -> Piece:
        """Enter one line or cell; the piece covers the whole of it."""
        self._texts.append(text)
        self._places.append(place)
        self._owners.append(bytearray(len(text)))
        return Piece(len(self._texts) - 1, 0, len(text))

    def text(self, piece: Piece) -> str:
        return self._texts[piece.source][piece.start : piece.end]

    def place(self, piece: Piece) -> Place:
        return self._places[piece.source]

    def give_to_field(self, pieces: Iterable[Piece]) -> None:
        """These characters now stand in a field."""
        self._mark(pieces, _FIELD)

    def set_aside_as_printed(self, pieces: Iterable[Piece]) -> None:
        """These characters are the form's own: headings, column titles, labels, page numbers, repeated names, markup."""
        self._mark(pieces, _PRINTED)

    def is_free(self, piece: Piece) -> bool:
        """True while nothing but white space of the piece has been taken."""
        owners = self._owners[piece.source]
        text = self._texts[piece.source]
        return all(owners[at] == _FREE or text[at].isspace() for at in range(piece.start, piece.end))

    def free_parts(self, piece: Piece) -> list[Piece]:
        """The runs of the piece that nobody has taken, without white space at their ends."""
        owners, text = self._owners[piece.source], self._texts[piece.source]
        parts: list[Piece] = []
        start: int | None = None
        for at in range(piece.start, piece.end + 1):
            taken = at == piece.end or owners[at] != _FREE
            if start is None and not taken and not text[at].isspace():
                start = at
            elif start is not None and taken:
                parts.append(self.trimmed(Piece(piece.source, start, at)))
                start = None
        return parts

    def trimmed(self, piece: Piece) -> Piece:
        """The piece without white space at its ends."""
        text = self.text(piece)
        start = piece.start + len(text) - len(text.lstrip())
        return Piece(piece.source, start, max(start, piece.start + len(text.rstrip())))

    def _mark(self, pieces: Iterable[Piece], owner: int) -> None:
        for piece in pieces:
            owners = self._owners[piece.source]
            for at in range(piece.start, piece.end):
                # A text that also serves as evidence (目標値（令和3年度末）) stays in the field that had it first.
                if owners[at] != _FIELD:
                    owners[at] = owner

    def __iter__(self) -> Iterator[Piece]:
        return (Piece(source, 0, len(text)) for source, text in enumerate(self._texts))
