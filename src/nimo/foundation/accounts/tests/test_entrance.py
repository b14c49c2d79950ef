"""Signing in and out as a browser does it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Membership, User
from nimo.foundation.accounts.rules import SESSION_LIMIT
from nimo.foundation.accounts.services.invitations import reissue_link
from nimo.foundation.accounts.services.second_factors import activate_card, issue_card
from nimo.foundation.accounts.services.users import end_sessions, suspend_user
from nimo.foundation.accounts.tests.world import PASSWORD, acting, said, signed_in, text_of
from nimo.foundation.audit.models import Entry

pytestmark = pytest.mark.django_db(databases=["default", "side"])
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.NIMO_REQUIRE_SECOND_FACTOR = True


def now_acting(user: User):
    return acting(user, timezone.now())


def card_of(user: User) -> dict[int, str]:
    card = issue_card(actor=now_acting(user))
    activate_card(actor=now_acting(user), card_id=card.card_id, code=dict(card.codes)[1])
    return dict(card.codes)


def enter(client: Client, login: str = "clerk", password: str = PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": login, "password": password, **extra})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_page_helps_password_managers_and_asks_for_nothing_else(client):
    page = text_of(client.get(reverse("account_login")))
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "30分" in page
    assert not re.search(r"[A-Za-z]{4,} [A-Za-z]{4,} [a-z]{2,}", re.sub(r"<[^>]+>", "", page)), "English on the page"


def test_somebody_who_needs_no_second_factor_comes_in_with_the_password(world, client):
    answer = enter(client, "nurse")
    assert answer.status_code == 302
    assert is_in(client)
    entry = Entry.objects.get(verb="accounts.sign_in")
    assert (entry.actor_name, entry.actor_organisation_name) == ("病院 七子", "試験病院")


@pytest.mark.parametrize("login", ["ＣＬＥＲＫ", " Clerk "])
def test_a_sign_in_name_typed_in_full_width_is_understood(world, client, login):
    assert enter(client, login).status_code == 302
    assert is_in(client)


def test_a_wrong_password_is_said_in_plain_japanese_and_recorded_without_what_was_typed(world, client):
    page = text_of(enter(client, password="hunter2"))
    assert "利用者IDかパスワードが違います" in page
    assert not is_in(client)
    entry = Entry.objects.get(verb="accounts.sign_in_refused")
    assert entry.target_id == str(world.clerk.pk)
    assert "hunter2" not in str(vars(entry))


def test_an_unknown_name_gets_the_same_answer_and_is_not_kept(world, client):
    known = text_of(enter(client, password="hunter2"))
    unknown = text_of(enter(client, "my-secret-password", "hunter2"))
    scrub = re.compile(r'value="[^"]*"|csrf[^>]*|"X-CSRFToken[^}]*')
    assert scrub.sub("", known) == scrub.sub("", unknown)
    entry = Entry.objects.order_by("-id").first()
    assert entry.target_id == ""
    assert "my-secret-password" not in str(vars(entry))


def test_after_five_mistakes_the_right_password_waits_and_the_page_says_so(world, client):
    for _ in range(5):
        enter(client, password="hunter2")
    page = text_of(enter(client))
    assert "5分間止めています" in page
    assert "パスワードは変わっていません" in page
    assert not is_in(client)
    assert Entry.objects.filter(verb="accounts.sign_in_refused").count() == 6
    cache.clear()
    enter(client)
    assert is_in(client)


def test_a_suspended_user_is_told_after_the_right_password_only(world, client):
    suspend_user(actor=now_acting(world.town_manager), user_id=world.clerk.pk, reason="休職")
    assert "停止されている" not in text_of(enter(client, password="hunter2"))
    answer = client.get(enter(client).url)
    assert any("停止されている" in text for text in said(answer))
    assert not is_in(client)


def test_somebody_without_a_role_of_today_is_told_whom_to_ask(world, client):
    Membership.objects.filter(user=world.clerk).update(valid_to=timezone.localdate() - timedelta(days=2))
    answer = client.get(enter(client).url)
    assert any("有効な所属がない" in text for text in said(answer))
    assert not is_in(client)


def test_the_card_is_asked_for_by_number_and_opens(world, client):
    codes = card_of(world.clerk)
    answer = enter(client, next="/accounts/own/")
    assert answer.url == reverse("accounts:second_factor")
    assert not is_in(client)
    page = text_of(client.get(answer.url))
    assert "2番" in page
    assert "one-time-code" in page
    wrong = client.post(answer.url, {"code": "0000 0000"})
    assert "コードが違います" in text_of(wrong)
    assert not is_in(client)
    done = client.post(answer.url, {"code": codes[2]})
    assert done.status_code == 302
    assert is_in(client)
    assert client.session["nimo_second_factor"] == "card"
    assert '"card"' in Entry.objects.get(verb="accounts.sign_in").diff


def test_the_code_page_opens_for_nobody_without_the_password(world, client):
    assert client.get(reverse("accounts:second_factor")).url == reverse("account_login")
    assert client.post(reverse("accounts:second_factor"), {"code": "1"}).url == reverse("account_login")


def test_a_half_finished_sign_in_opens_no_page(world, client):
    card_of(world.clerk)
    enter(client)
    answer = client.get(reverse("accounts:own_account"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer.url


def test_at_a_shared_pc_the_sign_in_page_is_always_fresh(world, client):
    card_of(world.clerk)
    enter(client)
    assert client.get(reverse("account_login")).status_code == 200
    assert enter(client, "nurse").status_code == 302
    assert client.session["_auth_user_id"] == str(world.nurse.pk)


def test_a_card_without_codes_lets_nobody_in_with_the_password_alone(world, client):
    card_of(world.clerk)
    world.clerk.code_cards.get().codes.update(used_at=timezone.now())
    answer = client.get(enter(client).url)
    assert any("使い終えている" in text for text in said(answer))
    assert not is_in(client)


def test_after_the_last_code_a_new_card_comes_before_anything_else(world, client):
    codes = card_of(world.clerk)
    world.clerk.code_cards.get().codes.filter(number__lt=20).update(used_at=timezone.now())
    enter(client)
    client.post(reverse("accounts:second_factor"), {"code": codes[20]})
    assert is_in(client)
    answer = client.get(reverse("accounts:own_account"))
    assert answer.url == reverse("accounts:second_factor_set_up")
    assert "すべて使い終えました" in text_of(client.get(answer.url))


def test_few_codes_left_are_announced_at_sign_in(world, client):
    codes = card_of(world.clerk)
    world.clerk.code_cards.get().codes.filter(number__lt=15).update(used_at=timezone.now())
    enter(client)
    client.post(reverse("accounts:second_factor"), {"code": codes[15]})
    answer = client.get(reverse("accounts:own_account"))
    assert any("残りは5個" in text for text in said(answer))


def test_switching_ends_the_session_with_one_click_and_names_nobody(world, client):
    client = signed_in(world.clerk)
    before = client.session.session_key
    answer = client.post(reverse("accounts:switch"))
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    page = client.get(answer.url)
    assert not is_in(client)
    assert client.session.session_key != before
    assert "町担" not in text_of(page)
    assert "clerk" not in text_of(page)
    assert Entry.objects.get(verb="accounts.sign_out").reason == "利用者の切り替え"


def test_switching_warns_of_what_is_not_saved_and_ends_nothing_by_a_link(world):
    client = signed_in(world.clerk)
    assert "保存していない入力" in text_of(client.get(reverse("accounts:switch")))
    assert is_in(client)


def test_signing_out_ends_the_session_and_goes_to_the_sign_in_page(world):
    client = signed_in(world.clerk)
    assert is_in(client)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert not is_in(client)


def test_pages_of_a_session_are_not_kept_by_the_browser(world):
    answer = signed_in(world.clerk).get(reverse("accounts:own_account"))
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_session_ends_after_the_longest_time_however_busy(world):
    client = signed_in(world.clerk)
    session = client.session
    session["nimo_signed_in_at"] = (timezone.now() - SESSION_LIMIT + timedelta(minutes=1)).isoformat()
    session.save()
    assert client.get(reverse("accounts:own_account")).status_code == 200
    session["nimo_signed_in_at"] = (timezone.now() - SESSION_LIMIT).isoformat()
    session.save()
    answer = client.get(reverse("accounts:own_account"), follow=True)
    assert not is_in(client)
    assert any("12時間" in text for text in said(answer))


def used(client: Client, ago: timedelta) -> None:
    session = client.session
    session["nimo_used_at"] = (timezone.now() - ago).isoformat()
    session.save()


def test_a_page_that_is_read_writes_nothing_and_the_session_lives_on_from_minute_to_minute(world, settings):
    client = signed_in(world.clerk)
    page = reverse("accounts:own_account")
    client.get(page)
    with CaptureQueriesContext(connection) as first:
        client.get(page)
    assert not [asked["sql"] for asked in first if not asked["sql"].startswith("SELECT")]
    used(client, timedelta(seconds=61))
    Session.objects.update(expire_date=timezone.now() + timedelta(seconds=5))
    assert client.get(page).cookies["sessionid"].value == client.session.session_key
    left = Session.objects.get().expire_date - timezone.now()
    assert left > timedelta(seconds=settings.SESSION_COOKIE_AGE - 60)


def test_a_session_that_lay_idle_is_over(world):
    client = signed_in(world.clerk)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get(reverse("accounts:own_account")).status_code == 302


def test_a_visitor_without_a_session_gets_none(client):
    assert "sessionid" not in client.get("/regions/").cookies
    assert not Session.objects.exists()


def test_a_session_ends_when_somebody_ends_all_of_the_users_sessions(world):
    client = signed_in(world.clerk)
    assert client.get(reverse("accounts:own_account")).status_code == 200
    end_sessions(actor=now_acting(world.town_manager), user_id=world.clerk.pk)
    assert client.get(reverse("accounts:own_account")).status_code == 302


def test_an_invitation_leads_from_the_link_to_the_first_sign_in(world, client):
    issued = reissue_link(actor=now_acting(world.town_manager), user_id=world.nurse.pk)
    answer = client.get(reverse("accounts:invitation_link", args=[issued.code.lower()]))
    assert issued.code not in answer.url
    page = text_of(client.get(answer.url))
    assert "病院 七子" in page
    assert 'autocomplete="new-password"' in page
    different = client.post(answer.url, {"password": PASSWORD + "新", "again": PASSWORD})
    assert "2つのパスワードが違います" in text_of(different)
    weak = client.post(answer.url, {"password": "short", "again": "short"})
    assert "このパスワードは使えません" in text_of(weak)
    done = client.post(answer.url, {"password": PASSWORD + "新", "again": PASSWORD + "新"})
    assert done.url == reverse("account_login")
    enter(client, "nurse", PASSWORD + "新")
    assert is_in(client)


def test_an_invitation_code_can_be_typed_from_paper(world, client):
    issued = reissue_link(actor=now_acting(world.town_manager), user_id=world.nurse.pk)
    spaced = " ".join(issued.code[start : start + 4] for start in range(0, 24, 4)).lower()
    answer = client.post(reverse("accounts:invitation"), {"code": spaced}, follow=True)
    assert "病院 七子" in text_of(answer)


def test_a_wrong_invitation_code_says_what_to_do(world, client):
    answer = client.post(reverse("accounts:invitation"), {"code": "ABCD"}, follow=True)
    assert "もう一度発行を頼んでください" in text_of(answer)


def test_too_many_requests_get_a_japanese_page(world, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for _ in range(2):
        enter(client, password="hunter2")
    answer = enter(client, password="hunter2")
    assert answer.status_code == 429
    assert "しばらくお待ちください" in text_of(answer)


def test_the_role_decides_who_must_set_up_a_second_factor(world):
    Membership.objects.filter(user=world.nurse).update(role=Role.CLINIC_WORKER)
    member = signed_in(world.nurse, second_factor="")
    assert member.get(reverse("accounts:own_account")).status_code == 200
    Membership.objects.create(
        user=world.nurse, organisation=world.hall, role=Role.MUNICIPAL_OFFICER, valid_from="2020-04-01"
    )
    assert member.get(reverse("accounts:own_account")).url == reverse("accounts:second_factor_set_up")
