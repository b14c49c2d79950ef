"""Gallery pages: charts and maps. The figures are invented."""

from __future__ import annotations

from nimo.foundation.ui.components.charts import Chart, Point, Series
from nimo.foundation.ui.components.diagrams import Diagram, DiagramBand, DiagramBox, DiagramKey, DiagramLine
from nimo.foundation.ui.components.gallery.examples import Example, page
from nimo.foundation.ui.components.maps import LegendItem, Shape, ShapeMap, Tile, TileMap
from nimo.foundation.ui.components.tables import Column, Table

YEARS = ("R2", "R3", "R4", "R5", "R6")


def _series(name: str, values: tuple[int | None, ...], labels: tuple[str, ...] = YEARS) -> Series:
    return Series(
        name,
        [
            Point(label, value, "" if value is not None else "公表なし")
            for label, value in zip(labels, values, strict=True)
        ],
    )


STAYS = ("見本圏域", "例示圏域", "仮名圏域")

page(
    "chart",
    Example(
        "年度ごとの線",
        "{% chart chart %}",
        lambda: {
            "chart": Chart(
                id="line",
                kind="line",
                title="1年以上長期入院患者（架空の例）",
                series=[
                    _series("見本圏域", (480, 462, None, 430, 412)),
                    _series("例示圏域", (310, 305, 301, 322, 330)),
                    _series("目標", (470, 455, 440, 425, 400)),
                ],
                unit="人",
                description="見本圏域は5年で68人減り、例示圏域は20人増えました。R4の見本圏域は公表されていません。",
                source="架空の資料",
            )
        },
        note="値のない年は線を切り、×を付けます。0の位置には描きません。",
    ),
    Example(
        "入院期間ごとの積み上げ",
        "{% chart chart %}",
        lambda: {
            "chart": Chart(
                id="stacked",
                kind="stacked_bar",
                title="在院期間ごとの入院している人（架空の例）",
                series=[
                    _series("3か月未満", (120, 95, 40), STAYS),
                    _series("3か月以上1年未満", (88, 70, None), STAYS),
                    _series("1年以上5年未満", (210, 160, 66), STAYS),
                    _series("5年以上", (202, 170, 58), STAYS),
                ],
                unit="人",
                description="どの圏域でも、1年以上の人が半分をこえています。仮名圏域の1区分は公表されていません。",
                source="架空の資料",
            )
        },
    ),
    Example(
        "比べる棒",
        "{% chart chart %}",
        lambda: {
            "chart": Chart(
                id="bar",
                kind="bar",
                title="入院後3か月時点の退院率（架空の例）",
                series=[
                    Series(
                        "退院率",
                        [
                            Point("見本市", 62),
                            Point("県全体", 64),
                            Point("全国", 63),
                            Point("似た地域の中央値", None, "3つに満たないため"),
                        ],
                    )
                ],
                unit="%",
                description="見本市は県全体より2ポイント低い値です。",
                source="架空の資料",
            )
        },
    ),
    Example(
        "年度を比べる棒",
        "{% chart chart %}",
        lambda: {
            "chart": Chart(
                id="grouped",
                kind="bar",
                title="協議の場を開いた回数（架空の例）",
                series=[_series("R5", (2, 4, 1), STAYS), _series("R6", (3, 4, None), STAYS)],
                unit="回",
            )
        },
    ),
)

LEGEND = (
    LegendItem("200未満", 0),
    LegendItem("200以上250未満", 1),
    LegendItem("250以上300未満", 2),
    LegendItem("300以上350未満", 3),
    LegendItem("350以上", 4),
    LegendItem("値なし", None),
)
PLACES = (
    ("一の県", 0, 0, "182", 0),
    ("二の県", 0, 1, "214", 1),
    ("三の県", 0, 2, "260", 2),
    ("四の県", 1, 0, "311", 3),
    ("五の県", 1, 1, "372", 4),
    ("六の県", 1, 2, "", None),
    ("七の県", 1, 3, "205", 1),
    ("八の県", 1, 4, "398", 4),
    ("九の県", 0, 4, "255", 2),
)

page(
    "tile_map",
    Example(
        "ます目の地図",
        "{% tile_map map %}",
        lambda: {
            "map": TileMap(
                id="tiles",
                title="人口10万人あたりの入院している人（架空の例）",
                tiles=[
                    Tile(
                        code=f"{place:02d}000",
                        label=label,
                        row=row,
                        column=column,
                        value_text=value,
                        level=level,
                        href="#tile_map",
                        note="" if value else "公表なし",
                    )
                    for place, (label, row, column, value, level) in enumerate(PLACES, start=1)
                ],
                legend=LEGEND,
                description="濃い色ほど多く、段ごとに模様もちがいます。順位を付けるためのものではありません。",
            )
        },
    ),
)
page(
    "shape_map",
    Example(
        "実際の形の地図",
        "{% shape_map map %}",
        lambda: {
            "map": ShapeMap(
                id="shapes",
                title="障害保健福祉圏域（架空の例）",
                view_box="0 0 300 200",
                shapes=[
                    Shape("a", "見本圏域", "M10 20L120 10L140 90L60 120L15 90Z", "412人", 3, "#shape_map"),
                    Shape("b", "例示圏域", "M120 10L280 30L270 110L140 90Z", "330人", 2, "#shape_map"),
                    Shape("c", "仮名圏域", "M60 120L140 90L270 110L220 190L80 180Z", "", None, "#shape_map"),
                ],
                legend=LEGEND[2:],
            )
        },
    ),
)


def _diagram() -> Diagram:
    columns = [Column("from", "会議体", is_row_header=True), Column("to", "関係")]
    rows = [{"from": "町の協議の場", "to": "県の協議の場へ報告する"}]
    return Diagram(
        id="councils",
        title="会議体のつながり（架空の例）",
        width=520,
        height=220,
        letter=13,
        bands=[DiagramBand("都道府県", 0, 100), DiagramBand("市町村", 100, 120)],
        boxes=[
            DiagramBox("県の協議の場", 200, 30, 140, 50, ["県の協議の場"], href="#councils", strong=True),
            DiagramBox("町の協議の場", 110, 140, 140, 50, ["町の協議の場"], href="#councils", strong=True),
            DiagramBox("町の事例検討会", 320, 140, 140, 50, ["町の事例検討会"], warned=True),
            DiagramBox("隣の圏域・市町村 12", 20, 30, 140, 50, ["隣の圏域・", "市町村 12"], stacked=True),
            DiagramBox("国の協議の場", 370, 30, 140, 50, ["国の協議の場"], outside=True),
        ],
        lines=[
            DiagramLine(
                [(180, 140), (180, 120), (270, 120), (270, 80)], "solid", "町の協議の場 → 県の協議の場（報告）"
            ),
        ],
        legend=[DiagramKey("報告", "solid")],
        table=Table(id="councils-table", caption="会議体の関係", columns=columns, rows=rows),
    )


page(
    "diagram",
    Example(
        "層と関係",
        "{% diagram diagram %}",
        lambda: {"diagram": _diagram()},
        note="線の種類は色と形で示します。赤い枠は、足りないところを文で説明している箱です。",
    ),
)
