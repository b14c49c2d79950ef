"""Answering by link and signed in: once, in time, on paper; nothing that is typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.notices.models import Notice
from nimo.foundation.questionnaires.choices import AnswerRule, Channel, RoundState
from nimo.foundation.questionnaires.models.answers import Answer, AnswerDraft
from nimo.foundation.questionnaires.models.rounds import Invitation
from nimo.foundation.questionnaires.policies import AnswerAccess, get_own_invitation
from nimo.foundation.questionnaires.queries.answering import answer_page, own_list
from nimo.foundation.questionnaires.queries.rounds import letters_of
from nimo.foundation.questionnaires.services import answering, invitations, rounds
from nimo.foundation.questionnaires.tests.support import (
    ANSWERS,
    CITY,
    TODAY,
    give,
    later,
    officer,
    opened,
    planned,
    waiting,
)
from tests.support.people import NOW, user_of

pytestmark = pytest.mark.django_db
VISITOR = Actor.anonymous(now=NOW)


@pytest.fixture(autouse=True)
def fresh_cache(settings, tmp_path):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    cache.clear()


def linked(invitation: Invitation) -> AnswerAccess:
    return AnswerAccess(code_hash=invitation.code_hash or "")


def code_of(round_, label: str = "架空の相手1") -> str:
    return next(letter.code for letter in letters_of(round_, path="") if letter.name == label)


def test_an_answer_is_bound_to_the_version_and_the_draft_goes():
    round_ = opened(officer(), 1)
    give(waiting(round_)[0])
    answer = Answer.objects.get()
    assert answer.form_version_id == round_.form_version_id
    assert answer.content["q1"] == "12"
    assert answer.content["q5"] == ["a1", "a3"]
    assert "q3" not in answer.content
    assert (answer.channel, answer.filled) == (Channel.LINK, True)
    assert not AnswerDraft.objects.exists()


def test_a_link_is_used_once():
    round_ = opened(officer(), 1, answer_rule=AnswerRule.ONCE)
    invitation = waiting(round_)[0]
    give(invitation)
    with pytest.raises(answering.UnableToAnswer, match="受け付け済み"):
        give(invitation, {"q1": "99", "q2": "a1"})
    assert Answer.objects.get().content["q1"] == "12"


def test_an_answer_may_be_changed_until_the_due_date_where_the_round_says_so():
    round_ = opened(officer(), 1)
    invitation = waiting(round_)[0]
    give(invitation)
    typed = answer_page(VISITOR, linked(invitation)).typed
    assert typed["q1"] == "12"
    give(invitation, {"q1": "13"})
    answer = Answer.objects.get()
    assert answer.content["q1"] == "13"
    assert answer.content["q9"] == ANSWERS["q9"], "the pages that were not opened keep their answers"
    assert answer.version == 2


def test_nobody_answers_after_the_due_date_but_the_secretariat_enters_what_came_on_paper():
    actor = officer()
    round_ = opened(actor, 1)
    invitation = waiting(round_)[0]
    late = later(VISITOR, days=15)
    with pytest.raises(answering.UnableToAnswer, match="期限（2026年12月4日）を過ぎた"):
        give(invitation, actor=late)
    assert "過ぎた" in answer_page(late, linked(invitation)).refusal
    secretariat = AnswerAccess(invitation_id=invitation.pk, as_secretariat=True)
    answering.save_draft(actor=later(actor, days=15), access=secretariat, content=ANSWERS)
    answering.submit(actor=later(actor, days=15), access=secretariat)
    assert Answer.objects.get().entered_by_id == actor.user_id


def test_nobody_answers_before_the_beginning():
    actor = officer()
    round_ = planned(actor, opens_on=TODAY + timedelta(days=2))
    invitations.invite_labels(actor=actor, round_id=round_.pk, labels=["甲"], audience=None)
    invitation = waiting(round_)[0]
    with pytest.raises(NotVisible):
        answer_page(VISITOR, linked(invitation))
    rounds.open_round(actor=actor, round_id=round_.pk, version=1)
    with pytest.raises(answering.UnableToAnswer, match="まだ受け付けていません"):
        give(invitation)


def test_a_closed_round_takes_nothing_not_even_paper():
    actor = officer()
    round_ = opened(actor, 1)
    invitation = waiting(round_)[0]
    rounds.close_round(actor=actor, round_id=round_.pk, version=round_.version)
    with pytest.raises(answering.UnableToAnswer, match="締め切りました"):
        give(invitation)
    with pytest.raises(answering.UnableToAnswer, match="受付中の回ではない"):
        answering.save_draft(
            actor=actor, access=AnswerAccess(invitation_id=invitation.pk, as_secretariat=True), content=ANSWERS
        )


def test_ten_thousand_characters_are_kept_as_a_draft_and_said_to_be_too_many():
    round_ = opened(officer(), 1)
    invitation = waiting(round_)[0]
    long = "長" * 10_000
    with pytest.raises(answering.UnableToAnswer) as refusal:
        give(invitation, ANSWERS | {"q9": long})
    assert "4,000字まで" in refusal.value.errors["q9"]
    assert AnswerDraft.objects.get().content["q9"] == long
    assert not Answer.objects.exists()


def test_what_is_not_a_question_is_not_kept():
    round_ = opened(officer(), 1)
    invitation = waiting(round_)[0]
    answering.save_draft(actor=VISITOR, access=linked(invitation), content={"q1": "1", "q4": "true", "evil": "x"})
    assert AnswerDraft.objects.get().content == {"q1": "1"}, "q4 is for hospitals"


def test_an_empty_answer_is_not_an_answer():
    version_round = opened(officer(), 1)
    with pytest.raises(answering.UnableToAnswer, match="直すところが2か所"):
        give(waiting(version_round)[0], {})


# -- Links ---------------------------------------------------------------------------------------------------------


def test_the_code_opens_its_invitation_however_it_is_typed():
    round_ = opened(officer(), 1)
    code = code_of(round_)
    typed = " ".join(code[at : at + 4].lower() for at in range(0, 24, 4))
    assert answering.open_link(actor=VISITOR, code=typed, address="192.0.2.1") == waiting(round_)[0].code_hash


def test_no_row_holds_the_code():
    round_ = opened(officer(), 2)
    codes = [letter.code for letter in letters_of(round_, path="")]
    rows = " ".join(str(row) for row in Invitation.objects.values())
    assert len(set(codes)) == 2
    assert not any(code in rows for code in codes)


def test_a_new_link_ends_the_old_one_and_a_cancelled_invitation_ends_its_link():
    actor = officer()
    round_ = opened(actor, 1)
    old = code_of(round_)
    invitation = waiting(round_)[0]
    invitations.reissue_link(actor=actor, invitation_id=invitation.pk)
    with pytest.raises(answering.UnableToAnswer, match="開けませんでした"):
        answering.open_link(actor=VISITOR, code=old, address="192.0.2.1")
    new = code_of(round_)
    assert answering.open_link(actor=VISITOR, code=new, address="192.0.2.1")
    invitations.cancel_invitation(actor=actor, invitation_id=invitation.pk)
    with pytest.raises(answering.UnableToAnswer):
        answering.open_link(actor=VISITOR, code=new, address="192.0.2.1")


def test_guessing_is_stopped_for_the_address_and_nobody_else():
    round_ = opened(officer(), 1)
    code = code_of(round_)
    for number in range(answering.WRONG_CODES):
        with pytest.raises(answering.UnableToAnswer, match="開けません"):
            answering.open_link(actor=VISITOR, code=f"wrong{number}", address="192.0.2.1")
    with pytest.raises(answering.UnableToAnswer, match="5分"):
        answering.open_link(actor=VISITOR, code=code, address="192.0.2.1")
    assert answering.open_link(actor=VISITOR, code=code, address="192.0.2.2")


def test_a_round_without_links_has_none():
    round_ = opened(officer(), 1, link_allowed=False)
    assert waiting(round_)[0].code_hash is None
    assert letters_of(round_, path="") == []


# -- Signed in -----------------------------------------------------------------------------------------------------


def test_an_organisation_answers_through_any_of_its_people_and_nobody_else():
    actor = officer()
    round_ = planned(actor)
    worker = user_of(Role.HOSPITAL_WORKER, CITY)
    colleague, stranger = user_of(Role.HOSPITAL_WORKER, CITY), user_of(Role.HOSPITAL_WORKER, "11201")
    organisation = worker.memberships.get().organisation_id
    invitations.invite_organisations(actor=actor, round_id=round_.pk, organisation_ids=[organisation])
    invitation = waiting(round_)[0]
    with pytest.raises(NotVisible):
        get_own_invitation(actor_for_user(worker, NOW), invitation.pk)
    rounds.open_round(actor=actor, round_id=round_.pk, version=1)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {worker.pk, colleague.pk}
    with pytest.raises(NotVisible):
        get_own_invitation(actor_for_user(stranger, NOW), invitation.pk)
    one, other = actor_for_user(worker, NOW), actor_for_user(colleague, NOW)
    assert [row.invitation.pk for row in own_list(one)] == [invitation.pk]
    access = AnswerAccess(invitation_id=invitation.pk)
    answering.save_draft(actor=one, access=access, content=ANSWERS | {"q4": "true"})
    answering.submit(actor=other, access=access)
    assert Answer.objects.get().content["q4"] is True
    assert Answer.objects.get().audience == "psychiatric_hospital"


def test_what_a_recipient_has_not_given_yet_is_not_shown_to_the_secretariat():
    actor = officer()
    round_ = opened(actor, 1)
    invitation = waiting(round_)[0]
    answering.save_draft(actor=VISITOR, access=linked(invitation), content={"q9": "まだ迷っている文"})
    page = answer_page(actor, AnswerAccess(invitation_id=invitation.pk, as_secretariat=True))
    assert page.typed == {}
    assert not page.has_draft


def test_reminders_go_to_those_who_have_not_answered_and_once_a_day():
    actor = officer()
    round_ = planned(actor)
    people = [user_of(Role.HOSPITAL_WORKER, CITY) for _ in range(2)]
    invitations.invite_users(actor=actor, round_id=round_.pk, user_ids=[user.pk for user in people])
    invitations.invite_labels(actor=actor, round_id=round_.pk, labels=["紙の相手"], audience=None)
    rounds.open_round(actor=actor, round_id=round_.pk, version=1)
    first = Invitation.objects.get(user=people[0])
    Notice.objects.all().delete()
    give(first)
    assert rounds.remind(actor=actor, round_id=round_.pk) == rounds.Reminded(told=1, letters=1)
    assert Notice.objects.get().recipient_id == people[1].pk
    with pytest.raises(rounds.UnableToDistribute, match="今日はすでに"):
        rounds.remind(actor=actor, round_id=round_.pk)


def test_the_daily_command_reminds_a_week_and_a_day_before_the_end():
    actor = officer()
    opened(actor, 1)
    sent = [
        day
        for day in range(16)
        if rounds.send_due_reminders(actor=replace(Actor.system("催促", now=NOW), now=NOW + timedelta(days=day)))
    ]
    assert sent == [7, 13]


def test_promises_do_not_change_once_somebody_is_invited():
    actor = officer()
    round_ = opened(actor, 1)
    plan = rounds.RoundPlan(title="新しい名前", opens_on=round_.opens_on, due_on=round_.due_on, link_allowed=False)
    with pytest.raises(rounds.UnableToDistribute, match="変えられません"):
        rounds.change_round(actor=actor, round_id=round_.pk, version=round_.version, plan=plan)
    fine = replace(plan, link_allowed=True, due_on=round_.due_on + timedelta(days=7))
    rounds.change_round(actor=actor, round_id=round_.pk, version=round_.version, plan=fine)
    round_.refresh_from_db()
    assert round_.title == "新しい名前"
    assert round_.state == RoundState.OPEN
