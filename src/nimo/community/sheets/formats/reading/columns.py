"""The form's tables, known by the titles of their columns: in any order, in cells or as running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.squeeze import Squeezed, squeeze
from nimo.community.sheets.formats.reading.stream import RowCell, TableRow
from nimo.community.sheets.formats.reading.titles import EFFORT

_YEAR_BRACKET = r"\([^()]{0,12}(?:年|当初|末)[^()]{0,8}\)"
_COVERAGE_BRACKET = r"\([^()]{1,20}(?:除く|除いた|含む)[^()]{0,4}\)"
_WHEN = rf"(?:{_YEAR_BRACKET}|{_COVERAGE_BRACKET}|[^()\s]{{0,8}}?年度(?:当初|末)?|当初|末){{0,2}}"
_INDICATOR = "(?:課題解決の)?達成度を?測る指標|評価?指標(?:名|項目)?"
_TARGET = f"目標値?{_WHEN}"

# kind → column → words of its title (whole cell, squeezed). Order of kinds settles ties.
KINDS: dict[str, dict[str, str]] = {
    "results": {
        "indicator": _INDICATOR,
        "target": _TARGET,
        "actual": f"実績値?{_WHEN}",
        "effect": "(?:具体的な)?成果・?効果等?",
    },
    "targets": {
        "indicator": _INDICATOR,
        "current": f"現状値?{_WHEN}",
        "target": _TARGET,
        "expected_effect": "(?:見込んでいる|見込まれる|期待され?る)成果・?効果等?",
    },
    "challenges": {
        "challenge": "(?:地域)?課題名?",
        "policy": f"(?:課題解決に向けた)?{EFFORT}?方針",
        "roles": f"(?:課題・?方針に対する)?役割(?:\\({EFFORT}\\)|・?{EFFORT})?",
    },
    "departments": {
        "owner": "所管部署名?",
        "owner_work": "所管部署(?:における|の)主な業務",
        "partner": "連携部署名?",
        "partner_work": "連携部署(?:における|の)主な業務",
    },
    "sectors": {
        "sector": "各?部門(?:の連携状況|名)?",
        "state": "連携状況",
        "note": "強み・?課題等?",
    },
    "councils": {
        "name": "(?:協議の場の|会議の?)?名称|会議名",
        "members": "(?:協議の場の)?構成員",
        "frequency": "開催(?:頻度|回数)",
        "content": "(?:実施|協議)内容",
        "note": r"特記事項等?(?:\((?:課題|強み)・?(?:課題|強み)?等?\))?",
    },
    "special_matters": {
        "matter": "考えられる事項",
        "when": r"想定される[次時]期(?:\([^()]{1,30}[次時]期\))?",
        "action": "実施する内容",
    },
    "long_term": {
        "year": "年度",
        "content": "実施内容|(?:実施する)?項目",
        "actions": f"具体的な{EFFORT}(?:内容)?|(?:実施する)?内容",
    },
    "schedule": {
        "period": r"(?:実施)?時期(?:\(月\))?",
        "content": "実施内容|(?:実施する)?項目",
        "actions": f"具体的な{EFFORT}(?:内容)?|(?:実施する)?内容",
    },
}
_REQUIRED: dict[str, tuple[frozenset[str], ...]] = {
    "results": (
        frozenset({"indicator", "actual"}),
        frozenset({"target", "actual"}),
        frozenset({"indicator", "target", "effect"}),
    ),
    "targets": (
        frozenset({"indicator", "current"}),
        frozenset({"target", "current"}),
        frozenset({"indicator", "target", "expected_effect"}),
    ),
    "challenges": (frozenset({"challenge", "policy"}), frozenset({"policy", "roles"})),
    "departments": (frozenset({"owner", "partner"}),),
    "sectors": (frozenset({"sector", "note"}), frozenset({"sector", "state"})),
    "councils": (frozenset({"name", "members"}), frozenset({"members", "frequency"})),
    "special_matters": (frozenset({"matter", "when"}), frozenset({"matter", "action"})),
    "long_term": (frozenset({"year", "content"}), frozenset({"year", "actions"})),
    "schedule": (frozenset({"period", "content"}), frozenset({"period", "actions"})),
}
_PATTERNS = {kind: {name: re.compile(pattern) for name, pattern in columns.items()} for kind, columns in KINDS.items()}
_NUMBER_COLUMN = re.compile(r"(?:№|No\.?|番号|項番)?", re.IGNORECASE)


@dataclass(slots=True)
class Header:
    """A recognised header: which grid columns hold what, and the words of each title (for its year)."""

    kind: str
    line: int
    width: int
    cell_count: int
    """Cells of the header row, blank ones too."""
    starts: list[tuple[int, int, str]] = field(default_factory=list)
    """(first grid column, column after the last, name), from left to right."""
    titles: dict[str, str] = field(default_factory=dict)
    title_pieces: dict[str, list[Piece]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [name for _, _, name in self.starts]

    @property
    def pieces(self) -> list[Piece]:
        return [piece for pieces in self.title_pieces.values() for piece in pieces]

    def column_of(self, position: int) -> str | None:
        """The column a cell at this grid position stands in; None where no title stands above it."""
        return next((name for start, end, name in self.starts if start <= position < end), None)

    @property
    def missing(self) -> list[str]:
        """Columns of the form this header lacks (a table drawn without them, or damaged)."""
        return [name for name in KINDS[self.kind] if name not in self.names and name != "state"]


@lru_cache(maxsize=4096)
def _column_called(kind: str, text: str) -> str | None:
    return next((name for name, pattern in _PATTERNS[kind].items() if pattern.fullmatch(text)), None)


def _named(kind: str, cells: Sequence[tuple[str, RowCell]]) -> list[tuple[RowCell, str]] | None:
    """Each cell's column for this kind; None when two or more cells are no title of it."""
    named: list[tuple[RowCell, str]] = []
    strangers = 0
    for text, cell in cells:
        name = _column_called(kind, text)
        if name is None or name in [taken for _, taken in named]:
            strangers += 0 if _NUMBER_COLUMN.fullmatch(text) else 1
        else:
            named.append((cell, name))
    found = {name for _, name in named}
    if strangers > 1 or strangers >= len(named) or not any(required <= found for required in _REQUIRED[kind]):
        return None
    return named


