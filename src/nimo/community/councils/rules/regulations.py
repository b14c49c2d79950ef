"""What a 設置要綱 asks of the list of members. Findings warn; nothing here stops anybody (the 要綱 may be read differently).

What it asks of a meeting (定足数, 書面, オンライン) is in `rules.meetings`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nimo.community.councils.choices.bodies import Category, ClauseKind, Participation, QuorumKind, Stated


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark for a person to judge. code: stable; text: what is so, and what could be done."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The checked matters of one version. Months and persons; None: not stated."""

    title: str
    quorum: QuorumKind = QuorumKind.UNSTATED
    quorum_number: int | None = None
    proxies_count: Stated = Stated.UNSTATED
    written: Stated = Stated.UNSTATED
    online: Stated = Stated.UNSTATED
    term_months: int | None = None
    member_limit: int | None = None
    participation: Participation = Participation.UNSTATED
    written_paid: Stated = Stated.UNSTATED
    """Whether a fee is paid for a written meeting."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One article: its number as written ("第3条"), what it is about, its words."""

    number: str
    kind: ClauseKind
    text: str


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """One seat today: how the seat is called, how many persons hold it, and the last days of their terms."""

    label: str
    holders: int
    terms: tuple[date | None, ...] = ()
    begun: tuple[date, ...] = ()


def check_members(
    terms: Terms | None, seats: Sequence[SeatFacts], people: frozenset[Category], members: int, today: date
) -> list[Finding]:
    """Of the list of members on a day. people: which of 当事者 and 家族 sit in the body (only whether, never who)."""
    findings = [
        Finding("empty-seat", f"「{seat.label}」に就いている人がいません。後任を登録するか、席を終えてください。")
        for seat in seats
        if not seat.holders
    ]
    for seat in seats:
        for end in seat.terms:
            if end is not None and end < today:
                findings.append(
                    Finding(
                        "term-ended",
                        f"「{seat.label}」の任期が{end.year}年{end.month}月{end.day}日に終わっています。"
                        "再任か交代を登録してください。",
                    )
                )
        for begun, end in zip(seat.begun, seat.terms, strict=True):
            if (
                end is not None
                and terms is not None
                and terms.term_months
                and end > add_months(begun, terms.term_months)
            ):
                findings.append(
                    Finding(
                        "term-too-long",
                        f"「{seat.label}」の任期が、要綱の{terms.term_months}か月より長くなっています。"
                        "補欠や再任の扱いを確かめてください。",
                    )
                )
    if terms is None:
        return findings
    if terms.member_limit is not None and members > terms.member_limit:
        findings.append(Finding("too-many", f"構成員が{members}人で、要綱の上限{terms.member_limit}人を超えています。"))
    asked = {
        Participation.PEER: ({Category.PEER}, "当事者"),
        Participation.FAMILY: ({Category.FAMILY}, "家族"),
        Participation.BOTH: ({Category.PEER, Category.FAMILY}, "当事者と家族"),
    }
    lacking = ""
    if terms.participation in asked:
        wanted, words = asked[terms.participation]
        lacking = "" if wanted <= people else words
    elif terms.participation is Participation.EITHER and not people:
        lacking = "当事者又は家族"
    if lacking:
        findings.append(
            Finding(
                "participation",
                f"要綱は{lacking}の参加を定めていますが、そろっていません。参加しやすい時間や支える人も合わせて考えてください。",
            )
        )
    return findings


def add_months(day: date, months: int) -> date:
    """The day before the same day `months` later: a term of 24 months from 1 April ends on 31 March."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = date(year + month // 12, month % 12 + 1, 1).toordinal() - date(year, month, 1).toordinal()
    return date.fromordinal(date(year, month, min(day.day, last)).toordinal() - 1)
