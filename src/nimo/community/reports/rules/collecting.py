"""How far a body is with its sheet, from what the sheets tell about it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from nimo.community.reports.choices import AnswerWay, PacketState, Standing
from nimo.community.sheets.choices import DocumentState, UploadState

UNFINISHED = frozenset(
    {
        Standing.UNTOUCHED,
        Standing.WORKBOOK_OUT,
        Standing.WRITING,
        Standing.IN_HANDS,
        Standing.RETURNED,
    }
)
"""The body itself still has something to do; these are the ones a reminder goes to."""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What is known of a region's sheet of the year.

    document: the state of the one under way or last accepted, None without one. editions: how often it was submitted.
    confirmed: a sheet of the year stands as the current one. missing: chapters without a word in what was handed in.
    """

    document: DocumentState | None = None
    editions: int = 0
    confirmed: bool = False
    late: bool = False
    missing: tuple[str, ...] = ()


NOTHING = SheetFacts()


def standing(
    facts: SheetFacts,
    *,
    excused: bool,
    way: AnswerWay,
    packet: PacketState | None,
    upload: UploadState | None = None,
) -> Standing:
    """One word for a body. A confirmed sheet counts however it came, unless a newer edition is on its way."""
    if excused:
        return Standing.EXCUSED
    if facts.document is DocumentState.SUBMITTED:
        return Standing.SUBMITTED
    if facts.confirmed or facts.document is DocumentState.ACCEPTED:
        return Standing.DONE
    if facts.document in {DocumentState.CHECKING, DocumentState.DECIDING, DocumentState.DECIDED}:
        return Standing.IN_HANDS
    if facts.document is DocumentState.DRAFTING:
        return Standing.RETURNED if facts.editions else Standing.WRITING
    if way is AnswerWay.WORKBOOK:
        if packet is PacketState.BACK and upload is not UploadState.FAILED:
            return Standing.WORKBOOK_BACK
        if packet in {PacketState.OUT, PacketState.BACK}:
            return Standing.WORKBOOK_OUT
    return Standing.UNTOUCHED


def is_overdue(one: Standing, due_on: date, today: date) -> bool:
    return one in UNFINISHED and today > due_on


@dataclass(frozen=True, slots=True)
class Progress:
    """asked: bodies that are asked (the excused are not). done: those whose sheet is there. waiting: to be received
    or looked at here. unfinished: still with the bodies."""

    asked: int
    done: int
    waiting: int
    unfinished: int
    overdue: int


def progress(standings: Sequence[Standing], due_on: date, today: date) -> Progress:
    counted = Counter(standings)
    unfinished = sum(counted[one] for one in UNFINISHED)
    return Progress(
        asked=len(standings) - counted[Standing.EXCUSED],
        done=counted[Standing.DONE],
        waiting=counted[Standing.SUBMITTED] + counted[Standing.WORKBOOK_BACK],
        unfinished=unfinished,
        overdue=unfinished if today > due_on else 0,
    )


def who_to_remind(standings: Iterable[tuple[str, Standing]]) -> list[str]:
    """Of (id, standing): those who still have something to do themselves."""
    return [key for key, one in standings if one in UNFINISHED]
