"""課題 | 取組方針 | 役割: one challenge with the roles of 行政, 医療, 福祉 and その他, from a table or from running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nimo.community.sheets.formats.model import Challenge, Roles
from nimo.community.sheets.formats.reading.draft import Draft
from nimo.community.sheets.formats.reading.ledger import Ledger, Piece
from nimo.community.sheets.formats.reading.rows import RawRow
from nimo.community.sheets.formats.reading.squeeze import squeeze
from nimo.community.sheets.formats.reading.vocabulary import ROLES, role_of

_LABEL_IN_CELL = re.compile(
    r"\s*[〇○●・■【(（]?(?P<label>行政|医療|福祉|その他(?:の?関係\s*機関・?\s*住民等?)?)[】)）]?\s*[:：\n]\s*"
)


@dataclass(slots=True)
class RawChallenge:
    """A challenge as collected."""

    at: Piece
    challenge: list[Piece] = field(default_factory=list)
    policy: list[Piece] = field(default_factory=list)
    roles: dict[str, list[Piece]] = field(default_factory=dict)
    unclear: list[Piece] = field(default_factory=list)


def add_table_row(draft: Draft, found: list[RawChallenge], raw: RawRow) -> None:
    """Collect a table row. A new challenge begins where its cell (or its policy's) begins, or where a role comes again."""
    ledger = draft.ledger
    challenge = [p for p in _said(ledger, raw.pieces("challenge")) if p not in raw.carried]
    policy = [p for p in _said(ledger, raw.pieces("policy")) if p not in raw.carried]
    own_roles = [p for p in _said(ledger, raw.pieces("roles")) if p not in raw.carried]
    merged_label = next((r for p in raw.pieces("roles") if p in raw.carried and (r := role_of(ledger.text(p)))), None)
    labels, texts = _labels_and_texts(draft, own_roles)
    current = found[-1] if found else None
    is_repeated = current is not None and bool(challenge) and _same(ledger, challenge, current.challenge)
    begins = current is None or (bool(challenge) and not is_repeated) or any(label in current.roles for label in labels)
    if not (challenge or policy or labels or texts or raw.unclear):
        return
    if begins or current is None:
        current = RawChallenge(raw.at, challenge, policy)
        found.append(current)
    else:
        _go_on(draft, current, challenge, policy)
    if merged_label is not None and not labels and merged_label in current.roles:
        current.roles[merged_label].extend(texts)
    elif len(labels) == 1:
        current.roles[labels[0]] = texts
    elif labels and len(labels) == len(texts):
        for label, text in zip(labels, texts, strict=True):
            current.roles[label] = [text]
    else:
        # A role text whose label is lost belongs to one of the roles, and nobody knows to which.
        current.unclear.extend(texts)
    current.unclear.extend(raw.unclear)


def _go_on(draft: Draft, current: RawChallenge, challenge: list[Piece], policy: list[Piece]) -> None:
    """A further row of the same challenge: a cell repeated in every row says nothing new."""
    draft.printed(challenge)
    if _same(draft.ledger, policy, current.policy):
        draft.printed(policy)
    else:
        current.policy.extend(policy)


def _said(ledger: Ledger, pieces: Sequence[Piece]) -> list[Piece]:
    return [piece for piece in pieces if ledger.text(piece).strip()]


def _same(ledger: Ledger, one: Sequence[Piece], other: Sequence[Piece]) -> bool:
    return bool(one) and [squeeze(ledger.text(p)) for p in one] == [squeeze(ledger.text(p)) for p in other]


def _labels_and_texts(draft: Draft, pieces: Sequence[Piece]) -> tuple[list[str], list[Piece]]:
    """Role labels and role texts of a row: in two cells (行政 | …) or in one (行政：…, several one under the other)."""
    labels: list[str] = []
    texts: list[Piece] = []
    for piece in pieces:
        text = draft.ledger.text(piece)
        role = role_of(text)
        if role is not None:
            labels.append(role)
            draft.printed([piece])
            continue
        cuts = [
            match for match in _LABEL_IN_CELL.finditer(text) if match.start() == 0 or text[match.start() - 1] == "\n"
        ]
        cuts = cuts or [match for match in [_LABEL_IN_CELL.match(text)] if match]
        if not cuts or cuts[0].start() != 0:
            texts.append(piece)
            continue
        for match, end in zip(cuts, [*(m.start() for m in cuts[1:]), len(text)], strict=True):
            named = role_of(match["label"])
            if named is None:
                texts.append(Piece(piece.source, piece.start + match.start(), piece.start + end))
                continue
            labels.append(named)
            draft.printed([Piece(piece.source, piece.start + match.start(), piece.start + match.end())])
            texts.append(Piece(piece.source, piece.start + match.end(), piece.start + end))
    return labels, texts


def finish(draft: Draft, found: Sequence[RawChallenge]) -> None:
    """Turn the collected challenges into the sheet's."""
    for raw in found:
        number = len(draft.reading.challenges)
        path = f"challenges.{number}"
        if raw.unclear:
            draft.leave(raw.unclear, path)
        nothing = [Piece(raw.at.source, raw.at.start, raw.at.start)]
        challenge = draft.cell(f"{path}.challenge", raw.challenge or nothing)
        policy = draft.cell(f"{path}.policy", raw.policy or nothing)
        roles = Roles()
        for role in ROLES:
            text = draft.cell(f"{path}.roles.{role}", raw.roles.get(role) or nothing)
            setattr(roles, role, text)
        draft.reading.challenges.append(Challenge(challenge, policy, roles))
