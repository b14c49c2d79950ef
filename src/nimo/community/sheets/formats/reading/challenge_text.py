"""Challenges in running text: 課題 and 方針 as blocks, then the lines that begin with 行政, 医療, 福祉, その他."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nimo.community.sheets.formats.reading.challenges import RawChallenge
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.ledger import Piece
from nimo.community.sheets.formats.reading.squeeze import blank_runs
from nimo.community.sheets.formats.reading.stream import TextLine
from nimo.community.sheets.formats.reading.vocabulary import role_of
from nimo.core.characters import BULLETS
from nimo.core.text import is_not_filled

_LABEL = re.compile(
    r"\s*(?P<label>行政|医療|福祉|その他(?:の?関係\s?機関・?\s?(?:住民等?)?)?)(?=[\s\u3000:：]|$)[\s\u3000:：]*"
)
_BULLETS = BULLETS.replace("-", "")


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A line that begins with a role label."""

    index: int
    role: str
    label: Piece
    rest: Piece


def read_challenge_lines(draft: Draft, lines: Sequence[TextLine]) -> list[RawChallenge]:
    """The challenges of a region below its header. What stands where nobody can say whose it is stays unassigned."""
    labels = _labels(draft, lines)
    if not labels:
        return _without_roles(draft, lines)
    found: list[RawChallenge] = []
    before = list(lines[: labels[0].index])
    for number, label in enumerate(labels):
        end = labels[number + 1].index if number + 1 < len(labels) else len(lines)
        if number == 0 or _begins_anew(found[-1], label, labels[0], before):
            found.append(_begin(before, label))
        else:
            # Between two labels of one challenge: the text may belong to either (labels stand in the middle of cells).
            draft.leave([line.piece for line in before if not line.is_blank], f"challenges.{len(found) - 1}.roles")
        text, before, is_doubtful = _text_of(draft, label, lines[label.index + 1 : end])
        draft.printed([label.label])
        if is_doubtful and number + 1 < len(labels) and labels[number + 1].role in found[-1].roles:
            # A label without text right before the next challenge: the block may be that challenge's own.
            draft.leave(
                [*text, *(line.piece for line in before if not line.is_blank)], f"challenges.{len(found) - 1}.roles"
            )
            text, before = [], []
        found[-1].roles[label.role] = text
    _finish_last(draft, found, before)
    return found


def _begins_anew(current: RawChallenge, label: _Labelled, first: _Labelled, before: Sequence[TextLine]) -> bool:
    """A label comes a second time, or 課題 and 方針 stand before what was the first label of the first challenge."""
    return label.role in current.roles or (label.role == first.role and len(blank_runs(before)) >= 2)


def begins_with_role(text: str) -> bool:
    """True for a line that begins with 行政, 医療, 福祉 or その他 as a label."""
    match = _LABEL.match(text)
    return match is not None and role_of(match["label"]) is not None


def _labels(draft: Draft, lines: Sequence[TextLine]) -> list[_Labelled]:
    found = []
    for index, line in enumerate(lines):
        match = _LABEL.match(line.text)
        role = role_of(match["label"]) if match else None
        if match is None or role is None:
            continue
        start = line.piece.start
        label = Piece(line.piece.source, start + match.start("label"), start + match.end())
        found.append(_Labelled(index, role, label, Piece(line.piece.source, start + match.end(), line.piece.end)))
    return found


def _text_of(draft: Draft, label: _Labelled, following: Sequence[TextLine]) -> tuple[list[Piece], list[TextLine], bool]:
    """The text beside or below a label up to the next blank line, the lines after that, and whether the text is in doubt.

    It is when it only comes after a blank line and too little follows for a further challenge.
    """
    text = [label.rest] if draft.ledger.text(label.rest).strip() else []
    at = 0
    is_apart = not text and bool(following) and following[0].is_blank
    while is_apart and at < len(following) and following[at].is_blank:
        at += 1
    # After － nothing more is to come: the next line is another cell even without a blank line.
    while at < len(following) and not following[at].is_blank and not _is_dash(draft, text):
        text.append(following[at].piece)
        at += 1
    after = list(following[at:])
    return text, after, is_apart and bool(text) and not _is_dash(draft, text) and len(blank_runs(after)) < 2


