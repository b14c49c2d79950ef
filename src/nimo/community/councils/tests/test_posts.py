from __future__ import annotations

import re
from datetime import date

import pytest

from nimo.community.councils.choices.bodies import Category, Field, Participation, Standing
from nimo.community.councils.models.posts import Holding, PostCategory
from nimo.community.councils.policies.categories import body_breakdown, fields_represented, shown_categories, tally
from nimo.community.councils.queries.posts import fee_table, member_findings, people_choices, roster
from nimo.community.councils.rules.posts import SeatTerms
from nimo.community.councils.rules.regulations import Terms
from nimo.community.councils.services import posts, regulations
from nimo.community.councils.tests.support import TODAY, body_of, officer, seated
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.models import Entry
from tests.architecture.source import SOURCE
from tests.support.people import actor_of, load_places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places():
    load_places()


@pytest.fixture
def actor():
    return officer()


@pytest.fixture
def body(actor):
    return body_of(actor)


def test_a_seat_stays_when_its_holder_leaves(actor, body):
    held = seated(actor, body, "架空 花子", title="地域連携室長", affiliation="架空病院")
    posts.leave(actor=actor, holding_id=held.pk, version=1, on=TODAY, reason="人事異動")
    assert [finding.code for finding in member_findings(body, TODAY)] == ["empty-seat"]
    posts.seat(actor=actor, post_id=held.post_id, person=posts.PersonFacts("架空 次郎"), terms=SeatTerms())
    assert member_findings(body, TODAY) == []


def test_a_term_comes_from_the_regulation_and_its_end_is_found(actor, body):
    regulations.add_regulation(
        actor=actor, body_id=body.pk, terms=Terms("要綱", term_months=24), effective_from=date(2020, 4, 1)
    )
    held = seated(actor, body, "架空 花子", valid_from=date(2023, 4, 1))
    assert held.term_to == date(2025, 3, 31)
    assert [finding.code for finding in member_findings(body, TODAY)] == ["term-ended"]


def test_an_observer_becomes_a_member_and_the_time_before_stays(actor, body):
    old = seated(actor, body, "架空 花子", standing=Standing.OBSERVER)
    new = posts.become_member(actor=actor, holding_id=old.pk, version=1, on=TODAY)
    assert (new.standing, new.follows_id) == (Standing.MEMBER, old.pk)
    assert Holding.objects.get(pk=old.pk).valid_to == TODAY
    with pytest.raises(posts.UnableToChangePost, match="オブザーバー"):
        posts.become_member(actor=actor, holding_id=new.pk, version=1, on=TODAY)


def test_refuses_to_seat_the_same_person_twice(actor, body):
    held = seated(actor, body, "架空 花子")
    with pytest.raises(posts.UnableToChangePost, match="すでに"):
        posts.seat(actor=actor, post_id=held.post_id, person=held.participant_id, terms=SeatTerms())


def test_refuses_the_second_of_two_who_mend_the_same_seat(actor, body):
    held = seated(actor, body, "架空 花子")
    said = {"actor": actor, "holding_id": held.pk, "version": 1, "term_to": None, "travel_paid": True}
    posts.edit_holding(**said, fee_yen=8000)
    with pytest.raises(posts.UnableToChangePost, match="ほかの人が先に"):
        posts.edit_holding(**said, fee_yen=0)


def test_refuses_a_seat_of_another_organisation(actor, body):
    held = seated(actor, body, "架空 花子")
    with pytest.raises(NotVisible):
        posts.leave(actor=actor_of(Role.MUNICIPAL_OFFICER, "10201"), holding_id=held.pk, version=1, on=TODAY)


def test_what_is_paid_is_listed_and_undecided_is_not_nothing(actor, body):
    seated(actor, body, "架空 花子", fee_yen=8000, travel_paid=True)
    seated(actor, body, "架空 次郎", fee_yen=0)
    seated(actor, body, "架空 三郎")
    assert [row["fee"] for row in fee_table(body, TODAY).rows] == [8000, 0, None]


def test_offers_people_already_known_and_nobody_else(actor, body):
    seated(actor, body, "架空 花子")
    assert [words for _, words in people_choices(actor)] == ["架空 花子"]
    assert people_choices(actor_of(Role.MUNICIPAL_OFFICER, "10201")) == []


# -- 当事者・家族 ---------------------------------------------------------------------------------------------------


