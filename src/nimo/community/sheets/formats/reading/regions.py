"""Running text of a sheet: section by section, cut into regions by printed labels and by table headers in text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.reading import indicator_text, periods
from nimo.community.sheets.formats.reading.basic_info import BasicInfoReader, coverage_note
from nimo.community.sheets.formats.reading.challenge_text import begins_with_role, read_challenge_lines
from nimo.community.sheets.formats.reading.columns import TextHeader, find_text_headers, is_column_title
from nimo.community.sheets.formats.reading.coordination import read_cell_blocks, read_sector_lines
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.history import read_history_lines
from nimo.community.sheets.formats.reading.labels import PROMPT, FoundLabel, find_labels
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.periods import PeriodLines
from nimo.community.sheets.formats.reading.rows import split_mark
from nimo.community.sheets.formats.reading.sections import LEAD, Layout
from nimo.community.sheets.formats.reading.special_matters import read_special_lines
from nimo.community.sheets.formats.reading.squeeze import Squeezed, squeeze
from nimo.community.sheets.formats.reading.stream import TableRow, TextLine
from nimo.community.sheets.formats.reading.tables import Collected, year_columns
from nimo.community.sheets.formats.reading.titles import CAPTION
from nimo.community.sheets.formats.reading.years import Evidence

_FREE_TEXT = {LEAD: "lead", "overview": "overview", "history": "history"}


@dataclass(slots=True)
class _Marker:
    """Where a region begins: a label or a header, at a squeezed position."""

    start: int
    end: int
    label: FoundLabel | None = None
    header: TextHeader | None = None


class TextReader:
    """Reads the lines that no table has taken."""

    def __init__(
        self,
        draft: Draft,
        layout: Layout,
        collected: Collected,
        basic: BasicInfoReader,
        evidence: Evidence,
        text_lines: dict[int, list[TextLine]],
    ) -> None:
        self.draft, self.layout, self.collected = draft, layout, collected
        self.basic, self.evidence = basic, evidence
        self._text_lines = text_lines
        self.free: dict[str, list[TextLine]] = {}
        """Lines of the free-text fields, in order."""
        self.periods: dict[str, PeriodLines] = {}
        self.coverage_note: str | None = None

    def read(self) -> None:
        for section, lines in self._runs():
            self._run(section, lines)

    def _runs(self) -> list[tuple[str, list[TextLine]]]:
        """Unbroken stretches of lines of one section; a table row ends a stretch, a section's pages are joined."""
        runs: list[tuple[str, list[TextLine]]] = []
        broken = True
        for index, item in enumerate(self.layout.items):
            section = self.layout.sections[index]
            lines: list[TextLine]
            if isinstance(item, TableRow):
                if index not in self._text_lines:
                    broken = broken or not item.is_blank
                    continue
                lines = self._text_lines[index]
            elif self.layout.is_furniture[index] and not item.is_blank:
                # A name or a page number between two lines of a table does not end the table's text.
                lines = [TextLine(Piece(item.piece.source, item.piece.end, item.piece.end), "", item.place)]
            else:
                lines = [self._free_of_titles(item)]
            if not broken and runs and runs[-1][0] == section:
                runs[-1][1].extend(lines)
            else:
                runs.append((section, lines))
            broken = False
        return [(section, lines) for section, lines in runs if any(not line.is_blank for line in lines)]

    def _free_of_titles(self, line: TextLine) -> TextLine:
        """A line without the title that was glued to it."""
        parts = self.draft.ledger.free_parts(line.piece)
        if len(parts) != 1 or parts[0] == line.piece or line.is_blank:
            return line
        trimmed = self.draft.ledger.trimmed(line.piece)
        if parts[0] == trimmed:
            return line
        return TextLine(parts[0], self.draft.ledger.text(parts[0]), line.place)

    def _run(self, section: str, lines: list[TextLine]) -> None:
        lines = self._without_captions(lines)
        squeezed = Squeezed(lines)
        markers = self._markers(squeezed, section)
        first = squeezed.line_number(markers[0].start) if markers else len(lines)
        self._default(section, lines[:first])
        for number, marker in enumerate(markers):
            last_line = squeezed.line_number(marker.end - 1)
            stop = squeezed.line_number(markers[number + 1].start) if number + 1 < len(markers) else len(lines)
            self.draft.printed(squeezed.pieces(marker.start, marker.end))
            rest = self._rest_of_line(squeezed, marker, lines[last_line])
            region = [*rest, *lines[last_line + 1 : stop]]
            if marker.label is not None:
                self._labelled(section, marker.label.name, region)
            elif marker.header is not None:
                self._headed(squeezed, marker.header, region)

    @staticmethod
    def _rest_of_line(squeezed: Squeezed, marker: _Marker, line: TextLine) -> list[TextLine]:
        """What follows a label on its own line: 【にも包括構築の体制】協議の場のメンバー."""
        if squeezed.ends_line(marker.end):
            return []
        piece = Piece(line.piece.source, squeezed.offset(marker.end), line.piece.end)
        return [TextLine(piece, line.text[piece.start - line.piece.start :], line.place)]

    def _without_captions(self, lines: list[TextLine]) -> list[TextLine]:
        """Take ＜昨年度までの成果・効果＞ off, noting its year; what follows it on the line stays."""
        kept: list[TextLine] = []
        for line in lines:
            squeezed = Squeezed([line])
            match = CAPTION.match(squeezed.text)
            if not match:
                kept.append(line)
                continue
            pieces = squeezed.pieces(0, match.end())
            self.draft.printed(pieces)
            self.evidence.past.append((self.draft.ledger.text(pieces[0]), pieces[0]))
            rest = self.draft.ledger.free_parts(line.piece)
            if rest:
                self.draft.leave(rest, "results")
        return kept

    def _markers(self, squeezed: Squeezed, section: str) -> list[_Marker]:
        labels = [label for label in find_labels(squeezed) if label.name != "activities" or section == "basic_info"]
        headers = find_text_headers(squeezed, section)
        markers = [_Marker(h.start, h.end, header=h) for h in headers]
        for label in labels:
            if not any(h.start <= label.start < h.end for h in headers):
                markers.append(_Marker(label.start, label.end, label=label))
        return sorted(markers, key=lambda marker: marker.start)

    # -- regions ------------------------------------------------------------------------------------------------------

    def _default(self, section: str, lines: list[TextLine]) -> None:
        """Lines above the first label or header of a section."""
        if section in _FREE_TEXT:
            self.free.setdefault(_FREE_TEXT[section], []).extend(lines)
            return
        said = [line for line in lines if not line.is_blank]
        if not said:
            return
        if section == "basic_info" and self.basic.add_lines(lines):
            said = [line for line in said if not self.basic.claims(line.piece)]
        where = "basic_info" if section == "council_settings" else section
        for line in said:
            self.coverage_note = self.coverage_note or coverage_note(line.text)
        self.draft.leave([line.piece for line in said], where)

    def _labelled(self, section: str, name: str, lines: list[TextLine]) -> None:
        if name == "basic_block":
            self._default("basic_info", lines)
            return
        if name == "other_matters":
            lines = self._without_prompt(lines)
        if name == "activities":
            lines = self._without_footnote(lines)
        if name in ("goal", "short_term_goal", "small_steps", "until"):
            lines = self._without_cut_header(section, lines)
        if name == "until":
            lines = self._first_line(section, lines)
        self.free.setdefault(name, []).extend(lines)

    def _first_line(self, section: str, lines: list[TextLine]) -> list[TextLine]:
        """A year is one line; what follows it before the next label has lost its own label."""
        said = [line for line in lines if not line.is_blank]
        self.draft.leave([line.piece for line in said[1:]], section)
        return said[:1]

    def _without_prompt(self, lines: list[TextLine]) -> list[TextLine]:
        """The form's request ※…自由に記載ください is not an answer; it may be cut over several lines."""
        squeezed = Squeezed(lines)
        match = PROMPT.match(squeezed.text)
        if not match:
            return lines
        self.draft.printed(squeezed.pieces(0, match.end()))
        last = squeezed.line_number(match.end() - 1)
        return [*self._rest_of_line(squeezed, _Marker(0, match.end()), lines[last]), *lines[last + 1 :]]

    def _without_cut_header(self, section: str, lines: list[TextLine]) -> list[TextLine]:
        """A table header of which only some titles are left is no part of the goal above it."""
        cut = next((at for at, line in enumerate(lines) if at and is_column_title(line.text)), len(lines))
        self.draft.leave([line.piece for line in lines[cut:] if not line.is_blank], section, "table_cut")
        return lines[:cut]

    def _without_footnote(self, lines: list[TextLine]) -> list[TextLine]:
        """（ ）は政令市を除いた数 is the footnote of the figures above, not part of the activities."""
        kept = []
        for line in lines:
            note = coverage_note(line.text)
            if note and squeeze(line.text).startswith("("):
                self.coverage_note = note
                self.draft.leave([line.piece], "basic_info")
            else:
                kept.append(line)
        return kept

    def _headed(self, squeezed: Squeezed, header: TextHeader, lines: list[TextLine]) -> None:
        kind = header.kind
        at = squeezed.pieces(header.start, header.start + 1)[0]
        lines = self._of_the_table(kind, at, lines)
        if any(not line.is_blank for line in lines):
            self.collected.of(kind)
        self.collected.seen_headers.setdefault(kind, self.draft.ledger.place(at).line)
        for name, into in year_columns(kind, self.evidence).items():
            if name in header.spans:
                pieces = squeezed.pieces(*header.spans[name])
                into.append(("\n".join(self.draft.ledger.text(piece) for piece in pieces), pieces[0]))
        if kind in ("results", "targets"):
            rows = indicator_text.read_indicator_lines(self.draft, kind, header.names, lines)
            self.collected.of(kind).extend(rows)
        elif kind == "challenges":
            self.collected.challenges.extend(read_challenge_lines(self.draft, lines))
        elif kind in ("long_term", "schedule"):
            self._periods(kind, lines)
        elif kind == "special_matters":
            read_special_lines(self.draft, lines)
        elif kind == "sectors":
            self.collected.of(kind).extend(read_sector_lines(self.draft, lines))
        else:
            where = "councils" if kind == "councils" else f"coordination.{kind}"
            self.collected.of(kind).extend(read_cell_blocks(self.draft, where, header.names, lines))

    def _of_the_table(self, kind: str, header: Piece, lines: list[TextLine]) -> list[TextLine]:
        """On slides a table ends with its page, unless the next page plainly goes on with its rows."""
        if not self.layout.by_page:
            return lines
        page = self.draft.ledger.place(header).page
        for index, line in enumerate(lines):
            if line.is_blank or line.place.page == page:
                continue
            page = line.place.page
            following = [other for other in lines[index:] if other.place.page == page and not other.is_blank]
            if not self._goes_on(kind, following):
                self.draft.leave([other.piece for other in lines[index:] if not other.is_blank], kind)
                return lines[:index]
        return lines

    def _goes_on(self, kind: str, page: Sequence[TextLine]) -> bool:
        if kind in ("results", "targets"):
            mark, _ = split_mark(self.draft.ledger, page[0].piece)
            return mark is not None
        return kind == "challenges" and any(begins_with_role(line.text) for line in page)

    def _periods(self, kind: str, lines: Sequence[TextLine]) -> None:
        found = periods.read_period_lines(self.draft, lines)
        known = self.periods.get(kind)
        if known is None:
            self.periods[kind] = found
        else:
            known.rows.extend(found.rows)
            known.unaligned.extend(found.unaligned)
            known.is_aligned = known.is_aligned and found.is_aligned

    # -- free texts ---------------------------------------------------------------------------------------------------

    def finish_free_texts(self) -> None:
        """Write lead, overview, history and activities."""
        reading, draft = self.draft.reading, self.draft
        reading.lead = draft.lines("lead", _pieces(self.free.get("lead", [])))
        reading.overview = draft.lines("overview", _pieces(self.free.get("overview", [])))
        reading.activities = draft.lines("activities", _pieces(self.free.get("activities", [])))
        if "history" in self.free:
            read_history_lines(draft, self.free["history"])

    def pieces_of(self, name: str) -> list[Piece]:
        """All a label holds, from tables and from lines."""
        return [*self.collected.labelled.get(name, []), *_pieces(self.free.get(name, []))]


def _pieces(lines: Sequence[TextLine]) -> list[Piece]:
    return [line.piece for line in lines]
