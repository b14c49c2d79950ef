"""What officials see: worked examples of the gate."""

from __future__ import annotations

import pickle
from decimal import Decimal

import pytest

from nimo.core.disclosure.gate import ProtectedTable, protect, suppress
from nimo.core.disclosure.marks import Reason, Wording
from nimo.core.disclosure.policy import DisclosurePolicy, Kind, Level, shipped_policy
from nimo.core.disclosure.rows import (
    FROM_3_TO_12_MONTHS,
    INPATIENTS,
    OVER_1_YEAR,
    OVER_1_YEAR_65_AND_OVER,
    OVER_1_YEAR_UNDER_65,
    UNDER_3_MONTHS,
    protect_row,
)
from nimo.core.disclosure.tables import Cell, Relation, Share, Table, TableError

POLICY = shipped_policy()
KEYS = (
    INPATIENTS,
    UNDER_3_MONTHS,
    FROM_3_TO_12_MONTHS,
    OVER_1_YEAR,
    OVER_1_YEAR_65_AND_OVER,
    OVER_1_YEAR_UNDER_65,
)


def block(*counts: int | None, population: int | None = 60_000) -> ProtectedTable:
    return protect_row(dict(zip(KEYS, counts, strict=True)), population=population, policy=POLICY)


def shown(table: ProtectedTable) -> set[object]:
    return {key for key, value in table.values.items() if value.shown}


def test_a_city_with_large_figures_keeps_them_all() -> None:
    table = block(386, 66, 36, 284, 175, 109, population=222_000)
    assert shown(table) == set(KEYS)
    assert [table.shares[f"{key}_share"].text for key in KEYS[1:]] == ["17.1", "9.3", "73.6", "61.6", "38.4"]


def test_one_small_count_takes_one_neighbour_with_it() -> None:
    table = block(340, 60, 5, 275, 150, 125)
    assert set(KEYS) - shown(table) == {FROM_3_TO_12_MONTHS, UNDER_3_MONTHS}
    small, neighbour = table[FROM_3_TO_12_MONTHS], table[UNDER_3_MONTHS]
    assert (small.text, small.sentence) == ("－（10未満）", "10人未満のため表示しません")
    assert (neighbour.text, neighbour.sentence) == ("－（非表示）", "他の値から計算できないように表示しません")
    assert (small.reason, neighbour.reason) == (Reason.SMALL, Reason.DERIVABLE)


def test_shares_are_shown_only_where_both_counts_are() -> None:
    table = block(340, 60, 5, 275, 150, 125)
    assert {key for key, value in table.shares.items() if value.shown} == {
        f"{OVER_1_YEAR}_share",
        f"{OVER_1_YEAR_65_AND_OVER}_share",
        f"{OVER_1_YEAR_UNDER_65}_share",
    }
    assert table[f"{UNDER_3_MONTHS}_share"].reason is Reason.DERIVED


def test_two_nines_under_a_shown_eighteen_are_not_called_small() -> None:
    table = block(18, 9, 9, 0, 0, 0)
    assert table[INPATIENTS].value == 18
    assert table[UNDER_3_MONTHS].reason is table[FROM_3_TO_12_MONTHS].reason is Reason.JOINT
    assert "9" not in table[UNDER_3_MONTHS].sentence


def test_zero_is_shown() -> None:
    assert block(150, 70, 0, 80, 80, 0)[FROM_3_TO_12_MONTHS].text == "0"


def test_a_village_below_the_lowest_tier_shows_no_count_at_all() -> None:
    table = block(150, 70, 0, 80, 60, 20, population=1_800)
    assert shown(table) == set()
    assert table[INPATIENTS].sentence == "人口が少ない地域のため人数を表示しません"


def test_a_municipality_of_unknown_population_is_treated_like_the_smallest() -> None:
    assert shown(block(150, 70, 0, 80, 60, 20, population=None)) == set()


def test_the_middle_tier_hides_below_twenty() -> None:
    assert not suppress(19, POLICY, population=24_999).shown
    assert suppress(20, POLICY, population=24_999).shown
    assert suppress(19, POLICY, population=24_999).sentence == "20人未満のため表示しません"


def test_absent_is_neither_zero_nor_hidden() -> None:
    table = block(340, 60, None, 275, 150, 125)
    cell = table[FROM_3_TO_12_MONTHS]
    assert (cell.absent, cell.shown, cell.value, cell.reason, cell.text) == (True, False, None, None, "記載なし")
    assert cell.to_data()["state"] == "absent"


