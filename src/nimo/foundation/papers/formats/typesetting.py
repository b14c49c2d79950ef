"""A paper as PDF: A4, tagged (PDF/UA-1), one ink, our own fonts only; the same paper is the same bytes, always.

No letter is lost: a character the fonts do not have is refused and named, never printed as an empty box.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypdfium2
import typst

from nimo.foundation.papers.formats.document import Paper, as_data

FONTS = Path(str(files("nimo.foundation.ui").joinpath("fonts")))
_NOT_DISPLAYED = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
# what a keyboard cannot mean in a document: control characters other than the line break
_CONTROLS = {code: None for code in [*range(0x20), 0x7F, *range(0x80, 0xA0)] if chr(code) != "\n"} | {0x09: " "}


class UnableToTypeset(Exception):
    """No paper was made; the message says which characters cannot be printed, or that the system must be looked at."""


STAND_IN = "〓"
"""Stands for a character our fonts do not have, where the caller tells the reader which one it is (`typeset_form`)."""
_MOST_TRIES = 40


@dataclass(frozen=True, slots=True)
class Printed:
    """pages: how many sheets of A4. missing: the characters that stand there as 〓 (`typeset_form` only)."""

    pdf: bytes
    pages: int
    missing: str = ""


@cache
def _fonts(folder: Path) -> typst.Fonts:
    """Read once a process: the fonts of the folder and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


@cache
def _template() -> bytes:
    return files("nimo.foundation.papers").joinpath("data", "document.typ").read_bytes()


def _clean(value: Any) -> Any:
    """Text as people see it: line ends of Windows are line ends, control characters are nothing."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return value


def _refusal(error: typst.TypstError) -> UnableToTypeset:
    letters = "".join(dict.fromkeys(_NOT_DISPLAYED.findall(str(error))))
    if letters:
        return UnableToTypeset(
            f"「{letters}」は、印刷に使う文字にないため、紙にできませんでした。入力した内容は保存されています。"
            "ほかの文字に直して、もう一度行ってください。"
        )
    return UnableToTypeset(
        "紙の形にできませんでした。入力した内容は保存されています。システム管理者に、この画面の番号を伝えてください。"
    )


def typeset(paper: Paper, *, fonts: Path = FONTS) -> Printed:
    """The PDF of a paper. No clock, no network, no fonts of the machine: the same input gives the same bytes.

    Raises UnableToTypeset: a character that no font of ours has, or fonts that are missing (scripts/frontend.py).
    """
    document = json.dumps(_clean(as_data(paper)), ensure_ascii=False, sort_keys=True)
    try:
        pdf = _compiled(_template(), {"document": document}, fonts)
    except typst.TypstError as error:
        raise _refusal(error) from error
    return Printed(pdf, _pages(pdf))


def typeset_form(template: bytes, document: Mapping[str, Any], *, attached: str = "", fonts: Path = FONTS) -> Printed:
    """The PDF of a form with a typst template of its own, which reads `document` (JSON) as document.typ does.

    A form of another office must keep every text, so a character our fonts do not have stands as 〓 and is named in
    `missing`. attached: a text the template may attach to the file (`sys.inputs.attached`). Raises UnableToTypeset.
    """
    missing = ""
    cleaned = _clean(dict(document))
    for _ in range(_MOST_TRIES):
        said = json.dumps(cleaned, ensure_ascii=False, sort_keys=True)
        try:
            pdf = _compiled(template, {"document": said, "attached": attached}, fonts)
        except typst.TypstError as error:
            letters = "".join(dict.fromkeys("".join(_NOT_DISPLAYED.findall(str(error)))))
            if not letters or STAND_IN in letters:
                raise _refusal(error) from error
            missing += letters
            cleaned = _replaced(cleaned, letters)
            continue
        return Printed(pdf, _pages(pdf), missing)
    raise UnableToTypeset(
        "印刷に使う文字にない字が多すぎるため、紙の形にできませんでした。入力した内容は保存されています。"
        "ほかの形式で出力してください。"
    )


def _replaced(value: Any, letters: str) -> Any:
    if isinstance(value, str):
        return "".join(STAND_IN if letter in letters else letter for letter in value)
    if isinstance(value, dict):
        return {key: _replaced(one, letters) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, letters) for one in value]
    return value


def _compiled(template: bytes, inputs: dict[str, str], fonts: Path) -> bytes:
    pdf, warnings = typst.compile_with_warnings(
        template,
        font_paths=_fonts(fonts),
        format="pdf",
        sys_inputs=inputs,
        pdf_standards="ua-1",
        timestamp=0,
    )
    if warnings:  # an unknown font family is only a warning there; here it is a paper in the wrong letters
        raise UnableToTypeset(
            "印刷用の文字（フォント）が見つからないため、紙にできませんでした。入力した内容は保存されています。"
            "システム管理者に、nimo check の結果を確かめるよう伝えてください。"
        ) from RuntimeError("; ".join(str(warning) for warning in warnings))
    return bytes(pdf)


def _pages(pdf: bytes) -> int:
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return len(opened)
    finally:
        opened.close()
