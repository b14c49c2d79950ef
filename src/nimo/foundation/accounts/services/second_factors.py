"""The second factor: an authenticator app (TOTP), or a printed card of one-time codes for whoever has no phone.

A card is asked for by number, so that an eye over the shoulder sees a code that is already used up. It counts from
the moment its owner has typed code 1 from the paper: nobody is locked out by a card that was never printed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.formats.sealed import NotReadable, seal, unseal
from nimo.foundation.accounts.models import CardCode, CodeCard, SecondFactorAttempts, User
from nimo.foundation.accounts.policies import get_user, may_manage_account
from nimo.foundation.accounts.queries.second_factors import SecondFactorState, second_factor_of
from nimo.foundation.accounts.rules import CARD_CODE_DIGITS, CARD_CODES, code_as_typed
from nimo.foundation.accounts.services.attempts import UnableToVerify, clear_attempts, take_attempt
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

CARD_ISSUED = register_verb("accounts.issue_card", "コードカードを発行した")
CARD_ACTIVATED = register_verb("accounts.activate_card", "コードカードを使い始めた")
TOTP_ACTIVATED = register_verb("accounts.activate_totp", "認証アプリを登録した")
TOTP_REMOVED = register_verb("accounts.remove_totp", "認証アプリの登録を外した")
RESET = register_verb("accounts.reset_second_factor", "利用者の二段階認証を取り消した")
FAILED = register_verb("accounts.second_factor_failed", "二段階認証のコードをまちがえた")

TOTP_DIGITS = 6
TOTP_PURPOSE = "totp"
TOTP_TOLERANCE = 1
"""Half minutes a clock may be off, either way."""
Method = Literal["totp", "card"]


class UnableToSetUp(Exception):
    """The second factor is as before."""


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """The codes are known here and now only: (number, code) in the order of the card."""

    card_id: UUID
    issued_at: datetime
    codes: tuple[tuple[int, str], ...]


def issue_card(*, actor: Actor, password: str = "") -> IssuedCard:
    """Makes a new card for oneself. The card in use stays in use until the new one is activated.

    With a second factor in place the password is asked again, so that nobody prints a card at a screen that was
    left open. Raises UnableToSetUp.
    """
    user = _own(actor)
    _ask_password(user, password, actor)
    codes = tuple(
        (number, f"{secrets.randbelow(10**CARD_CODE_DIGITS):0{CARD_CODE_DIGITS}}")
        for number in range(1, CARD_CODES + 1)
    )
    with transaction.atomic():
        CodeCard.objects.filter(user=user, activated_at__isnull=True).delete()
        card = CodeCard.objects.create(user=user, issued_at=actor.now)
        CardCode.objects.bulk_create(
            CardCode(card=card, number=number, code_hash=_hash(card.id, number, code)) for number, code in codes
        )
        record(actor, verb=CARD_ISSUED, target=("accounts.user", str(user.id)))
    return IssuedCard(card.id, actor.now, codes)


def activate_card(*, actor: Actor, card_id: UUID, code: str) -> CodeCard:
    """Begins to use a card by typing its code 1, which is then used up. The card before it ends.

    Raises UnableToSetUp: not one's own card, in use already, the wrong code, tried too often.
    """
    user = _own(actor)
    card = CodeCard.objects.filter(pk=card_id, user=user, activated_at__isnull=True).first()
    if card is None:
        raise UnableToSetUp("このカードは、新しいカードに置き換わっています。いちばん新しいカードを使ってください。")
    _take(user, actor)
    with transaction.atomic():
        if not _use(card, 1, code, actor.now):
            raise UnableToSetUp("コードが違います。印刷したカードの1番のコードを入力してください。")
        CodeCard.objects.filter(user=user, activated_at__isnull=False, ended_at__isnull=True).update(ended_at=actor.now)
        CodeCard.objects.filter(pk=card.pk).update(activated_at=actor.now)
        record(actor, verb=CARD_ACTIVATED, target=("accounts.user", str(user.id)))
    clear_attempts(user_id=user.id)
    return CodeCard.objects.get(pk=card.pk)


def activate_totp(*, actor: Actor, secret: str, code: str, password: str = "") -> None:
    """Registers an authenticator app that shows the right code for the secret; replaces the one before.

    Raises UnableToSetUp: the wrong code, tried too often, the password is wrong where one is asked.
    """
    user = _own(actor)
    _ask_password(user, password, actor)
    _take(user, actor)
    counter = _totp_counter(secret, code_as_typed(code), actor.now)
    if counter is None:
        raise UnableToSetUp(
            "コードが違います。認証アプリに今出ている6けたの数字を入力してください。"
            "続けて合わないときは、スマートフォンとこの機械の時刻を確かめてください。"
        )
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.TOTP,
            data={"secret": seal(secret, settings.SECRET_KEY, TOTP_PURPOSE)},
            created_at=actor.now,
        )
        SecondFactorAttempts.objects.filter(user=user).update(last_totp_counter=counter)
        record(actor, verb=TOTP_ACTIVATED, target=("accounts.user", str(user.id)))
    clear_attempts(user_id=user.id)


def remove_totp(*, actor: Actor, password: str) -> None:
    """Takes one's authenticator app away; refused while there is no card to sign in with."""
    user = _own(actor)
    if second_factor_of(user.id).remaining == 0:
        raise UnableToSetUp("コードカードがないため、認証アプリを外せません。先にコードカードを作ってください。")
    _ask_password(user, password, actor)
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        record(actor, verb=TOTP_REMOVED, target=("accounts.user", str(user.id)))