_COVERS_UNTITLED = frozenset({"roles", "sector"})
"""Titles that stand over two columns of the form: the label and its text."""


def header_of(row: TableRow, section: str | None) -> Header | None:
    """The header a row is, if it is one; `section` settles ties between kinds."""
    filled = row.filled
    best = _best(filled, section) if len(filled) >= 2 else None
    if best is None:
        return None
    kind, named = best
    header = Header(kind, row.place.line, row.width, len(row.cells))
    titled = sorted(cell.column for cell in filled)
    for cell, name in sorted(named, key=lambda pair: pair[0].column):
        end = cell.column + cell.span
        if name in _COVERS_UNTITLED:
            end = next((column for column in titled if column > cell.column), max(end, row.width, cell.column + 2))
        header.starts.append((cell.column, end, name))
        header.titles[name] = cell.text
        header.title_pieces[name] = [cell.piece]
    return header


def _best(cells: Sequence[RowCell], section: str | None) -> tuple[str, list[tuple[RowCell, str]]] | None:
    texts = [(squeeze(cell.text), cell) for cell in cells]
    candidates = [(kind, named) for kind in KINDS if (named := _named(kind, texts))]
    if not candidates:
        return None
    return max(candidates, key=lambda pair: (len(pair[1]), pair[0] == section))


_UNDER_TITLE = re.compile(r"\(.{1,20}\)|[^。]{0,8}年度?(?:当初|末|時点)?")


def states_coverage(title: str) -> bool:
    """目標値（政令市を除く）: a title that says more than the form prints, which must not be lost."""
    return re.search(_COVERAGE_BRACKET, squeeze(title)) is not None


