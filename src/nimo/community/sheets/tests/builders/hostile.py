"""Files that are damaged, locked, mislabelled or meant to do harm."""

from __future__ import annotations

import io
import zipfile
import zlib

from PIL import Image

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def locked_office_file() -> bytes:
    """An Office file with a password is a compound file with a stream called EncryptedPackage."""
    return _compound("EncryptedPackage")


def old_excel_file() -> bytes:
    return _compound("Workbook")


def old_powerpoint_file() -> bytes:
    return _compound("PowerPoint Document")


def old_word_file() -> bytes:
    return _compound("WordDocument")


def _compound(stream: str) -> bytes:
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return header + stream.encode("utf-16-le").ljust(128, b"\0") + bytes(2048)


def replaced(archive: bytes, parts: dict[str, bytes | None]) -> bytes:
    """The Office file with some parts replaced, added or (None) taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def part(archive: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name)


def zip_of(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def lying_directory(archive: bytes, name: str) -> bytes:
    """The archive with one entry's size in the directory set far below what it unpacks to."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        size = opened.getinfo(name).file_size
    at = archive.rfind(name.encode())
    directory = archive.rfind(b"PK\x01\x02", 0, at)
    return archive[: directory + 24] + (size // 1000).to_bytes(4, "little") + archive[directory + 28 :]


def bare_workbook(sheet: bytes, *, shared: bytes | None = None, workbook: bytes | None = None) -> bytes:
    """A workbook of one worksheet given as XML, for what no library would write."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
        '<sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>みほん</t></si></sst>',
    }
    data = {name: text.encode() for name, text in parts.items()} | {"xl/worksheets/sheet1.xml": sheet}
    if shared is not None:
        data["xl/sharedStrings.xml"] = shared
    if workbook is not None:
        data["xl/workbook.xml"] = workbook
    return zip_of(data)


def sheet_xml(rows: str, after: str = "") -> bytes:
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


def bare_pdf(content: bytes, *, resources: str = "", objects: tuple[bytes, ...] = (), trailer: str = "") -> bytes:
    """A PDF of one page with this content stream; `objects` get the numbers from 5 up."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    page = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>{resources}>>>>"
    )
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count 1/Kids[{5 + len(objects)} 0 R]>>".encode(),
        font,
        content if content.startswith(b"<<") else stream(content),
        *objects,
        page.encode(),
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer <</Size {len(bodies) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def stream(data: bytes, entries: str = "") -> bytes:
    return f"<<{entries}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def locked_pdf() -> bytes:
    """A PDF whose password is not empty: the check values fit no empty password."""
    values = "/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">>>/ID[<01><01>]"
    return bare_pdf(b"BT /F1 12 Tf 72 700 Td (secret) Tj ET", trailer=values)


def endless_pdf() -> bytes:
    """Forms that draw ten forms each, ten levels deep."""
    levels = 10
    objects = []
    for level in range(levels):
        draw = b"/X Do " * 10 if level + 1 < levels else b"BT /F1 1 Tf (x) Tj ET"
        inner = f"/XObject<</X {5 + level + 1} 0 R>>" if level + 1 < levels else ""
        entries = f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 3 0 R>>{inner}>>"
        objects.append(stream(draw, entries))
    return bare_pdf(b"/X Do", resources="/XObject<</X 5 0 R>>", objects=tuple(objects))


def inflating_pdf(megabytes: int) -> bytes:
    """A page whose content unfolds to so many megabytes; the same packed block over and over."""
    block = bytes(1024 * 1024)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(megabytes):
        check = zlib.adler32(block, check)
    data = b"\x78\xda" + packed * megabytes + b"\x03\x00" + check.to_bytes(4, "big")
    return bare_pdf(stream(data, "/Filter/FlateDecode"))


def scanned_pdf() -> bytes:
    """A page that is one picture."""
    out = io.BytesIO()
    Image.new("RGB", (400, 560), "white").save(out, "PDF")
    return out.getvalue()


def picture(width: int = 60, height: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


def names(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()
