"""ReMHRAD のExcel出力: 市町村別の事業所数（サービスの種類ごと）と、在院患者数（患者住所ベース／病院所在地ベース）。

The sheet's title says which service; headings say which year. 引用するときは出典 ReMHRAD を示す。
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from nimo.community.statistics.formats.layouts.headings import Headed, find_under
from nimo.community.statistics.formats.layouts.times import first_texts
from nimo.community.statistics.formats.loading.grid import Book, Grid
from nimo.community.statistics.formats.loading.refusals import UNCHANGED, UnableToReadTable
from nimo.community.statistics.formats.reading import Options, ReadFigure, Reading, TableRead, plain, read_cell

SERVICES: dict[str, str] = {
    "11": "居宅介護",
    "12": "重度訪問介護",
    "13": "行動援護",
    "14": "重度障害者等包括支援",
    "15": "同行援護",
    "21": "療養介護",
    "22": "生活介護",
    "24": "短期入所",
    "32": "施設入所支援",
    "33": "共同生活援助",
    "34": "宿泊型自立訓練",
    "41": "自立訓練（機能訓練）",
    "42": "自立訓練（生活訓練）",
    "43": "就労移行支援（一般型）",
    "44": "就労移行支援（資格取得型）",
    "45": "就労継続支援A型",
    "46": "就労継続支援B型",
    "52": "計画相談支援",
    "53": "地域移行支援",
    "54": "地域定着支援",
    "60": "就労移行支援",
    "61": "自立生活援助",
    "62": "就労定着支援",
}
"""The codes of the disability information service (WAM NET), which ReMHRAD uses too."""
_PLACE = re.compile(r"(市区?町村|自治体|地域|市町村区)(名|名称)")
_CODE = re.compile(r"(市区?町村|自治体|団体|地域)?コード|(全国)?地方公共団体コード")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})年?")
_TITLE = re.compile(r"[（(]([^（()）]{2,30}(?:[（(][^（()）]{1,12}[）)])?)[）)]の状況")
_ADDRESS = re.compile(r"患者住所|住所地|住所ベース")
_HOSPITAL = re.compile(r"病院所在地|所在地(ベース)?")


def _found(grid: Grid) -> Headed | None:
    return find_under(grid, lambda text: bool(_PLACE.fullmatch(plain(text))))


def _kind(headed: Headed) -> str:
    words = "".join("".join(word.plain for word in path) for path in headed.paths.values())
    return "offices" if "事業所数" in words else "inpatients" if "在院患者数" in words else ""


def is_remhrad(book: Book) -> bool:
    if book.kind != "xlsx" or not book.grids:
        return False
    headed = _found(book.grids[0])
    return headed is not None and bool(_kind(headed)) and bool(_service(book, headed) or _kind(headed) == "inpatients")


def _service(book: Book, headed: Headed) -> str:
    """The service's name: from （共同生活援助）の状況 in the title, the sheet's name or the file's."""
    for text in [*(word.text for word in headed.titles), headed.grid.name, book.name]:
        match = _TITLE.search(text)
        if match:
            return plain(match[1])
    names = [plain(name) for name in SERVICES.values()]
    texts = "".join(plain(text) for text in [headed.grid.name, book.name, *(word.text for word in headed.titles)])
    fitting = [name for name in names if name in texts]
    return max(fitting, key=len, default="")


def _named(headed: Headed, column: int) -> str:
    return "".join(word.plain for word in headed.paths.get(column, ()))


def _columns(headed: Headed, wanted: str, left: list[str]) -> dict[int, str]:
    """column → year; a column of the wanted kind without a year is refused with its cell."""
    found: dict[int, str] = {}
    for column, path in headed.paths.items():
        heading = _named(headed, column)
        if column == headed.label or not path or _CODE.fullmatch(path[-1].plain):
            continue
        if wanted not in heading or re.search("人口|率|10万|あたり|割合", heading.replace("人口10万人あたり", "率")):
            left.append(f"{headed.grid.place(path[-1].row, column)}の列（見出し「{headed.words(column)}」）")
            continue
        years = _YEAR.findall(heading) or _YEAR.findall("".join(plain(word.text) for word in headed.titles))
        if len(set(years)) != 1:
            place = headed.grid.place(path[-1].row, column)
            raise UnableToReadTable(
                "heading", f"{place}の「{headed.words(column)}」が何年の値か分かりません。{UNCHANGED}", (place,)
            )
        if years[0] in found.values():
            place = headed.grid.place(path[-1].row, column)
            raise UnableToReadTable(
                "heading", f"{place}の「{headed.words(column)}」は、ほかの列と同じ年です。{UNCHANGED}", (place,)
            )
        found[column] = years[0]
    if not found:
        place = headed.grid.place(headed.first, headed.label)
        raise UnableToReadTable("heading", f"{place}の上の見出しに「{wanted}」の列がありません。{UNCHANGED}", (place,))
    return found


