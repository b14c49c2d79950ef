"""What signing in and out leaves in the audit."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.rules import login_name_as_typed
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

SIGNED_IN = register_verb("accounts.sign_in", "ログインした")
SIGNED_OUT = register_verb("accounts.sign_out", "ログアウトした")
REFUSED = register_verb("accounts.sign_in_refused", "ログインできなかった")


def record_sign_in(*, actor: Actor, method: str) -> None:
    """`actor` is the user who signs in. If this cannot be written, nobody is signed in."""
    with transaction.atomic():
        record(
            actor,
            verb=SIGNED_IN,
            target=("accounts.user", str(actor.user_id)),
            diff={"second_factor": [None, method or "なし"]},
        )


def record_sign_out(*, actor: Actor, switching: bool) -> None:
    with transaction.atomic():
        record(
            actor,
            verb=SIGNED_OUT,
            target=("accounts.user", str(actor.user_id)),
            reason="利用者の切り替え" if switching else "",
        )


def record_refused_sign_in(*, actor: Actor, login_name: str, reason: str) -> None:
    """A refused try. The typed name is not kept (people type passwords there); a known user is named by id."""
    with transaction.atomic():
        user_id: UUID | None = (
            User.objects.filter(login_name=login_name_as_typed(login_name)).values_list("pk", flat=True).first()
        )
        record(actor, verb=REFUSED, target=("accounts.user", str(user_id or "")), reason=reason)