def _is_dash(draft: Draft, text: Sequence[Piece]) -> bool:
    return len(text) == 1 and is_not_filled(draft.ledger.text(text[0]))


def _begin(before: Sequence[TextLine], label: _Labelled) -> RawChallenge:
    raw = RawChallenge(label.label)
    blocks = blank_runs(before)
    if blocks:
        raw.at = blocks[0][0].piece
    challenge, policy, unclear = _divide(blocks)
    raw.challenge, raw.policy = _pieces(challenge), _pieces(policy)
    if unclear:
        raw.unclear = _pieces(unclear)
    return raw


def _pieces(blocks: Sequence[Sequence[TextLine]]) -> list[Piece]:
    return [line.piece for block in blocks for line in block]


Blocks = list[list[TextLine]]


def _divide(blocks: Blocks) -> tuple[Blocks, Blocks, Blocks]:
    """Blocks into 課題, 方針 and what could be either."""
    if not blocks:
        return [], [], []
    if len(blocks) == 1:
        return _divide_one(blocks[0])
    if len(blocks) == 2:
        return [blocks[0]], [blocks[1]], []
    first, *rest = blocks
    if not _is_bulleted(first) and all(_is_bulleted(block) for block in rest):
        return [first], rest, []
    # The two columns differ in width, and every line but a cell's last is about as long as its column is wide.
    widths = [max(len(line.text.strip()) for line in block) for block in blocks]
    for cut in range(1, len(blocks)):
        left, right = widths[:cut], widths[cut:]
        if max(left) + _CLEARLY_WIDER <= min(right):
            return blocks[:cut], blocks[cut:], []
    return [first], [blocks[-1]], blocks[1:-1]


_CLEARLY_WIDER = 4


def _divide_one(block: list[TextLine]) -> tuple[Blocks, Blocks, Blocks]:
    """A single block: 課題 without marks followed by a 方針 of bullets can be told apart; else it may be both."""
    cuts = [index for index, line in enumerate(block) if line.text.strip()[0] in _BULLETS]
    if cuts and cuts[0] > 0:
        return [block[: cuts[0]]], [block[cuts[0] :]], []
    if len(block) == 1 and not cuts and len(block[0].text.split()) == 2:
        return _divide_line(block[0])
    return [], [], [block]


def _divide_line(line: TextLine) -> tuple[Blocks, Blocks, Blocks]:
    """課題 方針 on one line, one space between: two cells of a row."""
    text = line.text
    start = len(text) - len(text.lstrip())
    gap = start + len(text.strip().split()[0])
    begin = line.piece.start
    left = Piece(line.piece.source, begin + start, begin + gap)
    right = Piece(line.piece.source, begin + gap, line.piece.end)
    return (
        [[TextLine(left, text[start:gap], line.place)]],
        [[TextLine(right, text[gap:], line.place)]],
        [],
    )


def _is_bulleted(block: Sequence[TextLine]) -> bool:
    return block[0].text.strip()[0] in _BULLETS


def _finish_last(draft: Draft, found: list[RawChallenge], after: Sequence[TextLine]) -> None:
    """Text after the last label: a further challenge whose roles are lost, or a remark; nobody can say."""
    said = [line.piece for line in after if not line.is_blank]
    if said:
        draft.leave(said, f"challenges.{max(0, len(found) - 1)}.roles")


def _without_roles(draft: Draft, lines: Sequence[TextLine]) -> list[RawChallenge]:
    """No role label at all: two blocks are 課題 and 方針; anything else stays unassigned."""
    blocks = blank_runs(lines)
    if not blocks:
        return []
    raw = RawChallenge(blocks[0][0].piece)
    challenge, policy, unclear = _divide(blocks)
    raw.challenge, raw.policy, raw.unclear = _pieces(challenge), _pieces(policy), _pieces(unclear)
    return [raw]
