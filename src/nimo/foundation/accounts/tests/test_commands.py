"""`nimo users …`: the first administrator, and help when nobody can sign in."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import HandOver, Membership, Organisation, User
from nimo.foundation.accounts.queries.second_factors import second_factor_of
from nimo.foundation.accounts.services.invitations import accept_invitation
from nimo.foundation.accounts.services.second_factors import activate_card, issue_card
from nimo.foundation.accounts.tests.world import PASSWORD, acting, region
from nimo.foundation.audit.models import Entry
from nimo.foundation.regions.choices import RegionKind


def users(*arguments: str) -> str:
    out = io.StringIO()
    call_command("users", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_empty_system_gets_its_first_administrator():
    region("10000", RegionKind.PREFECTURE, "試験県")
    users("create-organisation", "試験県庁", "--kind", "head_office", "--region", "10000")
    said = users(
        "invite", "Boss", "--name", "はじめの人", "--organisation", "試験県庁", "--role", "system_administrator"
    )
    code = said.split("招待コード: ")[1].split("（")[0]
    user = accept_invitation(actor=Actor.anonymous(now=timezone.now()), code=code, password=PASSWORD)
    assert user.login_name == "boss"
    assert acting(user, timezone.now()).grants[0].role is Role.SYSTEM_ADMINISTRATOR
    assert Entry.objects.get(verb="accounts.invite").actor_kind == "system"


def test_list_shows_who_is_there(world):
    assert "clerk\t町担 五郎\t利用中\t試験町 福祉課 市町村 担当者" in users("list")
    User.objects.filter(pk=world.clerk.pk).update(is_active=False)
    assert "町担 五郎" not in users("list")
    assert "停止中" in users("list", "--all")


def test_suspend_restore_end_sessions_and_link(world):
    users("suspend", "clerk", "--reason", "退職")
    assert not User.objects.get(pk=world.clerk.pk).is_active
    users("restore", "clerk")
    users("end-sessions", "clerk")
    assert User.objects.get(pk=world.clerk.pk).session_epoch == 2
    assert "招待コード" in users("link", "clerk")


def test_reset_second_factor(world):
    card = issue_card(actor=acting(world.admin))
    activate_card(actor=acting(world.admin), card_id=card.card_id, code=dict(card.codes)[1])
    users("reset-second-factor", "admin", "--reason", "紛失")
    assert not second_factor_of(world.admin.pk).exists


def test_handover_at_once_and_due(world):
    users("handover", "--from", "clerk", "--to", "nurse")
    assert Membership.objects.filter(user=world.nurse, role=Role.MUNICIPAL_OFFICER).exists()
    day = timezone.localdate() + timedelta(days=30)
    users("handover", "--from", "officer", "--to", "nurse", "--on", str(day))
    assert "0件" in users("handover", "--due")
    HandOver.objects.filter(effective_on=day).update(effective_on=timezone.localdate() - timedelta(days=1))
    assert "1件" in users("handover", "--due")
    assert "0件" in users("handover", "--due")


@pytest.mark.parametrize(
    "arguments, because",
    [
        (("suspend", "nobody", "--reason", "x"), "利用者はいません"),
        (("invite", "new", "--name", "新", "--organisation", "ない組織", "--role", "auditor"), "0件"),
        (
            ("invite", "clerk", "--name", "新", "--organisation", "試験県 障害福祉課", "--role", "auditor"),
            "もう使われて",
        ),
        (("handover", "--from", "clerk"), "--to"),
        (("handover", "--from", "clerk", "--to", "clerk"), "同じ人"),
    ],
)
def test_refusals_are_said_in_japanese(world, arguments, because):
    before = Organisation.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match=because):
        users(*arguments)
    assert (Organisation.objects.count(), User.objects.count()) == before
