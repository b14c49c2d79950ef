"""The titles of the form's sections, by their words: numbers change from year to year and inside one document.

Matched against squeezed text. Wording drifts: 精神障害に / にも対応した, 障害 / 障がい, 取組 / 取組み / 取り組み.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.squeeze import Squeezed, squeeze
from nimo.community.sheets.formats.reading.stream import Item, TableRow, TextLine

DISABILITY = "障(?:害|がい|碍)"
EFFORT = "(?:取り?組み?)"

_SUBJECT = f"[「『]?精神{DISABILITY}者?にも?対応した地域包括ケア(?:システム)?[」』]?の?(?:構築)?(?:支援事業|推進事業|促進事業)?"
_LINK = "(?:に(?:向けた|向けて|資する|関する|係る|かかる)|のための|の)?"
_PLAIN_NAME = r"[^\d。、,.:()「」『』【】<>~・※●○〇■◆]{1,12}?"

# key, words that make the title, and whether the words alone (no subject, no number) are enough on a line of their own.
_CORES: tuple[tuple[str, str, bool], ...] = (
    ("basic_info", f"{_PLAIN_NAME}の基[礎本]情報", True),
    ("overview", f"{EFFORT}の?概要(?:\\(全体\\))?", True),
    ("history", f"{EFFORT}の経緯", True),
    ("results", f"(?:{EFFORT}の成果・?効果等?|実施前の課題・?実施後の効果等?)", True),
    ("challenges", "(?:現時点における)?強みと課題", True),
    ("coordination", "連携状況", False),
    ("councils", "協議の場の実施状況", True),
    (
        "council_settings",
        "(?:保健・?医療・?福祉関係者による)?協議の場の設置状況(?:\\([^()]{1,14}(?:時点|現在|年度)[^()]{0,4}\\))?",
        False,
    ),
    ("long_term", f"(?:長期の?{EFFORT}?スケジュール|{EFFORT}?スケジュール\\(長期\\))", True),
    ("schedule", f"(?:今年度の?{EFFORT}?の?スケジュール|{EFFORT}?スケジュール\\((?:今年度|短期)\\))", True),
    ("special_matters", "今年度の?特別に考える必要がある事項(?:について)?", True),
)
_NUMBER = r"[(]?\d{1,2}[)]?[.、)-]?"
_TRAILER = r"(?:\((?:続き|つづき|その\d|参考|再掲|\d{1,2}(?:/\d{1,2})?)\)|[①-⑨])?"
_PATTERNS = tuple(
    (
        key,
        alone,
        re.compile(f"(?P<number>{_NUMBER})?(?P<subject>{_SUBJECT}{_LINK})?(?P<core>{core})(?P<trailer>{_TRAILER})"),
    )
    for key, core, alone in _CORES
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section title found in the stream: items [first, last] hold it; `before_on_line` says text precedes it there."""

    key: str
    first: int
    last: int
    pieces: tuple[Piece, ...]
    start: tuple[int, int]
    """(source, offset) of its first character: a line may hold text before a glued title."""
    text: str


_HEAD_REST = re.compile(r"(?:[●○■◆]?\S{2,4}[都道府県])?(?:\S{1,8}[市区町村])?[●○■◆]?\d{0,2}(?:[/-]\d{1,2})?")
_HEAD_BEFORE = re.compile(r"[●○■◆]?(?:\S{2,4}[都道府県])(?:\S{1,8}[市区町村])?[●○■◆]?")


_MOST_CUTS = 4
_LONGEST_NAME = 30
"""A title shares its line with the body's name at most; a sentence that mentions its words goes on for longer."""


def _matches(squeezed: Squeezed) -> list[tuple[str, re.Match[str]]]:
    """Titles in a run of lines, at most one for each position, in order."""
    found: list[tuple[str, re.Match[str]]] = []
    for key, alone, pattern in _PATTERNS:
        position = 0
        while match := pattern.search(squeezed.text, position):
            if _is_title(squeezed, match, alone):
                found.append((key, match))
                position = match.end()
            else:
                position = match.start() + 1
    found.sort(key=lambda pair: (pair[1].start(), -pair[1].end()))
    kept: list[tuple[str, re.Match[str]]] = []
    for key, match in found:
        if not kept or match.start() >= kept[-1][1].end():
            kept.append((key, match))
    return kept


