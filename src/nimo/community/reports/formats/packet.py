"""The mark inside an Excel form: which body of which round it was made for, and that nobody changed that."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import zipfile
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

MARKS = "nimo"
KIND = "nimo.reports.packet.1"
PARTS_LIMIT = 400
UNPACKED_LIMIT = 120 * 1024 * 1024

DAMAGED = (
    "このファイルは Excel（.xlsx）として読み取れませんでした。何も取り込んでいません。"
    "お渡しした用紙をそのまま保存（.xlsx）したものか確かめてください。"
)
FOREIGN = (
    "このファイルは、このシステムが出した用紙ではないか、中の印が変えられています。何も取り込んでいません。"
    "お渡しした用紙に書き込み直してもらうか、ふつうの取り込みの画面から、中身を確かめながら取り込んでください。"
)


class UnableToReadPacket(Exception):
    """Nothing was taken in; str() is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the signature covers: the form, the body of the round, the region's code."""

    packet: UUID
    target: UUID
    region: str

    def said(self) -> dict[str, str]:
        return {"kind": KIND, **{name: str(value) for name, value in asdict(self).items()}}


def signature(key: str, said: dict[str, str]) -> str:
    """HMAC-SHA256 over the fields in one spelling, under a key of its own made from the installation's."""
    derived = hmac.digest(key.encode(), b"nimo.reports.packet", "sha256")
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()


def signed_packet(workbook: bytes, marks: Marks, key: str, *, made_at: datetime) -> bytes:
    """The workbook with a sheet nobody sees, which says whose it is. Properties of the file name no person."""
    book = load_workbook(io.BytesIO(workbook))
    sheet: Worksheet = book.create_sheet(MARKS)
    said = marks.said()
    for name, value in [*sorted(said.items()), ("signature", signature(key, said))]:
        sheet.append([name, value])
    sheet.sheet_state = "veryHidden"
    book.active = 0
    naive = made_at.replace(tzinfo=None, microsecond=0)
    book.properties.creator, book.properties.lastModifiedBy = "", ""
    book.properties.created = book.properties.modified = naive
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _opened(content: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
        if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
            raise UnableToReadPacket(DAMAGED)
        if any(part.filename.endswith("vbaProject.bin") for part in parts):
            raise UnableToReadPacket(
                "マクロの入ったファイルは受け取れません。何も取り込んでいません。用紙に書き込み直してもらってください。"
            )
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except UnableToReadPacket:
        raise
    except Exception:  # openpyxl fails in many ways on files that are none; all of them mean the same to the sender
        raise UnableToReadPacket(DAMAGED) from None


def packet_marks(content: bytes, key: str) -> Marks:
    """Whose form it is. Raises UnableToReadPacket for anything that was not made here, or whose mark was changed."""
    book = _opened(content)
    try:
        if MARKS not in book.sheetnames:
            raise UnableToReadPacket(FOREIGN)
        rows = list(book[MARKS].iter_rows(max_row=20, max_col=2, values_only=True))
    finally:
        book.close()
    said = {str(name): str(value) for name, value in rows if name and value}
    given = said.pop("signature", "")
    if said.get("kind") != KIND or not hmac.compare_digest(signature(key, said), given):
        raise UnableToReadPacket(FOREIGN)
    return Marks(UUID(said["packet"]), UUID(said["target"]), said["region"])
