"""Indicator rows in running text: ①… １３ １３ 成果の文, or one cell after another with blank lines between."""

from __future__ import annotations

from collections.abc import Sequence

from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.figures import is_figure, is_in_words
from nimo.community.sheets.formats.reading.indicators import EFFECT, QUANTITIES
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.rows import RawRow, mark_number, split_mark
from nimo.community.sheets.formats.reading.squeeze import blank_runs
from nimo.community.sheets.formats.reading.stream import TextLine
from nimo.community.sheets.formats.reading.tokens import Run, Token, figure_runs, spanning, tokens_of
from nimo.core.characters import BULLETS


def read_indicator_lines(draft: Draft, kind: str, columns: Sequence[str], lines: Sequence[TextLine]) -> list[RawRow]:
    """The rows of a region below an indicator header. `columns`: in the order of the header."""
    segments = _segments(draft, lines)
    if segments is None:
        return _unmarked_rows(draft, kind, columns, lines)
    before, marked = segments
    draft.leave([line.piece for line in before if not line.is_blank], kind)
    return [_marked_row(draft, kind, columns, mark, rest) for mark, rest in marked]


# -- rows that begin with ① --------------------------------------------------------------------------------------------


def _segments(
    draft: Draft, lines: Sequence[TextLine]
) -> tuple[list[TextLine], list[tuple[Piece, list[TextLine]]]] | None:
    """Lines before the first mark, and each mark with the lines up to the next. None when no line starts with ①."""
    numbers = [_mark_at(draft, line) for line in lines]
    starts: list[int] = []
    while (start := _next_row(lines, numbers, len(starts) + 1, starts[-1] + 1 if starts else 0)) is not None:
        starts.append(start)
    if not starts:
        return None
    marked = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        mark, rest = split_mark(draft.ledger, lines[start].piece)
        if mark is not None:
            first = TextLine(rest, draft.ledger.text(rest), lines[start].place)
            marked.append((mark, [first, *lines[start + 1 : end]]))
    return list(lines[: starts[0]]), marked


def _mark_at(draft: Draft, line: TextLine) -> int | None:
    mark, _ = split_mark(draft.ledger, line.piece)
    return mark_number(draft.ledger.text(mark)) if mark else None


def _next_row(lines: Sequence[TextLine], numbers: Sequence[int | None], number: int, start: int) -> int | None:
    """The line where the row of this number begins. A sentence may wrap right before its own ②: a row is recognised by
    the blank line above it, or else by its two figures before the next mark."""
    candidates = [at for at in range(start, len(lines)) if numbers[at] == number]
    for at in candidates:
        if at == 0 or lines[at - 1].is_blank:
            return at
    for at in candidates:
        end = next((later for later in range(at + 1, len(lines)) if numbers[later] is not None), len(lines))
        if any(len(run.cells) >= 2 for run in figure_runs(tokens_of(lines[at:end]))):
            return at
    return None


def _marked_row(draft: Draft, kind: str, columns: Sequence[str], mark: Piece, lines: Sequence[TextLine]) -> RawRow:
    raw = RawRow(mark, mark=mark)
    tokens = tokens_of(lines)
    if not tokens:
        return raw
    order = [name for name in columns if name in QUANTITIES[kind]]
    texts = [name for name in columns if name not in order]
    pair = _pair(tokens)
    if pair is not None and len(order) == 2 and columns[0] == "indicator" and list(columns).index(order[0]) == 1:
        _place_pair(raw, tokens, pair, order)
        raw.cells["indicator"] = spanning(tokens[: pair.start])
        raw.cells[EFFECT[kind]] = spanning(tokens[pair.end :])
        return raw
    blocks = blank_runs(lines)
    if len(blocks) == len(columns) and _blocks_fit(blocks, columns, order):
        for name, block in zip(columns, blocks, strict=True):
            raw.cells[name] = [line.piece for line in block]
        return raw
    if pair is not None and len(order) == 2:
        _place_pair(raw, tokens, pair, order)
        _place_texts(raw, tokens, pair, columns, texts)
        return raw
    _place_what_is_certain(raw, tokens, texts)
    return raw


def _pair(tokens: Sequence[Token]) -> Run | None:
    """The two neighbouring cells with figures; words like 未実施 at the ends are text when there are more.

    A figure that stands alone before them makes it doubtful which two belong together (検討数 44人 / 退院者数 14人).
    """
    for run in figure_runs(tokens)[:1]:
        cells = list(run.cells)
        while len(cells) > 2 and is_in_words(tokens[cells[0][0]].text):
            cells.pop(0)
        while len(cells) > 2 and is_in_words(tokens[cells[-1][0]].text):
            cells.pop()
        if len(cells) == 2:
            return Run(cells[0][0], cells[-1][1], tuple(cells))
    return None


