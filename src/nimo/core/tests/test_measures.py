"""Measures: registered by code, counted again, opened by those who may."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nimo.core import measures
from nimo.core.measures import CannotOpen, Measure, MeasureCount, UnknownMeasure, measure


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
    def records(actor: str, region_code: str, fiscal_year: int) -> list[str]:
        return [f"{actor}:{region_code}:{fiscal_year}"]

    assert registered.can_open
    assert list(registered.records("保健師", "10205", 2024)) == ["保健師:10205:2024"]
    with pytest.raises(ValueError, match="already"):
        registered.opens(records)


def test_refuses_to_open_what_offers_no_records() -> None:
    with pytest.raises(CannotOpen, match="spells"):
        inpatients().records("actor", "10205", 2024)


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

    def test_refuses_a_negative_number_of_records(self) -> None:
        with pytest.raises(ValueError, match="records"):
            MeasureCount(0, records=-1)
