"""What is written into the form can be read back to the letter, in all three formats."""

from __future__ import annotations

import io
import re
import zipfile
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pdfplumber
import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.following.attached import read_attached
from nimo.community.sheets.formats.reader import read_document
from nimo.community.sheets.formats.reading.draft import quantity_of
from nimo.community.sheets.formats.to_json import quantity_to_json, sheet_to_json
from nimo.community.sheets.formats.writing.export import write_sheet
from nimo.community.sheets.tests.same import canonical
from nimo.community.sheets.tests.writing_contents import (
    AT,
    FORMATS,
    city,
    loaded,
    prefecture,
    read_back,
    there_and_back,
    visible_only,
)
from nimo.core.text import is_not_filled

OFFICE = (ExportFormat.XLSX, ExportFormat.PPTX)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("make", [city, prefecture], ids=["r6-city", "r3"])
def test_what_is_written_is_what_is_read_back(make, file_format):
    content = make()
    assert canonical(there_and_back(content, file_format)) == canonical(content)


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_same_sheet_is_the_same_bytes_and_names_nobody(file_format):
    first = write_sheet(city(), file_format, at=AT)
    assert first.content == write_sheet(city(), file_format, at=AT).content
    assert first.file_name == f"架空県みほん市_自治体情報シート_令和6年度.{file_format.value}"
    if file_format == ExportFormat.PDF:
        with pdfplumber.open(io.BytesIO(first.content)) as pdf:
            assert set(pdf.metadata) <= {"Title", "Author", "Creator", "Producer"}
            assert pdf.metadata["Author"] == "nimo"
        return
    assert first.content != write_sheet(city(), file_format, at=AT + timedelta(days=1)).content
    with zipfile.ZipFile(io.BytesIO(first.content)) as package:
        names = package.namelist()
        assert names[0] == "[Content_Types].xml"
        assert names[1:] == sorted(names[1:])
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    people = re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>(.*?)</", core)
    assert set(people) == {"nimo"}
    assert "2026-06-30T08:15:00Z" in core


@pytest.mark.parametrize("file_format", FORMATS)
def test_only_chapters_that_may_be_shown_are_in_the_file(file_format):
    content = city()
    written = write_sheet(content, file_format, at=AT, only={"targets", "strengths"})
    back = read_back(written)
    assert canonical(back["targets"]) == canonical(content["targets"])
    assert back["strengths"] == content["strengths"]
    assert not any(back[key] for key in ("results", "challenges", "councils", "lead", "other_matters", "long_term"))
    assert not back["basic_info"]["present"]
    secret = content["councils"][0]["content"].encode()
    plain = written.content
    if file_format != ExportFormat.PDF:
        with zipfile.ZipFile(io.BytesIO(written.content)) as package:
            plain = b"".join(package.read(name) for name in package.namelist())
    assert secret not in plain


