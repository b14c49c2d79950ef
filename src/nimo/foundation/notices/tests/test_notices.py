"""A notice reaches its recipients only, leads nowhere outside, and is read once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from nimo.core import events
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import User
from nimo.foundation.jobs.choices import JobState
from nimo.foundation.jobs.events import JobEnded
from nimo.foundation.jobs.tests.support import NOW, SYSTEM, official
from nimo.foundation.notices import handlers, queries, services
from nimo.foundation.notices.models import Notice
from nimo.foundation.notices.policies import NoticeNotFound, visible_notices
from nimo.foundation.notices.rules import is_own_path
from tests.support.queries import assert_constant_queries, count_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
LIST = reverse("notices:notice_list")


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.NIMO_REQUIRE_SECOND_FACTOR = False


@pytest.fixture
def person(client):
    user, actor = official()
    client.force_login(user)
    return actor


def tell(actor, text: str = "確認をお願いします。", path: str = "/jobs/") -> Notice:
    return services.notify(actor=SYSTEM, recipients=[actor.user_id], text=text, path=path)[0]


class TestTelling:
    def test_writes_one_notice_to_each_recipient(self, person):
        _, other = official("別の職員")
        made = services.notify(
            actor=SYSTEM, recipients=[person.user_id, other.user_id, person.user_id], text="会議の日が決まりました。"
        )
        assert sorted(notice.recipient_id for notice in made) == sorted([person.user_id, other.user_id])
        assert {notice.sender_name for notice in made} == {"試験"}

    def test_leaves_out_those_who_can_no_longer_sign_in(self, person):
        User.objects.filter(pk=person.user_id).update(is_active=False)
        assert services.notify(actor=SYSTEM, recipients=[person.user_id, uuid4()], text="お知らせ") == []

    def test_is_gone_when_the_caller_rolls_back(self, person):
        with transaction.atomic():
            tell(person)
            transaction.set_rollback(True)
        assert not Notice.objects.exists()

    @pytest.mark.parametrize("text", ["", "  ", "あ" * 301])
    def test_refuses_no_text_and_a_long_one(self, person, text):
        with pytest.raises(ValueError):
            tell(person, text)

    @pytest.mark.parametrize(
        "path",
        ["https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)", "jobs/", "/a b", "/a\n"],
    )
    def test_refuses_a_path_that_leads_outside(self, person, path):
        assert not is_own_path(path)
        with pytest.raises(ValueError):
            tell(person, path=path)

    @pytest.mark.parametrize("path", ["/", "/jobs/0190/", "/sheets/?year=2024#太田市"])
    def test_accepts_a_path_inside(self, path):
        assert is_own_path(path)


class TestReading:
    def test_counts_what_is_unread_in_one_query(self, person):
        tell(person)
        services.open_notice(actor=person, notice_id=tell(person).pk)
        assert queries.unread_count(person) == 1
        assert count_queries(lambda: queries.unread_count(person)) == 1
        assert count_queries(lambda: queries.unread_count(Actor.anonymous(now=NOW))) == 0

    def test_nobody_reads_the_notices_of_others(self, person):
        _, other = official("別の職員")
        notice = tell(other)
        assert list(visible_notices(person)) == []
        assert list(visible_notices(SYSTEM)) == []
        with pytest.raises(NoticeNotFound):
            services.open_notice(actor=person, notice_id=notice.pk)
        assert services.mark_all_read(actor=person) == 0
        assert queries.unread_count(other) == 1

    def test_keeps_the_moment_of_the_first_reading(self, person):
        notice = tell(person)
        services.open_notice(actor=person, notice_id=notice.pk)
        first = Notice.objects.get(pk=notice.pk).read_at
        services.open_notice(actor=person, notice_id=notice.pk)
        assert Notice.objects.get(pk=notice.pk).read_at == first == NOW


class TestPages:
    def test_teaches_when_there_is_none(self, client, person):
        assert "お知らせはありません" in client.get(LIST).content.decode()

    def test_opens_a_notice_and_goes_where_it_leads(self, client, person):
        notice = tell(person, path="/jobs/?whose=all")
        answer = client.post(reverse("notices:notice_open", args=[notice.pk]))
        assert (answer.status_code, answer["Location"]) == (302, "/jobs/?whose=all")
        assert queries.unread_count(person) == 0

    def test_reading_needs_a_post(self, client, person):
        notice = tell(person)
        assert client.get(reverse("notices:notice_open", args=[notice.pk])).status_code == 405
        assert queries.unread_count(person) == 1

    def test_hides_that_the_notice_of_another_exists(self, client, person):
        _, other = official("別の職員")
        assert client.post(reverse("notices:notice_open", args=[tell(other).pk])).status_code == 404
        assert client.post(reverse("notices:notice_open", args=[uuid4()])).status_code == 404

    def test_shows_the_unread_ones_on_demand(self, client, person):
        services.open_notice(actor=person, notice_id=tell(person, "読んだもの").pk)
        tell(person, "読んでいないもの")
        everything, unread = (client.get(url).content.decode() for url in (LIST, f"{LIST}?which=unread"))
        assert "読んだもの" in everything
        assert "読んでいないもの" in everything
        assert "読んだもの" not in unread

    def test_marks_all_as_read(self, client, person):
        tell(person)
        tell(person)
        answer = client.post(reverse("notices:notice_read_all"), follow=True)
        assert "2 件を既読にしました" in answer.content.decode()

    def test_asks_the_same_number_of_questions_however_long_it_is(self, client, person):
        tell(person)
        assert_constant_queries(lambda: client.get(LIST), lambda: [tell(person) for _ in range(25)])


class TestJobs:
    @pytest.mark.parametrize("state, said", [(JobState.DONE, "終わりました"), (JobState.FAILED, "できませんでした")])
    def test_tells_whoever_asked_for_a_job(self, person, state, said, django_capture_on_commit_callbacks):
        job_id = uuid4()
        with django_capture_on_commit_callbacks(execute=True):
            events.publish(JobEnded(job_id, "sheets.read", "シートの読み取り", state, person.user_id))
        notice = Notice.objects.get()
        assert (notice.recipient_id, notice.path) == (person.user_id, f"/jobs/{job_id}/")
        assert "シートの読み取り" in notice.text
        assert said in notice.text

    def test_tells_nobody_of_a_cancelled_job_or_one_nobody_asked_for(self, person):
        handlers.tell_the_requester(JobEnded(uuid4(), "a.b", "処理", JobState.CANCELLED, person.user_id))
        handlers.tell_the_requester(JobEnded(uuid4(), "a.b", "処理", JobState.DONE, None))
        assert not Notice.objects.exists()

    def test_a_long_title_still_makes_a_notice(self, person):
        handlers.tell_the_requester(JobEnded(uuid4(), "a.b", "長" * 400, JobState.DONE, person.user_id))
        assert Notice.objects.count() == 1
