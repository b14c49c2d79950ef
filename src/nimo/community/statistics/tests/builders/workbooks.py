"""Workbooks in the layouts described for the published tables, with invented figures. Never a real file."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from nimo.community.statistics.formats.layouts.prefectures import PREFECTURES

STAYS = ("3か月未満", "3か月以上1年未満", "1年以上")
PLACES = ("住所地", "所在地")
AGES = ("65歳未満", "65歳以上")
Change = Callable[[Worksheet], None]


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def count(prefecture: int, column: int) -> int:
    """An invented number, never small, different in every cell; both bases have the same sum over ages."""
    return 1000 + prefecture * 7 + column * 13


def sheet_11(
    sheet: Worksheet,
    *,
    shift: int = 0,
    merged: bool = True,
    title: str = "Ⅲ.2.(11) 在院患者数（入院期間×住所地・施設所在地×年齢） 令和7年6月30日",
    prefectures: Sequence[str] = PREFECTURES,
    top: int = 1,
) -> None:
    """Ⅲ.2.(11): three rows of headings, 全国 first, then the prefectures; a note under the table."""
    sheet.cell(top, 1, title)
    row = top + 2
    first = 2 + shift
    sheet.cell(row, 1 + shift, "都道府県")
    if merged:
        sheet.merge_cells(start_row=row, start_column=1 + shift, end_row=row + 2, end_column=1 + shift)
    column = first
    for stay in STAYS:
        sheet.cell(row, column, stay)
        if merged:
            sheet.merge_cells(start_row=row, start_column=column, end_row=row, end_column=column + 3)
        for place in PLACES:
            sheet.cell(row + 1, column, f"患者{place}" if place == "住所地" else f"施設{place}")
            if merged:
                sheet.merge_cells(start_row=row + 1, start_column=column, end_row=row + 1, end_column=column + 1)
            for age in AGES:
                sheet.cell(row + 2, column, age)
                column += 1
    body = row + 3
    sheet.cell(body, 1 + shift, "全国")
    for offset in range(12):
        total = sum(count(number, offset) for number in range(1, len(prefectures) + 1))
        sheet.cell(body, first + offset, total)
    for number, name in enumerate(prefectures, 1):
        sheet.cell(body + number, 1 + shift, f"{number:02d}{name}")
        for offset in range(12):
            sheet.cell(body + number, first + offset, count(number, offset))
    sheet.cell(body + len(prefectures) + 2, 1, "注）6月30日午前0時現在の在院患者の実人数。不明を除く。")


def book_11(change: Change | None = None, name: str = "Ⅲ.2.(11)", **options: Any) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    sheet_11(sheet, **options)
    if change:
        change(sheet)
    return saved(book)


def body_row(prefecture: int, top: int = 1) -> int:
    """The row of a prefecture in `sheet_11` (0: the nation)."""
    return top + 5 + prefecture


def book_of_rows(rows: Sequence[Sequence[Any]], name: str = "Sheet1", merges: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for merge in merges:
        sheet.merge_cells(merge)
    return saved(book)


def forms_rows(day: str = "令和7年6月30日") -> list[list[Any]]:
    """Ⅲ.2.(1): 入院形態 over 開放区分, with 計 in both."""
    forms, kinds = ("計", "措置入院", "医療保護入院", "任意入院", "その他・不明"), ("計", "夜間外開放", "上記以外")
    rows: list[list[Any]] = [[f"Ⅲ.2.(1) 在院患者数（入院形態×開放区分）{day}"], []]
    rows.append(["", *(form for form in forms for _ in kinds)])
    rows.append(["", *(kind for _ in forms for kind in kinds)])
    parts = [[40, 1300 + 100 * f] for f in range(4)]
    totals = [sum(part[k] for part in parts) for k in range(2)]
    figures = [sum(totals), *totals]
    for part in parts:
        figures += [sum(part), *part]
    for name in ("全国", "01北海道"):
        rows.append([name, *figures])
    return rows


def hospitals_rows() -> list[list[Any]]:
    return [
        ["Ⅲ.1.(1) 病院数・病床数", "", "", "", "令和7年6月30日"],
        [],
        ["都道府県", "病院数", "許可病床数", "精神病床数", "病床利用率（%）"],
        ["全国", 30, 3100, 3000, "85.1%"],
        ["北海道", 20, 2050, 2000, "84.0%"],
        ["青森県", 10, 1050, 1000, "87.2%"],
    ]


def days_rows(*, kohi: bool = False) -> list[list[Any]]:
    """付表1.1 with the columns in the described order: 県名 … 年度, means and their spread side by side."""
    title = "付表1.1 精神病床退院患者における地域平均生活日数" + ("（公費負担医療を含む）" if kohi else "")
    return [
        ["", title],
        [],
        ["", "都道府県名", "医療機関数", "退院患者数", "粗", "", "", "", "", "年齢調整", "", "", "年度"],
        [
            "",
            "",
            "",
            "",
            "全病床",
            "全病床 標準偏差",
            "精神病床",
            "精神病床 標準偏差",
            "",
            "全病床",
            "精神病床",
            "",
            "",
        ],
        [1, "全国", 1000, 200000, 321.9, 80.1, 325.3, 78.2, "", 321.0, 325.0, "", 2022],
        [2, "福島県", 30, 2000, 322.5, 81.2, 327.1, 79.9, "", 322.0, 326.5, "", 2022],
    ]


DAYS_MERGES = ("E3:H3", "J3:K3", "B3:B4", "C3:C4", "D3:D4", "M3:M4")


def days_book(name: str = "付表1.1", **options: Any) -> bytes:
    return book_of_rows(days_rows(**options), name, DAYS_MERGES)


def readmission_rows() -> list[list[Any]]:
    return [
        ["付表1.2 精神病床退院患者の再入院率（30日以上）ver1.0"],
        [
            "No",
            "都道府県",
            "在院日数区分",
            "",
            "",
            "",
            "生存退院患者数",
            "",
            "",
            "",
            "90日",
            "180日",
            "365日",
            "年齢調整90日",
            "年齢調整180日",
            "年齢調整365日",
            "年度",
        ],
        [
            1,
            "福島県",
            "全体",
            "",
            "",
            "",
            2000,
            "",
            "",
            "",
            "12.9%",
            "18.0%",
            "26.5%",
            "12.5%",
            "17.9%",
            "26.1%",
            "2022年度",
        ],
        [
            2,
            "福島県",
            "1-90日",
            "",
            "",
            "",
            1500,
            "",
            "",
            "",
            "13.9%",
            "19.0%",
            "27.5%",
            "13.5%",
            "18.9%",
            "27.1%",
            "2022年度",
        ],
    ]


def inpatient_rows() -> list[list[Any]]:
    rows: list[list[Any]] = [
        ["付表3.3 精神病床の在院患者数（年齢×在院日数×認知症） ver1.0"],
        ["No", "県名", "年齢", "在院日数", "認知症", "延数", "一日平均", "受療率（10万対）", "年度"],
    ]
    for age, days in (("0-64", "366日以上"), ("65-74", "366日以上"), ("総数", "1-90日")):
        for dementia in ("認知症", "認知症以外", "総数"):
            rows.append([1, "福島県", age, days, dementia, 365000, 1025.04, 150.5, 2023])
    return rows


def offices_rows(service: str = "共同生活援助") -> list[list[Any]]:
    """A ReMHRAD export: [0] 市町村名, [2] 2020年 事業所数, [4] 2025年 事業所数, codes without their leading zero."""
    return [
        [f"（{service}）の状況", "", "", "", "", ""],
        ["市町村名", "2020年", "", "2025年", "", "コード"],
        ["", "事業所数", "人口10万人あたり", "事業所数", "人口10万人あたり", ""],
        ["会津若松市", 12, 10.4, 15, 13.4, 7202],
        ["郡山市", 30, 9.1, 41, 12.7, 7203],
        ["檜枝岐村", "-", "", 0, 0, 7364],
    ]


OFFICES_MERGES = ("A2:A3", "B2:C2", "D2:E2", "F2:F3")


def offices_book(service: str = "共同生活援助", name: str = "Sheet1") -> bytes:
    return book_of_rows(offices_rows(service), name, OFFICES_MERGES)
