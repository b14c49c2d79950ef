"""Asking bodies for their sheets, from the preparation to the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from nimo.community.reports.choices import AnswerWay, CollectionState, ContactKind, Standing
from nimo.community.reports.models.collections import Collection, CollectionContact, CollectionTarget
from nimo.community.reports.queries import collecting, requests
from nimo.community.reports.queries.bodies import bodies, in_scope
from nimo.community.reports.queries.standing import standings_of
from nimo.community.reports.services.collections import (
    Asking,
    UnableToCollect,
    begin_collection,
    change_collection,
    excuse,
    move_collection,
    note_contact,
    remind,
)
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.tests.writing import start, write
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.models import Entry
from nimo.foundation.notices.models import Notice
from tests.support.people import NOW, actor_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])

TOWN, OTHER, PREFECTURE = "10207", "10201", "10000"
ASKING = Asking("令和8年度 シートの提出のお願い（架空）", date(2026, 12, 10), "架空のお願いです。", "架空の係")


@pytest.fixture
def prefecture():
    return actor_of(Role.PREFECTURE_OFFICER, PREFECTURE)


@pytest.fixture
def town():
    return actor_of(Role.MUNICIPAL_OFFICER, TOWN)


def asked(prefecture, codes=(TOWN, OTHER), *, state="open") -> Collection:
    made = begin_collection(actor=prefecture, fiscal_year=2026, asking=ASKING, region_codes=codes)
    if state == "open":
        made = move_collection(actor=prefecture, collection_id=made.pk, version=made.version, move="open")
    return made


def later(actor, days):
    return type(actor)(
        **{**{name: getattr(actor, name) for name in actor.__slots__}, "now": NOW + timedelta(days=days)}
    )


def test_nobody_is_told_before_it_is_sent_out(prefecture, town):
    made = asked(prefecture, state="draft")
    assert not Notice.objects.exists()
    assert requests.open_requests(town) == []
    move_collection(actor=prefecture, collection_id=made.pk, version=made.version, move="open")
    assert [one.recipient_id for one in Notice.objects.all()] == [town.user_id]
    assert [(one.region_id, word) for one, word in requests.open_requests(town)] == [(TOWN, Standing.UNTOUCHED)]


def test_a_body_without_anybody_in_nimo_gets_the_excel_way(prefecture, town):
    ways = dict(asked(prefecture).targets.values_list("region_id", "way"))
    assert ways == {TOWN: AnswerWay.INSIDE, OTHER: AnswerWay.WORKBOOK}


def test_the_prefecture_asks_all_its_municipalities_and_no_others(prefecture):
    codes = {one.pk for one in bodies(prefecture)}
    assert TOWN in codes
    assert len(codes) == 35
    assert all(code.startswith("10") for code in codes)
    with pytest.raises(UnableToCollect, match="地域の中"):
        begin_collection(actor=prefecture, fiscal_year=2026, asking=ASKING, region_codes=["11201"])
    assert not Collection.objects.exists()


def test_the_nation_asks_prefectures_and_designated_cities():
    nation = actor_of(Role.NATIONAL_SECRETARIAT, "00000")
    assert len(in_scope(nation, "prefecture")) == 47
    assert len(in_scope(nation, "designated_city")) == 20
    made = begin_collection(
        actor=nation, fiscal_year=2026, asking=ASKING, region_codes=[one.pk for one in in_scope(nation, "all")]
    )
    page = collecting.collection_page(nation, made.pk)
    assert page.progress.asked == 67
    assert page.prefectures is not None
    counted = {row["name"]: row["asked"] for row in page.prefectures.rows}
    assert counted["神奈川県"] == 4
    assert counted["群馬県"] == 1


def test_says_how_far_each_body_is_without_what_it_writes(prefecture, town):
    made = asked(prefecture)
    document = start(town)
    write(town, document, "strengths", strengths="まだ見せない書きかけの文")
    page = collecting.collection_page(prefecture, made.pk)
    assert {one.target.region_id: one.standing for one in standings_of(made)} == {
        TOWN: Standing.WRITING,
        OTHER: Standing.UNTOUCHED,
    }
    assert "まだ見せない" not in repr(page)


def test_a_reminder_goes_once_a_day_to_those_who_are_not_ready(prefecture, town):
    made = asked(prefecture)
    Notice.objects.all().delete()
    first = remind(actor=prefecture, collection_id=made.pk, words="架空のひとこと")
    assert (first.told, first.outside, first.again) == (1, ("前橋市",), ())
    assert "架空のひとこと" in Notice.objects.get().text
    again = remind(actor=prefecture, collection_id=made.pk)
    assert (again.told, again.again) == (0, ("館林市",))
    assert Notice.objects.count() == 1
    assert remind(actor=later(prefecture, 1), collection_id=made.pk).told == 1


def test_a_finished_body_is_left_in_peace(prefecture, town):
    made = asked(prefecture, [TOWN])
    excuse(actor=prefecture, target_id=made.targets.get().pk, reason="今年度は県がまとめて書くため")
    done = remind(actor=prefecture, collection_id=made.pk)
    assert (done.told, done.outside) == (0, ())
    assert requests.open_requests(town) == []
    excuse(actor=prefecture, target_id=made.targets.get().pk, reason="")
    assert remind(actor=prefecture, collection_id=made.pk).told == 1


def test_a_submission_past_the_date_is_marked(prefecture, town):
    made = asked(prefecture, [TOWN])
    start(town, due_on=ASKING.due_on)
    SheetDocument.objects.update(state="submitted", decided_on=date(2026, 12, 12), document_number="架空1号")
    document = SheetDocument.objects.get()
    document.submissions.create(
        edition=1, region_name="館林市", fiscal_year=2026, layout="r6-city", content={}, digest="0" * 64,
        decided_on=date(2026, 12, 12), document_number="架空1号", late=True, submitted_at=NOW, submitted_by_name="架空",
    )  # fmt: skip
    (found,) = standings_of(made)
    assert found.standing is Standing.SUBMITTED
    assert found.sheet.late
    assert "基本情報" in found.sheet.missing
    assert len(found.sheet.missing) == 11
    page = collecting.collection_page(later(prefecture, 60), made.pk)
    assert page.progress.waiting == 1
    assert page.progress.overdue == 0


def test_of_a_round_that_was_sent_out_bodies_are_added_and_told_but_not_taken_away(prefecture, town):
    made = asked(prefecture, [OTHER])
    with pytest.raises(UnableToCollect, match="外せません"):
        change_collection(
            actor=prefecture, collection_id=made.pk, version=made.version, asking=ASKING, region_codes=[TOWN]
        )
    assert list(made.targets.values_list("region_id", flat=True)) == [OTHER]
    change_collection(
        actor=prefecture, collection_id=made.pk, version=made.version, asking=ASKING, region_codes=[TOWN, OTHER]
    )
    assert made.targets.count() == 2
    assert Notice.objects.get().recipient_id == town.user_id


def test_refuses_what_somebody_changed_meanwhile(prefecture):
    made = asked(prefecture, state="draft")
    change_collection(actor=prefecture, collection_id=made.pk, version=made.version, asking=ASKING, region_codes=[TOWN])
    for act in (
        lambda: move_collection(actor=prefecture, collection_id=made.pk, version=made.version, move="open"),
        lambda: change_collection(
            actor=prefecture, collection_id=made.pk, version=made.version, asking=ASKING, region_codes=[TOWN, OTHER]
        ),
    ):
        with pytest.raises(UnableToCollect, match="ほかの人が先に"):
            act()
    made.refresh_from_db()
    assert made.state == CollectionState.DRAFT
    assert made.targets.count() == 1


def test_a_closed_round_is_not_reminded_and_can_be_opened_again(prefecture, town):
    made = asked(prefecture)
    closed = move_collection(actor=prefecture, collection_id=made.pk, version=made.version, move="close")
    with pytest.raises(UnableToCollect, match="受付中"):
        remind(actor=prefecture, collection_id=made.pk)
    Notice.objects.all().delete()
    move_collection(actor=prefecture, collection_id=made.pk, version=closed.version, move="reopen")
    assert not Notice.objects.exists()
    assert remind(actor=prefecture, collection_id=made.pk).told == 1


def test_what_was_said_by_telephone_stands_in_the_history(prefecture):
    target = asked(prefecture).targets.get(region_id=OTHER)
    note_contact(actor=prefecture, target_id=target.pk, words="　電話。来週出すとのこと　")
    page = collecting.target_page(prefecture, target.pk)
    assert page.history[0].text.startswith("電話。来週出すとのこと")
    with pytest.raises(UnableToCollect):
        note_contact(actor=prefecture, target_id=target.pk, words="　")
    assert CollectionContact.objects.filter(kind=ContactKind.SPOKEN).count() == 1


@pytest.mark.parametrize(
    ("role", "region"),
    [(Role.PREFECTURE_OFFICER, "11000"), (Role.MUNICIPAL_MANAGER, OTHER), (Role.AUDITOR, PREFECTURE)],
)
def test_other_organisations_know_nothing_of_it(prefecture, role, region):
    made = asked(prefecture, [TOWN])
    stranger = actor_of(role, region)
    with pytest.raises(NotVisible):
        collecting.collection_page(stranger, made.pk)
    with pytest.raises(NotVisible):
        collecting.target_page(stranger, made.targets.get().pk)
    with pytest.raises(NotVisible):
        requests.request_page(stranger, made.targets.get().pk)
    with pytest.raises(NotVisible):
        remind(actor=stranger, collection_id=made.pk)


def test_the_body_sees_its_own_request_and_no_other_body(prefecture, town):
    made = asked(prefecture)
    page = requests.request_page(town, made.targets.get(region_id=TOWN).pk)
    assert page.document_words == "シートを作りはじめる"
    assert "前橋市" not in repr(page)
    with pytest.raises(NotVisible):
        requests.request_page(town, made.targets.get(region_id=OTHER).pk)


def test_every_step_is_in_the_audit(prefecture, town):
    made = asked(prefecture)
    remind(actor=prefecture, collection_id=made.pk)
    verbs = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-3:] == ["reports.begin_collection", "reports.move_collection", "reports.remind"]


def test_pages_ask_as_often_for_one_body_as_for_thirty_five(prefecture, town):
    made = asked(prefecture, [TOWN])
    start(town)

    def grow():
        change_collection(
            actor=prefecture,
            collection_id=made.pk,
            version=Collection.objects.get().version,
            asking=ASKING,
            region_codes=[one.pk for one in bodies(prefecture)],
        )

    assert_constant_queries(lambda: collecting.collection_page(prefecture, made.pk), grow)
    assert CollectionTarget.objects.count() == 35
