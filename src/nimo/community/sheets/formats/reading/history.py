"""取組の経緯: entries with the period they begin with, from lines or from a table of years."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from nimo.community.sheets.formats.model import HistoryEntry
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.periods import period_text
from nimo.community.sheets.formats.reading.squeeze import blank_runs
from nimo.community.sheets.formats.reading.stream import TableRow, TextLine
from nimo.community.sheets.formats.reading.wording import continues

_TO = "[~〜～―‐–−-]"
_ERA = r"(?:明治|大正|昭和|平成|令和|[MTSHRＭＴＳＨＲ])\s?"
_DIGITS = r"(?:[0-9０-９]{1,4}|元)"
_POINT = (
    rf"(?:{_ERA}{_DIGITS}\s?(?:年\s?度?)?(?:\s?[0-9０-９]{{1,2}}\s?月)?|[12１２][0-9０-９]{{3}}\s?年\s?度?(?:\s?[0-9０-９]{{1,2}}\s?月)?"
    r"|[0-9０-９]{1,2}\s?年\s?度)"
)
_PERIOD = re.compile(
    rf"\s*(?:[-*]\s+)?[・●○〇■◆◇→⇒※]?\s*[(（〔【]?(?P<period>{_POINT}(?:\s?{_TO}\s?(?:{_POINT}|[0-9０-９]{{1,2}}\s?年?\s?度?)?)?)[)）〕】]?"
    r"(?P<gap>[\s\u3000]*(?:…+|・{2,}|[:：])[\s\u3000]*|[\s\u3000]+|$)"
)
_NEW_ENTRY = re.compile(r"\s*(?:[-*]\s+\S|[・●○〇■◆◇→⇒]|[①-⑳])")


def _period_at_start(text: str) -> re.Match[str] | None:
    """The period a line begins with. （R1年度：…） opens a remark, not a period: its bracket goes on."""
    match = _PERIOD.match(text)
    if match is None:
        return None
    before, after = text[: match.start("period")], text[match.end("period") :]
    is_open = before.rstrip()[-1:] in ("(", "（", "〔", "【")
    return None if is_open and after[:1] not in (")", "）", "〕", "】") else match


@dataclass(slots=True)
class _Entry:
    period: Piece | None
    lines: list[Piece] = field(default_factory=list)


def read_history_lines(draft: Draft, lines: Sequence[TextLine]) -> None:
    """Entries of free text. A line that begins with a period opens one; other lines go with the entry above.

    Years that stand alone one after another (a drawing's rubble) say nothing certain and stay text.
    """
    entries: list[_Entry] = []
    blocks = blank_runs(lines)
    for number, block in enumerate(blocks):
        follows_alone = bool(number) and _goes_on(blocks[number - 1], block)
        for position, line in enumerate(block):
            match = _period_at_start(line.text)
            period, rest = _cut(line, match) if match else (None, line.piece)
            alone = period is not None and not draft.ledger.text(rest).strip()
            if period is not None and alone and not _introduces(block, blocks, number, position):
                period, rest, alone = None, line.piece, False
            belongs = bool(entries) and period is None and (position > 0 or follows_alone or _is_below_alone(entries))
            if belongs and not (_NEW_ENTRY.match(line.text) and entries[-1].period is None):
                entries[-1].lines.append(rest)
            else:
                entries.append(_Entry(period, [] if alone else [rest]))
            follows_alone = alone
    for entry in _together(entries):
        _write(draft, entry)


def _together(entries: Sequence[_Entry]) -> list[_Entry]:
    """Texts without a period that stand in a row are one entry."""
    joined: list[_Entry] = []
    for entry in entries:
        if joined and entry.period is None and joined[-1].period is None:
            last = joined[-1].lines[-1]
            joined[-1].lines.extend([Piece(last.source, last.end, last.end), *entry.lines])
        else:
            joined.append(entry)
    return joined


def _goes_on(above: Sequence[TextLine], block: Sequence[TextLine]) -> bool:
    """Whether a block only continues the sentence of the block above."""
    width = max(len(line.text.strip()) for line in above)
    return continues(above[-1].text.strip(), block[0].text.strip(), after_blank=True, width=width)


def _is_below_alone(entries: Sequence[_Entry]) -> bool:
    """The entry above is a period that still waits for its text."""
    return entries[-1].period is not None and not entries[-1].lines


def _cut(line: TextLine, match: re.Match[str]) -> tuple[Piece, Piece]:
    start = line.piece.start
    period = Piece(line.piece.source, start + match.start("period"), start + match.end("period"))
    return period, Piece(line.piece.source, start + match.end(), line.piece.end)


def _introduces(block: Sequence[TextLine], blocks: Sequence[Sequence[TextLine]], number: int, position: int) -> bool:
    """Whether a period that stands alone is followed by its text, in a list where all periods are."""
    following = block[position + 1] if position + 1 < len(block) else None
    if following is None:
        following = blocks[number + 1][0] if number + 1 < len(blocks) else None
    if following is None or _period_at_start(following.text):
        return False
    firsts = [bool(_period_at_start(b[0].text)) for b in blocks]
    return not any(one and other for one, other in pairwise(firsts)) or len(block) > 1


def _write(draft: Draft, entry: _Entry) -> None:
    path = f"history.{len(draft.reading.history)}"
    period = None
    if entry.period is not None:
        period = period_text(draft.ledger, [entry.period])
    text = draft.lines(f"{path}.text", entry.lines)
    if text is None and entry.period is not None:
        draft.missing(f"{path}.text", entry.period)
    if entry.period is not None:
        draft.ledger.give_to_field([entry.period])
        draft.remember(f"{path}.period", [entry.period])
        draft.printed(_signs_around(draft, entry))
    if text is not None or period is not None:
        draft.reading.history.append(HistoryEntry(period, text))


def _signs_around(draft: Draft, entry: _Entry) -> list[Piece]:
    """The bullet before a period and the dots behind it say nothing of their own."""
    period = entry.period
    if period is None:
        return []
    end = entry.lines[0].start if entry.lines and entry.lines[0].source == period.source else period.end
    before = Piece(period.source, _line_start(draft, period), period.start)
    return [before, Piece(period.source, period.end, max(period.end, end))]


def _line_start(draft: Draft, period: Piece) -> int:
    whole = draft.ledger.text(Piece(period.source, 0, period.start))
    return whole.rfind("\n") + 1


def read_history_row(draft: Draft, row: TableRow) -> bool:
    """A table of years in this section: the first cell a period, the rest its text."""
    filled = row.filled
    if len(filled) < 2:
        return False
    match = _PERIOD.fullmatch(filled[0].text)
    if not match:
        return False
    path = f"history.{len(draft.reading.history)}"
    text = draft.cell(f"{path}.text", [cell.piece for cell in filled[1:]])
    draft.ledger.give_to_field([filled[0].piece])
    draft.remember(f"{path}.period", [filled[0].piece])
    draft.reading.history.append(HistoryEntry(period_text(draft.ledger, [filled[0].piece]), text))
    return True
