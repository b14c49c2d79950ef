"""Screens: the link's pages keep the code to themselves, bad input is explained, nothing needs script."""

from __future__ import annotations

import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.audit.models import Entry
from nimo.foundation.questionnaires.choices import AnswerRule, Identity
from nimo.foundation.questionnaires.models.answers import Answer, AnswerDraft
from nimo.foundation.questionnaires.models.forms import FormVersion
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.queries.rounds import letters_of
from nimo.foundation.questionnaires.services import rounds
from nimo.foundation.questionnaires.tests.support import CITY, opened, published
from tests.support.people import user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def quiet(settings, tmp_path, caplog):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    caplog.set_level(logging.DEBUG)


def url(name: str, *args: object) -> str:
    return reverse(f"questionnaires:{name}", args=args)


@pytest.fixture
def owner() -> User:
    return user_of(Role.MUNICIPAL_OFFICER, CITY)


@pytest.fixture
def office(owner) -> Client:
    client = Client()
    client.force_login(owner, backend=BACKEND)
    return client


def running(owner: User, **changes) -> Round:
    """Open today, whatever day the tests run."""
    actor = actor_for_user(owner, timezone.now())
    return opened(actor, 2, published(actor), opens_on=actor.today, due_on=actor.today, **changes)


def come(round_: Round, label: str = "架空の相手1") -> tuple[Client, str]:
    code = next(letter.code for letter in letters_of(round_, path="") if letter.name == label)
    visitor = Client()
    visitor.get(url("answer_link", code))
    return visitor, code


SHOWN = {"shown": "q1,q2", "q1": "12", "q2": "a1", "go": "next"}


def test_the_code_is_in_one_address_only_and_in_no_log_audit_or_session(owner, caplog):
    round_ = running(owner)
    visitor, code = come(round_)
    answers = [
        visitor.get(url("answer_start")),
        visitor.get(url("answer_section", 1)),
        visitor.post(url("answer_section", 1), SHOWN),
        visitor.get(url("answer_review")),
        visitor.post(url("answer_review")),
        visitor.get(url("answer_done")),
    ]
    told = "".join(f"{answer.headers} {answer.content.decode()}" for answer in answers)
    assert code not in told
    assert code not in str(dict(visitor.session))
    assert code not in " ".join(f"{e.target_id}{e.diff}{e.request_id}{e.reason}" for e in Entry.objects.all())
    assert code not in caplog.text
    assert Answer.objects.filter(filled=True).count() == 1


def test_the_entrance_tells_nobody_where_it_was_and_no_page_is_kept(owner):
    visitor, code = come(running(owner))
    entrance = visitor.get(url("answer_link", code))
    assert entrance["Referrer-Policy"] == "no-referrer"
    for name, *arguments in (("answer_start",), ("answer_section", 1), ("answer_review",)):
        page = visitor.get(url(name, *arguments))
        assert page["Referrer-Policy"] == "same-origin"
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]


@pytest.mark.parametrize("code", ["nonsense", "A" * 24, "％００", "..", "A" * 300])
def test_a_code_nobody_was_given_gets_a_clear_page(code):
    visitor = Client()
    assert visitor.get(url("answer_link", code)).status_code == 302
    page = visitor.get(url("answer_start"))
    assert page.status_code == 200
    assert "開けませんでした" in page.content.decode()
    typed = visitor.post(url("answer_start"), {"code": code[:80]}, follow=True).content.decode()
    assert "開けませんでした" in typed


def test_without_a_code_there_is_only_the_box_for_it():
    visitor = Client()
    for name, *arguments in (("answer_section", 1), ("answer_review",), ("answer_done",), ("answer_workbook",)):
        assert visitor.get(url(name, *arguments)).headers["Location"] == url("answer_start")
    assert "案内文にあるコード" in visitor.get(url("answer_start")).content.decode()


