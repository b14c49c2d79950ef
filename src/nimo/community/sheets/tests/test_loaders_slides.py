"""PowerPoint files: order, tables, bullets, what lies hidden, what cannot be read."""

from __future__ import annotations

import io

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu

from nimo.community.sheets.formats.loaders.load import load
from nimo.community.sheets.formats.source import Line, SourceDocument
from nimo.community.sheets.tests.builders import hostile
from nimo.community.sheets.tests.builders.as_slides import add_grid, add_text, as_slides, new_deck, new_slide, saved
from nimo.community.sheets.tests.builders.as_workbook import as_workbook
from nimo.community.sheets.tests.builders.parts import C, Paragraph, grid
from nimo.community.sheets.tests.builders.reading import cell, codes, finding, line, lines, rows, spans, tables, texts

CM = 360_000


def read(deck: object) -> SourceDocument:
    return load(saved(deck), "シート.pptx")  # type: ignore[arg-type]


def box(slide: object, text: str, left: float, top: float, width: float = 8) -> None:
    add_text(slide, text.split("\n"), int(top * CM), int(left * CM), int(width * CM))  # type: ignore[arg-type]


def edited(content: bytes, old: str, new: str, part: str = "ppt/slides/slide1.xml") -> SourceDocument:
    xml = hostile.part(content, part).decode()
    assert old in xml
    return load(hostile.replaced(content, {part: xml.replace(old, new).encode()}), "シート.pptx")


def test_reads_slides_in_the_order_of_the_deck() -> None:
    deck = new_deck()
    for text in ("一枚目", "二枚目", "三枚目"):
        box(new_slide(deck), text, 1, 1)
    ids = deck.slides._sldIdLst
    ids.insert(0, ids[2])
    document = read(deck)
    assert lines(document) == ["三枚目", "一枚目", "二枚目"]
    assert [line(document, text).place.page for text in ("三枚目", "一枚目", "二枚目")] == [1, 2, 3]
    assert line(document, "三枚目").place.label == "スライド1 テキスト1 1行目"


def test_reads_boxes_from_above_whatever_order_they_were_drawn_in() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    box(slide, "下", 1, 12, 20)
    box(slide, "中", 1, 6, 20)
    box(slide, "見出し", 1, 1, 20)
    assert lines(read(deck)) == ["見出し", "中", "下"]


def test_reads_columns_one_after_another_under_their_heading() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    box(slide, "右の上", 14, 4)
    box(slide, "左の下", 1, 5)
    box(slide, "左の上", 1, 4)
    box(slide, "右の下", 14, 5.2)
    box(slide, "見出し", 1, 1, 22)
    box(slide, "脚注", 1, 15, 22)
    assert lines(read(deck)) == ["見出し", "左の上", "左の下", "右の上", "右の下", "脚注"]


def test_reads_labels_with_the_text_beside_them() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    for number in range(3):
        box(slide, f"本文{number}", 4.2, 2 + 4 * number, 15)
        box(slide, f"項目{number}", 1, 2 + 4 * number, 3)
    assert lines(read(deck)) == ["項目0", "本文0", "項目1", "本文1", "項目2", "本文2"]


def test_reads_groups_at_the_place_they_are_shown() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    box(slide, "後", 1, 12)
    group = slide.shapes.add_group_shape()
    inner = group.shapes.add_textbox(Emu(CM), Emu(CM), Emu(3 * CM), Emu(CM))
    inner.text_frame.text = "中"
    nested = group.shapes.add_group_shape()
    nested.shapes.add_textbox(Emu(CM), Emu(2 * CM), Emu(3 * CM), Emu(CM)).text_frame.text = "奥"
    group.left, group.top = Emu(CM), Emu(8 * CM)
    box(slide, "前", 1, 5)
    assert lines(read(deck)) == ["前", "中", "奥", "後"]


def test_takes_a_placeholders_place_from_its_layout() -> None:
    deck = new_deck()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.placeholders[1].text = "本文の一行目\n本文の二行目"
    slide.shapes.title.text = "題名"
    document = read(deck)
    assert lines(document) == ["題名", "•本文の一行目", "•本文の二行目"]
    assert line(document, "題名").place.label == "スライド1 タイトル 1行目"


def test_keeps_soft_line_breaks() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    box(slide, "構築に向けた\v今年度の取組", 1, 1)
    add_grid(slide, grid([["目標値\n（令和３年度末）", "a"]], (1, 1)), 5 * CM)
    document = read(deck)
    assert lines(document) == ["構築に向けた", "今年度の取組"]
    assert [line(document, text).place.label for text in lines(document)] == [
        "スライド1 テキスト1 1行目",
        "スライド1 テキスト1 2行目",
    ]
    assert cell(document, "目標値\n（令和３年度末）").row == 0


