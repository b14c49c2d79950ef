"""A year's form is a file: its knowledge is the reader's, and a new year needs nothing but a new file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.formats.layouts.files import FOLDER, BrokenLayout, form_for, forms, load
from nimo.community.sheets.formats.layouts.model import Names
from nimo.community.sheets.formats.reading.basic_labels import label_of
from nimo.community.sheets.formats.reading.columns import header_of
from nimo.community.sheets.formats.reading.expectations import EXPECTED
from nimo.community.sheets.formats.reading.labels import label_in_cell
from nimo.community.sheets.formats.reading.ledger import Ledger
from nimo.community.sheets.formats.reading.stream import stream
from nimo.community.sheets.formats.reading.titles import find_headings
from nimo.community.sheets.formats.source import Cell, Line, Place, SourceDocument, Table
from nimo.community.sheets.tests.same import canonical
from nimo.community.sheets.tests.writing_contents import FORMATS, city, there_and_back

NAMES = Names("架空県", "みほん市", 2024)
FORMS = sorted(forms().items())


def _items(*blocks):
    return stream(SourceDocument("x", "xlsx", blocks), Ledger())


# -- the reader knows what the layouts say -------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "form"), FORMS, ids=[code for code, _ in FORMS])
def test_the_reader_knows_every_heading_of_a_layout(code, form):
    for chapter in form.chapters:
        if not chapter.heading:
            continue
        place = Place(1, 1, "1行目")
        (heading,) = find_headings(_items(Line(NAMES.put_into(chapter.heading), place)))
        sections = {block.section for block in chapter.blocks}
        assert heading.key in sections, chapter.heading


@pytest.mark.parametrize(("code", "form"), FORMS, ids=[code for code, _ in FORMS])
def test_the_reader_knows_every_table_of_a_layout(code, form):
    for block in form.blocks:
        if block.kind != "table" or block.field == "history":
            continue
        titles = [NAMES.put_into(column.title) for column in block.columns if column.title]
        place = Place(1, 1, "1行目")
        (row,) = _items(Table(tuple(Cell(text, 0, at, place) for at, text in enumerate(titles)), place))
        header = header_of(row, block.section)
        assert header is not None, titles
        assert header.kind == block.field.split(".")[-1 if block.section == "coordination" else 0]
        fields = {column.field or "roles" for column in block.columns if column.title}
        assert {"year" if name == "period" and header.kind == "long_term" else name for name in fields} == set(
            header.names
        )


def test_the_reader_knows_every_label_and_figure_of_a_layout():
    for _, form in FORMS:
        for block in form.blocks:
            if block.kind == "fields":
                assert all(label_in_cell(row.label) for row in block.rows)
            elif block.name in ("activities", "strengths", "system", "other_matters"):
                assert label_in_cell(block.label) == block.name
            for row in block.figures:
                group = label_of(row.group, None)
                assert group is not None
                label = label_of(row.label, group.name) if row.label else group
                assert label is not None
                assert label.key == row.key


def test_every_form_asks_for_what_the_reader_expects_of_it():
    assert {code for code in EXPECTED if code} == {code for code, _ in FORMS}
    for code, form in FORMS:
        assert set(EXPECTED[code]) <= set(form.sections)
        assert set(form.sections) <= set(SectionKey.values)


def test_new_sheets_are_begun_in_the_newest_form_that_is_written():
    assert form_for(2026, of_prefecture=False).code == "r6-city"
    assert form_for(2026, of_prefecture=True).code == "r6-prefecture"
    assert form_for(2019, of_prefecture=True).code == "r6-prefecture"
    assert form_for(None, of_prefecture=False).code == "r6-city"


# -- a new year ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_r8(tmp_path) -> Path:
    """The folder of layouts with one file more: an invented form of R8, with other words, a new column, a moved chapter."""
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = (FOLDER / "r6.toml").read_text(encoding="utf-8")
    changes = {
        'edition = "r6"': 'edition = "r8"',
        "first_fiscal_year = 2024": "first_fiscal_year = 2026",
        'code = "r6-': 'code = "r8-',
        "目標値\\n昨年度当初": "ねらい（{last}）",
        '{ title = "具体的な成果・効果", field = "effect", width = 8 },': '{ title = "うまくいったこと", field = "effect", width = 6 },\n'
        '  { title = "つぎの担当", field = "in_charge", width = 2 },',
        "【特徴（強み）】": "【この町のよいところ】",
        "現時点における強みと課題": "いまの姿",
        "短期目標\\n（今年度）": "ことしの目当て",
    }
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    # the councils' chapter moves to the front of the city's form
    (councils,) = re.findall(r'  \{ heading = "5 精神障害.*?councils", "other_matters"\] \},\n', text)
    head, city_form = text.split('code = "r8-city"')
    city_form = city_form.replace(councils, "").replace(
        '  { heading = "圏域の基礎情報"', councils.replace("5 ", "1 ") + '  { heading = "圏域の基礎情報"'
    )
    (tmp_path / "r8.toml").write_text(head + 'code = "r8-city"' + city_form, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_new_years_form_is_a_new_file_and_nothing_else(with_r8, file_format):
    form = form_for(2026, of_prefecture=False, folder=with_r8)
    assert form.code == "r8-city"
    assert form.sections.index("councils") < form.sections.index("basic_info")
    content = {**city(), "fiscal_year": 2026, "layout": "r8-city"}
    for number, row in enumerate(content["results"]):
        row["in_charge"] = f"第{number}係\n（内線）"
    back = there_and_back(content, file_format, layouts=with_r8)
    assert canonical(back) == canonical(content)
    assert back["results"][1]["in_charge"] == "第1係\n（内線）"


def test_what_a_form_has_no_chapter_for_is_still_written(with_r8):
    content = {**city(), "fiscal_year": 2026, "layout": "r8-city"}
    content["special_matters"] = [{"matter": "R8 に章のない記載", "when": None, "action": "載せる"}]
    back = there_and_back(content, FORMATS[0], layouts=with_r8)
    assert canonical(back["special_matters"]) == canonical(content["special_matters"])


# -- broken files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kind = "table"', 'kind = "graph"', "graph"),
        ('field = "actions", ', "", "field or parts"),
        ('titles = ["番号", "記載"]', 'titles = ["番号"]', "two titles"),
        ('blocks = ["lead"]', 'blocks = ["no_such_block"]', "no_such_block"),
        ("merged = true", "merged = 1 =", "r9.toml"),
        ('spare_label = "取組概要（全体）"', "", "spare_label"),
    ],
)
def test_a_broken_layout_is_named_with_what_is_wrong(tmp_path, before, after, said):
    text = (FOLDER / "r6.toml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "r9.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BrokenLayout, match=said) as broken:
        load(path)
    assert "r9.toml" in str(broken.value)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(BrokenLayout, match="no layouts"):
        forms(tmp_path)
