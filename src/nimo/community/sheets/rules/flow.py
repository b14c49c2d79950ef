"""The way of a written sheet: 作成中 → 確認 → 決裁 → 提出 → 受理, along the route its body configured. Pure.

A route is a tuple of steps: any number of checks, exactly one decision, then any number of bodies that receive it
(市町村 → 保健所 → 県). A document remembers the route it set out on: a later change of the route does not move it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from nimo.community.sheets.choices import DocumentState, FlowAction, StepKind

AUTHOR = 0
"""The position of a document that lies with its authors; step n of the route is position n."""


class WrongRoute(ValueError):
    """A route that cannot be walked; str() is the sentence for the user."""


class CannotMove(ValueError):
    """The action does not fit where the document is; str() is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Step:
    """One post on the route. `post`: the words of the house (課長, 企画係); `organisation_id`: who holds it."""

    kind: StepKind
    post: str
    organisation_id: UUID
    organisation_name: str

    @property
    def label(self) -> str:
        return f"{self.organisation_name} {self.post}（{self.kind.label}）"

    def as_json(self) -> dict[str, str]:
        return {
            "kind": self.kind.value,
            "post": self.post,
            "organisation_id": str(self.organisation_id),
            "organisation_name": self.organisation_name,
        }


def steps_from_json(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps as they were stored. KeyError and ValueError for what never was a route."""
    return tuple(
        Step(StepKind(row["kind"]), str(row["post"]), UUID(str(row["organisation_id"])), str(row["organisation_name"]))
        for row in rows
    )


def checked_route(steps: Sequence[Step], *, author_organisation_id: UUID) -> tuple[Step, ...]:
    """The route if it can be walked. Raises WrongRoute."""
    kinds = [step.kind for step in steps]
    if kinds.count(StepKind.DECIDE) != 1:
        raise WrongRoute("決裁の段は一つだけ置いてください。何も保存していません。")
    decision = kinds.index(StepKind.DECIDE)
    if any(kind is not StepKind.CHECK for kind in kinds[:decision]):
        raise WrongRoute("決裁より前に置けるのは「確認」の段だけです。順番を直してください。")
    if any(kind is not StepKind.RECEIVE for kind in kinds[decision + 1 :]):
        raise WrongRoute("決裁のあとに置けるのは「受付・受理」の段だけです。順番を直してください。")
    if any(not step.post.strip() for step in steps):
        raise WrongRoute("職（課長、担当係など）の名前が空の段があります。")
    for step in steps[decision + 1 :]:
        if step.organisation_id == author_organisation_id:
            raise WrongRoute("提出先に、作成する組織そのものは置けません。ほかの組織を選んでください。")
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a document is: its state and how many steps of its route it has reached (0: with its authors)."""

    state: DocumentState
    step: int


def _at(route: Sequence[Step], step: int) -> Position:
    """The position on entering a step before the submission."""
    kind = route[step - 1].kind
    return Position(DocumentState.CHECKING if kind is StepKind.CHECK else DocumentState.DECIDING, step)


_REFUSALS = {
    DocumentState.DRAFTING: "まだ作成中です。",
    DocumentState.CHECKING: "いま確認の段にあります。",
    DocumentState.DECIDING: "いま決裁の段にあります。",
    DocumentState.DECIDED: "決裁が終わり、提出を待っています。",
    DocumentState.SUBMITTED: "もう提出されています。",
    DocumentState.ACCEPTED: "もう受理されています。",
    DocumentState.WITHDRAWN: "このシートは取りやめになっています。",
}


def _refuse(state: DocumentState) -> CannotMove:
    return CannotMove(f"{_REFUSALS[state]}画面を開き直して、いまの段を確かめてください。何も変わっていません。")


def moved(route: Sequence[Step], here: Position, action: FlowAction) -> Position:
    """Where an action leads. Raises CannotMove when it does not fit the position.

    SEND: from the authors to the first step. CHECK, DECIDE: to the next step; after the decision the sheet waits to
    be submitted. SUBMIT: to the first body that receives it, or accepted at once where there is none. ACCEPT: to
    the next one; after the last the sheet is accepted. RETURN, PULL_BACK: to the authors. MEND: stays, but checks
    that were passed have to be made again. WITHDRAW: the end.
    """
    decision = next(index for index, step in enumerate(route, 1) if step.kind is StepKind.DECIDE)
    state, step = here.state, here.step
    if action is FlowAction.SEND and state is DocumentState.DRAFTING:
        return _at(route, 1)
    if action is FlowAction.CHECK and state is DocumentState.CHECKING:
        return _at(route, step + 1)
    if action is FlowAction.DECIDE and state is DocumentState.DECIDING:
        return Position(DocumentState.DECIDED, decision)
    if action is FlowAction.SUBMIT and state is DocumentState.DECIDED:
        last = decision == len(route)
        return Position(DocumentState.ACCEPTED if last else DocumentState.SUBMITTED, decision if last else decision + 1)
    if action is FlowAction.ACCEPT and state is DocumentState.SUBMITTED:
        last = step == len(route)
        return Position(DocumentState.ACCEPTED if last else DocumentState.SUBMITTED, step if last else step + 1)
    returnable = {DocumentState.CHECKING, DocumentState.DECIDING, DocumentState.DECIDED, DocumentState.SUBMITTED}
    if action is FlowAction.RETURN and state in returnable:
        return Position(DocumentState.DRAFTING, AUTHOR)
    if action is FlowAction.PULL_BACK and state in returnable - {DocumentState.SUBMITTED}:
        return Position(DocumentState.DRAFTING, AUTHOR)
    if action is FlowAction.MEND and state in {DocumentState.CHECKING, DocumentState.DECIDING}:
        return _at(route, 1)
    if action is FlowAction.MEND and state is DocumentState.SUBMITTED:
        return here
    if action is FlowAction.WITHDRAW and state not in {DocumentState.ACCEPTED, DocumentState.WITHDRAWN}:
        return Position(DocumentState.WITHDRAWN, step)
    raise _refuse(state)


def holder(route: Sequence[Step], here: Position) -> Step | None:
    """The step that has the document in hand; None while it lies with its authors or is finished."""
    if here.state in {DocumentState.CHECKING, DocumentState.DECIDING, DocumentState.SUBMITTED}:
        return route[here.step - 1]
    return None


def may_be_edited(state: DocumentState) -> bool:
    """Only the authors' own state: whoever holds it later mends it with a reason (代理修正)."""
    return state is DocumentState.DRAFTING


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What is written down of a decision that was made on paper or in another system."""

    decided_on: date | None
    document_number: str


def decision_problems(facts: DecisionFacts, today: date) -> list[str]:
    """Why the facts of a decision cannot be recorded; [] when they can."""
    problems = []
    if facts.decided_on is None:
        problems.append("決裁日を入れてください（例: 令和8年5月20日）。")
    elif facts.decided_on > today:
        problems.append("決裁日が先の日付です。日付を確かめてください。")
    if not facts.document_number.strip():
        problems.append("文書番号を入れてください（番号のない文書は「番号なし」と入れます）。")
    return problems