def test_reads_merged_cells_once_with_their_spans() -> None:
    table = grid(
        [
            ["課題", "方針", C("役割", columns=2)],
            [C("住まい", rows=3), C("勉強会", rows=3), "行政", "事務局"],
            ["医療", "相談"],
            ["福祉", "見守り"],
        ],
        (1, 1, 1, 1),
    )
    document = load(as_slides([table]), "シート.pptx")
    (found,) = tables(document)
    assert rows(found) == [
        ["課題", "方針", "役割", None],
        ["住まい", "勉強会", "行政", "事務局"],
        [None, None, "医療", "相談"],
        [None, None, "福祉", "見守り"],
    ]
    assert spans(found) == {"役割": (1, 2), "住まい": (3, 1), "勉強会": (3, 1)}
    assert cell(document, "見守り").place.label == "スライド1 表1 4行目"
    assert found.place.label == "スライド1 表1"


def test_numbers_tables_and_boxes_within_each_slide() -> None:
    deck = new_deck()
    for name in ("甲", "乙"):
        slide = new_slide(deck)
        box(slide, f"{name}の前書き", 1, 1)
        add_grid(slide, grid([[f"{name}一", "x"]], (1, 1)), 4 * CM)
        add_grid(slide, grid([[f"{name}二", "x"]], (1, 1)), 8 * CM)
    document = read(deck)
    assert [table.place.label for table in tables(document)] == [
        "スライド1 表1",
        "スライド1 表2",
        "スライド2 表1",
        "スライド2 表2",
    ]


def test_line_numbers_rise_through_the_whole_document() -> None:
    deck = new_deck()
    for _ in range(3):
        slide = new_slide(deck)
        box(slide, "一\n二", 1, 1)
        add_grid(slide, grid([["a", "b"], ["c", "d"]], (1, 1)), 5 * CM)
    numbers: list[int] = []
    for block in read(deck).blocks:
        numbers += [block.place.line] if isinstance(block, Line) else sorted({c.place.line for c in block.cells})
    assert numbers == list(range(1, len(numbers) + 1))


def test_shows_bullets_and_numbers_as_they_stand_on_the_slide() -> None:
    deck = new_deck()
    box(new_slide(deck), "一\n二\n三\n四\n五", 1, 1)
    xml = hostile.part(saved(deck), "ppt/slides/slide1.xml").decode()
    marks = (
        '<a:pPr><a:buFont typeface="Wingdings"/><a:buChar char="l"/></a:pPr>',
        '<a:pPr><a:buAutoNum type="circleNumDbPlain"/></a:pPr>',
        '<a:pPr><a:buAutoNum type="circleNumDbPlain"/></a:pPr>',
        '<a:pPr><a:buAutoNum type="arabicPeriod" startAt="3"/></a:pPr>',
        '<a:pPr><a:buChar char="・"/></a:pPr>',
    )
    for mark, text in zip(marks, "一二三四五", strict=True):
        at = xml.rindex("<a:p>", 0, xml.index(f"<a:t>{text}"))
        xml = xml[: at + 5] + mark + xml[at + 5 :]
    document = load(hostile.replaced(saved(deck), {"ppt/slides/slide1.xml": xml.encode()}), "a.pptx")
    assert lines(document) == ["●一", "①二", "②三", "3. 四", "・五"]


