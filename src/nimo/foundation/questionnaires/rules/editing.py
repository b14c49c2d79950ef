"""What a builder does to a draft: add, change, move, take away. Each function gives a new structure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.rules.structure import (
    COLUMN_KINDS,
    Option,
    Question,
    Section,
    Structure,
    TableColumn,
)

Thing = TypeVar("Thing", Section, Question)
UP, DOWN = -1, 1
KIND_WORDS = {
    "文字": QuestionKind.TEXT,
    "数": QuestionKind.NUMBER,
    "日付": QuestionKind.DATE,
    "はい・いいえ": QuestionKind.YES_NO,
}


class UnknownPlace(LookupError):
    """The section or question is not there (any more)."""


def _moved(things: Sequence[Thing], link_id: str, step: int) -> tuple[Thing, ...]:
    places = {thing.link_id: place for place, thing in enumerate(things)}
    if link_id not in places:
        raise UnknownPlace(link_id)
    here = places[link_id]
    there = here + step
    if not 0 <= there < len(things):
        return tuple(things)
    rest = list(things)
    rest[here], rest[there] = rest[there], rest[here]
    return tuple(rest)


def add_section(structure: Structure, text: str) -> tuple[Structure, str]:
    """A section at the end; its link_id."""
    link_id = f"s{structure.next_number}"
    section = Section(link_id, text.strip())
    return replace(structure, sections=(*structure.sections, section), next_number=structure.next_number + 1), link_id


def add_question(structure: Structure, section_id: str, kind: QuestionKind, text: str) -> tuple[Structure, str]:
    """A question at the end of a section; its link_id."""
    link_id = f"q{structure.next_number}"
    question = Question(link_id, kind, text.strip(), max_rows=5 if kind is QuestionKind.TABLE else 0)
    section = structure.section(section_id)
    if section is None:
        raise UnknownPlace(section_id)
    changed = replace(section, questions=(*section.questions, question))
    return replace(_with_section(structure, changed), next_number=structure.next_number + 1), link_id


def _with_section(structure: Structure, changed: Section) -> Structure:
    return replace(
        structure, sections=tuple(changed if s.link_id == changed.link_id else s for s in structure.sections)
    )


def change_section(structure: Structure, changed: Section) -> Structure:
    """Another heading, explanation or audience; the questions stay."""
    section = structure.section(changed.link_id)
    if section is None:
        raise UnknownPlace(changed.link_id)
    return _with_section(structure, replace(changed, questions=section.questions))


def change_question(structure: Structure, changed: Question) -> Structure:
    section = structure.section_of(changed.link_id)
    if section is None:
        raise UnknownPlace(changed.link_id)
    questions = tuple(changed if q.link_id == changed.link_id else q for q in section.questions)
    return _with_section(structure, replace(section, questions=questions))


def move(structure: Structure, link_id: str, step: int) -> Structure:
    """A section or a question one place up (−1) or down (1); a question at the edge goes into the next section."""
    if structure.section(link_id) is not None:
        return replace(structure, sections=_moved(structure.sections, link_id, step))
    section = structure.section_of(link_id)
    if section is None:
        raise UnknownPlace(link_id)
    edge = section.questions[0 if step == UP else -1].link_id == link_id
    if not edge:
        return _with_section(structure, replace(section, questions=_moved(section.questions, link_id, step)))
    place = structure.sections.index(section) + step
    if not 0 <= place < len(structure.sections):
        return structure
    question = structure.question(link_id)
    assert question is not None
    there = structure.sections[place]
    left = replace(section, questions=tuple(q for q in section.questions if q.link_id != link_id))
    joined = (question, *there.questions) if step == DOWN else (*there.questions, question)
    return _with_section(_with_section(structure, left), replace(there, questions=joined))


def remove(structure: Structure, link_id: str) -> Structure:
    """Without a section (and its questions) or a question. Its name is not used again."""
    if structure.section(link_id) is not None:
        return replace(structure, sections=tuple(s for s in structure.sections if s.link_id != link_id))
    section = structure.section_of(link_id)
    if section is None:
        raise UnknownPlace(link_id)
    return _with_section(
        structure, replace(section, questions=tuple(q for q in section.questions if q.link_id != link_id))
    )


def options_from(lines: Sequence[str], before: Sequence[Option]) -> tuple[Option, ...]:
    """Options as they are typed, one a line. An option keeps its code while its wording stays; if exactly as many
    are new as have gone, they are taken for new wordings in the same order. Codes are never given twice.
    """
    texts = [line.strip() for line in lines if line.strip()]
    codes = {option.display: option.code for option in before}
    gone = [option.code for option in before if option.display not in texts]
    new = [text for text in texts if text not in codes]
    renamed = dict(zip(new, gone, strict=True)) if len(new) == len(gone) else {}
    highest = max((int(o.code[1:]) for o in before if o.code[1:].isdigit()), default=0)
    options: list[Option] = []
    for text in texts:
        code = codes.get(text) or renamed.get(text)
        if code is None:
            highest += 1
            code = f"a{highest}"
        options.append(Option(code, text))
    return tuple(options)


def columns_from(lines: Sequence[str], question: Question) -> tuple[TableColumn, ...]:
    """Columns as they are typed: 「名前」 or 「名前｜数」, one a line. Raises ValueError for a kind nobody knows."""
    before = {column.text: column.link_id for column in question.columns}
    taken = {int(name.rpartition("c")[2]) for name in before.values()}
    highest = max(taken, default=0)
    columns = []
    for line in lines:
        name, _, word = line.replace("|", "｜").partition("｜")
        if not name.strip():
            continue
        kind = KIND_WORDS.get(word.strip() or "文字")
        if kind is None or kind not in COLUMN_KINDS:
            raise ValueError(word.strip())
        link_id = before.get(name.strip())
        if link_id is None:
            highest += 1
            link_id = f"{question.link_id}c{highest}"
        columns.append(TableColumn(link_id, name.strip(), kind))
    return tuple(columns)


def column_lines(question: Question) -> str:
    """The columns as a person types them."""
    words = {kind: word for word, kind in KIND_WORDS.items()}
    return "\n".join(f"{column.text}｜{words[column.kind]}" for column in question.columns)


def with_introduction(structure: Structure, introduction: str, *, furigana: bool) -> Structure:
    """Other words above the questions."""
    return replace(structure, introduction=introduction, furigana=furigana)