def _place_pair(raw: RawRow, tokens: Sequence[Token], pair: Run, order: Sequence[str]) -> None:
    for name, (start, end) in zip(order, pair.cells, strict=True):
        raw.cells[name] = spanning(tokens[start:end])


def _place_texts(raw: RawRow, tokens: Sequence[Token], pair: Run, columns: Sequence[str], texts: Sequence[str]) -> None:
    """The texts around the figures, where each side holds the text of one column only."""
    first_figure = min(list(columns).index(name) for name in raw.cells)
    left = [name for name in texts if list(columns).index(name) < first_figure]
    right = [name for name in texts if name not in left]
    for names, side in ((left, tokens[: pair.start]), (right, tokens[pair.end :])):
        if len(names) == 1:
            raw.cells[names[0]] = spanning(side)
        else:
            raw.unclear.extend(spanning(side))


def _blocks_fit(blocks: Sequence[Sequence[TextLine]], columns: Sequence[str], order: Sequence[str]) -> bool:
    return all(
        (name not in order) or is_figure(" ".join(line.text.strip() for line in block))
        for name, block in zip(columns, blocks, strict=True)
    )


def _place_what_is_certain(raw: RawRow, tokens: Sequence[Token], texts: Sequence[str]) -> None:
    """One figure or none: the indicator comes before it; which column the figure stood in cannot be known."""
    runs = figure_runs(tokens)
    if len(runs) == 1 and len(runs[0].cells) == 1 and texts and texts[0] == "indicator":
        raw.cells["indicator"] = spanning(tokens[: runs[0].start])
        raw.unclear.extend(spanning(tokens[runs[0].start : runs[0].end]))
        if len(texts) == 2:
            raw.cells[texts[1]] = spanning(tokens[runs[0].end :])
        return
    first_block = [token for token in tokens if token.block == tokens[0].block]
    if len(first_block) < len(tokens) and not runs:
        raw.cells["indicator"] = spanning(first_block)
        raw.unclear.extend(spanning(tokens[len(first_block) :]))
    elif all(token.line == tokens[0].line for token in tokens) and not runs:
        raw.cells["indicator"] = spanning(tokens)
    else:
        raw.unclear.extend(spanning(tokens))


# -- rows without marks ------------------------------------------------------------------------------------------------


def _unmarked_rows(draft: Draft, kind: str, columns: Sequence[str], lines: Sequence[TextLine]) -> list[RawRow]:
    tokens = tokens_of(lines)
    order = [name for name in columns if name in QUANTITIES[kind]]
    pairs = [run for run in figure_runs(tokens) if len(run.cells) == 2]
    usual = len(order) == 2 and columns[0] == "indicator" and list(columns)[1:3] == order
    if not pairs or not usual:
        draft.leave([line.piece for line in lines if not line.is_blank], kind)
        return []
    rows: list[RawRow] = []
    before = 0
    for number, pair in enumerate(pairs):
        between = list(tokens[before : pair.start])
        effect, indicator, unclear = _divide(between) if number else ([], between, [])
        if rows:
            rows[-1].cells[EFFECT[kind]] = spanning(effect)
            draft.leave(spanning(unclear), f"{kind}.{number - 1}")
        raw = RawRow(tokens[pair.start].piece)
        raw.cells["indicator"] = spanning(indicator)
        _place_pair(raw, tokens, pair, order)
        rows.append(raw)
        before = pair.end
    rows[-1].cells[EFFECT[kind]] = spanning(tokens[before:])
    return rows


def _divide(tokens: list[Token]) -> tuple[list[Token], list[Token], list[Token]]:
    """Between two pairs of figures: the effect of the row above, the next indicator, and what could be either."""
    if figure_runs(tokens):
        return [], [], tokens
    blocks: list[list[Token]] = []
    for token in tokens:
        if blocks and blocks[-1][0].block == token.block:
            blocks[-1].append(token)
        else:
            blocks.append([token])
    if len(blocks) == 1:
        whole = blocks[0]
        # A single paragraph: only an indicator when it is one line that begins here; with more lines nobody knows.
        starts_fresh = whole[0].first
        ends = [i for i, token in enumerate(whole) if token.text.endswith("。")]
        if ends and ends[-1] + 1 < len(whole) and whole[ends[-1] + 1].first:
            return whole[: ends[-1] + 1], whole[ends[-1] + 1 :], []
        if starts_fresh and whole[0].line == whole[-1].line:
            return [], whole, []
        return [], [], whole
    first, middle, last = blocks[0], blocks[1:-1], blocks[-1]
    bulleted = [block for block in middle if block[0].text[0] in BULLETS]
    if len(bulleted) == len(middle):
        return [token for block in (first, *middle) for token in block], last, []
    return first, last, [token for block in middle for token in block]
