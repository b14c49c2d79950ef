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

ROLES = ("government", "medical", "welfare", "other")
_ROLE_LABELS = {
    "government": re.compile("行政(?:機関)?"),
    "medical": re.compile("医療(?:機関)?"),
    "welfare": re.compile("福祉"),
    "other": re.compile(r"その他(?:\(?(?:の?関係機関・?(?:地域)?住民等?|の?関係機関等?)\)?)?"),
}
_LABEL_IN_CELL = re.compile(
    r"\s*[〇○●・■【(（]?(?P<label>行政|医療|福祉|その他(?:の?関係\s*機関・?\s*住民等?)?)[】)）]?\s*[:：\n]\s*"
)


def role_of(text: str) -> str | None:
    """The role a label names: 行政 → government; None for any other text."""
    plain = squeeze(text).strip("・:【】[]")
    return next((role for role, pattern in _ROLE_LABELS.items() if pattern.fullmatch(plain)), None)


@dataclass(slots=True)
class RawChallenge:
    """A challenge as collected."""

    at: Piece
    challenge: list[Piece] = field(default_factory=list)
    policy: list[Piece] = field(default_factory=list)
    roles: dict[str, list[Piece]] = field(default_factory=dict)
    unclear: list[Piece] = field(default_factory=list)


def add_table_row(draft: Draft, found: list[RawChallenge], raw: RawRow) -> None:
    """Collect a table row. A new challenge begins where its cell (or its policy's) begins, or where 行政 comes again."""
    ledger = draft.ledger
    challenge = [p for p in _said(ledger, raw.pieces("challenge")) if p not in raw.carried]
    policy = [p for p in _said(ledger, raw.pieces("policy")) if p not in raw.carried]
    labels, texts = _labels_and_texts(draft, _said(ledger, raw.pieces("roles")))
    current = found[-1] if found else None
    repeated = current is not None and challenge and _same(ledger, challenge, current.challenge)
    begins = current is None or (bool(challenge) and not repeated)
    if not begins and current is not None and any(label in current.roles for label in labels):
        begins = True
    if begins and not (challenge or policy or labels or texts):
        return
    if begins or current is None:
        current = RawChallenge(raw.at, challenge, policy)
        found.append(current)
    elif repeated:
        draft.printed(challenge)
        if _same(ledger, policy, current.policy):
            draft.printed(policy)
        else:
            current.policy.extend(policy)
    else:
        current.policy.extend(policy)
    if len(labels) == 1:
        current.roles[labels[0]] = texts
    elif labels and len(labels) == len(texts):
        for label, text in zip(labels, texts, strict=True):
            current.roles[label] = [text]
    elif texts and not labels and current.roles and not begins:
        last = list(current.roles)[-1]
        current.roles[last].extend(texts)
    else:
        current.unclear.extend(texts)
    current.unclear.extend(raw.unclear)


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
