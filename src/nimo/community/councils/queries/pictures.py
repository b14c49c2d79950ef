"""A laid-out system as the picture, the table and the key that a page shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.urls import reverse

from nimo.community.councils.choices.bodies import Layer, RelationKind
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.rules.diagram import lay_out
from nimo.community.councils.rules.pages import Sheet
from nimo.community.councils.rules.shapes import Box, Edge, Line, Node
from nimo.foundation.ui.components.diagrams import (
    Diagram,
    DiagramBand,
    DiagramBox,
    DiagramKey,
    DiagramLine,
)
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Table

BANDS = [Layer.PREFECTURE, Layer.HEALTH_CENTRE_AREA, Layer.WELFARE_AREA, Layer.MUNICIPALITY, Layer.HOSPITAL]
STYLES = {
    RelationKind.REPORT.value: "solid",
    RelationKind.SUBCOMMITTEE.value: "double",
    RelationKind.BACKUP.value: "dashed",
    RelationKind.LINKED.value: "dotted",
    RelationKind.INFORMAL.value: "sparse",
    "people": "thin",
}
PEOPLE = "同じ人が出ている"
TWO_WAY = {RelationKind.LINKED.value, RelationKind.INFORMAL.value, "people"}


def picture(
    key: str,
    title: str,
    sheet: Sheet,
    bodies: Mapping[str, Body],
    warned: Collection[str],
    anchors: Mapping[str, str],
    day: str,
) -> Diagram:
    """anchors: area → where its own picture stands on the page; day: of which day the records are, in words."""
    layout = lay_out(sheet.nodes, sheet.edges)
    names = {node.id: node.name for node in sheet.nodes}
    labels = dict(RelationKind.choices) | {"people": PEOPLE}
    kinds = [kind for kind in [*RelationKind.values, "people"] if any(edge.kind == kind for edge in sheet.edges)]
    folded = any(node.folded for node in sheet.nodes)
    outside = any(node.id not in sheet.inside for node in sheet.nodes if not node.folded)
    words = [
        f"{day}現在の登録による。",
        "太い字の箱は協議の場として数える会議体、「!」の付いた箱は「足りないところ」で説明している会議体です。",
    ]
    words += ["重なった箱は、圏域ごとの図にまとめた会議体とその数です。"] if folded else []
    words += ["破線の箱は、つながりのある外の会議体です。"] if outside else []
    return Diagram(
        id=key,
        title=title,
        width=layout.width,
        height=layout.height,
        letter=layout.letter,
        bands=[DiagramBand(BANDS[one.layer].label, one.y, one.height) for one in layout.bands],
        boxes=[_box(one, sheet, bodies, warned, anchors) for one in layout.boxes],
        lines=[_line(one, names) for one in layout.lines],
        legend=[DiagramKey(str(labels[kind]), STYLES[kind]) for kind in kinds],
        table=_table(key, sheet, bodies, anchors),
        description="".join(words),
    )


def _box(
    one: Box, sheet: Sheet, bodies: Mapping[str, Body], warned: Collection[str], anchors: Mapping[str, str]
) -> DiagramBox:
    node = one.node
    return DiagramBox(
        f"{node.name}（{node.note}）" if node.note else node.name,
        one.x,
        one.y,
        one.width,
        one.height,
        one.lines,
        href=_href(node, anchors),
        strong=not node.folded and bodies[node.id].counts_as_council,
        warned=node.id in warned,
        stacked=bool(node.folded),
        outside=not node.folded and node.id not in sheet.inside,
    )


def _href(node: Node, anchors: Mapping[str, str]) -> str:
    return anchors[node.area] if node.folded else reverse("councils:body_detail", args=[node.id])


def _said(edge: Edge) -> str:
    return f"{edge.label}・{edge.times}件" if edge.times > 1 else edge.label


def _line(one: Line, names: Mapping[str, str]) -> DiagramLine:
    """The arrow stands at the target; a line that joins another on its way to the target leaves the arrow to that one."""
    edge = one.edge
    return DiagramLine(
        one.points,
        STYLES[edge.kind],
        f"{names[edge.source]} → {names[edge.target]}（{_said(edge)}）",
        arrow=edge.kind not in TWO_WAY and not (one.joined and one.hub == edge.target),
    )


def _table(key: str, sheet: Sheet, bodies: Mapping[str, Body], anchors: Mapping[str, str]) -> Table:
    names = {node.id: node.name for node in sheet.nodes}
    ties: dict[str, list[str]] = defaultdict(list)
    for edge in sheet.edges:
        ties[edge.source].append(f"{names[edge.target]}（{_said(edge)}）")
        if edge.kind in TWO_WAY:
            ties[edge.target].append(f"{names[edge.source]}（{_said(edge)}）")
    return Table(
        id=f"{key}-table",
        caption="会議体とその関係",
        columns=[
            Column("name", "会議体", is_row_header=True),
            Column("layer", "層"),
            Column("region", "地域"),
            Column("ties", "関係（この会議体から）"),
        ],
        rows=[
            {
                "name": Cell(node.name, href=_href(node, anchors)),
                "layer": BANDS[node.layer].label,
                "region": node.note or None,
                "ties": "、".join(ties[node.id]) or None,
            }
            for node in sorted(sheet.nodes, key=lambda one: (one.layer, one.group, one.name))
        ],
        empty=EmptyState("会議体がまだありません", "登録すると、ここに並びます。"),
    )
