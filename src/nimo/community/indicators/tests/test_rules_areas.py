"""Figures of invented areas laid on today's map: what adds, what is recomputed, what stays absent and why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.indicators.rules.areas import choose, lay, period_of
from nimo.community.indicators.rules.values import Datum
from nimo.foundation.regions.choices import ChangeKind
from nimo.foundation.regions.rules.changes import Change, Composition, Link, Share, compose

TODAY = date(2026, 5, 11)
JUNE = "2005-06-30"
NAMES = {"A": "架空甲町", "B": "架空乙町", "C": "架空市", "D": "架空丁町"}


def datum(code: str, value, **more) -> Datum:
    given = {
        "indicator": "population",
        "kind": "count",
        "fiscal_year": 2005,
        "as_of": JUNE,
        "basis": "resident_register",
        "coverage": "",
        "unit": "人",
        "state": "value" if value is not None else "absent",
        "basis_matters": False,
        "label": NAMES.get(code, code),
    }
    return Datum(region_code=code, value=value, **(given | more))


def merger(day: date, *befores: str, after: str = "C") -> Change:
    return Change(str(day), ChangeKind.MERGER, day, tuple(Link(one, after) for one in befores))


def laid(*items: Datum, composition: Composition | None = None):
    wanted = composition or Composition(frozenset(item.region_code for item in items))
    return lay({item.region_code: item for item in items}, wanted, NAMES)


class TestLaying:
    def test_counts_are_added(self):
        assert laid(datum("A", 1200), datum("B", 800)).value == 2000

    def test_rates_are_recomputed_and_never_averaged(self):
        rate = {"kind": "rate", "unit": "%", "indicator": "early_discharge_rate_3_months"}
        one = datum("A", Decimal("50.0"), numerator=5, denominator=10, **rate)
        other = datum("B", Decimal("90.0"), numerator=81, denominator=90, **rate)
        found = laid(one, other)
        assert (found.value, found.numerator, found.denominator) == (Decimal("86.0"), 86, 100)

    def test_a_rate_per_population_keeps_its_own_measure(self):
        rate = {"kind": "rate", "unit": "人口10万対", "indicator": "ndb_inpatient_rate"}
        one = datum("A", Decimal("200.0"), numerator=20, denominator=10_000, **rate)
        other = datum("B", Decimal("100.0"), numerator=30, denominator=30_000, **rate)
        assert laid(one, other).value == Decimal("125.0")

    def test_means_are_recomputed_from_days_and_persons(self):
        mean = {"kind": "days", "unit": "日", "indicator": "community_living_days"}
        one = datum("A", Decimal("300.25"), numerator=1201, denominator=4, **mean)
        other = datum("B", Decimal("330.00"), numerator=1980, denominator=6, **mean)
        assert laid(one, other).value == Decimal("318.10")

    @pytest.mark.parametrize("kind, unit", [("rate", "%"), ("days", "日")])
    def test_without_parts_a_rate_or_mean_is_absent_with_the_reason(self, kind, unit):
        found = laid(
            datum("A", Decimal("50.0"), kind=kind, unit=unit), datum("B", Decimal("90.0"), kind=kind, unit=unit)
        )
        assert (found.state, found.value) == ("not_computed", None)
        assert "分子と分母が分からないため" in found.reason

    def test_a_rate_of_an_unknown_measure_is_absent(self):
        found = laid(
            *(datum(one, 1, kind="rate", unit="倍", numerator=1, denominator=1) for one in "AB"),
        )
        assert "「倍」" in found.reason

    @pytest.mark.parametrize("kind", ["yes_no", "text"])
    def test_words_are_not_added(self, kind):
        assert "足せません" in laid(datum("A", 1, kind=kind), datum("B", 1, kind=kind)).reason

    def test_a_hidden_operand_hides_the_sum_whatever_else_is_missing(self):
        hidden = datum("A", None, state="suppressed")
        for others in ((datum("B", 5),), (datum("B", None, state="not_filled"),), ()):
            wanted = Composition(frozenset({"A", "B"}))
            found = lay({one.region_code: one for one in (hidden, *others)}, wanted, NAMES)
            assert (found.state, found.value) == ("suppressed", None)
            assert "5" not in found.reason

    def test_what_was_not_filled_in_or_never_recorded_is_told(self):
        found = laid(datum("A", 5), datum("B", None, state="not_filled"))
        assert (found.state, found.value) == ("not_filled", None)
        assert "架空乙町（記入なし）" in found.reason
        found = lay({"A": datum("A", 5)}, Composition(frozenset({"A", "B"})), NAMES)
        assert (found.state, found.value) == ("no_record", None)
        assert "「架空乙町」の値がない" in found.reason

    def test_unlike_figures_are_not_added(self):
        assert "基準が違う" in laid(datum("A", 5), datum("B", 5, basis="census")).reason
        assert "単位が違う" in laid(datum("A", 5), datum("B", 5, unit="世帯")).reason
        assert "概数" in laid(datum("A", 5), datum("B", 5, qualifier="約")).reason

    def test_a_divided_area_is_absent_without_published_shares(self):
        found = lay({"A": datum("A", 100)}, Composition(frozenset(), unknown=frozenset({"A"})), NAMES)
        assert (found.state, found.value) == ("not_computed", None)
        assert "公表された割合がない" in found.reason

    def test_published_shares_divide_the_population_and_nothing_else(self):
        part = Composition(frozenset({"B"}), (Share("A", 0, 30, 100),))
        found = laid(datum("A", 1001), datum("B", 50), composition=part)
        assert (found.value, found.qualifier) == (350, "約")
        beds = [datum(one, 100, indicator="psychiatric_beds", unit="床") for one in "AB"]
        assert "割合は人口だけ" in laid(*beds, composition=part).reason
        hidden = datum("A", None, state="suppressed")
        assert laid(hidden, datum("B", 50), composition=part).state == "suppressed"


class TestTime:
    @pytest.mark.parametrize(
        "as_of, start, end",
        [
            ("2005-06-30", date(2005, 6, 30), date(2005, 6, 30)),
            ("2005-02", date(2005, 2, 1), date(2005, 2, 28)),
            ("2005", date(2005, 1, 1), date(2005, 12, 31)),
            ("FY2005", date(2005, 4, 1), date(2006, 3, 31)),
            ("", date(2005, 4, 1), date(2006, 3, 31)),
        ],
    )
    def test_reads_the_period_of_a_figure(self, as_of, start, end):
        assert period_of(as_of, 2005) == (start, end)

    def chosen(self, change: Change, as_of: str, *stated: str):
        choice = choose("C", [change], period=period_of(as_of, 2005), on=TODAY, stated=stated)
        return choice.refusal or set(choice.composition.whole)

    def test_on_1_april_the_year_belongs_to_the_new_area(self):
        april = merger(date(2005, 4, 1), "A", "B")
        assert self.chosen(april, "FY2005", "C") == {"C"}
        assert self.chosen(april, "FY2004", "A", "B") == {"A", "B"}
        assert self.chosen(april, "2005-03-31", "A", "B") == {"A", "B"}
        assert self.chosen(april, "2005-04-01", "C") == {"C"}

    def test_in_the_middle_of_a_year_the_side_with_figures_is_taken(self):
        autumn = merger(date(2005, 10, 1), "A", "B")
        assert self.chosen(autumn, "FY2005", "A", "B") == {"A", "B"}
        assert self.chosen(autumn, "FY2005", "C") == {"C"}
        assert self.chosen(autumn, JUNE, "A", "B") == {"A", "B"}
        assert self.chosen(autumn, "2005-12-31", "C") == {"C"}

    def test_where_both_sides_have_figures_of_the_year_nothing_is_added(self):
        autumn = merger(date(2005, 10, 1), "A", "B")
        assert "令和" not in str(self.chosen(autumn, "FY2005", "A", "B", "C"))
        assert "二重に数えるおそれ" in str(self.chosen(autumn, "FY2005", "A", "B", "C"))
        assert "平成17年10月1日" in str(self.chosen(autumn, "FY2005", "B", "C"))
        absorbed = merger(date(2005, 10, 1), "C", "B")
        assert "二重に数えるおそれ" in str(self.chosen(absorbed, "FY2005", "B", "C"))
        assert self.chosen(absorbed, "FY2005", "C") == {"C"}
        assert self.chosen(absorbed, JUNE, "B", "C") == {"B", "C"}

    def test_what_a_source_states_for_the_new_area_is_taken_as_it_stands(self):
        assert self.chosen(merger(date(2010, 4, 1), "A", "B"), JUNE, "A", "B", "C") == {"C"}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[str], list[Change], list[str]]:
    """The municipalities of an invented prefecture, mergers, divisions with shares, renames; those of the last day."""
    first = [f"r{number}" for number in range(draw(st.integers(2, 6)))]
    living, changes, day = list(first), [], date(2000, 4, 1)
    for number in range(draw(st.integers(0, 5))):
        day = draw(st.sampled_from([date(day.year + 1, 4, 1), day + timedelta(days=draw(st.integers(1, 700)))]))
        shape = draw(st.sampled_from(["merger", "absorption", "rename", "division"]))
        taken = draw(st.lists(st.sampled_from(living), min_size=1, max_size=3, unique=True))
        if shape == "division" and number == 0:  # what divides a joined area leaves its past absent: another test
            part = draw(st.integers(0, 50))
            news = [f"d{number}", taken[0]]
            links = [Link(taken[0], new, None, size, 50) for new, size in zip(news, (part, 50 - part), strict=True)]
            changes.append(Change(str(number), ChangeKind.SPLIT, day, tuple(links)))
            living.append(news[0])
            continue
        new = taken[0] if shape == "absorption" else f"n{number}"
        kind = ChangeKind.MERGER if len(taken) > 1 else ChangeKind.RENAME
        changes.append(Change(str(number), kind, day, tuple(Link(one, new) for one in taken)))
        living = [one for one in living if one not in taken] + [new]
    return first, changes, living


def there_on(first: list[str], changes: list[Change], day: date) -> set[str]:
    there = set(first)
    for one in changes:
        if one.effective_on <= day:
            there = (there - one.befores) | one.afters
    return there


@given(worlds(), st.integers(0, 4000), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_population_of_a_prefecture_is_equal_on_both_views_before_and_after(world, days, random):
    first, changes, living = world
    day = date(2000, 1, 1) + timedelta(days=days)
    there = {code: random.randrange(0, 10**6) for code in sorted(there_on(first, changes, day))}
    when = {"as_of": day.isoformat(), "fiscal_year": day.year}
    then = sum(there.values())
    now = 0
    for code in living:
        wanted = compose(code, changes, day=day, on=date(2060, 1, 1))
        found = lay({one: datum(one, there[one], **when) for one in wanted.codes}, wanted, {})
        assert found.state == "value"
        now += found.value
    assert now == then


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=2, max_size=6))
@settings(max_examples=50)
def test_a_pooled_rate_lies_between_its_parts_and_has_their_sums(parts):
    items = [
        datum(
            f"r{number}",
            Decimal(round(min(a, b) * 100 / b, 1)).quantize(Decimal("0.1")),
            kind="rate",
            unit="%",
            numerator=min(a, b),
            denominator=b,
        )
        for number, (a, b) in enumerate(parts)
    ]
    found = laid(*items)
    assert found.numerator == sum(one.numerator for one in items)
    assert found.denominator == sum(one.denominator for one in items)
    assert min(one.value for one in items) - 1 <= found.value <= max(one.value for one in items) + 1


@given(st.permutations(range(4)))
@settings(max_examples=24)
def test_a_chain_of_mergers_gives_the_same_sum_in_any_order_of_recording(order):
    changes = [
        merger(date(2002, 4, 1), "A", "B", after="C"),
        merger(date(2004, 10, 1), "C", "D", after="E"),
        merger(date(2008, 4, 1), "E", "F", after="E"),
        Change("x", ChangeKind.RENAME, date(2012, 1, 1), (Link("E", "G"),)),
    ]
    shuffled = [changes[number] for number in order]
    values = {"A": 1, "B": 10, "D": 100, "F": 1000, "C": 11, "E": 111}
    days = [date(2001, 6, 30), date(2003, 6, 30), date(2005, 6, 30), date(2009, 6, 30)]
    expected = [{"A", "B", "D", "F"}, {"C", "D", "F"}, {"E", "F"}, {"E"}]
    for day, codes in zip(days, expected, strict=True):
        found = compose("G", shuffled, day=day, on=TODAY)
        assert found.whole == codes
        assert sum(values[one] for one in found.whole) in (1111, 111)