def test_a_missing_key_is_an_absent_cell_and_its_shares_are_absent() -> None:
    table = protect_row({INPATIENTS: 340, OVER_1_YEAR: 275}, population=60_000, policy=POLICY)
    assert table[UNDER_3_MONTHS].absent
    assert table.shares[f"{UNDER_3_MONTHS}_share"].absent
    assert table.shares[f"{OVER_1_YEAR}_share"].value == Decimal("80.9")


def test_two_absent_parts_give_no_equation() -> None:
    table = block(340, None, None, 4, 3, 1)
    assert table[INPATIENTS].shown
    assert not table[OVER_1_YEAR].shown


def test_a_blank_whose_small_value_follows_from_the_rest_is_protected() -> None:
    """340 − 60 − 275 = 5 would be printed by leaving the cell blank."""
    assert len(shown(block(340, 60, None, 275, 150, 125))) == len(KEYS) - 2


def test_facilities_have_their_own_rule_and_public_lists_are_open() -> None:
    hidden = suppress(2, POLICY, kind=Kind.FACILITIES)
    assert hidden.sentence == "3か所未満のため表示しません"
    assert suppress(2, POLICY, kind=Kind.OPEN).shown


def test_a_village_is_not_given_away_by_the_zero_of_its_area() -> None:
    cells = (
        Cell("village", 0, population=900),
        Cell("area", 0, level=Level.AREA),
        Cell("prefecture", 30, level=Level.PREFECTURE),
        Cell("rest", 30, level=Level.AREA),
    )
    relations = (Relation("area", ("village",)), Relation("prefecture", ("area", "rest")))
    table = protect(Table(cells, relations), POLICY)
    assert not table["village"].shown
    assert not table["area"].shown
    assert not table["prefecture"].shown or not table["rest"].shown


def test_parts_that_are_counted_again_bound_the_whole() -> None:
    """75 and over is part of 65 and over; a shown 30 and a hidden 8 must leave room."""
    cells = (Cell("65", 8, population=60_000), Cell("75", 8, population=60_000))
    table = protect(Table(cells, (Relation("65", ("75",), exhaustive=False),)), POLICY)
    assert shown(table) == set()


def test_figures_that_contradict_each_other_are_reported_and_still_protected() -> None:
    table = block(341, 60, 5, 275, 150, 125)
    assert [relation.total for relation in table.inconsistent] == [INPATIENTS]
    assert len(shown(table)) == 4


def test_a_rate_per_population_is_shown_with_its_count() -> None:
    cells = (Cell("a", 5, population=60_000), Cell("b", 50, population=60_000))
    shares = (Share("a_rate", "a", 60_000, 100_000), Share("b_rate", "b", 60_000, 100_000))
    table = protect(Table(cells, (), shares), POLICY)
    assert not table["a_rate"].shown
    assert table["b_rate"].value == Decimal("83.3")


def test_a_share_of_nothing_is_absent() -> None:
    assert block(0, 0, 0, 0, 0, 0).shares[f"{OVER_1_YEAR}_share"].absent


def test_figures_derived_elsewhere_ask_first() -> None:
    table = block(340, 60, 5, 275, 150, 125)
    assert table.may_derive_from(INPATIENTS, OVER_1_YEAR)
    assert not table.may_derive_from(INPATIENTS, FROM_3_TO_12_MONTHS)


def test_what_comes_out_holds_no_hidden_value() -> None:
    cells = (
        Cell("x", 7, population=60_000),
        Cell("y", 77_777, population=60_000),
        Cell("z", 77_784, population=60_000),
    )
    table = protect(Table(cells, (Relation("z", ("x", "y")),)), POLICY)
    assert not table["y"].shown
    for trace in (repr(table), repr(table.to_data()), pickle.dumps(table, protocol=0).decode("ascii")):
        assert "77777" not in trace
        assert "77,777" not in trace


def test_other_words_can_be_chosen() -> None:
    words = Wording(small_mark="x", absent="…")
    assert suppress(3, POLICY, population=60_000, wording=words).text == "x"
    assert suppress(None, POLICY, wording=words).text == "…"


def test_thousands_are_separated() -> None:
    assert suppress(247_808, POLICY, level=Level.NATION).text == "247,808"


@pytest.mark.parametrize("value", [-1, 2.5, True])
def test_refuses_what_is_no_count(value: object) -> None:
    with pytest.raises(TableError):
        Cell("x", value)  # type: ignore[arg-type]


def test_refuses_the_same_item_twice() -> None:
    with pytest.raises(TableError):
        protect(Table((Cell("x", 1), Cell("x", 2))), POLICY)
    with pytest.raises(TableError):
        Relation("x", ("y", "y"))


def test_without_any_rule_nothing_is_shown() -> None:
    printed = suppress(5_000, DisclosurePolicy("x", ()), population=60_000)
    assert (printed.shown, printed.reason) == (False, Reason.NO_RULE)
