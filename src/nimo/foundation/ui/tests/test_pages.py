"""The frame of every page, and the pages shown when something fails."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.test import RequestFactory
from lxml import html as lxml_html

from nimo.foundation.access.actors import Actor, Grant
from nimo.foundation.access.permissions import Permission, Role, Scope
from nimo.foundation.ui import pages, views
from nimo.foundation.ui.tests.drawing import words

NOW = datetime(2026, 4, 1, tzinfo=UTC)
ORGANISATION = uuid4()
GRANT = Grant(
    Role.PREFECTURE_OFFICER,
    ORGANISATION,
    "見本県 障害福祉課",
    "10000",
    None,
    {Permission.VIEW_SHEET: Scope.OWN_REGION},
)
OFFICER = Actor(kind="user", now=NOW, name="見本 花子", user_id=uuid4(), grants=(GRANT,), request_id="r-1")
VISITOR = Actor.anonymous(now=NOW)
NAVIGATION = [
    ("部品", "ui:gallery", None),
    ("シート", "ui:gallery", "VIEW_SHEET"),
    ("監査", "ui:gallery", "VIEW_AUDIT"),
    ("まだない画面", "nowhere", None),
]


@pytest.fixture(autouse=True)
def _navigation(settings):
    settings.NIMO_NAVIGATION = NAVIGATION


def _request(path="/ui/", actor=OFFICER):
    request = RequestFactory().get(path)
    request.actor = actor
    return request


def _page(request, **arguments):
    response = pages.render(request, "ui/gallery.html", {"components": []}, **{"title": "題", **arguments})
    return lxml_html.document_fromstring(response.content.decode())


def test_the_title_is_the_heading_and_the_name_of_the_window():
    page = _page(_request())
    assert [words(heading) for heading in page.xpath("//h1")] == ["題"]
    assert page.xpath("//title")[0].text == "題｜nimo"
    assert page.get("lang") == "ja"


def test_the_first_link_leads_to_the_main_part():
    page = _page(_request())
    first = page.xpath("//a")[0]
    assert words(first) == "本文へ移る"
    assert page.xpath(f"//main[@id='{first.get('href')[1:]}']")


def test_breadcrumbs_end_with_the_page_itself():
    page = _page(_request(), breadcrumbs=[("ホーム", "/"), ("地域", "/regions/")])
    crumbs = page.xpath("//nav[@aria-label='現在の位置']//li")
    assert [words(crumb) for crumb in crumbs] == ["ホーム", "地域", "題"]
    assert crumbs[-1].get("aria-current") == "page"


def test_the_menu_shows_what_the_actor_may_open():
    labels = [entry.label for entry in pages.navigation(OFFICER, "/")]
    assert labels == ["部品", "シート"]
    assert [entry.label for entry in pages.navigation(VISITOR, "/")] == ["部品"]


def test_the_menu_marks_the_longest_address_that_fits(settings):
    settings.NIMO_NAVIGATION = [("部品", "ui:gallery", None)]
    assert pages.navigation(None, "/ui/button/")[0].current
    assert not pages.navigation(None, "/regions/")[0].current


def test_says_who_is_signed_in_and_for_whom():
    assert "見本 花子" in words(_page(_request()).xpath("//header")[0])
    assert "見本県 障害福祉課" in words(_page(_request()).xpath("//header")[0])


def test_a_visitor_sees_no_account_and_no_token_is_given_out():
    page = _page(_request(actor=VISITOR))
    assert "ログアウト" not in words(page)
    assert page.xpath("//body")[0].get("hx-headers") is None


def test_htmx_is_kept_short_and_sends_the_token():
    page = _page(_request())
    config = json.loads(page.xpath("//meta[@name='htmx-config']")[0].get("content"))
    assert config == {
        "allowEval": False,
        "includeIndicatorStyles": False,
        "allowScriptTags": False,
        "historyCacheSize": 0,
        "selfRequestsOnly": True,
    }
    assert json.loads(page.xpath("//body")[0].get("hx-headers"))["X-CSRFToken"]


def test_the_demo_says_that_it_is_one(settings):
    settings.NIMO_DEMO = True
    assert "デモ環境です。人物は架空です" in words(_page(_request()))
    settings.NIMO_DEMO = False
    assert "デモ環境" not in words(_page(_request()))


@pytest.mark.parametrize(
    ("level", "role", "word"),
    [
        (constants.ERROR, "alert", "エラー"),
        (constants.SUCCESS, "status", "完了"),
        (constants.INFO, "status", "お知らせ"),
    ],
)
def test_messages_are_announced_and_named_in_words(level, role, word):
    request = _request()
    request._messages = [Message(level, "保存しました。")]
    (shown,) = _page(request).xpath(f"//*[@role='{role}']")
    assert words(shown) == f"{word}保存しました。"


def test_a_fragment_answers_without_the_frame():
    response = pages.render(_request(), "ui/parts/breadcrumbs.html", title="題", breadcrumbs=[("a", "/a/")])
    assert b"<html" not in response.content


@pytest.mark.parametrize(
    ("view", "exception", "status"),
    [
        (views.bad_request, SuspiciousOperation("bad host evil.example"), 400),
        (views.bad_request, RequestDataTooBig("body"), 413),
        (views.permission_denied, PermissionDenied("case 太郎 of hospital 3"), 403),
        (views.page_not_found, None, 404),
    ],
)
@pytest.mark.parametrize("actor", [OFFICER, VISITOR])
def test_a_failure_is_explained_and_gives_nothing_away(view, exception, status, actor):
    response = view(_request("/people/secret-name/", actor), exception)
    assert response.status_code == status
    main = words(lxml_html.document_fromstring(response.content.decode()).xpath("//main")[0])
    assert "保存されている記録は変わっていません" in main
    for leak in ("evil.example", "太郎", "secret-name"):
        assert leak not in response.content.decode()


def test_a_refusal_says_which_right_is_missing():
    response = views.permission_denied(_request(), PermissionDenied("「監査の記録を見る」権限がありません。"))
    assert "「監査の記録を見る」権限がありません。" in response.content.decode()


def test_a_lost_token_says_what_to_do():
    response = views.csrf_failure(_request(), reason="CSRF cookie not set.")
    assert response.status_code == 403
    assert "もう一度送ってください" in response.content.decode()
    assert "CSRF" not in words(lxml_html.document_fromstring(response.content.decode()))


def test_the_page_of_last_resort_needs_nothing_but_itself(settings):
    broken = copy.deepcopy(settings.TEMPLATES)
    broken[0]["OPTIONS"]["context_processors"] = ["nowhere.at_all"]
    settings.TEMPLATES = broken
    response = views.server_error(SimpleNamespace(actor=OFFICER))
    text = response.content.decode()
    assert response.status_code == 500
    assert "r-1" in text
    assert views.server_error(SimpleNamespace()).status_code == 500


def test_a_part_that_does_not_exist_has_no_gallery_page(client, db):
    assert client.get("/ui/nothing/").status_code == 404