def test_a_used_and_a_late_link_say_so(owner):
    round_ = running(owner, answer_rule=AnswerRule.ONCE)
    visitor, code = come(round_)
    visitor.post(url("answer_section", 1), SHOWN)
    visitor.post(url("answer_review"))
    again = Client()
    page = again.get(url("answer_link", code), follow=True)
    assert page.status_code == 410
    assert "受け付け済み" in page.content.decode()
    late, _ = come(round_, "架空の相手2")
    Round.objects.filter(pk=round_.pk).update(opens_on="2020-04-01", due_on="2020-05-01")
    page = late.get(url("answer_start"))
    assert page.status_code == 410
    assert "期限（2020年5月1日）を過ぎた" in page.content.decode()
    assert late.post(url("answer_section", 1), SHOWN).headers["Location"] == url("answer_start")


def test_a_change_is_kept_silently_by_script_and_answers_nothing(owner):
    visitor, _ = come(running(owner))
    answer = visitor.post(url("answer_section", 1), SHOWN | {"q1": "多い"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert AnswerDraft.objects.get().content["q1"] == "多い"
    assert "多い" in visitor.get(url("answer_section", 1)).content.decode()


def test_what_cannot_be_read_is_said_beside_its_box_and_kept(owner):
    visitor, _ = come(running(owner))
    page = visitor.post(url("answer_section", 1), SHOWN | {"q1": "<b>たくさん</b>"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "数字で入力してください" in text
    assert "&lt;b&gt;たくさん&lt;/b&gt;" in text
    assert 'href="#id_q1"' in text


def test_easy_words_and_readings_are_shown_when_asked_for(owner):
    visitor, _ = come(running(owner))
    assert "<ruby>" not in visitor.get(url("answer_section", 1)).content.decode()
    visitor.get(url("answer_start"), {"easy": "1"})
    text = visitor.get(url("answer_section", 1)).content.decode()
    assert "<ruby>基礎<rp>（</rp><rt>きそ</rt>" in text
    assert "いっしょに 仕事が" in text


def test_a_question_with_markup_is_text_everywhere(owner, office):
    actor = actor_for_user(owner, timezone.now())
    version = published(actor)
    evil = "<script>alert(1)</script>"
    data = version.structure
    data["item"][0]["item"][0]["text"] = evil
    FormVersion.objects.filter(pk=version.pk).update(structure=data)
    for page in (url("version_detail", version.pk), url("version_preview", version.pk) + "?easy=1"):
        text = office.get(page).content.decode()
        assert evil not in text
        assert "&lt;script&gt;" in text


def test_an_anonymous_round_promises_what_it_keeps(owner, office):
    round_ = running(owner, identity=Identity.ANONYMOUS)
    visitor, _ = come(round_)
    start = visitor.get(url("answer_start")).content.decode()
    assert "だれの答えか分かりません" in start
    assert "架空の相手1" not in start
    visitor.post(url("answer_section", 1), SHOWN)
    visitor.post(url("answer_review"))
    text = office.get(url("round_detail", round_.pk)).content.decode()
    assert "回答済み" in text
    assert "回答を見る" not in text
    assert "締め切ってから" in office.get(url("round_results", round_.pk)).content.decode()
    assert office.get(url("round_results_csv", round_.pk)).status_code == 404
    paper = url("round_paper", round_.pk)
    assert office.get(paper).status_code == 200
    assert office.post(paper, {"q1": "x"}).status_code == 422
    assert office.post(paper, {"q1": "3", "q2": "a1"}).status_code == 302


def test_an_excel_sheet_goes_round_by_the_screens(owner, office):
    round_ = running(owner)
    visitor, _ = come(round_)
    content = visitor.get(url("answer_workbook_xlsx")).content
    page = visitor.post(url("answer_workbook"), {"file": SimpleUploadedFile("回答票.xlsx", content)})
    assert page.status_code == 422
    assert "一つも入力されていません" in page.content.decode()
    page = office.post(url("round_workbook", round_.pk), {"file": SimpleUploadedFile("x.xlsx", b"nonsense")})
    assert "読み取れませんでした" in page.content.decode()
    assert visitor.post(url("answer_workbook"), {}).status_code == 422


def test_letters_and_paper_are_handed_out_and_noted_without_the_codes(owner, office):
    round_ = running(owner)
    codes = [letter.code for letter in letters_of(round_, path="")]
    pdf = office.post(url("round_letters_pdf", round_.pk))
    assert pdf.content.startswith(b"%PDF")
    assert "no-store" in pdf["Cache-Control"]
    entry = Entry.objects.get(verb="questionnaires.print_letters")
    assert not any(code in entry.diff for code in codes)
    invitation = Invitation.objects.filter(round=round_).first()
    assert office.get(url("invitation_form", invitation.pk)).content.startswith(b"%PDF")
    assert office.get(url("version_paper", round_.form_version_id)).content.startswith(b"%PDF")
    assert office.get(url("invitation_workbook", invitation.pk)).content.startswith(b"PK")


def test_a_version_that_is_in_use_shows_no_way_to_change_it(owner, office):
    version = published(actor_for_user(owner, timezone.now()))
    text = office.get(url("version_detail", version.pk)).content.decode()
    assert "直す" not in text
    refused = office.post(url("item_move", version.pk, "q2"), {"to": "up", "version": version.version}, follow=True)
    assert "使い始めた版の質問は変えられません" in refused.content.decode()


def test_an_invitation_is_reissued_and_cancelled_by_the_screens(owner, office):
    round_ = running(owner)
    invitation = Invitation.objects.filter(round=round_).order_by("label").first()
    visitor, _ = come(round_)
    office.post(url("invitation_reissue", invitation.pk))
    assert "開けませんでした" in visitor.get(url("answer_section", 1), follow=True).content.decode()
    office.post(url("invitation_cancel", invitation.pk), {"reason": "別の人だった"})
    assert "取り消し" in office.get(url("round_detail", round_.pk)).content.decode()


def test_an_empty_choice_of_recipients_is_explained(owner, office):
    round_ = running(owner)
    page = office.post(url("round_invite", round_.pk), {"labels": "  "})
    assert page.status_code == 422
    assert "一つ以上選ぶか" in page.content.decode()


def test_an_organisation_is_told_and_answers_signed_in(owner, office):
    actor = actor_for_user(owner, timezone.now())
    worker = user_of(Role.HOSPITAL_WORKER, CITY)
    round_ = running(owner)
    office.post(url("round_invite", round_.pk), {"organisations": [str(worker.memberships.get().organisation_id)]})
    client = Client()
    client.force_login(worker, backend=BACKEND)
    listed = client.get(url("own_list")).content.decode()
    assert "架空の回" in listed
    invitation = Invitation.objects.get(organisation__isnull=False)
    page = client.get(url("own_answer", invitation.pk), follow=True).content.decode()
    assert "答えはじめる" in page
    assert client.post(url("answer_section", 1), SHOWN).headers["Location"] == url("answer_section", 2)
    client.post(url("answer_section", 2), {"shown": "q4", "q4": "true", "go": "next"})
    client.post(url("answer_review"))
    assert Answer.objects.get(filled=True).content["q4"] is True
    rounds.close_round(actor=actor, round_id=round_.pk, version=round_.version)
    outsider = Client()
    outsider.force_login(user_of(Role.HOSPITAL_WORKER, "11201"), backend=BACKEND)
    assert outsider.get(url("own_answer", invitation.pk)).status_code == 404


def test_rows_are_added_to_a_table_without_script(owner):
    visitor, _ = come(running(owner))
    visitor.post(url("answer_section", 1), SHOWN)
    page = url("answer_section", 2)
    sent = {"shown": "q5,q6,q7,q8,q9", "q8.0.q8c1": "甲", "q8.1.q8c1": "乙", "go": "rows:q8"}
    more = visitor.post(page, sent)
    text = visitor.get(more.headers["Location"]).content.decode()
    assert 'name="q8.2.q8c1"' in text
    assert 'value="乙"' in text
