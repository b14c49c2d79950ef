"""Writes one worksheet into the collector: regions and drawings from above, then what is doubtful about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nimo.community.sheets.formats.loaders.blocks import BlockCollector, GridCell
from nimo.community.sheets.formats.loaders.package import Package
from nimo.community.sheets.formats.loaders.workbook.addresses import address
from nimo.community.sheets.formats.loaders.workbook.drawings import Floating, floating_parts
from nimo.community.sheets.formats.loaders.workbook.regions import Region, Unit, regions
from nimo.community.sheets.formats.loaders.workbook.worksheet import Worksheet, string_item

_SHOWN_ADDRESSES = 8


class SheetWriter:
    def __init__(
        self, package: Package, part: str, sheet: Worksheet, collector: BlockCollector, page: int, label: str
    ) -> None:
        self._package = package
        self._part = part
        self._sheet = sheet
        self._collector = collector
        self._page = page
        self._label = label
        self._counts: dict[str, int] = {}
        self._tables = 0

    def write(self) -> None:
        first_line = self._collector.next_line
        self._print_lines(self._sheet.header, "ヘッダー")
        parts: list[tuple[int, int, Region | Floating]] = []
        parts += [(region.top, 0, region) for region in regions(self._sheet)]
        parts += [(floating.row, 1, floating) for floating in floating_parts(self._package, self._part)]
        previous: Region | Floating | None = None
        for _, _, part in sorted(parts, key=lambda item: item[:2]):
            if previous is not None and not self._touches(previous, part):
                self._collector.add_blank(self._page, self._label)
            if isinstance(part, Floating):
                self._floating(part)
            elif part.is_table:
                self._table(part)
            else:
                self._prose(part)
            previous = part
        self._print_lines(self._sheet.footer, "フッター")
        self._doubts(first_line)
        self._comments(first_line)

    def _touches(self, first: Region | Floating, second: Region | Floating) -> bool:
        """Whether the second part begins in the row after the first ends."""
        if isinstance(first, Floating) or isinstance(second, Floating):
            return False
        return second.top <= max(unit.range.bottom for unit in first.units) + 1

    def _prose(self, region: Region) -> None:
        rows: dict[int, list[Unit]] = {}
        for unit in region.units:
            rows.setdefault(unit.range.top, []).append(unit)
        above: int | None = None
        for row, units in sorted(rows.items()):
            label = self._address(units[0])
            if above is not None and row > above + 1:
                self._collector.add_blank(self._page, label)
            text = " ".join(unit.text for unit in sorted(units, key=lambda u: u.range.left))
            for line in text.split("\n"):
                self._collector.add_line(line, self._page, label)
            above = max(unit.range.bottom for unit in units)

    def _table(self, region: Region) -> None:
        self._tables += 1
        rows = _boundaries((unit.range.top, unit.range.bottom + 1) for unit in region.units)
        columns = _boundaries((unit.range.left, unit.range.right + 1) for unit in region.units)
        row_at = {edge: index for index, edge in enumerate(rows)}
        column_at = {edge: index for index, edge in enumerate(columns)}
        self._collector.refuse_more_cells((len(rows) - 1) * (len(columns) - 1))
        cells = []
        filled: set[tuple[int, int]] = set()
        for unit in region.units:
            top, bottom = row_at[unit.range.top], row_at[unit.range.bottom + 1]
            left, right = column_at[unit.range.left], column_at[unit.range.right + 1]
            cells.append(GridCell(unit.text, top, left, bottom - top, right - left, self._address(unit)))
            filled.update((row, column) for row in range(top, bottom) for column in range(left, right))
        for row in range(len(rows) - 1):
            for column in range(len(columns) - 1):
                if (row, column) not in filled:
                    name = f"{self._label}{address(rows[row], columns[column])}"
                    cells.append(GridCell("", row, column, label=name))
        self._collector.add_table(cells, self._page, f"{self._label} 表{self._tables}")

    def _floating(self, part: Floating) -> None:
        self._counts[part.kind] = self._counts.get(part.kind, 0) + 1
        label = f"{self._label} {part.kind}{self._counts[part.kind]}"
        if not part.lines and not part.cells:
            self._collector.find(
                "picture",
                self._label,
                f"{label}（{address(part.row, part.column)}付近）の中の文字や表は読み取れません。"
                "必要な内容は手で入力してください。",
                self._collector.next_line,
            )
            return
        for number, line in enumerate(part.lines, start=1):
            self._collector.add_line(line, self._page, f"{label} {number}行目")
        self._collector.add_table(part.cells, self._page, label)

    def _print_lines(self, text: str, name: str) -> None:
        for line in text.split("\n") if text else ():
            self._collector.add_line(line, self._page, f"{self._label} {name}")

    def _address(self, unit: Unit) -> str:
        return f"{self._label}{address(unit.range.top, unit.range.left)}"

    def _doubts(self, line: int) -> None:
        sheet = self._sheet
        hidden = [position for position in sheet.texts if sheet.is_hidden(*position)]
        for code, positions, message in (
            (
                "formula_without_value",
                sheet.without_value,
                "の計算式は、計算結果がファイルに保存されていないため空欄として扱いました。"
                "Excelで開いて保存し直すか、値を手で入力してください。",
            ),
            ("cell_error", sheet.errors, "は計算式がエラーになっています。正しい値を手で入力してください。"),
            (
                "number_format",
                sheet.inexact,
                "は、Excelの表示形式を再現できず、保存されている数値をそのまま読み込みました。画面の表示と見比べてください。",
            ),
            (
                "hidden_cells",
                hidden,
                "は非表示の行または列にあります。内容は読み込みました。使わない場合は確認画面で外してください。",
            ),
        ):
            if positions:
                self._collector.find(
                    code, f"{self._label}{_first(positions)}", f"{self._names(positions)}{message}", line
                )
        if self._package.related(self._part, "ctrlProp"):
            self._collector.find(
                "form_controls",
                self._label,
                f"{self._label}にチェックボックスなどの部品があります。選択の状態は読み取れません。手で入力してください。",
                line,
            )

    def _names(self, positions: Sequence[tuple[int, int]]) -> str:
        shown = "、".join(address(*position) for position in positions[:_SHOWN_ADDRESSES])
        more = f"ほか{len(positions) - _SHOWN_ADDRESSES}か所" if len(positions) > _SHOWN_ADDRESSES else ""
        return f"{self._label}の{shown}{more}"

    def _comments(self, line: int) -> None:
        threaded: dict[str, list[str]] = {}
        for part in self._package.related(self._part, "threadedComment"):
            for comment in self._package.xml(part).iter("{*}threadedComment"):
                threaded.setdefault(comment.get("ref", ""), []).append(comment.findtext("{*}text") or "")
        for part in self._package.related(self._part, "comments"):
            for comment in self._package.xml(part).iter("{*}comment"):
                body = comment.find("{*}text")
                if comment.get("ref") not in threaded and body is not None:
                    threaded.setdefault(comment.get("ref", ""), []).append(string_item(body))
        for reference, texts in threaded.items():
            text = "\n".join(texts).strip()
            if text:
                where = f"{self._label}{reference}"
                self._collector.find(
                    "comment",
                    where,
                    f"{where}のコメントは、シートの内容としては読み込んでいません。コメントの内容：「{text}」",
                    line,
                )


def _boundaries(spans: Iterable[tuple[int, int]]) -> list[int]:
    """Where cells begin or end: the columns of fine "graph paper" sheets shrink to those that are used."""
    return sorted({edge for span in spans for edge in span})


def _first(positions: Sequence[tuple[int, int]]) -> str:
    return address(*positions[0])
