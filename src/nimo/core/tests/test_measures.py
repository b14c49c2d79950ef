"""Measures: registered by code, counted again, opened by those who may."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nimo.core import measures
from nimo.core.measures import CannotOpen, Measure, MeasureCount, MeasureRecord, UnknownMeasure, measure


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "_measures", {})


def inpatients() -> Measure:
    @measure(code="spells.inpatients", label="入院者数", unit="人", basis="630_hospital")
    def count(region_code: str, fiscal_year: int) -> MeasureCount:
        return MeasureCount(value=386 if (region_code, fiscal_year) == ("10205", 2024) else 0, records=3)

    return count


def test_counts_for_a_region_and_a_year() -> None:
    registered = inpatients()
    assert registered("10205", 2024) == MeasureCount(value=386, records=3)
    assert measures.get("spells.inpatients").count("10205", 2023).value == 0
    assert (registered.label, registered.unit, registered.basis) == ("入院者数", "人", "630_hospital")


def test_opens_the_records_for_an_actor() -> None:
    registered = inpatients()
    assert not registered.can_open

    @registered.opens
    def records(actor: str, region_codes: tuple[str, ...], fiscal_year: int) -> list[MeasureRecord]:
        return [MeasureRecord(f"{actor}:{code}:{fiscal_year}", "/") for code in region_codes]

    assert registered.can_open
    opened = registered.records("保健師", ("10205", "10201"), 2024)
    assert [one.text for one in opened] == ["保健師:10205:2024", "保健師:10201:2024"]
    with pytest.raises(ValueError, match="already"):
        registered.opens(records)


def test_refuses_to_open_what_offers_no_records() -> None:
    with pytest.raises(CannotOpen, match="spells"):
        inpatients().records("actor", "10205", 2024)


def test_becomes_stale_with_its_own_code_and_its_facts() -> None:
    @measure(code="spells.leavers", label="退院者数", unit="人", basis="records", facts={"spells.spell": "在院の記録"})
    def leavers(region_code: str, fiscal_year: int) -> MeasureCount:
        return MeasureCount(1, 1)

    inpatients()
    assert [one.code for one in measures.counted_from("spells.spell")] == ["spells.leavers"]
    assert leavers.facts == {"spells.leavers": "退院者数", "spells.spell": "在院の記録"}
    assert [one.code for one in measures.counted_from("spells.leavers")] == ["spells.leavers"]
    assert measures.counted_from("beds") == ()


def test_counts_several_regions_only_where_it_knows_each_record() -> None:
    registered = inpatients()
    with pytest.raises(LookupError):
        registered.count_together(("10205", "10201"), 2024)

    @registered.together
    def together(region_codes: tuple[str, ...], fiscal_year: int) -> MeasureCount:
        return MeasureCount(len(set(region_codes)), len(region_codes))

    assert registered.counts_together
    assert registered.count_together(("10205", "10201"), 2024).value == 2
    with pytest.raises(ValueError, match="already"):
        registered.together(together)


def test_counts_one_by_one_what_the_table_leaves_out() -> None:
    registered = inpatients()

    @registered.many
    def table(region_codes: set[str], fiscal_years: set[int]) -> dict[tuple[str, int], MeasureCount]:
        return {("10201", year): MeasureCount(7, 7) for year in fiscal_years}

    counted = registered.count_many([("10205", 2024), ("10201", 2024)])
    assert {key: one.value for key, one in counted.items()} == {("10205", 2024): 386, ("10201", 2024): 7}
    with pytest.raises(ValueError, match="already"):
        registered.many(table)


def test_refuses_a_code_used_twice() -> None:
    inpatients()
    with pytest.raises(ValueError, match="twice"):
        inpatients()


def test_names_the_code_it_does_not_know() -> None:
    with pytest.raises(UnknownMeasure, match="nothing"):
        measures.get("nothing")


def test_lists_measures_by_code() -> None:
    for code in ("b", "a", "c"):
        measure(code=code, label=code, unit="回", basis="records")(lambda region_code, fiscal_year: MeasureCount(0, 0))
    assert [one.code for one in measures.all_measures()] == ["a", "b", "c"]


class TestMeasureCount:
    def test_tells_unknown_from_zero(self) -> None:
        assert MeasureCount(value=None, records=0) != MeasureCount(value=0, records=0)

    def test_carries_a_rate_with_both_its_parts(self) -> None:
        assert MeasureCount(Decimal("68.9"), records=31, numerator=31, denominator=45).denominator == 45
        with pytest.raises(ValueError, match="numerator"):
            MeasureCount(Decimal("68.9"), records=31, numerator=31)
        with pytest.raises(ValueError, match="numerator"):
            MeasureCount(Decimal("68.9"), records=31, denominator=45)

    def test_refuses_a_rate_over_nothing(self) -> None:
        assert MeasureCount(None, records=0, numerator=0, denominator=0).value is None
        with pytest.raises(ValueError, match="over nothing"):
            MeasureCount(0, records=0, numerator=0, denominator=0)

    def test_a_figure_that_is_withheld_has_no_value(self) -> None:
        assert MeasureCount(None, records=3, withheld="人が少ないため").value is None
        with pytest.raises(ValueError, match="withheld"):
            MeasureCount(3, records=3, withheld="人が少ないため")

    def test_refuses_a_negative_number_of_records(self) -> None:
        with pytest.raises(ValueError, match="records"):
            MeasureCount(0, records=-1)
