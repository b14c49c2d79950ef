"""The pages of jobs: whose they show, what they say, how they stop a job."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from nimo.foundation.access.permissions import Role
from nimo.foundation.jobs import rules, services
from nimo.foundation.jobs.choices import JobState
from nimo.foundation.jobs.models import Job, JobProgress
from nimo.foundation.jobs.tests.support import NOW, official, organisation
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
LIST = reverse("jobs:job_list")


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


@pytest.fixture
def person(client):
    """A signed-in official of a municipality, and the actor."""
    user, actor = official()
    client.force_login(user)
    return actor


def asked(actor, title: str = "シートの読み取り") -> Job:
    return services.enqueue(actor=actor, code="test.view", title=title)


def put(job: Job, state: JobState, **fields) -> Job:
    over = {"finished_at": NOW} if state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED} else {}
    Job.objects.filter(pk=job.pk).update(state=state, attempts=1, started_at=NOW, **over, **fields)
    return job


def page(client, job: Job, **headers) -> str:
    answer = client.get(reverse("jobs:job_detail", args=[job.pk]), headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


class TestDetail:
    def test_says_that_the_job_waits_and_how_to_stop_it(self, client, person):
        shown = page(client, asked(person))
        assert "順番を待っています" in shown
        assert "中止する" in shown
        assert "シートの読み取り" in shown

    def test_asks_again_while_the_job_goes_on_and_no_longer_after(self, client, person):
        job = asked(person)
        assert 'hx-trigger="every 2s"' in page(client, job)
        put(job, JobState.DONE, result={"summary": "3枚を読み取りました"})
        shown = page(client, job)
        assert "hx-trigger" not in shown
        assert "3枚を読み取りました" in shown

    def test_gives_htmx_the_changing_part_only(self, client, person):
        shown = page(client, asked(person), HX_Request="true")
        assert shown.count("<html") == 0
        assert 'id="job-state"' in shown

    def test_says_when_it_ended_without_loading_the_page_again(self, client, person):
        job = put(asked(person), JobState.DONE)
        part = page(client, job, HX_Request="true")
        assert "終わった日時" in part
        assert "まだ終わっていません" not in part

    def test_shows_how_far_it_is(self, client, person):
        job = put(asked(person), JobState.RUNNING)
        JobProgress.objects.create(job_id=job.pk, attempt=1, done=3, total=12, text="3枚目", updated_at=NOW)
        shown = page(client, job)
        assert "3枚目" in shown
        assert "25" in shown

    def test_shows_no_progress_of_an_attempt_that_died(self, client, person):
        job = put(asked(person), JobState.RUNNING)
        JobProgress.objects.create(job_id=job.pk, attempt=7, done=3, total=12, text="前の試み", updated_at=NOW)
        assert "前の試み" not in page(client, job)

    def test_shows_the_result_that_stays(self, client, person):
        result = {
            "summary": "読み取りました",
            "path": "/sheets/imports/1/",
            "path_label": "確かめる",
            "figures": [["シート", "2枚"]],
            "warnings": ["基幹の欄がありません"],
        }
        shown = page(client, put(asked(person), JobState.DONE, result=result))
        for text in ("/sheets/imports/1/", "確かめる", "シート", "2枚", "基幹の欄がありません"):
            assert text in shown

    @pytest.mark.parametrize("path", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
    def test_leads_nowhere_outside(self, client, person, path):
        assert path not in page(client, put(asked(person), JobState.DONE, result={"path": path}))

    def test_says_why_it_failed(self, client, person):
        shown = page(client, put(asked(person), JobState.FAILED, error="ファイルに文字がありません。"))
        assert "ファイルに文字がありません。" in shown
        assert "中止する" not in shown

    def test_hides_that_the_job_of_a_stranger_exists(self, client, person):
        _, stranger = official(at=organisation("別の市", "11203"))
        assert client.get(reverse("jobs:job_detail", args=[asked(stranger).pk])).status_code == 404

    def test_shows_the_job_of_a_colleague(self, client, person):
        _, colleague = official("同僚")
        assert "同僚" in page(client, asked(colleague))


class TestCancel:
    def test_stops_a_waiting_job(self, client, person):
        job = asked(person)
        answer = client.post(reverse("jobs:job_cancel", args=[job.pk]), follow=True)
        assert "中止を依頼しました" in answer.content.decode()
        assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED

    def test_says_why_it_is_too_late(self, client, person):
        job = put(asked(person), JobState.DONE)
        answer = client.post(reverse("jobs:job_cancel", args=[job.pk]), follow=True)
        assert "すでに終わっている" in answer.content.decode()

    def test_tells_that_a_running_job_is_being_stopped(self, client, person):
        job = put(asked(person), JobState.RUNNING)
        client.post(reverse("jobs:job_cancel", args=[job.pk]))
        assert "中止しています" in page(client, job)

    def test_needs_a_post(self, client, person):
        job = asked(person)
        assert client.get(reverse("jobs:job_cancel", args=[job.pk])).status_code == 405
        assert Job.objects.get(pk=job.pk).state == JobState.WAITING


class TestList:
    def test_teaches_when_it_is_empty(self, client, person):
        assert "まだ処理はありません" in client.get(LIST).content.decode()

    def test_shows_ones_own_jobs_and_on_demand_those_of_the_organisation(self, client, person):
        _, colleague = official("同僚")
        _, stranger = official(at=organisation("別の市", "11203"))
        for actor, title in [(person, "自分の処理"), (colleague, "同僚の処理"), (stranger, "他市の処理")]:
            asked(actor, title)
        own, everyone = client.get(LIST).content.decode(), client.get(f"{LIST}?whose=all").content.decode()
        assert [title in own for title in ("自分の処理", "同僚の処理", "他市の処理")] == [True, False, False]
        assert [title in everyone for title in ("自分の処理", "同僚の処理", "他市の処理")] == [True, True, False]

    def test_shows_the_newest_first_on_pages(self, client, person):
        for number in range(35):
            job = asked(person, f"処理{number:02d}")
            Job.objects.filter(pk=job.pk).update(requested_at=NOW + timedelta(minutes=number))
        first, second = client.get(LIST).content.decode(), client.get(f"{LIST}?page=2").content.decode()
        assert first.index("処理34") < first.index("処理33")
        assert "処理04" not in first
        assert "処理04" in second

    def test_asks_the_same_number_of_questions_however_long_it_is(self, client, person):
        def grow():
            for _ in range(20):
                job = put(asked(person), JobState.RUNNING)
                JobProgress.objects.create(job_id=job.pk, attempt=1, done=1, total=2)

        put(asked(person), JobState.RUNNING)
        assert_constant_queries(lambda: client.get(f"{LIST}?whose=all"), grow)

    def test_is_not_for_those_without_the_permission(self, client):
        user, _ = official(role=Role.FAMILY_MEMBER)
        client.force_login(user)
        assert client.get(LIST).status_code == 403

    def test_sends_visitors_to_the_login(self, client):
        assert client.get(LIST).status_code == 302


def test_every_state_has_a_tone_and_a_page(client, person):
    for state in JobState:
        job = put(asked(person), state, error=rules.UNEXPECTED if state == JobState.FAILED else "")
        assert state.label in page(client, job)
