"""Bodies and meetings are found as far as they are open, and no longer; what is hidden is nowhere in the index."""

from __future__ import annotations

import pytest

from nimo.community.councils.choices.bodies import BodyAudience, BodyKind, Layer, PurposeLevel
from nimo.community.councils.choices.meetings import Confidentiality
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.queries.finding import (
    BODY_WORDS,
    MEETING_WORDS,
    body_documents,
    meeting_documents,
    readable_bodies,
    readable_items,
    searched_bodies,
    searched_meetings,
)
from nimo.community.councils.rules.bodies import BodyFacts
from nimo.community.councils.services.agenda import ItemFacts, put_item, remove_item
from nimo.community.councils.services.bodies import create_body, edit_body, share_purpose
from nimo.community.councils.services.decisions import DecisionFacts, record_decision
from nimo.community.councils.services.meetings import cancel_meeting
from nimo.community.councils.services.minutes import (
    approve_minutes,
    correct_minute,
    publish_minutes,
    save_minute,
    withdraw_minutes,
)
from nimo.community.councils.tests.meeting_support import CITY, OTHER_CITY, SEATS, held, seat_five, secretary
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.search.models import SearchEntry
from nimo.foundation.search.queries.finding import Asked, find
from nimo.foundation.search.services.index import rebuild
from tests.support.people import NOW, SYSTEM, actor_of, load_places
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
VISITOR = Actor.anonymous(now=NOW)
TEXT = "居住支援法人に頼む。［構成員限り］やどかり荘の話［ここまで］［事務局限り］会場費の話［ここまで］"


def facts(name: str = "架空市協議の場", audience: BodyAudience = BodyAudience.PUBLIC) -> BodyFacts:
    return BodyFacts(
        name, Layer.MUNICIPALITY, BodyKind.REPRESENTATIVES, CITY, audience=audience, secretariat="障害福祉課"
    )


@pytest.fixture
def office():
    load_places()
    actor = secretary()
    return actor, create_body(actor=actor, facts=facts())


def found(actor: Actor, words: str, kind: str = MEETING_WORDS) -> list[str]:
    results = find(actor, Asked(words, kind=kind))
    return [] if results.near else [hit.href for hit in results.hits]


def approved(actor: Actor, body: Body, *, public: bool = False):
    meeting = held(actor, body)
    item = put_item(
        actor=actor,
        meeting_id=meeting.pk,
        facts=ItemFacts("退院後の住まい", purpose="頼む先を決める", confidentiality=Confidentiality.PUBLIC),
    )
    closed = put_item(actor=actor, meeting_id=meeting.pk, facts=ItemFacts("ないしょの議題"))
    save_minute(actor=actor, item_id=item.pk, version=0, text=TEXT)
    save_minute(actor=actor, item_id=closed.pk, version=0, text="ないしょの記録")
    record_decision(
        actor=actor, item_id=item.pk, facts=DecisionFacts("しおりを作る", confidentiality=Confidentiality.PUBLIC)
    )
    record_decision(actor=actor, item_id=item.pk, facts=DecisionFacts("うちわの決定"))
    version = Minutes.objects.get(pk=meeting.pk).version
    approve_minutes(actor=actor, meeting_id=meeting.pk, version=version, confirmed_by="会長")
    if public:
        publish_minutes(actor=actor, meeting_id=meeting.pk)
    return meeting, item


def test_a_body_is_found_by_its_name_and_purpose_by_those_who_know_it(office):
    actor, body = office
    share_purpose(actor=actor, body_id=body.pk, level=PurposeLevel.WHOLE, text="望む地域で暮らす", on=actor.today)
    for words in ("架空市協議の場", "望む地域で暮らす", "障害福祉課"):
        assert found(actor, words, BODY_WORDS) == [f"/councils/bodies/{body.pk}/"]
    assert found(VISITOR, "架空市協議の場", BODY_WORDS) == [], "a visitor has no page of it to open"
    assert found(actor_of(Role.RESEARCHER, "10000"), "架空市協議の場", BODY_WORDS), "signed in, its overview is open"


def test_a_body_for_its_members_is_found_by_its_office_and_not_by_another(office):
    actor, _ = office
    closed = create_body(actor=actor, facts=facts("架空市うちわの会", BodyAudience.MEMBERS))
    assert found(actor, "架空市うちわの会", BODY_WORDS) == [f"/councils/bodies/{closed.pk}/"]
    assert found(secretary(OTHER_CITY), "架空市うちわの会", BODY_WORDS) == []


