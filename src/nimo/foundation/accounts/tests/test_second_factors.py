"""Cards and apps: each code once, not too often, not by anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import CardCode, CodeCard, User
from nimo.foundation.accounts.queries.second_factors import second_factor_of
from nimo.foundation.accounts.rules import ATTEMPTS, ATTEMPTS_WINDOW, CARD_CODES, CARD_WARNING_AT
from nimo.foundation.accounts.services import second_factors as services
from nimo.foundation.accounts.services.attempts import UnableToVerify
from nimo.foundation.accounts.services.second_factors import UnableToSetUp, check_second_factor
from nimo.foundation.accounts.tests.world import NOW, PASSWORD, acting, at_once
from nimo.foundation.audit.models import Entry

DOOR = Actor.anonymous(now=NOW)


def with_card(user: User) -> dict[int, str]:
    """A card in use; code 1 is spent."""
    card = services.issue_card(actor=acting(user))
    codes = dict(card.codes)
    services.activate_card(actor=acting(user), card_id=card.card_id, code=codes[1])
    return codes


def totp(secret: str, now=NOW) -> str:
    return format_hotp_value(hotp_value(secret, int(now.timestamp()) // 30))


def with_app(user: User, **options) -> str:
    secret = generate_totp_secret()
    services.activate_totp(actor=acting(user), secret=secret, code=totp(secret), **options)
    return secret


def test_a_card_has_its_codes_hashed_and_counts_only_once_it_was_printed(world):
    card = services.issue_card(actor=acting(world.clerk))
    assert [number for number, _ in card.codes] == list(range(1, CARD_CODES + 1))
    assert len({code for _, code in card.codes}) == CARD_CODES
    stored = {row.code_hash for row in CardCode.objects.all()}
    assert not stored & {code for _, code in card.codes}
    assert not second_factor_of(world.clerk.pk).exists
    services.activate_card(actor=acting(world.clerk), card_id=card.card_id, code=dict(card.codes)[1])
    state = second_factor_of(world.clerk.pk)
    assert (state.next_number, state.remaining) == (2, CARD_CODES - 1)


def test_the_asked_for_code_opens_once_and_then_the_next_is_asked_for(world):
    codes = with_card(world.clerk)
    assert check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[2]) == "card"
    assert second_factor_of(world.clerk.pk).next_number == 3
    with pytest.raises(UnableToVerify, match="3番"):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[2])


def test_another_code_of_the_card_does_not_open(world):
    codes = with_card(world.clerk)
    with pytest.raises(UnableToVerify, match="2番"):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[3])


def test_the_code_of_somebody_else_does_not_open(world):
    with_card(world.clerk)
    others = with_card(world.nurse)
    with pytest.raises(UnableToVerify):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=others[2])


def test_every_mistake_is_recorded_with_the_user_and_without_the_code(world):
    with_card(world.clerk)
    with pytest.raises(UnableToVerify):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code="00000000")
    entry = Entry.objects.get(verb="accounts.second_factor_failed")
    assert entry.target_id == str(world.clerk.pk)
    assert "00000000" not in str(vars(entry))


def test_after_too_many_mistakes_even_the_right_code_waits(world):
    codes = with_card(world.clerk)
    for _ in range(ATTEMPTS):
        with pytest.raises(UnableToVerify):
            check_second_factor(actor=DOOR, user_id=world.clerk.pk, code="0")
    with pytest.raises(UnableToVerify, match="5分"):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[2])
    later = Actor.anonymous(now=NOW + ATTEMPTS_WINDOW)
    assert check_second_factor(actor=later, user_id=world.clerk.pk, code=codes[2]) == "card"


def test_a_success_forgets_the_mistakes_before_it(world):
    codes = with_card(world.clerk)
    for number in (2, 3):
        for _ in range(ATTEMPTS - 1):
            with pytest.raises(UnableToVerify):
                check_second_factor(actor=DOOR, user_id=world.clerk.pk, code="0")
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[number])


def test_warns_while_there_are_still_a_few_codes_and_stays_closed_when_there_is_none(world):
    codes = with_card(world.clerk)
    for number in range(2, CARD_CODES - CARD_WARNING_AT + 1):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[number])
    assert second_factor_of(world.clerk.pk).runs_out
    assert second_factor_of(world.clerk.pk).remaining == CARD_WARNING_AT
    CardCode.objects.update(used_at=NOW)
    state = second_factor_of(world.clerk.pk)
    assert state.exists
    assert not state.usable
    with pytest.raises(UnableToVerify):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[CARD_CODES])


def test_a_new_card_asks_for_the_password_and_the_old_one_works_until_it_is_activated(world):
    old = with_card(world.clerk)
    with pytest.raises(UnableToSetUp, match="パスワードが違います"):
        services.issue_card(actor=acting(world.clerk), password="違うもの")
    card = services.issue_card(actor=acting(world.clerk), password=PASSWORD)
    check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=old[2])
    new = dict(card.codes)
    services.activate_card(actor=acting(world.clerk), card_id=card.card_id, code=new[1])
    with pytest.raises(UnableToVerify):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=old[3])
    assert check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=new[2]) == "card"


def test_nobody_activates_the_card_of_somebody_else(world):
    card = services.issue_card(actor=acting(world.clerk))
    with pytest.raises(UnableToSetUp, match="置き換わっています"):
        services.activate_card(actor=acting(world.nurse), card_id=card.card_id, code=dict(card.codes)[1])


def test_activation_is_not_a_place_to_guess_codes(world):
    card = services.issue_card(actor=acting(world.clerk))
    for _ in range(ATTEMPTS):
        with pytest.raises(UnableToSetUp, match="コードが違います"):
            services.activate_card(actor=acting(world.clerk), card_id=card.card_id, code="1")
    with pytest.raises(UnableToSetUp, match="回続いたため"):
        services.activate_card(actor=acting(world.clerk), card_id=card.card_id, code=dict(card.codes)[1])


def test_a_second_unprinted_card_replaces_the_first(world):
    first = services.issue_card(actor=acting(world.clerk))
    services.issue_card(actor=acting(world.clerk))
    with pytest.raises(UnableToSetUp):
        services.activate_card(actor=acting(world.clerk), card_id=first.card_id, code=dict(first.codes)[1])
    assert CodeCard.objects.count() == 1


def test_the_app_opens_once_in_each_half_minute_and_its_key_is_not_readable_in_the_table(world):
    secret = with_app(world.clerk)
    stored = Authenticator.objects.get(user=world.clerk)
    assert secret not in str(stored.data)
    with pytest.raises(UnableToVerify, match="すでに使われています"):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=totp(secret))
    later = NOW + timedelta(seconds=30)
    door = Actor.anonymous(now=later)
    assert check_second_factor(actor=door, user_id=world.clerk.pk, code=totp(secret, later)) == "totp"
    with pytest.raises(UnableToVerify):
        check_second_factor(actor=door, user_id=world.clerk.pk, code=totp(secret, later))


def test_a_code_from_before_the_last_one_is_not_accepted_within_the_tolerance(world):
    secret = with_app(world.clerk)
    later = NOW + timedelta(seconds=60)
    door = Actor.anonymous(now=later)
    check_second_factor(actor=door, user_id=world.clerk.pk, code=totp(secret, later))
    with pytest.raises(UnableToVerify):
        check_second_factor(actor=door, user_id=world.clerk.pk, code=totp(secret, later - timedelta(seconds=30)))


@pytest.mark.parametrize("seconds, opens", [(-30, True), (30, True), (-90, False), (90, False)])
def test_tolerates_a_clock_that_is_half_a_minute_off(world, seconds, opens):
    secret = with_app(world.clerk)
    later = NOW + timedelta(minutes=10)
    code = totp(secret, later + timedelta(seconds=seconds))
    door = Actor.anonymous(now=later)
    if opens:
        assert check_second_factor(actor=door, user_id=world.clerk.pk, code=code) == "totp"
    else:
        with pytest.raises(UnableToVerify):
            check_second_factor(actor=door, user_id=world.clerk.pk, code=code)


def test_a_changed_secret_key_closes_the_app_and_breaks_nothing(world, settings):
    secret = with_app(world.clerk)
    settings.SECRET_KEY = "another"
    later = NOW + timedelta(minutes=10)
    with pytest.raises(UnableToVerify):
        check_second_factor(actor=Actor.anonymous(now=later), user_id=world.clerk.pk, code=totp(secret, later))


def test_refuses_an_app_that_shows_another_code(world):
    with pytest.raises(UnableToSetUp, match="6けた"):
        services.activate_totp(actor=acting(world.clerk), secret=generate_totp_secret(), code="000000x")
    assert not second_factor_of(world.clerk.pk).exists


def test_the_app_can_be_removed_with_a_card_in_hand_only(world):
    with_app(world.clerk)
    with pytest.raises(UnableToSetUp, match="先にコードカード"):
        services.remove_totp(actor=acting(world.clerk), password=PASSWORD)
    card = services.issue_card(actor=acting(world.clerk), password=PASSWORD)
    services.activate_card(actor=acting(world.clerk), card_id=card.card_id, code=dict(card.codes)[1])
    with pytest.raises(UnableToSetUp, match="パスワード"):
        services.remove_totp(actor=acting(world.clerk), password="違うもの")
    services.remove_totp(actor=acting(world.clerk), password=PASSWORD)
    assert not second_factor_of(world.clerk.pk).has_totp


def test_a_manager_takes_back_a_lost_factor_and_the_sessions_end(world):
    with_card(world.clerk)
    before = User.objects.get(pk=world.clerk.pk).get_session_auth_hash()
    user = services.reset_second_factor(actor=acting(world.town_manager), user_id=world.clerk.pk, reason="紛失")
    assert not second_factor_of(user.pk).exists
    assert user.get_session_auth_hash() != before
    assert Entry.objects.get(verb="accounts.reset_second_factor").reason == "紛失"


@pytest.mark.parametrize(
    "by, whom, reason, because",
    [
        ("town_manager", "clerk", " ", "理由"),
        ("town_manager", "village_clerk", "紛失", "見つかりません"),
        ("manager", "admin", "紛失", "システム全体"),
        ("town_manager", "town_manager", "紛失", "自分"),
        ("clerk", "town_manager", "紛失", "見つかりません"),
    ],
)
def test_refuses_to_take_back_a_factor(world, by, whom, reason, because):
    with pytest.raises(UnableToSetUp, match=because):
        services.reset_second_factor(actor=acting(getattr(world, by)), user_id=getattr(world, whom).pk, reason=reason)


def test_a_code_used_between_looking_and_writing_is_not_used_again(world, monkeypatch):
    """What two requests at the same moment come to: both have looked, one has written."""
    codes = with_card(world.clerk)
    compare = services.constant_time_compare

    def meanwhile(one: str, other: str) -> bool:
        CardCode.objects.filter(number=2).update(used_at=NOW)
        return compare(one, other)

    monkeypatch.setattr(services, "constant_time_compare", meanwhile)
    with pytest.raises(UnableToVerify):
        check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[2])


@pytest.mark.django_db(transaction=True)
def test_one_code_opens_one_of_two_simultaneous_doors(world):
    codes = with_card(world.clerk)

    def open_door() -> str:
        try:
            return check_second_factor(actor=DOOR, user_id=world.clerk.pk, code=codes[2])
        except UnableToVerify:
            return ""

    assert sorted(at_once([open_door] * 2)) == ["", "card"]


@pytest.mark.django_db(transaction=True)
def test_parallel_guessing_gains_no_further_tries(world):
    with_card(world.clerk)

    def guess() -> bool:
        try:
            check_second_factor(actor=DOOR, user_id=world.clerk.pk, code="1")
        except UnableToVerify as refusal:
            return "回続いたため" not in str(refusal)
        return True

    assert sum(at_once([guess] * 12)) == ATTEMPTS
