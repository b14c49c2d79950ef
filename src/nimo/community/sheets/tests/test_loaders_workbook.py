"""Excel files: sheets, regions, merged cells, shown values, what lies over the cells."""

from __future__ import annotations

import io
from datetime import date

import xlsxwriter
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.source import Line, SourceDocument, Table
from nimo.community.sheets.tests.builders import hostile
from nimo.community.sheets.tests.builders.as_workbook import as_workbook, saved
from nimo.community.sheets.tests.builders.parts import C, Paragraph, grid
from nimo.community.sheets.tests.builders.reading import cell, codes, finding, line, lines, rows, spans, tables, texts

BOX = Border(*(Side(style="thin"),) * 4)


def new_book() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "基本情報"
    return book, sheet


def filled(sheet: Worksheet, values: dict[str, object], ruled: str = "") -> None:
    for address, value in values.items():
        sheet[address] = value
    if ruled:
        for row in sheet[ruled]:
            for found in row:
                found.border = BOX


def read(book: Workbook) -> SourceDocument:
    return load(saved(book), "シート.xlsx")


def shape(document: SourceDocument) -> list[object]:
    """Lines as texts, tables as rows, in order, empty lines left out."""
    found: list[object] = []
    for block in document.blocks:
        if isinstance(block, Table):
            found.append(rows(block))
        elif block.text:
            found.append(block.text)
    return found


def test_reads_every_sheet_in_order_with_its_name() -> None:
    parts = [Paragraph(("人口", "148,205人"))]
    document = load(as_workbook({"みほん市": parts, "さくら町": parts}), "a.xlsx")
    assert [(b.place.page, b.place.label) for b in document.blocks if isinstance(b, Line)] == [
        (1, "シート「みほん市」A1"),
        (1, "シート「みほん市」A2"),
        (2, "シート「さくら町」A1"),
        (2, "シート「さくら町」A2"),
    ]


def test_shows_numbers_percents_and_dates_as_excel_does() -> None:
    book, sheet = new_book()
    values = (
        (222364, "#,##0"), (0.171, "0.0%"), (date(2024, 5, 1), '[$-411]ggge"年"m"月"d"日"'), (date(2024, 5, 1), "yyyy/m/d"),
        (0, '0"か所"'), (386, '0"人"'), (0.30000000000000004, "General"), (True, "General"), ("00123", "@"),
    )  # fmt: skip
    for row, (value, code) in enumerate(values, start=1):
        sheet.cell(row, 1, f"項目{row}").border = BOX
        found = sheet.cell(row, 2, value)
        found.number_format, found.border = code, BOX
    (table,) = tables(read(book))
    assert [row[1] for row in rows(table)] == [
        "222,364", "17.1%", "令和6年5月1日", "2024/5/1", "0か所", "386人", "0.3", "TRUE", "00123",
    ]  # fmt: skip


def test_reads_merged_ranges_once_with_their_spans() -> None:
    table = grid([["課題", C("役割", columns=2)], [C("住まい", rows=2), "行政", "事務局"], ["医療", "相談"]], (3, 2, 4))
    document = load(as_workbook({"表": [table]}), "a.xlsx")
    (found,) = tables(document)
    assert rows(found) == [["課題", "役割", None], ["住まい", "行政", "事務局"], [None, "医療", "相談"]]
    assert spans(found) == {"役割": (1, 2), "住まい": (2, 1)}
    assert cell(document, "相談").place.label == "シート「表」L3"


def test_shrinks_graph_paper_columns_to_those_in_use() -> None:
    book, sheet = new_book()
    filled(sheet, {"A1": "指標", "K1": "目標値", "A2": "開催回数", "K2": "3回"}, "A1:T2")
    for area in ("A1:J1", "K1:T1", "A2:J2", "K2:T2"):
        sheet.merge_cells(area)
    assert shape(read(book)) == [[["指標", "目標値"], ["開催回数", "3回"]]]


def test_cuts_a_sheet_into_prose_and_tables() -> None:
    book, sheet = new_book()
    filled(
        sheet,
        {"A1": "架空県 みほん市", "A3": "2 取組の成果", "A4": "指標", "B4": "実績", "A5": "会議", "B5": "4回",
         "A6": "※令和5年度末", "A8": "3 強みと課題", "A9": "・家族会が続いている"},
        "A4:B5",
    )  # fmt: skip
    assert shape(read(book)) == [
        "架空県 みほん市",
        "2 取組の成果",
        [["指標", "実績"], ["会議", "4回"]],
        "※令和5年度末",
        "3 強みと課題",
        "・家族会が続いている",
    ]


def test_keeps_an_empty_ruled_row_inside_its_table() -> None:
    book, sheet = new_book()
    filled(sheet, {"A1": "指標", "B1": "実績", "A2": "①会議", "B2": "4回", "A4": "③研修", "B4": "1回"}, "A1:B6")
    assert shape(read(book)) == [[["指標", "実績"], ["①会議", "4回"], ["", ""], ["③研修", "1回"]]]


