"""One door for every file: size, kind by content, then the loader of that kind."""

from __future__ import annotations

from nimo.community.sheets.formats.loaders.decode import decode
from nimo.community.sheets.formats.loaders.kinds import detect
from nimo.community.sheets.formats.loaders.limits import DEFAULT, MEBIBYTE, Limits
from nimo.community.sheets.formats.loaders.pdf.child import load_pdf
from nimo.community.sheets.formats.loaders.presentation.deck import load_presentation
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.loaders.text import blocks_from_text
from nimo.community.sheets.formats.loaders.workbook.book import load_workbook
from nimo.community.sheets.formats.source import SourceDocument

_BYTES_A_CHARACTER = 4


def check_size(size: int, file_name: str, *, limits: Limits = DEFAULT) -> None:
    """Refuse a file by its size in bytes, before its content is read. Raises UnableToRead: empty_file, too_large."""
    if size == 0:
        raise refusal("empty_file", file_name)
    if size > limits.file_bytes:
        raise refusal(
            "too_large",
            file_name,
            f"大きさは{size / MEBIBYTE:,.1f}MB、上限は{limits.file_bytes / MEBIBYTE:,.0f}MBです。",
        )


def load(content: bytes, file_name: str, *, limits: Limits = DEFAULT) -> SourceDocument:
    """Every passage of a file with its place, in reading order; nothing is interpreted.

    The file's kind is judged by its content. Never touches the network or the disk; memory and time are bounded by
    `limits`. Raises UnableToRead with a code of `refusals` and a sentence for the user.
    """
    check_size(len(content), file_name, limits=limits)
    detected = detect(content, file_name, limits)
    if detected.kind == "pdf":
        document = load_pdf(content, file_name, limits)
    elif detected.package is not None and detected.kind == "pptx":
        document = load_presentation(detected.package, file_name, limits)
    elif detected.package is not None:
        document = load_workbook(detected.package, file_name, limits)
    else:
        document = _load_text(content, file_name, limits)
    return SourceDocument(
        file_name=document.file_name,
        kind=document.kind,
        blocks=document.blocks,
        encoding=document.encoding,
        findings=(*detected.findings, *document.findings),
        attached=document.attached,
    )


def _load_text(content: bytes, file_name: str, limits: Limits) -> SourceDocument:
    if len(content) > _BYTES_A_CHARACTER * limits.characters:
        raise refusal("too_much_text", file_name, f"上限は{limits.characters:,}文字です。")
    decoded = decode(content, file_name)
    if len(decoded.text) > limits.characters:
        raise refusal("too_much_text", file_name, f"上限は{limits.characters:,}文字です。")
    return SourceDocument(file_name, "text", tuple(blocks_from_text(decoded.text)), decoded.encoding, decoded.findings)
