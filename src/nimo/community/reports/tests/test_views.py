"""The screens of answers: from a region page to the paper, as an official goes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nimo.community.reports.models.answers import AnswerSheet, AnswerVersion
from nimo.community.reports.tests.support import CITY, LONG_STAY, WORDS, begun, confirmed, figure, five_years, said
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.support.people import NOW, load_places, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SENT = {
    "title": WORDS.title,
    "meeting_name": WORDS.meeting_name,
    "asked_on": "R8.11.20",
    "answerer_post": WORDS.answerer_post,
    "question": WORDS.question,
    "answer": WORDS.answer,
}


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    load_places()


@pytest.fixture
def user():
    return user_of(Role.MUNICIPAL_OFFICER, CITY)


@pytest.fixture
def actor(user):
    return actor_for_user(user, NOW)


@pytest.fixture
def client(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text(response) -> str:
    return response.content.decode()


class TestWaysIn:
    def test_the_pages_of_region_figure_and_indicator_lead_to_it(self, client):
        figure(2023, 210)
        for path in (f"/regions/{CITY}/", f"/indicators/{LONG_STAY}/"):
            assert "/reports/answers/new/?" in text(client.get(path)), path
        assert "/reports/answers/new/" not in text(Client().get(f"/regions/{CITY}/"))

    def test_a_region_is_found_by_its_name(self, client):
        page = text(client.get(reverse("reports:answer_new"), {"q": "おおた", "indicator": LONG_STAY}))
        assert f"?region={CITY}&amp;indicator={LONG_STAY}" in page

    def test_the_indicator_one_came_from_is_ticked(self, client):
        figure(2023, 210)
        page = text(client.get(reverse("reports:answer_new"), {"region": CITY, "indicator": LONG_STAY}))
        assert "210人" in page
        assert page.count("checked") == 1

    def test_a_region_without_figures_says_so(self, client):
        assert "まだ値がありません" in text(client.get(reverse("reports:answer_new"), {"region": "10366"}))


class TestWriting:
    def begin(self, client, **extra):
        sent = {"region": CITY, "indicators": [LONG_STAY], **extra}
        return client.post(reverse("reports:answer_new"), sent)

    def test_goes_from_the_choice_to_the_confirmed_paper(self, client):
        five_years()
        edit = self.begin(client)["Location"]
        page = text(client.get(edit))
        assert "210" in page
        assert "記録なし" in page
        detail = client.post(edit, {**SENT, "version": 1})["Location"]
        page = text(client.get(detail))
        assert "令和8年11月20日" in page
        sheet = AnswerSheet.objects.get()
        paper = client.get(reverse("reports:answer_pdf", args=[sheet.pk, 2]))
        assert paper["Content-Type"] == "application/pdf"
        assert "𠮷野地区" in said(paper.content)
        client.post(reverse("reports:answer_confirm", args=[sheet.pk]), {"version": 2})
        sheet.refresh_from_db()
        assert sheet.state == "confirmed"
        kept = b"".join(client.get(reverse("files:file_download", args=[sheet.pdf_id])).streaming_content)
        assert client.get(reverse("reports:answer_pdf", args=[sheet.pk, 2])).content == kept
        page = text(client.get(detail))
        assert "確定した紙を受け取る" in page
        assert "answer_confirm" not in page
        assert client.get(edit)["Location"] == detail

    def test_keeps_what_was_typed_when_somebody_was_quicker(self, client, actor):
        figure(2023, 210)
        sheet = begun(actor)
        edit = reverse("reports:answer_edit", args=[sheet.pk])
        client.post(edit, {**SENT, "version": 1})
        again = client.post(edit, {**SENT, "answer": "あとから来た人の言葉", "version": 1})
        assert again.status_code == 422
        assert "先に保存した" in text(again)
        assert "あとから来た人の言葉" in text(again)
        assert AnswerVersion.objects.count() == 2

    def test_refuses_a_day_that_is_none(self, client, actor):
        sheet = begun(actor)
        edit = reverse("reports:answer_edit", args=[sheet.pk])
        answer = client.post(edit, {**SENT, "asked_on": "令和8年13月40日", "version": 1})
        assert answer.status_code == 422
        assert AnswerVersion.objects.count() == 1

    def test_refuses_five_indicators_and_none(self, client):
        figure(2023, 210)
        assert self.begin(client, indicators=[]).status_code == 422
        for code in ("population", "psychiatric_beds", "municipalities", "inpatients"):
            figure(2023, 1, indicator=code)
        many = [LONG_STAY, "population", "psychiatric_beds", "municipalities", "inpatients"]
        answer = self.begin(client, indicators=many)
        assert answer.status_code == 422
        assert "4つまで" in text(answer)
        assert not AnswerSheet.objects.exists()

    def test_says_what_is_missing_before_it_is_confirmed(self, client, actor):
        sheet = begun(actor)
        page = client.post(reverse("reports:answer_confirm", args=[sheet.pk]), {"version": 1}, follow=True)
        assert "会議の名称" in text(page)
        assert "まだ確定していません" in text(page)

    def test_a_letter_that_cannot_be_printed_is_named(self, client, actor):
        sheet = begun(actor)
        edit = reverse("reports:answer_edit", args=[sheet.pk])
        client.post(edit, {**SENT, "question": "😀", "version": 1})
        page = client.get(reverse("reports:answer_pdf", args=[sheet.pk, 2]), follow=True)
        assert "「😀」は、印刷に使う文字にない" in text(page)

    def test_is_given_up_with_a_reason(self, client, actor):
        sheet = begun(actor)
        drop = reverse("reports:answer_drop", args=[sheet.pk])
        assert "理由" in text(client.post(drop, {"reason": ""}, follow=True))
        assert "質問がなくなった" in text(client.post(drop, {"reason": "質問がなくなった"}, follow=True))
        assert AnswerSheet.objects.get().state == "dropped"


def test_an_older_version_stays_readable_and_says_that_it_is_old(client, actor):
    figure(2023, 210)
    sheet = confirmed(actor)
    page = text(client.get(reverse("reports:answer_version", args=[sheet.pk, 1])))
    assert "前の版です" in page
    assert "案" in said(client.get(reverse("reports:answer_pdf", args=[sheet.pk, 1])).content)[:40]
    assert client.get(reverse("reports:answer_version", args=[sheet.pk, 9])).status_code == 404


def test_what_was_answered_before_stands_on_the_next_sheet(client, actor):
    figure(2023, 210)
    confirmed(actor)
    page = text(client.get(reverse("reports:answer_edit", args=[begun(actor).pk])))
    assert WORDS.answer in page


def test_the_list_is_searched_and_teaches_when_it_is_empty(client, actor):
    listed = reverse("reports:answer_list")
    assert "まだありません" in text(client.get(listed))
    confirmed(actor)
    assert WORDS.title in text(client.get(listed, {"q": "長期 入院"}))
    assert WORDS.title not in text(client.get(listed, {"q": "ない言葉"}))


def test_a_public_sheet_warns_that_words_are_not_hidden(client, actor):
    sheet = begun(actor, public_only=True)
    assert "文章に書いた数は伏せられません" in text(client.get(reverse("reports:answer_edit", args=[sheet.pk])))
