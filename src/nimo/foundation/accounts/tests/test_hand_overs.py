"""1 April: roles, drafts and owed work change hands, sessions end, old records keep the old name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts import rules
from nimo.foundation.accounts.choices import HandOverState
from nimo.foundation.accounts.events import HandOverApplied
from nimo.foundation.accounts.models import HandOver, Membership, User
from nimo.foundation.accounts.queries.hand_overs import hand_over_preview
from nimo.foundation.accounts.queries.rights import grants_of
from nimo.foundation.accounts.services import hand_overs as services
from nimo.foundation.accounts.services.hand_overs import UnableToHandOver, hand_over
from nimo.foundation.accounts.tests.world import NOW, TODAY, acting, person
from nimo.foundation.audit.models import Entry

FIRST_OF_APRIL = date(2026, 4, 1)
THAT_MORNING = datetime(2026, 3, 31, 15, 5, tzinfo=UTC)
NIGHTLY = Actor.system("引き継ぎ", now=THAT_MORNING)


@pytest.fixture
def desk():
    """Drafts of an app above: a list of (owner, draft), registered the way the app would."""
    drafts: list[list] = []

    def count(order: rules.HandOverOrder) -> int:
        return sum(1 for owner, _ in drafts if owner == order.from_user_id)

    def move(order: rules.HandOverOrder) -> int:
        moving = [draft for draft in drafts if draft[0] == order.from_user_id]
        for draft in moving:
            draft[0] = order.to_user_id
        return len(moving)

    rules.hands_over("accounts.test_drafts", "試験の下書き", count=count)(move)
    yield drafts
    rules._BELONGINGS.pop("accounts.test_drafts", None)


@pytest.fixture
def successor(world):
    return person("successor", name="後任 九子")


def give(world, successor, *, by=None, on=FIRST_OF_APRIL, **changes):
    return hand_over(
        actor=acting(by or world.town_manager),
        predecessor_id=world.clerk.pk,
        successor_id=successor.pk,
        effective_on=on,
        **changes,
    )


def roles(user: User, day: date) -> set[tuple[str, str]]:
    return {(grant.role, grant.organisation_name) for grant in grants_of(user.pk, day)}


CLERKS = {(Role.MUNICIPAL_OFFICER, "試験町 福祉課")}


def test_today_everything_changes_hands_in_one_action(world, successor, desk):
    desk += [[world.clerk.pk, "下書き1"], [world.clerk.pk, "下書き2"], [world.nurse.pk, "別の人のもの"]]
    session = world.clerk.get_session_auth_hash()
    done = give(world, successor, on=TODAY)
    assert done.state == HandOverState.APPLIED
    assert done.moved["accounts.test_drafts"] == 2
    assert [owner for owner, _ in desk] == [successor.pk, successor.pk, world.nurse.pk]
    assert roles(world.clerk, TODAY) == set()
    assert roles(successor, TODAY) == CLERKS
    assert User.objects.get(pk=world.clerk.pk).get_session_auth_hash() != session


def test_planned_in_advance_the_roles_change_at_midnight_and_the_work_when_the_job_runs(world, successor, desk):
    desk.append([world.clerk.pk, "下書き"])
    session = world.clerk.get_session_auth_hash()
    planned = give(world, successor)
    eve = FIRST_OF_APRIL - timedelta(days=1)
    assert planned.state == HandOverState.SCHEDULED
    assert roles(world.clerk, eve) == CLERKS
    assert roles(successor, eve) == set()
    assert roles(world.clerk, FIRST_OF_APRIL) == set()
    assert roles(successor, FIRST_OF_APRIL) == CLERKS
    assert desk[0][0] == world.clerk.pk
    assert services.apply_due_hand_overs(actor=Actor.system("引き継ぎ", now=NOW)) == []
    assert [each.pk for each in services.apply_due_hand_overs(actor=NIGHTLY)] == [planned.pk]
    assert desk[0][0] == successor.pk
    assert User.objects.get(pk=world.clerk.pk).get_session_auth_hash() != session


def test_the_apps_above_are_told_after_the_commit(world, successor, desk, monkeypatch):
    told = []
    monkeypatch.setattr(services, "publish", told.append)
    desk.append([world.clerk.pk, "下書き"])
    planned = give(world, successor)
    assert told == []
    services.apply_due_hand_overs(actor=NIGHTLY)
    assert told == [HandOverApplied(planned.pk, world.clerk.pk, successor.pk, 1)]


def test_running_the_job_again_does_nothing(world, successor, desk):
    give(world, successor)
    services.apply_due_hand_overs(actor=NIGHTLY)
    epoch = User.objects.get(pk=world.clerk.pk).session_epoch
    assert services.apply_due_hand_overs(actor=NIGHTLY) == []
    assert User.objects.get(pk=world.clerk.pk).session_epoch == epoch
    assert Entry.objects.filter(verb="accounts.apply_hand_over").count() == 1


def test_a_failure_while_moving_leaves_everything_with_the_predecessor(world, successor, desk):
    def broken(order):
        raise DatabaseError("disk full")

    rules.hands_over("accounts.test_zz", "こわれた仕事", count=broken)(broken)
    try:
        with pytest.raises(DatabaseError):
            give(world, successor, on=TODAY)
    finally:
        rules._BELONGINGS.pop("accounts.test_zz", None)
    assert not HandOver.objects.exists()
    assert roles(world.clerk, TODAY) == CLERKS
    assert roles(successor, TODAY) == set()
    assert User.objects.get(pk=world.clerk.pk).session_epoch == 0


def test_old_records_keep_the_old_name(world, successor):
    give(world, successor, on=TODAY)
    entry = Entry.objects.get(verb="accounts.plan_hand_over")
    User.objects.filter(pk=world.town_manager.pk).update(name="結婚後 四子")
    assert Entry.objects.get(pk=entry.pk).actor_name == "町長 四子"


def test_the_end_of_a_role_goes_with_it(world, successor):
    Membership.objects.filter(user=world.clerk).update(valid_to=date(2027, 4, 1))
    give(world, successor)
    assert Membership.objects.get(user=successor).valid_to == date(2027, 4, 1)


def test_a_successor_who_holds_the_role_already_gets_no_second_one(world):
    colleague = person("colleague", (Role.MUNICIPAL_OFFICER, world.hall))
    give(world, colleague, on=TODAY)
    assert Membership.objects.filter(user=colleague).count() == 1
    assert roles(world.clerk, TODAY) == set()


def test_only_the_chosen_roles_go_over(world, successor):
    office = Membership.objects.create(
        user=world.clerk, organisation=world.office, role=Role.PREFECTURE_OFFICER, valid_from=TODAY
    )
    give(world, successor, by=world.manager, on=TODAY, membership_ids=[office.pk])
    assert roles(successor, TODAY) == {(Role.PREFECTURE_OFFICER, "試験県 障害福祉課")}
    assert roles(world.clerk, TODAY) == CLERKS


def test_roles_out_of_reach_stay(world, successor):
    Membership.objects.create(
        user=world.clerk, organisation=world.office, role=Role.PREFECTURE_OFFICER, valid_from=TODAY
    )
    give(world, successor, on=TODAY)
    assert roles(successor, TODAY) == CLERKS
    assert roles(world.clerk, TODAY) == {(Role.PREFECTURE_OFFICER, "試験県 障害福祉課")}


def test_somebody_whose_roles_have_ended_can_still_hand_over_the_work(world, successor, desk):
    desk.append([world.clerk.pk, "置いていった下書き"])
    Membership.objects.filter(user=world.clerk).update(valid_to=TODAY)
    done = give(world, successor, on=TODAY)
    assert done.moved["accounts.test_drafts"] == 1
    assert roles(successor, TODAY) == set()


def test_the_functions_are_told_whose_work_of_which_organisations(world, successor):
    told = []

    def move(order: rules.HandOverOrder) -> int:
        told.append(order)
        return 0

    rules.hands_over("accounts.test_told", "試験", count=lambda order: 0)(move)
    try:
        give(world, successor, on=TODAY)
    finally:
        rules._BELONGINGS.pop("accounts.test_told", None)
    assert told[0].organisation_ids == {world.hall.pk}
    assert (told[0].from_user_id, told[0].to_user_id) == (world.clerk.pk, successor.pk)


def test_the_preview_counts_and_moves_nothing(world, successor, desk):
    desk.append([world.clerk.pk, "下書き"])
    Membership.objects.create(
        user=world.clerk, organisation=world.office, role=Role.PREFECTURE_OFFICER, valid_from=TODAY
    )
    shown = hand_over_preview(acting(world.town_manager), world.clerk.pk, successor.pk, FIRST_OF_APRIL)
    assert [m.organisation.name for m in shown.roles] == ["試験町 福祉課"]
    assert [(m.organisation.name, bool(reason)) for m, reason in shown.stays] == [("試験県 障害福祉課", True)]
    assert ("試験の下書き", 1) in shown.work
    assert desk[0][0] == world.clerk.pk
    assert not HandOver.objects.exists()


def test_taken_back_before_its_day_the_roles_are_as_they_were(world, successor):
    Membership.objects.filter(user=world.clerk).update(valid_to=date(2027, 4, 1))
    planned = give(world, successor)
    cancelled = services.cancel_hand_over(
        actor=acting(world.town_manager), hand_over_id=planned.pk, reason="異動がなくなった"
    )
    assert cancelled.state == HandOverState.CANCELLED
    assert Membership.objects.get(user=world.clerk).valid_to == date(2027, 4, 1)
    assert roles(world.clerk, FIRST_OF_APRIL) == CLERKS
    assert roles(successor, FIRST_OF_APRIL) == set()
    assert services.apply_due_hand_overs(actor=NIGHTLY) == []
    give(world, successor)  # and it can be planned again


@pytest.mark.parametrize(
    "when, reason, because",
    [(THAT_MORNING, "やめる", "日が来ている"), (NOW, "  ", "理由")],
)
def test_refuses_to_take_back(world, successor, when, reason, because):
    planned = give(world, successor)
    with pytest.raises(UnableToHandOver, match=because):
        services.cancel_hand_over(actor=acting(world.town_manager, when), hand_over_id=planned.pk, reason=reason)


def test_refuses_to_take_back_what_somebody_else_looks_after(world, successor):
    planned = give(world, successor)
    stranger = person("stranger", (Role.MUNICIPAL_MANAGER, world.other_hall))
    with pytest.raises(UnableToHandOver, match="見つかりません"):
        services.cancel_hand_over(actor=acting(stranger), hand_over_id=planned.pk, reason="やめる")


def test_refuses_a_second_plan_for_the_same_person(world, successor):
    give(world, successor)
    with pytest.raises(UnableToHandOver, match="まだ行われていない"):
        give(world, successor)
    assert HandOver.objects.count() == 1


def test_refuses_the_same_person_a_past_day_and_a_suspended_successor(world, successor):
    with pytest.raises(UnableToHandOver, match="同じ人"):
        give(world, world.clerk)
    with pytest.raises(UnableToHandOver, match="今日より後"):
        give(world, successor, on=TODAY - timedelta(days=1))
    User.objects.filter(pk=successor.pk).update(is_active=False)
    with pytest.raises(UnableToHandOver, match="停止"):
        give(world, successor)


def test_refuses_to_make_oneself_the_successor(world):
    with pytest.raises(UnableToHandOver, match="自分を後任"):
        give(world, world.town_manager)


def test_refuses_somebody_out_of_reach(world, successor):
    with pytest.raises(UnableToHandOver, match="受け持つ地域"):
        hand_over(
            actor=acting(world.town_manager),
            predecessor_id=world.village_clerk.pk,
            successor_id=successor.pk,
            effective_on=TODAY,
        )


def test_refuses_a_role_that_reaches_further_than_the_manager(world, successor):
    administrators = Membership.objects.get(user=world.admin)
    with pytest.raises(UnableToHandOver, match="システム管理者だけ"):
        hand_over(
            actor=acting(world.manager),
            predecessor_id=world.admin.pk,
            successor_id=successor.pk,
            effective_on=TODAY,
            membership_ids=[administrators.pk],
        )


def test_refuses_a_role_the_predecessor_does_not_have_on_that_day(world, successor):
    with pytest.raises(UnableToHandOver, match="選び直して"):
        give(world, successor, membership_ids=[Membership.objects.get(user=world.nurse).pk])


def test_only_the_system_applies_what_is_due(world):
    with pytest.raises(UnableToHandOver):
        services.apply_due_hand_overs(actor=acting(world.admin))


def test_a_manager_may_hand_over_his_own_work(world, successor):
    done = hand_over(
        actor=acting(world.town_manager),
        predecessor_id=world.town_manager.pk,
        successor_id=successor.pk,
        effective_on=TODAY,
    )
    assert done.state == HandOverState.APPLIED
    assert (Role.MUNICIPAL_MANAGER, "試験町 福祉課") in roles(successor, TODAY)
