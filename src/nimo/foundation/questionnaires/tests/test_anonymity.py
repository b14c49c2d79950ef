"""An answer of an anonymous round leads to nobody: not through a row, a time, an order, the audit, a result."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.audit.models import Entry
from nimo.foundation.questionnaires.choices import AnswerRule, Identity
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.models.rounds import Invitation
from nimo.foundation.questionnaires.policies import get_answer, may_read_texts, may_see_results
from nimo.foundation.questionnaires.queries.results import results_of, tallies_by_kind, texts_of, too_few_texts
from nimo.foundation.questionnaires.services import answering, invitations, rounds
from nimo.foundation.questionnaires.tests.support import (
    ANSWERS,
    give,
    hospital,
    officer,
    opened,
    planned,
    waiting,
)
from tests.support.people import NOW

pytestmark = pytest.mark.django_db
ANONYMOUS = {"identity": Identity.ANONYMOUS}


def anonymous_round(actor, people: int = 5, **changes):
    return opened(actor, people, **ANONYMOUS, **changes)


def close(actor, round_):
    round_.refresh_from_db()
    rounds.close_round(actor=actor, round_id=round_.pk, version=round_.version)
    round_.refresh_from_db()
    return round_


def test_an_answer_knows_neither_whom_nor_when():
    round_ = anonymous_round(officer())
    give(waiting(round_)[0])
    answer = Answer.objects.get(filled=True)
    assert answer.invitation is None
    assert answer.submitted_at is None
    assert answer.entered_by is None
    assert answer.channel == ""
    assert answer.id.version == 4, "a UUIDv7 would tell the time"


def test_the_database_refuses_a_link_between_the_two():
    round_ = anonymous_round(officer())
    give(waiting(round_)[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(filled=True).update(submitted_at=NOW)


def test_no_row_is_added_when_an_answer_comes_and_its_place_is_drawn_by_lot():
    places = set()
    for _ in range(12):
        round_ = anonymous_round(officer(), people=6)
        before = list(Answer.objects.filter(round=round_).order_by("pk").values_list("pk", flat=True))
        give(waiting(round_)[0])
        assert list(Answer.objects.filter(round=round_).order_by("pk").values_list("pk", flat=True)) == before
        places.add(before.index(Answer.objects.get(round=round_, filled=True).pk))
    assert len(places) > 1


def test_the_audit_names_the_round_and_never_the_answer_or_the_invitation():
    round_ = anonymous_round(officer())
    give(waiting(round_)[0])
    entry = Entry.objects.get(verb="questionnaires.submit")
    assert entry.target_id == str(round_.pk)
    everything = " ".join(f"{e.target_id} {e.diff} {e.reason}" for e in Entry.objects.all())
    assert str(Answer.objects.get(filled=True).pk) not in everything
    for invitation in Invitation.objects.filter(round=round_):
        assert str(invitation.pk) not in everything


def test_nobody_sees_results_or_words_before_the_end():
    actor = officer()
    round_ = anonymous_round(actor, small_numbers=True)
    for invitation in waiting(round_):
        give(invitation)
    assert not may_see_results(actor, round_)
    assert not may_read_texts(actor, round_)
    with pytest.raises(NotVisible):
        results_of(actor, round_)
    assert may_see_results(actor, close(actor, round_))


def test_a_council_of_five_with_one_answer_tells_nothing():
    actor = officer()
    round_ = anonymous_round(actor, small_numbers=True)
    give(waiting(round_)[0])
    round_ = close(actor, round_)
    results = results_of(actor, round_)
    assert results.suppressed, "also where respondents agreed to small numbers: one answer is one person"
    assert all(
        line.count.value is None for question in results.questions for line in question.lines if question.answered.value
    )
    assert too_few_texts(round_)
    assert all(not question.texts for question in texts_of(actor, round_))


def test_a_council_of_five_that_all_answered_is_shown_where_it_was_told_so():
    actor = officer()
    told, untold = (anonymous_round(actor, small_numbers=small) for small in (True, False))
    for round_ in (told, untold):
        for invitation in waiting(round_):
            give(invitation)
        close(actor, round_)
    assert not results_of(actor, told).suppressed
    assert results_of(actor, told).questions[1].lines[0].count.value == 5
    assert results_of(actor, untold).questions[1].lines[0].count.value is None
    reader = officer(Role.PREFECTURE_OFFICER, "10000")
    assert results_of(reader, told).suppressed


def test_words_of_one_person_do_not_stand_in_the_same_place():
    actor = officer()
    round_ = anonymous_round(actor, people=8)
    for number, invitation in enumerate(waiting(round_)):
        give(invitation, ANSWERS | {"q2": "a3", "q3": f"理由{number}", "q9": f"自由{number}"})
    texts = {one.question.link_id: [text for _, text in one.texts] for one in texts_of(actor, close(actor, round_))}
    assert sorted(texts["q3"]) == [f"理由{number}" for number in range(8)]
    assert [text[-1] for text in texts["q3"]] != [text[-1] for text in texts["q9"]]
    assert all(who == "" for one in texts_of(actor, round_) for who, _ in one.texts)


def test_no_answer_is_opened_alone_and_none_is_split_by_kind():
    actor = officer()
    round_ = anonymous_round(actor, small_numbers=True)
    for invitation in waiting(round_):
        give(invitation)
    round_ = close(actor, round_)
    with pytest.raises(NotVisible):
        get_answer(actor, Answer.objects.filter(filled=True).first().pk)
    assert tallies_by_kind(actor, round_, "q2") is None


def test_questions_of_their_own_are_put_to_one_hospital_only_with_its_name():
    actor = officer()
    round_ = planned(actor, **ANONYMOUS)
    invitations.invite_organisations(actor=actor, round_id=round_.pk, organisation_ids=[hospital(1).pk])
    with pytest.raises(rounds.UnableToDistribute, match="精神科病院"):
        rounds.open_round(actor=actor, round_id=round_.pk, version=1)
    invitations.invite_organisations(actor=actor, round_id=round_.pk, organisation_ids=[hospital(2).pk, hospital(3).pk])
    rounds.open_round(actor=actor, round_id=round_.pk, version=1)
    give(waiting(round_)[0], ANSWERS | {"q4": "true"})
    assert Answer.objects.get(filled=True).audience == OrganisationKind.PSYCHIATRIC_HOSPITAL


def test_an_anonymous_answer_cannot_be_changed_and_no_round_promises_it():
    plan = rounds.RoundPlan(
        title="架空",
        opens_on=NOW.date(),
        due_on=NOW.date(),
        identity=Identity.ANONYMOUS,
        answer_rule=AnswerRule.EDITABLE,
    )
    with pytest.raises(rounds.UnableToDistribute, match="一度だけ"):
        planned(officer(), identity=Identity.ANONYMOUS, answer_rule=plan.answer_rule)


def test_a_sheet_without_a_name_is_entered_without_a_trace_of_who_typed_it():
    actor = officer()
    round_ = anonymous_round(actor, people=2)
    answering.enter_unnamed(actor=actor, round_id=round_.pk, content=ANSWERS)
    answer = Answer.objects.get(filled=True)
    assert answer.entered_by is None
    assert Answer.objects.filter(round=round_).count() == 3
    for invitation in waiting(round_):
        give(invitation)
    assert Answer.objects.filter(round=round_, filled=True).count() == 3
    with pytest.raises(answering.UnableToAnswer, match="直すところ") as refusal:
        answering.enter_unnamed(actor=actor, round_id=round_.pk, content={"q1": "多い"})
    assert set(refusal.value.errors) == {"q1", "q2"}


def test_the_daily_command_runs(capsys):
    call_command("questionnaires_remind")
    assert "0 回" in capsys.readouterr().out


def test_time_of_the_system_does_not_open_an_anonymous_round_early():
    actor = officer()
    round_ = anonymous_round(actor)
    past = replace(Actor.system("試験", now=NOW), now=NOW + timedelta(days=400))
    assert not may_see_results(past, round_)
