"""What of the counts may be seen: everything for those who may, else what core.disclosure lets through.

The figures of a round leave together, so they are protected together: one table with every question, tied by
"asked = answered + none", "answered = sum of the options" and, for questions that depend on others, by what the
condition tells. How many answered at all is no secret (who was invited is known); what they answered is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nimo.core.disclosure.gate import ProtectedTable, protect
from nimo.core.disclosure.policy import DisclosurePolicy, Kind, Level
from nimo.core.disclosure.tables import Cell, Key, Relation, Table
from nimo.foundation.questionnaires.choices import Operator, QuestionKind, RespondentUnit
from nimo.foundation.questionnaires.rules.counting import (
    Respondent,
    Tally,
    answer_codes,
    count,
    mean_of,
    median_of,
    one_stands_out,
)
from nimo.foundation.questionnaires.rules.structure import FREE_TEXT, Question, Structure

ANONYMOUS_TEXTS = 5
"""Free text of an anonymous round is shown only from so many answers on: fewer are ascribed too easily."""
LEAST_FOR_MEAN: Mapping[str, int] = {RespondentUnit.PERSON: 10, RespondentUnit.ORGANISATION: 5}
KIND: Mapping[str, Kind] = {
    RespondentUnit.PERSON: Kind.SERVICE_USERS,
    RespondentUnit.ORGANISATION: Kind.FACILITIES,
}


@dataclass(frozen=True, slots=True)
class Count:
    """A count as it may be shown; `value` is None when it is hidden, `sentence` says why."""

    value: int | None
    text: str
    sentence: str = ""

    @property
    def shown(self) -> bool:
        return self.value is not None


WITHHELD = Count(None, "－", "答えた数が少なく、だれの答えか分かるおそれがあるため、答えごとの数は示しません。")


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    label: str
    count: Count


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question. mean, median, total: None where there is nothing, or where it may not be shown (`withheld`)."""

    number: int
    section: str
    question: Question
    asked: Count
    answered: Count
    none: Count
    lines: tuple[Line, ...]
    mean: Decimal | None = None
    median: Decimal | None = None
    total: Decimal | None = None
    withheld: bool = False

    @property
    def title(self) -> str:
        return f"問{self.number} {self.question.label}"

    @property
    def can_be_drawn(self) -> bool:
        """Somebody answered, and at least one count may be seen."""
        return bool(self.answered.value) and any(line.count.shown for line in self.lines)

    @property
    def is_text(self) -> bool:
        return self.question.kind in FREE_TEXT

    @property
    def hides_something(self) -> bool:
        return self.withheld or any(not line.count.shown for line in self.lines) or not self.answered.shown


@dataclass(frozen=True, slots=True)
class Results:
    """submitted, invited: how many; by_kind: (kind, invited, submitted)."""

    submitted: int
    invited: int
    by_kind: tuple[tuple[str, int, int], ...]
    questions: tuple[QuestionResult, ...]
    suppressed: bool

    @property
    def rate(self) -> Decimal | None:
        """Percent of the invited who answered; None when nobody was invited."""
        return (Decimal(100 * self.submitted) / self.invited).quantize(Decimal("0.1")) if self.invited else None


def _open(value: int) -> Count:
    return Count(value, f"{value:,}")


def _key(question: Question, what: str) -> Key:
    return (question.link_id, what)


def _cells(tally: Tally, kind: Kind) -> tuple[list[Cell], list[Relation]]:
    """What a question adds to the table. Without conditions, how many were asked and answered is no secret."""
    question = tally.question
    base = kind if question.conditions else Kind.OPEN

    def key(what: str) -> Key:
        return _key(question, what)

    def cell(what: str, value: int, of: Kind) -> Cell:
        return Cell(key(what), value, of, Level.AREA)

    cells = [cell("asked", tally.asked, base), cell("answered", tally.answered, base), cell("none", tally.none, base)]
    relations = [Relation(key("asked"), (key("answered"), key("none")))]
    codes = [code for code, _ in answer_codes(question)]
    cells += [cell(f"={code}", tally.chosen[code], kind) for code in codes]
    if question.kind is QuestionKind.MULTIPLE:
        cells += [cell(f"≠{code}", tally.answered - tally.chosen[code], kind) for code in codes]
        relations += [Relation(key("answered"), (key(f"={code}"), key(f"≠{code}"))) for code in codes]
    elif codes:
        relations.append(Relation(key("answered"), tuple(key(f"={code}") for code in codes)))
    return cells, relations


def _conditions(tally: Tally, tallies: Mapping[str, Tally]) -> list[Relation]:
    """Nobody is asked who did not meet a condition: what was asked is at most what met it, and exactly that when
    the condition is the only one and both questions have the same audience."""
    question = tally.question
    relations = []
    for condition in question.conditions:
        source = tallies.get(condition.question)
        if source is None or not (question.all_conditions or len(question.conditions) == 1):
            continue
        meets = _those_who_meet(source, condition.operator, condition.answer)
        if meets is None:
            continue
        whole, parts = meets
        exact = tally.asked == sum(_value(source, part) for part in parts) and len(question.conditions) == 1
        if len(parts) == 1 and not whole:
            relations.append(Relation(parts[0], (_key(question, "asked"),), exhaustive=exact))
        elif exact:
            relations.append(Relation(_key(question, "asked"), parts))
    return relations


