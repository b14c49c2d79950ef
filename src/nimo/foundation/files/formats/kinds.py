"""What a file is, told from its bytes. The name and the browser's word are hints for people, never believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

HEAD_BYTES = 8192
TAIL_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of content: its media type, how people call it, and the endings a name of it may have."""

    content_type: str
    label: str
    endings: tuple[str, ...]

    def fits(self, name: str) -> bool:
        """Whether a file name ends as this content should."""
        return name.lower().endswith(self.endings) if self.endings else True


PDF = FileKind("application/pdf", "PDF", (".pdf",))
PPTX = FileKind(
    "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint", (".pptx", ".pptm")
)
XLSX = FileKind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", (".xlsx", ".xlsm"))
DOCX = FileKind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word", (".docx", ".docm"))
OLD_OFFICE = FileKind(
    "application/x-ole-storage",
    "以前の形式または暗号化された Office ファイル",
    (".xls", ".ppt", ".doc", ".xlsx", ".pptx", ".docx"),
)
ODS = FileKind("application/vnd.oasis.opendocument.spreadsheet", "OpenDocument 表計算", (".ods",))
ODP = FileKind("application/vnd.oasis.opendocument.presentation", "OpenDocument プレゼンテーション", (".odp",))
ODT = FileKind("application/vnd.oasis.opendocument.text", "OpenDocument 文書", (".odt",))
ZIP = FileKind("application/zip", "ZIP", (".zip",))
GZIP = FileKind("application/gzip", "GZIP", (".gz", ".tgz"))
PNG = FileKind("image/png", "PNG 画像", (".png",))
JPEG = FileKind("image/jpeg", "JPEG 画像", (".jpg", ".jpeg"))
GIF = FileKind("image/gif", "GIF 画像", (".gif",))
HTML = FileKind("text/html", "HTML", (".html", ".htm", ".xhtml"))
JSON = FileKind("application/json", "JSON", (".json", ".geojson", ".topojson"))
TEXT = FileKind("text/plain", "テキスト", (".txt", ".csv", ".tsv", ".md"))
UNKNOWN = FileKind("application/octet-stream", "種類の分からないファイル", ())

_OPEN_DOCUMENTS = {kind.content_type.encode(): kind for kind in (ODS, ODP, ODT)}
_PARTS = ((b"ppt/presentation.xml", PPTX), (b"xl/workbook.", XLSX), (b"word/document.xml", DOCX))
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\x1f\x8b", GZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
)


def _zip_kind(head: bytes, tail: bytes) -> FileKind:
    """The list of parts stands uncompressed at the end of a ZIP: enough to tell, without unpacking anything."""
    if head[30:38] == b"mimetype":
        for content_type, kind in _OPEN_DOCUMENTS.items():
            if head[38:].startswith(content_type):
                return kind
    if b"[Content_Types].xml" in tail or b"[Content_Types].xml" in head:
        for part, kind in _PARTS:
            if part in tail:
                return kind
    return ZIP


def _as_text(head: bytes) -> str | None:
    """The beginning as text: UTF-16 and UTF-8 with their marks, UTF-8, CP932. None for anything else."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="ignore")
    if b"\x00" in head:
        return None
    for encoding, cut in (("utf-8-sig", 4), ("cp932", 2)):
        for missing in range(cut if len(head) == HEAD_BYTES else 1):  # the last character may be cut in two
            try:
                return head[: len(head) - missing].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _text_kind(text: str) -> FileKind:
    if any(ord(character) < 32 and character not in "\t\n\v\f\r\x1a\x1b" for character in text):
        return UNKNOWN
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html", "<script", "<svg", "<?xml")):
        return HTML
    return (
        JSON if start.startswith(("{", "[")) and text.lstrip()[1:].lstrip()[:1] in ('"', "{", "[", "}", "]") else TEXT
    )


def sniff(head: bytes, tail: Callable[[], bytes]) -> FileKind:
    """The kind of a file from its first HEAD_BYTES; `tail` gives its last TAIL_BYTES and is asked for ZIPs only."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if b"%PDF-" in head[:1024]:  # the standard lets up to a kilobyte stand before it
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(head, tail())
    text = _as_text(head)
    return UNKNOWN if text is None else _text_kind(text)
