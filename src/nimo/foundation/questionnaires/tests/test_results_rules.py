"""Counting, and what may be seen of it."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.core.disclosure.policy import shipped_policy
from nimo.foundation.questionnaires.choices import Operator, QuestionKind, RespondentUnit
from nimo.foundation.questionnaires.rules.counting import Respondent, count, one_stands_out
from nimo.foundation.questionnaires.rules.results import tabulate
from nimo.foundation.questionnaires.rules.structure import Condition, Option, Question, Section, Structure

POLICY = shipped_policy()
OPTIONS = (Option("a1", "甲"), Option("a2", "乙"), Option("a3", "丙"))
STRUCTURE = Structure(
    (
        Section(
            "s1",
            "まとまり",
            questions=(
                Question("q1", QuestionKind.CHOICE, "一つ", options=OPTIONS),
                Question("q2", QuestionKind.MULTIPLE, "いくつでも", options=OPTIONS),
                Question("q3", QuestionKind.YES_NO, "続き", conditions=(Condition("q1", Operator.EQUALS, "a1"),)),
                Question("q4", QuestionKind.NUMBER, "人数"),
                Question("q5", QuestionKind.LONG_TEXT, "文"),
            ),
        ),
    )
)


def people(*answers: dict[str, object]) -> list[Respondent]:
    return [Respondent("", answer) for answer in answers]


def closed(respondents: list[Respondent], unit: str = RespondentUnit.PERSON):
    return tabulate(STRUCTURE, respondents, invited={"": len(respondents)}, unit=unit, policy=POLICY)


def counts(result) -> dict[str, int | None]:
    return {line.code: line.count.value for line in result.lines}


def test_counts_those_who_were_asked_and_answered():
    tallies = {
        tally.question.link_id: tally
        for tally in count(STRUCTURE, people({"q1": "a1", "q3": True}, {"q1": "a2"}, {"q4": "5"}))
    }
    assert (tallies["q1"].asked, tallies["q1"].answered, tallies["q1"].none) == (3, 2, 1)
    assert (tallies["q3"].asked, tallies["q3"].answered) == (1, 1)
    assert tallies["q4"].numbers == [Decimal(5)]


def test_a_council_of_five_with_one_answer_shows_no_answer():
    results = closed(people({"q1": "a2", "q2": ["a1"], "q4": "40", "q5": "書いたこと"}))
    assert results.submitted == 1
    for question in results.questions:
        assert all(line.count.value in (None, 0) for line in question.lines)
        assert question.mean is None
        assert question.total is None
    assert counts(results.questions[0])["a2"] is None


def test_who_may_see_small_numbers_sees_them():
    results = tabulate(STRUCTURE, people({"q1": "a2", "q4": "40"}), invited={"": 5}, unit="person", policy=None)
    assert counts(results.questions[0]) == {"a1": 0, "a2": 1, "a3": 0}
    assert results.questions[3].mean == Decimal("40.0")
    assert results.rate == Decimal("20.0")


def test_one_who_answered_otherwise_is_not_left_over():
    results = closed(people(*[{"q1": "a1"}] * 29, {"q1": "a2"}))
    shown = counts(results.questions[0])
    assert shown["a2"] is None
    assert shown["a1"] is None, "30 minus 29 would tell it"


def test_all_but_two_tells_as_much_as_two():
    results = closed(people(*[{"q2": ["a1"]}] * 28, *[{"q2": ["a2"]}] * 2))
    assert counts(results.questions[1])["a1"] is None
    assert counts(results.questions[1])["a2"] is None


def test_a_question_that_hangs_on_another_does_not_tell_its_answers():
    """20 of 23 meet the condition: were "asked 20" shown, 23 − 20 would tell the three."""
    results = closed(people(*[{"q1": "a1", "q3": True}] * 20, *[{"q1": "a2"}] * 3))
    first, _, follow_up, *_ = results.questions
    assert counts(first) == {"a1": None, "a2": None, "a3": counts(first)["a3"]}
    assert follow_up.asked.value is None
    assert follow_up.answered.value is None
    assert counts(follow_up)["true"] is None


def test_large_counts_are_shown():
    results = closed(people(*[{"q1": "a1", "q3": True}] * 40, *[{"q1": "a2"}] * 30, *[{"q1": "a3"}] * 20))
    assert counts(results.questions[0]) == {"a1": 40, "a2": 30, "a3": 20}
    assert results.questions[2].asked.value == 40


def test_organisations_have_the_smaller_threshold_of_facilities():
    results = closed(people(*[{"q1": "a1"}] * 4, *[{"q1": "a2"}] * 5), unit=RespondentUnit.ORGANISATION)
    assert counts(results.questions[0])["a1"] == 4


def test_a_mean_one_hospital_makes_is_withheld():
    many = [{"q4": str(number)} for number in (300, *[1] * 11)]
    assert closed(people(*many)).questions[3].withheld
    even = [{"q4": str(number)} for number in range(20, 32)]
    assert closed(people(*even)).questions[3].mean == Decimal("25.5")
    assert one_stands_out([Decimal(5), Decimal(5)])


def test_words_are_counted_and_never_quoted():
    results = closed(people(*[{"q5": "秘密の言葉"}] * 30))
    assert "秘密の言葉" not in repr(results)
    assert results.questions[4].answered.value == 30


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 25), min_size=3, max_size=3), st.integers(0, 6))
def test_no_small_count_follows_from_what_is_shown(sizes, unanswered):
    answers = [{"q1": code} for code, size in zip(("a1", "a2", "a3"), sizes, strict=True) for _ in range(size)]
    results = closed(people(*answers, *[{"q4": "1"}] * unanswered))
    first = results.questions[0]
    shown = counts(first)
    hidden = [code for code, value in shown.items() if value is None]
    for code, size in zip(("a1", "a2", "a3"), sizes, strict=True):
        if 0 < size < 10:
            assert shown[code] is None
    if hidden:
        rest = sum(sizes) - sum(value for value in shown.values() if value is not None)
        options = {one for one in product(range(rest + 1), repeat=len(hidden)) if sum(one) == rest}
        for place, code in enumerate(hidden):
            if 0 < sizes[int(code[1]) - 1] < 10:
                assert len({one[place] for one in options}) > 1, "the hidden count can be worked out"


@pytest.mark.parametrize("unit", list(RespondentUnit))
def test_nobody_at_all_breaks_nothing(unit):
    assert closed([], unit).rate is None
