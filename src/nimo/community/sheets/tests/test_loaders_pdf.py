"""PDF files: lines in reading order, ruled tables, tables over pages, what is drawn over a page."""

from __future__ import annotations

import base64

import pytest

from nimo.community.sheets.formats.loaders.limits import DEFAULT
from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.loaders.pdf.document import read_pdf
from nimo.community.sheets.formats.source import Line, SourceDocument
from nimo.community.sheets.tests.builders import hostile
from nimo.community.sheets.tests.builders.as_pdf import as_pdf, typeset, words
from nimo.community.sheets.tests.builders.parts import C, Heading, Paragraph, grid
from nimo.community.sheets.tests.builders.reading import (
    cell,
    characters,
    codes,
    finding,
    line,
    lines,
    rows,
    spans,
    tables,
)

PAGE = '#set page(paper: "a4", margin: 2cm)\n#set text(size: 10pt)\n'


def read(content: bytes) -> SourceDocument:
    return read_pdf(content, "シート.pdf", DEFAULT)


def typed(source: str) -> SourceDocument:
    return read(typeset(PAGE + source))


def flat(table_rows: list[list[str | None]]) -> list[list[str | None]]:
    """Rows with the breaks of wrapped lines taken out."""
    return [[text.replace("\n", "") if text else text for text in row] for row in table_rows]


def test_the_process_of_its_own_reads_the_same() -> None:
    content = as_pdf([Heading("架空県 みほん市"), grid([["課題", "方針"], ["住まい", "勉強会"]], (1, 1))])
    document = load(content, "シート.pdf")
    assert document == read(content)
    assert document.kind == "pdf"
    assert rows(tables(document)[0]) == [["課題", "方針"], ["住まい", "勉強会"]]


def test_reads_lines_with_their_places() -> None:
    document = read(as_pdf([Heading("架空県 みほん市"), Paragraph(("・一つ目", "・二つ目"))]))
    assert lines(document) == ["架空県 みほん市", "・一つ目", "・二つ目"]
    assert line(document, "・二つ目").place.label == "1ページ 3行目"
    assert line(document, "・二つ目").place.page == 1


def test_reads_merged_cells_once_with_their_spans() -> None:
    table = grid(
        [
            ["課題", "方針", C("役割", columns=2)],
            [C("住まい", rows=3), C("勉強会", rows=3), "行政", "事務局"],
            ["医療", "相談"],
            ["福祉", "見守り"],
        ],
        (2, 2, 1, 3),
    )
    document = read(as_pdf([table]))
    (found,) = tables(document)
    assert rows(found) == [
        ["課題", "方針", "役割", None],
        ["住まい", "勉強会", "行政", "事務局"],
        [None, None, "医療", "相談"],
        [None, None, "福祉", "見守り"],
    ]
    assert spans(found) == {"役割": (1, 2), "住まい": (3, 1), "勉強会": (3, 1)}
    assert cell(document, "見守り").place.label == "1ページ 表1 4行目"


def test_keeps_empty_cells_in_their_places() -> None:
    document = read(as_pdf([grid([["指標", "実績", "効果"], ["①会議", "", "集まった"], ["②", "", ""]], (1, 1, 1))]))
    assert rows(tables(document)[0]) == [["指標", "実績", "効果"], ["①会議", "", "集まった"], ["②", "", ""]]


def test_puts_no_space_between_japanese_and_figures() -> None:
    document = read(
        as_pdf([Paragraph(("令和6年5月時点の人口は148,205人、R5年度",)), Paragraph(("全体会1回 定例会4回",))])
    )
    assert lines(document) == ["令和6年5月時点の人口は148,205人、R5年度", "全体会1回 定例会4回"]


def test_reads_a_table_over_three_pages_as_one_and_drops_the_repeated_head() -> None:
    body = [[f"{n}番の課題", f"{n}番の方針", f"{n}回"] for n in range(1, 71)]
    content = as_pdf(
        [Heading("3 強みと課題"), grid([["課題", "方針", "回数"], *body], (2, 3, 1)), Paragraph(("後の文",))]
    )
    document = read(content)
    (found,) = tables(document)
    assert rows(found) == [["課題", "方針", "回数"], *body]
    assert cell(document, "1番の課題").place.page == 1
    last = cell(document, "70番の方針")
    assert last.place.page == 3
    assert last.place.label.startswith("3ページ 表1 ")
    assert lines(document) == ["3 強みと課題", "後の文"]
    assert "1ページから3ページに続く表" in finding(document, "table_over_pages")


