"""The four real sheets, written into their form in three formats and read back: the same data.

Without the source texts these tests say so; the same on invented sheets is in nimo.community.sheets.tests and always runs.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.reader import read_document, read_file
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.formats.writing.export import write_sheet
from nimo.community.sheets.tests.same import canonical
from nimo.community.sheets.tests.writing_contents import visible_only
from tests.golden.test_real_sheets import Case, case  # noqa: F401 (a fixture)

AT = datetime(2026, 6, 30, tzinfo=UTC)
AFTER_CHAPTERS = ("results", "targets", "challenges", "coordination", "basic_info", "long_term", "special_matters")


@pytest.mark.parametrize("file_format", list(ExportFormat))
def test_a_real_sheet_comes_back_as_it_was(case: Case, file_format: ExportFormat) -> None:  # noqa: F811
    _, sheet = case
    written = write_sheet(sheet, file_format, at=AT)
    assert written.content == write_sheet(sheet, file_format, at=AT).content
    (back,) = read_file(written.content, file_name=written.file_name).sheets
    assert canonical(sheet_to_json(back)) == canonical(sheet)


def test_the_pages_of_its_pdf_say_the_same_to_a_reader_of_words(case: Case) -> None:  # noqa: F811
    """Without the attached data: every table alike, but for the breaks of lines."""
    _, sheet = case
    document = visible_only(write_sheet(sheet, ExportFormat.PDF, at=AT))
    (seen,) = [sheet_to_json(one) for one in read_document(document)]
    for key in AFTER_CHAPTERS:
        assert _bare(canonical(seen[key])) == _bare(canonical(sheet[key])), key


def _bare(value: object) -> object:
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return "".join(value.split()) if isinstance(value, str) else value
