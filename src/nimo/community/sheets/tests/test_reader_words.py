"""The small readings everything stands on: lines into blocks, cut lines into sentences, and short texts that tell what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.sheets.formats.loaders.text import blocks_from_text
from nimo.community.sheets.formats.reading.basic_info import as_of
from nimo.community.sheets.formats.reading.coordination import split_members
from nimo.community.sheets.formats.reading.figures import is_figure
from nimo.community.sheets.formats.reading.labels import label_in_cell
from nimo.community.sheets.formats.reading.ledger import Ledger
from nimo.community.sheets.formats.reading.squeeze import Squeezed, squeeze
from nimo.community.sheets.formats.reading.stream import lines_of_piece
from nimo.community.sheets.formats.reading.titles import find_headings
from nimo.community.sheets.formats.reading.vocabulary import is_period, is_sector, role_of
from nimo.community.sheets.formats.reading.wording import figure_text, tidy_lines, unwrap
from nimo.community.sheets.formats.source import Line, Place, Table

# -- text into blocks -------------------------------------------------------------------------------------------------


def test_runs_of_lines_with_tabs_are_tables_and_keep_their_blank_cells() -> None:
    blocks = blocks_from_text("見出し\n甲\t\t乙\t\n\t丙\n\n文\n")
    assert [type(block) for block in blocks] == [Line, Table, Line, Line]
    table = blocks[1]
    assert isinstance(table, Table)
    assert [(c.row, c.column, c.text) for c in table.cells] == [
        *((0, 0, "甲"), (0, 1, ""), (0, 2, "乙"), (0, 3, "")),
        *((1, 0, ""), (1, 1, "丙")),
    ]
    assert [c.place.label for c in table.cells][::4] == ["2行目", "3行目"]


def pages(text: str) -> list[int | None]:
    return [block.place.page for block in blocks_from_text(text)]


def test_a_line_that_starts_with_a_space_or_a_form_feed_opens_a_page() -> None:
    assert pages(" 甲\n乙\n 丙\n丁") == [1, 1, 2, 2]
    assert pages("甲\n\f乙\n丙") == [1, 2, 2]
    assert [b.text for b in blocks_from_text("\f甲") if isinstance(b, Line)] == ["甲"]


def test_one_indented_line_or_a_text_with_tables_has_no_pages() -> None:
    assert pages("甲\n 乙\n丙") == [None, None, None]
    assert pages(" 甲\n 乙\n丙\t丁") == [None, None, None]


@given(st.text(st.sampled_from("甲乙 \t\n\r\f①"), max_size=40))
def test_no_character_but_line_breaks_is_lost_on_the_way_into_blocks(text: str) -> None:
    blocks = blocks_from_text(text)
    held = "".join(b.text if isinstance(b, Line) else "".join(c.text for c in b.cells) for b in blocks)
    assert sorted(held) == sorted(c for c in text if c not in "\t\n\r\f")
    lines = [b.place.line for b in blocks]
    assert lines == sorted(set(lines))


# -- cut lines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["地域包括", "ケアシステム"], "地域包括ケアシステム"),
        (["・一つめの項", "目", "・二つめ"], "・一つめの項目\n・二つめ"),
        (["文が終わる。", "次の文"], "文が終わる。\n次の文"),
        (["短い見出し", "", "本文"], "短い見出し\n本文"),
        (["とても長くて箱の幅いっぱいで切れた行の", "", "続き。"], "とても長くて箱の幅いっぱいで切れた行の続き。"),
        (["１ 研修", "２ 会議"], "１ 研修\n２ 会議"),
        (["【題】", "本文"], "【題】\n本文"),
        (["R5年度", "16年度 開始"], "R5年度16年度 開始"),
        ([], ""),
    ],
)
def test_joins_what_the_width_of_a_box_has_cut(lines: list[str], text: str) -> None:
    assert unwrap(lines) == text


@given(st.lists(st.text(st.sampled_from("甲乙。・①（）【】 １a"), max_size=12), max_size=6))
def test_joining_loses_no_character(lines: list[str]) -> None:
    assert sorted("".join(unwrap(lines).split())) == sorted("".join("".join(lines).split()))


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["- 一つめ", "- 二つめ"], "・一つめ\n・二つめ"),
        (["- ・ 一つめ", "- ①二つめ", "- 1) 三つめ"], "・ 一つめ\n①二つめ\n1) 三つめ"),
        (['<ul style="list-style-type: none"> 甲 乙', "<p>丙</p> <p>丁</p>"], "甲 乙\n丙\n丁"),
        (["＜通年＞", "-5 度"], "＜通年＞\n-5 度"),
    ],
)
def test_takes_markup_off_and_keeps_list_marks(lines: list[str], text: str) -> None:
    assert tidy_lines(lines) == text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["１１か所", "（政令市を除く）"], "１１か所（政令市を除く）"),
        (["３か所", "（政令市を除く）", "※コロナ禍によ", "る影響"], "３か所（政令市を除く）※コロナ禍による影響"),
        (["事例検討数44人", "退院者数14人"], "事例検討数44人 退院者数14人"),
        (["66人\n17.1%"], "66人 17.1%"),
    ],
)
def test_joins_the_lines_of_a_figure_as_one_statement_or_as_two(lines: list[str], text: str) -> None:
    assert figure_text(lines) == text


# -- short texts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["１３", "０", "11か所", "１１か所（政令市を除く）", "月1回", "222,364人", "前年度増", "－", "3回（その他にコア会議を開催）", "事例検討数44人 退院者数14人", "80.5%", "12／12"],
)  # fmt: skip
def test_knows_what_stands_in_a_number_column(text: str) -> None:
    assert is_figure(text)


@pytest.mark.parametrize(
    "text",
    ["", "研修会を3回開催した。", "平成30年度の実施", "第2回の会議", "協議の場の設置", "①", "病院", "令和6年5月"],
)
def test_knows_what_does_not_stand_in_a_number_column(text: str) -> None:
    assert not is_figure(text)


@pytest.mark.parametrize(
    "text",
    ["4～6 月", "Ｒ３年4月～5月", "＜通年＞", "通年", "１０月～２月", "令和6年度 ～ 令和8年度", "9月", "随時", "10月上旬", "第1四半期", "上半期", "平成30年度～"],
)  # fmt: skip
def test_knows_a_period(text: str) -> None:
    assert is_period(text)


@pytest.mark.parametrize("text", ["4月の会議", "通年で行う", "6", "月", "研修会", "4人"])
def test_knows_what_is_no_period(text: str) -> None:
    assert not is_period(text)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("行政", "government"),
        ("医 療", "medical"),
        ("【福祉】", "welfare"),
        ("その他", "other"),
        ("その他関係 機関・住民等", "other"),
        ("行政と医療", None),
        ("福祉課", None),
    ],
)
def test_knows_a_role(text: str, role: str | None) -> None:
    assert role_of(text) == role


@pytest.mark.parametrize(
    ("text", "known"),
    [("保健", True), ("保健・医療・福祉", True), ("その他関係\n機関・住民等", True), ("保健所", False)],
)
def test_knows_a_sector(text: str, known: bool) -> None:
    assert is_sector(text) is known


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("短期目標 （今年度）", "short_term_goal"),
        ("スモール ステップ", "small_steps"),
        ("長期目標", "goal"),
        ("【特徴（強み）】", "strengths"),
        ("【その他事項】 ※自由に記載ください", "other_matters"),
        ("長期目標を立てる", None),
    ],
)
def test_knows_a_printed_label(text: str, label: str | None) -> None:
    assert label_in_cell(text) == label


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("(令和6年5月時点)", "2024-05"),
        ("（令和5年6月30日時点）", "2023-06-30"),
        ("(令和6年3月末時点)", "2024-03"),
        ("(令和5年度)", "FY2023"),
        ("（R6.5.1現在）", "2024-05-01"),
        ("令和6年4月時点", "2024-04"),
        ("(時点)", None),
        (None, None),
    ],
)
def test_reads_the_date_beside_a_figure(text: str | None, date: str | None) -> None:
    assert as_of(text) == date


@pytest.mark.parametrize(
    ("cell", "members"),
    [
        ("甲病院、乙病院", ["甲病院", "乙病院"]),
        ("<ul> 相談支援事業所 家族会 市町村", ["相談支援事業所", "家族会", "市町村"]),
        ("・甲\n・乙（丙、丁）", ["甲", "乙（丙、丁）"]),
        (
            "<p>医療： 甲病院、 乙</p> <p>保健： 課（本 町センター） 保健所</p>",
            ["医療：甲病院", "乙", "保健：課（本町センター）", "保健所"],
        ),
        ("甲（乙、丙", ["甲（乙", "丙"]),
        ("", []),
    ],
)
def test_splits_members_outside_brackets_only(cell: str, members: list[str]) -> None:
    assert split_members([cell]) == members


# -- squeezed text ----------------------------------------------------------------------------------------------------


def squeezed_of(*lines: str) -> tuple[Ledger, Squeezed]:
    ledger = Ledger()
    found = [
        line for n, text in enumerate(lines, 1) for line in lines_of_piece(ledger, ledger.add(text, Place(n, None, "")))
    ]
    return ledger, Squeezed(found)


@given(st.lists(st.text(st.sampled_from("あｱﾞｶﾞ１a　 （①㎡"), max_size=8), max_size=5))
def test_every_span_of_squeezed_text_leads_back_to_its_source(lines: list[str]) -> None:
    ledger, squeezed = squeezed_of(*lines)
    for start in range(len(squeezed.text)):
        for end in range(start + 1, min(start + 4, len(squeezed.text)) + 1):
            pieces = squeezed.pieces(start, end)
            assert pieces
            back = "".join(squeeze(ledger.text(piece)) for piece in pieces)
            assert squeezed.text[start:end] in back


@pytest.mark.parametrize(
    ("lines", "keys"),
    [
        (["５ 精神障害にも対応した地域包括ケアシステムの構築に向けた現時点における強みと課題"], ["challenges"]),
        (
            ["６", "精神障がいにも対応した地域包括ケアシステムの", "", "構築に向けた今年度の取組みスケジュール"],
            ["schedule"],
        ),
        (["８ 精神障害にも対応した地域包括ケアシステムの構築に向けたスケジュール(長期)"], ["long_term"]),
        (["取組の経緯"], ["history"]),
        (["連携状況"], []),
        (["4 連携状況"], ["coordination"]),
        (["架空県の基礎情報", "圏域の基礎情報"], ["basic_info", "basic_info"]),
        (["架空県の基礎情報を集める研修"], []),
        (["本県では精神障害にも対応した地域包括ケアシステムの構築に向けた取組の経緯を整理した。"], []),
        (["７ 協議の場の実施状況 架空県"], ["councils"]),
        (["2 精神障害にも対応した地域包括ケアの構築支援事業 実施前の課題・実施後の効果等"], ["results"]),
    ],
)
def test_finds_titles_by_their_words(lines: list[str], keys: list[str]) -> None:
    _, squeezed = squeezed_of(*lines)
    assert [heading.key for heading in find_headings(list(squeezed.lines))] == keys
