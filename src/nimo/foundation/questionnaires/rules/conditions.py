"""Which questions are asked, given the answers so far."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from nimo.foundation.questionnaires.choices import Operator, QuestionKind
from nimo.foundation.questionnaires.rules.structure import Condition, Question, Structure

Values = Mapping[str, Any]
"""link_id → answer as `answers.py` cleans it; what is not answered is not there."""

BY_VALUE = frozenset({QuestionKind.CHOICE, QuestionKind.MULTIPLE, QuestionKind.YES_NO})
BY_SIZE = frozenset({QuestionKind.NUMBER, QuestionKind.SCALE})


def operators_for(kind: QuestionKind) -> tuple[Operator, ...]:
    """The comparisons that make sense for a question of this kind."""
    if kind in BY_VALUE:
        return (Operator.EQUALS, Operator.DIFFERS, Operator.EXISTS)
    if kind in BY_SIZE:
        return (Operator.AT_LEAST, Operator.AT_MOST, Operator.EQUALS, Operator.EXISTS)
    return (Operator.EXISTS,)


def _same(given: Any, wanted: str) -> bool:
    if isinstance(given, bool):
        return wanted == ("true" if given else "false")
    if isinstance(given, list):
        return wanted in given
    if isinstance(given, int | Decimal) or _number(str(given)) is not None:
        number = _number(wanted)
        return number is not None and number == Decimal(str(given))
    return bool(given == wanted)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def holds(condition: Condition, values: Values) -> bool:
    """Whether one condition is met. A question without an answer meets none of them, not even "is not"."""
    given = values.get(condition.question)
    if given is None or given == "" or given == []:
        return False
    if condition.operator is Operator.EXISTS:
        return True
    if condition.operator is Operator.EQUALS:
        return _same(given, condition.answer)
    if condition.operator is Operator.DIFFERS:
        return not _same(given, condition.answer)
    size, limit = _number(str(given)), _number(condition.answer)
    if size is None or limit is None:
        return False
    return size >= limit if condition.operator is Operator.AT_LEAST else size <= limit


def is_asked(question: Question, values: Values) -> bool:
    """Whether a question is asked, given answers to questions that are asked themselves."""
    if not question.conditions:
        return True
    met = [holds(condition, values) for condition in question.conditions]
    return all(met) if question.all_conditions else any(met)


def asked_questions(structure: Structure, values: Values) -> list[Question]:
    """The questions that are asked, in order. An answer to a question that is not asked opens nothing.

    Conditions point backwards, so one pass is enough.
    """
    counted: dict[str, Any] = {}
    asked = []
    for question in structure.questions():
        if is_asked(question, counted):
            asked.append(question)
            if question.link_id in values:
                counted[question.link_id] = values[question.link_id]
    return asked
