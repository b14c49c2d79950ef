"""A body's year: its plan, and the look back at it (協議の場のふりかえり)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F

from nimo.community.councils.choices.meetings import MeetingState, ReviewDecision
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.years import PlannedMeeting, YearReview
from nimo.community.councils.policies.bodies import get_managed_body
from nimo.community.councils.policies.years import get_managed_planned
from nimo.community.councils.queries.facts import year_facts
from nimo.core.fiscal import FiscalYear
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.questionnaires.models.rounds import Round
from nimo.foundation.questionnaires.policies import get_managed_round

PLANNED = register_verb("councils.plan_year", "年間計画に会議を入れた・直した")
DROPPED = register_verb("councils.drop_plan", "年間計画の会議を消した")
REVIEWED = register_verb("councils.review_year", "協議の場のふりかえりを書いた")
DECIDED = register_verb("councils.decide_review", "協議の場のふりかえりで決めたことを記録した")


class UnableToPlan(Exception):
    """Nothing was changed; str() is the sentence for the user."""


def _note(actor: Actor, verb: str, body: Body, diff: Mapping[str, object]) -> None:
    record(
        actor,
        verb=verb,
        target=("councils.body", str(body.pk)),
        region_code=body.region_id,
        organisation_id=body.organisation_id,
        diff=diff,
    )


def plan_line(
    *, actor: Actor, body_id: UUID, fiscal_year: int, month: int, theme: str, goal: str = ""
) -> PlannedMeeting:
    """A meeting in the yearly plan. Raises UnableToPlan."""
    if not 1 <= month <= 12:
        raise UnableToPlan("月は1から12で入れてください。何も保存していません。")
    if not theme.strip():
        raise UnableToPlan("テーマを入れてください。何も保存していません。")
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        line = PlannedMeeting.objects.create(
            id=new_id(),
            body=body,
            fiscal_year=FiscalYear(fiscal_year).year,
            month=month,
            theme=theme.strip()[:200],
            goal=goal.strip()[:200],
        )
        _note(actor, PLANNED, body, {"年度": [None, fiscal_year], "月": [None, month]})
    return line


def tie_plan(*, actor: Actor, planned_id: UUID, version: int, meeting_id: UUID | None) -> None:
    """Says which meeting a line of the plan became; None: none (yet). Raises UnableToPlan."""
    with transaction.atomic():
        line = get_managed_planned(actor, planned_id)
        if meeting_id is not None:
            fits = Meeting.objects.filter(pk=meeting_id, body=line.body, fiscal_year=line.fiscal_year)
            if not fits.exclude(state=MeetingState.CANCELLED).exists():
                raise UnableToPlan("その年度のこの会議体の会議を選んでください。何も変わっていません。")
            if PlannedMeeting.objects.filter(meeting_id=meeting_id).exclude(pk=line.pk).exists():
                raise UnableToPlan("その会議は、計画のほかの行に結び付いています。何も変わっていません。")
        changed = PlannedMeeting.objects.filter(pk=line.pk, version=version).update(
            meeting_id=meeting_id, version=F("version") + 1
        )
        if changed != 1:
            raise UnableToPlan("ほかの人が先に計画を直しました。画面を開き直してください。")
        _note(actor, PLANNED, line.body, {"会議": [None, str(meeting_id) if meeting_id else None]})


def drop_line(*, actor: Actor, planned_id: UUID) -> None:
    """A line of the plan nothing came of. Raises UnableToPlan."""
    with transaction.atomic():
        line = get_managed_planned(actor, planned_id)
        if line.meeting_id is not None:
            raise UnableToPlan("会議に結び付いた計画は消せません。何も変わっていません。")
        _note(actor, DROPPED, line.body, {"月": [line.month, None]})
        PlannedMeeting.objects.filter(pk=line.pk).delete()


def write_review(
    *, actor: Actor, body_id: UUID, fiscal_year: int, version: int, findings: str, round_id: UUID | None = None
) -> YearReview:
    """What was talked about, and the questionnaire of the members it rests on. version 0: the first writing.

    Raises UnableToPlan: decided already, somebody wrote meanwhile, a questionnaire of another office.
    """
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        asked = _round(actor, round_id) if round_id else None
        review, made = YearReview.objects.get_or_create(
            body=body, fiscal_year=FiscalYear(fiscal_year).year, defaults={"id": new_id()}
        )
        columns = {"findings": findings.strip()[:4000], "round": asked}
        rows = YearReview.objects.filter(pk=review.pk, version=1 if made else version, decision="")
        if rows.update(version=F("version") + 1, **columns) != 1:
            raise UnableToPlan(
                "ふりかえりの結論がもう記録されているか、ほかの人が先に直しました。画面を開き直してください。"
                "入力した内容は保存していません。"
            )
        _note(actor, REVIEWED, body, {"年度": [None, fiscal_year]})
        review.refresh_from_db()
    return review


def _round(actor: Actor, round_id: UUID) -> Round:
    try:
        return get_managed_round(actor, round_id)
    except NotVisible as missing:
        raise UnableToPlan("そのアンケートの回が見つかりません。何も保存していません。") from missing


def decide_review(
    *,
    actor: Actor,
    body_id: UUID,
    fiscal_year: int,
    version: int,
    decision: ReviewDecision,
    reason: str,
    next_year: str,
    decided_on: date,
) -> YearReview:
    """継続・改組・統合・廃止, with the facts as they are on this day. Once. Raises UnableToPlan.

    The body itself is moved by hand afterwards: a decision is not yet its being carried out.
    """
    if not reason.strip():
        raise UnableToPlan("そう決めた理由を入れてください。何も保存していません。")
    if decided_on > actor.today:
        raise UnableToPlan("決めた日がまだ来ていません。日付を確かめてください。何も保存していません。")
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        review, made = YearReview.objects.get_or_create(
            body=body, fiscal_year=FiscalYear(fiscal_year).year, defaults={"id": new_id()}
        )
        changed = YearReview.objects.filter(pk=review.pk, version=1 if made else version, decision="").update(
            decision=decision.value,
            reason=reason.strip()[:400],
            next_year=next_year.strip()[:400],
            decided_on=decided_on,
            decided_by_name=actor.name,
            facts=year_facts(body, fiscal_year, actor.today).as_json(),
            version=F("version") + 1,
        )
        if changed != 1:
            raise UnableToPlan("結論はもう記録されています。画面を開き直して確かめてください。")
        _note(actor, DECIDED, body, {"年度": [None, fiscal_year], "決めたこと": [None, decision.value]})
        review.refresh_from_db()
    return review
