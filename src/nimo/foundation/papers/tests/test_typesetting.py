"""Papers: nothing is lost, nothing is interpreted, the same paper is the same bytes."""

from __future__ import annotations

import io
from decimal import Decimal

import pdfplumber
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.foundation.papers.formats.document import (
    Bar,
    Bars,
    Beside,
    BigFigure,
    Facts,
    Grid,
    Head,
    Heading,
    Paper,
    Paragraph,
    Remarks,
    as_data,
)
from nimo.foundation.papers.formats.typesetting import UnableToTypeset, typeset


def paper(*parts, **fields) -> Paper:
    return Paper(**{"title": "架空の書類", "parts": parts, **fields})


def words(pdf: bytes) -> str:
    """All text, without the breaks of lines."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "".join((page.extract_text() or "") for page in opened.pages).replace("\n", "").replace(" ", "")


EVERYTHING = (
    Heading("見出し"),
    Paragraph("ふつうの文"),
    Beside([BigFigure("1年以上長期入院患者", "210", "人", "令和5年6月30日")], [Facts([("出典", "シート")])]),
    Grid("この5年", [Head("年度"), Head("値", "end")], [["令和5年度", "210人"], ["令和6年度", "値なし"]]),
    Bars(
        "この5年（人）", [Bar("R5", Decimal("210.5"), "210.5人"), Bar("R6", None, "値なし")], "R5は210.5人、R6は値なし"
    ),
    Remarks("読むときの注意", ["数え方が変わりました。"]),
)


def test_everything_that_is_said_can_be_read_back():
    printed = typeset(paper(*EVERYTHING, subtitle="令和8年5月11日", mark="案", foot="架空市"))
    said = words(printed.pdf)
    for text in (
        "架空の書類",
        "見出し",
        "ふつうの文",
        "210",
        "人",
        "シート",
        "令和6年度",
        "値なし",
        "210.5人",
        "数え方が変わり",
    ):
        assert text in said
    for text in ("令和8年5月11日", "案", "架空市", "1/1"):
        assert text in said
    assert printed.pages == 1


def test_the_same_paper_is_the_same_bytes():
    assert typeset(paper(*EVERYTHING)).pdf == typeset(paper(*EVERYTHING)).pdf
    assert typeset(paper(Paragraph("甲"))).pdf != typeset(paper(Paragraph("乙"))).pdf


def test_is_a4_tagged_in_japanese_and_carries_its_title():
    pdf = typeset(paper(*EVERYTHING)).pdf
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert [round(side) for side in (opened.pages[0].width, opened.pages[0].height)] == [595, 842]
        assert opened.metadata["Title"] == "架空の書類"
        catalogue = opened.doc.catalog
    assert catalogue["MarkInfo"]["Marked"]
    assert b"ja" in catalogue["Lang"]
    assert b"pdfuaid" in pdf


def test_uses_one_ink():
    picture = (
        pypdfium2.PdfDocument(typeset(paper(*EVERYTHING, mark="案")).pdf)[0].render(scale=1).to_pil().convert("RGB")
    )
    assert all(red == green == blue for _, (red, green, blue) in picture.getcolors(1 << 24))


def test_long_text_flows_to_the_next_page_and_is_never_lost():
    rows = [[f"第{number}項", f"{number}件"] for number in range(150)]
    text = "\n".join(f"{number}行目の文章です。" for number in range(120))
    printed = typeset(paper(Paragraph(text), Grid("長い表", [Head("項目"), Head("件数", "end")], rows)))
    said = words(printed.pdf)
    assert printed.pages > 3
    assert all(f"{number}行目の文章です。" in said for number in range(120))
    assert all(f"第{number}項{number}件" in said for number in range(150))
    assert said.count("項目件数") > 1  # the head stands on every page of the table


def test_a_line_without_a_break_is_not_cut_off():
    said = words(typeset(paper(Remarks("注意", ["あ" * 3000]))).pdf)
    assert said.count("あ") == 3000


def test_keeps_rare_kanji_and_old_forms():
    said = words(typeset(paper(Paragraph("𠮷野家 髙橋 﨑山 齋藤 邊 葛󠄀城"), title="𠮷田")).pdf)
    for letter in "𠮷髙﨑齋邊葛":
        assert letter in said


@pytest.mark.parametrize("letter", ["😀", "🀄", "ꙮ"])
def test_refuses_a_character_that_cannot_be_printed_and_names_it(letter):
    with pytest.raises(UnableToTypeset, match=f"「{letter}」.*保存されています"):
        typeset(paper(Paragraph(f"文{letter}末")))


def test_refuses_to_print_in_the_wrong_letters(tmp_path):
    with pytest.raises(UnableToTypeset, match="文字（フォント）が見つからない"):
        typeset(paper(Paragraph("文")), fonts=tmp_path)


def test_control_characters_are_nothing_and_line_ends_of_windows_are_line_ends():
    assert typeset(paper(Paragraph("甲\x01\x00\r\n乙"))).pdf == typeset(paper(Paragraph("甲\n乙"))).pdf


MARKUP = [
    "#panic()",
    "*太字*",
    "$x^2$",
    "= 見出し",
    "<label>",
    "@reference",
    "[a]",
    "//x",
    "#read('/etc/passwd')",
    "\\",
    "`a`",
]


@pytest.mark.parametrize("text", MARKUP)
def test_nothing_that_is_written_is_interpreted(text):
    said = words(typeset(paper(Paragraph(text), Facts([(text, text)]), Remarks(text, [text]), title=text)).pdf)
    assert said.count(text.replace(" ", "")) >= 5


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.sampled_from("あ漢字ABC 123#*$_@<>[]()=/\\\"'~-–\n、。\u3000"), max_size=200))
def test_any_writing_makes_a_paper(text):
    assert typeset(paper(Paragraph(text), Grid(text, [Head(text)], [[text]]), Remarks("注", [text]))).pages >= 1


def test_refuses_a_table_with_a_row_too_short():
    with pytest.raises(ValueError, match="row"):
        Grid("表", [Head("甲"), Head("乙")], [["一つだけ"]])


def test_refuses_a_bar_below_zero_and_a_heading_too_deep():
    with pytest.raises(ValueError, match="zero"):
        Bars("図", [Bar("甲", -1, "-1")], "図")
    with pytest.raises(ValueError, match="level"):
        Heading("深い", 4)


def test_a_gap_is_no_bar_of_zero_length():
    (bars,) = as_data(paper(Bars("図", [Bar("甲", None, "値なし"), Bar("乙", 0, "0")], "図")))["parts"]
    assert [bar["length"] for bar in bars["bars"]] == [None, 0]
