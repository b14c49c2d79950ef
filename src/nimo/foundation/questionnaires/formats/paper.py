"""The paper form with large boxes, and the letters with the codes: data for data/paper.typ, and the PDF."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from nimo.core.eras import to_wareki
from nimo.foundation.papers.formats.typesetting import FONTS, UnableToTypeset
from nimo.foundation.questionnaires.choices import QuestionKind
from nimo.foundation.questionnaires.rules.answers import clean_text
from nimo.foundation.questionnaires.rules.ruby import in_brackets, without_ruby
from nimo.foundation.questionnaires.rules.structure import Question, Structure
from nimo.foundation.questionnaires.rules.words import condition_words

NOTES = (
    "・□には✓か○を付けてください。答えにくい質問は、空けたままでかまいません。\n"
    "・書ききれないときは、余白か別の紙に、問の番号を付けて書いてください。"
)


@dataclass(frozen=True, slots=True)
class FormHead:
    """What stands above the questions. `anonymous` None: a form nobody is invited to yet."""

    title: str
    recipient: str = ""
    asker: str = ""
    due: str = ""
    contact: str = ""
    message: str = ""
    anonymous: bool | None = None
    foot: str = ""


@dataclass(frozen=True, slots=True)
class LetterPage:
    """One letter. `code` in groups of four; `address` without the code: it is typed from paper."""

    recipient: str
    code: str


@cache
def _template() -> bytes:
    return files("nimo.foundation.questionnaires").joinpath("data", "paper.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _print(document: Mapping[str, Any]) -> bytes:
    """No clock, no network, our own fonts only. Raises UnableToTypeset with the letters that cannot be printed."""
    try:
        pdf, warnings = typst.compile_with_warnings(
            _template(),
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"document": json.dumps(document, ensure_ascii=False, sort_keys=True)},
            pdf_standards="ua-1",
            timestamp=0,
        )
    except typst.TypstError as error:
        raise UnableToTypeset(
            "紙の形にできませんでした。印刷の文字にない字（絵文字など）が、質問や案内の文に入っていないか確かめてください。"
            "入力した内容は保存されています。"
        ) from error
    if warnings:
        raise UnableToTypeset(
            "印刷用の文字（フォント）が見つからないため、紙にできませんでした。システム管理者に知らせてください。"
        ) from RuntimeError("; ".join(str(warning) for warning in warnings))
    result: bytes = pdf
    return result


def _question(structure: Structure, question: Question, number: int, text: Any) -> dict[str, Any]:
    options = [text(option.display) for option in question.options]
    if question.kind is QuestionKind.YES_NO:
        options = ["はい", "いいえ"]
    if question.kind is QuestionKind.SCALE:
        options = [str(point) for point in question.scale]
    help_ = text(question.help)
    if question.kind is QuestionKind.MULTIPLE and not help_:
        help_ = "当てはまるものをすべて選んでください。"
    return {
        "number": number,
        "text": text(question.text),
        "required": question.required,
        "kind": question.kind.value,
        "help": help_,
        "options": options,
        "unit": text(question.unit),
        "low": text(question.low_label),
        "high": text(question.high_label),
        "columns": [text(column.text) for column in question.columns],
        "rows": min(question.max_rows, 12),
        "condition": condition_words(structure, question),
    }


def paper_form(structure: Structure, head: FormHead) -> bytes:
    """A form to be filled in by hand; `structure` is that of the audience. Raises UnableToTypeset."""

    def text(written: str) -> str:
        return clean_text(in_brackets(written) if structure.furigana else without_ruby(written))

    sections = []
    for section in structure.sections:
        numbered = [(n, q) for n, s, q in structure.numbered() if s.link_id == section.link_id]
        sections.append(
            {
                "text": text(section.text),
                "help": text(section.help),
                "questions": [_question(structure, question, number, text) for number, question in numbered],
            }
        )
    facts = [
        ("あて先", head.recipient),
        ("たずねる人", head.asker),
        ("回答の期限", head.due),
        ("返す先・問い合わせ", head.contact),
    ]
    notes = NOTES
    if head.anonymous is not None:
        words = (
            "無記名です。名前は書かないでください。"
            if head.anonymous
            else "記名です。答えは、たずねる人の担当者が読みます。"
        )
        notes = f"・{words}\n{NOTES}"
    page = {
        "facts": [[term, clean_text(said)] for term, said in facts if said],
        "message": clean_text(head.message),
        "introduction": text(structure.introduction),
        "notes": notes,
        "sections": sections,
    }
    return _print({"kind": "form", "title": clean_text(head.title), "foot": clean_text(head.foot), "pages": [page]})


def letters(head: FormHead, pages: Sequence[LetterPage], address: str) -> bytes:
    """One page a recipient. Raises UnableToTypeset."""
    how = (
        "パソコンかスマートフォンで下のアドレスを開き、コードを入力してください。名前やパスワードはいりません。\n"
        "画面で答えられないときは、紙で答えられます。問い合わせ先に知らせてください。"
    )
    drawn = [
        {
            "recipient": clean_text(page.recipient),
            "sender": clean_text(head.asker),
            "title": clean_text(f"「{head.title}」への回答のお願い"),
            "message": clean_text(head.message) or "下のアンケートへのご協力をお願いします。",
            "facts": [
                ["回答の期限", head.due],
                ["問い合わせ先", clean_text(head.contact) or "（この案内を渡した担当）"],
            ],
            "how": how,
            "code": page.code,
            "address": address,
            "notes": "コードは、この案内のあて先だけのものです。ほかの人に渡さないでください。"
            + ("答えは、あて名やコードと結び付かない形で保管します。" if head.anonymous else ""),
        }
        for page in pages
    ]
    return _print({"kind": "letters", "title": clean_text(head.title), "foot": "", "pages": drawn})


def due_words(day: Any) -> str:
    """令和8年12月4日 and the Western year."""
    return f"{to_wareki(day)}（{day.year}年）"
