"""The language of derived indicators, and what it gives where figures are missing, hidden or not comparable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.community.indicators.rules.evaluation import Result, evaluate, exact, shown
from nimo.community.indicators.rules.expressions import (
    MAX_LENGTH,
    ExpressionError,
    Known,
    Reference,
    check,
    in_words,
    leading,
    parse,
    references,
    unit_of,
)
from nimo.community.indicators.rules.values import Datum

KNOWN = {
    "people": Known("人口", "count", "人", ("resident_register",)),
    "others": Known("シートの人口", "count", "人", ("sheet_as_given",)),
    "beds": Known("病床数", "count", "床", ("630_hospital", "unspecified")),
    "stays": Known("入院者", "count", "人", ("630_address", "630_hospital")),
    "long": Known("1年以上", "count", "人", ("630_address", "630_hospital")),
    "users": Known("利用者", "count", "人/月", ("unspecified",)),
    "rate": Known("再入院率", "rate", "%", ("ndb",)),
    "prose": Known("文章", "text", "", ("unspecified",)),
}


def datum(code: str, value: int | Decimal | None, **fields) -> Datum:
    given = {
        "kind": "count",
        "region_code": "10205",
        "fiscal_year": 2025,
        "as_of": "2025-06-30",
        "basis": "630_hospital",
        "coverage": "",
        "unit": KNOWN[code].unit,
        "state": "value" if value is not None else "absent",
        "basis_matters": code in ("stays", "long"),
        **fields,
    }
    return Datum(indicator=code, value=value, **given)


def work(text: str, *now: Datum, before: tuple[Datum, ...] = ()) -> Result:
    years = (now, before)

    def find(one: Reference, back: int) -> Datum | None:
        return next((d for d in years[back] if d.indicator == one.code and d.dimension == one.dimension), None)

    return evaluate(parse(text), find, lambda code: KNOWN[code].name)


@pytest.mark.parametrize(
    "text, value",
    [
        ("2 + 3 × 4", 14),
        ("(2 + 3) * 4", 20),
        ("10 − 4 - 3", 3),
        ("12 ÷ 4 / 3", 1),
        ("sum(1, 2, 3.5)", Fraction(13, 2)),
        ("per(100000, 1, 3)", Fraction(100000, 3)),
    ],
)
def test_reckons_as_at_school(text, value):
    assert work(text).value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "beds +",
        "(beds",
        "beds beds",
        "share(long)",
        "per(7, long, stays)",
        "per(beds, long, stays)",
        "change(long + stays)",
        "near(1)",
        "per(100, change(long), stays)",
        "__import__('os')",
        "open('x')",
        "beds.real",
        "lambda: 1",
        "beds[",
        "[年齢=65]",
        "1" * 30,
        "(" * 40 + "1" + ")" * 40,
        "beds + " * MAX_LENGTH + "beds",
    ],
)
def test_refuses_what_is_no_expression(text):
    with pytest.raises(ExpressionError):
        parse(text)


@given(st.text(alphabet="abc01().,+-*/×÷−[]@|= 人", max_size=60))
def test_any_text_is_an_expression_or_refused_and_nothing_else(text):
    try:
        found = parse(text)
    except ExpressionError:
        return
    assert in_words(found, {})
    assert all(one.code for one in references(found))


@pytest.mark.parametrize(
    "text, unit",
    [
        ("per(100000, beds, people)", "床/人"),
        ("share(long, stays)", "1"),
        ("long + stays", "人"),
        ("change(rate)", "%"),
        ("per(100000, users, people)", "1/月"),
        ("near(people, others) ÷ beds", "人/床"),
        ("2 × beds", "床"),
    ],
)
def test_units_follow_from_the_operands(text, unit):
    assert check(parse(text), KNOWN) == unit_of(unit)


@pytest.mark.parametrize(
    "text, why",
    [
        ("beds + people", "単位の違う値"),
        ("share(beds, people)", "分子"),
        ("rate + rate", "件数ではない"),
        ("per(100, rate, beds)", "件数ではない"),
        ("happiness", "辞書にありません"),
        ("prose × 2", "数ではない"),
        ("near(people, beds)", "near"),
        ("beds@630_address", "基準"),
    ],
)
def test_refuses_units_that_do_not_fit(text, why):
    with pytest.raises(ExpressionError, match=why):
        check(parse(text), KNOWN)


def test_keeps_the_numerator_and_the_denominator():
    found = work("share(long, stays)", datum("long", 1), datum("stays", 3))
    assert (found.numerator, found.denominator) == (1, 3)
    assert found.value == Fraction(100, 3)
    assert shown(found.value, 1) == Decimal("33.3")


@pytest.mark.parametrize("value", [Decimal("0.1"), Decimal("0.2")])
def test_decimals_stay_exact(value):
    found = work("sum(beds, beds, beds)", datum("beds", value))
    assert found.value == Fraction(value) * 3


@pytest.mark.parametrize(
    "value, places, text",
    [("1/2", 0, "1"), ("-1/2", 0, "-1"), ("1/4", 1, "0.3"), ("-1/4", 1, "-0.3"), ("2/3", 2, "0.67"), ("5", 1, "5.0")],
)
def test_rounds_half_up_away_from_zero(value, places, text):
    assert str(shown(Fraction(value), places)) == text


def test_a_rate_over_nobody_has_no_value_and_is_not_zero():
    found = work("share(long, stays)", datum("long", 0), datum("stays", 0))
    assert (found.state, found.value) == ("not_applicable", None)
    assert "分母が0" in found.reason
    assert "0という意味ではありません" in found.reason


@pytest.mark.parametrize("state", ["absent", "not_filled", "suppressed", "suppressed_at_source", "unreadable"])
@pytest.mark.parametrize("hit", ["long", "stays"])
def test_a_missing_operand_is_named_and_never_counts_as_zero(state, hit):
    rows = [datum("long", 5), datum("stays", 10)]
    rows = [replace(row, state=state, value=None) if row.indicator == hit else row for row in rows]
    for text in ("share(long, stays)", "long + stays", "stays − long"):
        found = work(text, *rows)
        assert (found.state, found.value) == (state, None)
        assert KNOWN[hit].name in found.reason


def test_what_is_not_recorded_at_all_is_named():
    found = work("share(long, stays)", datum("long", 5))
    assert found.state == "no_record"
    assert "入院者（記録なし）" in found.reason


def test_the_gravest_reason_leads_and_a_hidden_operand_is_the_gravest():
    rows = (datum("long", None), datum("stays", None, state="suppressed"))
    found = work("share(long, stays)", *rows)
    assert found.state == "suppressed"
    assert "1年以上（資料にない）" in found.reason
    assert "入院者（公表しない値）" in found.reason


EXPRESSIONS = (
    "share(long, stays)",
    "per(100000, long, near(people, others))",
    "change(long)",
    "sum(long, stays, long)",
    "(stays − long) × 2",
    "share(stays − long, stays)",
    "stays ÷ (long − long)",
)
numbers = st.integers(0, 500)


def tried(text: str, secret: Mapping[str, int], hidden: frozenset[str], shown_values: Mapping[str, int]) -> Result:
    """Hidden figures carry their secret value inside the state: an evaluation that looked at it would tell."""

    def one(code: str, year: int) -> Datum:
        gone = code in hidden
        return datum(
            code,
            secret[code] + year if gone else shown_values[code],
            state="suppressed" if gone else "value",
            fiscal_year=2025 - year,
            as_of=f"{2025 - year}-06-30",
        )

    codes = ("long", "stays", "people", "others")
    now, before = (tuple(one(code, year) for code in codes) for year in (0, 1))
    found = work(text, *now, before=before)
    return replace(found, used=(), near=())


@given(
    st.sampled_from(EXPRESSIONS),
    st.frozensets(st.sampled_from(["long", "stays", "people", "others"]), min_size=1),
    st.fixed_dictionaries(dict.fromkeys(("long", "stays", "people", "others"), numbers)),
    st.fixed_dictionaries(dict.fromkeys(("long", "stays", "people", "others"), numbers)),
    st.fixed_dictionaries(dict.fromkeys(("long", "stays", "people", "others"), numbers)),
)
def test_no_derived_figure_tells_two_worlds_apart_that_differ_in_hidden_numbers(text, hidden, shown_values, one, other):
    assert tried(text, one, hidden, shown_values) == tried(text, other, hidden, shown_values)
    needed = {reference.code for reference in references(parse(text))} - {"people", "others"}
    if needed & hidden:
        assert tried(text, one, hidden, shown_values).value is None


@given(numbers, st.integers(1, 500), st.integers(0, 4))
def test_a_rate_printed_lies_within_half_a_unit_of_the_exact_one(above, below, places):
    value = Fraction(above * 100, below)
    assert abs(Fraction(shown(value, places)) - value) <= Fraction(1, 2 * 10**places)
    back = exact(Fraction(above))
    assert back == above


def test_refuses_two_bases_two_times_and_two_coverages():
    long = datum("long", 5)
    for other, why in (
        (datum("stays", 10, basis="630_address"), "基準"),
        (datum("stays", 10, as_of="2025-05-31"), "時点"),
        (datum("stays", 10, coverage="政令市を除く"), "範囲"),
    ):
        found = work("share(long, stays)", long, other)
        assert (found.state, found.value) == ("not_computed", None)
        assert why in found.reason


def test_a_part_above_its_whole_is_doubted_and_not_printed():
    found = work("share(long, stays)", datum("long", 12), datum("stays", 10))
    assert found.state == "not_computed"


def test_near_takes_the_first_with_a_value_and_then_the_year_before():
    beds = datum("beds", 50)
    register = datum("people", 1_000, as_of="2026-01-01", basis="resident_register")
    sheet = datum("others", 2_000, as_of="2025-04", basis="sheet_as_given")
    text = "per(1000, beds, near(people, others))"
    assert work(text, beds, register, sheet).value == 50
    assert work(text, beds, sheet, before=(register,)).value == 25
    last = work(text, beds, before=(register,))
    assert last.value == 50
    assert [one.indicator for one in last.near] == ["people"]
    assert work(text, beds).state == "no_record"
    assert work(text, beds, replace(register, state="not_filled", value=None)).state == "not_filled"


def test_a_change_compares_the_same_day_of_two_years_only():
    now = datum("long", 90)
    before = datum("long", 100, fiscal_year=2024, as_of="2024-06-30")
    assert work("change(long)", now, before=(before,)).value == -10
    assert work("change(long)", now).state == "no_record"
    assert work("change(long)", now, before=(replace(before, as_of="2024-05-31"),)).state == "not_computed"
    assert work("change(long)", now, before=(replace(before, basis="630_address"),)).state == "not_computed"


def test_approximate_figures_make_approximate_rates_and_no_sums():
    about = datum("long", 100, qualifier="約")
    assert work("share(long, stays)", about, datum("stays", 200)).qualifier == "約"
    assert work("long + stays", about, datum("stays", 200)).state == "not_computed"


def test_says_in_words_what_is_reckoned():
    names = {code: known.name for code, known in KNOWN.items()}
    assert in_words(parse("per(100000, beds, near(people, others))"), names) == (
        "病床数 ÷ （人口またはシートの人口） × 100,000"
    )
    assert in_words(parse("change(long)"), names) == "1年以上 − 前の年度の1年以上"
    assert leading(parse("per(1, near(people), beds)")) == Reference("beds")
