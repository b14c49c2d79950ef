"""What is worth saying about a meeting before and after it is held. Findings warn; nothing here refuses.

Quorum, written and online meetings, terms and the participation of 当事者 and 家族 are what regulations (設置要綱) of
councils commonly rule; a matter a regulation does not state is never a breach.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nimo.community.councils.choices.bodies import QuorumKind, Stated
from nimo.community.councils.choices.meetings import MeetingWay


@dataclass(frozen=True, slots=True)
class Regulated:
    """What the regulation in force on the day says. quorum_number only with QuorumKind.NUMBER."""

    quorum: QuorumKind = QuorumKind.UNSTATED
    quorum_number: int | None = None
    proxies_count: Stated = Stated.UNSTATED
    written: Stated = Stated.UNSTATED
    online: Stated = Stated.UNSTATED


@dataclass(frozen=True, slots=True)
class Taking:
    """Members only (no observers, no secretariat): how many there are, came, sent somebody."""

    members: int
    present: int
    proxies: int


def needed(regulated: Regulated, members: int) -> int | None:
    """How many members must be there; None: the regulation asks for none, or does not say."""
    match regulated.quorum:
        case QuorumKind.MAJORITY:
            return members // 2 + 1
        case QuorumKind.HALF:
            return -(-members // 2)
        case QuorumKind.TWO_THIRDS:
            return -(-members * 2 // 3)
        case QuorumKind.NUMBER:
            return regulated.quorum_number
        case _:
            return None


def quorum_finding(regulated: Regulated, taking: Taking) -> str:
    """A sentence when too few members were there, or an empty text. Proxies count only where the regulation says so."""
    least = needed(regulated, taking.members)
    if least is None or taking.members == 0:
        return ""
    there = taking.present + (taking.proxies if regulated.proxies_count == Stated.YES else 0)
    if there >= least:
        return ""
    proxies = (
        f"代理の出席{taking.proxies}人は、設置要綱に定めがないため数えていません。"
        if taking.proxies and regulated.proxies_count == Stated.UNSTATED
        else f"代理の出席{taking.proxies}人は、設置要綱により数えていません。"
        if taking.proxies and regulated.proxies_count == Stated.NO
        else ""
    )
    return (
        f"定足数を満たしていません。構成員{taking.members}人のうち{least}人以上の出席が必要なところ、{there}人です。{proxies}"
        "記録はこのまま保存できます。議決の扱いは設置要綱で確かめてください。"
    )


def way_finding(regulated: Regulated, way: MeetingWay) -> str:
    """A sentence when the regulation does not allow this way of meeting, or an empty text."""
    if way is MeetingWay.WRITTEN and regulated.written == Stated.NO:
        return (
            "設置要綱は書面での開催を認めていません。それでも書面で行うときは、確かめたうえで"
            "「設置要綱を確かめた」に印を付けてください。"
        )
    if way in {MeetingWay.ONLINE, MeetingWay.BOTH} and regulated.online == Stated.NO:
        return "設置要綱はオンラインでの開催を認めていません。設置要綱を確かめてください。"
    return ""


def terms_ended(holders: list[tuple[str, date | None]], day: date) -> list[str]:
    """(seat, last day of the term) of today's holders → sentences for terms that ended before the day."""
    return [
        f"「{seat}」の任期は{last.year}年{last.month}月{last.day}日に終わっています。再任か交代を記録してください。"
        for seat, last in holders
        if last is not None and last < day
    ]


def empty_posts(seats: list[tuple[str, bool]]) -> list[str]:
    """(seat, somebody holds it) → sentences for seats without a person."""
    return [
        f"「{seat}」に就いている人が記録されていません。招集の宛先に入りません。" for seat, held in seats if not held
    ]
