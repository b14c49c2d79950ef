"""Handing a published version out: planned, opened, reminded of, closed for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Membership
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.notices.services import notify
from nimo.foundation.questionnaires.choices import (
    AnswerRule,
    Identity,
    RecipientKind,
    RespondentUnit,
    RoundState,
    VersionState,
)
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.policies import get_managed_round, get_owned_version
from nimo.foundation.questionnaires.queries.rounds import kinds_invited
from nimo.foundation.questionnaires.rules.flow import LEAST_OF_A_KIND, LONGEST_DAYS, reminder_due, too_few_of_a_kind

PLANNED = register_verb("questionnaires.plan_round", "アンケートの回を用意した")
CHANGED = register_verb("questionnaires.change_round", "アンケートの回の内容を直した")
OPENED = register_verb("questionnaires.open_round", "アンケートの受付を始めた")
CLOSED = register_verb("questionnaires.close_round", "アンケートを締め切った")
REMINDED = register_verb("questionnaires.remind", "アンケートの回答を催促した")

CHANGED_MEANWHILE = (
    "ほかの人が先にこの回を直しました。いまの内容を確かめてから、もう一度行ってください。何も変わっていません。"
)


class UnableToDistribute(Exception):
    """str() says in Japanese what happened, that nothing was lost, and what to do."""


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a round is: everything respondents are promised, and when."""

    title: str
    opens_on: date
    due_on: date
    identity: Identity = Identity.NAMED
    unit: RespondentUnit = RespondentUnit.ORGANISATION
    answer_rule: AnswerRule = AnswerRule.EDITABLE
    link_allowed: bool = False
    small_numbers: bool = False
    message: str = ""
    contact: str = ""

    def fields(self) -> dict[str, object]:
        """As the table keeps them."""
        return {
            "title": self.title.strip(),
            "opens_on": self.opens_on,
            "due_on": self.due_on,
            "identity": self.identity.value,
            "unit": self.unit.value,
            "answer_rule": self.answer_rule.value,
            "link_allowed": self.link_allowed,
            "small_numbers": self.small_numbers,
            "message": self.message.strip(),
            "contact": self.contact.strip(),
        }


def _refuse_bad(plan: RoundPlan) -> None:
    if not plan.title.strip():
        raise UnableToDistribute("回の名前を入力してください。")
    if plan.due_on < plan.opens_on:
        raise UnableToDistribute("回答の期限は、受付の始まりより後の日にしてください。")
    if plan.due_on - plan.opens_on > timedelta(days=LONGEST_DAYS):
        raise UnableToDistribute("受付の期間は1年までにしてください。")
    if plan.identity is Identity.ANONYMOUS and plan.answer_rule is not AnswerRule.ONCE:
        raise UnableToDistribute(
            "無記名の回答は、出したあとにだれのものか分からなくなるため、直せません。「一度だけ」を選んでください。"
        )


def _note(actor: Actor, verb: str, round_: Round, diff: dict[str, object] | None = None) -> None:
    record(
        actor,
        verb=verb,
        target=("questionnaires.round", str(round_.pk)),
        region_code=round_.region_id,
        organisation_id=round_.organisation_id,
        diff=diff,
    )


def plan_round(*, actor: Actor, version_id: UUID, plan: RoundPlan) -> Round:
    """A round of a published version; nobody is asked before `open_round`."""
    _refuse_bad(plan)
    with transaction.atomic():
        version = get_owned_version(actor, version_id)
        if version.state != VersionState.PUBLISHED:
            raise UnableToDistribute("配れるのは、使用中の版だけです。先に版を使い始めてください。")
        round_ = Round.objects.create(
            form_version=version,
            organisation_id=version.form.organisation_id,
            region_id=version.form.region_id,
            created_at=actor.now,
            **plan.fields(),
        )
        _note(actor, PLANNED, round_, dict(diff_of({}, plan.fields(), withhold=("message", "contact"))))
    return round_


_FIXED = ("identity", "unit", "answer_rule", "link_allowed", "small_numbers", "opens_on")


def change_round(*, actor: Actor, round_id: UUID, version: int, plan: RoundPlan) -> None:
    """Before opening: anything (once invitations stand, not the promises). After it: title, words and a later due date."""
    _refuse_bad(plan)
    with transaction.atomic():
        round_ = get_managed_round(actor, round_id)
        if round_.state == RoundState.CLOSED:
            raise UnableToDistribute("締め切った回は直せません。何も変わっていません。")
        after = plan.fields()
        before = {name: getattr(round_, name) for name in after}
        started = round_.state == RoundState.OPEN or Invitation.objects.filter(round=round_).exists()
        if started and any(before[name] != after[name] for name in _FIXED):
            raise UnableToDistribute(
                "配る相手を決めたあとは、記名・無記名、リンクの有無、答える単位、回答の直し、少ない人数の扱い、受付の始まりは"
                "変えられません。変えたいときは、新しい回を作ってください。何も変わっていません。"
            )
        if Round.objects.filter(pk=round_.pk, version=version).update(version=F("version") + 1, **after) != 1:
            raise UnableToDistribute(CHANGED_MEANWHILE)
        _note(actor, CHANGED, round_, dict(diff_of(before, after, withhold=("message", "contact"))))