def test_goes_on_with_a_table_whose_head_is_not_repeated() -> None:
    body = [[f"{n}番の課題", f"{n}番の方針"] for n in range(1, 60)]
    document = read(as_pdf([grid([["課題", "方針"], *body], (2, 3), header_rows=0)]))
    (found,) = tables(document)
    assert rows(found) == [["課題", "方針"], *body]


def test_page_numbers_and_running_titles_do_not_tear_a_table() -> None:
    body = [[f"{n}番の課題", f"{n}番の方針"] for n in range(1, 60)]
    page = 'paper: "a4", flipped: true, numbering: "- 1 -", header: [' + words("架空県") + "]"
    document = read(as_pdf([grid([["課題", "方針"], *body], (2, 3))], page=page))
    (found,) = tables(document)
    assert rows(found) == [["課題", "方針"], *body]
    # Nothing of the furniture is lost; where it stands does not matter.
    assert sorted(lines(document)) == sorted(["架空県", "- 1 -"] + ["架空県", "- 2 -"] + ["架空県", "- 3 -"])


def test_does_not_join_tables_with_a_heading_between_them() -> None:
    table = grid([["課題", "方針"], *([f"{n}", "x"] for n in range(26))], (1, 1))
    document = read(as_pdf([table, Heading("6 連携状況"), table], page='paper: "a4", flipped: true'))
    assert len(tables(document)) == 2
    assert codes(document).count("table_over_pages") <= 1


def test_does_not_join_tables_of_different_columns() -> None:
    source = words("x") + "#pagebreak()"
    first = as_pdf([grid([["課題", "方針"], ["a", "b"]], (1, 1))], extra="")
    assert len(tables(read(first))) == 1
    document = typed(
        "#table(columns: (1fr, 1fr), [a], [b])\n#pagebreak()\n#table(columns: (1fr, 2fr), [c], [d])" + source
    )
    assert [rows(table) for table in tables(document)] == [[["a", "b"]], [["c", "d"]]]


def test_goes_on_with_a_merged_cell_on_the_next_page() -> None:
    members = [f"{n}番目の役割" for n in range(1, 61)]
    table = grid([["課題", "役割"], [C("住まい", rows=60), members[0]], *([m] for m in members[1:])], (1, 2))
    (found,) = tables(read(as_pdf([table])))
    assert rows(found) == [["課題", "役割"], ["住まい", members[0]], *([None, m] for m in members[1:])]
    assert spans(found) == {"住まい": (60, 1)}


def test_joins_a_row_torn_by_the_page_break() -> None:
    long = "退院した後の住まいを探すときに不動産店と病院と市が一つの席で話し合う仕組みを作り" * 40 + "終わり。"
    document = read(as_pdf([grid([["課題", "方針"], ["住まい", long], ["窓口", "一覧を作る。"]], (1, 2))], size="14pt"))
    (found,) = tables(document)
    assert flat(rows(found)) == [["課題", "方針"], ["住まい", long], ["窓口", "一覧を作る。"]]


def test_reads_columns_of_prose_one_after_another() -> None:
    left, right = "左の段の文章です。" * 30, "右の段の文章です。" * 30
    document = typed(words("見出し") + f"\n\n#columns(2, gutter: 2em)[{words(left)}\n#colbreak()\n{words(right)}]")
    assert characters(document) == "見出し" + left + right


def test_reads_a_text_box_apart_from_the_text_around_it() -> None:
    source = f"{words('上の本文')}\n\n#rect(width: 50%)[{words('枠の一行目')} \\ {words('枠の二行目')}]\n\n{words('下の本文')}"
    document = typed(source)
    assert lines(document) == ["上の本文", "枠の一行目", "枠の二行目", "下の本文"]
    assert tables(document) == []


def test_reads_vertical_text_as_one_line() -> None:
    tall = " \\ ".join(words(c) for c in "地域生活支援")
    document = typed(f"{words('見出し')}\n\n#rect[#par(leading: 0.3em)[{tall}]]\n\n{words('本文')}")
    assert lines(document) == ["見出し", "地域生活支援", "本文"]


