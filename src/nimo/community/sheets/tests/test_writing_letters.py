"""Characters some font does not have are kept and told."""

from __future__ import annotations

import pytest

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.writing.export import write_sheet
from nimo.community.sheets.tests.same import canonical
from nimo.community.sheets.tests.writing_contents import AT, FORMATS, city, read_back, visible_only


def sheet(text: str) -> dict:
    return {**city(), "strengths": text}


@pytest.mark.parametrize("file_format", FORMATS)
def test_rare_and_variant_letters_are_kept_and_told(file_format):
    content = sheet("𠮷野家と葛󠄀城、髙橋と﨑山。")
    written = write_sheet(content, file_format, at=AT)
    assert canonical(read_back(written)) == canonical(content)
    assert [one.code for one in written.findings] == ["letters_variant", "letters_rare"]
    assert "「葛󠄀」" in written.findings[0].message
    assert "「𠮷」" in written.findings[1].message


def test_a_letter_no_font_of_ours_has_is_told_and_kept_in_the_data_of_the_pdf():
    content = sheet("笑顔😀の会、ꙮの字")
    written = write_sheet(content, ExportFormat.PDF, at=AT)
    assert [one.code for one in written.findings] == ["letters_missing"]
    assert "😀" in written.findings[0].message
    assert "〓" in written.findings[0].message
    assert canonical(read_back(written)) == canonical(content)
    shown = "".join(block.text for block in visible_only(written).blocks if hasattr(block, "text"))
    cells = "".join(c.text for b in visible_only(written).blocks if hasattr(b, "cells") for c in b.cells)
    assert "笑顔〓の会" in shown + cells


@pytest.mark.parametrize("file_format", [ExportFormat.PPTX, ExportFormat.XLSX])
def test_office_files_keep_letters_no_font_has(file_format):
    content = sheet("笑顔😀の会")
    written = write_sheet(content, file_format, at=AT)
    assert canonical(read_back(written)) == canonical(content)
    assert "「😀」" in written.findings[0].message


def test_letters_of_ones_own_and_control_characters_are_told():
    written = write_sheet(sheet("外字\ue000と\x07音"), ExportFormat.XLSX, at=AT)
    assert [one.code for one in written.findings] == ["letters_private", "control_characters"]
    assert "U+E000" in written.findings[0].message
    assert read_back(written)["strengths"] == "外字\ue000と音"


def test_ordinary_sheets_have_nothing_to_tell():
    assert not write_sheet(city(), ExportFormat.PDF, at=AT).findings
