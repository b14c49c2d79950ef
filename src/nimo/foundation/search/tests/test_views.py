"""The page of results and the words for one another, as they are opened."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.urls import reverse

from nimo.core.searching.words import QUESTION_LIMIT
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry
from nimo.foundation.jobs.models import Job
from nimo.foundation.search.models import SearchEntry, SearchSynonym
from tests.support.people import user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def manager(settings) -> Client:
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    client = Client()
    client.force_login(user_of(Role.SYSTEM_ADMINISTRATOR, "10000"), backend=BACKEND)
    return client


def page(client: Client, **asked: str) -> str:
    answer = client.get(reverse("search:results"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_page_carries_the_box(client):
    for path in ("/regions/", "/indicators/", "/search/"):
        text = client.get(path).content.decode()
        assert 'action="/search/" role="search"' in text
        assert text.count('id="header-search"') == 1


def test_results_teaches_what_can_be_found_when_nothing_was_asked(client):
    assert "探せるもの" in page(client)


@pytest.mark.parametrize("typed", ["・・・", "🙂", "％", "  !?  "])
def test_results_says_plainly_that_symbols_cannot_be_looked_for(client, typed):
    assert "記号だけでは探せません" in page(client, q=typed)


def test_results_says_what_to_do_when_nothing_is_found(client):
    assert "見つかりませんでした" in page(client, q="縦覧台帳")


def test_results_marks_the_words_and_keeps_what_was_typed(client, shelf):
    shelf.put("a", "家族会", "<b>障がい</b>のある人の会")
    text = page(client, q="障害")
    assert "&lt;b&gt;<mark>障がい</mark>&lt;/b&gt;" in text
    assert 'value="障害"' in text
    assert "1件見つかりました" in text


def test_results_narrows_by_prefecture_and_year_and_a_wrong_one_is_told(client, shelf):
    shelf.put("a", "家族会 一", prefecture_code="10000", fiscal_year=2024)
    shelf.put("b", "家族会 二", prefecture_code="11000", fiscal_year=2023)
    assert "1件見つかりました" in page(client, q="家族会", prefecture="10000", year="R6")
    assert "2件見つかりました" in page(client, q="家族会", prefecture="no", year="")
    wrong = page(client, q="家族会", year="いつか")
    assert "年度として読み取れませんでした" in wrong


def test_results_pages_through_what_is_found(client, shelf):
    for number in range(25):
        shelf.put(f"r{number:02}", f"家族会 第{number}回")
    assert "25件" in page(client, q="家族会")
    assert 'start="21"' in page(client, q="家族会", page="2")
    assert 'start="1"' in page(client, q="家族会", page="x")


def test_results_reads_two_thousand_characters_and_says_when_more_were_typed(client):
    assert "はじめの2,000字" not in page(client, q="家族" * (QUESTION_LIMIT // 2))
    assert "はじめの2,000字" in page(client, q="家族" * QUESTION_LIMIT)


def test_results_is_read_only(client):
    assert client.post(reverse("search:results"), {"q": "家族"}).status_code in {403, 405}


def test_what_was_looked_for_is_written_down_nowhere(client, shelf, caplog):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="django.db.backends")
    page(client, q="だれかの名前zq")
    assert "zq" not in caplog.text


def test_synonym_new_registers_and_synonym_edit_changes(manager):
    answer = manager.post(
        reverse("search:synonym_new"), {"word": "アパート", "others": "住居、賃貸\n住まい", "both_ways": "on"}
    )
    assert answer.status_code == 302
    made = SearchSynonym.objects.get()
    assert made.others == ["住居", "賃貸", "住まい"]
    assert "アパート" in manager.get(reverse("search:synonym_list")).content.decode()
    path = reverse("search:synonym_edit", args=[made.pk])
    assert 'value="アパート"' in manager.get(path).content.decode()
    manager.post(path, {"version": "1", "word": "アパート", "others": "住居"})
    made.refresh_from_db()
    assert (made.others, made.both_ways, made.in_use) == (["住居"], False, False)


def test_synonym_new_keeps_what_was_typed_when_it_is_refused(manager):
    answer = manager.post(reverse("search:synonym_new"), {"word": "アパート", "others": "ｱﾊﾟｰﾄ"})
    assert answer.status_code == 422
    assert "表記の違い" in answer.content.decode()
    assert "ｱﾊﾟｰﾄ" in answer.content.decode()


def test_synonym_edit_of_a_changed_word_saves_nothing(manager):
    manager.post(reverse("search:synonym_new"), {"word": "アパート", "others": "住居"})
    made = SearchSynonym.objects.get()
    answer = manager.post(
        reverse("search:synonym_edit", args=[made.pk]), {"version": "9", "word": "アパート", "others": "賃貸"}
    )
    assert answer.status_code == 422
    assert "先に直しました" in answer.content.decode()


def test_an_administrator_has_the_index_made_anew_by_a_job_and_others_have_not(manager, shelf, monkeypatch, settings):
    monkeypatch.setattr("nimo.core.searching.sources._sources", {shelf.code: shelf.source()})
    shelf.put("a", "家族会")
    SearchEntry.objects.all().delete()
    answer = manager.post(reverse("search:rebuild_start"))
    job = Job.objects.get(code="search.rebuild")
    assert answer.url == reverse("jobs:job_detail", args=[job.pk])
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    other = Client()
    other.force_login(user_of(Role.MUNICIPAL_OFFICER, "10000"), backend=BACKEND)
    assert other.post(reverse("search:rebuild_start")).status_code == 403
    assert Entry.objects.filter(verb="search.request_rebuild").count() == 1


def test_the_index_is_not_made_anew_twice_at_once(manager):
    make = manager.post(reverse("search:rebuild_start"))
    again = manager.post(reverse("search:rebuild_start"), follow=True)
    assert make.status_code == 302
    assert "いま作り直しているところです" in again.content.decode()
    assert Job.objects.filter(code="search.rebuild").count() == 1