def test_refuses_a_title_that_would_tell_beside_a_name(actor, body):
    with pytest.raises(posts.UnableToChangePost, match="当事者"):
        seated(actor, body, "架空 花子", title="当事者委員", category=Category.PEER)
    assert not Holding.objects.exists()
    assert seated(actor, body, "架空 次郎", title="家族支援係長", category=Category.WELFARE)


def test_takes_a_telling_title_from_a_person_who_chose_it(actor, body):
    held = seated(actor, body, "架空 花子", title="家族会会長", category=Category.FAMILY, consent_on=TODAY)
    assert shown_categories([held.pk], TODAY) == {held.pk: "家族"}
    with pytest.raises(posts.UnableToChangePost, match="取りやめる前に"):
        posts.record_choice(actor=actor, holding_id=held.pk, shown=False, on=TODAY)


def test_refuses_to_rename_a_seat_so_that_it_tells(actor, body):
    held = seated(actor, body, "架空 花子", category=Category.PEER)
    said = {"actor": actor, "post_id": held.post_id, "version": 1, "affiliation": ""}
    with pytest.raises(posts.UnableToChangePost):
        posts.edit_post(**said, title="ピアサポーター")
    posts.edit_post(**said, title="公募の委員")


def test_the_roster_is_the_same_whatever_somebody_is_counted_as(actor, body):
    held = seated(actor, body, "架空 花子", category=Category.PEER)
    before = roster(body, TODAY, manages=True)
    posts.edit_post(
        actor=actor, post_id=held.post_id, version=1, title="委員", affiliation="", category=Category.HEALTH
    )
    assert roster(body, TODAY, manages=True) == before


def test_a_category_stands_beside_a_name_only_while_the_person_wants_it(actor, body):
    held = seated(actor, body, "架空 花子", category=Category.PEER)
    assert shown_categories([held.pk], TODAY) == {}
    posts.record_choice(actor=actor, holding_id=held.pk, shown=True, on=TODAY)
    assert "当事者として" in str(roster(body, TODAY, manages=False))
    posts.record_choice(actor=actor, holding_id=held.pk, shown=False, on=TODAY)
    assert "当事者" not in str(roster(body, TODAY, manages=False))


def test_a_health_worker_who_chose_shows_nothing(actor, body):
    held = seated(actor, body, "架空 花子", category=Category.HEALTH)
    posts.record_choice(actor=actor, holding_id=held.pk, shown=True, on=TODAY)
    assert shown_categories([held.pk], TODAY) == {}


def test_a_council_of_five_has_no_parts_that_tell(actor, body):
    for number in range(4):
        seated(actor, body, f"架空 {number}", category=Category.HEALTH)
    held = seated(actor, body, "架空 花子", category=Category.PEER)
    assert body_breakdown(body, TODAY).parts == ()
    assert tally([held.pk]) == {Category.PEER: 1}


def test_the_audit_does_not_say_what_a_seat_is_counted_as(actor, body):
    held = seated(actor, body, "架空 花子", category=Category.PEER)
    posts.edit_post(
        actor=actor, post_id=held.post_id, version=1, title="委員", affiliation="", category=Category.FAMILY
    )
    said = " ".join(str(one) for one in Entry.objects.values_list("verb", "target_id", "reason", "diff"))
    assert "peer" not in said
    assert "family" not in said


def test_findings_say_only_whether_somebody_takes_part(actor, body):
    terms = Terms("要綱", participation=Participation.BOTH)
    regulations.add_regulation(actor=actor, body_id=body.pk, terms=terms, effective_from=date(2020, 4, 1))
    seated(actor, body, "架空 花子", category=Category.PEER)
    [finding] = member_findings(body, TODAY)
    assert "花子" not in finding.text
    assert "当事者と家族" in finding.text


def test_a_peer_speaks_for_the_peers_in_the_whole_system(actor, body):
    seated(actor, body, "架空 花子", category=Category.PEER)
    fields = fields_represented([body.pk], TODAY)
    assert (fields[Field.PEER], fields[Field.HOUSING]) == (1, 0)


def test_every_seat_has_a_row_so_that_its_presence_tells_nothing(actor, body):
    seated(actor, body, "架空 花子", category=Category.HEALTH)
    seated(actor, body, "架空 次郎", category=Category.PEER)
    assert PostCategory.objects.count() == 2


def test_only_the_one_door_and_the_service_touch_the_category():
    folder = SOURCE / "community" / "councils"
    readers = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"PostCategory\b(?!`)", re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.S))
        and "migrations" not in path.parts
        and "tests" not in path.parts
    }
    assert readers == {"models/posts.py", "policies/categories.py", "services/posts.py"}
