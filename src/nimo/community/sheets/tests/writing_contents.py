"""Invented sheets as stored content, to be written and read back; and writing and reading in one step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.following.attached import read_attached
from nimo.community.sheets.formats.following.form import read_by_form
from nimo.community.sheets.formats.layouts.files import FOLDER
from nimo.community.sheets.formats.loaders.limits import DEFAULT
from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.loaders.pdf.document import read_pdf
from nimo.community.sheets.formats.source import SourceDocument
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.formats.writing.export import Written, write_sheet
from nimo.community.sheets.tests.builders.facts import city_facts
from nimo.community.sheets.tests.builders.formats import reading
from nimo.community.sheets.tests.builders.layouts import layout_parts

AT = datetime(2026, 6, 30, 8, 15, tzinfo=UTC)
FORMATS = tuple(ExportFormat)


def city() -> dict[str, Any]:
    """みほん市, R6, every chapter filled."""
    content = sheet_to_json(reading(layout_parts(city_facts(), "r6-city"), "text"))
    content["schedule"]["small_steps"] = "原稿を作る\n配る先を決める"
    return content


def prefecture() -> dict[str, Any]:
    """架空県, R3: what only the older forms have, and a schedule whose rows could not be matched."""
    content = city()
    return {
        **content,
        "municipality": None,
        "fiscal_year": 2021,
        "layout": "r3",
        "activities": "県内の五つの圏域で協議の場を開く。\n\n・研修を行う",
        "overview": "障がいのある人が安心して暮らせる県にする。",
        "history": [{"period": "平成29年度～", "text": "協議の場を置いた"}, {"period": None, "text": "印のない行"}],
        "special_matters": [{"matter": "感染症の流行", "when": "随時", "action": "会議をオンラインで開く"}],
        "schedule": {
            "short_term_goal": None,
            "small_steps": None,
            "rows": [{"period": "4月", "content": None, "actions": None}],
            "aligned": False,
            "unaligned": ["会議の準備", "一行目\n二行目"],
        },
    }


def loaded(written: Written) -> SourceDocument:
    if written.file_name.endswith(".pdf"):
        # In this process: the tests of the loader see to the process of its own.
        return read_pdf(written.content, written.file_name, DEFAULT)
    return load(written.content, written.file_name)


def read_back(written: Written, folder: Path = FOLDER) -> dict[str, Any]:
    """What our own reader gives, to the letter; a file it does not take for one of ours fails."""
    document = loaded(written)
    sheets, doubts = read_attached(document, folder)
    assert not doubts, doubts
    if sheets is None:
        sheets = read_by_form(document, folder)
    assert sheets is not None, "the file was not read as one that follows its form"
    (sheet,) = sheets
    return sheet_to_json(sheet)


def there_and_back(content: dict[str, Any], file_format: ExportFormat, **options: Any) -> dict[str, Any]:
    return read_back(write_sheet(content, file_format, at=AT, **options), options.get("layouts", FOLDER))


def visible_only(written: Written) -> SourceDocument:
    """The pages of a PDF without what is attached to it."""
    return replace(loaded(written), attached=None)
