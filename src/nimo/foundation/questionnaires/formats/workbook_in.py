"""Reading an answer sheet back: guarded against what is no such file, was changed, or belongs elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from nimo.foundation.files.formats.marked import CarriesMacros, NoSuchWorkbook, NotOurs
from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.formats.layout import Line, lines
from nimo.foundation.questionnaires.formats.workbook_out import SEAL, SHEET
from nimo.foundation.questionnaires.rules.answers import Unreadable, read_one
from nimo.foundation.questionnaires.rules.structure import Question, Structure

FILE_LIMIT = 3 * 1024 * 1024
ROWS_LIMIT = 6000
NO_TICKS = frozenset({"×", "✕", "x", "X", "-", "－", "ー", "0", "いいえ"})
TICKS = frozenset({"○", "◯", "〇", "o", "O", "ｏ", "1", "✓", "レ", "はい"})

DAMAGED = (
    "このファイルは Excel（.xlsx）の回答票として読み取れませんでした。何も取り込んでいません。"
    "お渡しした回答票をそのまま保存（.xlsx）したものか確かめてください。"
)
FOREIGN = (
    "このファイルは、このシステムが出した回答票ではないか、中の印が変えられています。何も取り込んでいません。"
    "お渡しした回答票に入力し直すか、紙の回答として入力してください。"
)
MACROS = "マクロの入ったファイルは受け取れません。何も取り込んでいません。回答票に入力し直してください。"


class UnableToReadWorkbook(Exception):
    """str() says why, naming the cell where there is one; nothing was taken in."""


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """typed: link_id → as if typed on the screen. problems: (cell, sentence) for answers that cannot be read."""

    said: Mapping[str, str]
    typed: Mapping[str, Any]
    problems: tuple[tuple[str, str], ...]


def open_marks(content: bytes, key: str) -> tuple[Any, dict[str, str]]:
    """The workbook and what was signed. Raises UnableToReadWorkbook for anything that was not made here."""
    if len(content) > FILE_LIMIT:
        raise UnableToReadWorkbook(
            f"ファイルが{FILE_LIMIT // 1024 // 1024}MBを超えています。何も取り込んでいません。"
            "回答票に画像などを貼り付けていないか確かめてください。"
        )
    try:
        book, said = SEAL.open(content, key)
    except NoSuchWorkbook:
        raise UnableToReadWorkbook(DAMAGED) from None
    except CarriesMacros:
        raise UnableToReadWorkbook(MACROS) from None
    except NotOurs:
        raise UnableToReadWorkbook(FOREIGN) from None
    if SHEET not in book.sheetnames:
        raise UnableToReadWorkbook(FOREIGN)
    if book[SHEET].max_row > ROWS_LIMIT:
        raise UnableToReadWorkbook(DAMAGED)
    return book, said


def read_answers(book: Any, said: Mapping[str, str], structure: Structure) -> ReadWorkbook:
    """The answers, cell by cell. Raises UnableToReadWorkbook when a locked cell says something else than was sent."""
    sheet = book[SHEET]
    typed: dict[str, Any] = {}
    problems: list[tuple[str, str]] = []
    for line in lines(structure):
        printed = sheet.cell(line.row, 2).value
        if (printed or "").strip() != line.label.strip():
            raise UnableToReadWorkbook(
                f"セル B{line.row} の質問の文が、お渡ししたもの（「{line.label.strip()[:40]}」）と違います。何も取り込んでいません。"
                "行を足したり消したりしていない回答票に、入力し直してください。"
            )
        if line.question is None or line.asks is None:
            continue
        text = _text(sheet.cell(line.row, 3).value, line.asks)
        if not text or (line.option and text in NO_TICKS):
            continue
        given = _given(line, text)
        try:
            if given is None:
                raise Unreadable("○を入れるか、空けてください。" if line.option else "選択肢から一つ選んでください。")
            if not line.option:
                read_one(line.asks, given)
        except Unreadable as problem:
            problems.append((line.address, str(problem)))
        if given is not None or not line.option:
            _put(typed, line, text if given is None else given)
    for name, value in typed.items():
        if isinstance(value, dict):
            typed[name] = [value[place] for place in sorted(value)]
    return ReadWorkbook(said, typed, tuple(problems))


def _text(value: object, question: Question) -> str:
    """What a cell holds, as a person would have typed it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return format(Decimal(repr(value)).normalize() + 0, "f")
    return str(value).strip()


def _given(line: Line, text: str) -> str | None:
    """Words of the list become codes; None for words that are not in it."""
    question = line.asks
    assert question is not None
    if line.option:
        return line.option if text in TICKS else None
    if question.kind is QuestionKind.CHOICE:
        return next((option.code for option in question.options if option.display.strip() == text), None)
    if question.kind is QuestionKind.SCALE:
        return text.split("（")[0].strip()
    return text


def _put(typed: dict[str, Any], line: Line, given: str) -> None:
    question = line.question
    assert question is not None
    if line.option:
        typed.setdefault(question.link_id, []).append(given)
    elif line.column:
        typed.setdefault(question.link_id, {}).setdefault(line.table_row, {})[line.column] = given
    else:
        typed[question.link_id] = given
