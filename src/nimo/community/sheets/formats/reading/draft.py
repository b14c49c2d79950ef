"""A sheet under construction: fills fields from pieces, remembers each field's passage, notes every doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nimo.community.sheets.formats.codes import field_name, finding
from nimo.community.sheets.formats.model import Passage, Quantity, SheetReading, Value
from nimo.community.sheets.formats.reading.ledger import Ledger, Piece
from nimo.community.sheets.formats.reading.wording import figure_text, one_line, running_text
from nimo.core.numbers import parse_quantities
from nimo.core.text import is_not_filled, strip_markup

_EXCERPT = 40


class Draft:
    """One sheet and the ledger of its document. `wrapped`: line breaks in this kind of file are cuts."""

    def __init__(self, ledger: Ledger, *, wrapped: bool) -> None:
        self.ledger = ledger
        self.wrapped = wrapped
        self.reading = SheetReading()

    # -- doubts ---------------------------------------------------------------------------------------------------

    def warn(self, code: str, where: str, at: Piece | int | None = None, **words: object) -> None:
        """Note a doubt at a field path; `at` is where to look in the source."""
        line = self.ledger.place(at).line if isinstance(at, Piece) else at
        words.setdefault("field", field_name(where))
        self.reading.warnings.append(finding(code, where, line, **words))

    def leave(self, pieces: Sequence[Piece], where: str, code: str = "row_unassignable", **words: object) -> None:
        """Leave pieces unassigned and say so."""
        free = [part for piece in pieces for part in self.ledger.free_parts(piece)]
        if free:
            words.setdefault("text", self.excerpt(free))
            self.warn(code, where, free[0], **words)

    def excerpt(self, pieces: Sequence[Piece]) -> str:
        text = " ".join(strip_markup(self.ledger.text(piece)).replace("\n", " ") for piece in pieces).strip()
        return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"

    # -- fields ---------------------------------------------------------------------------------------------------

    def lines(self, path: str, pieces: Sequence[Piece]) -> str | None:
        """A free text of several lines; None when there is none. The caller decides whether that is worth a warning."""
        return self._take(path, pieces, lambda texts: running_text(texts, wrapped=self.wrapped))

    def verbatim(self, path: str, pieces: Sequence[Piece]) -> str | None:
        """A text of which it is not known where its cells end: its line breaks stay."""
        return self._take(path, pieces, lambda texts: running_text(texts, wrapped=False))

    def cell(self, path: str, pieces: Sequence[Piece]) -> str | None:
        """A table cell (or the lines of one). Blank or － gives None and a warning."""
        return self._expected(path, pieces, self._cell_wording)

    def _cell_wording(self, texts: list[str]) -> str:
        lines = [line for text in texts for line in strip_markup(text).split("\n")]
        return running_text(lines, wrapped=self.wrapped)

    def name(self, path: str, pieces: Sequence[Piece]) -> str | None:
        """A name or an indicator: its cut lines joined. Blank or － gives None and a warning."""
        return self._expected(path, pieces, lambda texts: one_line("\n".join(texts)))

    def lines_expected(self, path: str, pieces: Sequence[Piece]) -> str | None:
        """Like `lines`, but blank or － gives a warning."""
        return self._expected(path, pieces, lambda texts: running_text(texts, wrapped=self.wrapped))

    def quantity(self, path: str, pieces: Sequence[Piece], at: Piece | int | None = None) -> Quantity:
        """A cell with numbers. Blank or － gives raw None and a warning; 前年度増 has a raw text and no numbers."""
        raw = self._expected(path, pieces, figure_text, at)
        return Quantity(None) if raw is None else quantity_of(raw)

    def missing(self, path: str, at: Piece | int | None = None, code: str = "value_missing") -> None:
        """Note that a field the form expects has no value."""
        self.warn(code, path, at)

    def _expected(
        self,
        path: str,
        pieces: Sequence[Piece],
        wording: Callable[[list[str]], str],
        at: Piece | int | None = None,
    ) -> str | None:
        said = [piece for piece in pieces if strip_markup(self.ledger.text(piece)).strip()]
        where = said[0] if said else (pieces[0] if pieces else at)
        if not said:
            self.ledger.set_aside_as_printed(pieces)
            self.missing(path, where)
            return None
        if all(is_not_filled(strip_markup(self.ledger.text(piece))) for piece in said):
            self.ledger.set_aside_as_printed(said)
            self.missing(path, where, "not_filled")
            return None
        return self._take(path, said, wording)

    def _take(self, path: str, pieces: Sequence[Piece], wording: Callable[[list[str]], str]) -> str | None:
        texts = [self.ledger.text(piece) for piece in pieces]
        text = wording(texts)
        if not text.strip():
            return None
        self.ledger.give_to_field(pieces)
        self.remember(path, pieces)
        return text

    def remember(self, path: str, pieces: Sequence[Piece]) -> None:
        """Keep the source passage of a field for the review screen."""
        said = [piece for piece in pieces if self.ledger.text(piece).strip()]
        if said:
            place = self.ledger.place(said[0])
            text = "\n".join(self.ledger.text(piece).strip() for piece in said)
            self.reading.passages.append(Passage(path, text, place.label, place.line))

    def printed(self, pieces: Sequence[Piece]) -> None:
        self.ledger.set_aside_as_printed(pieces)


def quantity_of(raw: str) -> Quantity:
    """A raw text with the numbers the core reads in it."""
    parsed = parse_quantities(raw)
    values = [Value(value=v.value, unit=v.unit, per=v.per, label=v.label) for v in parsed.values]
    return Quantity(raw=raw, values=values, qualifier=parsed.qualifier, coverage=parsed.coverage)
