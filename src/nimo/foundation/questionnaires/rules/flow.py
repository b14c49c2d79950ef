"""When a round takes answers, what an invitation's state is, and what its link is made of."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from nimo.foundation.accounts.rules import token_from
from nimo.foundation.questionnaires.choices import AnswerRule, RoundState

DEFAULT_DAYS = 21
REMIND_DAYS = 7
"""A reminder goes out once so many days before the due date, and again on the day before."""
LONGEST_DAYS = 366


def closed_reason(state: str, opens_on: date, due_on: date, today: date) -> str:
    """Why nobody can answer now; "" when answers are welcome."""
    if state == RoundState.PLANNED or today < opens_on:
        return f"このアンケートは、まだ受け付けていません。受付は{opens_on.month}月{opens_on.day}日からの予定です。"
    if state == RoundState.CLOSED:
        return "このアンケートは締め切りました。ご協力ありがとうございました。"
    if today > due_on:
        return (
            f"回答の期限（{due_on.year}年{due_on.month}月{due_on.day}日）を過ぎたため、この画面からは答えられません。"
            "まだ答えたいときは、案内文にある担当に連絡してください。"
        )
    return ""


def spent_reason(*, answered: bool, cancelled: bool, rule: str) -> str:
    """Why this invitation cannot be used; "" when it can."""
    if cancelled:
        return "このリンクは取り消されました。新しい案内が届いていないか確かめ、担当に連絡してください。"
    if answered and rule == AnswerRule.ONCE:
        return "このアンケートへの回答は受け付け済みです。同じリンクでもう一度答えることはできません。"
    return ""


def reminder_due(due_on: date, today: date, last: date | None) -> bool:
    """Whether a reminder goes out today: a week and a day before the end, each once."""
    days = {due_on - timedelta(days=REMIND_DAYS), due_on - timedelta(days=1)}
    return today in days and last != today


def link_code(key: str, invitation_id: UUID, serial: int) -> str:
    """The code of an invitation's link: 120 bits nobody can guess without the installation's key.

    It is computed, never stored (the table keeps its hash), so that a letter can be printed again with the same link.
    Raising `serial` makes every earlier link worthless.
    """
    derived = hmac.digest(key.encode(), b"nimo.questionnaires.link", "sha256")
    return token_from(hmac.new(derived, f"{invitation_id}:{serial}".encode(), hashlib.sha256).digest())


def grouped_code(code: str) -> str:
    """ABCD EFGH …: as it stands on paper."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


LEAST_OF_A_KIND = 3
"""So many invitations of one kind of organisation an anonymous round needs before the kind is kept with an answer."""


def too_few_of_a_kind(own_questions: set[str], invited: Mapping[str, int]) -> list[str]:
    """Kinds that have questions of their own, but fewer invitations than keep an anonymous answer anonymous."""
    return sorted(kind for kind in own_questions if 0 < invited.get(kind, 0) < LEAST_OF_A_KIND)


def kept_audience(kind: str, invited: Mapping[str, int]) -> str:
    """The kind an anonymous answer keeps: "" where it would point at one of very few."""
    return kind if invited.get(kind, 0) >= LEAST_OF_A_KIND else ""