def test_reads_vertical_and_turned_text_in_cells() -> None:
    tall = " \\ ".join(words(c) for c in "行政")
    document = typed(
        f"#table(columns: (2em, 1fr), [{tall}], [{words('事務局を担う')}],"
        f"[#rotate(-90deg, reflow: true)[{words('連携機関')}]], [{words('会議に出る')}])"
    )
    assert rows(tables(document)[0]) == [["行政", "事務局を担う"], ["連携機関", "会議に出る"]]


def test_does_not_take_the_gridlines_of_a_chart_for_a_table() -> None:
    gridlines = "".join(f"#place(dx: 0pt, dy: {20 * n}pt, line(length: 300pt))" for n in range(9))
    upright = "".join(f"#place(dx: {30 * n}pt, dy: 0pt, line(length: 160pt, angle: 90deg))" for n in range(11))
    label = f"#place(dx: 5pt, dy: 5pt)[{words('入院者数')}]"
    document = typed(
        f"{words('図1')}\n#block(width: 300pt, height: 170pt)[{gridlines}{upright}{label}]\n{words('本文')}"
    )
    assert tables(document) == []
    assert lines(document) == ["図1", "入院者数", "本文"]


def test_reads_a_table_open_at_its_sides() -> None:
    stroke = "(x, y) => (top: 0.5pt, bottom: 0.5pt, left: if x > 0 { 0.5pt }, right: none)"
    cells = ", ".join(f"[{words(t)}]" for t in ("指標", "目標値", "実績値", "会議", "2回", "4回", "研修", "1回", "0回"))
    document = typed(f"#table(columns: (1fr, 1fr, 1fr), stroke: {stroke}, {cells})")
    assert rows(tables(document)[0]) == [["指標", "目標値", "実績値"], ["会議", "2回", "4回"], ["研修", "1回", "0回"]]


def test_reads_a_table_without_rules_and_says_so() -> None:
    table = grid([["指標", "目標値", "実績値"], ["①協議の場の開催", "2回", "4回"], ["②研修", "1回", "0回"]], (3, 1, 1))
    document = read(as_pdf([Heading("4 成果・効果"), table, Paragraph(("※令和5年度末",))], ruled=False))
    assert rows(tables(document)[0]) == [
        ["指標", "目標値", "実績値"],
        ["①協議の場の開催", "2回", "4回"],
        ["②研修", "1回", "0回"],
    ]
    assert lines(document) == ["4 成果・効果", "※令和5年度末"]
    assert "罫線のない表" in finding(document, "table_without_rules")


def test_keeps_wrapped_cells_of_a_table_without_rules_together() -> None:
    long = "市町村の保健と福祉の担当が同じ席で困りごとを話し合う会議を開き、翌年の計画に生かした"
    table = grid([["指標", "実績", "効果"], ["会議", "4回", long], ["研修", "1回", "十分だった"]], (2, 1, 3))
    (found,) = tables(read(as_pdf([table], ruled=False, page='paper: "a5"')))
    assert flat(rows(found)) == [["指標", "実績", "効果"], ["会議", "4回", long], ["研修", "1回", "十分だった"]]


def test_two_columns_of_short_items_are_no_table() -> None:
    items = grid([["・実態の把握", "・事例の共有"], ["・体制づくり", "・目標の設定"]], (1, 1))
    document = read(as_pdf([items], ruled=False))
    assert tables(document) == []
    assert sorted(lines(document)) == sorted(["・実態の把握", "・事例の共有", "・体制づくり", "・目標の設定"])


def test_reads_what_was_typed_into_a_form() -> None:
    value = "FEFF" + "２病院".encode("utf-16-be").hex()
    field = f"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V<{value}>/Rect[200 690 400 710]>>"
    tick = "<</Type/Annot/Subtype/Widget/FT/Btn/T(b)/AS/Yes/Rect[200 650 220 670]>>"
    note = "<</Type/Annot/Subtype/Text/Contents(check)/Rect[10 10 20 20]>>"
    pdf = hostile.bare_pdf(b"BT /F1 12 Tf 72 695 Td (beds) Tj ET").replace(
        b"/Type/Page/", f"/Annots[{field}{tick}{note}]/Type/Page/".encode()
    )
    document = read(pdf)
    assert lines(document) == ["beds", "２病院", "☑"]
    assert "「check」" in finding(document, "comment")