def test_keeps_a_value_column_nobody_has_filled_in() -> None:
    book, sheet = new_book()
    filled(sheet, {"A1": "人口", "A2": "精神科病床数"}, "A1:B2")
    assert shape(read(book)) == [[["人口", ""], ["精神科病床数", ""]]]


def test_keeps_a_subheading_inside_a_table_of_the_same_columns() -> None:
    book, sheet = new_book()
    filled(
        sheet,
        {"A1": "時期", "B1": "内容", "A2": "4月", "B2": "計画", "A3": "＜通年＞", "A4": "毎月", "B4": "会議"},
        "A1:B4",
    )
    sheet.merge_cells("A3:B3")
    (table,) = tables(read(book))
    assert rows(table) == [["時期", "内容"], ["4月", "計画"], ["＜通年＞", None], ["毎月", "会議"]]
    assert spans(table) == {"＜通年＞": (1, 2)}


def test_keeps_a_row_with_blanks_inside_a_table_without_rules() -> None:
    book, sheet = new_book()
    filled(
        sheet, {"A1": "所管", "B1": "連携", "A2": "福祉課", "B2": "保健所", "B3": "病院", "A4": "住宅課", "B4": "社協"}
    )
    assert shape(read(book)) == [[["所管", "連携"], ["福祉課", "保健所"], ["", "病院"], ["住宅課", "社協"]]]


def test_divides_grids_that_touch_at_a_heading_with_other_columns() -> None:
    book, sheet = new_book()
    filled(
        sheet,
        {"A1": "課題", "B1": "方針", "A2": "住まい", "B2": "勉強会", "A3": "今年度の指標",
         "A4": "指標", "C4": "目標", "A5": "会議", "C5": "4回"},
        "A1:C5",
    )  # fmt: skip
    for area in ("B1:C1", "B2:C2", "A3:C3", "A4:B4", "A5:B5"):
        sheet.merge_cells(area)
    assert shape(read(book)) == [
        [["課題", "方針"], ["住まい", "勉強会"]],
        "今年度の指標",
        [["指標", "目標"], ["会議", "4回"]],
    ]


def test_reads_tables_side_by_side_one_after_the_other() -> None:
    book, sheet = new_book()
    filled(
        sheet,
        {"A1": "保健", "B1": "甲", "A2": "医療", "B2": "乙", "E1": "福祉", "F1": "丙", "E2": "住民", "F2": "丁"},
    )
    assert shape(read(book)) == [[["保健", "甲"], ["医療", "乙"]], [["福祉", "丙"], ["住民", "丁"]]]


def test_joins_loose_cells_of_a_single_row_to_a_line() -> None:
    book, sheet = new_book()
    filled(sheet, {"A1": "架空県", "C1": "みほん市", "A3": "本文"})
    assert lines(read(book)) == ["架空県 みほん市", "本文"]


def test_splits_prose_at_line_breaks_in_a_cell() -> None:
    book, sheet = new_book()
    filled(sheet, {"B2": "・一つ目\n・二つ目"})
    document = read(book)
    assert lines(document) == ["・一つ目", "・二つ目"]
    assert line(document, "・二つ目").place.label == "シート「基本情報」B2"


def test_uses_the_stored_result_of_a_formula() -> None:
    cells = '<row r="1"><c r="A1"><f>B1+C1</f><v>386</v></c></row><row r="2"><c r="A2" t="str"><f>"a"</f><v>有</v></c></row>'
    document = load(hostile.bare_workbook(hostile.sheet_xml(cells)), "a.xlsx")
    assert lines(document) == ["386", "有"]
    assert codes(document) == []


def test_marks_a_formula_without_a_stored_result_instead_of_reading_zero() -> None:
    book, sheet = new_book()
    filled(sheet, {"A1": "合計", "B1": "=1+2", "A2": "病院", "B2": 2, "A3": "病床", "B3": "=B2*100"}, "A1:B3")
    document = read(book)
    assert shape(document) == [[["合計", ""], ["病院", "2"], ["病床", ""]]]
    assert "シート「基本情報」のB1、B3の計算式は、計算結果がファイルに保存されていない" in finding(
        document, "formula_without_value"
    )


def test_takes_the_zero_of_a_program_that_does_not_calculate_for_missing() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["合計", "病院"])
    sheet.write_formula(1, 0, "=B2*3")
    sheet.write_number(1, 1, 0)
    sheet.write_formula(2, 0, "=1+1", None, 2)
    sheet.write_string(2, 1, "x")
    book.close()
    document = load(out.getvalue(), "a.xlsx")
    assert shape(document) == [[["合計", "病院"], ["", "0"], ["2", "x"]]]
    assert "A2" in finding(document, "formula_without_value")


def test_reports_formula_errors() -> None:
    cells = '<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    document = load(hostile.bare_workbook(hostile.sheet_xml(cells)), "a.xlsx")
    assert lines(document) == ["#DIV/0!"]
    assert "A1は計算式がエラー" in finding(document, "cell_error")