def check_second_factor(*, actor: Actor, user_id: UUID, code: str) -> Method:
    """Accepts a code of the app or the asked-for code of the card, once. `actor` is the visitor who signs in.

    Raises UnableToVerify: wrong, used already, or tried too often (then even a right code is refused).
    """
    take_attempt(user_id=user_id, now=actor.now)
    state = second_factor_of(user_id)
    typed = code_as_typed(code)
    with transaction.atomic():
        method = _accepted(user_id, state, typed, actor.now)
        if method is None:
            record(actor, verb=FAILED, target=("accounts.user", str(user_id)))
    if method is None:
        raise UnableToVerify(_wrong(state, typed))
    clear_attempts(user_id=user_id)
    return method


def _accepted(user_id: UUID, state: SecondFactorState, typed: str, now: datetime) -> Method | None:
    if state.has_totp and len(typed) == TOTP_DIGITS:
        authenticator = Authenticator.objects.get(user_id=user_id, type=Authenticator.Type.TOTP)
        try:
            secret = unseal(authenticator.data["secret"], settings.SECRET_KEY, TOTP_PURPOSE)
        except NotReadable:  # SECRET_KEY was changed: the app has to be set up again
            return None
        counter = _totp_counter(secret, typed, now)
        if counter is None:
            return None
        used = SecondFactorAttempts.objects.filter(user_id=user_id, last_totp_counter__lt=counter).update(
            last_totp_counter=counter
        )
        return "totp" if used == 1 else None
    if state.card is not None and state.next_number is not None and _use(state.card, state.next_number, typed, now):
        return "card"
    return None


def _wrong(state: SecondFactorState, typed: str) -> str:
    if state.has_totp and len(typed) == TOTP_DIGITS:
        return "コードが違うか、すでに使われています。認証アプリに次のコードが出るまで待って、入力してください。"
    if state.next_number is not None:
        return f"コードが違います。カードの{state.next_number}番のコードを入力してください。"
    return "コードが違います。認証アプリに今出ている6けたの数字を入力してください。"


def reset_second_factor(*, actor: Actor, user_id: UUID, reason: str) -> User:
    """For somebody who lost card and phone: both end, so do the sessions; the next sign-in sets a new one up.

    Make sure of the person first: from then on the password alone opens the set-up page.
    """
    if not reason.strip():
        raise UnableToSetUp("取り消す理由を入力してください（例: カードの紛失）。監査の記録に残ります。")
    with transaction.atomic():
        try:
            user = get_user(actor, user_id)
        except User.DoesNotExist as missing:
            raise UnableToSetUp("その利用者は見つかりません。") from missing
        decision = may_manage_account(actor, user)
        if not decision:
            raise UnableToSetUp(decision.reason)
        CodeCard.objects.filter(user=user, ended_at__isnull=True).update(ended_at=actor.now)
        Authenticator.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        record(actor, verb=RESET, target=("accounts.user", str(user.id)), reason=reason)
        return User.objects.get(pk=user.pk)


def _own(actor: Actor) -> User:
    if actor.user_id is None:
        raise UnableToSetUp("ログインしてから行ってください。")
    return User.objects.get(pk=actor.user_id)


def _ask_password(user: User, password: str, actor: Actor) -> None:
    state = second_factor_of(user.id)
    if not state.exists:
        return
    _take(user, actor)
    if not user.check_password(password):
        raise UnableToSetUp("パスワードが違います。二段階認証は変わっていません。")
    clear_attempts(user_id=user.id)


def _take(user: User, actor: Actor) -> None:
    try:
        take_attempt(user_id=user.id, now=actor.now)
    except UnableToVerify as locked:
        raise UnableToSetUp(str(locked)) from locked


def _use(card: CodeCard, number: int, code: str, now: datetime) -> bool:
    """Uses one code up. The conditional update lets exactly one of two simultaneous tries through."""
    row = CardCode.objects.filter(card=card, number=number, used_at__isnull=True).first()
    if row is None or not constant_time_compare(row.code_hash, _hash(card.id, number, code_as_typed(code))):
        return False
    return CardCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now) == 1


def _hash(card_id: UUID, number: int, code: str) -> str:
    """Keyed with SECRET_KEY: eight digits alone could be found by trying."""
    return salted_hmac("nimo.accounts.card", f"{card_id}:{number}:{code}", algorithm="sha256").hexdigest()


def _totp_counter(secret: str, typed: str, now: datetime) -> int | None:
    """The half minute whose code was typed (RFC 6238, with one step of tolerance either way)."""
    current = int(now.timestamp()) // 30
    for counter in range(current - TOTP_TOLERANCE, current + TOTP_TOLERANCE + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), typed):
            return counter
    return None