def _is_title(squeezed: Squeezed, match: re.Match[str], alone: bool) -> bool:
    # A title is cut over a few lines at most, however many blank lines stand between them.
    if sum(squeezed.starts_line(at) for at in range(match.start() + 1, match.end())) > _MOST_CUTS:
        return False
    if "の基" in match["core"] and squeezed.line_number(match.start("core")) != squeezed.line_number(match.end() - 1):
        return False
    numbered, with_subject = match["number"] is not None, match["subject"] is not None
    rest = squeezed.rest_of_line(match.end(), _LONGEST_NAME)
    if rest is None or not _HEAD_REST.fullmatch(rest):
        return False
    if squeezed.starts_line(match.start()):
        return with_subject or numbered or (alone and not rest and _fills_its_lines(squeezed, match))
    # Glued to the end of another line: only the full wording, or a number right before it, can be trusted.
    if with_subject and numbered:
        return True
    before = squeezed.begin_of_line(match.start(), _LONGEST_NAME)
    return with_subject and before is not None and _HEAD_BEFORE.fullmatch(before) is not None


def _fills_its_lines(squeezed: Squeezed, match: re.Match[str]) -> bool:
    return squeezed.starts_line(match.start()) and squeezed.ends_line(match.end())


def find_headings(items: Sequence[Item]) -> list[Heading]:
    """Every section title of the stream, in lines (also cut over several, or glued to another line) and in cells."""
    found: list[Heading] = []
    run: list[int] = []

    def close_run() -> None:
        lines = [item for index in run if isinstance(item := items[index], TextLine)]
        squeezed = Squeezed(lines)
        for key, match in _matches(squeezed):
            start, end = match.span()
            pieces = squeezed.pieces(start, end)
            first, last = run[squeezed.line_number(start)], run[squeezed.line_number(end - 1)]
            at = (pieces[0].source, pieces[0].start)
            found.append(Heading(key, first, last, tuple(pieces), at, match.group()))
        run.clear()

    for index, item in enumerate(items):
        if isinstance(item, TextLine):
            run.append(index)
            continue
        close_run()
        found.extend(_in_row(item, index))
    close_run()
    return found


def _in_row(row: TableRow, index: int) -> list[Heading]:
    """A worksheet's title stands in a cell of its own, perhaps beside the municipality's name or a section number."""
    filled = row.filled
    if not filled or len(filled) > 3:
        return []
    text = "".join(squeeze(cell.text) for cell in filled)
    for key, alone, pattern in _PATTERNS:
        for cell in filled:
            own = squeeze(cell.text)
            match = pattern.fullmatch(own)
            if not match:
                continue
            rest = text.replace(own, "", 1)
            numbered = match["number"] is not None or bool(re.fullmatch(_NUMBER, rest))
            if not (match["subject"] or numbered or alone) or not re.fullmatch(
                f"(?:{_NUMBER})?(?:{_HEAD_REST.pattern})", rest
            ):
                continue
            numbers = [c for c in filled if c is cell or re.fullmatch(_NUMBER, squeeze(c.text))]
            pieces = tuple(c.piece for c in numbers)
            return [Heading(key, index, index, pieces, (cell.piece.source, cell.piece.start), own)]
    return []


_WHOLE_SUBJECT = "精神障害にも対応した地域包括ケアシステムの構築に向けた"
_SHORTEST_CUT = 6


def is_cut_title(text: str) -> bool:
    """A title of which only the beginning is left, where a file was cut off."""
    plain = re.sub(f"^{_NUMBER}", "", re.sub("障がい|障碍", "障害", squeeze(text)))
    plain = re.sub("^(精神障害)に対応", r"\1にも対応", plain)
    return len(plain) >= _SHORTEST_CUT and _WHOLE_SUBJECT.startswith(plain)


_CAPTION = re.compile(r"[<〈《≪【]?(?P<when>(?:昨年度|前年度|[^<>。、]{2,10}年度))までの成果・?効果等?[>〉》≫】]?")


def caption_of_results(text: str) -> str | None:
    """The year words of ＜令和２年度までの成果・効果＞; None for other lines."""
    match = _CAPTION.match(squeeze(text))
    return match["when"] if match else None


CAPTION = _CAPTION
