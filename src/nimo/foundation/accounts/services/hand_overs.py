"""One action on 1 April: roles, drafts and owed work go to the successor, the predecessor's sessions end.

Planned in advance, the roles change by their own dates at midnight; drafts, owed work and sessions follow when
`apply_due_hand_overs` runs (`nimo users handover --due`, daily). Old records keep the old names: they are copies.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from nimo.core.events import publish
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.choices import HandOverState
from nimo.foundation.accounts.events import HandOverApplied
from nimo.foundation.accounts.models import HandOver, HandOverRole, Membership, User
from nimo.foundation.accounts.policies import OUT_OF_REACH, may_hand_over, reaches, visible_hand_overs
from nimo.foundation.accounts.rules import HandOverOrder, belongings
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

PLANNED = register_verb("accounts.plan_hand_over", "引き継ぎを登録した")
APPLIED = register_verb("accounts.apply_hand_over", "引き継ぎを行った")
CANCELLED = register_verb("accounts.cancel_hand_over", "引き継ぎを取りやめた")

END_REASON = "後任への引き継ぎ"


class UnableToHandOver(Exception):
    """Nothing changed hands."""


def hand_over(
    *,
    actor: Actor,
    predecessor_id: UUID,
    successor_id: UUID,
    effective_on: date,
    membership_ids: Collection[UUID] | None = None,
    reason: str = "",
) -> HandOver:
    """Plans a hand-over, and carries it out at once when its day is today.

    membership_ids: which roles of the predecessor go over (None: all that the actor may hand over). Somebody whose
    roles have ended already can still hand over drafts and owed work. Raises UnableToHandOver.
    """
    if predecessor_id == successor_id:
        raise UnableToHandOver("前任と後任に、同じ人を選んでいます。")
    if successor_id == actor.user_id:
        raise UnableToHandOver("自分を後任にすることはできません。ほかの管理者に頼んでください。")
    if effective_on < actor.today:
        raise UnableToHandOver("引き継ぎの日は、今日か今日より後の日にしてください。")
    with transaction.atomic():
        predecessor, successor = _two(predecessor_id, successor_id)
        held = _roles(actor, predecessor, effective_on, membership_ids)
        planned = HandOver(
            predecessor=predecessor,
            successor=successor,
            effective_on=effective_on,
            reason=reason.strip(),
            created_at=actor.now,
        )
        try:
            with transaction.atomic():
                planned.save(force_insert=True)
        except IntegrityError as twice:
            raise UnableToHandOver(
                f"{predecessor.name}さんには、まだ行われていない引き継ぎがあります。先にそれを取りやめてください。"
            ) from twice
        for membership in held:
            _pass_on(planned, membership)
        record(
            actor,
            verb=PLANNED,
            target=("accounts.hand_over", str(planned.id)),
            reason=planned.reason,
            diff={
                "predecessor": [None, predecessor.id],
                "successor": [None, successor.id],
                "effective_on": [None, effective_on],
                "memberships": [None, [str(membership.id) for membership in held]],
            },
        )
        if effective_on <= actor.today:
            _apply(planned, actor)
        return HandOver.objects.get(pk=planned.pk)


def _two(predecessor_id: UUID, successor_id: UUID) -> tuple[User, User]:
    found = User.objects.in_bulk([predecessor_id, successor_id])
    if len(found) != 2:
        raise UnableToHandOver("前任か後任の利用者が見つかりません。選び直してください。")
    if not found[successor_id].is_active:
        raise UnableToHandOver("後任の利用者は停止されています。停止を解いてから行ってください。")
    return found[predecessor_id], found[successor_id]


def _roles(
    actor: Actor, predecessor: User, effective_on: date, membership_ids: Collection[UUID] | None
) -> list[Membership]:
    held = list(
        Membership.objects.select_related("organisation")
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=effective_on), user=predecessor, valid_from__lte=effective_on)
        .order_by("valid_from", "id")
    )
    if membership_ids is None:
        chosen = [membership for membership in held if may_hand_over(actor, membership)]
    else:
        chosen = [membership for membership in held if membership.id in set(membership_ids)]
        if len(chosen) != len(set(membership_ids)):
            raise UnableToHandOver("選んだ役割の一部が、引き継ぎの日には前任のものではありません。選び直してください。")
    for membership in chosen:
        decision = may_hand_over(actor, membership)
        if not decision:
            raise UnableToHandOver(decision.reason)
    if not chosen and not _organisations(actor, predecessor):
        raise UnableToHandOver(OUT_OF_REACH)
    return chosen


def _organisations(actor: Actor, user: User) -> frozenset[UUID]:
    """Every organisation the user worked for whose hand-overs the actor looks after."""
    memberships = Membership.objects.select_related("organisation").filter(user=user)
    return frozenset(
        membership.organisation_id
        for membership in memberships
        if reaches(actor, Permission.HAND_OVER, membership.organisation)
    )


def _pass_on(planned: HandOver, membership: Membership) -> None:
    """Ends the role for one and begins it for the other, unless the successor holds it already."""
    day, previous_end = planned.effective_on, membership.valid_to
    ended = Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), pk=membership.pk).update(
        valid_to=day, end_reason=END_REASON
    )
    if ended != 1:
        raise UnableToHandOver("ほかの人が先に役割を変えました。今の内容を確かめてから、もう一度行ってください。")
    holds = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        user=planned.successor,
        organisation=membership.organisation,
        role=membership.role,
        valid_from__lte=day,
    )
    beginning = None
    if not holds.exists():
        beginning = Membership.objects.create(
            user=planned.successor,
            organisation=membership.organisation,
            role=membership.role,
            valid_from=day,
            valid_to=previous_end,
        )
    HandOverRole.objects.create(hand_over=planned, ending=membership, beginning=beginning, previous_end=previous_end)


def _apply(planned: HandOver, actor: Actor) -> bool:
    """Moves the work and ends the sessions; once, however often it is asked (conditional update)."""
    claimed = HandOver.objects.filter(pk=planned.pk, state=HandOverState.SCHEDULED).update(
        state=HandOverState.APPLIED, closed_at=actor.now
    )
    if claimed != 1:
        return False
    roles = HandOverRole.objects.filter(hand_over=planned).values_list("ending__organisation_id", flat=True)
    order = HandOverOrder(
        from_user_id=planned.predecessor_id,
        to_user_id=planned.successor_id,
        actor=actor,
        organisation_ids=frozenset(roles) or _organisations(actor, planned.predecessor),
    )
    moved = {belonging.code: belonging.move(order) for belonging in belongings()}
    HandOver.objects.filter(pk=planned.pk).update(moved=moved)
    User.objects.filter(pk=planned.predecessor_id).update(session_epoch=F("session_epoch") + 1)
    record(
        actor,
        verb=APPLIED,
        target=("accounts.hand_over", str(planned.id)),
        diff={"moved": [None, moved]},
    )
    publish(HandOverApplied(planned.pk, planned.predecessor_id, planned.successor_id, sum(moved.values())))
    return True


def apply_due_hand_overs(*, actor: Actor) -> list[HandOver]:
    """Carries out every planned hand-over whose day has come, each in its own transaction. For the daily job."""
    if actor.kind != "system":
        raise UnableToHandOver("予定された引き継ぎは、システムの処理だけが行います。")
    due = HandOver.objects.filter(state=HandOverState.SCHEDULED, effective_on__lte=actor.today)
    done = []
    for planned in due.select_related("predecessor").order_by("effective_on", "id"):
        with transaction.atomic():
            if _apply(planned, actor):
                done.append(planned)
    return list(HandOver.objects.filter(pk__in=[planned.pk for planned in done]).order_by("effective_on", "id"))


def cancel_hand_over(*, actor: Actor, hand_over_id: UUID, reason: str) -> HandOver:
    """Takes a planned hand-over back while its day has not come: the roles are as they were."""
    if not reason.strip():
        raise UnableToHandOver("取りやめる理由を入力してください。監査の記録に残ります。")
    with transaction.atomic():
        planned = visible_hand_overs(actor).filter(pk=hand_over_id).first()
        if planned is None:
            raise UnableToHandOver("その引き継ぎは見つかりません。")
        if planned.effective_on <= actor.today:
            raise UnableToHandOver(
                "引き継ぎの日が来ているため、取りやめられません。逆向きの引き継ぎを登録してください。"
            )
        cancelled = HandOver.objects.filter(pk=planned.pk, state=HandOverState.SCHEDULED).update(
            state=HandOverState.CANCELLED, closed_at=actor.now
        )
        if cancelled != 1:
            raise UnableToHandOver("この引き継ぎは、すでに行われたか、取りやめられています。")
        for role in HandOverRole.objects.select_related("ending__organisation").filter(hand_over=planned):
            decision = may_hand_over(actor, role.ending)
            if not decision:
                raise UnableToHandOver(decision.reason)
            Membership.objects.filter(pk=role.ending_id, valid_to=planned.effective_on).update(
                valid_to=role.previous_end, end_reason=""
            )
            if role.beginning_id:
                Membership.objects.filter(pk=role.beginning_id).update(
                    valid_to=F("valid_from"), end_reason="引き継ぎの取りやめ"
                )
        record(actor, verb=CANCELLED, target=("accounts.hand_over", str(planned.id)), reason=reason)
        return HandOver.objects.get(pk=planned.pk)
