"""The index follows its sources, in the same transaction."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from nimo.core.events import publish
from nimo.core.searching.sources import Changed, UnknownSource
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.services.places import create_area, rename_region
from nimo.foundation.search.models import SearchEntry
from nimo.foundation.search.services import index
from nimo.foundation.search.tests.support import titles
from tests.support.people import NOW, SYSTEM, actor_of

pytestmark = pytest.mark.django_db


def _tokens() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM search_tokens")
        return int(cursor.fetchone()[0])


def test_a_document_is_found_as_soon_as_it_is_read_and_no_longer_when_it_is_gone(shelf):
    shelf.put("a", "家族会のご案内", "毎月の集まり")
    assert titles("家族会") == ["家族会のご案内"]
    del shelf.documents["a"]
    shelf.read("a")
    assert titles("家族会") == []
    assert titles("集まり") == []
    assert not SearchEntry.objects.filter(source=shelf.code).exists()
    assert _tokens() == 0


def test_a_document_that_changed_answers_to_its_new_words_only(shelf):
    shelf.put("a", "古い題", "古い文")
    shelf.put("a", "新しい題", "新しい文")
    assert titles("古い") == []
    assert titles("新しい") == ["新しい題"]
    assert _tokens() == 1


def test_what_is_rolled_back_leaves_the_index_as_it_was(shelf):
    shelf.put("a", "家族会")
    kept = shelf.documents["a"]

    def fail_halfway() -> None:
        with transaction.atomic():
            shelf.put("b", "家族会の二つ目")
            del shelf.documents["a"]
            shelf.read("a")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    shelf.documents = {"a": kept}
    assert titles("家族会") == ["家族会"]
    assert _tokens() == SearchEntry.objects.count() == 1


def test_refuses_a_source_nobody_registered(shelf):
    with pytest.raises(UnknownSource):
        index.refresh(actor=SYSTEM, source="test.nothing", owners=["a"])


def test_rebuilding_takes_out_what_is_no_more_and_leaves_the_same_answers(shelf, monkeypatch):
    monkeypatch.setattr(index, "OWNERS_AT_ONCE", 3)
    for number in range(8):
        shelf.put(f"r{number}", f"家族会 第{number}回")
    before = titles("家族会")
    del shelf.documents["r3"]
    SearchEntry.objects.create(
        source="test.gone", record_id="x", owner_id="x", tie=1, href="/", title="x", folded_names="x", put_at=NOW
    )
    steps: list[tuple[int, int, str]] = []
    # not the whole nation
    monkeypatch.setattr("nimo.core.searching.sources._sources", {shelf.code: shelf.source()})
    with CaptureQueriesContext(connection) as asked:
        report = index.rebuild(actor=SYSTEM, step=lambda *step: steps.append(step))
    assert report.counts == (("試験の文書", 7),)
    learned = [one["sql"] for one in asked.captured_queries if one["sql"].startswith("ANALYZE")]
    assert len(learned) == (connection.vendor == "postgresql"), "its planner takes the new rows for none"
    assert titles("家族会") == [title for title in before if "第3回" not in title]
    assert not SearchEntry.objects.filter(source="test.gone").exists()
    assert [step[:2] for step in steps] == [(0, 7), (3, 7), (6, 7)]


def test_only_an_administrator_or_the_system_rebuilds(shelf):
    with pytest.raises(index.UnableToRebuild, match="権限"):
        index.rebuild(actor=actor_of(Role.MUNICIPAL_OFFICER, "10205"))
    with pytest.raises(index.UnableToRebuild):
        index.rebuild(actor=Actor.anonymous(now=NOW))


def test_the_command_builds_the_index_and_brings_the_words_that_ship(shelf, monkeypatch, capsys):
    monkeypatch.setattr("nimo.core.searching.sources._sources", {shelf.code: shelf.source()})
    shelf.documents = {}
    shelf.put("a", "共同生活援助の一覧")
    call_command("data_search_index")
    assert "試験の文書 1 件" in capsys.readouterr().out
    assert titles("グループホーム") == ["共同生活援助の一覧"]


def test_a_region_is_found_by_its_names_reading_and_code(shelf, django_capture_on_commit_callbacks):
    index.refresh(actor=SYSTEM, source="regions.region", owners=["10205", "34368", "10000"])
    assert titles("太田") == ["群馬県 太田市", "広島県 安芸太田町"]
    assert titles("オオタ")[0] == "群馬県 太田市"
    assert titles("10205") == ["群馬県 太田市"]
    city = Region.objects.get(pk="10205")
    with django_capture_on_commit_callbacks(execute=True):
        rename_region(
            actor=SYSTEM,
            region_code="10205",
            version=city.version,
            name="架空市",
            kana="かくうし",
            valid_from=NOW.date(),
        )
    assert titles("架空市") == ["群馬県 架空市"]
    assert titles("太田市") == ["群馬県 架空市"]  # by the name it bore


def test_an_area_that_was_registered_is_found(shelf, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        create_area(
            actor=SYSTEM, prefecture_code="10000", kind=RegionKind.WELFARE_AREA, name="架空圏域", kana="かくうけんいき"
        )
    assert titles("架空圏域") == ["群馬県 架空圏域"]


def test_a_handler_that_cannot_read_leaves_the_rest_alone(shelf, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(Changed("test.nothing", ("a",), NOW))
    shelf.put("a", "家族会")
    assert titles("家族会") == ["家族会"]