def test_says_where_a_number_is_not_shown_as_excel_shows_it() -> None:
    book, sheet = new_book()
    filled(sheet, {"A1": 1.5, "A2": 12})
    sheet["A1"].number_format = "# ?/?"
    sheet["A2"].number_format = ";;;"
    document = read(book)
    assert lines(document) == ["1.5", "12"]
    assert "A1、A2は、Excelの表示形式を再現できず" in finding(document, "number_format")


def test_leaves_out_hidden_sheets_and_names_them() -> None:
    document_parts = {"みほん市": [Paragraph(("本文",))], "リスト": [Paragraph(("有", "無"))]}
    content = as_workbook(document_parts)
    xml = hostile.part(content, "xl/workbook.xml").replace(
        b'sheetId="2" state="visible"', b'sheetId="2" state="veryHidden"'
    )
    document = load(hostile.replaced(content, {"xl/workbook.xml": xml}), "a.xlsx")
    assert texts(document) == ["本文"]
    assert "シート「リスト」は非表示のため、読み込んでいません" in finding(document, "hidden_sheet")


def test_reads_hidden_rows_and_columns_and_says_so() -> None:
    book, sheet = new_book()
    filled(sheet, {"A1": "見える", "A2": "隠れた行", "C1": "隠れた列"}, "A1:C2")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    document = read(book)
    assert set(texts(document)) == {"見える", "隠れた行", "隠れた列"}
    assert "C1、A2は非表示の行または列" in finding(document, "hidden_cells")


def test_quotes_comments() -> None:
    book, sheet = new_book()
    filled(sheet, {"A1": "人口"})
    sheet["A1"].comment = Comment("令和6年の値に直す", "担当")
    document = read(book)
    assert texts(document) == ["人口"]
    assert "「令和6年の値に直す」" in finding(document, "comment")


def drawn_book() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("図")
    sheet.write("A1", "上の文")
    sheet.write("A12", "下の文")
    sheet.insert_textbox("B5", "枠の一行目\n枠の二行目")
    sheet.write_row("A20", ["R4年度", 1412])
    sheet.write_row("A21", ["R5年度", 1386])
    chart = book.add_chart({"type": "column"})
    categories = {"name": "図", "categories": "=図!$A$20:$A$21", "values": "=図!$B$20:$B$21"}
    chart.add_series(
        {**categories, "name": "入院者数", "categories_data": ["R4年度", "R5年度"], "values_data": [1412, 1386]}
    )
    chart.set_title({"name": "入院者数の推移"})
    sheet.insert_chart("D25", chart)
    sheet.insert_image("D50", "a.png", {"image_data": io.BytesIO(hostile.picture())})
    sheet.set_header("&C令和6年度 自治体情報シート&R&P/&N")
    book.close()
    return out.getvalue()


def test_reads_text_boxes_and_charts_where_they_lie() -> None:
    document = load(drawn_book(), "a.xlsx")
    assert shape(document) == [
        "令和6年度 自治体情報シート",
        "上の文",
        "枠の一行目",
        "枠の二行目",
        "下の文",
        [["R4年度", "1412"], ["R5年度", "1386"]],
        "入院者数の推移",
        [["", "入院者数"], ["R4年度", "1412"], ["R5年度", "1386"]],
    ]
    assert line(document, "枠の二行目").place.label == "シート「図」 テキストボックス1 2行目"
    assert line(document, "令和6年度 自治体情報シート").place.label == "シート「図」 ヘッダー"
    assert "シート「図」 画像1（D50付近）" in finding(document, "picture")


def test_reads_rich_text_without_its_furigana() -> None:
    shared = hostile.part(hostile.bare_workbook(b""), "xl/sharedStrings.xml").decode()
    item = '<si><r><t>見本</t></r><r><t xml:space="preserve"> 市_x000D_\n</t></r><rPh sb="0" eb="2"><t>ミホン</t></rPh></si>'
    shared = shared[: shared.index("<si>")] + item + "</sst>"
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>直書き</t></is></c></row>'
    document = load(hostile.bare_workbook(hostile.sheet_xml(cells), shared=shared.encode()), "a.xlsx")
    assert lines(document) == ["見本 市", "直書き"]


def test_reads_cells_that_carry_no_address() -> None:
    cells = '<row><c t="inlineStr"><is><t>甲</t></is></c><c><v>1</v></c></row><row><c t="inlineStr"><is><t>乙</t></is></c><c><v>2</v></c></row>'
    document = load(hostile.bare_workbook(hostile.sheet_xml(cells)), "a.xlsx")
    assert shape(document) == [[["甲", "1"], ["乙", "2"]]]


def test_line_numbers_rise_over_all_sheets() -> None:
    parts = [Paragraph(("見出し",)), grid([["a", "b"], ["c", "d"]], (1, 1)), Paragraph(("末尾",))]
    document = load(as_workbook({"一": parts, "二": parts}), "a.xlsx")
    numbers: list[int] = []
    for block in document.blocks:
        numbers += [block.place.line] if isinstance(block, Line) else sorted({c.place.line for c in block.cells})
    assert numbers == list(range(1, len(numbers) + 1))