def test_reads_characters_printed_twice_once() -> None:
    twice = b"BT /F1 12 Tf 72 700 Td (bold) Tj ET BT /F1 12 Tf 72.3 700 Td (bold) Tj ET"
    assert lines(read(hostile.bare_pdf(twice))) == ["bold"]


def test_reads_the_middle_dot_that_browsers_write_as_a_hyphenation_point() -> None:
    assert lines(typed(words("成果‧効果"))) == ["成果・効果"]


DRAWN = (
    b"50 50 m 50 250 l S 150 50 m 150 250 l S 250 50 m 250 250 l S "
    b"50 50 m 250 50 l S 50 150 m 250 150 l S 50 250 m 250 250 l S "
    b"BT /F1 12 Tf 1 0 0 1 60 200 Tm (a1) Tj 1 0 0 1 160 200 Tm (b1) Tj 1 0 0 1 60 100 Tm (a2) Tj "
    b"1 0 0 1 160 100 Tm (b2) Tj 1 0 0 1 60 300 Tm (head) Tj ET"
)


@pytest.mark.parametrize(
    ("before", "page", "expected"),
    (
        (b"0 1 -1 0 595 0 cm ", b"/Rotate 90/Type/Page/P", ["head"]),
        (b"1 0 0 1 100 200 cm ", b"/MediaBox[100 200 695 1042]/Type/Page/P", ["head"]),
        (b"", b"/CropBox[0 0 595 280]/Type/Page/P", []),
    ),
    ids=("a turned page", "a page that begins elsewhere", "a page with a part cut off"),
)
def test_reads_what_a_reader_sees_of_the_page(before: bytes, page: bytes, expected: list[str]) -> None:
    pdf = hostile.bare_pdf(before + DRAWN).replace(b"/Type/Page/P", page)
    if b"MediaBox[100" in page:
        pdf = pdf.replace(b"/MediaBox[0 0 595 842]", b"")
    document = read(pdf)
    assert lines(document) == expected
    assert rows(tables(document)[0]) == [["a1", "b1"], ["a2", "b2"]]


def test_names_pages_with_pictures_and_pages_that_are_pictures() -> None:
    png = ", ".join(str(byte) for byte in hostile.picture())
    image = f"#image(bytes(({png})), width: 60%)"
    document = typed(f"{words('本文')}\n{image}\n#pagebreak()\n{image}")
    assert codes(document) == ["picture", "page_without_text"]
    assert "2ページには文字の情報がなく" in finding(document, "page_without_text")


def test_warns_of_text_laid_over_a_scan() -> None:
    png = base64.b64encode(hostile.picture(400, 560))
    data = ", ".join(str(byte) for byte in base64.b64decode(png))
    source = f"#set page(margin: 0pt, background: image(bytes(({data})), width: 100%, height: 100%))\n{words('認識した文字')}"
    document = read(typeset(source))
    assert lines(document) == ["認識した文字"]
    assert codes(document) == ["recognised_text"]


def test_line_numbers_rise_even_over_joined_pages() -> None:
    body = [[f"{n}", "x"] for n in range(60)]
    page = 'paper: "a4", flipped: true, numbering: "1"'
    document = read(as_pdf([Heading("表"), grid([["課題", "方針"], *body], (1, 1)), Paragraph(("後",))], page=page))
    numbers: list[int] = []
    for block in document.blocks:
        numbers += [block.place.line] if isinstance(block, Line) else sorted({c.place.line for c in block.cells})
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("ruled", (True, False))
def test_no_character_is_lost(ruled: bool) -> None:
    table = grid([["課題", "方針", "回数"], *([f"{n}番の課題", "会議を開く", f"{n}回"] for n in range(50))], (2, 3, 1))
    parts = [Heading("3 強みと課題①"), Paragraph(("・総合病院に外来がある。（令和6年）",)), table]
    said = "".join(f"{n}番の課題会議を開く{n}回" for n in range(50))
    heads = "課題方針回数"
    found = characters(read(as_pdf(parts, ruled=ruled)))
    assert sorted(found.replace(heads, "")) == sorted("3強みと課題①・総合病院に外来がある。（令和6年）" + said)
