"""The basic-information block: names, dates and figures in cells, or one after another in running text.

A field is known by its name in whatever column the name stands: vertically merged cells shift right when a document is
converted, and a figure can be pushed out of the table altogether. Such a figure is unknown, never zero.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from nimo.community.sheets.formats.codes import FIELD_NAMES
from nimo.community.sheets.formats.model import BasicInfoItem
from nimo.community.sheets.formats.reading.basic_labels import (
    AS_OF,
    AS_OF_ALONE,
    BELOW,
    COUNCILS,
    FOOTNOTE,
    INPATIENTS,
    KEYS,
    LABELS,
    MEETINGS,
    MINIMUM_STRONG,
    PRINTED,
    UNIT_ALONE,
    UNITS,
    Label,
    is_strong,
    label_of,
)
from nimo.community.sheets.formats.reading.draft import Draft, quantity_of
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.squeeze import Squeezed, squeeze
from nimo.community.sheets.formats.reading.stream import TableRow, TextLine
from nimo.community.sheets.formats.reading.wording import figure_text
from nimo.core.eras import parse_partial_date
from nimo.core.fiscal import parse_fiscal_year
from nimo.core.text import is_not_filled

_YES = re.compile(r"(?:有り?|あり|[○〇◯]|設置(?:済み?)?|はい)")
_NO = re.compile(r"(?:無し?|なし|×|✕|未設置|いいえ)")
_CUT_DATE = re.compile(r"\([^()]*年[^()]*")
"""A date whose end was cut off is no figure."""
_CHOSEN = re.compile(r"[☑■●✓✔☒]\s*([有無]|あり|なし)")


@dataclass(slots=True)
class _Field:
    """A field being read."""

    label: Label
    at: Piece
    as_of: str | None = None
    values: list[Piece] = field(default_factory=list)


class BasicInfoReader:
    """Takes the cells of the block one by one, wherever the name of a field stands."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._heading: str | None = None
        self._as_of: str | None = None
        self._open: _Field | None = None
        self._fields: dict[str, _Field] = {}
        self.dates: list[tuple[str, Piece]] = []
        """The dates beside fields whose date is the form's own (人口, 精神科病床数), as evidence of its year."""

    # -- cells ------------------------------------------------------------------------------------------------------

    def takes(self, row: TableRow) -> bool:
        """Whether the row belongs to the block."""
        cells = row.filled
        known = any(label_of(cell.text, self._heading) for cell in cells)
        if self._fields or self._heading:
            return known or any(PRINTED.fullmatch(squeeze(cell.text)) for cell in cells)
        return any(is_strong(cell.text) or PRINTED.fullmatch(squeeze(cell.text)) for cell in cells) or (
            known and len(cells) >= 2
        )

    def add_row(self, row: TableRow) -> None:
        for cell in row.filled:
            self.add(cell.piece, cell.text)
        self._close()

    def add(self, piece: Piece, text: str) -> None:
        """One cell: a name, a date, or a figure for the name before it."""
        plain = squeeze(text)
        label = label_of(text, self._heading)
        date = AS_OF.search(plain)
        if label is not None:
            self._begin(label, piece, date.group() if date else None)
        elif (date and date.group() == plain) or AS_OF_ALONE.fullmatch(plain):
            self._date(piece, plain)
        elif PRINTED.fullmatch(plain):
            self.draft.printed([piece])
        elif self._open is not None and not _CUT_DATE.fullmatch(plain):
            self._value(piece, text)

    def _begin(self, label: Label, piece: Piece, date: str | None) -> None:
        self._close()
        self.draft.printed([piece])
        if label.key is None:
            self._heading = label.name
            self._as_of = as_of(date)
            # The number may stand right beside the heading; `_value` decides whose it is.
            self._open = _Field(label, piece, self._as_of)
            return
        below = label.under or BELOW.get(label.name)
        if below is None:
            self._heading, self._as_of = None, None
        inherited = self._as_of if below == self._heading else None
        self._note_date(label, piece, date)
        self._open = _Field(label, piece, as_of(date) or inherited)

    def _date(self, piece: Piece, text: str) -> None:
        self.draft.printed([piece])
        if self._open is not None:
            self._note_date(self._open.label, piece, text)
            self._open.as_of = as_of(text)
            if self._open.label.key is None:
                self._as_of = self._open.as_of

    def _note_date(self, label: Label, piece: Piece, date: str | None) -> None:
        if date and label.key in ("population", "psychiatric_hospitals", "psychiatric_beds"):
            self.dates.append((f"{FIELD_NAMES[label.key]}{date}", piece))

    def _value(self, piece: Piece, text: str) -> None:
        current = self._open
        if current is None:
            return
        if current.label.key is None:
            key = {INPATIENTS: "total", MEETINGS: "frequency"}.get(current.label.name)
            label = next((one for one in LABELS if one.name == key), None)
            if label is None or label.key in self._fields:
                return
            current.label = label
        goes_with_figure = "%" in squeeze(text) or UNIT_ALONE.fullmatch(squeeze(text)) is not None
        if current.values and not (len(current.values) <= 2 and goes_with_figure):
            return
        current.values.append(piece)

    def _close(self) -> None:
        current, self._open = self._open, None
        if current is None or current.label.key is None:
            return
        known = self._fields.get(current.label.key)
        if known is None or (not known.values and current.values):
            self._fields[current.label.key] = current
        elif current.values:
            self.draft.leave(current.values, f"basic_info.{current.label.key}", "several_candidates")

    # -- running text -----------------------------------------------------------------------------------------------

    def add_lines(self, lines: Sequence[TextLine]) -> bool:
        """The block as running text: names, dates and figures one after another. False when it is not there."""
        squeezed = Squeezed(lines)
        cuts = _cuts(squeezed)
        if sum(1 for _, _, label in cuts if label.under is None) < MINIMUM_STRONG:
            return False
        for number, (start, end, label) in enumerate(cuts):
            stop = (
                cuts[number + 1][0] if number + 1 < len(cuts) else squeezed.line_end(min(end, len(squeezed.text) - 1))
            )
            if label.under not in (None, self._heading):
                continue
            self._begin(label, squeezed.pieces(start, end)[0], None)
            self.draft.printed(squeezed.pieces(start, end))
            at = end
            while date := AS_OF.match(squeezed.text, at):
                self._date(squeezed.pieces(at, date.end())[0], date.group())
                self.draft.printed(squeezed.pieces(at, date.end()))
                at = date.end()
            note = PRINTED.match(squeezed.text, at)
            if note and note.group() and note.end() <= stop:
                self.draft.printed(squeezed.pieces(at, note.end()))
                at = note.end()
            if at < stop and self._open is not None:
                self._values_of_text(squeezed.pieces(at, stop))
        self._close()
        return True

    def _values_of_text(self, pieces: list[Piece]) -> None:
        """The first line after a name is its figure; further lines only when they go on with it."""
        text = figure_text([self.draft.ledger.text(piece) for piece in pieces[:1]])
        if not (re.search(r"[0-9０-９]", text) or truth(text) is not None or is_not_filled(text)):
            return
        self._value(pieces[0], text)
        for piece in pieces[1:]:
            more = self.draft.ledger.text(piece)
            if self._open is None or not re.match(r"\s*(?:[(（]?[0-9０-９]|[^0-9０-９]{1,8}[0-9０-９]+\s*回)", more):
                break
            self._open.values.append(piece)

    def claims(self, piece: Piece) -> bool:
        """Whether a figure of the block stands in this piece; it is given to its field at the end."""
        return any(
            value.source == piece.source and value.start < piece.end and piece.start < value.end
            for current in self._fields.values()
            for value in current.values
        )

    # -- the end ----------------------------------------------------------------------------------------------------

    def finish(self, coverage_note: str | None) -> None:
        """Write the items in the order of the form; a field the form prints without a figure is null with a warning."""
        info = self.draft.reading.basic_info
        if not self._fields:
            return
        info.present = True
        for key in KEYS:
            current = self._fields.get(key)
            if current is not None:
                info.items.append(self._item(key, current, coverage_note))
            elif self._is_expected(key):
                at = self._fields[min(self._fields, key=lambda k: abs(KEYS.index(k) - KEYS.index(key)))].at
                self.draft.missing(f"basic_info.{key}", at)
                info.items.append(BasicInfoItem(key, None, None, UNITS.get(key), None))

    def _is_expected(self, key: str) -> bool:
        """Every field of the form but the levels of 協議の場, of which a form prints only its own."""
        if not key.startswith("councils_"):
            return True
        has_any = any(known.startswith("councils_") for known in self._fields)
        return not has_any and (key == "councils_municipality" or self.draft.reading.municipality is None)

    def _item(self, key: str, current: _Field, coverage_note: str | None) -> BasicInfoItem:
        draft, path = self.draft, f"basic_info.{key}"
        place = draft.ledger.place(current.at)
        item = BasicInfoItem(key, current.as_of, None, UNITS.get(key), None, place=place.label, line=place.line)
        texts = [draft.ledger.text(piece) for piece in current.values]
        raw = figure_text(texts)
        if not raw or is_not_filled(raw):
            draft.printed(current.values)
            draft.missing(path, current.at, "not_filled" if raw else "value_missing")
            return item
        item.raw = raw
        draft.ledger.give_to_field(current.values)
        draft.remember(path, current.values)
        value_place = draft.ledger.place(current.values[0])
        item.place, item.line = value_place.label, value_place.line
        if key == "has_mental_health_subcommittee":
            item.value, item.unit = truth(raw), None
        else:
            fill_numbers(item, key, coverage_note)
        if item.value is None and not item.values:
            draft.missing(path, current.values[0])
        return item


