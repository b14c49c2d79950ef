"""The account of a user: name, suspension, sessions, password."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import Invitation, User
from nimo.foundation.accounts.policies import get_user, may_manage_account
from nimo.foundation.accounts.services.attempts import UnableToVerify, clear_attempts, take_attempt
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record

RENAMED = register_verb("accounts.rename_user", "利用者の氏名を直した")
SUSPENDED = register_verb("accounts.suspend_user", "利用者を停止した")
RESTORED = register_verb("accounts.restore_user", "利用者の停止を解いた")
SESSIONS_ENDED = register_verb("accounts.end_sessions", "利用者のログインをすべて終わらせた")
PASSWORD_CHANGED = register_verb("accounts.change_password", "自分のパスワードを変えた")

CHANGED_MEANWHILE = (
    "ほかの人が先に内容を変えました。今の内容を確かめてから、もう一度行ってください。何も変えていません。"
)


class UnableToChangeUser(Exception):
    """The user is as before."""


def _managed(actor: Actor, user_id: UUID) -> User:
    try:
        user = get_user(actor, user_id)
    except User.DoesNotExist as missing:
        raise UnableToChangeUser("その利用者は見つかりません。") from missing
    decision = may_manage_account(actor, user)
    if not decision:
        raise UnableToChangeUser(decision.reason)
    return user


def rename_user(
    *, actor: Actor, user_id: UUID, version: int, name: str, kana: str, email: str, reason: str = ""
) -> User:
    """New name (marriage, a mistake). Old records keep the name they were written with. One's own is allowed too."""
    with transaction.atomic():
        user = User.objects.get(pk=user_id) if user_id == actor.user_id else _managed(actor, user_id)
        before = {"name": user.name, "kana": user.kana, "email": user.email}
        after = {"name": name.strip(), "kana": kana.strip(), "email": email.strip()}
        if not after["name"]:
            raise UnableToChangeUser("氏名を入力してください。")
        changed = User.objects.filter(pk=user.pk, version=version).update(**after, version=F("version") + 1)
        if changed != 1:
            raise UnableToChangeUser(CHANGED_MEANWHILE)
        record(
            actor,
            verb=RENAMED,
            target=("accounts.user", str(user.pk)),
            reason=reason,
            diff=diff_of(before, after, withhold={"email"}),
        )
        return User.objects.get(pk=user.pk)


def suspend_user(*, actor: Actor, user_id: UUID, reason: str) -> User:
    """Stops the user at once: sessions end, open links end, roles give nothing. Roles and records stay."""
    if not reason.strip():
        raise UnableToChangeUser("停止する理由を入力してください。監査の記録に残ります。")
    with transaction.atomic():
        user = _managed(actor, user_id)
        stopped = User.objects.filter(pk=user.pk, is_active=True).update(
            is_active=False, session_epoch=F("session_epoch") + 1, version=F("version") + 1
        )
        if stopped != 1:
            raise UnableToChangeUser("この利用者は、すでに停止されています。")
        Invitation.objects.filter(user=user, used_at__isnull=True, cancelled_at__isnull=True).update(
            cancelled_at=actor.now
        )
        record(actor, verb=SUSPENDED, target=("accounts.user", str(user.pk)), reason=reason)
        return User.objects.get(pk=user.pk)


def restore_user(*, actor: Actor, user_id: UUID, reason: str = "") -> User:
    """Lifts the suspension; the password and the second factor are as they were."""
    with transaction.atomic():
        user = _managed(actor, user_id)
        restored = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True, version=F("version") + 1)
        if restored != 1:
            raise UnableToChangeUser("この利用者は停止されていません。")
        record(actor, verb=RESTORED, target=("accounts.user", str(user.pk)), reason=reason)
        return User.objects.get(pk=user.pk)


def end_sessions(*, actor: Actor, user_id: UUID, reason: str = "") -> User:
    """Ends every session of a user, or all of one's own (also the one this is asked from)."""
    with transaction.atomic():
        user = User.objects.get(pk=user_id) if user_id == actor.user_id else _managed(actor, user_id)
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        record(actor, verb=SESSIONS_ENDED, target=("accounts.user", str(user.pk)), reason=reason)
        return User.objects.get(pk=user.pk)


def change_own_password(*, actor: Actor, current: str, new: str) -> User:
    """Sets a new password; every other session of the user ends (Django's session hash changes).

    Raises UnableToChangeUser: the current password is wrong or tried too often, the new one is too weak or the same.
    """
    user = _own(actor)
    try:
        take_attempt(user_id=user.pk, now=actor.now)
    except UnableToVerify as locked:
        raise UnableToChangeUser(str(locked)) from locked
    if not user.check_password(current):
        raise UnableToChangeUser("今のパスワードが違います。パスワードは変わっていません。")
    clear_attempts(user_id=user.pk)
    if current == new:
        raise UnableToChangeUser("新しいパスワードが、今のものと同じです。")
    try:
        validate_password(new, user)
    except ValidationError as weak:
        raise UnableToChangeUser("このパスワードは使えません。" + "".join(weak.messages)) from weak
    hashed = make_password(new)
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, password=user.password).update(
            password=hashed, session_epoch=F("session_epoch") + 1
        )
        if changed != 1:
            raise UnableToChangeUser(CHANGED_MEANWHILE)
        record(actor, verb=PASSWORD_CHANGED, target=("accounts.user", str(user.pk)))
        return User.objects.get(pk=user.pk)


def _own(actor: Actor) -> User:
    if actor.user_id is None:
        raise UnableToChangeUser("ログインしてから行ってください。")
    return User.objects.get(pk=actor.user_id)
