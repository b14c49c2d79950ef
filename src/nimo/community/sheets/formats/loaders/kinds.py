"""What a file is, judged by its content; the ending of its name is only compared, never believed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.package import Package
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.source import Finding

KIND_NAMES = {"pptx": "PowerPoint", "xlsx": "Excel", "pdf": "PDF", "text": "テキスト"}
_ENDINGS = {
    "pptx": {".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"},
    "xlsx": {".xlsx", ".xlsm", ".xltx", ".xltm"},
    "pdf": {".pdf"},
    "text": {".txt", ".text", ".md", ".csv", ".tsv", ""},
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"BM")
_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
_WEB = re.compile(rb"\s*(?:<!doctype\s+html|<html[\s>]|<\?xml|<mht|MIME-Version:)", re.IGNORECASE)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"


@dataclass(frozen=True, slots=True)
class Detected:
    kind: str
    """"text", "pptx", "xlsx" or "pdf"."""
    package: Package | None
    """The opened package where the kind is an Office file."""
    findings: tuple[Finding, ...]


def detect(content: bytes, file_name: str, limits: Limits) -> Detected:
    """The kind of `content`. Raises UnableToRead for everything that is none of the four kinds."""
    if not content.strip(b"\x00 \t\r\n"):
        raise refusal("empty_file", file_name)
    if _pdf_start(content):
        return _detected("pdf", None, file_name)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _office(content, file_name, limits)
    if content.startswith(_OLE):
        raise refusal(_ole_code(content), file_name)
    if content.startswith(_IMAGES) and b"\x00" in content[:64]:
        raise refusal("image", file_name)
    if (content.startswith(b"RIFF") and content[8:12] == b"WEBP") or content[4:12] in (b"ftypheic", b"ftypmif1"):
        raise refusal("image", file_name)
    if content.startswith(_ARCHIVES) or re.match(rb"..-lh\d-", content[:8], re.DOTALL):
        raise refusal("archive", file_name)
    if content.startswith(b"{\\rtf"):
        raise refusal("word", file_name)
    if _WEB.match(content.removeprefix(b"\xef\xbb\xbf")[:200]):
        raise refusal("web_page", file_name)
    if content.startswith(b"%!PS") or (b"\x00\x00\x00\x00" in content[:4096] and not _looks_utf16(content)):
        raise refusal("unknown_kind", file_name)
    return _detected("text", None, file_name)


def _pdf_start(content: bytes) -> bool:
    """A PDF may have some bytes of a mail or printer header before its mark (ISO 32000-1, annex H: 1,024 bytes)."""
    head = content[:1024]
    return head.startswith(b"%PDF-") or bool(re.search(rb"[\x00-\x20]%PDF-\d\.\d", head))


def _looks_utf16(content: bytes) -> bool:
    return content.startswith((b"\xff\xfe", b"\xfe\xff"))


def _office(content: bytes, file_name: str, limits: Limits) -> Detected:
    package = Package(content, file_name, limits)
    if package.has("mimetype") and package.read("mimetype").startswith(_OPEN_DOCUMENT):
        raise refusal("open_document", file_name)
    if not package.has("[Content_Types].xml"):
        raise refusal("archive" if package.names else "empty_file", file_name)
    main, content_type = package.main_part()
    macros = "macroenabled" in content_type.lower() or any(n.lower().endswith("vbaproject.bin") for n in package.names)
    folder = main.split("/", 1)[0].lower()
    if "wordprocessingml" in content_type or folder == "word":
        raise refusal("word", file_name)
    if "sheet.binary" in content_type or main.lower().endswith(".bin"):
        raise refusal("binary_excel", file_name)
    if "presentationml" in content_type or "ms-powerpoint" in content_type:
        return _detected("pptx", package, file_name, macros)
    if "spreadsheetml" in content_type or "ms-excel" in content_type:
        return _detected("xlsx", package, file_name, macros)
    raise refusal("unknown_kind", file_name)


def _ole_code(content: bytes) -> str:
    """Which program's compound file it is, by the names in its directory (kept as UTF-16LE)."""

    def names(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if names("EncryptedPackage") or names("EncryptionInfo"):
        return "password"
    if names("PowerPoint Document"):
        return "old_powerpoint"
    if names("Workbook") or names("Book"):
        return "old_excel"
    if names("WordDocument"):
        return "word"
    return "unknown_kind"


def _detected(kind: str, package: Package | None, file_name: str, macros: bool = False) -> Detected:
    findings = []
    ending = PurePosixPath(file_name.replace("\\", "/")).suffix.lower()
    if ending not in _ENDINGS[kind]:
        findings.append(
            Finding(
                "ending_differs",
                "ファイル",
                f"ファイル名の末尾は「{ending or 'なし'}」ですが、中身は{KIND_NAMES[kind]}でした。"
                f"{KIND_NAMES[kind]}として読み込みました。",
            )
        )
    if macros:
        findings.append(
            Finding(
                "macros",
                "ファイル",
                "マクロ（自動実行プログラム）が含まれています。マクロは実行せず、内容だけを読み込みました。",
            )
        )
    return Detected(kind, package, tuple(findings))
