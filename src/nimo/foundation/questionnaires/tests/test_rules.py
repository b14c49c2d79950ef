"""Structures, conditions, answers and comparisons: pure functions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.foundation.questionnaires.choices import Operator, QuestionKind
from nimo.foundation.questionnaires.rules import editing
from nimo.foundation.questionnaires.rules.answers import (
    Unreadable,
    as_typed,
    check_answers,
    read_date,
    read_number,
    read_one,
)
from nimo.foundation.questionnaires.rules.checking import blocking, check_structure
from nimo.foundation.questionnaires.rules.compatibility import pair
from nimo.foundation.questionnaires.rules.conditions import asked_questions
from nimo.foundation.questionnaires.rules.flow import kept_audience, link_code, too_few_of_a_kind
from nimo.foundation.questionnaires.rules.ruby import in_brackets, segments, without_ruby
from nimo.foundation.questionnaires.rules.structure import (
    Condition,
    Option,
    Question,
    Section,
    Structure,
    digest,
    structure_from,
    to_data,
)
from nimo.foundation.questionnaires.tests.support import HOSPITAL, STRUCTURE

AUDIENCE = STRUCTURE.for_audience(HOSPITAL)


def of(*questions: Question) -> Structure:
    return Structure((Section("s1", "まとまり", questions=questions),), next_number=50)


def problems(structure: Structure) -> list[str]:
    return [finding.text for finding in blocking(check_structure(structure))]


# -- Structures ----------------------------------------------------------------------------------------------------


def test_the_structure_of_the_tests_can_be_published_and_comes_back_from_json():
    assert problems(STRUCTURE) == []
    assert structure_from(to_data(STRUCTURE)) == STRUCTURE
    assert digest(structure_from(to_data(STRUCTURE))) == digest(STRUCTURE)


def test_another_word_is_another_digest():
    changed = editing.change_question(STRUCTURE, replace(STRUCTURE.question("q9"), text="別の文"))
    assert digest(changed) != digest(STRUCTURE)


CHOICE = Question("q1", QuestionKind.CHOICE, "甲", options=(Option("a1", "はい"), Option("a2", "いいえ")))


@pytest.mark.parametrize(
    "structure, words",
    [
        (Structure(), "質問がまだありません"),
        (of(CHOICE, replace(CHOICE, text="乙")), "同じ番号"),
        (of(replace(CHOICE, options=(Option("a1", "はい"),))), "選択肢が足りません"),
        (of(replace(CHOICE, options=(Option("a1", "はい"), Option("a2", "はい")))), "同じ選択肢"),
        (of(Question("q1", QuestionKind.NUMBER, "数", minimum="5", maximum="1")), "最小は最大より"),
        (of(Question("q1", QuestionKind.SCALE, "段階", minimum="1", maximum="40")), "11段階"),
        (of(Question("q1", QuestionKind.TABLE, "表", max_rows=3)), "列がありません"),
        (of(replace(CHOICE, conditions=(Condition("q1", Operator.EXISTS),))), "自分自身"),
        (
            of(Question("q0", QuestionKind.TEXT, "先", conditions=(Condition("q1", Operator.EQUALS, "a1"),)), CHOICE),
            "後ろの質問",
        ),
        (
            of(CHOICE, Question("q2", QuestionKind.TEXT, "後", conditions=(Condition("q9", Operator.EXISTS),))),
            "なくなった",
        ),
        (
            of(CHOICE, Question("q2", QuestionKind.TEXT, "後", conditions=(Condition("q1", Operator.EQUALS, "a7"),))),
            "選択肢にありません",
        ),
        (
            of(CHOICE, Question("q2", QuestionKind.TEXT, "後", conditions=(Condition("q1", Operator.AT_LEAST, "1"),))),
            "使えません",
        ),
    ],
)
def test_says_what_cannot_be_asked(structure, words):
    assert any(words in text for text in problems(structure))


def test_a_question_that_hangs_on_one_others_are_asked_only_is_doubtful_not_forbidden():
    structure = replace(
        STRUCTURE,
        sections=(
            *STRUCTURE.sections,
            Section(
                "s9",
                "後",
                questions=(
                    Question("q10", QuestionKind.TEXT, "続き", conditions=(Condition("q4", Operator.EQUALS, "true"),)),
                ),
            ),
        ),
    )
    found = check_structure(structure)
    assert not blocking(found)
    assert any("聞かない組織" in finding.text for finding in found)


NAMES = st.sampled_from([f"q{number}" for number in range(1, 7)])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=2)), min_size=1, max_size=6, unique_by=lambda one: one[0]))
def test_a_structure_without_findings_has_no_circle(plan):
    questions = [
        Question(name, QuestionKind.YES_NO, name, conditions=tuple(Condition(n, Operator.EXISTS) for n in needs))
        for name, needs in plan
    ]
    if problems(of(*questions)):
        return
    settled: set[str] = set()
    for question in questions:
        assert {condition.question for condition in question.conditions} <= settled
        settled.add(question.link_id)


# -- Editing -------------------------------------------------------------------------------------------------------

EDITS = st.lists(
    st.tuples(st.sampled_from(["section", "question", "up", "down", "remove"]), st.integers(0, 30)), max_size=30
)


@settings(max_examples=100, deadline=None)
@given(EDITS)
def test_whatever_is_edited_names_stay_unique_and_are_never_given_twice(edits):
    structure, given_before = Structure(), set()
    for what, pick in edits:
        names = [s.link_id for s in structure.sections] + [q.link_id for q in structure.questions()]
        before = set(names)
        if what == "section":
            structure, _ = editing.add_section(structure, "まとまり")
        elif what == "question" and structure.sections:
            section = structure.sections[pick % len(structure.sections)]
            structure, _ = editing.add_question(structure, section.link_id, QuestionKind.TEXT, "文")
        elif names and what in {"up", "down"}:
            structure = editing.move(structure, names[pick % len(names)], -1 if what == "up" else 1)
            after = [s.link_id for s in structure.sections] + [q.link_id for q in structure.questions()]
            assert set(after) == before
        elif names and what == "remove":
            structure = editing.remove(structure, names[pick % len(names)])
        now = [s.link_id for s in structure.sections] + [q.link_id for q in structure.questions()]
        assert len(now) == len(set(now))
        assert not (set(now) - before) & given_before
        given_before |= set(now)


def test_a_question_at_the_edge_moves_into_the_next_section_and_back():
    moved = editing.move(STRUCTURE, "q3", editing.DOWN)
    assert moved.section("s2").questions[0].link_id == "q3"
    assert editing.move(moved, "q3", editing.UP) == STRUCTURE


def test_an_option_keeps_its_code_when_others_change():
    before = (Option("a1", "住まい"), Option("a2", "仕事"), Option("a3", "相談"))
    assert [o.code for o in editing.options_from(["相談", "住まい", "仕事"], before)] == ["a3", "a1", "a2"]
    assert [o.code for o in editing.options_from(["住まい", "働く場", "相談"], before)] == ["a1", "a2", "a3"]
    assert [o.code for o in editing.options_from(["住まい", "仕事", "相談", "移動"], before)] == [
        "a1",
        "a2",
        "a3",
        "a4",
    ]


# -- Conditions and answers ----------------------------------------------------------------------------------------


def asked(values: dict[str, object]) -> list[str]:
    return [question.link_id for question in asked_questions(AUDIENCE, values)]


def test_a_condition_opens_its_question_and_nothing_else():
    assert "q3" not in asked({})
    assert "q3" not in asked({"q2": "a1"})
    assert "q3" in asked({"q2": "a3"})


def test_an_answer_to_a_question_that_is_not_asked_opens_nothing_and_is_dropped():
    chain = of(
        CHOICE,
        Question("q2", QuestionKind.YES_NO, "乙", conditions=(Condition("q1", Operator.EQUALS, "a1"),)),
        Question("q3", QuestionKind.TEXT, "丙", conditions=(Condition("q2", Operator.EQUALS, "true"),)),
    )
    checked = check_answers(chain, {"q1": "a2", "q2": "true", "q3": "残らない"})
    assert checked.values == {"q1": "a2"}


def test_other_kinds_of_organisation_are_not_asked():
    assert STRUCTURE.for_audience("").section("s2") is None
    assert AUDIENCE.question("q4") is not None


@pytest.mark.parametrize(
    "text, kept", [("12", "12"), ("１２人", "12"), ("1,200", "1200"), ("１２００", "1200"), ("0", "0")]
)
def test_reads_numbers_as_people_write_them(text, kept):
    assert read_number(text, AUDIENCE.question("q1")) == kept


@pytest.mark.parametrize("text", ["たくさん", "1.5", "-1", "NaN", "1e9", "∞", "十二", "1 2 3 4 a"])
def test_refuses_what_is_no_number_of_people(text):
    with pytest.raises(Unreadable):
        read_number(text, AUDIENCE.question("q1"))


@pytest.mark.parametrize("text", ["令和6年4月1日", "R6.4.1", "2024-04-01", "２０２４年４月１日"])
def test_reads_days_of_either_calendar(text):
    assert read_date(text) == "2024-04-01"


def test_refuses_a_month_without_a_day():
    with pytest.raises(Unreadable, match="年・月・日"):
        read_date("令和6年4月")


def test_ten_thousand_characters_are_refused_without_being_lost():
    checked = check_answers(AUDIENCE, {"q1": "1", "q2": "a1", "q9": "あ" * 10_000})
    assert "4,000字まで" in checked.errors["q9"]
    assert "10,000字" in checked.errors["q9"]


def test_rare_kanji_and_emoji_stay_and_control_characters_go():
    checked = check_answers(AUDIENCE, {"q1": "1", "q2": "a1", "q9": "𠮷田さんが😀\r\nと\x00言った\x1b"})
    assert checked.values["q9"] == "𠮷田さんが😀\nと言った"


def test_tables_keep_their_rows_and_name_the_cell_that_is_wrong():
    rows = [{"q8c1": "甲", "q8c2": "3"}, {"q8c1": "", "q8c2": ""}, {"q8c1": "乙", "q8c2": "多い"}]
    checked = check_answers(AUDIENCE, {"q1": "1", "q2": "a1", "q8": rows})
    assert checked.values["q8"] == [{"q8c1": "甲", "q8c2": "3"}, {"q8c1": "乙"}]
    assert list(checked.errors) == ["q8.2.q8c2"]


def test_what_must_be_answered_is_asked_for_only_when_the_answer_is_given():
    assert set(check_answers(AUDIENCE, {}).errors) == {"q1", "q2"}
    assert check_answers(AUDIENCE, {}, required=False).errors == {}


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([q for q in AUDIENCE.questions() if q.kind is not QuestionKind.TABLE]), st.text(max_size=60))
def test_what_is_kept_can_be_typed_again_and_means_the_same(question, text):
    try:
        value = read_one(question, text)
    except Unreadable:
        return
    assert read_one(question, as_typed(question, value)) == value


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([q.link_id for q in AUDIENCE.questions()]),
        st.one_of(st.text(max_size=20), st.lists(st.text(max_size=5), max_size=3), st.none(), st.integers()),
    )
)
def test_nothing_that_is_sent_breaks_the_reading(given_):
    check_answers(AUDIENCE, given_)


# -- Comparing, readings, links ------------------------------------------------------------------------------------


def test_a_new_wording_may_be_compared_another_list_may_not():
    reworded = editing.change_question(STRUCTURE, replace(STRUCTURE.question("q2"), text="連携できていますか（新）"))
    other = editing.change_question(
        reworded, replace(STRUCTURE.question("q5"), options=(*STRUCTURE.question("q5").options, Option("a4", "移動")))
    )
    reasons = {pairing.later.link_id: pairing.reason for pairing in pair(STRUCTURE, other) if pairing.later}
    assert reasons["q2"] == ""
    assert "選択肢" in reasons["q5"]
    assert "文章" in reasons["q9"]
    dropped = pair(STRUCTURE, editing.remove(STRUCTURE, "q6"))
    assert dropped[-1].earlier.link_id == "q6"
    assert not dropped[-1].comparable


def test_readings_stand_above_their_kanji():
    text = "障害《しょうがい》のある｜ひと《人》と𠮷田《よしだ》"
    assert segments(text)[0] == ("障害", "しょうがい")
    assert without_ruby(text) == "障害のあるひとと𠮷田"
    assert in_brackets("退院《たいいん》後") == "退院（たいいん）後"


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="漢字かな《》｜|a", max_size=30))
def test_readings_never_lose_a_character_of_what_is_left(text):
    assert without_ruby(text) == "".join(base for base, _ in segments(text))
    assert without_ruby(without_ruby(text)) in {without_ruby(text), without_ruby(without_ruby(without_ruby(text)))}


def test_a_link_is_computed_again_and_is_another_for_every_number_and_key():
    number = "0190f5fe-0000-7000-8000-000000000000"
    one = link_code("key", number, 1)
    assert one == link_code("key", number, 1)
    assert (
        len({one, link_code("key", number, 2), link_code("other", number, 1), link_code("key", number[:-1] + "1", 1)})
        == 4
    )
    assert len(one) == 24


def test_the_kind_is_kept_only_where_it_points_at_nobody():
    assert kept_audience(HOSPITAL, {HOSPITAL: 2}) == ""
    assert kept_audience(HOSPITAL, {HOSPITAL: 3}) == HOSPITAL
    assert too_few_of_a_kind({HOSPITAL}, {HOSPITAL: 1, "clinic": 1}) == [HOSPITAL]
    assert too_few_of_a_kind({HOSPITAL}, {"clinic": 1}) == []


def test_numbers_are_exact():
    question = Question("q", QuestionKind.NUMBER, "数", decimals=2)
    assert Decimal(read_number("０．１０", question)) == Decimal("0.1")
