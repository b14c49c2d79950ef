"""An answer sheet as an Excel file: everything locked but the answers, and signed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from nimo.foundation.files.formats.marked import MARKS, Limits, Seal
from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.formats.layout import Line, lines
from nimo.foundation.questionnaires.rules.counting import answer_codes
from nimo.foundation.questionnaires.rules.structure import Question, Structure

SHEET = "回答"
SEAL = Seal("nimo.questionnaires.workbook", Limits(unpacked=30 * 1024 * 1024, parts=300))
MARK = "○"
LONGEST_LIST = 250
"""Excel refuses longer lists typed into a rule (255 characters)."""


@dataclass(frozen=True, slots=True)
class WorkbookHead:
    """What stands above the questions, and what the signature covers (`said`)."""

    title: str
    recipient: str
    due: str
    contact: str
    said: Mapping[str, str]


def _instruction(question: Question) -> str:
    hints = {
        QuestionKind.CHOICE: "一つ選ぶ",
        QuestionKind.MULTIPLE: "当てはまるものに○",
        QuestionKind.YES_NO: "はい／いいえ",
        QuestionKind.DATE: "例：令和8年4月1日",
        QuestionKind.NUMBER: "数字",
        QuestionKind.TEXT: f"{question.length_limit}字まで",
        QuestionKind.LONG_TEXT: f"{question.length_limit}字まで",
    }
    if question.kind is QuestionKind.SCALE:
        ends = "〜".join(
            f"{point}{label and f'（{label}）'}"
            for point, label in ((question.scale[0], question.low_label), (question.scale[-1], question.high_label))
        )
        return ends
    hint = hints.get(question.kind, "")
    return f"{hint}（{question.unit}）" if question.unit else hint


def write_workbook(structure: Structure, head: WorkbookHead, key: str) -> bytes:
    """The file as bytes. Texts are written as texts: "=1+1" in a question is no formula."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": head.title, "author": "", "comments": ""})
    style = _styles(book)
    sheet = book.add_worksheet(SHEET)
    sheet.set_column("A:A", 7)
    sheet.set_column("B:B", 52)
    sheet.set_column("C:C", 46)
    sheet.set_column("D:D", 26)
    sheet.write_string("A1", head.title, style["title"])
    sheet.write_string("A2", f"あて先：{head.recipient}" if head.recipient else "", style["plain"])
    sheet.write_string(
        "A3", f"回答の期限：{head.due}　　問い合わせ先：{head.contact or '（案内文をごらんください）'}", style["plain"]
    )
    sheet.write_string(
        "A4",
        "色の付いた欄だけに入力してください。行や列を足したり消したりすると、読み取れなくなります。",
        style["plain"],
    )
    for column, name in enumerate(("番号", "質問", "答え", "答え方")):
        sheet.write_string(4, column, name, style["head"])
    for line in lines(structure):
        _write_line(sheet, line, style)
    sheet.protect("", {"select_locked_cells": True, "format_rows": True, "format_columns": True})
    sheet.freeze_panes(5, 0)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(4)
    marks = book.add_worksheet(MARKS)
    for row, (name, value) in enumerate(SEAL.marks(key, head.said)):
        marks.write_string(row, 0, name)
        marks.write_string(row, 1, value)
    marks.protect()
    marks.very_hidden()
    sheet.activate()
    book.close()
    return buffer.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    base = {"font_name": "Yu Gothic", "font_size": 11, "valign": "top", "text_wrap": True}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 14, "text_wrap": False}),
        "plain": book.add_format({**base, "text_wrap": False}),
        "head": book.add_format({**base, "bold": True, "bg_color": "#E6E6E6", "border": 1}),
        "section": book.add_format({**base, "bold": True, "bg_color": "#F2F2F2", "border": 1}),
        "locked": book.add_format({**base, "border": 1}),
        "answer": book.add_format({**base, "border": 1, "bg_color": "#FFF9E0", "locked": False, "num_format": "@"}),
    }


def _write_line(sheet: Any, line: Line, style: Mapping[str, Any]) -> None:
    row = line.row - 1
    heading = line.question is None
    locked = style["section"] if heading and not line.number else style["locked"]
    sheet.write_string(row, 0, line.number, locked)
    sheet.write_string(row, 1, line.label, locked)
    if heading or line.asks is None:
        sheet.write_blank(row, 2, None, locked)
        sheet.write_blank(row, 3, None, locked)
        return
    sheet.write_blank(row, 2, None, style["answer"])
    required = "必須　" if line.question and line.question.required and not line.option and not line.column else ""
    sheet.write_string(row, 3, required + ("" if line.option else _instruction(line.asks)), locked)
    allowed = [MARK] if line.option else [display for _, display in answer_codes(line.asks)]
    if line.asks.kind is QuestionKind.SCALE:
        allowed = [str(point) for point in line.asks.scale]
    if allowed and sum(len(one) + 1 for one in allowed) <= LONGEST_LIST and not any("," in one for one in allowed):
        sheet.data_validation(row, 2, row, 2, {"validate": "list", "source": allowed, "error_type": "stop"})
