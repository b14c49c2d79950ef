"""The audit on screen: who may, what it shows, that looking is recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory

from nimo.foundation.access.actors import Actor, Grant
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit import trail, views
from nimo.foundation.audit.models import Entry
from nimo.foundation.audit.rules import register_verb
from tests.support.queries import assert_constant_queries

DONE = register_verb("audit.tested", "試験のために書いた")
NOW = datetime(2026, 4, 2, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(databases=["default", "side"])


def actor(role: Role) -> Actor:
    grant = Grant(role, UUID(int=9), "試験県 監査課", "10000", frozenset({"10000"}), scopes_of(role))
    return Actor(kind="user", now=NOW, name="監査 太郎", user_id=UUID(int=8), grants=(grant,))


AUDITOR = actor(Role.AUDITOR)


def ask(view, *arguments, who: Actor = AUDITOR, method: str = "get", **data):
    request = getattr(RequestFactory(), method)("/audit/", data)
    request.actor, request.user = who, AnonymousUser()
    return view(request, *arguments)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(trail, "clock", lambda: NOW)


def write(times: int = 1, *, name: str = "操作 花子", region: str = "10205") -> list[int]:
    somebody = Actor(kind="user", now=NOW, name=name, user_id=UUID(int=3))
    with transaction.atomic():
        return [
            trail.record(
                somebody, verb=DONE, target=("a.b", "t-1"), region_code=region, diff={"state": ["古い値", "新しい値"]}
            )
            for _ in range(times)
        ]


@pytest.mark.parametrize("view, arguments", [(views.entry_list, ()), (views.entry_detail, (1,))])
def test_refuses_somebody_without_the_permission(view, arguments):
    with pytest.raises(PermissionDenied):
        ask(view, *arguments, who=actor(Role.PREFECTURE_OFFICER))


def test_verification_page_refuses_somebody_without_the_permission():
    with pytest.raises(PermissionDenied):
        ask(views.verification_page, who=actor(Role.PREFECTURE_MANAGER))


def test_entry_list_shows_what_was_done_in_words():
    write()
    page = ask(views.entry_list).content.decode()
    assert "試験のために書いた" in page
    assert "操作 花子" in page


def test_entry_list_finds_a_person_by_name_without_the_name_in_the_address():
    write()
    page = ask(views.entry_list, method="post", name="花子").content.decode()
    assert f'href="?actor={UUID(int=3)}"' in page
    assert "操作 花子（所属なし）" in page
    assert "記録されていません" in ask(views.entry_list, method="post", name="いない").content.decode()


def test_entry_list_is_itself_recorded_once_without_the_name_searched_for():
    write(3)
    ask(views.entry_list, method="post", name="花子")
    entry = Entry.objects.get(verb=views.LIST_READ)
    assert entry.actor_name == "監査 太郎"
    assert '"件数":3' in entry.diff
    assert "花子" not in entry.diff


@pytest.mark.parametrize(
    "conditions, shown",
    [
        ({"actor": str(UUID(int=3))}, {"操作 花子", "操作 次郎"}),
        ({"actor": str(UUID(int=99))}, set()),
        ({"region": "14100"}, {"操作 次郎"}),
        ({"verb": "audit.tested"}, {"操作 花子", "操作 次郎"}),
        ({"first": "2026-03-01", "last": "2026-04-01"}, set()),
        ({"first": "2026-04-02", "last": "2026-04-02"}, {"操作 花子", "操作 次郎"}),
    ],
)
def test_entry_list_can_be_narrowed(conditions, shown):
    write()
    write(name="操作 次郎", region="14100")
    page = ask(views.entry_list, **conditions).content.decode()
    assert {name for name in ("操作 花子", "操作 次郎") if f">{name}" in page} == shown


def test_entry_list_says_what_is_wrong_with_a_period():
    page = ask(views.entry_list, first="2026-04-02", last="2026-04-01").content.decode()
    assert "「いつまで」は" in page


def test_entry_list_has_pages_and_a_constant_number_of_queries():
    write(60)
    page = ask(views.entry_list, page="2").content.decode()
    assert page.count("試験のために書いた") >= 10
    assert_constant_queries(lambda: ask(views.entry_list), lambda: write(60))


@pytest.mark.parametrize("number", ["0", "-1", "abc", "99999999999999999999", "二"])
def test_entry_list_survives_a_page_number_that_is_none(number):
    assert ask(views.entry_list, page=number).status_code == 200


def test_entry_detail_shows_the_values_before_and_after_and_is_recorded():
    (number,) = write()
    page = ask(views.entry_detail, number).content.decode()
    assert "古い値" in page
    assert "新しい値" in page
    assert Entry.objects.get(verb=views.ENTRY_READ).target_id == str(number)


def test_entry_detail_is_not_found_for_a_number_that_does_not_exist():
    with pytest.raises(Http404):
        ask(views.entry_detail, 10**9)


def test_verification_page_answers_and_records_who_asked():
    write(4)
    assert "変えられた記録はありません" not in ask(views.verification_page).content.decode()
    page = ask(views.verification_page, method="post").content.decode()
    assert "変えられた記録はありません" in page
    assert "4件" in page
    assert Entry.objects.filter(verb=views.VERIFIED).count() == 1


def test_verification_page_names_the_row_that_does_not_fit(monkeypatch):
    monkeypatch.setattr(trail, "mac_of", lambda *_: "0" * 64)
    (number,) = write()
    monkeypatch.undo()
    page = ask(views.verification_page, method="post").content.decode()
    assert f"記録{number}が変えられたか" in page
