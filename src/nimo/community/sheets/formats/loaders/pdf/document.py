"""A PDF file as blocks. Runs in a process of its own (see `child`): a PDF is a program, and may not end."""

from __future__ import annotations

import io

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect

from nimo.community.sheets.formats.loaders.blocks import BlockCollector, GridCell
from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.pdf.page_items import UNKNOWN, PageContent, page_content
from nimo.community.sheets.formats.loaders.pdf.ruled import PageTable
from nimo.community.sheets.formats.loaders.pdf.stitching import PageLine, stitch
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.source import SourceDocument, UnableToRead

ATTACHMENT = "nimo-sheet.json"
_MOST_ATTACHMENTS = 20
_WHOLE_PAGE = 0.8
_PICTURE = 0.02
_MOSTLY_UNMAPPED = 0.2


def read_pdf(content: bytes, file_name: str, limits: Limits) -> SourceDocument:
    """Raises UnableToRead: damaged, password, too_many_pages, too_complex, no_text, no_unicode, too_many_cells."""
    attached = _open_with_pdfium(content, file_name, limits)
    collector = BlockCollector(file_name, limits)
    try:
        with pdfplumber.open(io.BytesIO(content), unicode_norm=None) as document:
            contents = []
            for page in document.pages:
                contents.append(page_content(page, file_name, limits))
                page.close()
    except UnableToRead:
        raise
    except PDFPasswordIncorrect as error:
        raise refusal("password", file_name) from error
    except Exception as error:
        # pdfminer raises whatever its parser stumbles over; for the user all of it is a damaged file.
        raise refusal("took_too_long" if _is_out_of_memory(error) else "damaged", file_name) from error
    _refuse_without_text(contents, file_name)
    _write(contents, collector)
    return SourceDocument(file_name, "pdf", tuple(collector.blocks), None, tuple(collector.findings), attached)


def _open_with_pdfium(content: bytes, file_name: str, limits: Limits) -> str | None:
    """PDFium tells a password from damage reliably, and counts pages before anything is laid out.

    Returns the data the file carries of itself, where it does.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        code = "password" if "password" in str(error).lower() else "damaged"
        raise refusal(code, file_name) from error
    try:
        pages = len(document)
        attached = _attached(document, limits)
    finally:
        document.close()
    if pages == 0:
        raise refusal("damaged", file_name)
    if pages > limits.pages:
        raise refusal("too_many_pages", file_name, f"上限は{limits.pages}ページです。")
    return attached


def _attached(document: pypdfium2.PdfDocument, limits: Limits) -> str | None:
    """The text of the attachment by our own name; anything else a file carries is none of our business."""
    for index in range(min(document.count_attachments(), _MOST_ATTACHMENTS)):
        attachment = document.get_attachment(index)
        if attachment.get_name() != ATTACHMENT:
            continue
        try:
            data = bytes(attachment.get_data())
        except pypdfium2.PdfiumError:
            return None
        return data.decode("utf-8", errors="replace") if len(data) <= 4 * limits.characters else None
    return None


def _is_out_of_memory(error: BaseException) -> bool:
    """pdfplumber wraps what goes wrong on a page, lack of memory too, into an exception of its own."""
    return isinstance(error, MemoryError) or any(isinstance(argument, MemoryError) for argument in error.args)


def _refuse_without_text(contents: list[PageContent], file_name: str) -> None:
    characters = sum(content.characters for content in contents)
    if characters == 0:
        raise refusal("no_text", file_name)
    if sum(content.unmapped for content in contents) > _MOSTLY_UNMAPPED * characters:
        raise refusal("no_unicode", file_name)


def _write(contents: list[PageContent], collector: BlockCollector) -> None:
    items, joined = stitch([content.items for content in contents])
    tables: dict[int, int] = {}
    first_lines: dict[int, int] = {}
    for item in items:
        if isinstance(item, PageLine):
            first_lines.setdefault(item.page, collector.next_line)
            collector.add_line(item.text, item.page, f"{item.page}ページ {item.number}行目")
            continue
        page = min(cell.page for cell in item.cells)
        tables[page] = tables.get(page, 0) + 1
        label = f"{page}ページ 表{tables[page]}"
        line = collector.next_line
        for number in {cell.page for cell in item.cells}:
            first_lines.setdefault(number, line)
        collector.add_table(_cells(item, label, tables), page, label)
        if any(table is item for table in joined):
            pages = sorted({cell.page for cell in item.cells})
            collector.find(
                "table_over_pages",
                label,
                f"{pages[0]}ページから{pages[-1]}ページに続く表を、1つの表として読み込みました。"
                "ページの変わり目の行を確かめてください。",
                line,
            )
    for page, content in enumerate(contents, start=1):
        _doubts(page, content, first_lines.get(page, collector.next_line), collector)


def _cells(table: PageTable, label: str, tables: dict[int, int]) -> list[GridCell]:
    first = min(cell.page for cell in table.cells)
    names = {first: label}
    for page in sorted({cell.page for cell in table.cells} - {first}):
        tables[page] = tables.get(page, 0) + 1
        names[page] = f"{page}ページ 表{tables[page]}"
    return [
        GridCell(
            cell.text,
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
            f"{names[cell.page]} {cell.page_row + 1}行目",
            cell.page,
        )
        for cell in table.cells
    ]


def _doubts(page: int, content: PageContent, line: int, collector: BlockCollector) -> None:
    place = f"{page}ページ"
    if content.characters == 0:
        if content.image_share > 0:
            message = f"{place}には文字の情報がなく、画像だけがあります。必要な内容は手で入力してください。"
            collector.find("page_without_text", place, message, line)
        return
    if content.image_share >= _WHOLE_PAGE:
        collector.find(
            "recognised_text",
            place,
            f"{place}は紙を読み取った画像に文字認識の結果を重ねたもののようです。"
            "読み間違いがないか、数値を1つずつ確かめてください。",
            line,
        )
    elif content.image_share >= _PICTURE:
        collector.find(
            "picture",
            place,
            f"{place}に画像があります。画像の中の文字や表は読み取れません。"
            "基本情報などが画像で貼られている場合は、手で入力してください。",
            line,
        )
    if content.unmapped:
        collector.find(
            "unmapped_characters",
            place,
            f"{place}に文字コードのない文字が{content.unmapped}字あり、「{UNKNOWN}」と表示しています。正しい文字に直してください。",
            line,
        )
    if content.has_aligned_tables:
        collector.find(
            "table_without_rules",
            place,
            f"{place}の罫線のない表を、文字の位置から読み取りました。列と行が正しいか確かめてください。",
            line,
        )
    if content.rules_ignored:
        collector.find(
            "too_many_rules",
            place,
            f"{place}は線が多すぎるため、表の枠を使わずに文字だけを読み込みました。内容を確かめてください。",
            line,
        )
    for note in content.notes:
        collector.find(
            "comment",
            f"{place} 注釈",
            f"{place}の注釈は、シートの内容としては読み込んでいません。注釈の内容：「{note}」",
            line,
        )
