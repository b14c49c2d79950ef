"""What stands in a frame on a slide: a table, a chart, a diagram or an embedded object."""

from __future__ import annotations

from lxml import etree

from nimo.community.sheets.formats.loaders.blocks import BlockCollector, GridCell
from nimo.community.sheets.formats.loaders.drawing.charts import chart_content
from nimo.community.sheets.formats.loaders.drawing.diagrams import diagram_lines
from nimo.community.sheets.formats.loaders.drawing.text import body_text
from nimo.community.sheets.formats.loaders.markup import is_on, local, relation_id, whole
from nimo.community.sheets.formats.loaders.package import Package, Relation
from nimo.community.sheets.formats.loaders.workbook.book import append_embedded
from nimo.community.sheets.formats.source import UnableToRead

_CLAIMS = 4
"""How many times over the merged cells of a table may cover it; spans that go on overlapping are damage, or an attack."""


class FrameReader:
    """Adds the frames of one slide to the collector, counting tables, charts and diagrams for their labels."""

    def __init__(self, package: Package, slide: str, number: int, collector: BlockCollector) -> None:
        self._package = package
        self._relations = package.relations(slide)
        self._page = number
        self._place = f"スライド{number}"
        self._collector = collector
        self._counts = {"表": 0, "グラフ": 0, "図": 0, "埋め込み": 0}

    def add(self, frame: etree._Element) -> None:
        data = frame.find("{*}graphic/{*}graphicData")
        content = next(iter(data), None) if data is not None else None
        table = data.find("{*}tbl") if data is not None else None
        embedded = next(frame.iter("{*}oleObj"), None)
        if table is not None:
            self._collector.add_blank(self._page, self._place)
            self._collector.add_table(table_cells(table), self._page, self._label("表"))
        elif embedded is not None:
            self._embedded(embedded)
        elif content is not None and local(content) == "chart":
            self._chart(self._target(relation_id(content)))
        elif content is not None and local(content) == "relIds":
            self._diagram(self._target(relation_id(content, "dm")))
        else:
            self._unreadable("図")

    def _label(self, kind: str) -> str:
        self._counts[kind] += 1
        return f"{self._place} {kind}{self._counts[kind]}"

    def _target(self, relation: str | None) -> Relation | None:
        found = self._relations.get(relation or "")
        return found if found is not None and not found.external and self._package.has(found.target) else None

    def _chart(self, relation: Relation | None) -> None:
        label = self._label("グラフ")
        if relation is None:
            self._unreadable("グラフ")
            return
        content = chart_content(self._package, relation.target)
        if not content.lines and not content.cells:
            self._unreadable("グラフ")
            return
        self._collector.add_blank(self._page, label)
        for line in content.lines:
            self._collector.add_line(line, self._page, label)
        self._collector.add_table(content.cells, self._page, label)

    def _diagram(self, relation: Relation | None) -> None:
        label = self._label("図")
        lines = diagram_lines(self._package, relation.target) if relation is not None else []
        if not lines:
            self._unreadable("図")
            return
        self._collector.add_blank(self._page, label)
        for number, line in enumerate(lines, start=1):
            self._collector.add_line(line, self._page, f"{label} {number}行目")

    def _embedded(self, element: etree._Element) -> None:
        label = self._label("埋め込み")
        relation = self._target(relation_id(element))
        program = element.get("progId", "")
        if relation is None or not self._package.content_type(relation.target).endswith("sheet"):
            self._collector.find(
                "embedded_object",
                label,
                f"{self._place}に、読み取れない埋め込みの文書（{program or '種類不明'}）があります。"
                "必要な内容は手で入力してください。",
                self._collector.next_line,
            )
            return
        self._collector.add_blank(self._page, label)
        try:
            append_embedded(self._package.read(relation.target), self._collector, self._page, label)
        except UnableToRead as refusal:
            if refusal.code in ("archive_bomb", "unsafe_content", "too_many_cells", "too_much_text"):
                raise
            self._collector.find(
                "embedded_object",
                label,
                f"{self._place}に埋め込まれたExcelの表を開けませんでした。必要な内容は手で入力してください。",
                self._collector.next_line,
            )

    def _unreadable(self, what: str) -> None:
        self._collector.find(
            "drawing_without_text",
            self._place,
            f"{self._place}の{what}から文字を読み取れませんでした。必要な内容は手で入力してください。",
            self._collector.next_line,
        )


def table_cells(table: etree._Element) -> list[GridCell]:
    """Cells of a DrawingML table; a merged cell once, with its spans, the cells it covers left out.

    A span that claims more rows or columns than there are is cut at the table's edge. A cell that says it is merged
    away although nothing covers it (files written by other programs) is kept.
    """
    lines = [list(line.iterfind("{*}tc")) for line in table.iterfind("{*}tr")]
    columns = max((len(line) for line in lines), default=0)
    cells = []
    covered: set[tuple[int, int]] = set()
    claimed = 0
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            if (row, column) in covered and (is_on(cell.get("hMerge")) or is_on(cell.get("vMerge"))):
                continue
            body = cell.find("{*}txBody")
            text = body_text(body) if body is not None else ""
            row_span = min(max(1, whole(cell.get("rowSpan"), 1)), len(lines) - row)
            column_span = min(max(1, whole(cell.get("gridSpan"), 1)), columns - column)
            claimed += row_span * column_span
            if claimed > _CLAIMS * len(lines) * columns:
                row_span = column_span = 1
            covered.update((r, c) for r in range(row, row + row_span) for c in range(column, column + column_span))
            cells.append(GridCell(text, row, column, row_span, column_span))
    return cells
