"""What a version asks: sections of questions, shaped like FHIR Questionnaire (README.md has the mapping).

Immutable dataclasses; `to_data` and `structure_from` carry them to and from the JSON of a version. A `link_id` names a
question for good: it is never given to another question, also not in a later version, so that answers stay comparable.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from nimo.foundation.questionnaires.choices import Operator, QuestionKind
from nimo.foundation.questionnaires.rules.ruby import without_ruby

WITH_OPTIONS = frozenset({QuestionKind.CHOICE, QuestionKind.MULTIPLE})
FREE_TEXT = frozenset({QuestionKind.TEXT, QuestionKind.LONG_TEXT, QuestionKind.TABLE})
"""What people write in their own words: never in a chart or in a table of numbers."""
COLUMN_KINDS = (QuestionKind.TEXT, QuestionKind.NUMBER, QuestionKind.DATE, QuestionKind.YES_NO)


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of enableWhen. `answer`: an option's code, "true"/"false", a number; "" with EXISTS."""

    question: str
    operator: Operator
    answer: str = ""


@dataclass(frozen=True, slots=True)
class TableColumn:
    link_id: str
    text: str
    kind: QuestionKind


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `plain`: the explanation in やさしい日本語. `audiences`: kinds of organisation; empty: everybody.

    minimum, maximum: of a number (decimal texts, "" for none) or of a scale (whole numbers).
    """

    link_id: str
    kind: QuestionKind
    text: str
    required: bool = False
    help: str = ""
    plain: str = ""
    options: tuple[Option, ...] = ()
    unit: str = ""
    minimum: str = ""
    maximum: str = ""
    decimals: int = 0
    low_label: str = ""
    high_label: str = ""
    max_length: int = 0
    columns: tuple[TableColumn, ...] = ()
    max_rows: int = 0
    audiences: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    all_conditions: bool = True

    @property
    def label(self) -> str:
        """The question without readings."""
        return without_ruby(self.text)

    @property
    def length_limit(self) -> int:
        """Characters an answer in words may have."""
        return self.max_length or (200 if self.kind is QuestionKind.TEXT else 4000)

    @property
    def scale(self) -> range:
        return range(int(self.minimum or 1), int(self.maximum or 5) + 1)

    def display_of(self, code: str) -> str:
        return next((option.display for option in self.options if option.code == code), code)


@dataclass(frozen=True, slots=True)
class Section:
    link_id: str
    text: str
    help: str = ""
    plain: str = ""
    audiences: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def label(self) -> str:
        return without_ruby(self.text)


@dataclass(frozen=True, slots=True)
class Structure:
    """`next_number`: the number of the next link_id; it only grows, from one version to the next too."""

    sections: tuple[Section, ...] = ()
    next_number: int = 1
    furigana: bool = False
    introduction: str = ""

    def questions(self) -> Iterator[Question]:
        """Every question in the order in which it is asked."""
        for section in self.sections:
            yield from section.questions

    def numbered(self) -> Iterator[tuple[int, Section, Question]]:
        """(number, section, question), numbered through from 1 as people see it."""
        number = 0
        for section in self.sections:
            for question in section.questions:
                number += 1
                yield number, section, question

    def numbers(self) -> dict[str, int]:
        """link_id → the number people see."""
        return {question.link_id: number for number, _, question in self.numbered()}

    def question(self, link_id: str) -> Question | None:
        return next((question for question in self.questions() if question.link_id == link_id), None)

    def section(self, link_id: str) -> Section | None:
        return next((section for section in self.sections if section.link_id == link_id), None)

    def section_of(self, link_id: str) -> Section | None:
        """The section a question stands in."""
        return next((s for s in self.sections if any(q.link_id == link_id for q in s.questions)), None)

    def for_audience(self, kind: str) -> Structure:
        """Only what this kind of organisation is asked; empty sections are left out. "" (no organisation): what all are."""
        sections = []
        for section in self.sections:
            if section.audiences and kind not in section.audiences:
                continue
            questions = tuple(q for q in section.questions if not q.audiences or kind in q.audiences)
            if questions:
                sections.append(replace(section, questions=questions))
        return replace(self, sections=tuple(sections))

    def audiences(self) -> set[str]:
        """Every kind of organisation that is asked something of its own."""
        found = {kind for section in self.sections for kind in section.audiences}
        return found | {kind for question in self.questions() for kind in question.audiences}


# -- JSON ----------------------------------------------------------------------------------------------------------


def _slim(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in ("", 0, False, None) and value != []}


def _question_data(question: Question) -> dict[str, Any]:
    return _slim(
        {
            "linkId": question.link_id,
            "type": question.kind.value,
            "text": question.text,
            "required": question.required,
            "help": question.help,
            "plain": question.plain,
            "answerOption": [{"code": option.code, "display": option.display} for option in question.options],
            "unit": question.unit,
            "minValue": question.minimum,
            "maxValue": question.maximum,
            "maxDecimalPlaces": question.decimals,
            "lowLabel": question.low_label,
            "highLabel": question.high_label,
            "maxLength": question.max_length,
            "item": [{"linkId": c.link_id, "text": c.text, "type": c.kind.value} for c in question.columns],
            "maxOccurs": question.max_rows,
            "audience": list(question.audiences),
            "enableWhen": [
                _slim({"question": c.question, "operator": c.operator.value, "answer": c.answer})
                for c in question.conditions
            ],
            "enableBehavior": "all" if question.all_conditions else "any",
        }
    )


def to_data(structure: Structure) -> dict[str, Any]:
    """The JSON a version keeps."""
    return {
        "nextNumber": structure.next_number,
        "furigana": structure.furigana,
        "introduction": structure.introduction,
        "item": [
            {
                **_slim(
                    {
                        "linkId": section.link_id,
                        "type": "group",
                        "text": section.text,
                        "help": section.help,
                        "plain": section.plain,
                        "audience": list(section.audiences),
                    }
                ),
                "item": [_question_data(question) for question in section.questions],
            }
            for section in structure.sections
        ],
    }


def _question_from(data: Mapping[str, Any]) -> Question:
    return Question(
        link_id=data["linkId"],
        kind=QuestionKind(data["type"]),
        text=data.get("text", ""),
        required=data.get("required", False),
        help=data.get("help", ""),
        plain=data.get("plain", ""),
        options=tuple(Option(option["code"], option["display"]) for option in data.get("answerOption", ())),
        unit=data.get("unit", ""),
        minimum=data.get("minValue", ""),
        maximum=data.get("maxValue", ""),
        decimals=data.get("maxDecimalPlaces", 0),
        low_label=data.get("lowLabel", ""),
        high_label=data.get("highLabel", ""),
        max_length=data.get("maxLength", 0),
        columns=tuple(TableColumn(c["linkId"], c["text"], QuestionKind(c["type"])) for c in data.get("item", ())),
        max_rows=data.get("maxOccurs", 0),
        audiences=tuple(data.get("audience", ())),
        conditions=tuple(
            Condition(c["question"], Operator(c["operator"]), c.get("answer", "")) for c in data.get("enableWhen", ())
        ),
        all_conditions=data.get("enableBehavior", "all") == "all",
    )


def structure_from(data: Mapping[str, Any]) -> Structure:
    """The structure a version keeps. KeyError or ValueError for JSON that was not written by `to_data`."""
    return Structure(
        sections=tuple(
            Section(
                link_id=section["linkId"],
                text=section.get("text", ""),
                help=section.get("help", ""),
                plain=section.get("plain", ""),
                audiences=tuple(section.get("audience", ())),
                questions=tuple(_question_from(question) for question in section.get("item", ())),
            )
            for section in data.get("item", ())
        ),
        next_number=data.get("nextNumber", 1),
        furigana=data.get("furigana", False),
        introduction=data.get("introduction", ""),
    )


def digest(structure: Structure) -> str:
    """SHA-256 of the structure in one spelling: tells whether a file or an answer belongs to exactly this version."""
    text = json.dumps(to_data(structure), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def decimal_of(text: str) -> Decimal | None:
    """A limit as it stands in a structure."""
    return Decimal(text) if text else None
