"""Bringing somebody in: the user, the first role, and a link that is handed over."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import InvitationKind
from nimo.foundation.accounts.models import Invitation, Membership, Organisation, User
from nimo.foundation.accounts.policies import get_organisation, get_user, may_give_role, may_manage_account
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.accounts.rules import (
    INVITATION_LASTS,
    LOGIN_NAME_RULE,
    TOKEN_LENGTH,
    hashed_token,
    is_login_name,
    login_name_as_typed,
    token_from,
)
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

INVITED = register_verb("accounts.invite", "利用者を招待した")
LINK_ISSUED = register_verb("accounts.issue_password_link", "パスワードの再設定の案内を発行した")
ACCEPTED = register_verb("accounts.accept_invitation", "招待に応じてパスワードを決めた")

NO_LONGER_VALID = (
    "この招待は使えません。期限（7日）が過ぎたか、すでに使われたか、新しい招待に置き換わっています。"
    "渡してくれた管理者に、もう一度発行を頼んでください。"
)


class UnableToInvite(Exception):
    """Nobody was registered and no link was issued."""


class UnableToAccept(Exception):
    """The link was not used and the password was not set."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The code is known here and now only; the database keeps its hash."""

    invitation_id: UUID
    user_id: UUID
    kind: str
    code: str


def invite(
    *,
    actor: Actor,
    login_name: str,
    name: str,
    organisation_id: UUID,
    role: Role,
    valid_from: date,
    valid_to: date | None = None,
    kana: str = "",
    email: str = "",
) -> Issued:
    """Registers a user with a first role and returns the code of the link to hand over.

    Raises UnableToInvite: no such organisation in reach, a role it may not carry or the actor may not give, a taken
    or malformed sign-in name, a period the wrong way round.
    """
    login_name = login_name_as_typed(login_name)
    if not is_login_name(login_name):
        raise UnableToInvite(f"利用者IDは、{LOGIN_NAME_RULE}")
    if valid_to is not None and valid_to <= valid_from:
        raise UnableToInvite("役割の終わりの日は、始まりの日より後にしてください。")
    with transaction.atomic():
        try:
            organisation = get_organisation(actor, organisation_id)
        except Organisation.DoesNotExist as missing:
            raise UnableToInvite("その組織は見つかりません。一覧から選び直してください。") from missing
        decision = may_give_role(actor, role, organisation)
        if not decision:
            raise UnableToInvite(decision.reason)
        user = User(
            login_name=login_name,
            name=name.strip(),
            kana=kana.strip(),
            email=email.strip(),
            password=make_password(None),
            created_at=actor.now,
        )
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError as taken:
            raise UnableToInvite(
                f"利用者ID「{login_name}」はもう使われています。別の利用者IDにしてください。"
            ) from taken
        Membership.objects.create(
            user=user, organisation=organisation, role=role, valid_from=valid_from, valid_to=valid_to
        )
        issued = _issue(user, InvitationKind.JOIN, actor)
        record(
            actor,
            verb=INVITED,
            target=("accounts.user", str(user.id)),
            region_code=organisation.region_id,
            organisation_id=organisation.id,
            diff={"role": [None, role.value], "valid_from": [None, valid_from], "valid_to": [None, valid_to]},
        )
        return issued


def reissue_link(*, actor: Actor, user_id: UUID) -> Issued:
    """A new link for somebody who never used the first one, or who forgot the password. The old link ends.

    The second factor stays: the link alone opens nothing for somebody who already has one.
    """
    with transaction.atomic():
        try:
            user = get_user(actor, user_id)
        except User.DoesNotExist as missing:
            raise UnableToInvite("その利用者は見つかりません。") from missing
        decision = may_manage_account(actor, user)
        if not decision:
            raise UnableToInvite(decision.reason)
        if not user.is_active:
            raise UnableToInvite("この利用者は停止されています。先に停止を解いてください。")
        kind = InvitationKind.PASSWORD if user.has_usable_password() else InvitationKind.JOIN
        issued = _issue(user, kind, actor)
        record(actor, verb=LINK_ISSUED, target=("accounts.user", str(user.id)))
        return issued


def _issue(user: User, kind: InvitationKind, actor: Actor) -> Issued:
    Invitation.objects.filter(user=user, used_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=actor.now)
    code = token_from(secrets.token_bytes(TOKEN_LENGTH))
    invitation = Invitation.objects.create(
        user=user,
        kind=kind,
        code_hash=hashed_token(code),
        created_at=actor.now,
        expires_at=actor.now + INVITATION_LASTS,
    )
    return Issued(invitation.id, user.id, kind, code)


def accept_invitation(*, actor: Actor, code: str, password: str) -> User:
    """Uses the link up and sets the password; sessions that are still open end. Returns the user, not signed in.

    `actor` is the anonymous visitor. Raises UnableToAccept: the link no longer holds, or the password is too weak.
    Two people with one link: one of them gets it (conditional update).
    """
    found = Invitation.objects.select_related("user").filter(code_hash=hashed_token(code)).first()
    if found is None or not found.user.is_active:
        raise UnableToAccept(NO_LONGER_VALID)
    _refuse_weak(password, found.user)
    hashed = make_password(password)  # slow on purpose, so before the transaction
    with transaction.atomic():
        used = Invitation.objects.filter(
            pk=found.pk, used_at__isnull=True, cancelled_at__isnull=True, expires_at__gt=actor.now
        ).update(used_at=actor.now)
        if used != 1:
            raise UnableToAccept(NO_LONGER_VALID)
        User.objects.filter(pk=found.user_id).update(password=hashed, session_epoch=F("session_epoch") + 1)
        user = User.objects.get(pk=found.user_id)
        record(
            actor_for_user(user, actor.now, request_id=actor.request_id),
            verb=ACCEPTED,
            target=("accounts.user", str(user.id)),
        )
        return user


def _refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise UnableToAccept("このパスワードは使えません。" + "".join(weak.messages)) from weak
