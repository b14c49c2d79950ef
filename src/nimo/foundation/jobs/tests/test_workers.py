"""Workers as processes of their own, on both databases: one job once, and no job lost with its worker."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from nimo.foundation.jobs.rules import MAX_LOSSES
from nimo.foundation.jobs.tests.station import Station, Stations

pytestmark = pytest.mark.database  # of the processes, not of pytest: the root conftest.py cannot see it by itself


@pytest.fixture(scope="module")
def stations(tmp_path_factory) -> Stations:
    return Stations(tmp_path_factory.mktemp("station"))


@pytest.fixture
def station(stations, tmp_path, request) -> Iterator[Station]:
    """A fresh copy of the scenario the test asks for."""
    assert request.node.get_closest_marker("database"), "without the mark it would never run on PostgreSQL"
    made = stations.make(request.param, tmp_path)
    yield made
    made.end()


def scenario(name: str):
    return pytest.mark.parametrize("station", [name], indirect=True)


@scenario("many")
def test_three_workers_do_every_job_exactly_once(station):
    workers = [station.begin("work", "burst") for _ in range(3)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    assert len(station.lines()) == 12
    assert set(Counter(station.lines()).values()) == {1}
    assert set(station.jobs("state", "attempts")) == {("done", 1)}


@scenario("hanging")
def test_the_job_of_a_killed_worker_is_done_by_another(station):
    first = station.begin("work", "on")
    station.wait_until(lambda: station.lines() == ["attempt 1"])
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    assert station.jobs("state") == [("running",)]
    second = station.begin("work", "on")
    station.wait_until(lambda: station.jobs("state") == [("done",)])
    second.send_signal(signal.SIGTERM)
    assert second.wait(20) == 0
    assert station.lines() == ["attempt 1", "attempt 2"]
    assert station.jobs("attempts", "losses") == [(2, 1)]


@scenario("exclusive")
def test_the_job_of_a_killed_worker_is_taken_by_one_of_those_that_live(station):
    """Three jobs, three workers; one worker is killed in the middle. Nothing runs twice at the same time."""
    workers = {worker.pid: worker for worker in (station.begin("work", "on") for _ in range(3))}
    station.wait_until(lambda: len(station.lines()) >= 1)
    killed = int(station.lines()[0].split()[2])
    workers[killed].send_signal(signal.SIGKILL)
    station.wait_until(lambda: station.jobs("state") == [("done",)] * 3)
    begun = Counter(line.split()[1] for line in station.lines() if line.startswith("begin"))
    ended = Counter(line.split()[1] for line in station.lines() if line.startswith("end"))
    assert begun == {"1": 3, "2": 1}
    assert ended == {"1": 2, "2": 1}
    assert sorted(station.jobs("attempts", "losses")) == [(1, 0), (1, 0), (2, 1)]


@scenario("hanging")
def test_a_living_worker_that_is_silent_keeps_its_job(station):
    station.begin("work", "on")
    station.begin("work", "on")
    station.wait_until(lambda: station.lines() == ["attempt 1"])
    time.sleep(3)  # three times as long as a dead worker is waited for
    assert station.lines() == ["attempt 1"]
    assert station.jobs("state", "attempts", "losses") == [("running", 1, 0)]


@scenario("hanging")
def test_a_worker_asked_to_end_gives_its_job_back_to_the_one_that_follows(station):
    worker = station.begin("work", "on")
    station.wait_until(lambda: station.lines() == ["attempt 1"])
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert station.jobs("state", "losses") == [("waiting", 0)]
    assert station.calls() == 1
    assert station.begin("work", "burst").wait(60) == 0
    assert station.lines() == ["attempt 1", "attempt 2"]
    assert station.jobs("state", "attempts", "losses") == [("done", 2, 0)]


@scenario("poison")
def test_a_job_that_kills_its_workers_is_reported_and_the_next_one_is_done(station):
    for _ in range(MAX_LOSSES + 1):
        worker = station.begin("work", "on")
        station.wait_until(lambda: worker.poll() is not None or _ended(station))  # noqa: B023 - asked at once
        if _ended(station):
            break
    assert Counter(line for line in station.lines() if line.startswith("poison")) == {
        f"poison {attempt}": 1 for attempt in range(1, MAX_LOSSES + 1)
    }
    assert sorted(station.jobs("code", "state", "losses")) == [
        ("test.line", "done", 0),
        ("test.poison", "failed", MAX_LOSSES),
    ]
    ((error,),) = [row for row in station.jobs("error") if row[0]]
    assert "動作が止まることが続いた" in error


def _ended(station: Station) -> bool:
    return {state for (state,) in station.jobs("state")} == {"done", "failed"}


@scenario("chunks")
def test_a_cancelled_job_stops_between_two_chunks_and_keeps_the_earlier_ones(station):
    station.begin("work", "on")
    station.wait_until(lambda: len(station.lines()) >= 3)
    assert station.begin("cancel").wait(60) == 0
    station.wait_until(lambda: station.jobs("state") == [("cancelled",)])
    kept = station.lines()
    time.sleep(0.5)
    assert station.lines() == kept == [f"chunk {number}" for number in range(len(kept))]
