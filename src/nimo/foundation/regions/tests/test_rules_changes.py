"""Compositions of invented areas: what makes up today's place on an earlier day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.foundation.regions.choices import ChangeKind
from nimo.foundation.regions.rules.changes import Change, Link, Share, behind, compose, moved_back

TODAY = date(2026, 5, 11)
MERGER, SPLIT, RENAME, MOVE = ChangeKind.MERGER, ChangeKind.SPLIT, ChangeKind.RENAME, ChangeKind.MOVE


def change(kind: ChangeKind, day: date, *links: tuple) -> Change:
    return Change(f"{day}{links[0]}", kind, day, tuple(Link(*link) for link in links))


AB = change(MERGER, date(2005, 10, 1), ("A", "C"), ("B", "C"))
CD = change(MERGER, date(2010, 4, 1), ("C", "E"), ("D", "E"))


def whole(code: str, day: date, *changes: Change, on: date = TODAY) -> set[str]:
    found = compose(code, changes, day=day, on=on)
    assert not found.shares
    assert not found.unknown
    return set(found.whole)


class TestMergers:
    def test_a_merged_town_is_its_predecessors_before_the_day_and_itself_from_the_day_on(self):
        assert whole("C", date(2005, 9, 30), AB) == {"A", "B"}
        assert whole("C", date(2005, 10, 1), AB) == {"C"}

    def test_a_chain_is_gone_back_step_by_step(self):
        assert whole("E", date(2000, 1, 1), CD, AB) == {"A", "B", "D"}
        assert whole("E", date(2008, 1, 1), AB, CD) == {"C", "D"}
        assert whole("E", date(2010, 4, 1), AB, CD) == {"E"}

    def test_a_map_of_an_earlier_day_knows_only_the_changes_until_then(self):
        assert whole("C", date(2000, 1, 1), AB, CD, on=date(2005, 9, 30)) == {"C"}
        assert whole("C", date(2000, 1, 1), AB, CD, on=date(2006, 1, 1)) == {"A", "B"}

    def test_an_absorbing_city_keeps_its_code(self):
        absorbed = change(MERGER, date(2006, 1, 1), ("A", "A"), ("B", "A"))
        assert whole("A", date(2005, 12, 31), absorbed) == {"A", "B"}
        assert whole("A", date(2006, 1, 1), absorbed) == {"A"}

    def test_says_which_changes_were_gone_back_through(self):
        assert compose("E", [AB, CD], day=date(2000, 1, 1), on=TODAY).changes == (CD, AB)
        assert compose("D", [AB, CD], day=date(2000, 1, 1), on=TODAY).changes == ()

    def test_finds_everything_that_ever_became_a_place(self):
        assert behind(["E"], [AB, CD], on=TODAY) == {"A", "B", "C", "D", "E"}
        assert behind(["D"], [AB, CD], on=TODAY) == {"D"}


class TestSplits:
    SPLIT = change(SPLIT, date(2015, 4, 1), ("A", "B"), ("A", "C"))
    SHARED = change(SPLIT, date(2015, 4, 1), ("A", "B", None, 30, 100), ("A", "C", None, 70, 100))

    def test_cannot_be_laid_backwards_without_shares(self):
        found = compose("B", [self.SPLIT], day=date(2015, 3, 31), on=TODAY)
        assert (found.whole, found.unknown) == (frozenset(), {"A"})

    def test_published_shares_are_kept_as_intervals(self):
        day = date(2015, 3, 31)
        parts = [compose(code, [self.SHARED], day=day, on=TODAY).shares[0] for code in "BC"]
        assert parts == [Share("A", 0, 30, 100), Share("A", 30, 100, 100)]

    def test_parts_that_come_together_again_are_whole(self):
        again = change(MERGER, date(2020, 4, 1), ("B", "D"), ("C", "D"))
        assert whole("D", date(2015, 3, 31), self.SPLIT, again) == {"A"}
        assert whole("D", date(2016, 4, 1), self.SPLIT, again) == {"B", "C"}

    def test_a_part_joined_to_others_leaves_the_whole_unknown(self):
        joined = change(MERGER, date(2020, 4, 1), ("B", "D"), ("X", "D"))
        found = compose("D", [self.SPLIT, joined], day=date(2015, 3, 31), on=TODAY)
        assert (found.whole, found.unknown) == ({"X"}, {"A"})

    def test_a_share_of_what_was_itself_put_together_is_unknown(self):
        before = change(MERGER, date(2010, 4, 1), ("P", "A"), ("Q", "A"))
        found = compose("B", [before, self.SHARED], day=date(2009, 4, 1), on=TODAY)
        assert (found.shares, found.unknown) == ((), {"P", "Q"})

    def test_wards_reorganised_into_each_other_are_told_apart(self):
        """中+東+北の一部 → 中央, 浜北+北の残り → 浜名: the shape of a reorganisation, with invented letters."""
        reorganised = change(
            ChangeKind.REORGANISATION, date(2024, 1, 1), ("A", "X"), ("B", "X"), ("N", "X"), ("N", "Y"), ("H", "Y")
        )
        found = compose("X", [reorganised], day=date(2023, 1, 1), on=TODAY)
        assert (found.whole, found.unknown) == ({"A", "B"}, {"N"})


class TestMovesAndRenames:
    def test_a_new_code_keeps_the_series(self):
        town = change(RENAME, date(2016, 10, 1), ("T", "S"))
        assert whole("S", date(2016, 9, 30), town) == {"T"}

    def test_a_new_name_under_the_same_code_changes_nothing(self):
        assert whole("T", date(2000, 1, 1), change(RENAME, date(2016, 10, 1), ("T", "T"))) == {"T"}

    def test_a_move_changes_areas_and_no_municipality(self):
        moved = change(MOVE, date(2024, 4, 1), ("W1", "W2", "M"))
        assert whole("M", date(2020, 1, 1), moved) == {"M"}
        assert moved_back({"M", "N"}, "W2", [moved], day=date(2024, 3, 31), until=TODAY) == {"N"}
        assert moved_back({"K"}, "W1", [moved], day=date(2024, 3, 31), until=TODAY) == {"K", "M"}
        assert moved_back({"K"}, "W1", [moved], day=date(2024, 4, 1), until=TODAY) == {"K"}


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=6).filter(sum))
@settings(max_examples=50)
def test_parts_of_a_divided_count_add_up_to_it_again(value, parts):
    ends = [sum(parts[:number]) for number in range(len(parts) + 1)]
    shares = [Share("A", start, end, sum(parts)) for start, end in pairwise(ends)]
    assert sum(share.of(value) for share in shares) == value
    assert all(share.of(value) >= 0 for share in shares)


@st.composite
def mergers(draw: st.DrawFn) -> tuple[list[str], list[Change], list[str]]:
    """First areas, mergers and renames one after another, the areas of the last day."""
    first = [f"r{number}" for number in range(draw(st.integers(2, 7)))]
    living, changes, day = list(first), [], date(2000, 4, 1)
    for number in range(draw(st.integers(0, 6))):
        day += timedelta(days=draw(st.integers(1, 900)))
        taken = draw(st.lists(st.sampled_from(living), min_size=1, max_size=3, unique=True))
        new = draw(st.sampled_from([f"n{number}", taken[0]]))
        kind = MERGER if len(taken) > 1 else RENAME
        changes.append(change(kind, day, *[(one, new) for one in taken]))
        living = [one for one in living if one not in taken] + [new]
    return first, changes, living


@given(mergers(), st.integers(0, 6000))
@settings(max_examples=50)
def test_every_area_of_a_day_lies_in_exactly_one_area_of_the_last_map(world, days):
    first, changes, living = world
    day = date(2000, 1, 1) + timedelta(days=days)
    last = date(2060, 1, 1)
    there = set(first)
    for one in changes:
        if one.effective_on <= day:
            there = (there - one.befores) | one.afters
    laid = [code for now in living for code in whole(now, day, *changes, on=last)]
    assert sorted(laid) == sorted(there)
