from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.sheets.choices import DocumentState, FlowAction, StepKind
from nimo.community.sheets.rules.flow import (
    CannotMove,
    DecisionFacts,
    Position,
    Step,
    WrongRoute,
    checked_route,
    decision_problems,
    holder,
    moved,
    steps_from_json,
)

TOWN, CENTRE, PREFECTURE = uuid4(), uuid4(), uuid4()


def step(kind: StepKind, organisation=TOWN, post: str = "担当") -> Step:
    return Step(kind, post, organisation, "架空の組織")


CHECK, DECIDE = step(StepKind.CHECK), step(StepKind.DECIDE)
ROUTE = (CHECK, DECIDE, step(StepKind.RECEIVE, CENTRE), step(StepKind.RECEIVE, PREFECTURE))
START = Position(DocumentState.DRAFTING, 0)


def walk(route, *actions: FlowAction) -> Position:
    here = START
    for action in actions:
        here = moved(route, here, action)
    return here


def test_goes_from_the_town_over_the_health_centre_to_the_prefecture():
    sent = (FlowAction.SEND, FlowAction.CHECK, FlowAction.DECIDE, FlowAction.SUBMIT)
    here = walk(ROUTE, *sent)
    assert here == Position(DocumentState.SUBMITTED, 3)
    assert holder(ROUTE, here).organisation_id == CENTRE
    here = moved(ROUTE, here, FlowAction.ACCEPT)
    assert holder(ROUTE, here).organisation_id == PREFECTURE
    assert moved(ROUTE, here, FlowAction.ACCEPT) == Position(DocumentState.ACCEPTED, 4)


def test_is_accepted_at_once_where_nobody_receives_it():
    assert walk((DECIDE,), FlowAction.SEND, FlowAction.DECIDE, FlowAction.SUBMIT).state is DocumentState.ACCEPTED


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_comes_back_to_its_authors_from_every_step(at):
    actions = [FlowAction.SEND, FlowAction.CHECK, FlowAction.DECIDE, FlowAction.SUBMIT, FlowAction.ACCEPT]
    here = walk(ROUTE, *actions[: at if at < 3 else at + 1])
    assert moved(ROUTE, here, FlowAction.RETURN) == START


def test_is_checked_again_after_somebody_mended_it_on_the_way():
    here = walk(ROUTE, FlowAction.SEND, FlowAction.CHECK)
    assert moved(ROUTE, here, FlowAction.MEND) == Position(DocumentState.CHECKING, 1)


@given(st.lists(st.sampled_from(FlowAction), max_size=12))
def test_never_submits_what_was_not_decided_and_never_leaves_the_end(actions):
    here, decided = START, False
    for action in actions:
        try:
            there = moved(ROUTE, here, action)
        except CannotMove:
            continue
        assert here.state not in {DocumentState.ACCEPTED, DocumentState.WITHDRAWN}
        decided = action is FlowAction.DECIDE or (decided and there.state is not DocumentState.DRAFTING)
        if there.state in {DocumentState.SUBMITTED, DocumentState.ACCEPTED}:
            assert decided
        here = there


@pytest.mark.parametrize(
    "steps, words",
    [
        ([CHECK], "決裁の段は一つ"),
        ([DECIDE, DECIDE], "決裁の段は一つ"),
        ([step(StepKind.RECEIVE, CENTRE), DECIDE], "決裁より前"),
        ([DECIDE, CHECK], "決裁のあと"),
        ([step(StepKind.DECIDE, post=" ")], "職"),
        ([DECIDE, step(StepKind.RECEIVE, TOWN)], "作成する組織そのもの"),
    ],
)
def test_refuses_a_route_that_cannot_be_walked(steps, words):
    with pytest.raises(WrongRoute, match=words):
        checked_route(steps, author_organisation_id=TOWN)


def test_a_route_comes_back_from_its_row_as_it_was():
    assert steps_from_json([one.as_json() for one in ROUTE]) == ROUTE


def test_a_decision_needs_a_day_that_is_not_to_come_and_a_number():
    today = date(2026, 5, 20)
    assert decision_problems(DecisionFacts(today, "障福第12号"), today) == []
    assert len(decision_problems(DecisionFacts(None, " "), today)) == 2
    assert "先の日付" in decision_problems(DecisionFacts(date(2026, 5, 21), "1"), today)[0]
