"""The words of a paper that is handed in, so that names in it can be pointed out; and papers put together as one PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2
from docx import Document

_MOST_PAGES = 60
_MOST_CHARACTERS = 200_000


def words_of(content: bytes) -> str | None:
    """The text of a PDF, Word or text file; None when it cannot be read (pictures, other kinds)."""
    if content.startswith(b"%PDF"):
        return _of_pdf(content)
    if content.startswith(b"PK"):
        return _of_word(content)
    try:
        return content.decode("utf-8")[:_MOST_CHARACTERS]
    except UnicodeDecodeError:
        return None


def _of_pdf(content: bytes) -> str | None:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
    try:
        pages = [
            document[number].get_textpage().get_text_bounded() for number in range(min(len(document), _MOST_PAGES))
        ]
    finally:
        document.close()
    text = "\n".join(pages)[:_MOST_CHARACTERS]
    return text if text.strip() else None


def _of_word(content: bytes) -> str | None:
    try:
        document = Document(io.BytesIO(content))
    except (KeyError, ValueError, OSError):  # a package of another kind (Excel, PowerPoint), or a broken one
        return None
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines)[:_MOST_CHARACTERS]


def pack(parts: Sequence[bytes]) -> bytes:
    """PDFs one behind the other. Names, dates and other properties of the single files stay behind.

    Raises ValueError naming the number (from 0) of a part that is no readable PDF.
    """
    if len(parts) == 1:
        return parts[0]
    whole = pypdfium2.PdfDocument.new()
    for number, part in enumerate(parts):
        try:
            source = pypdfium2.PdfDocument(part)
        except pypdfium2.PdfiumError as error:
            raise ValueError(str(number)) from error
        whole.import_pages(source)
        source.close()
    target = io.BytesIO()
    whole.save(target)
    whole.close()
    return target.getvalue()
