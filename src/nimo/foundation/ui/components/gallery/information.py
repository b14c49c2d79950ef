"""Gallery pages: tables, figures, lists, ways through a page, quoted passages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator

from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.figures import Comparison, Figure
from nimo.foundation.ui.components.gallery.examples import Example, page
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.navigation import Passage, Step, Tab, TimelineItem
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table, sorted_by

COLUMNS = (
    Column("name", "市町村", sortable=True, is_row_header=True),
    Column("state", "シート"),
    Column("population", "人口（人）", align="end", sortable=True),
    Column("councils", "協議の場", align="end", sortable=True),
)


def _example_table(**changes: Any) -> Table:
    rows: list[Row] = [
        {
            "name": Cell("見本市", href="#data_table", sort_key="みほんし"),
            "state": Cell("公開中", tone="success"),
            "population": 223_014,
            "councils": 2,
        },
        {
            "name": Cell("例示町", href="#data_table", sort_key="れいじちょう"),
            "state": Cell("確認待ち", tone="info"),
            "population": 31_050,
            "councils": None,
        },
        {
            "name": Cell("仮名村", href="#data_table", sort_key="かめいむら"),
            "state": Cell("まだ"),
            "population": 1_204,
            "councils": Cell("公表なし", note="人数が少ないため"),
        },
    ]
    return Table(id="example", caption="市町村とシート（架空の例）", columns=COLUMNS, rows=rows, **changes)


page(
    "data_table",
    Example(
        "並べ替えとCSV",
        "{% data_table table %}",
        lambda: {
            "table": sorted_by(
                _example_table(csv_href="#csv", note="数字は令和6年4月1日の時点です。"), {"example-sort": "-population"}
            )
        },
        note="並べ替えはアドレスで決まるので、そのまま人に送れます。値のないところは「—」で、0にはしません。",
    ),
    Example(
        "行がないとき",
        "{% data_table table %}",
        lambda: {
            "table": Table(
                id="none",
                caption="市町村とシート",
                columns=COLUMNS,
                rows=[],
                empty=EmptyState(
                    "まだシートがありません",
                    "取り込むと、市町村ごとの様子がここに並びます。",
                    "シートを取り込む",
                    "#data_table",
                ),
            )
        },
    ),
)

page(
    "figure",
    Example(
        "値があるとき",
        "{% figure number %}",
        lambda: {
            "number": Figure(
                label="1年以上長期入院患者",
                value="412",
                unit="人",
                as_of="令和6年6月30日",
                basis="所在地（病院のある場所）",
                coverage="県内の精神科病院 12か所",
                source="精神保健福祉資料（架空の例）",
                href="#figure",
                comparisons=(
                    Comparison("昨年度", "430", "人"),
                    Comparison("県全体", "3,920", "人", "#figure"),
                    Comparison("似た地域の中央値", None),
                ),
            )
        },
    ),
    Example(
        "元の資料に値がないとき",
        "{% figure number %}",
        lambda: {"number": Figure(label="基幹相談支援センター", value=None, state="absent", source="令和6年度シート")},
    ),
    Example(
        "もとの記録が変わったとき",
        "{% figure number %}",
        lambda: {"number": Figure(label="協議の場の開催回数", value="6", unit="回", mark="数え直し待ち")},
    ),
    Example(
        "公表しない値",
        "{% figure number %}",
        lambda: {"number": Figure(label="措置入院の人数", value=None, unit="人", state="suppressed")},
    ),
    Example(
        "まだ入力されていないとき",
        "{% figure number %}",
        lambda: {
            "number": Figure(
                label="ピアサポーターの人数",
                value=None,
                state="not_filled",
                reason="見本市は、まだ今年度の値を入力していません。",
            )
        },
    ),
)

page(
    "definition_list",
    Example(
        "項目と内容",
        "{% definition_list items %}",
        lambda: {
            "items": [
                ("名称", "見本圏域 精神保健福祉協議会"),
                Definition("事務局", "見本保健所", href="#definition_list", note="令和5年度までは県庁"),
                ("開催の回数", "年2回（6月、2月）"),
                ("部会", None),
            ]
        },
    ),
)
page(
    "timeline",
    Example(
        "あったことの並び",
        "{% timeline items %}",
        lambda: {
            "items": [
                TimelineItem("令和6年6月12日", "第1回を開いた", "出席 14人。住まいの課題を3つ挙げた。", "#timeline"),
                TimelineItem("令和6年9月3日", "住まいの部会を作った"),
                TimelineItem("令和7年2月20日", "第2回を開いた", "出席 16人。空き家の持ち主向けの説明会を決めた。"),
            ]
        },
    ),
)
page(
    "tabs",
    Example(
        "面の切り替え",
        '{% tabs items label="地域のページの切り替え" %}',
        lambda: {
            "items": [
                Tab("数字", "#tabs", current=True),
                Tab("課題", "#tabs-issues", count=5),
                Tab("協議の場", "#tabs-councils", count=2),
                Tab("シート", "#tabs-sheets"),
            ]
        },
    ),
)
page(
    "steps",
    Example(
        "今いる場所",
        '{% steps items 2 label="シートを取り込む手順" %}',
        lambda: {
            "items": [Step("ファイルを選ぶ", href="#steps"), Step("確かめる"), Step("確定する"), Step("公開する")]
        },
    ),
)


def _third_page() -> Mapping[str, Any]:
    return {"rows": Paginator(range(1, 1742), 50).page(3)}


page("pagination", Example("長い一覧", "{% pagination rows %}", _third_page))
page(
    "source_passage",
    Example(
        "読み取った部分に印を付ける",
        "{% source_passage passage %}",
        lambda: {
            "passage": Passage(
                "人口　　　　223,014人（R6.4.1時点）\n保健所　　　1か所\n精神科病院　2か所",
                "令和6年度シート 1枚目「基礎情報」の表",
                highlight="223,014人",
            )
        },
    ),
)
