"""What must be said beside a figure before it is read out: why there is none, what changed, what it is not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

STALE = "もとになる記録が変わり、数え直しを待っている値です（数え直し待ち）。"


@dataclass(frozen=True, slots=True)
class OtherLine:
    """The same indicator told another way in some years: they stand in no common table."""

    years: tuple[str, ...]
    basis: str
    coverage: str
    source: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one figure when its caveats are written.

    reason: why it has no value; evidence: how far it was checked ("" fully); qualifier: 約; other_lines: see OtherLine;
    gaps: years of the table without any record; hidden: years whose value is not made public.
    """

    reason: str = ""
    qualifier: str = ""
    evidence: str = ""
    note: str = ""
    coverage: str = ""
    stale: bool = False
    other_lines: Collection[OtherLine] = ()
    gaps: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    not_comparable: tuple[tuple[str, str], ...] = ()


def caveats(told: Told) -> list[str]:
    """Whole sentences, the gravest first; an empty list when there is nothing to say."""
    found = []
    if told.reason:
        found.append(told.reason)
    if told.stale:
        found.append(STALE)
    if told.qualifier:
        found.append(f"元の資料が概数（{told.qualifier}）で示している値です。")
    if told.coverage:
        found.append(f"地域の全体ではなく、「{told.coverage}」の値です。")
    for line in told.other_lines:
        where = f"（範囲: {line.coverage}）" if line.coverage else ""
        found.append(
            f"{'・'.join(line.years)}には、数え方の違う値（{line.basis}{where}、{line.source}）があります。"
            "比べられないため、表に入れていません。"
        )
    if told.hidden:
        found.append(
            f"{'・'.join(told.hidden)}は、少数の人が分かるおそれがあるため示していません。0という意味ではありません。"
        )
    if told.gaps:
        found.append(f"{'・'.join(told.gaps)}は、記録がありません。0という意味ではありません。")
    found += [f"{label}とは比べていません。{reason}" for label, reason in told.not_comparable]
    if told.evidence:
        found.append(f"値の確認状態は「{told.evidence}」です。")
    if told.note:
        found.append(told.note)
    return found
