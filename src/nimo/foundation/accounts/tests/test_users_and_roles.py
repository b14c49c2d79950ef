"""Accounts, roles and organisations: what changes, who is refused, what is recorded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Membership, Organisation, OrganisationName, User
from nimo.foundation.accounts.policies import visible_organisations, visible_users
from nimo.foundation.accounts.queries.rights import grants_of
from nimo.foundation.accounts.queries.users import UserFilter, user_page, users_named
from nimo.foundation.accounts.rules import ATTEMPTS
from nimo.foundation.accounts.services import memberships, organisations, users
from nimo.foundation.accounts.services.memberships import UnableToChangeMembership
from nimo.foundation.accounts.services.organisations import UnableToChangeOrganisation
from nimo.foundation.accounts.services.users import UnableToChangeUser
from nimo.foundation.accounts.tests.world import PASSWORD, SYSTEM, TODAY, acting, person
from nimo.foundation.audit.models import Entry
from tests.support.queries import assert_constant_queries

TOMORROW = TODAY + timedelta(days=1)


def names(queryset) -> set[str]:
    return {row.login_name for row in queryset}


def test_managers_see_the_people_of_their_region_and_nobody_else(world):
    town = {"townmanager", "clerk", "nurse"}
    assert names(visible_users(acting(world.town_manager))) == town
    assert names(visible_users(acting(world.manager))) == town | {
        "admin", "manager", "officer", "auditor", "villageclerk"
    }  # fmt: skip
    assert names(visible_users(acting(world.clerk))) == set()
    assert names(visible_users(acting(world.auditor))) == set()
    assert len(visible_users(SYSTEM)) == 8
    assert {o.name for o in visible_organisations(acting(world.town_manager))} == {"試験町 福祉課", "試験病院"}


def test_suspending_ends_sessions_and_rights_and_restoring_gives_them_back(world):
    before = world.clerk.get_session_auth_hash()
    user = users.suspend_user(actor=acting(world.town_manager), user_id=world.clerk.pk, reason="休職")
    assert not user.is_active
    assert user.get_session_auth_hash() != before
    assert not acting(user).grants
    assert Entry.objects.get(verb="accounts.suspend_user").reason == "休職"
    restored = users.restore_user(actor=acting(world.town_manager), user_id=world.clerk.pk)
    assert acting(restored).grants
    assert restored.check_password(PASSWORD)


@pytest.mark.parametrize(
    "by, whom, because",
    [
        ("town_manager", "town_manager", "自分"),
        ("town_manager", "village_clerk", "見つかりません"),
        ("manager", "admin", "システム全体"),
        ("officer", "clerk", "見つかりません"),
    ],
)
def test_refuses_to_suspend(world, by, whom, because):
    with pytest.raises(UnableToChangeUser, match=because):
        users.suspend_user(actor=acting(getattr(world, by)), user_id=getattr(world, whom).pk, reason="試験")
    assert User.objects.get(pk=getattr(world, whom).pk).is_active


def test_refuses_to_touch_an_account_that_also_works_elsewhere(world):
    Membership.objects.create(
        user=world.clerk, organisation=world.office, role=Role.PREFECTURE_OFFICER, valid_from=TODAY
    )
    with pytest.raises(UnableToChangeUser, match="外でも働いて"):
        users.suspend_user(actor=acting(world.town_manager), user_id=world.clerk.pk, reason="試験")
    users.suspend_user(actor=acting(world.manager), user_id=world.clerk.pk, reason="試験")


def test_refuses_to_suspend_without_a_reason_or_twice(world):
    manager = acting(world.town_manager)
    with pytest.raises(UnableToChangeUser, match="理由"):
        users.suspend_user(actor=manager, user_id=world.clerk.pk, reason=" ")
    users.suspend_user(actor=manager, user_id=world.clerk.pk, reason="試験")
    with pytest.raises(UnableToChangeUser, match="すでに"):
        users.suspend_user(actor=manager, user_id=world.clerk.pk, reason="試験")
    users.restore_user(actor=manager, user_id=world.clerk.pk)
    with pytest.raises(UnableToChangeUser, match="停止されていません"):
        users.restore_user(actor=manager, user_id=world.clerk.pk)


def test_a_new_name_is_kept_with_the_old_one_in_the_audit(world):
    users.rename_user(
        actor=acting(world.town_manager),
        user_id=world.clerk.pk,
        version=1,
        name="新姓 五郎",
        kana="しんせい",
        email="a@example.jp",
    )
    diff = Entry.objects.get(verb="accounts.rename_user").diff
    assert "町担 五郎" in diff
    assert "新姓 五郎" in diff
    assert "example.jp" not in diff


def test_two_people_do_not_overwrite_each_other(world):
    given = {"user_id": world.clerk.pk, "version": 1, "kana": "", "email": ""}
    users.rename_user(actor=acting(world.town_manager), name="先", **given)
    with pytest.raises(UnableToChangeUser, match="先に内容を変えました"):
        users.rename_user(actor=acting(world.town_manager), name="後", **given)
    assert User.objects.get(pk=world.clerk.pk).name == "先"


def test_the_own_password_changes_with_the_current_one_only(world):
    clerk = acting(world.clerk)
    with pytest.raises(UnableToChangeUser, match="今のパスワードが違います"):
        users.change_own_password(actor=clerk, current="違うもの", new=PASSWORD + "新")
    with pytest.raises(UnableToChangeUser, match="同じ"):
        users.change_own_password(actor=clerk, current=PASSWORD, new=PASSWORD)
    with pytest.raises(UnableToChangeUser, match="使えません"):
        users.change_own_password(actor=clerk, current=PASSWORD, new="short")
    before = world.clerk.get_session_auth_hash()
    user = users.change_own_password(actor=clerk, current=PASSWORD, new=PASSWORD + "新")
    assert user.check_password(PASSWORD + "新")
    assert user.get_session_auth_hash() != before


def test_the_own_password_cannot_be_guessed_at_an_open_screen(world):
    for _ in range(ATTEMPTS):
        with pytest.raises(UnableToChangeUser, match="違います"):
            users.change_own_password(actor=acting(world.clerk), current="違うもの", new=PASSWORD + "新")
    with pytest.raises(UnableToChangeUser, match="回続いたため"):
        users.change_own_password(actor=acting(world.clerk), current=PASSWORD, new=PASSWORD + "新")


def test_a_role_holds_for_its_period(world):
    memberships.give_role(
        actor=acting(world.manager),
        user_id=world.clerk.pk,
        organisation_id=world.office.pk,
        role=Role.PREFECTURE_OFFICER,
        valid_from=TOMORROW,
        valid_to=TOMORROW + timedelta(days=1),
    )
    held = [len(grants_of(world.clerk.pk, TODAY + timedelta(days=days))) for days in range(3)]
    assert held == [1, 2, 1]


@pytest.mark.parametrize(
    "by, whom, where, role, changes, because",
    [
        ("manager", "manager", "office", Role.PREFECTURE_OFFICER, {}, "自分の役割"),
        ("manager", "clerk", "office", Role.SYSTEM_ADMINISTRATOR, {}, "システム管理者だけ"),
        ("town_manager", "clerk", "office", Role.PREFECTURE_OFFICER, {}, "見つかりません"),
        ("town_manager", "village_clerk", "hall", Role.MUNICIPAL_OFFICER, {}, "見つかりません"),
        ("manager", "clerk", "hospital", Role.MUNICIPAL_OFFICER, {}, "使えない役割"),
        ("manager", "clerk", "hall", Role.MUNICIPAL_OFFICER, {}, "重なる期間"),
        ("manager", "clerk", "office", Role.PREFECTURE_OFFICER, {"valid_to": TODAY}, "終わりの日"),
        ("manager", "clerk", "office", Role.PREFECTURE_OFFICER, {"valid_from": date(2026, 3, 1)}, "今日より後"),
        ("officer", "clerk", "hall", Role.MUNICIPAL_MANAGER, {}, "見つかりません"),
    ],
)
def test_refuses_to_give_a_role(world, by, whom, where, role, changes, because):
    before = Membership.objects.count()
    with pytest.raises(UnableToChangeMembership, match=because):
        memberships.give_role(
            actor=acting(getattr(world, by)),
            user_id=getattr(world, whom).pk,
            organisation_id=getattr(world, where).pk,
            role=role,
            **{"valid_from": TODAY, **changes},
        )
    assert Membership.objects.count() == before


def test_an_ended_role_stays_in_the_table(world):
    held = Membership.objects.get(user=world.clerk)
    memberships.end_membership(actor=acting(world.town_manager), membership_id=held.pk, ends_on=TODAY, reason="退職")
    held.refresh_from_db()
    assert (held.valid_to, held.end_reason) == (TODAY, "退職")
    assert not grants_of(world.clerk.pk, TODAY)
    with pytest.raises(UnableToChangeMembership, match="すでに終わって"):
        memberships.end_membership(actor=acting(world.town_manager), membership_id=held.pk, ends_on=TODAY)


@pytest.mark.parametrize(
    "by, whom, ends_on, because",
    [
        ("town_manager", "town_manager", TODAY, "自分の役割"),
        ("town_manager", "village_clerk", TODAY, "受け持つ地域"),
        ("town_manager", "clerk", TODAY - timedelta(days=1), "今日より後"),
    ],
)
def test_refuses_to_end_a_role(world, by, whom, ends_on, because):
    held = Membership.objects.get(user=getattr(world, whom))
    with pytest.raises(UnableToChangeMembership, match=because):
        memberships.end_membership(actor=acting(getattr(world, by)), membership_id=held.pk, ends_on=ends_on)


def test_an_organisation_is_registered_in_reach_once(world):
    made = {"kind": OrganisationKind.FAMILY_ASSOCIATION, "name": "試験町家族会", "region_code": "10421"}
    organisations.create_organisation(actor=acting(world.manager), **made)
    with pytest.raises(UnableToChangeOrganisation, match="すでに登録"):
        organisations.create_organisation(actor=acting(world.manager), **made)
    with pytest.raises(UnableToChangeOrganisation, match="受け持つ地域"):
        organisations.create_organisation(actor=acting(world.town_manager), **{**made, "name": "別"})
    with pytest.raises(UnableToChangeOrganisation, match="登録されていません"):
        organisations.create_organisation(actor=acting(world.admin), **{**made, "region_code": "99999"})


def test_a_renamed_organisation_keeps_its_former_names_with_their_periods(world):
    for version, (name, day) in enumerate((("福祉部", date(2024, 4, 1)), ("ふくし部", date(2026, 1, 1))), 1):
        organisations.rename_organisation(
            actor=acting(world.manager),
            organisation_id=world.office.pk,
            version=version,
            name=name,
            kana="",
            effective_on=day,
        )
    assert Organisation.objects.get(pk=world.office.pk).name == "ふくし部"
    former = OrganisationName.objects.order_by("valid_to").values_list("name", "valid_from", "valid_to")
    assert list(former) == [
        ("試験県 障害福祉課", None, date(2024, 4, 1)),
        ("福祉部", date(2024, 4, 1), date(2026, 1, 1)),
    ]


@pytest.mark.parametrize(
    "changes, because",
    [
        ({"effective_on": TOMORROW}, "今日より前"),
        ({"name": "試験県 障害福祉課"}, "今と違う名称"),
        ({"version": 9}, "先に内容を変えました"),
    ],
)
def test_refuses_to_rename(world, changes, because):
    given = {"version": 1, "name": "新名称", "kana": "", "effective_on": TODAY, **changes}
    with pytest.raises(UnableToChangeOrganisation, match=because):
        organisations.rename_organisation(actor=acting(world.manager), organisation_id=world.office.pk, **given)
    assert not OrganisationName.objects.exists()


def test_a_corrected_mistake_leaves_no_former_name(world):
    given = {"organisation_id": world.office.pk, "version": 1, "name": "試験県障害福祉課", "kana": ""}
    with pytest.raises(UnableToChangeOrganisation, match="理由"):
        organisations.correct_organisation(actor=acting(world.manager), reason="", **given)
    organisations.correct_organisation(actor=acting(world.manager), reason="誤字", **given)
    assert not OrganisationName.objects.exists()
    assert Entry.objects.get(verb="accounts.correct_organisation").reason == "誤字"


def test_an_ended_organisation_gives_no_rights(world):
    organisations.end_organisation(
        actor=acting(world.manager), organisation_id=world.hall.pk, version=1, ends_on=TODAY, reason="合併"
    )
    assert not grants_of(world.clerk.pk, TODAY)


def test_an_organisation_is_ended_by_whoever_manages_organisations_only(world):
    with pytest.raises(UnableToChangeOrganisation, match="受け持つ地域"):
        organisations.end_organisation(
            actor=acting(world.town_manager), organisation_id=world.hospital.pk, version=1, ends_on=TODAY, reason="x"
        )


@pytest.mark.parametrize(
    "state, expected",
    [
        ("active", {"townmanager", "clerk", "nurse"}),
        ("suspended", {"stopped"}),
        ("waiting", {"invited"}),
        ("idle", {"left"}),
        ("all", {"townmanager", "clerk", "nurse", "stopped", "invited", "left"}),
    ],
)
def test_users_are_listed_by_how_they_stand(world, state, expected):
    User.objects.filter(pk=person("stopped", (Role.MUNICIPAL_OFFICER, world.hall)).pk).update(is_active=False)
    Membership.objects.filter(user=person("left", (Role.MUNICIPAL_OFFICER, world.hall))).update(valid_to=TODAY)
    person("invited", (Role.MUNICIPAL_OFFICER, world.hall), password=None, valid_from=TOMORROW)
    _, rows = user_page(acting(world.town_manager), UserFilter(state=state), 1)
    assert {row.user.login_name for row in rows} == expected


def test_users_are_found_by_a_part_of_the_name_within_reach_only(world):
    manager = acting(world.town_manager)
    assert [row.user.login_name for row in users_named(manager, "五郎")] == ["clerk"]
    assert [row.user.login_name for row in users_named(manager, "ＣＬＥＲＫ")] == ["clerk"]
    assert users_named(manager, "六子") == []
    assert users_named(manager, "  ") == []


@pytest.mark.django_db(databases=["default", "side"])
def test_the_list_costs_the_same_for_many_people(world):
    def more() -> None:
        for _ in range(10):
            person(f"more{User.objects.count()}", (Role.MUNICIPAL_OFFICER, world.hall))

    manager = acting(world.town_manager)
    assert_constant_queries(lambda: user_page(manager, UserFilter(), 1), more)