def fill_numbers(item: BasicInfoItem, key: str, coverage_note: str | None) -> None:
    quantity = quantity_of(item.raw or "")
    shares = [value for value in quantity.values if value.unit == "%"]
    numbers = [value for value in quantity.values if value.unit != "%"]
    item.coverage = quantity.coverage
    if len(shares) == 1 and key.startswith("inpatients"):
        item.share = Decimal(shares[0].value)
    if key == "council_frequency":
        item.values = numbers
        item.unit = "回"
        item.value = numbers[0].value if len(numbers) == 1 and numbers[0].label is None else None
        return
    labels = [value.label for value in numbers]
    if len(numbers) == 1:
        item.value = numbers[0].value
    elif len(numbers) == 2 and labels[0] in (None, "分子") and labels[1] in ("括弧内", "分母"):
        item.value = numbers[0].value
        item.values = numbers
        if labels[1] == "括弧内" and coverage_note:
            numbers[1].coverage = coverage_note
    elif numbers and key.startswith("councils_"):
        item.values = numbers
    if numbers and item.value is not None:
        item.unit = numbers[0].unit or item.unit


def truth(text: str) -> bool | None:
    """有 or 無; None where both stand unmarked, or neither does."""
    plain = squeeze(text)
    chosen = _CHOSEN.search(plain)
    if chosen:
        return chosen[1] in ("有", "あり")
    yes, no = _YES.match(plain), _NO.match(plain)
    if yes and not re.search("[有無]|なし", plain[yes.end() :]):
        return True
    if no and not re.search("[有無]|あり", plain[no.end() :]):
        return False
    return None


