"""The mark inside an Excel form: which body of which round it was made for, and that nobody changed that."""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from nimo.foundation.files.formats.marked import MARKS, CarriesMacros, Limits, NoSuchWorkbook, NotOurs, Seal

KIND = "nimo.reports.packet.1"
SEAL = Seal("nimo.reports.packet", Limits(unpacked=120 * 1024 * 1024, parts=400))

DAMAGED = (
    "このファイルは Excel（.xlsx）として読み取れませんでした。何も取り込んでいません。"
    "お渡しした用紙をそのまま保存（.xlsx）したものか確かめてください。"
)
FOREIGN = (
    "このファイルは、このシステムが出した用紙ではないか、中の印が変えられています。何も取り込んでいません。"
    "お渡しした用紙に書き込み直してもらうか、ふつうの取り込みの画面から、中身を確かめながら取り込んでください。"
)
MACROS = "マクロの入ったファイルは受け取れません。何も取り込んでいません。用紙に書き込み直してもらってください。"


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


def signed_packet(workbook: bytes, marks: Marks, key: str, *, made_at: datetime) -> bytes:
    """The workbook with a sheet nobody sees, which says whose it is. Properties of the file name no person."""
    book = load_workbook(io.BytesIO(workbook))
    sheet: Worksheet = book.create_sheet(MARKS)
    for name, value in SEAL.marks(key, marks.said()):
        sheet.append([name, value])
    sheet.sheet_state = "veryHidden"
    book.active = 0
    naive = made_at.replace(tzinfo=None, microsecond=0)
    book.properties.creator, book.properties.lastModifiedBy = "", ""
    book.properties.created = book.properties.modified = naive
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def packet_marks(content: bytes, key: str) -> Marks:
    """Whose form it is. Raises UnableToReadPacket for anything that was not made here, or whose mark was changed."""
    try:
        book, said = SEAL.open(content, key, read_only=True)
    except NoSuchWorkbook:
        raise UnableToReadPacket(DAMAGED) from None
    except CarriesMacros:
        raise UnableToReadPacket(MACROS) from None
    except NotOurs:
        raise UnableToReadPacket(FOREIGN) from None
    book.close()
    if said.get("kind") != KIND:
        raise UnableToReadPacket(FOREIGN)
    return Marks(UUID(said["packet"]), UUID(said["target"]), said["region"])
