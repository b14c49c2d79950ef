"""Invitations: used once, for a week, by one person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Invitation, Membership, User
from nimo.foundation.accounts.services import invitations as services
from nimo.foundation.accounts.services.invitations import UnableToAccept, UnableToInvite
from nimo.foundation.accounts.services.users import suspend_user
from nimo.foundation.accounts.tests.world import NOW, PASSWORD, TODAY, World, acting, at_once
from nimo.foundation.audit.models import Entry

VISITOR = Actor.anonymous(now=NOW)


def invite(world: World, by: User | None = None, **changes):
    given = {
        "login_name": "Newcomer",
        "name": "新人 一子",
        "organisation_id": world.hall.pk,
        "role": Role.MUNICIPAL_OFFICER,
        "valid_from": TODAY,
        **changes,
    }
    return services.invite(actor=acting(by or world.town_manager), **given)


def test_registers_the_user_with_the_role_and_keeps_the_hash_of_the_code_only(world):
    issued = invite(world, valid_to=date(2027, 4, 1))
    user = User.objects.get(login_name="newcomer")
    membership = Membership.objects.get(user=user)
    assert (membership.organisation, membership.role) == (world.hall, Role.MUNICIPAL_OFFICER)
    assert not user.has_usable_password()
    stored = Invitation.objects.get(user=user)
    assert issued.code not in str(vars(stored))
    entry = Entry.objects.get(verb="accounts.invite")
    assert entry.actor_name == "町長 四子"
    assert issued.code not in str(vars(entry))
    assert "新人" not in entry.diff


def test_the_code_sets_the_password_once(world):
    issued = invite(world)
    user = services.accept_invitation(actor=VISITOR, code=issued.code.lower(), password=PASSWORD)
    assert user.check_password(PASSWORD)
    with pytest.raises(UnableToAccept, match="招待は使えません"):
        services.accept_invitation(actor=VISITOR, code=issued.code, password=PASSWORD + "x")
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert Entry.objects.get(verb="accounts.accept_invitation").actor_name == "新人 一子"


def test_the_code_ends_after_seven_days(world):
    issued = invite(world)
    for days, works in ((7, False), (6.99, True)):
        visitor = Actor.anonymous(now=NOW + timedelta(days=days))
        if works:
            services.accept_invitation(actor=visitor, code=issued.code, password=PASSWORD)
        else:
            with pytest.raises(UnableToAccept):
                services.accept_invitation(actor=visitor, code=issued.code, password=PASSWORD)


def test_a_new_link_ends_the_one_before(world):
    first = invite(world)
    second = services.reissue_link(actor=acting(world.town_manager), user_id=first.user_id)
    with pytest.raises(UnableToAccept):
        services.accept_invitation(actor=VISITOR, code=first.code, password=PASSWORD)
    services.accept_invitation(actor=VISITOR, code=second.code, password=PASSWORD)


def test_a_new_password_ends_the_sessions_of_the_old_one(world):
    issued = services.reissue_link(actor=acting(world.town_manager), user_id=world.clerk.pk)
    before = world.clerk.get_session_auth_hash()
    user = services.accept_invitation(actor=VISITOR, code=issued.code, password=PASSWORD + "別")
    assert user.get_session_auth_hash() != before


@pytest.mark.parametrize("password", ["short", "password1234", "newcomer-2026"])
def test_refuses_a_password_that_is_easily_guessed_and_keeps_the_link(world, password):
    issued = invite(world)
    with pytest.raises(UnableToAccept, match="パスワードは使えません"):
        services.accept_invitation(actor=VISITOR, code=issued.code, password=password)
    services.accept_invitation(actor=VISITOR, code=issued.code, password=PASSWORD)


def test_a_suspended_user_cannot_use_an_old_link(world):
    issued = invite(world)
    suspend_user(actor=acting(world.town_manager), user_id=issued.user_id, reason="内定の取り消し")
    with pytest.raises(UnableToAccept):
        services.accept_invitation(actor=VISITOR, code=issued.code, password=PASSWORD)
    with pytest.raises(UnableToInvite, match="停止"):
        services.reissue_link(actor=acting(world.town_manager), user_id=issued.user_id)


@pytest.mark.parametrize(
    "changes, because",
    [
        ({"login_name": "clerk"}, "もう使われています"),
        ({"login_name": "山田"}, "半角の英数字"),
        ({"role": Role.HOSPITAL_WORKER}, "区分が「市町村」"),
        ({"valid_from": TODAY, "valid_to": TODAY}, "終わりの日"),
    ],
)
def test_refuses_and_registers_nobody(world, changes, because):
    before = User.objects.count()
    with pytest.raises(UnableToInvite, match=because):
        invite(world, **changes)
    assert User.objects.count() == before
    assert not Entry.objects.filter(verb="accounts.invite").exists()


def test_refuses_an_organisation_out_of_reach(world):
    with pytest.raises(UnableToInvite, match="見つかりません"):
        invite(world, organisation_id=world.other_hall.pk)


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR])
def test_refuses_a_manager_who_would_make_somebody_mightier_than_himself(world, role):
    with pytest.raises(UnableToInvite, match="システム管理者だけ"):
        invite(world, by=world.manager, organisation_id=world.office.pk, role=role)
    invite(world, by=world.admin, organisation_id=world.office.pk, role=role)


def test_refuses_a_new_link_for_somebody_mightier(world):
    """A link sets a password: whoever may issue it could take the account over."""
    with pytest.raises(UnableToInvite, match="システム全体"):
        services.reissue_link(actor=acting(world.manager), user_id=world.admin.pk)


def test_a_link_used_between_looking_and_writing_is_not_used_again(world, monkeypatch):
    """What two requests at the same moment come to: both have looked, one has written."""
    issued = invite(world)
    slow = services.make_password

    def meanwhile(password: str) -> str:
        monkeypatch.setattr(services, "make_password", slow)
        services.accept_invitation(actor=VISITOR, code=issued.code, password=PASSWORD + "先")
        return slow(password)

    monkeypatch.setattr(services, "make_password", meanwhile)
    with pytest.raises(UnableToAccept):
        services.accept_invitation(actor=VISITOR, code=issued.code, password=PASSWORD + "後")
    assert User.objects.get(pk=issued.user_id).check_password(PASSWORD + "先")


@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_link_get_it_once(world):
    issued = invite(world)

    def use(password: str) -> str:
        try:
            services.accept_invitation(actor=VISITOR, code=issued.code, password=password)
        except UnableToAccept:
            return ""
        return password

    outcomes = at_once([lambda sign=sign: use(PASSWORD + sign) for sign in "甲乙"])
    winners = [password for password in outcomes if password]
    assert len(winners) == 1
    assert User.objects.get(pk=issued.user_id).check_password(winners[0])