def test_reads_a_shape_with_alternatives_once() -> None:
    deck = new_deck()
    box(new_slide(deck), "新しい図形", 1, 1)
    content = saved(deck)
    xml = hostile.part(content, "ppt/slides/slide1.xml").decode()
    start, end = xml.index("<p:sp>"), xml.index("</p:sp>") + len("</p:sp>")
    shape = xml[start:end]
    namespace = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    old = shape.replace("新しい図形", "古い図形")
    both = (
        f'<mc:AlternateContent {namespace}><mc:Choice Requires="x">{shape}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    )
    document = load(
        hostile.replaced(content, {"ppt/slides/slide1.xml": (xml[:start] + both + xml[end:]).encode()}), "a.pptx"
    )
    assert lines(document) == ["新しい図形"]


def test_reads_what_stands_on_the_layout() -> None:
    deck = new_deck()
    box(new_slide(deck), "本文", 1, 8)
    content = saved(deck)
    layout = hostile.part(content, "ppt/slideLayouts/slideLayout7.xml").decode()
    shape = (
        '<p:sp><p:nvSpPr><p:cNvPr id="90" name="x"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="900000" cy="300000"/></a:xfrm></p:spPr>'
        "<p:txBody><a:bodyPr/><a:p><a:r><a:t>自治体情報シート</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    changed = {"ppt/slideLayouts/slideLayout7.xml": layout.replace("</p:spTree>", shape + "</p:spTree>").encode()}
    assert lines(load(hostile.replaced(content, changed), "a.pptx")) == ["自治体情報シート", "本文"]


def test_keeps_hidden_slides_and_says_so() -> None:
    deck = new_deck()
    box(new_slide(deck), "見える", 1, 1)
    slide = new_slide(deck)
    box(slide, "隠れている", 1, 1)
    slide._element.set("show", "0")
    document = read(deck)
    assert lines(document) == ["見える", "隠れている"]
    assert "スライド2は非表示" in finding(document, "hidden_slide")


def test_leaves_out_hidden_shapes_and_quotes_them() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    box(slide, "見える", 1, 1)
    box(slide, "下書き", 1, 5)
    slide.shapes[1]._element.nvSpPr.cNvPr.set("hidden", "1")
    document = read(deck)
    assert lines(document) == ["見える"]
    assert "「下書き」" in finding(document, "hidden_shape")


def test_quotes_notes_without_reading_them_as_content() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    box(slide, "本文", 1, 1)
    slide.notes_slide.notes_text_frame.text = "ここで住まいの例を話す\n時間は5分"
    document = read(deck)
    assert texts(document) == ["本文"]
    assert "「ここで住まいの例を話す\n時間は5分」" in finding(document, "notes")


def test_names_the_slides_with_pictures_but_not_small_logos() -> None:
    deck = new_deck()
    box(new_slide(deck), "文字だけ", 1, 1)
    slide = new_slide(deck)
    box(slide, "基本情報", 1, 1)
    for top in (3, 10):
        slide.shapes.add_picture(io.BytesIO(hostile.picture()), Emu(CM), Emu(top * CM), Emu(15 * CM), Emu(6 * CM))
    small = new_slide(deck)
    box(small, "印だけ", 1, 1)
    small.shapes.add_picture(io.BytesIO(hostile.picture()), Emu(CM), Emu(CM), Emu(CM), Emu(CM))
    document = read(deck)
    assert codes(document) == ["picture"]
    assert "スライド2に画像が2個あります" in finding(document, "picture")
    assert document.findings[0].line == line(document, "基本情報").place.line


def test_reads_the_figures_of_a_chart() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    data = CategoryChartData(number_format="#,##0")
    data.categories = ["R4年度", "R5年度"]
    data.add_series("入院者数", (1412, 1386))
    data.add_series("退院者数", (97, None))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Emu(CM), Emu(CM), Emu(9 * CM), Emu(9 * CM), data)
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "入院者数の推移"
    document = read(deck)
    assert lines(document) == ["入院者数の推移"]
    (found,) = tables(document)
    assert rows(found) == [["", "入院者数", "退院者数"], ["R4年度", "1,412", "97"], ["R5年度", "1,386", ""]]
    assert found.place.label == "スライド1 グラフ1"


EMBED = "ppt/embeddings/oleObject1.bin"


def deck_with_embedded(workbook: bytes, program: str = "Excel.Sheet.12") -> bytes:
    deck = new_deck()
    slide = new_slide(deck)
    box(slide, "圏域の基礎情報", 1, 1)
    slide.shapes.add_ole_object(io.BytesIO(workbook), program, Emu(CM), Emu(4 * CM), Emu(9 * CM), Emu(5 * CM))
    content = saved(deck)
    if EMBED in (names := hostile.names(content)):
        # python-pptx files an unknown object as a bare stream; PowerPoint stores workbooks as packages.
        rels = hostile.part(content, "ppt/slides/_rels/slide1.xml.rels").replace(b"oleObject1.bin", b"sheet1.xlsx")
        types = hostile.part(content, "[Content_Types].xml").replace(
            b"<Default", b'<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.'
            b'spreadsheetml.sheet"/><Default', 1,
        )  # fmt: skip
        return hostile.replaced(
            content,
            {
                EMBED: None,
                "ppt/embeddings/sheet1.xlsx": workbook,
                "ppt/slides/_rels/slide1.xml.rels": rels,
                "[Content_Types].xml": types,
            },
        )
    assert any(name.endswith(".xlsx") for name in names)
    return content


def test_reads_a_workbook_embedded_in_a_slide() -> None:
    table = grid([["人口", C("148,205人", number=148205, number_format='#,##0"人"')], ["病院", "2病院"]], (1, 1))
    document = load(deck_with_embedded(as_workbook({"基本": [table], "控え": [Paragraph(("古い値",))]})), "a.pptx")
    (found,) = tables(document)
    assert rows(found) == [["人口", "148,205人"], ["病院", "2病院"]]
    assert cell(document, "148,205人").place.label.startswith("スライド1 埋め込み1 シート「基本」")
    assert "古い値" not in texts(document)
    assert "見比べて" in finding(document, "embedded_workbook")


def test_names_an_embedded_object_it_cannot_read() -> None:
    document = load(deck_with_embedded(hostile.old_excel_file()), "a.pptx")
    assert lines(document) == ["圏域の基礎情報"]
    assert codes(document) == ["embedded_object"]


def test_reads_smart_art_in_the_order_of_its_outline() -> None:
    deck = new_deck()
    box(new_slide(deck), "連携の図", 1, 1)
    content = saved(deck)
    main = "http://schemas.openxmlformats.org/drawingml/2006/main"
    diagram = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def point(number: int, text: str, kind: str = "node") -> str:
        body = f"<dgm:t><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t>" if text else ""
        return f'<dgm:pt modelId="{number}" type="{kind}">{body}</dgm:pt>'

    def below(parent: int, child: int, order: int) -> str:
        return f'<dgm:cxn modelId="{parent}{child}" srcId="{parent}" destId="{child}" srcOrd="{order}" destOrd="0"/>'

    points = point(1, "", "doc") + point(4, "医療") + point(2, "保健所") + point(3, "保健師") + point(9, "枠", "pres")
    links = below(1, 2, 0) + below(1, 4, 1) + below(2, 3, 0)
    data = (
        f'<dgm:dataModel xmlns:dgm="{diagram}" xmlns:a="{main}"><dgm:ptLst>{points}</dgm:ptLst>'
        f"<dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
    )
    frame = (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="7" name="d"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>'
        '<p:xfrm><a:off x="0" y="3000000"/><a:ext cx="900000" cy="900000"/></p:xfrm><a:graphic>'
        f'<a:graphicData uri="{diagram}"><dgm:relIds xmlns:dgm="{diagram}" xmlns:r="{relations}" r:dm="rId77"/>'
        "</a:graphicData></a:graphic></p:graphicFrame></p:spTree>"
    )
    slide = hostile.part(content, "ppt/slides/slide1.xml").decode().replace("</p:spTree>", frame)
    rels = hostile.part(content, "ppt/slides/_rels/slide1.xml.rels").decode()
    link = f'<Relationship Id="rId77" Type="{relations}/diagramData" Target="../diagrams/data1.xml"/></Relationships>'
    changed = {
        "ppt/slides/slide1.xml": slide.encode(),
        "ppt/slides/_rels/slide1.xml.rels": rels.replace("</Relationships>", link).encode(),
        "ppt/diagrams/data1.xml": data.encode(),
    }
    document = load(hostile.replaced(content, changed), "a.pptx")
    assert lines(document) == ["連携の図", "保健所", "保健師", "医療"]
    assert line(document, "保健師").place.label == "スライド1 図1 2行目"


def test_reads_formulas_and_fields_inside_a_line() -> None:
    deck = new_deck()
    box(new_slide(deck), "前後", 1, 1)
    field = '<a:t>前</a:t></a:r><a:fld id="{1}" type="slidenum"><a:t>7</a:t></a:fld><a:r><a:t>後</a:t>'
    assert lines(edited(saved(deck), "<a:t>前後</a:t>", field)) == ["前7後"]


def test_reads_the_strict_dialect_too() -> None:
    deck = new_deck()
    slide = new_slide(deck)
    box(slide, "厳格な形式", 1, 1)
    add_grid(slide, grid([["課題", "方針"]], (1, 1)), 4 * CM)
    content = saved(deck)
    pairs = (
        (b"http://schemas.openxmlformats.org/drawingml/2006/main", b"http://purl.oclc.org/ooxml/drawingml/main"),
        (
            b"http://schemas.openxmlformats.org/presentationml/2006/main",
            b"http://purl.oclc.org/ooxml/presentationml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    changed: dict[str, bytes | None] = {}
    for name in hostile.names(content):
        data = hostile.part(content, name)
        for old, new in pairs:
            data = data.replace(old, new)
        changed[name] = data
    document = load(hostile.replaced(content, changed), "a.pptx")
    assert texts(document) == ["厳格な形式", "課題", "方針"]
