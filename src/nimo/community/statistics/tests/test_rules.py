"""The checks on invented figures; arithmetic by properties. No database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.indicators.rules.drafts import Meaning
from nimo.community.statistics.choices import Decision, Severity
from nimo.community.statistics.rules.checks import check_all, check_one, jumps, outliers, repeated, sums
from nimo.community.statistics.rules.effect import decision_after, is_held, is_waiting, severity_of
from nimo.community.statistics.rules.findings import CHECK, KINDS, STOP, Finding
from nimo.community.statistics.rules.subjects import Context, Subject

BASES = frozenset({"630_address", "630_hospital", "ndb_avg_daily"})
MEANINGS = {
    "inpatients": Meaning("inpatients", "入院者", "count", "人", frozenset({"名"}), BASES),
    "rate": Meaning("rate", "再入院率", "rate", "%", frozenset(), BASES),
    "days": Meaning("days", "日数", "days", "日", frozenset(), BASES),
}
CONTEXT = Context(MEANINGS)


def subject(number: int = 0, value=10, **fields) -> Subject:
    given_ = {
        "table": "表",
        "sheet": "表",
        "row": number + 2,
        "cell": f"B{number + 2}",
        "indicator": "inpatients",
        "region": f"{number + 1:02d}000",
        "as_of": "2025-06-30",
        "fiscal_year": None,
        "basis": "630_hospital",
        "coverage": "",
        "dimension": "",
        "state": "value" if value is not None else "not_filled",
        "raw": str(value),
    } | fields
    return Subject(number=number, value=value, **given_)


def codes(findings) -> list[str]:
    return [one.code for one in findings]


@pytest.mark.parametrize(
    "fields, code",
    [
        ({"value": -1}, "negative"),
        ({"value": Decimal("100.1"), "indicator": "rate"}, "over_100"),
        ({"value": Decimal("1.5")}, "fraction"),
        ({"value": 5, "counter": "床"}, "unit"),
        ({"value": 5, "counter": "棟"}, "counter"),
        ({"value": 5, "unit": "床"}, "unit"),
        ({"value": 5, "region": ""}, "unknown_region"),
        ({"value": 5, "as_of": ""}, "no_year"),
        ({"value": 5, "as_of": "2025-13"}, "no_year"),
        ({"value": 5, "indicator": "なし"}, "unknown_indicator"),
        ({"value": 5, "basis": "ndb"}, "wrong_basis"),
        ({"value": None, "state": "unreadable", "raw": "#REF!", "problem": "error"}, "unreadable"),
        ({"value": None, "state": "unreadable", "problem": "formula"}, "no_result"),
        ({"value": 50, "indicator": "rate", "numerator": 5}, "half_parts"),
        ({"value": 50, "indicator": "rate", "numerator": 5, "denominator": 4}, "over_whole"),
        ({"value": 50, "indicator": "rate", "numerator": 5, "denominator": 20}, "other_parts"),
    ],
)
def test_what_is_wrong_with_one_figure_is_told(fields, code):
    assert code in codes(check_one(subject(**fields), CONTEXT))


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 0},
        {"value": None},
        {"value": 12, "counter": "人"},
        {"value": 12, "unit": "名"},
        {"value": Decimal("1025.04"), "basis": "ndb_avg_daily"},
        {"value": Decimal("25.0"), "indicator": "rate", "counter": "%", "numerator": 5, "denominator": 20},
        {"value": None, "state": "suppressed_at_source"},
    ],
)
def test_what_is_in_order_is_left_alone(fields):
    assert check_one(subject(**fields), CONTEXT) == []


def row_of(parts: list[int | None], total: int | None) -> list[Subject]:
    made = [
        subject(n, part, region="10000", dimension=f"形態={n}", axes={"形態": str(n)}) for n, part in enumerate(parts)
    ]
    return [*made, subject(len(parts), total, region="10000", axes={"形態": ""})]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=8), st.integers(-50, 50))
def test_parts_agree_with_their_total_exactly_or_the_total_is_told(parts, slip):
    found = sums(row_of(parts, sum(parts) + slip))
    assert bool(found) == (slip != 0)
    assert set(found) <= {len(parts)}


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6), st.integers(0, 500))
def test_a_part_nobody_filled_in_may_be_the_rest_but_never_less_than_nothing(parts, rest):
    assert not sums(row_of([*parts, None], sum(parts) + rest))
    assert bool(sums(row_of([*parts, None], sum(parts) - rest))) == (rest > 0)


def test_means_may_differ_by_their_rounding():
    parts = [subject(n, Decimal("10.04"), axes={"年齢": str(n)}, region="10000") for n in range(3)]
    whole = subject(3, Decimal("30.2"), axes={"年齢": ""}, region="10000")
    assert not sums([*parts, whole])
    assert sums([*parts, subject(3, Decimal("31.2"), axes={"年齢": ""}, region="10000")])


def test_the_prefectures_are_added_up_to_the_nation_only_when_all_are_there():
    rows = [subject(n, 10) for n in range(47)]
    right, wrong = subject(99, 470, region="00000"), subject(99, 471, region="00000")
    assert 99 not in check_all([*rows, right], CONTEXT)
    assert codes(check_all([*rows, wrong], CONTEXT)[99]) == ["regions_sum"]
    assert 99 not in check_all([*rows[1:], wrong], CONTEXT)


def test_a_jump_is_large_in_proportion_and_in_size():
    def told(old: int, new: int, indicator: str = "inpatients") -> bool:
        now = subject(value=new, indicator=indicator)
        return bool(jumps([now], Context(MEANINGS, {now.series: (2024, old)})))

    assert told(100, 1000)
    assert told(1000, 100)
    assert not told(2, 8)
    assert not told(1000, 1100)
    assert told(20, 40, "rate")
    assert not told(20, 22, "rate")


def test_last_year_may_stand_in_the_same_file():
    before = subject(0, 100, as_of="2024-06-30", region="10000")
    now = subject(1, 1000, region="10000")
    found = jumps([before, now], CONTEXT)
    assert list(found) == [1]
    assert "2024年度は 100（B2）" in found[1][0].message


@given(st.integers(100, 5000), st.permutations(range(-20, 21, 3)), st.integers(0, 13))
def test_a_slipped_digit_stands_out_among_alike(size, noise, at):
    values = [size + size * one // 100 for one in noise]
    values[at] *= 100
    rows = [subject(n, value, region_kind="prefecture") for n, value in enumerate(values)]
    assert list(outliers(rows, CONTEXT)) == [at]


def test_few_or_equal_regions_have_no_outliers():
    assert not outliers([subject(n, v) for n, v in enumerate([1, 1, 1, 900])], CONTEXT)
    assert not outliers([subject(n, 10) for n in range(12)] + [subject(12, 900)], CONTEXT)


def test_the_same_fact_in_two_cells_names_both():
    found = repeated([subject(0, region="10000"), subject(1, region="10000"), subject(2)])
    assert {number: one[0].code for number, one in found.items()} == {0: "repeated", 1: "repeated"}
    assert "B3" in found[0][0].message


def test_rates_written_as_fractions_and_rows_of_another_year_are_told():
    rates = [subject(n, Decimal("0.129"), indicator="rate") for n in range(3)]
    assert all("small_rate" in codes(one) for one in check_all(rates, CONTEXT).values())
    assert not check_all([*rates, subject(3, Decimal("12.9"), indicator="rate")], CONTEXT).get(0)
    years = [subject(n) for n in range(19)] + [subject(19, as_of="2019-06-30")]
    assert "wrong_year" in codes(check_all(years, CONTEXT)[19])


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=4))
def test_the_heaviest_finding_decides(kinds):
    severity = severity_of([Finding(kind, "") for kind in kinds])
    severities = {KINDS[kind].severity for kind in kinds}
    assert severity == ("stop" if "stop" in severities else "check" if severities else "")
    assert not is_held(severity, "left_out")
    assert not is_waiting(severity, "accepted")


def test_a_decision_stays_until_something_new_is_doubtful():
    assert decision_after("accepted", {"jump"}, {"jump"}) == "accepted"
    assert decision_after("accepted", {"jump"}, {"jump", "sum"}) == "pending"
    assert decision_after("accepted", {"jump"}, set()) == "pending"
    assert decision_after("corrected", {"jump"}, {"sum"}) == "corrected"


def test_the_words_of_rules_and_choices_are_the_same():
    assert {STOP, CHECK} == set(Severity.values)
    assert {"pending", "accepted", "corrected", "left_out"} == set(Decision.values)
    assert all(kind.action.endswith("。") for kind in KINDS.values())
