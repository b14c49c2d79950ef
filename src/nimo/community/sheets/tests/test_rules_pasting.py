from __future__ import annotations

import pytest

from nimo.community.sheets.rules.carrying import empty_content
from nimo.community.sheets.rules.pasting import MOST_ROWS, DoesNotFit, moved_row, parse_block, pasted

EMPTY = empty_content("架空県", "架空市", 2026, "r6-city")


def paste(text: str, list_path: str = "targets", first_row: int = 0):
    return pasted(EMPTY, list_path, parse_block(text), first_row=first_row)


def test_takes_a_block_with_a_line_break_inside_a_cell():
    content, errors = paste('開催回数\t3回\t4回\t"一行目\n二行目"\n研修\t１か所\t２か所\t\n')
    assert not errors
    assert [row["indicator"] for row in content["targets"]] == ["開催回数", "研修"]
    assert content["targets"][0]["expected_effect"] == "一行目\n二行目"
    assert content["targets"][1]["target"]["values"][0]["value"] == 2


def test_leaves_out_a_first_row_of_headings():
    content, _ = paste("指標\t現状値\t目標値\t見込んでいる成果・効果\n研修\t1回\t2回\t効果")
    assert [row["indicator"] for row in content["targets"]] == ["研修"]


def test_adds_the_rows_it_needs_and_keeps_those_before():
    first, _ = paste("甲\t1回\t2回\t")
    second, _ = pasted(first, "targets", parse_block("乙\t3回\t4回\t"), first_row=1)
    assert [row["indicator"] for row in second["targets"]] == ["甲", "乙"]


@pytest.mark.parametrize(
    "text, words",
    [
        ("研修\t1回\t2回", "この表の列は4つ"),
        ("研修\t1回\t2回\t効果\tはみ出し", "5つのセル"),
        ("甲\t1回\t2回\t\n乙\t1回", "2行目には2つ"),
        (" \t \n", "文字がありません"),
        ("指標\t現状値\t目標値\t見込んでいる成果・効果", "見出しだけ"),
        ("甲\t\t\t\n" * (MOST_ROWS + 1), "300行まで"),
        ("あ" * 20_001, "20,000文字"),
    ],
)
def test_refuses_a_block_that_does_not_fit_and_says_why(text, words):
    with pytest.raises(DoesNotFit, match=words):
        paste(text)


def test_a_row_moves_up_and_down_and_stops_at_the_ends():
    content, _ = paste("甲\t\t\t\n乙\t\t\t")
    up = moved_row(content, "targets.1", up=True)
    assert [row["indicator"] for row in up["targets"]] == ["乙", "甲"]
    assert moved_row(content, "targets.0", up=True) == content
    with pytest.raises(ValueError, match="targets"):
        moved_row(content, "targets.9", up=True)
