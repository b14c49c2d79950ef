"""A PowerPoint file as blocks: slides in order, on each slide the shapes as a person reads them."""

from __future__ import annotations

from lxml import etree

from nimo.community.sheets.formats.loaders.blocks import BlockCollector
from nimo.community.sheets.formats.loaders.drawing.text import body_lines
from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.markup import is_on, relation_id, whole
from nimo.community.sheets.formats.loaders.package import Package
from nimo.community.sheets.formats.loaders.presentation.frames import FrameReader
from nimo.community.sheets.formats.loaders.presentation.inheritance import SlideBackground
from nimo.community.sheets.formats.loaders.presentation.shapes import Shape, ordered_shapes
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.source import SourceDocument

_SMALL_PICTURE = 0.02
"""Share of the slide below which a picture is taken for decoration (a logo, a mascot) and not mentioned."""


def load_presentation(package: Package, file_name: str, limits: Limits) -> SourceDocument:
    """All slides. Notes and comments are no part of the sheet: they are quoted in findings, not read as content."""
    main, _ = package.main_part()
    root = package.xml(main)
    relations = package.relations(main)
    slides = [
        relations[key].target for key in map(relation_id, root.iterfind("{*}sldIdLst/{*}sldId")) if key in relations
    ]
    if len(slides) > limits.pages:
        raise refusal("too_many_pages", file_name, f"上限は{limits.pages}枚です。")
    size = root.find("{*}sldSz")
    area = whole(size.get("cx"), 1) * whole(size.get("cy"), 1) / 12_700**2 if size is not None else 1.0
    collector = BlockCollector(file_name, limits)
    for number, slide in enumerate(slides, start=1):
        _add_slide(package, slide, number, collector, area)
    if not collector.has_text:
        raise refusal("no_text", file_name)
    return SourceDocument(file_name, "pptx", tuple(collector.blocks), None, tuple(collector.findings))


def _add_slide(package: Package, slide: str, number: int, collector: BlockCollector, area: float) -> None:
    root = package.xml(slide)
    place = f"スライド{number}"
    first_line = collector.next_line
    if not is_on(root.get("show"), default=True):
        collector.find(
            "hidden_slide",
            place,
            f"{place}は非表示に設定されています。内容は読み込みました。使わない場合は確認画面で外してください。",
            first_line,
        )
    tree = root.find("{*}cSld/{*}spTree")
    background = SlideBackground(package, slide, root)
    shapes = ordered_shapes(tree, background) if tree is not None else []
    frames = FrameReader(package, slide, number, collector)
    texts = 0
    for shape in shapes:
        if shape.is_hidden:
            _mention_hidden(shape, place, collector)
        elif shape.kind == "text":
            texts += 0 if shape.is_title else 1
            name = f"{place} タイトル" if shape.is_title else f"{place} テキスト{texts}"
            _add_text(shape, background, number, name, collector)
        elif shape.kind == "frame":
            frames.add(shape.element)
    _mention_pictures(shapes, place, area, collector, first_line)
    _quote_notes(package, slide, place, collector, first_line)


def _add_text(shape: Shape, background: SlideBackground, number: int, name: str, collector: BlockCollector) -> None:
    body = shape.element.find("{*}txBody")
    if body is None:
        return
    collector.add_blank(number, name)
    for position, line in enumerate(body_lines(body, background.list_styles(shape.element)), start=1):
        collector.add_line(line, number, f"{name} {position}行目")


def _mention_hidden(shape: Shape, place: str, collector: BlockCollector) -> None:
    text = " ".join((t.text or "") for t in shape.element.iter("{*}t")).strip()
    if text:
        collector.find(
            "hidden_shape",
            place,
            f"{place}に非表示の図形があり、読み込んでいません。内容：「{text}」",
            collector.next_line,
        )


def _mention_pictures(shapes: list[Shape], place: str, area: float, collector: BlockCollector, line: int) -> None:
    pictures = [
        shape
        for shape in shapes
        if shape.kind == "picture" and not shape.in_background and not shape.is_hidden
        if shape.box is None or shape.box.width * shape.box.height >= _SMALL_PICTURE * area
    ]
    if pictures:
        collector.find(
            "picture",
            place,
            f"{place}に画像が{len(pictures)}個あります。画像の中の文字や表は読み取れません。"
            "基本情報などが画像で貼られている場合は、手で入力してください。",
            line,
        )


def _quote_notes(package: Package, slide: str, place: str, collector: BlockCollector, line: int) -> None:
    for part in package.related(slide, "notesSlide"):
        for shape in package.xml(part).iter("{*}sp"):
            kind = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
            body = shape.find("{*}txBody")
            if kind is None or kind.get("type") != "body" or body is None:
                continue
            text = "\n".join(body_lines(body)).strip()
            if text:
                collector.find(
                    "notes",
                    f"{place} ノート",
                    f"{place}の発表者ノートは、シートの内容としては読み込んでいません。ノートの内容：「{text}」",
                    line,
                )
    for part in package.related(slide, "comments"):
        for comment in package.xml(part).iter("{*}cm"):
            text = _comment_text(comment)
            if text:
                collector.find(
                    "comment",
                    f"{place} コメント",
                    f"{place}のコメントは、シートの内容としては読み込んでいません。コメントの内容：「{text}」",
                    line,
                )


def _comment_text(comment: etree._Element) -> str:
    """Classic comments keep their words in p:text, threaded ones in a text body."""
    classic = comment.find("{*}text")
    if classic is not None and classic.text:
        return str(classic.text).strip()
    return "\n".join(line for body in comment.iter("{*}txBody") for line in body_lines(body)).strip()