def refuse_too_few(*, round_: Round) -> None:
    """In an anonymous round a question that only one hospital is asked would name the hospital."""
    if not round_.is_anonymous:
        return
    few = too_few_of_a_kind(round_.form_version.questions.audiences(), kinds_invited(round_))
    if few:
        names = "、".join(OrganisationKind(kind).label for kind in few)
        raise UnableToDistribute(
            f"無記名の回で区分ごとの質問に答えてもらうには、その区分に{LEAST_OF_A_KIND}か所以上へ配る必要があります"
            f"（足りない区分：{names}）。配る相手を増やすか、記名の回にしてください。何も変わっていません。"
        )


def open_round(*, actor: Actor, round_id: UUID, version: int) -> int:
    """Answers are welcome from `opens_on`; recipients with a login are told. How many people were told."""
    with transaction.atomic():
        round_ = get_managed_round(actor, round_id)
        if round_.form_version.state != VersionState.PUBLISHED:
            raise UnableToDistribute("この版は使い終えているため、受付を始められません。")
        if not Invitation.objects.filter(round=round_, cancelled_at__isnull=True).exists() and not round_.is_anonymous:
            raise UnableToDistribute("配る相手がまだ決まっていません。先に相手を選んでください。")
        if round_.due_on < actor.today:
            raise UnableToDistribute("回答の期限が過ぎています。期限を直してから、受付を始めてください。")
        refuse_too_few(round_=round_)
        changed = Round.objects.filter(pk=round_.pk, version=version, state=RoundState.PLANNED).update(
            state=RoundState.OPEN, opened_at=actor.now, version=F("version") + 1
        )
        if changed != 1:
            raise UnableToDistribute(CHANGED_MEANWHILE)
        told = tell(actor=actor, round_=round_, invitations=Invitation.objects.filter(round=round_), again=False)
        _note(actor, OPENED, round_, {"知らせた人数": [None, told]})
    return told


def close_round(*, actor: Actor, round_id: UUID, version: int) -> None:
    """For good: results are read by others from now on, and figures that were read must not change."""
    with transaction.atomic():
        round_ = get_managed_round(actor, round_id)
        changed = Round.objects.filter(pk=round_.pk, version=version, state=RoundState.OPEN).update(
            state=RoundState.CLOSED, closed_at=actor.now, version=F("version") + 1
        )
        if changed != 1:
            raise UnableToDistribute(
                "受付中の回ではないか、ほかの人が先に変えました。画面を開き直して確かめてください。"
            )
        _note(actor, CLOSED, round_)


def tell(*, actor: Actor, round_: Round, invitations: QuerySet[Invitation], again: bool) -> int:
    """A notice to every person with a login who may answer one of the open invitations; how many were told."""
    waiting = invitations.filter(cancelled_at__isnull=True, answered=False)
    due = f"{round_.due_on.month}月{round_.due_on.day}日"
    text = (
        f"「{round_.title}」の回答の期限は{due}です。"
        if again
        else f"「{round_.title}」への回答をお願いします。期限は{due}です。"
    )
    told = 0
    members = Membership.objects.held_on(actor.today)
    by_organisation: dict[UUID, list[UUID]] = {}
    for organisation_id, user_id in members.filter(
        organisation__in=waiting.filter(recipient_kind=RecipientKind.ORGANISATION).values("organisation")
    ).values_list("organisation_id", "user_id"):
        by_organisation.setdefault(organisation_id, []).append(user_id)
    for invitation in waiting.exclude(recipient_kind=RecipientKind.LABEL):
        recipients = (
            [invitation.user_id] if invitation.user_id else by_organisation.get(invitation.organisation_id, [])  # type: ignore[arg-type]
        )
        path = reverse("questionnaires:own_answer", args=[invitation.pk])
        told += len(notify(actor=actor, recipients=[r for r in recipients if r], text=text, path=path))
    return told


@dataclass(frozen=True, slots=True)
class Reminded:
    """told: people with a login; letters: recipients who need a letter."""

    told: int
    letters: int


def remind(*, actor: Actor, round_id: UUID) -> Reminded:
    """Reminds everybody who has not answered; once a day."""
    with transaction.atomic():
        round_ = get_managed_round(actor, round_id)
        return _remind(actor, round_)


def _remind(actor: Actor, round_: Round) -> Reminded:
    if round_.state != RoundState.OPEN or actor.today > round_.due_on:
        raise UnableToDistribute("受付中の回ではないため、催促できません。")
    changed = (
        Round.objects.filter(pk=round_.pk, state=RoundState.OPEN)
        .exclude(last_reminded_on=actor.today)
        .update(last_reminded_on=actor.today)
    )
    if changed != 1:
        raise UnableToDistribute("今日はすでに催促しました。同じ日に二度は知らせません。")
    invitations = Invitation.objects.filter(round=round_)
    told = tell(actor=actor, round_=round_, invitations=invitations, again=True)
    letters = invitations.filter(recipient_kind=RecipientKind.LABEL, answered=False, cancelled_at__isnull=True).count()
    _note(actor, REMINDED, round_, {"知らせた人数": [None, told]})
    return Reminded(told, letters)


def send_due_reminders(*, actor: Actor) -> int:
    """A week and a day before the due date, for every open round; how many rounds. For the daily command."""
    sent = 0
    for round_ in Round.objects.filter(state=RoundState.OPEN, due_on__gte=actor.today).order_by("pk"):
        if reminder_due(round_.due_on, actor.today, round_.last_reminded_on):
            try:
                with transaction.atomic():
                    _remind(actor, round_)
            except UnableToDistribute:  # another run was first
                continue
            sent += 1
    return sent
