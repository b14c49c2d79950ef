"""Minutes: two writers, approval for good, corrections beside, three renditions, publication; decisions and referrals."""

from __future__ import annotations

import pytest

from nimo.community.councils.choices.bodies import Axis, BodyAudience, Origin
from nimo.community.councils.choices.meetings import Confidentiality, DecisionState, MinutesState, ReferralState
from nimo.community.councils.models.meetings import AgendaItem
from nimo.community.councils.models.minutes import Decision, Minutes, MinuteText, Referral
from nimo.community.councils.policies.meetings import audience_of, get_published_minutes
from nimo.community.councils.queries.renditions import lines_of
from nimo.community.councils.rules.renditions import Audience
from nimo.community.councils.services.agenda import (
    ItemFacts,
    UnableToChangeAgenda,
    add_paper,
    classify,
    put_item,
    remove_item,
)
from nimo.community.councils.services.decisions import (
    DecisionFacts,
    UnableToDecide,
    answer_referral,
    close_decision,
    raise_item,
    record_decision,
)
from nimo.community.councils.services.minutes import (
    UnableToWriteMinutes,
    approve_minutes,
    correct_minute,
    publish_minutes,
    save_minute,
    withdraw_minutes,
)
from nimo.community.councils.tests.meeting_support import OTHER_CITY, body_of, held, seat_five, secretary
from nimo.foundation.access.rules import NotVisible
from tests.support.people import load_places

pytestmark = pytest.mark.django_db(databases=["default", "side"])

TEXT = "住まいについて話し合った。\n［構成員限り］空き病床は3床。［ここまで］\n［事務局限り］日程の調整中。［ここまで］"