def _basis(headed: Headed, column: int) -> str:
    heading = _named(headed, column)
    for text in (heading, "".join(plain(word.text) for word in headed.titles)):
        address, hospital = bool(_ADDRESS.search(text)), bool(_HOSPITAL.search(text))
        if address != hospital:
            return "630_address" if address else "630_hospital"
    place = headed.grid.place(headed.first, column)
    raise UnableToReadTable(
        "heading",
        f"{place}の列が、患者住所ベースと病院所在地ベースのどちらか、見出しから分かりません。{UNCHANGED}",
        (place,),
    )


def _figures(
    grid: Grid, headed: Headed, kind: str, service: str, options: Options, left: list[str]
) -> Iterator[ReadFigure]:
    columns = _columns(headed, "事業所数" if kind == "offices" else "在院患者数", left)
    bases = {column: _basis(headed, column) if kind == "inpatients" else "unspecified" for column in columns}
    codes = [c for c, path in headed.paths.items() if path and _CODE.fullmatch(path[-1].plain)]
    prefecture = options.prefecture
    for line in headed.body():
        name = line.text(headed.label).strip()
        if not name or plain(name).startswith(("※", "注", "出典", "資料")):
            continue
        for column, year in columns.items():
            raw = line.text(column)
            yield ReadFigure(
                table=f"ReMHRAD {service or '在院患者数'}",
                sheet=grid.name,
                row=line.number,
                column=column,
                heading=headed.words(column),
                indicator="service_offices" if kind == "offices" else "inpatients",
                raw=raw,
                cell=read_cell(raw, line.marks.get(column, "")),
                region_code=plain(line.text(codes[0])) if codes else "",
                region_name=name,
                prefecture_name=prefecture,
                as_of=year if kind == "offices" else f"{year}-06-30",
                fiscal_year=int(year),
                basis=bases[column],
                dimension=f"サービス={service}" if kind == "offices" else "",
                unit=None,
                axes={"年": year, "基準": bases[column]},
            )


def read_remhrad(book: Book, options: Options, progress: Callable[[int, int, str], None] | None = None) -> Reading:
    """The first worksheet. Raises UnableToReadTable with the cell; blocks where the service is not named."""
    left = [f"シート「{grid.name}」（最初のシートではありません）" for grid in book.grids[1:]]
    headed = _found(book.grids[0]) if book.grids else None
    kind = _kind(headed) if headed else ""
    if headed is None or not kind:
        begins = first_texts(book.grids[0]) if book.grids else ""
        raise UnableToReadTable(
            "unknown",
            f"最初のシート（「{begins}」）に、市町村名と事業所数または在院患者数の見出しがありません。{UNCHANGED}",
        )
    service = _service(book, headed) if kind == "offices" else ""
    blocks = []
    if kind == "offices" and not service:
        blocks.append(
            "どのサービスの表か、題名（「（サービス名）の状況」）から分かりません。題名のあるファイルで読み直してください。"
        )
    figures = tuple(_figures(book.grids[0], headed, kind, service, options, left))
    known = {plain(name) for name in SERVICES.values()}
    doubts = (
        () if not service or service in known else (f"サービスの名前「{service}」は、知っている23種類にありません。",)
    )
    table = TableRead(
        code=f"ReMHRAD {service or '在院患者数'}",
        title=f"ReMHRAD {service + 'の事業所数' if service else '在院患者数'}",
        series=f"remhrad:{service or 'inpatients'}",
        origin="remhrad",
        publisher="ReMHRAD（地域精神保健医療福祉社会資源分析データベース）",
        credit="出典: ReMHRAD",
        reference="https://remhrad.jp/",
    )
    return Reading("remhrad", figures, (table,), doubts, tuple(blocks), tuple(left))
