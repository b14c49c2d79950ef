"""Rules of accounts: data that fits together, arithmetic of periods, what people type."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.foundation.access.matrix import MATRIX
from nimo.foundation.access.permissions import Permission, Role, Scope
from nimo.foundation.accounts import rules
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.formats.sealed import NotReadable, seal, unseal

DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))


def test_every_kind_of_organisation_carries_a_role_and_every_role_has_a_place():
    assert set(rules.ROLES_OF_KIND) == set(OrganisationKind)
    assert all(rules.ROLES_OF_KIND.values())
    assert frozenset().union(*rules.ROLES_OF_KIND.values()) == set(Role)


def test_who_only_reads_figures_needs_no_second_factor_and_everybody_else_does():
    without = {role for role in Role if not rules.needs_second_factor(MATRIX.get(role, {}))}
    assert Role.ADVISER in without
    assert Role.CLINIC_WORKER in without  # nothing personal is built yet: its permissions will change this
    assert Role.HOSPITAL_WORKER not in without  # keeps the councils of its hospital
    assert not without & {
        Role.SYSTEM_ADMINISTRATOR,
        Role.PREFECTURE_MANAGER,
        Role.PREFECTURE_OFFICER,
        Role.HEALTH_CENTRE_OFFICER,
        Role.MUNICIPAL_MANAGER,
        Role.MUNICIPAL_OFFICER,
        Role.AUDITOR,
    }


@pytest.mark.parametrize("permission", [p for p in Permission if p not in rules.WITHOUT_SECOND_FACTOR])
def test_any_other_permission_asks_for_a_second_factor(permission):
    assert rules.needs_second_factor([*rules.WITHOUT_SECOND_FACTOR, permission])


def test_a_manager_of_a_region_cannot_pass_on_what_reaches_every_region():
    giver = dict.fromkeys(Permission, Scope.OWN_REGION)
    assert rules.reaches_beyond(Role.SYSTEM_ADMINISTRATOR, giver)
    assert rules.reaches_beyond(Role.AUDITOR, giver)
    assert not rules.reaches_beyond(Role.MUNICIPAL_OFFICER, giver)


@pytest.mark.parametrize("typed", ["１２３４　５６７８", "1234-5678", " 12345678 ", "1234 5678"])
def test_reads_a_code_however_it_is_copied_from_the_card(typed):
    assert rules.code_as_typed(typed) == "12345678"


@given(st.text(max_size=40))
def test_a_typed_code_is_ascii_digits_only(text):
    assert all(sign in "0123456789" for sign in rules.code_as_typed(text))


@given(st.binary(min_size=24, max_size=60))
def test_an_invitation_code_survives_being_written_down(numbers):
    code = rules.token_from(numbers)
    assert len(code) == 24
    assert rules.token_as_typed(rules.grouped(code).lower()) == code
    assert rules.hashed_token(rules.grouped(code)) == rules.hashed_token(code)


def test_an_invitation_code_needs_enough_chance():
    with pytest.raises(ValueError, match="24"):
        rules.token_from(b"x" * 23)


def test_an_invitation_code_uses_all_its_letters_evenly():
    assert sorted(rules.token_from(bytes(range(n, n + 24)))[0] for n in range(32)) == sorted(
        set(rules.token_from(bytes(range(32))[:24]) + rules.token_from(bytes(range(8, 32))))
    )


@given(DAYS, st.one_of(st.none(), DAYS), DAYS)
def test_a_period_holds_from_its_first_day_until_the_day_before_its_end(start, end, day):
    assert rules.holds_on(start, end, day) == (start <= day and (end is None or day <= end - timedelta(days=1)))


@pytest.mark.parametrize(
    "typed, meant", [("ＹＡＭＡＤＡ", "yamada"), (" T-Yamada ", "t-yamada"), ("００１２３", "00123")]
)
def test_reads_a_sign_in_name_however_it_is_typed(typed, meant):
    assert rules.login_name_as_typed(typed) == meant
    assert rules.is_login_name(meant)


@pytest.mark.parametrize("name", ["", "ab", "山田", "-abc", "a b c", "a" * 65, "a\nbc"])
def test_refuses_a_sign_in_name_that_cannot_be_typed_everywhere(name):
    assert not rules.is_login_name(name)


@given(st.text(max_size=100), st.text(min_size=1, max_size=20))
def test_a_sealed_text_opens_with_its_key_and_purpose_only(text, key):
    sealed = seal(text, key, "one")
    assert unseal(sealed, key, "one") == text
    for other in ((key + "x", "one"), (key, "two")):
        with pytest.raises(NotReadable):
            unseal(sealed, *other)


def test_two_functions_cannot_hand_over_the_same_work():
    def nothing(order):
        return 0

    def other(order):
        return 0

    try:
        rules.hands_over("accounts.test_work", "試験の仕事", count=nothing)(nothing)
        rules.hands_over("accounts.test_work", "試験の仕事", count=nothing)(nothing)
        with pytest.raises(ValueError, match="hand over"):
            rules.hands_over("accounts.test_work", "試験の仕事", count=nothing)(other)
    finally:
        rules._BELONGINGS.pop("accounts.test_work", None)
