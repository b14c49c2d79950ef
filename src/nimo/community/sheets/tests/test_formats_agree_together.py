"""Two bodies in one file, one after the other, in whatever kind of file: nothing of one stands in the other."""

from __future__ import annotations

import pytest

from nimo.community.sheets.tests.builders.expected import expected, observed
from nimo.community.sheets.tests.builders.facts import city_facts, prefecture_facts
from nimo.community.sheets.tests.builders.formats import OFFICE, joined, readings
from nimo.community.sheets.tests.builders.layouts import layout_parts

PREFECTURE, CITY = (prefecture_facts(), "r6-prefecture"), (city_facts(), "r6-city")


@pytest.mark.parametrize("order", [(PREFECTURE, CITY), (CITY, PREFECTURE)], ids=["prefecture first", "city first"])
@pytest.mark.parametrize("format_name", OFFICE)
def test_two_sheets_one_below_the_other_are_told_apart(format_name, order):
    found = readings(joined(*(layout_parts(facts, layout) for facts, layout in order)), format_name)
    assert [(one.prefecture, one.municipality, one.fiscal_year) for one in found] == [
        (facts.prefecture, facts.municipality, facts.fiscal_year) for facts, _ in order
    ]
    for one, (facts, layout) in zip(found, order, strict=True):
        seen, wanted = observed(one), expected(facts, layout)
        for section in ("results", "targets", "basic", "challenges"):
            if section in wanted:
                assert seen[section] == wanted[section], section
