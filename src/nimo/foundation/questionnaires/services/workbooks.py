"""The Excel round trip: an answer sheet goes out signed, comes back, is checked and becomes a draft a person confirms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.questionnaires.choices import Channel
from nimo.foundation.questionnaires.formats.workbook_in import (
    FOREIGN,
    UnableToReadWorkbook,
    open_marks,
    read_answers,
)
from nimo.foundation.questionnaires.formats.workbook_out import WorkbookHead, write_workbook
from nimo.foundation.questionnaires.models.rounds import Invitation
from nimo.foundation.questionnaires.policies import AnswerAccess, get_answerable, get_managed_round, may_answer
from nimo.foundation.questionnaires.queries.rounds import name_of
from nimo.foundation.questionnaires.services.answering import UnableToAnswer, save_draft

HANDED_OUT = register_verb("questionnaires.hand_out_workbook", "アンケートの回答票（Excel）を出した")
TAKEN_IN = register_verb("questionnaires.take_workbook", "アンケートの回答票（Excel）を読み取った")
KIND = "nimo.questionnaires.answer.1"


def _said(invitation: Invitation) -> dict[str, str]:
    """What the signature of a workbook covers: whose answer, of which round, to exactly which questions."""
    return {
        "kind": KIND,
        "invitation": str(invitation.pk),
        "round": str(invitation.round_id),
        "version": str(invitation.round.form_version_id),
        "digest": invitation.round.form_version.digest,
    }


def make_workbook(*, actor: Actor, access: AnswerAccess) -> bytes:
    """The answer sheet of one invitation. Raises UnableToAnswer when it can no longer be answered."""
    with transaction.atomic():
        invitation = get_answerable(actor, access)
        decision = may_answer(actor, invitation, as_secretariat=access.as_secretariat)
        if not decision:
            raise UnableToAnswer(decision.reason)
        round_ = invitation.round
        head = WorkbookHead(
            title=round_.title,
            recipient="" if round_.is_anonymous else name_of(invitation),
            due=f"{round_.due_on.year}年{round_.due_on.month}月{round_.due_on.day}日",
            contact=round_.contact,
            said=_said(invitation),
        )
        content = write_workbook(
            round_.form_version.questions.for_audience(invitation.audience), head, settings.SECRET_KEY
        )
        _note(actor, HANDED_OUT, invitation)
    return content


def _note(actor: Actor, verb: str, invitation: Invitation) -> None:
    round_ = invitation.round
    whom = (
        ("questionnaires.round", str(round_.pk))
        if round_.is_anonymous
        else ("questionnaires.invitation", str(invitation.pk))
    )
    record(actor, verb=verb, target=whom, region_code=round_.region_id, organisation_id=round_.organisation_id)


@dataclass(frozen=True, slots=True)
class TakenWorkbook:
    """What was read is kept as a draft of `invitation_id`. problems: "C14：…", to be put right on the screen."""

    invitation_id: UUID
    problems: tuple[str, ...]


def take_workbook(
    *, actor: Actor, content: bytes, access: AnswerAccess | None = None, round_id: UUID | None = None
) -> TakenWorkbook:
    """First step of two: reads an answer sheet into a draft; `answering.submit` is the second.

    With `access` a recipient brings the own sheet; with `round_id` the secretariat brings one that was sent to it.
    Raises UnableToAnswer: no workbook, changed (naming the cell), another version, round or recipient, answered already.
    """
    try:
        book, said = open_marks(content, settings.SECRET_KEY)
    except UnableToReadWorkbook as refusal:
        raise UnableToAnswer(str(refusal)) from None
    with transaction.atomic():
        if access is None:
            round_ = get_managed_round(actor, round_id) if round_id else None
            if round_ is None or said.get("round") != str(round_.pk):
                raise UnableToAnswer(
                    "この回答票は、別の回のものです。何も取り込んでいません。回の名前を確かめて、その回の画面から取り込んでください。"
                )
            access = AnswerAccess(invitation_id=_uuid(said), as_secretariat=True)
        try:
            invitation = get_answerable(actor, access)
        except NotVisible:
            raise UnableToAnswer(FOREIGN) from None
        _require_same(said, invitation)
        structure = invitation.round.form_version.questions.for_audience(invitation.audience)
        try:
            read = read_answers(book, said, structure)
        except UnableToReadWorkbook as refusal:
            raise UnableToAnswer(str(refusal)) from None
        if not read.typed:
            raise UnableToAnswer("この回答票には答えが一つも入力されていません。何も取り込んでいません。")
        save_draft(
            actor=actor,
            access=access,
            content=read.typed,
            channel=Channel.WORKBOOK if access.as_secretariat else None,
            replace=True,
        )
        _note(actor, TAKEN_IN, invitation)
    return TakenWorkbook(invitation.pk, tuple(f"{cell}：{text}" for cell, text in read.problems))


def _uuid(said: Mapping[str, str]) -> UUID:
    try:
        return UUID(said.get("invitation", ""))
    except ValueError:
        raise UnableToAnswer(FOREIGN) from None


def _require_same(said: Mapping[str, str], invitation: Invitation) -> None:
    wanted = _said(invitation)
    if said.get("version") != wanted["version"] or said.get("digest") != wanted["digest"]:
        raise UnableToAnswer(
            "この回答票は、いまの質問と違う版のものです。何も取り込んでいません。新しい回答票を渡して、入力し直してもらってください。"
        )
    if dict(said) != wanted:
        raise UnableToAnswer(
            "この回答票は、別の相手に渡したものか、別の回のものです。何も取り込んでいません。渡した相手を確かめてください。"
        )
