"""What came of a round: figures through the gate, words apart, two rounds side by side."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from nimo.core.disclosure.policy import shipped_policy
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.questionnaires.choices import RoundState
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.models.rounds import Round
from nimo.foundation.questionnaires.policies import (
    get_round,
    may_read_texts,
    may_see_results,
    sees_small_numbers,
    visible_rounds,
)
from nimo.foundation.questionnaires.queries.rounds import kinds_invited
from nimo.foundation.questionnaires.rules.answers import shown
from nimo.foundation.questionnaires.rules.compatibility import Pairing, pair
from nimo.foundation.questionnaires.rules.counting import Respondent, Tally, count
from nimo.foundation.questionnaires.rules.results import ANONYMOUS_TEXTS, QuestionResult, Results, tabulate
from nimo.foundation.questionnaires.rules.structure import FREE_TEXT, Question, Structure


def respondents_of(round_: Round) -> list[Respondent]:
    """Every answer of a round. In an order that says nothing."""
    rows = Answer.objects.filter(round=round_, filled=True).order_by("pk").values_list("audience", "content")
    return [Respondent(kind, content) for kind, content in rows]


def results_of(actor: Actor, round_: Round) -> Results:
    """The figures the actor may see. The caller has asked `may_see_results`. Three queries."""
    if not may_see_results(actor, round_):
        raise NotVisible("集計が見つかりません。")
    respondents = respondents_of(round_)
    enough = not round_.is_anonymous or len(respondents) >= ANONYMOUS_TEXTS
    policy = None if enough and sees_small_numbers(actor, round_) else shipped_policy(actor.today)
    return tabulate(
        round_.form_version.questions,
        respondents,
        invited=kinds_invited(round_),
        unit=round_.unit,
        policy=policy,
    )


def tallies_by_kind(actor: Actor, round_: Round, link_id: str) -> tuple[Question, dict[str, Tally]] | None:
    """One question by kind of organisation, for those who see small numbers; None for everybody else.

    Never of an anonymous round: who answered is known, and a kind of which one has answered would be that one.
    """
    if round_.is_anonymous or not may_see_results(actor, round_) or not sees_small_numbers(actor, round_):
        return None
    structure = round_.form_version.questions
    question = structure.question(link_id)
    if question is None or question.kind in FREE_TEXT:
        return None
    groups: dict[str, list[Respondent]] = {}
    for respondent in respondents_of(round_):
        groups.setdefault(respondent.kind, []).append(respondent)
    found = {}
    for kind in sorted(groups):
        found[kind] = next(t for t in count(structure, groups[kind]) if t.question.link_id == link_id)
    return question, found


# -- Words ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextsOfQuestion:
    """What people wrote under one question. who: names, in a round with names; "" otherwise."""

    number: int
    question: Question
    texts: tuple[tuple[str, str], ...]


def texts_of(actor: Actor, round_: Round) -> list[TextsOfQuestion]:
    """Free text of a round, question by question. Raises NotVisible.

    In an anonymous round the texts of each question are in an order of their own, so that two texts of one person do
    not stand in the same place, and there are none before ANONYMOUS_TEXTS answers (`too_few_texts`).
    """
    if not may_read_texts(actor, round_):
        raise NotVisible("自由記述が見つかりません。")
    structure = round_.form_version.questions
    rows = list(Answer.objects.filter(round=round_, filled=True).select_related("invitation__user").order_by("pk"))
    if round_.is_anonymous and len(rows) < ANONYMOUS_TEXTS:
        rows = []
    found = []
    for number, _, question in structure.numbered():
        if question.kind not in FREE_TEXT:
            continue
        given = [
            (_who(row), shown(question, row.content[question.link_id]))
            for row in sorted(rows, key=lambda row: _shuffled(row.pk, question.link_id))
            if question.link_id in row.content
        ]
        found.append(TextsOfQuestion(number, question, tuple(given)))
    return found


def too_few_texts(round_: Round) -> bool:
    """Whether the words of an anonymous round stay closed because too few answered."""
    return round_.is_anonymous and Answer.objects.filter(round=round_, filled=True).count() < ANONYMOUS_TEXTS


def _shuffled(answer_id: UUID, link_id: str) -> str:
    return hashlib.sha256(f"{answer_id}:{link_id}".encode()).hexdigest()


def _who(row: Answer) -> str:
    if row.invitation is None:
        return ""
    return row.invitation.user.name if row.invitation.user else row.invitation.label


def one_answer(answer: Answer) -> list[tuple[str, str]]:
    """(question, answer in words) of an answer with a name, as it was asked; "" where nothing was answered."""
    structure = answer.form_version.questions.for_audience(answer.audience)
    return [
        (f"問{number} {question.label}", shown(question, answer.content.get(question.link_id)))
        for number, _, question in structure.numbered()
    ]


# -- Two rounds ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """One question of two rounds; both results are there exactly when they may stand side by side."""

    pairing: Pairing
    earlier: QuestionResult | None
    later: QuestionResult | None


def comparable_rounds(actor: Actor, round_: Round) -> list[Round]:
    """Other rounds of the same form whose results the actor may see, newest first."""
    found = (
        visible_rounds(actor)
        .filter(form_version__form=round_.form_version.form_id)
        .exclude(pk=round_.pk)
        .exclude(state=RoundState.PLANNED)
        .select_related("form_version")
        .order_by("-due_on", "pk")
    )
    return [one for one in found[:50] if may_see_results(actor, one)]


def compare(actor: Actor, round_: Round, other_id: UUID) -> tuple[Round, list[Compared]]:
    """This round beside another one of the form. Raises NotVisible."""
    other = get_round(actor, other_id)
    if other.form_version.form_id != round_.form_version.form_id:
        raise NotVisible("同じ様式の回ではありません。")
    before, after = results_of(actor, other), results_of(actor, round_)
    earlier = {one.question.link_id: one for one in before.questions}
    later = {one.question.link_id: one for one in after.questions}
    rows = []
    for pairing in pair(_structure(other), _structure(round_)):
        name = (pairing.later or pairing.earlier).link_id  # type: ignore[union-attr]
        rows.append(
            Compared(
                pairing,
                earlier.get(name) if pairing.comparable else None,
                later.get(name) if pairing.comparable else None,
            )
        )
    return other, rows


def _structure(round_: Round) -> Structure:
    return round_.form_version.questions


def percent(part: int | None, whole: int | None) -> Decimal | None:
    """Percent with one digit, from figures that are both shown."""
    if part is None or not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"))