def as_of(text: str | None) -> str | None:
    """(令和6年5月時点) → 2024-05, (令和5年度) → FY2023; None when nothing can be read."""
    if text is None:
        return None
    date = parse_partial_date(text)
    if date is not None and date.month is not None:
        return date.iso
    year = parse_fiscal_year(text) if "年度" in text else None
    return f"FY{year.year}" if year is not None else (date.iso if date else None)


def _cuts(squeezed: Squeezed) -> list[tuple[int, int, Label]]:
    """Names in running text, each at a line start or right after a figure; the longest name wins."""
    found: list[tuple[int, int, Label]] = []
    at = 0
    while at < len(squeezed.text):
        best: tuple[int, Label] | None = None
        if squeezed.starts_line(at) or (found and squeezed.text[at - 1] in ")人床所市%回"):
            for label in LABELS:
                match = label.pattern.match(squeezed.text, at)
                if (
                    match
                    and match.end() > at
                    and (best is None or match.end() > best[0])
                    and _ends_name(squeezed, match.end())
                ):
                    best = (match.end(), label)
        if best is None:
            at += 1
        else:
            found.append((at, best[0], best[1]))
            at = best[0]
    return found


def _ends_name(squeezed: Squeezed, end: int) -> bool:
    """After a name comes its date, its figure, the next cell or the line's end: never more words of a sentence."""
    if squeezed.ends_line(end) or squeezed.text[end] in "(:%0123456789有無-" or AS_OF.match(squeezed.text, end):
        return True
    line = squeezed.lines[squeezed.line_number(end)]
    return line.text[squeezed.offset(end) - line.piece.start - 1].isspace()


def coverage_note(text: str) -> str | None:
    """（ ）は政令市を除いた数 → 政令市を除く."""
    match = FOOTNOTE.search(squeeze(text))
    return f"{match['what']}を除く" if match else None


def printed_councils_heading(text: str) -> bool:
    """The heading 協議の場の設置状況 with its date, whose rows may have been a picture."""
    label = label_of(text, None)
    return label is not None and label.name == COUNCILS