def extend_header(header: Header, row: TableRow) -> bool:
    """Take a second header row, which holds nothing but the years under the titles. False when it is data."""
    filled = row.filled
    if not filled or not all(_UNDER_TITLE.fullmatch(squeeze(cell.text)) for cell in filled):
        return False
    names = [header.column_of(cell.column) for cell in filled]
    if any(name not in ("target", "actual", "current") for name in names):
        return False
    for cell, name in zip(filled, names, strict=True):
        if name is not None:
            header.titles[name] += cell.text
            header.title_pieces[name].append(cell.piece)
    return True


# -- headers in running text -------------------------------------------------------------------------------------------

_TEXT_WHEN = rf"(?:{_YEAR_BRACKET})?(?:(?:昨|今|前|本)年度(?:当初|末))?"
_IN_TEXT = {
    kind: {
        name: re.compile(pattern.replace(_WHEN, _TEXT_WHEN) if name in ("target", "actual", "current") else pattern)
        for name, pattern in columns.items()
        if not (kind == "sectors" and name == "state")
    }
    for kind, columns in KINDS.items()
}


@dataclass(frozen=True, slots=True)
class TextHeader:
    """A header found in lines: squeezed span, columns in the order of the text, and the squeezed words of each."""

    kind: str
    start: int
    end: int
    titles: dict[str, str]
    spans: dict[str, tuple[int, int]]

    @property
    def names(self) -> list[str]:
        return list(self.titles)


def find_text_headers(squeezed: Squeezed, section: str | None) -> list[TextHeader]:
    """Chains of column titles in running text, each beginning at a line start; nothing but titles in between."""
    found: list[TextHeader] = []
    position = 0
    starts = [at for at in range(len(squeezed.text)) if squeezed.starts_line(at)]
    for start in starts:
        if start < position:
            continue
        chains = [chain for kind in KINDS if (chain := _chain(squeezed, kind, start))]
        if chains:
            best = max(chains, key=lambda chain: (len(chain.titles), chain.kind == section))
            found.append(best)
            position = best.end
    return found


def _chain(squeezed: Squeezed, kind: str, start: int) -> TextHeader | None:
    titles: dict[str, str] = {}
    spans: dict[str, tuple[int, int]] = {}
    at = start
    while True:
        step = _longest(squeezed, kind, at, titles)
        if step is None:
            break
        name, end = step
        titles[name] = squeezed.text[at:end]
        spans[name] = (at, end)
        at = end
    found = frozenset(titles)
    # A header in text must be all but complete: single words like 課題 or 年度 are everywhere.
    complete = len(found) >= min(3, len(_IN_TEXT[kind]))
    if not complete or not any(required <= found for required in _REQUIRED[kind]) or not squeezed.ends_line(at):
        return None
    return TextHeader(kind, start, at, titles, spans)


def _longest(squeezed: Squeezed, kind: str, at: int, taken: dict[str, str]) -> tuple[str, int] | None:
    best: tuple[str, int] | None = None
    for name, pattern in _IN_TEXT[kind].items():
        if name in taken:
            continue
        match = pattern.match(squeezed.text, at)
        if match and match.end() > at and (best is None or match.end() > best[1]) and _at_edge(squeezed, match.end()):
            best = (name, match.end())
    return best


def is_column_title(text: str) -> bool:
    """True for a line that is nothing but the title of some table's column: the rest of a header that was cut off."""
    plain = squeeze(text)
    return any(pattern.fullmatch(plain) for columns in _IN_TEXT.values() for pattern in columns.values())


def _at_edge(squeezed: Squeezed, end: int) -> bool:
    """A title ends at a line end or before white space: 内容 inside 内容の充実 is no title."""
    if squeezed.ends_line(end):
        return True
    line = squeezed.lines[squeezed.line_number(end)]
    offset = squeezed.offset(end) - line.piece.start
    return offset > 0 and line.text[offset - 1].isspace()