@pytest.fixture
def officer(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    load_places()
    return secretary()


@pytest.fixture
def meeting(officer):
    return held(officer, body_of(officer))


def _item(officer, meeting, title="退院後の住まい", confidentiality=Confidentiality.PUBLIC) -> AgendaItem:
    return put_item(actor=officer, meeting_id=meeting.pk, facts=ItemFacts(title, confidentiality=confidentiality))


def _approved(officer, meeting, text=TEXT) -> AgendaItem:
    item = _item(officer, meeting)
    save_minute(actor=officer, item_id=item.pk, version=0, text=text)
    _approve(officer, meeting)
    return item


def _approve(officer, meeting, **more):
    version = Minutes.objects.get(pk=meeting.pk).version
    approve_minutes(actor=officer, meeting_id=meeting.pk, version=version, confirmed_by="会長", **more)


def test_two_people_writing_one_item_lose_nothing(officer, meeting):
    item = _item(officer, meeting)
    save_minute(actor=officer, item_id=item.pk, version=0, text="はじめの記録")
    colleague = secretary()
    save_minute(actor=colleague, item_id=item.pk, version=1, text="同僚の記録")
    with pytest.raises(UnableToWriteMinutes, match="先にこの議題の記録を保存しました") as refusal:
        save_minute(actor=officer, item_id=item.pk, version=1, text="自分の記録")
    assert refusal.value.current is not None
    assert refusal.value.current.text == "同僚の記録"
    assert MinuteText.objects.get(pk=item.pk).text == "同僚の記録"


def test_two_people_beginning_one_item_at_once_lose_nothing(officer, meeting):
    item = _item(officer, meeting)
    save_minute(actor=secretary(), item_id=item.pk, version=0, text="同僚の記録")
    with pytest.raises(UnableToWriteMinutes) as refusal:
        save_minute(actor=officer, item_id=item.pk, version=0, text="自分の記録")
    assert refusal.value.current is not None


def test_an_approved_minute_never_changes_and_a_correction_stands_beside(officer, meeting):
    item = _approved(officer, meeting)
    with pytest.raises(UnableToWriteMinutes, match="確定しているため"):
        save_minute(actor=officer, item_id=item.pk, version=1, text="書き換え")
    correct_minute(
        actor=officer,
        item_id=item.pk,
        passage="住まいについて",
        correct="住まいと仕事について",
        reason="聞き違い",
        confidentiality=Confidentiality.PUBLIC,
    )
    assert MinuteText.objects.get(pk=item.pk).text == TEXT
    lines = lines_of(meeting, Audience.PUBLIC)
    assert lines.items[0].corrections[0][1:] == ("住まいについて", "住まいと仕事について", "聞き違い")


def test_a_text_saved_while_another_approves_stops_the_approval(officer, meeting):
    item = _item(officer, meeting)
    save_minute(actor=officer, item_id=item.pk, version=0, text="記録")
    seen = Minutes.objects.get(pk=meeting.pk).version
    save_minute(actor=secretary(), item_id=item.pk, version=1, text="別の記録")
    with pytest.raises(UnableToWriteMinutes, match="もう一度確かめて"):
        approve_minutes(actor=officer, meeting_id=meeting.pk, version=seen, confirmed_by="会長")


def test_refuses_to_approve_with_a_mark_that_is_not_closed(officer, meeting):
    item = _item(officer, meeting)
    save_minute(actor=officer, item_id=item.pk, version=0, text="公開。\n［構成員限り］秘密")
    with pytest.raises(UnableToWriteMinutes, match="議題1の2行目"):
        _approve(officer, meeting)


def test_asks_about_a_name_in_what_will_be_public(officer, meeting):
    seat_five(meeting.body)
    item = _item(officer, meeting)
    save_minute(actor=officer, item_id=item.pk, version=0, text="明和春香さんの発言。")
    with pytest.raises(UnableToWriteMinutes, match="明和春香") as refusal:
        _approve(officer, meeting)
    assert refusal.value.names
    _approve(officer, meeting, names_read=True)
    assert Minutes.objects.get(pk=meeting.pk).state == MinutesState.APPROVED


def test_a_name_in_a_hidden_passage_is_nobodys_concern(officer, meeting):
    item = _item(officer, meeting)
    text = "話し合った。［構成員限り］山田太郎さんの退院。［ここまで］"
    save_minute(actor=officer, item_id=item.pk, version=0, text=text)
    _approve(officer, meeting)


def test_three_readers_read_three_renditions(officer, meeting):
    seat_five(meeting.body)
    _approved(officer, meeting)
    hidden = _texts(lines_of(meeting, Audience.PUBLIC))
    assert "住まい" in hidden
    assert "空き病床" not in hidden
    assert "日程" not in hidden
    members = _texts(lines_of(meeting, Audience.MEMBERS))
    assert "空き病床" in members
    assert "日程" not in members
    assert "日程" in _texts(lines_of(meeting, Audience.SECRETARIAT))


def _texts(lines) -> str:
    return repr(lines)


def test_an_item_for_members_leaves_only_its_number_to_the_public(officer, meeting):
    _item(officer, meeting, "個別の入院者の検討", Confidentiality.MEMBERS)
    item = lines_of(meeting, Audience.PUBLIC).items[0]
    assert (item.position, item.title, item.text) == (1, None, "")


def test_who_sits_in_the_body_reads_as_a_member(officer, meeting):
    holding = seat_five(meeting.body)[0]
    hospital = secretary(OTHER_CITY)
    assert audience_of(hospital, meeting.body) is Audience.PUBLIC
    holding.participant.user_id = hospital.user_id
    holding.participant.save()
    assert audience_of(hospital, meeting.body) is Audience.MEMBERS
    assert audience_of(officer, meeting.body) is Audience.SECRETARIAT


def test_minutes_are_published_only_when_approved_and_of_a_public_body(officer, meeting):
    item = _item(officer, meeting)
    save_minute(actor=officer, item_id=item.pk, version=0, text="記録")
    with pytest.raises(UnableToWriteMinutes, match="確定していて"):
        publish_minutes(actor=officer, meeting_id=meeting.pk)
    _approve(officer, meeting)
    publish_minutes(actor=officer, meeting_id=meeting.pk)
    assert get_published_minutes(meeting.pk).meeting == meeting
    withdraw_minutes(actor=officer, meeting_id=meeting.pk, reason="記載を確かめるため")
    with pytest.raises(NotVisible):
        get_published_minutes(meeting.pk)
    meeting.body.audience = BodyAudience.MEMBERS
    meeting.body.save()
    with pytest.raises(UnableToWriteMinutes, match="公開の設定"):
        publish_minutes(actor=officer, meeting_id=meeting.pk)


def test_a_hidden_passage_has_no_public_correction(officer, meeting):
    item = _approved(officer, meeting)
    given = {"item_id": item.pk, "passage": "空き病床は3床", "correct": "空き病床は2床", "reason": "誤記"}
    with pytest.raises(UnableToWriteMinutes, match="公開にできません"):
        correct_minute(actor=officer, confidentiality=Confidentiality.PUBLIC, **given)
    correct_minute(actor=officer, confidentiality=Confidentiality.MEMBERS, **given)
    assert "2床" not in repr(lines_of(meeting, Audience.PUBLIC))
    with pytest.raises(UnableToWriteMinutes, match="ありません"):
        correct_minute(actor=officer, **(given | {"passage": "書いていない文"}))


def test_after_approval_an_item_is_classified_but_not_renamed_or_opened(officer, meeting):
    item = _approved(officer, meeting)
    item.refresh_from_db()
    facts = ItemFacts(item.title, axis=Axis.BASE, origin=Origin.WELFARE, confidentiality=Confidentiality.PUBLIC)
    item = put_item(actor=officer, meeting_id=meeting.pk, item_id=item.pk, version=item.version, facts=facts)
    assert item.axis == Axis.BASE
    with pytest.raises(UnableToChangeAgenda, match="確定しているため"):
        put_item(
            actor=officer, meeting_id=meeting.pk, item_id=item.pk, version=item.version, facts=ItemFacts("別の議題")
        )
    closed = ItemFacts(item.title, confidentiality=Confidentiality.MEMBERS)
    item = put_item(actor=officer, meeting_id=meeting.pk, item_id=item.pk, version=item.version, facts=closed)
    with pytest.raises(UnableToChangeAgenda, match="広く公開"):
        put_item(actor=officer, meeting_id=meeting.pk, item_id=item.pk, version=item.version, facts=facts)


def test_many_items_are_classified_at_once(officer, meeting):
    items = [_item(officer, meeting, f"議題{number}") for number in range(3)]
    said = {item.pk: (Axis.SYSTEM.value, Origin.INTEGRATED.value) for item in items[:2]} | {items[2].pk: ("", "")}
    assert classify(actor=officer, body_id=meeting.body_id, fiscal_year=2026, said=said) == 2
    with pytest.raises(UnableToChangeAgenda, match="この年度にない"):
        classify(actor=officer, body_id=meeting.body_id, fiscal_year=2025, said=said)


def test_an_item_with_a_record_is_not_removed(officer, meeting):
    empty, written = _item(officer, meeting), _item(officer, meeting, "二つ目")
    save_minute(actor=officer, item_id=written.pk, version=0, text="記録")
    remove_item(actor=officer, item_id=empty.pk)
    with pytest.raises(UnableToChangeAgenda, match="消せません"):
        remove_item(actor=officer, item_id=written.pk)
    assert list(meeting.items.values_list("pk", flat=True)) == [written.pk]


def test_points_out_a_name_in_a_paper_of_a_public_item(officer, meeting):
    item = _item(officer, meeting)
    given = {
        "actor": officer,
        "item_id": item.pk,
        "title": "事例",
        "name": "jirei.txt",
        "content": "山田太郎さんの退院支援".encode(),
        "confidentiality": Confidentiality.PUBLIC,
    }
    with pytest.raises(UnableToChangeAgenda, match="山田太郎") as refusal:
        add_paper(**given)
    assert refusal.value.names
    assert not item.papers.exists()
    assert add_paper(**given, names_read=True).edition == 1
    assert add_paper(**given, names_read=True).edition == 2
    assert item.papers.filter(replaced_at__isnull=True).count() == 1


def test_a_decision_has_one_owner_and_is_carried_out_once(officer, meeting):
    seat = seat_five(meeting.body)[0].post
    item = _item(officer, meeting)
    with pytest.raises(UnableToDecide, match="どちらか一つ"):
        record_decision(
            actor=officer,
            item_id=item.pk,
            facts=DecisionFacts("調べる", owner_post_id=seat.pk, owner_body_id=meeting.body_id),
        )
    made = record_decision(actor=officer, item_id=item.pk, facts=DecisionFacts("調べる", owner_post_id=seat.pk))
    close = {"actor": officer, "decision_id": made.pk, "version": 1, "state": DecisionState.DONE, "outcome": "済んだ"}
    close_decision(**close)
    assert Decision.objects.get().closed_on == officer.today
    with pytest.raises(UnableToDecide, match="先に結果を記録"):
        close_decision(**close)


def test_a_raised_item_gets_its_answer_back(officer, meeting):
    above = secretary(OTHER_CITY)
    other = body_of(above, name="県の協議会")
    item = _item(officer, meeting)
    referral = raise_item(actor=officer, item_id=item.pk, to_body_id=other.pk, summary="県の制度の見直し")
    with pytest.raises(UnableToDecide, match="もう上げています"):
        raise_item(actor=officer, item_id=item.pk, to_body_id=other.pk, summary="もう一度")
    with pytest.raises(NotVisible):
        answer_referral(actor=officer, referral_id=referral.pk, version=1, state=ReferralState.ACCEPTED, answer="")
    with pytest.raises(UnableToDecide, match="理由"):
        answer_referral(actor=above, referral_id=referral.pk, version=1, state=ReferralState.RETURNED, answer="")
    answer_referral(actor=above, referral_id=referral.pk, version=1, state=ReferralState.ACCEPTED, answer="次回扱う")
    assert Referral.objects.get().answer == "次回扱う"


def test_another_office_writes_no_minutes(officer, meeting):
    item = _item(officer, meeting)
    stranger = secretary(OTHER_CITY)
    for act in (
        lambda: save_minute(actor=stranger, item_id=item.pk, version=0, text="記録"),
        lambda: put_item(actor=stranger, meeting_id=meeting.pk, facts=ItemFacts("議題")),
        lambda: record_decision(actor=stranger, item_id=item.pk, facts=DecisionFacts("決定")),
        lambda: approve_minutes(actor=stranger, meeting_id=meeting.pk, version=1, confirmed_by="会長"),
    ):
        with pytest.raises(NotVisible):
            act()
