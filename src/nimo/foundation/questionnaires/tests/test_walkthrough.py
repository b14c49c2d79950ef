"""From the first question to the results, as a browser without script would do it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.models.forms import FormVersion
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.queries.rounds import letters_of
from nimo.foundation.questionnaires.tests.support import CITY
from tests.support.people import user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"questionnaires:{name}", args=args)


def ok(answer, status: int = 200):
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def build(client: Client) -> FormVersion:
    ok(client.post(url("form_create"), {"title": "架空の調査", "purpose": "survey", "about": ""}), 302)
    version = FormVersion.objects.get()
    ok(client.get(url("version_detail", version.pk)))
    ok(client.post(url("section_add", version.pk), {"text": "はじめに", "version": 1}), 302)
    for number, (kind, text) in enumerate(
        (("choice", "連携"), ("long_text", "理由"), ("number", "人数"), ("table", "表"))
    ):
        ok(client.get(url("question_add", version.pk, "s1")))
        ok(client.post(url("question_add", version.pk, "s1"), {"text": text, "kind": kind, "version": 2 + number}), 302)
    common = {"help": "", "plain": "", "behaviour": "all", "version": 6}
    ok(client.get(url("question_edit", version.pk, "q2")))
    ok(
        client.post(
            url("question_edit", version.pk, "q2"),
            common | {"text": "連携", "required": "on", "options": "はい\nいいえ"},
        ),
        302,
    )
    ok(
        client.post(
            url("question_edit", version.pk, "q3"),
            common | {"text": "理由", "condition_0": "q2|=|a2", "version": 7},
        ),
        302,
    )
    ok(
        client.post(
            url("question_edit", version.pk, "q5"),
            common | {"text": "表", "columns": "名前\n回数｜数", "max_rows": "3", "version": 8},
        ),
        302,
    )
    ok(client.post(url("item_move", version.pk, "q4"), {"to": "up", "version": 9}), 302)
    ok(client.get(url("item_remove", version.pk, "q4")))
    ok(client.get(url("introduction_edit", version.pk)))
    ok(client.get(url("section_edit", version.pk, "s1")))
    ok(client.get(url("version_preview", version.pk)))
    ok(client.get(url("version_publish", version.pk)))
    ok(client.post(url("version_publish", version.pk), {"version": 10}), 302)
    ok(client.get(url("version_detail", version.pk)))
    version.refresh_from_db()
    assert version.state == "published"
    return version


def test_a_questionnaire_goes_from_the_builder_to_its_results():
    client = signed_in(user_of(Role.MUNICIPAL_OFFICER, CITY))
    version = build(client)
    ok(client.get(url("round_create", version.pk)))
    plan = {
        "title": "架空の回",
        "opens_on": "令和1年5月1日",
        "due_on": "2090-01-01",
        "unit": "organisation",
        "identity": "named",
        "answer_rule": "once",
        "link_allowed": "on",
    }
    ok(client.post(url("round_create", version.pk), plan), 422)
    now = actor_for_user(User.objects.get(), __import__("django.utils.timezone", fromlist=["now"]).now()).today
    plan |= {"opens_on": now.isoformat(), "due_on": now.isoformat()}
    ok(client.post(url("round_create", version.pk), plan), 302)
    round_ = Round.objects.get()
    ok(client.get(url("round_invite", round_.pk)))
    ok(client.post(url("round_invite", round_.pk), {"labels": "自治会 御中\n架空の会 御中\n紙の相手"}), 302)
    ok(client.get(url("round_detail", round_.pk)))
    ok(client.post(url("round_open", round_.pk), {"version": 1}), 302)
    ok(client.get(url("round_detail", round_.pk)))
    csv = ok(client.post(url("round_letters_csv", round_.pk))).content.decode()
    assert csv.count("/questionnaires/a/") == 3

    code = letters_of(round_, path="")[0].code
    visitor = Client()
    came = ok(visitor.get(url("answer_link", code)), 302)
    assert came["Referrer-Policy"] == "no-referrer"
    start = ok(visitor.get(came["Location"])).content.decode()
    assert code not in start
    assert "架空の回" in start
    section = url("answer_section", 1)
    page = ok(visitor.get(section)).content.decode()
    assert "理由" not in re.sub(r"<[^>]*>", "", page)
    shown = "q2,q4,q5"
    answers = {"q2": "a2", "q4": "１２人", "q5.0.q5c1": "架空の会", "q5.0.q5c2": "3", "shown": shown, "go": "next"}
    ok(visitor.post(section, answers), 302)
    assert "理由" in ok(visitor.get(section)).content.decode()
    wrong = ok(visitor.post(section, answers | {"shown": f"{shown},q3", "q4": "たくさん"}), 422).content.decode()
    assert "数字で入力してください" in wrong
    ok(visitor.post(section, answers | {"shown": f"{shown},q3", "q4": "12", "q3": "𠮷田さんと😀"}), 302)
    assert "𠮷田さんと😀" in ok(visitor.get(url("answer_review"))).content.decode()
    ok(visitor.post(url("answer_review")), 302)
    assert "受け付けました" in ok(visitor.get(url("answer_done"))).content.decode()
    again = Client()
    again.get(url("answer_link", code))
    assert "受け付け済み" in ok(again.get(url("answer_start")), 410).content.decode()

    paper = Invitation.objects.get(label="紙の相手")
    ok(client.get(url("invitation_paper", paper.pk)))
    ok(client.post(url("invitation_paper", paper.pk), {"q2": "a1", "q4": "3", "go": "submit"}), 302)
    assert Answer.objects.filter(filled=True).count() == 2
    answer = Answer.objects.get(invitation=paper)
    assert answer.entered_by is not None
    ok(client.get(url("answer_detail", answer.pk)))
    ok(client.get(url("round_results", round_.pk)))
    ok(client.get(url("round_by_kind", round_.pk, "q2")))
    ok(client.get(url("round_texts", round_.pk)))
    ok(client.get(url("round_compare", round_.pk)))
    ok(client.get(url("round_results_csv", round_.pk)))
    ok(client.get(url("round_results_xlsx", round_.pk)))
    ok(client.get(url("round_close", round_.pk)))
    ok(client.post(url("round_close", round_.pk), {"version": 2}), 302)
    ok(client.get(url("form_list")))
    ok(client.get(url("form_detail", version.form_id)))
    ok(client.get(url("own_list")))
    ok(client.get(url("round_workbook", round_.pk)))
    ok(client.get(url("round_paper", round_.pk)))