def _those_who_meet(source: Tally, operator: Operator, answer: str) -> tuple[bool, tuple[Key, ...]] | None:
    question = source.question
    codes = [code for code, _ in answer_codes(question)]
    if operator is Operator.EXISTS:
        return False, (_key(question, "answered"),)
    if operator is Operator.EQUALS and answer in codes:
        return False, (_key(question, f"={answer}"),)
    if operator is Operator.DIFFERS and answer in codes:
        if question.kind is QuestionKind.MULTIPLE:
            return False, (_key(question, f"≠{answer}"),)
        return True, tuple(_key(question, f"={code}") for code in codes if code != answer)
    if question.kind is QuestionKind.SCALE and operator in {Operator.AT_LEAST, Operator.AT_MOST}:
        limit = Decimal(answer)
        fitting = [c for c in codes if (Decimal(c) >= limit if operator is Operator.AT_LEAST else Decimal(c) <= limit)]
        return True, tuple(_key(question, f"={code}") for code in fitting)
    return None


def _value(tally: Tally, key: Key) -> int:
    what = key[1]
    if what == "answered":
        return tally.answered
    if what.startswith("="):
        return tally.chosen[what[1:]]
    return tally.answered - tally.chosen[what[1:]]


def protected(tallies: Sequence[Tally], submitted: int, unit: str, policy: DisclosurePolicy) -> ProtectedTable:
    """Every question of a round through the gate at once."""
    kind = KIND[unit]
    everybody: Key = ("", "submitted")
    cells = [Cell(everybody, submitted, Kind.OPEN, Level.AREA)]
    relations: list[Relation] = []
    by_name = {tally.question.link_id: tally for tally in tallies}
    for tally in tallies:
        more, ties = _cells(tally, kind)
        cells += more
        relations += ties
        if tally.question.conditions:
            left_out = _key(tally.question, "not asked")
            cells.append(Cell(left_out, submitted - tally.asked, kind, Level.AREA))
            relations.append(Relation(everybody, (_key(tally.question, "asked"), left_out)))
            relations += _conditions(tally, by_name)
    return protect(Table(tuple(cells), tuple(relations)), policy)


def tabulate(
    structure: Structure,
    respondents: Sequence[Respondent],
    *,
    invited: Mapping[str, int],
    unit: str,
    policy: DisclosurePolicy | None,
) -> Results:
    """The results of a round. policy None: everything is shown (the reader may see small numbers).

    invited: kind of organisation → how many were asked to answer.
    """
    tallies = count(structure, respondents)
    gate = protected(tallies, len(respondents), unit, policy) if policy is not None else None
    shut = _shut(tallies, gate, unit, policy) if gate is not None and policy is not None else frozenset()
    kinds = sorted({*invited, *(respondent.kind for respondent in respondents)})
    answered_by = {kind: sum(1 for r in respondents if r.kind == kind) for kind in kinds}
    return Results(
        submitted=len(respondents),
        invited=sum(invited.values()),
        by_kind=tuple((kind, invited.get(kind, 0), answered_by[kind]) for kind in kinds),
        questions=tuple(_result(tally, gate, unit, tally.question.link_id in shut) for tally in tallies),
        suppressed=gate is not None,
    )


def _shut(tallies: Sequence[Tally], gate: ProtectedTable, unit: str, policy: DisclosurePolicy) -> frozenset[str]:
    """Questions none of whose answers is shown, not even a zero.

    How many answered is known, so of four answers nothing can be hidden behind others; the gate says so (`exposed`).
    """
    rule = policy.rule_for(KIND[unit], Level.AREA, None)
    least = rule.threshold if rule is not None and rule.threshold is not None else 0
    few = {tally.question.link_id for tally in tallies if tally.answered < least}
    return frozenset(few | {str(key[0]) for exposed in gate.exposed for key in exposed.keys})


def _result(tally: Tally, gate: ProtectedTable | None, unit: str, shut: bool) -> QuestionResult:
    question = tally.question

    def shown(what: str, value: int) -> Count:
        if gate is None:
            return _open(value)
        if shut and what[0] == "=":
            return WITHHELD
        cell = gate[_key(question, what)]
        if what[0] == "=" and question.kind is QuestionKind.MULTIPLE and cell.shown:
            other = gate[_key(question, f"≠{what[1:]}")]  # "all but two chose it" tells as much as "two did not"
            cell = cell if other.shown else other
        return (
            Count(int(cell.value), cell.text)
            if cell.shown and cell.value is not None
            else Count(None, cell.text, cell.sentence)
        )

    lines = tuple(Line(code, label, shown(f"={code}", tally.chosen[code])) for code, label in answer_codes(question))
    asked, answered, none = (
        shown("asked", tally.asked),
        shown("answered", tally.answered),
        shown("none", tally.none),
    )
    may_sum = gate is None or (
        answered.shown
        and tally.answered >= LEAST_FOR_MEAN[unit]
        and all(line.count.shown for line in lines)
        and not one_stands_out(tally.numbers)
    )
    return QuestionResult(
        number=tally.number,
        section=tally.section.label,
        question=question,
        asked=asked,
        answered=answered,
        none=none,
        lines=lines,
        mean=mean_of(tally.numbers) if may_sum else None,
        median=median_of(tally.numbers) if gate is None else None,
        total=sum(tally.numbers, Decimal(0))
        if may_sum and question.kind is QuestionKind.NUMBER and tally.numbers
        else None,
        withheld=bool(tally.numbers) and not may_sum,
    )