@pytest.mark.parametrize("spelling", ["障害", "障がい", "障碍"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_each_body_keeps_its_own_spelling(file_format, spelling):
    content = city()
    content["strengths"] = f"精神{spelling}者の家族会がある。"
    assert there_and_back(content, file_format)["strengths"] == content["strengths"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_ten_thousand_characters_in_a_cell_are_never_lost(file_format):
    content = city()
    long = "".join(f"{number}番目の文。" + ("\n\n" if number % 50 == 0 else "") for number in range(1500)).strip()
    assert len(long) > 10_000
    content["challenges"][0]["policy"] = long
    if file_format == ExportFormat.PDF:
        # Reading a hundred pages takes a minute: one long cell tells as much.
        assert canonical(there_and_back(content, file_format)) == canonical(content)
        return
    content["challenges"][1]["roles"]["welfare"] = long
    content["results"][1]["effect"] = long
    content["coordination"]["departments"][0]["owner_work"] = long
    content["coordination"]["departments"][1]["owner_work"] = long
    content["coordination"]["departments"][2]["partner_work"] = long
    content["overview"] = content["long_term"]["goal"] = long
    assert canonical(there_and_back(content, file_format)) == canonical(content)


def test_a_text_longer_than_an_excel_cell_goes_on_in_the_next():
    content = city()
    content["strengths"] = "長い文。" * 20_000
    content["councils"][0]["members"] = [f"構成員{number}" for number in range(9_000)]
    assert canonical(there_and_back(content, ExportFormat.XLSX)) == canonical(content)


def test_the_pages_of_the_pdf_say_the_same_as_its_data():
    """Read by its words alone, without the attachment: texts but for their line breaks."""
    content = city()
    written = write_sheet(content, ExportFormat.PDF, at=AT)
    (sheet,) = read_document(visible_only(written))
    seen = sheet_to_json(sheet)
    for key in ("results", "targets", "challenges", "coordination", "councils", "basic_info", "schedule"):
        assert _bare(canonical(seen[key])) == _bare(canonical(content[key])), key


def test_a_pdf_whose_pages_say_something_else_is_read_by_its_pages():
    content, other = city(), city()
    other["targets"][0]["current"] = quantity_to_json(quantity_of("444回"))
    document = visible_only(write_sheet(other, ExportFormat.PDF, at=AT))
    true = write_sheet(content, ExportFormat.PDF, at=AT)
    forged = replace(document, attached=loaded(true).attached)
    sheets, doubts = read_attached(forged)
    assert sheets is None
    assert [doubt.code for doubt in doubts] == ["attachment_differs"]
    assert "一致しません" in doubts[0].message


def _bare(value):
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_bare(one) for one in value]
    return "".join(value.split()) if isinstance(value, str) else value


def test_the_pdf_is_tagged_a4_landscape_in_one_ink():
    written = write_sheet(city(), ExportFormat.PDF, at=AT, mark="作成中")
    assert b"pdfuaid" in written.content
    with pdfplumber.open(io.BytesIO(written.content)) as pdf:
        assert [round(side) for side in (pdf.pages[0].width, pdf.pages[0].height)] == [842, 595]
        assert pdf.doc.catalog["MarkInfo"]["Marked"]
        assert all("作成中" in (page.extract_text() or "") for page in pdf.pages)
    picture = pypdfium2.PdfDocument(written.content)[1].render(scale=1).to_pil().convert("RGB")
    assert all(red == green == blue for _, (red, green, blue) in picture.getcolors(1 << 24))


# -- any text ------------------------------------------------------------------------------------------------------------

_LETTERS = "あ漢障がいABab12①②（）(1)　 \t\n=+-@'\"＝％・…<>&_x0041_{}\\#*$【】｜〜～ｱ"
_texts = st.text(alphabet=st.sampled_from(_LETTERS), max_size=60) | st.sampled_from(
    [
        "=1+1",
        "@SUM(A1)",
        "（前の頁から続く）甲",
        "　（前の頁から続く）\n乙",
        "①　指標のような文",
        "　①　二つめ",
        "(1)　三つめ",
        "様式 r6-city｜令和6年度｜架空県｜",
        "【特徴（強み）】",
        "課題解決の達成度を測る指標",
        "3 / 12",
        "注：文",
        "_x000D_",
        "_x000B_",
        "_x005F_x000B_",
        "_x000B_x000B_x000b_",
        "𠮷野家と葛󠄀城",
        "1行目\n\n\n4行目",
    ]
)


def _stored(text: str) -> str | None:
    """As the editor stores it."""
    return text.strip("\n") or None


def _filled(texts: list[str]) -> dict:
    content = deepcopy(city())
    said = [_stored(text) for text in texts]
    content["strengths"], content["lead"], content["other_matters"] = said[0], said[1], said[2]
    content["results"][0] |= {"mark": "①", "indicator": said[3], "effect": said[4]}
    content["results"][1] |= {"mark": None, "indicator": said[5], "effect": said[6]}
    content["results"][2]["target"] = (
        quantity_to_json(quantity_of(texts[7].strip()))
        if texts[7].strip() and not is_not_filled(texts[7])  # see below
        else {"raw": None, "values": [], "qualifier": None}
    )
    content["challenges"][0] |= {"challenge": said[3], "policy": said[8]}
    content["challenges"][0]["roles"] = {"government": said[9], "medical": said[0], "welfare": None, "other": said[1]}
    content["coordination"]["departments"][1] |= {"owner": said[2], "partner": said[4]}
    content["coordination"]["system"] = said[5]
    content["councils"][0] |= {
        "name": said[6],
        "members": [line.strip() for line in texts[7].splitlines() if line.strip()],
    }
    content["schedule"]["rows"][0] |= {"period": said[8], "content": said[9]}
    return content


@pytest.mark.parametrize("file_format", OFFICE)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_texts, min_size=10, max_size=10))
@example(
    ["=1+1", "①　a", "　（前の頁から続く）b", "②", "\t", "x\n\ny", "  z  ", "１３か所（政令市を除く）", "4～6月", "'"]
)
@example(["_x000B_", "_x000B_x000B_", "_x005F_x000B_", "_x000b_x000D_x000B_", "", "_x005F_", "", "", "", "__x000B__"])
def test_any_text_comes_back_as_it_was(file_format, texts):
    content = _filled(texts)
    assert canonical(there_and_back(content, file_format)) == canonical(content)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(_texts, min_size=10, max_size=10))
def test_any_text_comes_back_from_the_pdf(texts):
    content = _filled(texts)
    assert canonical(there_and_back(content, ExportFormat.PDF)) == canonical(content)


@pytest.mark.parametrize("file_format", OFFICE)
def test_a_target_of_a_dash_alone_is_read_as_not_filled(file_format):
    """The one exception: the editor keeps the dash a person typed, a file with it is read as without a target."""
    content = _filled([""] * 10)
    content["results"][2]["target"] = quantity_to_json(quantity_of("－"))
    back = canonical(there_and_back(content, file_format))["results"][2]
    assert "target" not in back
    assert back["indicator"] == content["results"][2]["indicator"]
