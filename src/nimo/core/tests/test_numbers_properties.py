"""What holds for every figure: read back as written, marks outside, sums kept, nothing raised."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.core.numbers import format_number, parse_quantities, share_of
from nimo.core.numerals import kanji_numeral
from nimo.core.tests.strategies import document_text

COUNTS = st.integers(0, 10**9)
UNITS = st.sampled_from(
    ["か所", "人", "市", "病院", "床", "回", "件", "事業所", "町", "村", "市町村", "日", "%", "圏域"]
)
KA_SHO = st.sampled_from(["か所", "ヶ所", "ヵ所", "カ所", "ケ所", "箇所", "ｹ所"])
MARKS = st.sampled_from(
    [chr(code) for code in [*range(0x2460, 0x249C), 0x24EA, *range(0x3251, 0x3260), *range(0x2776, 0x277F)]]
)


def wide(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one in "0123456789,.%" else one for one in text)


@given(COUNTS, UNITS, st.booleans(), st.booleans(), st.sampled_from(["", " ", "　"]))
def test_reads_back_a_count_in_any_width(count: int, unit: str, commas: bool, full: bool, space: str) -> None:
    written = f"{format_number(count) if commas else count}{space}{unit}"
    (read,) = parse_quantities(wide(written) if full else written).values
    assert (read.value, read.unit, read.per, read.label) == (count, unit, None, None)


@given(st.integers(1, 10**9), KA_SHO)
def test_reads_every_spelling_of_the_counter_as_one_unit(count: int, counter: str) -> None:
    (read,) = parse_quantities(f"{count}{counter}").values
    assert (read.value, read.unit) == (count, "か所")


@given(st.integers(10, 10**12))
def test_reads_back_a_count_in_kanji(count: int) -> None:
    (read,) = parse_quantities(f"{kanji_numeral(count)}人").values
    assert (read.value, read.unit) == (count, "人")


@given(st.integers(1, 99_999), st.integers(0, 4))
def test_reads_ten_thousands_exactly(tenths: int, places: int) -> None:
    written = Decimal(tenths).scaleb(-places)
    (read,) = parse_quantities(f"{written:f}万人").values
    assert read.value == tenths * 10 ** (4 - places)
    assert isinstance(read.value, int)


@given(MARKS, COUNTS, st.sampled_from(["", " "]), st.booleans())
def test_never_lets_a_row_mark_into_the_number(mark: str, count: int, space: str, full: bool) -> None:
    digits = wide(str(count)) if full else str(count)
    (read,) = parse_quantities(f"{mark}{space}{digits}か所").values
    assert read.value == count


@given(st.lists(COUNTS, min_size=2, max_size=6), st.sampled_from([" ", "\n", "、", "　"]))
def test_keeps_the_sum_of_labelled_counts(counts: list[int], separator: str) -> None:
    labels = ["全体会", "定例会", "専門部会", "退院者数", "事例検討数", "研修"]
    raw = separator.join(f"{label}{count}回" for label, count in zip(labels, counts, strict=False))
    values = parse_quantities(raw).values
    assert [one.label for one in values] == labels[: len(counts)]
    assert sum(one.value for one in values) == sum(counts)


@given(
    COUNTS,
    st.sampled_from(["年", "月", "週"]),
    st.sampled_from(["{p}{n}回", "{p}に{n}回", "毎{p}{n}回", "{n}回/{p}", "{n}回／{p}"]),
)
def test_never_takes_a_rate_for_a_count(count: int, per: str, form: str) -> None:
    (read,) = parse_quantities(form.format(p=per, n=count)).values
    assert (read.value, read.unit, read.per) == (count, "回", per)


@given(COUNTS, COUNTS)
def test_labels_the_ends_of_a_range_from_low_to_high(one: int, other: int) -> None:
    low, high = sorted((one, other))
    first, second = parse_quantities(f"{low}～{high}人").values
    assert (first.value, first.label, second.value, second.label) == (low, "下限", high, "上限")
    assert first.unit == second.unit == "人"


@given(COUNTS, st.sampled_from(["政令市を除く", "その他にコア会議を開催", "令和6年5月時点", "うち新規2か所"]))
def test_leaves_numbers_in_remarks_alone(count: int, remark: str) -> None:
    parsed = parse_quantities(f"{count}か所（{remark}）")
    assert [one.value for one in parsed.values] == [count]
    assert parsed.qualifier == remark


@given(document_text)
def test_survives_any_text_and_keeps_it(text: str) -> None:
    parsed = parse_quantities(text)
    assert parsed.raw == text
    assert (parsed.state == "value") == bool(parsed.values)
    assert all(isinstance(one.value, (int, Decimal)) and not isinstance(one.value, bool) for one in parsed.values)
    assert all(Decimal(one.value).is_finite() for one in parsed.values)


@given(document_text)
def test_reads_no_number_where_there_is_no_digit(text: str) -> None:
    digitless = "".join(one for one in text if not one.isnumeric())
    assert parse_quantities(digitless).values == ()


@given(document_text)
def test_reads_the_same_from_any_width(text: str) -> None:
    narrow = parse_quantities(text)
    assert parse_quantities(wide(text)).values == narrow.values


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_rounds_a_share_half_up(part: int, whole: int) -> None:
    share = share_of(part, whole)
    assert share == (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    assert share.as_tuple().exponent == -1


@given(st.lists(st.integers(0, 10**5), min_size=1, max_size=3).filter(any))
def test_gives_shares_of_three_parts_that_sum_to_a_hundred_but_for_rounding(parts: list[int]) -> None:
    shares = [share_of(part, sum(parts)) for part in parts]
    assert abs(sum(shares) - 100) <= Decimal("0.1")


@given(st.integers(-(10**12), 10**12))
def test_writes_numbers_that_read_back(number: int) -> None:
    assert int(format_number(number).replace(",", "")) == number
    (read,) = parse_quantities(format_number(number)).values
    assert read.value == number


@pytest.mark.parametrize("size", [10, 200, 2000])
def test_reads_a_long_cell_in_reasonable_steps(size: int) -> None:
    assert len(parse_quantities("全体会2回 " * size).values) == size