def test_an_item_is_found_by_its_title_before_the_meeting_and_by_its_record_only_when_approved(office):
    actor, body = office
    meeting = held(actor, body)
    item = put_item(
        actor=actor, meeting_id=meeting.pk, facts=ItemFacts("退院後の住まい", confidentiality=Confidentiality.PUBLIC)
    )
    save_minute(actor=actor, item_id=item.pk, version=0, text=TEXT)
    assert found(actor, "退院後の住まい") == [f"/councils/meetings/{meeting.pk}/"]
    assert found(actor, "居住支援法人") == [], "a draft is not what was said"
    version = Minutes.objects.get(pk=meeting.pk).version
    approve_minutes(actor=actor, meeting_id=meeting.pk, version=version, confirmed_by="会長")
    assert found(actor, "居住支援法人") == [f"/councils/meetings/{meeting.pk}/minutes/"]
    assert found(VISITOR, "居住支援法人") == []


def test_published_minutes_are_found_by_everyone_and_withdrawn_ones_by_nobody_outside(office):
    actor, body = office
    meeting, _ = approved(actor, body, public=True)
    assert found(VISITOR, "居住支援法人") == [f"/councils/minutes/{meeting.pk}/"]
    assert found(VISITOR, "しおりを作る") == [f"/councils/minutes/{meeting.pk}/"]
    withdraw_minutes(actor=actor, meeting_id=meeting.pk, reason="誤りが見つかったため")
    assert found(VISITOR, "居住支援法人") == []
    assert found(actor, "居住支援法人") == [f"/councils/meetings/{meeting.pk}/minutes/"]


def test_a_body_that_closes_takes_its_minutes_from_the_public_search(office):
    actor, body = office
    approved(actor, body, public=True)
    edit_body(actor=actor, body_id=body.pk, version=1, facts=facts(audience=BodyAudience.MEMBERS))
    assert found(VISITOR, "居住支援法人") == []


@pytest.mark.parametrize("public", [False, True])
def test_nothing_hidden_is_anywhere_in_the_index(office, public):
    actor, body = office
    seat_five(body)
    _, item = approved(actor, body, public=public)
    correct_minute(actor=actor, item_id=item.pk, passage="やどかり荘の話", correct="みどり荘の話", reason="聞き違い")
    rebuild(actor=SYSTEM)
    everything = " ".join(str(entry.__dict__) for entry in SearchEntry.objects.all())
    assert "居住支援法人" in everything
    for hidden in ("やどかり", "みどり荘", "会場費", "ないしょ", "うちわの決定", *(name for _, _, name, _ in SEATS)):
        assert hidden not in everything
    for words in ("やどかり荘", "ないしょの議題", "うちわの決定"):
        assert found(SYSTEM, words) == []


def test_what_is_gone_is_found_no_longer(office):
    actor, body = office
    meeting = held(actor, body)
    item = put_item(
        actor=actor, meeting_id=meeting.pk, facts=ItemFacts("夜間の相談先", confidentiality=Confidentiality.PUBLIC)
    )
    put_item(actor=actor, meeting_id=meeting.pk, facts=ItemFacts("ピアの集い", confidentiality=Confidentiality.PUBLIC))
    remove_item(actor=actor, item_id=item.pk)
    assert found(actor, "夜間の相談先") == []
    assert found(actor, "ピアの集い")
    cancel_meeting(actor=actor, meeting_id=meeting.pk, version=meeting.version, reason="大雪のため")
    assert found(actor, "ピアの集い") == []


def test_a_new_name_is_found_at_once_with_the_meetings(office):
    actor, body = office
    approved(actor, body)
    edit_body(actor=actor, body_id=body.pk, version=1, facts=facts("架空市つながる会議"))
    assert found(actor, "架空市つながる会議", BODY_WORDS)
    assert found(actor, "架空市つながる会議")


def test_the_rebuilt_index_says_what_the_services_left_in_it(office):
    actor, body = office
    approved(actor, body, public=True)

    def said() -> list[tuple[str, ...]]:
        wanted = SearchEntry.objects.filter(source__in=[BODY_WORDS, MEETING_WORDS])
        return sorted(wanted.values_list("source", "record_id", "title", "body", "permission", "href"))

    before = said()
    rebuild(actor=SYSTEM)
    assert said() == before
    assert len(before) == 2


def test_documents_and_readers_take_the_same_number_of_queries_however_many_there_are(office):
    actor, body = office
    approved(actor, body, public=True)

    def run() -> None:
        list(body_documents(searched_bodies()))
        items = [one.record for one in meeting_documents(searched_meetings())]
        readable_bodies(actor, searched_bodies())
        readable_items(actor, items)

    def grow() -> None:
        for number in range(3):
            other = create_body(actor=actor, facts=facts(f"架空市の会 {number}"))
            approved(actor, other, public=bool(number))

    assert_constant_queries(run, grow)
