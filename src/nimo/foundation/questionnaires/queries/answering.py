"""What the person who answers sees: the state of the invitation, the questions, what was typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nimo.foundation.access.actors import Actor
from nimo.foundation.questionnaires.choices import Channel
from nimo.foundation.questionnaires.models.answers import Answer, AnswerDraft
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.policies import AnswerAccess, get_answerable, may_answer, own_invitations
from nimo.foundation.questionnaires.rules.answers import as_typed
from nimo.foundation.questionnaires.rules.structure import Section, Structure

BY_SECRETARIAT = frozenset({Channel.PAPER, Channel.WORKBOOK})


@dataclass(frozen=True)
class AnswerPage:
    """An invitation as its recipient sees it. `refusal`: why it cannot be answered now ("" when it can).

    typed: link_id → as it stands in the boxes. has_draft: something is kept that was not given yet.
    """

    invitation: Invitation
    round: Round
    structure: Structure
    typed: Mapping[str, Any]
    has_draft: bool
    refusal: str

    def section(self, number: int) -> Section | None:
        """Sections are counted from 1."""
        return self.structure.sections[number - 1] if 0 < number <= len(self.structure.sections) else None

    @property
    def last(self) -> int:
        return len(self.structure.sections)


def answer_page(actor: Actor, access: AnswerAccess) -> AnswerPage:
    """Raises NotVisible for no such invitation. Three queries at most."""
    invitation = get_answerable(actor, access)
    decision = may_answer(actor, invitation, as_secretariat=access.as_secretariat)
    structure = invitation.round.form_version.questions.for_audience(invitation.audience)
    draft = AnswerDraft.objects.filter(invitation=invitation).first()
    if draft is not None and (draft.channel in BY_SECRETARIAT) != access.as_secretariat:
        draft = None  # what a respondent has not given yet is not shown to the secretariat, nor the other way round
    typed: Mapping[str, Any] = {}
    if draft is not None:
        typed = draft.content
    elif decision and invitation.answered and not invitation.round.is_anonymous:
        typed = given_before(invitation, structure)
    return AnswerPage(invitation, invitation.round, structure, typed, draft is not None, decision.reason)


def given_before(invitation: Invitation, structure: Structure) -> dict[str, Any]:
    """An answer that may still be changed, as it would be typed."""
    answer = Answer.objects.filter(invitation=invitation).first()
    if answer is None:
        return {}
    return {
        question.link_id: as_typed(question, answer.content[question.link_id])
        for question in structure.questions()
        if question.link_id in answer.content
    }


@dataclass(frozen=True, slots=True)
class OwnInvitation:
    invitation: Invitation
    refusal: str
    started: bool


def own_list(actor: Actor) -> list[OwnInvitation]:
    """What the person is asked to answer, for himself or for his organisation: newest due dates first. Two queries."""
    found = list(
        own_invitations(actor)
        .select_related("round__organisation", "organisation")
        .order_by("answered", "-round__due_on", "pk")[:200]
    )
    started = set(
        AnswerDraft.objects.filter(invitation__in=[one.pk for one in found]).values_list("invitation_id", flat=True)
    )
    return [OwnInvitation(one, may_answer(actor, one).reason, one.pk in started) for one in found]


def owed_count(actor: Actor) -> int:
    """How many questionnaires wait for an answer today: for the home page."""
    return (
        own_invitations(actor)
        .filter(
            answered=False,
            round__state="open",
            round__opens_on__lte=actor.today,
            round__due_on__gte=actor.today,
        )
        .count()
    )
