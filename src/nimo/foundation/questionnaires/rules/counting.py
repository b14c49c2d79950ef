"""Counting answers: how many chose what, among those who were asked. No decision yet about who may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.rules.conditions import asked_questions
from nimo.foundation.questionnaires.rules.structure import Question, Section, Structure


@dataclass(frozen=True, slots=True)
class Respondent:
    """One submitted answer: the kind of organisation ("" when not kept) and what was answered."""

    kind: str
    values: Mapping[str, Any]


@dataclass
class Tally:
    """One question. asked = answered + none. chosen: answer code → how many; numbers: what was answered."""

    number: int
    section: Section
    question: Question
    asked: int = 0
    answered: int = 0
    chosen: Counter[str] = field(default_factory=Counter)
    numbers: list[Decimal] = field(default_factory=list)

    @property
    def none(self) -> int:
        return self.asked - self.answered


def answer_codes(question: Question) -> list[tuple[str, str]]:
    """(code, words) of everything that can be counted; empty for words, numbers and days."""
    if question.options:
        return [(option.code, option.display) for option in question.options]
    if question.kind is QuestionKind.YES_NO:
        return [("true", "はい"), ("false", "いいえ")]
    if question.kind is QuestionKind.SCALE:
        ends = {question.scale[0]: question.low_label, question.scale[-1]: question.high_label}
        return [
            (str(point), f"{point}（{ends[point]}）" if ends.get(point) else str(point)) for point in question.scale
        ]
    return []


def _codes_of(question: Question, value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, list):
        return [str(one) for one in value]
    return [str(value)]


def count(structure: Structure, respondents: Sequence[Respondent]) -> list[Tally]:
    """One tally a question, in the order of the form; everybody counts for what his kind of organisation is asked."""
    tallies = {question.link_id: Tally(number, section, question) for number, section, question in structure.numbered()}
    forms: dict[str, Structure] = {}
    for respondent in respondents:
        form = forms.setdefault(respondent.kind, structure.for_audience(respondent.kind))
        for question in asked_questions(form, respondent.values):
            tally = tallies[question.link_id]
            tally.asked += 1
            value = respondent.values.get(question.link_id)
            if value is None:
                continue
            tally.answered += 1
            if answer_codes(question):
                tally.chosen.update(_codes_of(question, value))
            if question.kind in {QuestionKind.NUMBER, QuestionKind.SCALE}:
                tally.numbers.append(Decimal(str(value)))
    return list(tallies.values())


def mean_of(numbers: Sequence[Decimal]) -> Decimal | None:
    """The mean with one digit more than whole; None for nobody."""
    return (sum(numbers, Decimal(0)) / len(numbers)).quantize(Decimal("0.1")) if numbers else None


def median_of(numbers: Sequence[Decimal]) -> Decimal | None:
    if not numbers:
        return None
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def one_stands_out(numbers: Sequence[Decimal], *, percent: int = 20) -> bool:
    """p-percent rule: whether the second largest could work out the largest to within `percent` from the sum.

    Hundepool et al., Statistical Disclosure Control (2012), chapter 4.
    """
    ordered = sorted((abs(number) for number in numbers), reverse=True)
    if len(ordered) < 3:
        return True
    rest = sum(ordered[2:], Decimal(0))
    return rest * 100 < ordered[0] * percent
