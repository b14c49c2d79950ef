"""What a 設置要綱 asks for against what is so. Findings warn; nothing here stops anybody (the 要綱 may be read differently)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nimo.community.councils.choices.bodies import Category, Participation, QuorumKind, Stated


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


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """One seat today: how the seat is called, how many persons hold it, and the last days of their terms."""

    label: str
    holders: int
    terms: tuple[date | None, ...] = ()
    begun: tuple[date, ...] = ()


def needed(terms: Terms, members: int) -> int | None:
    """How many must be present of `members` (≥ 0); None when nothing is asked for or nobody knows."""
    if members <= 0:
        return None
    match terms.quorum:
        case QuorumKind.MAJORITY:
            return members // 2 + 1
        case QuorumKind.HALF:
            return (members + 1) // 2
        case QuorumKind.TWO_THIRDS:
            return (2 * members + 2) // 3
        case QuorumKind.NUMBER:
            return terms.quorum_number
        case _:
            return None


def check_meeting(
    terms: Terms | None, *, members: int, present: int, proxies: int, written: bool, online: bool
) -> list[Finding]:
    """members: 構成員 on the day; present: of them in the room or online; proxies: 代理, apart; online: 併用 as well."""
    if terms is None:
        return [
            Finding("no-regulation", "この日に効力のある設置要綱が登録されていないため、定足数などを確かめていません。")
        ]
    findings = []
    if written and terms.written is Stated.NO:
        findings.append(
            Finding(
                "written-not-allowed",
                f"「{terms.title}」は書面での開催を認めていません。開き方か要綱を確かめてください。",
            )
        )
    elif written and terms.written is Stated.UNSTATED:
        findings.append(
            Finding(
                "written-unstated",
                f"「{terms.title}」に書面での開催の定めがありません。次の改正で加えるか検討してください。",
            )
        )
    if online and terms.online is Stated.NO:
        findings.append(
            Finding(
                "online-not-allowed", f"「{terms.title}」はオンラインでの出席を認めていません。要綱を確かめてください。"
            )
        )
    wanted = needed(terms, members)
    counted = present + (proxies if terms.proxies_count is Stated.YES else 0)
    if wanted is not None and not written and counted < wanted:
        aside = f"（代理{proxies}人は数えていません）" if proxies and terms.proxies_count is not Stated.YES else ""
        findings.append(
            Finding(
                "no-quorum",
                f"定足数に足りません。構成員{members}人のうち{wanted}人の出席が要りますが、出席は{counted}人です{aside}。"
                "決めたことの扱いを、要綱に沿って確かめてください。",
            )
        )
    return findings


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
