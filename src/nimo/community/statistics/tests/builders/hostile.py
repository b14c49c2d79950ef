"""Files nobody sends on purpose, or only on purpose."""

from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook

from nimo.community.statistics.tests.builders.workbooks import saved

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
_ROOT = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_BOOK_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
_OPEN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_CLOSE = "</sheetData></worksheet>"


def workbook(sheet: bytes, **parts: bytes) -> bytes:
    """A workbook of one worksheet whose XML is given; parts: further entries (path with _ for /)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        file.writestr("_rels/.rels", _ROOT)
        file.writestr("xl/workbook.xml", _BOOK)
        file.writestr("xl/_rels/workbook.xml.rels", _BOOK_RELATIONS)
        file.writestr("xl/worksheets/sheet1.xml", sheet)
        for path, content in parts.items():
            file.writestr(path.replace("__", "/"), content)
    return stream.getvalue()


def rows_of(count: int) -> bytes:
    """A worksheet of so many rows, one number in each."""
    return (
        _OPEN + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, count + 1)) + _CLOSE
    ).encode()


def bomb() -> bytes:
    """A worksheet that unfolds to hundreds of times its size."""
    return workbook((_OPEN + " " * 8_000_000 + _CLOSE).encode())


def entities() -> bytes:
    definitions = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    return workbook(f'<?xml version="1.0"?>{definitions}{_OPEN}{_CLOSE}'.encode())


def with_macros(rows: list[list[object]]) -> bytes:
    """An ordinary workbook in which a macro project lies beside the sheets."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO(saved(book))
    with zipfile.ZipFile(stream, "a") as file:
        file.writestr("xl/vbaProject.bin", b"not run")
    return stream.getvalue()
