"""Roles: given for a period, ended on a day, never rewritten."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Membership, Organisation, User
from nimo.foundation.accounts.policies import get_organisation, get_user, may_end_membership, may_give_role
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

GIVEN = register_verb("accounts.give_role", "利用者に役割を付けた")
ENDED = register_verb("accounts.end_membership", "利用者の役割を終わらせた")


class UnableToChangeMembership(Exception):
    """The roles are as before."""


def give_role(
    *,
    actor: Actor,
    user_id: UUID,
    organisation_id: UUID,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
) -> Membership:
    """A further role for somebody who is registered. It holds from `valid_from` up to the day before `valid_to`.

    Raises UnableToChangeMembership: not in reach, a role the organisation may not carry or the actor may not give,
    a period the wrong way round or beginning in the past, a role held already.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise UnableToChangeMembership("役割の終わりの日は、始まりの日より後にしてください。")
    if valid_from < actor.today:
        raise UnableToChangeMembership("役割の始まりの日は、今日か今日より後の日にしてください。")
    with transaction.atomic():
        user, organisation = _visible(actor, user_id, organisation_id)
        decision = may_give_role(actor, role, organisation, user)
        if not decision:
            raise UnableToChangeMembership(decision.reason)
        overlapping = Membership.objects.filter(user=user, organisation=organisation, role=role).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)
        )
        if valid_to is not None:
            overlapping = overlapping.filter(valid_from__lt=valid_to)
        if overlapping.exists():
            raise UnableToChangeMembership("同じ役割が、重なる期間ですでに付いています。")
        membership = Membership.objects.create(
            user=user, organisation=organisation, role=role, valid_from=valid_from, valid_to=valid_to
        )
        record(
            actor,
            verb=GIVEN,
            target=("accounts.user", str(user.id)),
            region_code=organisation.region_id,
            organisation_id=organisation.id,
            reason=reason,
            diff={"role": [None, role.value], "valid_from": [None, valid_from], "valid_to": [None, valid_to]},
        )
        return membership


def _visible(actor: Actor, user_id: UUID, organisation_id: UUID) -> tuple[User, Organisation]:
    try:
        return get_user(actor, user_id), get_organisation(actor, organisation_id)
    except (User.DoesNotExist, Organisation.DoesNotExist) as missing:
        raise UnableToChangeMembership("その利用者か組織は見つかりません。選び直してください。") from missing


def end_membership(*, actor: Actor, membership_id: UUID, ends_on: date, reason: str = "") -> Membership:
    """Ends a role: `ends_on` is the first day on which it no longer holds; today ends it at once.

    Raises UnableToChangeMembership: not in reach, one's own, ended already, or a day in the past.
    """
    if ends_on < actor.today:
        raise UnableToChangeMembership("役割を終わらせる日は、今日か今日より後の日にしてください。")
    with transaction.atomic():
        membership = Membership.objects.select_related("organisation").filter(pk=membership_id).first()
        if membership is None:
            raise UnableToChangeMembership("その役割は見つかりません。")
        decision = may_end_membership(actor, membership)
        if not decision:
            raise UnableToChangeMembership(decision.reason)
        day = max(ends_on, membership.valid_from)
        ended = Membership.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=actor.today), pk=membership.pk
        ).update(valid_to=day, end_reason=reason)
        if ended != 1:
            raise UnableToChangeMembership("この役割は、すでに終わっています。")
        record(
            actor,
            verb=ENDED,
            target=("accounts.user", str(membership.user_id)),
            region_code=membership.organisation.region_id,
            organisation_id=membership.organisation_id,
            reason=reason,
            diff={"role": [membership.role, membership.role], "valid_to": [membership.valid_to, day]},
        )
        return Membership.objects.get(pk=membership.pk)
