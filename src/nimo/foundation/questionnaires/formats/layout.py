"""Where each question stands in the workbook: the same for writing and for reading, computed from the structure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.rules.answers import as_question
from nimo.foundation.questionnaires.rules.structure import Question, Structure

FIRST_ROW = 6
"""Rows above hold the title, the due date and how to fill in (rows are counted from 1, as people do)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the answer sheet. `label`: what is printed (and locked) in column B; `address`: the answer's cell.

    column: of a table; option: the code this row's ○ stands for. Headings have no question.
    """

    row: int
    number: str
    label: str
    question: Question | None = None
    option: str = ""
    table_row: int = -1
    column: str = ""
    asks: Question | None = None

    @property
    def address(self) -> str:
        return f"C{self.row}"


def lines(structure: Structure) -> Iterator[Line]:
    """Every row in order: headings, questions, one row an option of a multiple choice, one row a cell of a table."""
    row = FIRST_ROW
    seen = ""
    for number, section, question in structure.numbered():
        if section.link_id != seen:
            seen = section.link_id
            yield Line(row, "", section.label)
            row += 1
        mark = f"問{number}"
        if question.kind is QuestionKind.MULTIPLE:
            yield Line(row, mark, question.label)
            row += 1
            for option in question.options:
                yield Line(row, "", f"　{option.display}", question, option=option.code, asks=question)
                row += 1
        elif question.kind is QuestionKind.TABLE:
            yield Line(row, mark, question.label)
            row += 1
            for place in range(question.max_rows):
                for column in question.columns:
                    yield Line(
                        row,
                        "",
                        f"　{place + 1}行目　{column.text}",
                        question,
                        table_row=place,
                        column=column.link_id,
                        asks=as_question(column),
                    )
                    row += 1
        else:
            yield Line(row, mark, question.label, question, asks=question)
            row += 1
