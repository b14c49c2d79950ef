"""The questions as the templates draw them: sections of boxes, tables as rows of boxes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.forms.answering import WIDTHS, AnswerForm, with_ruby
from nimo.foundation.questionnaires.rules.structure import Question, Section, Structure
from nimo.foundation.questionnaires.rules.words import condition_words


@dataclass(frozen=True, slots=True)
class Box:
    """One box: the bound field, its unit and width."""

    bound: Any
    unit: str = ""
    width: str = "long"


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """`box` for most kinds; `rows` of boxes for a table."""

    number: int
    question: Question
    label: Any
    help: Any
    condition: str
    box: Box | None
    rows: tuple[tuple[Box, ...], ...] = ()
    may_add_rows: bool = False


@dataclass(frozen=True, slots=True)
class ShownSection:
    section: Section
    label: Any
    help: Any
    questions: tuple[ShownQuestion, ...]


def answer_sections(
    form: AnswerForm,
    structure: Structure,
    *,
    ruby: bool,
    easy: bool,
    only: Collection[str] | None = None,
    with_conditions: bool = False,
) -> list[ShownSection]:
    """The sections of a form, only the questions of `only` (those that are asked now), numbered as in the whole."""
    numbers = structure.numbers()
    sections = []
    for section in form.sections:
        questions = tuple(
            _question(form, structure, question, numbers.get(question.link_id, 0), ruby, easy, with_conditions)
            for question in section.questions
            if only is None or question.link_id in only
        )
        words = section.plain if easy and section.plain else section.help
        sections.append(
            ShownSection(section, with_ruby(section.text, shown=ruby), with_ruby(words, shown=ruby), questions)
        )
    return sections


def _question(
    form: AnswerForm, structure: Structure, question: Question, number: int, ruby: bool, easy: bool, conditions: bool
) -> ShownQuestion:
    condition = condition_words(structure, question) if conditions else ""
    words = question.plain if easy and question.plain else question.help
    shown = ShownQuestion(
        number=number,
        question=question,
        label=with_ruby(question.text, shown=ruby),
        help=with_ruby(words, shown=ruby),
        condition=condition,
        box=None,
    )
    if question.kind is not QuestionKind.TABLE:
        box = Box(form[question.link_id], question.unit, WIDTHS.get(question.kind, "long"))
        return replace(shown, box=box)
    rows = tuple(
        tuple(
            Box(form[f"{question.link_id}.{row}.{column.link_id}"], "", WIDTHS.get(column.kind, "long"))
            for column in question.columns
        )
        for row in range(form.rows[question.link_id])
    )
    return replace(shown, rows=rows, may_add_rows=len(rows) < question.max_rows)
