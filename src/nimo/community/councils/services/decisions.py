"""What was decided and by whom it is carried out; items raised to another body, and the answer that comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from nimo.community.councils.choices.meetings import Confidentiality, DecisionKind, DecisionState, ReferralState
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.minutes import Decision, Referral
from nimo.community.councils.models.posts import Post
from nimo.community.councils.policies.bodies import visible_bodies
from nimo.community.councils.policies.meetings import (
    get_managed_decision,
    get_managed_item,
    get_received_referral,
    is_approved,
)
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

DECIDED = register_verb("councils.record_decision", "会議の決定を記録した")
CLOSED = register_verb("councils.close_decision", "決定の結果を記録した")
RAISED = register_verb("councils.raise_item", "議題をほかの会議体に上げた")
ANSWERED = register_verb("councils.answer_item", "上げられた議題に返事をした")


class UnableToDecide(Exception):
    """Nothing was changed; str() is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """owner: a seat of the body or a body, at most one of them."""

    text: str
    kind: DecisionKind = DecisionKind.DECISION
    owner_post_id: UUID | None = None
    owner_body_id: UUID | None = None
    due_on: date | None = None
    review_on: date | None = None
    confidentiality: Confidentiality = Confidentiality.MEMBERS


def _note(actor: Actor, verb: str, body: Body, target: tuple[str, str], diff: Mapping[str, object]) -> None:
    record(actor, verb=verb, target=target, region_code=body.region_id, organisation_id=body.organisation_id, diff=diff)


def record_decision(*, actor: Actor, item_id: UUID, facts: DecisionFacts) -> Decision:
    """Raises UnableToDecide: no text, two owners, an owner that is not there, days in the wrong order."""
    if not facts.text.strip():
        raise UnableToDecide("決めたことを入れてください。何も保存していません。")
    if facts.owner_post_id and facts.owner_body_id:
        raise UnableToDecide("担当は、席（職）か会議体のどちらか一つを選んでください。何も保存していません。")
    if facts.due_on and facts.review_on and facts.review_on < facts.due_on:
        raise UnableToDecide("見直す日は、期限より後の日にしてください。何も保存していません。")
    with transaction.atomic():
        item = get_managed_item(actor, item_id)
        body = item.meeting.body
        if is_approved(item.meeting_id):
            raise UnableToDecide(
                "議事録が確定しているため、決定は加えられません。誤りは「訂正を記す」で残してください。何も変わっていません。"
            )
        if facts.owner_post_id and not Post.objects.filter(pk=facts.owner_post_id, body=body).exists():
            raise UnableToDecide("その席（職）は、この会議体にありません。画面を開き直してください。")
        if facts.owner_body_id and not visible_bodies(actor).filter(pk=facts.owner_body_id).exists():
            raise UnableToDecide("その会議体が見つかりません。画面を開き直してください。")
        decision = Decision.objects.create(
            id=new_id(),
            item=item,
            kind=facts.kind.value,
            text=facts.text.strip()[:400],
            owner_post_id=facts.owner_post_id,
            owner_body_id=facts.owner_body_id,
            due_on=facts.due_on,
            review_on=facts.review_on,
            confidentiality=facts.confidentiality.value,
            created_at=actor.now,
        )
        diff = {"期限": [None, facts.due_on.isoformat() if facts.due_on else None]}
        _note(actor, DECIDED, body, ("councils.decision", str(decision.pk)), diff)
    return decision


def close_decision(*, actor: Actor, decision_id: UUID, version: int, state: DecisionState, outcome: str) -> None:
    """Carried out, or not, and what came of it. Raises UnableToDecide."""
    if state is DecisionState.OPEN:
        raise UnableToDecide("「実行した」か「実行しないことにした」を選んでください。何も変わっていません。")
    if state is DecisionState.DROPPED and not outcome.strip():
        raise UnableToDecide("実行しないことにした理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        decision = get_managed_decision(actor, decision_id)
        changed = Decision.objects.filter(pk=decision.pk, version=version, state=DecisionState.OPEN).update(
            state=state.value, outcome=outcome.strip()[:400], closed_on=actor.today, version=F("version") + 1
        )
        if changed != 1:
            raise UnableToDecide("ほかの人が先に結果を記録しました。画面を開き直して確かめてください。")
        body = decision.item.meeting.body
        _note(actor, CLOSED, body, ("councils.decision", str(decision.pk)), {"状態": ["open", state.value]})


def raise_item(*, actor: Actor, item_id: UUID, to_body_id: UUID, summary: str) -> Referral:
    """Raises an item to another body, once. Raises UnableToDecide."""
    if not summary.strip():
        raise UnableToDecide("何を上げるのかを入れてください。何も保存していません。")
    with transaction.atomic():
        item = get_managed_item(actor, item_id)
        if to_body_id == item.meeting.body_id or not visible_bodies(actor).filter(pk=to_body_id).exists():
            raise UnableToDecide("上げる先の会議体を選び直してください。何も保存していません。")
        try:
            with transaction.atomic():
                referral = Referral.objects.create(
                    id=new_id(),
                    item=item,
                    to_body_id=to_body_id,
                    summary=summary.strip()[:400],
                    raised_on=actor.today,
                )
        except IntegrityError as error:
            raise UnableToDecide("この議題は、その会議体にもう上げています。返事を待ってください。") from error
        _note(
            actor, RAISED, item.meeting.body, ("councils.referral", str(referral.pk)), {"先": [None, str(to_body_id)]}
        )
    return referral


def answer_referral(*, actor: Actor, referral_id: UUID, version: int, state: ReferralState, answer: str) -> None:
    """What the receiving body says; whoever raised the item sees it. Raises UnableToDecide."""
    if state is ReferralState.WAITING:
        raise UnableToDecide("返事を選んでください。何も変わっていません。")
    if state is not ReferralState.ACCEPTED and not answer.strip():
        raise UnableToDecide("差し戻し・まとめの理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        referral = get_received_referral(actor, referral_id)
        changed = Referral.objects.filter(pk=referral.pk, version=version, state=ReferralState.WAITING).update(
            state=state.value, answer=answer.strip()[:400], answered_on=actor.today, version=F("version") + 1
        )
        if changed != 1:
            raise UnableToDecide("もう返事が記録されています。画面を開き直して確かめてください。")
        _note(
            actor,
            ANSWERED,
            referral.to_body,
            ("councils.referral", str(referral.pk)),
            {"返事": [ReferralState.WAITING.value, state.value]},
        )
