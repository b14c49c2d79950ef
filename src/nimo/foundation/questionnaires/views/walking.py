"""The way through the pages of a questionnaire: pages without a question that is asked are passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nimo.foundation.questionnaires.rules.answers import check_answers, shown
from nimo.foundation.questionnaires.rules.conditions import asked_questions
from nimo.foundation.questionnaires.rules.structure import Structure


@dataclass(frozen=True, slots=True)
class Overview:
    """A section on the last page: (link_id, question, answer in words, what is wrong)."""

    number: int
    label: str
    lines: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """`asked`: page → link_ids asked there now, in order. Pages are counted from 1."""

    structure: Structure
    asked: Mapping[int, tuple[str, ...]]

    @property
    def pages(self) -> list[int]:
        return [number for number, names in self.asked.items() if names]

    @property
    def first(self) -> int:
        return self.pages[0] if self.pages else 1

    def asked_in(self, number: int) -> tuple[str, ...]:
        return self.asked.get(number, ())

    def after(self, number: int) -> int | None:
        return next((page for page in self.pages if page > number), None)

    def before(self, number: int) -> int | None:
        return next((page for page in reversed(self.pages) if page < number), None)

    def overview(self, values: Mapping[str, Any], errors: Mapping[str, str]) -> list[Overview]:
        """Every question that is asked with its answer, and the sentence of what cannot be read."""
        found = []
        for number in self.pages:
            section = self.structure.sections[number - 1]
            lines = tuple(
                (
                    question.link_id,
                    question.label,
                    shown(question, values.get(question.link_id)),
                    next((t for key, t in errors.items() if key.split(".")[0] == question.link_id), ""),
                )
                for question in section.questions
                if question.link_id in self.asked[number]
            )
            found.append(Overview(number, section.label, lines))
        return found


def walk_of(structure: Structure, typed: Mapping[str, Any]) -> Walk:
    """The way, given what was typed so far; what cannot be read counts as no answer."""
    values = check_answers(structure, typed, required=False).values
    names = {question.link_id for question in asked_questions(structure, values)}
    return Walk(
        structure,
        {
            number: tuple(question.link_id for question in section.questions if question.link_id in names)
            for number, section in enumerate(structure.sections, 1)
        },
    )
