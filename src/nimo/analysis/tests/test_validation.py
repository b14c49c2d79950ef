"""The bad input a file of spells can bring: each is named by row number, nothing is repaired, the rest can be used."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings

from nimo.analysis.engine import Engine
from nimo.analysis.rules import rules_from_data
from nimo.analysis.spells.contract import NAMES, ContractError, conform
from nimo.analysis.spells.references import Hospital, References, ReferencesError, Succession
from nimo.analysis.spells.validation import Checked, Severity
from nimo.analysis.tests.reference import Spell, in_order
from nimo.analysis.tests.support import arrow, checked, random_spells, spell_lists, table

UNTIL = date(2024, 6, 30)
GOOD = Spell(2, "a", date(2024, 1, 10), date(2024, 2, 10), outcome="home", birth=date(1980, 5, 5))


def kinds(found: Checked) -> dict[int, set[str]]:
    by_row: dict[int, set[str]] = {}
    for one in found.violations():
        by_row.setdefault(one.row, set()).add(one.kind.code)
    return by_row


def usable(found: Checked) -> set[int]:
    return {row["row"] for row in found.engine.rows(found.usable.select("row"))}


def check(engine: Engine, folder: Path, *spells: Spell, **more: object) -> Checked:
    return checked(engine, spells, folder, UNTIL, **more)


def test_finds_nothing_in_good_spells(engine: Engine, tmp_path: Path):
    later = replace(GOOD, row=3, admitted=date(2024, 5, 1), discharged=None, outcome=None)
    found = check(engine, tmp_path, GOOD, later)
    assert kinds(found) == {}
    assert (found.rows, found.errors) == (2, 0)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (replace(GOOD, discharged=date(2024, 1, 9)), "discharge_before_admission"),
        (replace(GOOD, person=""), "missing_person"),
        (replace(GOOD, hospital=""), "missing_hospital"),
        (replace(GOOD, municipality="10999"), "unknown_municipality"),
        (replace(GOOD, municipality="10000"), "unknown_municipality"),
        (replace(GOOD, municipality="99201"), "unknown_municipality"),
        (replace(GOOD, hospital_municipality="1020"), "unknown_hospital_municipality"),
        (replace(GOOD, outcome="somewhere"), "unknown_outcome"),
        (replace(GOOD, diagnosis="F99"), "unknown_diagnosis_group"),
        (replace(GOOD, admission_type="x"), "unknown_admission_type"),
        (replace(GOOD, bed="sofa"), "unknown_bed"),
        (replace(GOOD, birth=date(2024, 1, 11)), "impossible_age"),
        (replace(GOOD, birth=date(1903, 1, 10)), "impossible_age"),
        (replace(GOOD, birth=None, birth_year=2025), "impossible_age"),
        (replace(GOOD, birth=None, birth_year=1902), "impossible_age"),
        (replace(GOOD, discharged=date(2567, 2, 10)), "implausible_date"),
        (replace(GOOD, admitted=date(1868, 1, 10)), "implausible_date"),
    ],
)
def test_names_a_wrong_row(wrong: Spell, kind: str, duckdb_engine: Engine, tmp_path: Path):
    found = check(duckdb_engine, tmp_path, replace(GOOD, row=7, person="b"), replace(wrong, row=8))
    assert kind in kinds(found)[8]
    assert 7 not in kinds(found)
    assert usable(found) == {7}
    assert found.errors == 1


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        (replace(GOOD, discharged=date(2024, 1, 10)), "zero_days"),
        (replace(GOOD, outcome=None), "discharge_without_outcome"),
        (replace(GOOD, discharged=None), "outcome_while_in_hospital"),
        (replace(GOOD, admitted=date(2024, 7, 1), discharged=None, outcome=None), "admitted_after_observation"),
        (replace(GOOD, discharged=date(2024, 7, 1)), "discharged_after_observation"),
        (replace(GOOD, outcome="transfer"), "unlinked_transfer"),
    ],
)
def test_tells_of_an_odd_row_and_keeps_it(odd: Spell, kind: str, duckdb_engine: Engine, tmp_path: Path):
    found = check(duckdb_engine, tmp_path, odd)
    assert kinds(found) == {2: {kind}}
    assert usable(found) == {2}


@pytest.mark.parametrize("birth", [date(2024, 1, 10), date(1904, 1, 10), date(1903, 1, 11)])
def test_takes_ages_0_and_120(birth: date, duckdb_engine: Engine, tmp_path: Path):
    assert kinds(check(duckdb_engine, tmp_path, replace(GOOD, birth=birth))) == {}


@pytest.mark.parametrize("oldest, age", [(100, 100), (100, 101), (60, 60), (60, 61)])
def test_follows_the_rule_of_the_highest_age(oldest: int, age: int, duckdb_engine: Engine, tmp_path: Path):
    old = replace(GOOD, birth=GOOD.admitted.replace(year=GOOD.admitted.year - age))
    found = check(duckdb_engine, tmp_path, old, rules=rules_from_data({"age": {"oldest": oldest}}))
    assert kinds(found) == ({2: {"impossible_age"}} if age > oldest else {})


def test_takes_29_february_as_birth_and_as_admission(duckdb_engine: Engine, tmp_path: Path):
    leap = replace(GOOD, admitted=date(2024, 2, 29), discharged=date(2024, 2, 29), birth=date(2024, 2, 29))
    assert kinds(check(duckdb_engine, tmp_path, leap)) == {2: {"zero_days"}}


def test_names_the_second_of_two_equal_rows(duckdb_engine: Engine, tmp_path: Path):
    other = replace(GOOD, row=4, outcome="other")
    found = check(duckdb_engine, tmp_path, replace(GOOD, row=5), other, GOOD)
    assert kinds(found) == {4: {"overlap"}, 5: {"duplicate"}}
    assert usable(found) == {2}


def test_names_equal_rows_of_zero_days(duckdb_engine: Engine, tmp_path: Path):
    zero = replace(GOOD, discharged=GOOD.admitted)
    found = check(duckdb_engine, tmp_path, zero, replace(zero, row=3))
    assert kinds(found) == {2: {"zero_days"}, 3: {"duplicate", "zero_days"}}


def test_names_overlaps_also_behind_a_longer_spell(duckdb_engine: Engine, tmp_path: Path):
    short = replace(GOOD, row=3, admitted=date(2024, 1, 12), discharged=date(2024, 1, 13))
    third = replace(GOOD, row=4, admitted=date(2024, 2, 1), discharged=date(2024, 2, 20))
    found = check(duckdb_engine, tmp_path, GOOD, short, third)
    assert kinds(found) == {3: {"overlap"}, 4: {"overlap"}}


def test_lets_overlaps_pass_where_the_rule_joins_them(duckdb_engine: Engine, tmp_path: Path):
    second = replace(GOOD, row=3, admitted=date(2024, 1, 12))
    found = check(duckdb_engine, tmp_path, GOOD, second, rules=rules_from_data({"linking": {"overlaps": "join"}}))
    assert found.errors == 0
    assert [(one.row, found.severity(one.kind)) for one in found.violations()] == [(3, Severity.NOTE)]


def test_names_an_open_spell_that_a_later_admission_follows(duckdb_engine: Engine, tmp_path: Path):
    open_ = replace(GOOD, discharged=None, outcome=None)
    later = replace(GOOD, row=3, admitted=date(2024, 3, 1), discharged=date(2024, 4, 1))
    found = check(duckdb_engine, tmp_path, later, open_)
    assert kinds(found) == {2: {"open_but_admitted_again"}}
    assert usable(found) == {3}, "the row with the missing discharge is the wrong one"


def test_takes_a_transfer_on_one_day_as_no_error(duckdb_engine: Engine, tmp_path: Path):
    moved = replace(GOOD, outcome="transfer")
    next_ = replace(GOOD, row=3, admitted=date(2024, 2, 10), discharged=date(2024, 3, 1), hospital="H2")
    found = check(duckdb_engine, tmp_path, next_, moved)
    assert kinds(found) == {3: {"same_day_transfer"}}


def test_names_what_follows_a_death(duckdb_engine: Engine, tmp_path: Path):
    dead = replace(GOOD, outcome="death")
    later = replace(GOOD, row=3, admitted=date(2024, 3, 1), discharged=date(2024, 3, 2))
    same_day = replace(GOOD, row=4, admitted=date(2024, 2, 10), discharged=date(2024, 2, 10))
    around = replace(GOOD, row=5, admitted=date(2024, 1, 1), discharged=date(2024, 2, 20))
    found = check(duckdb_engine, tmp_path, dead, later, same_day, around)
    assert {row for row, names in kinds(found).items() if "after_death" in names} == {3, 4, 5}


def test_names_a_hospital_that_closed(duckdb_engine: Engine, tmp_path: Path):
    references = References(hospitals=[Hospital("H1", "10201", date(2024, 2, 1)), Hospital("H2", "10201")])
    before = replace(GOOD, row=3, person="b", discharged=date(2024, 2, 1))
    still_in = replace(GOOD, row=4, person="c", discharged=None, outcome=None)
    elsewhere = replace(GOOD, row=5, person="d", hospital="H2")
    unknown = replace(GOOD, row=6, person="e", hospital="H3")
    found = check(duckdb_engine, tmp_path, GOOD, before, still_in, elsewhere, unknown, references=references)
    assert kinds(found) == {2: {"after_hospital_closed"}, 4: {"after_hospital_closed"}, 6: {"unknown_hospital"}}


def test_tells_of_a_municipality_that_merged_between_two_admissions(engine: Engine, tmp_path: Path):
    references = References(successions=[Succession("10202", "10203", date(2024, 1, 1))])
    old = replace(GOOD, municipality="10202")
    new = replace(GOOD, row=3, admitted=date(2024, 5, 1), discharged=None, outcome=None, municipality="10203")
    assert kinds(check(engine, tmp_path, old, new, references=references)) == {2: {"municipality_merged"}}


def test_follows_mergers_through_chains_and_refuses_a_circle():
    chain = [Succession("a", "b", date(2020, 1, 1)), Succession("b", "c", date(2024, 1, 1))]
    assert References(successions=chain).current_codes(date(2023, 1, 1)) == {"a": "b"}
    assert References(successions=chain).current_codes(date(2024, 1, 1)) == {"a": "c", "b": "c"}
    with pytest.raises(ReferencesError, match="循環"):
        References(successions=[*chain, Succession("c", "a", date(2024, 1, 1))]).current_codes(date(2025, 1, 1))


def test_warns_of_births_that_differ(duckdb_engine: Engine, tmp_path: Path):
    second = replace(GOOD, row=3, admitted=date(2024, 3, 1), discharged=date(2024, 3, 2), birth=date(1980, 5, 6))
    assert kinds(check(duckdb_engine, tmp_path, GOOD, second)) == {3: {"conflicting_birth"}}


def test_warns_of_a_person_with_hundreds_of_spells(duckdb_engine: Engine, tmp_path: Path):
    many = [
        replace(GOOD, row=2 + n, admitted=date(2021, 1, 1) + timedelta(days=2 * n), discharged=date(2021, 1, 2) + timedelta(days=2 * n))
        for n in range(502)
    ]  # fmt: skip
    found = check(duckdb_engine, tmp_path, *many)
    assert kinds(found) == {502: {"many_spells"}, 503: {"many_spells"}}
    assert found.errors == 0


def test_refuses_a_table_that_lacks_a_column_or_has_another_type(duckdb_engine: Engine, tmp_path: Path):
    whole = arrow([GOOD])
    for name, broken in (
        ("人の仮名", whole.drop_columns(["person_key"])),
        ("入院日", whole.set_column(5, "admitted_on", pa.array(["2024-01-10"]))),
    ):
        pq.write_table(broken, tmp_path / "broken.parquet")
        with pytest.raises(ContractError, match=name):
            conform(duckdb_engine.read_parquet(tmp_path / "broken.parquet"))


def test_refuses_row_numbers_that_repeat(duckdb_engine: Engine, tmp_path: Path):
    with pytest.raises(ContractError, match="行番号"):
        check(duckdb_engine, tmp_path, GOOD, replace(GOOD, person="b"))


def test_says_no_value_of_a_spell(duckdb_engine: Engine, tmp_path: Path):
    secret = replace(GOOD, person="SECRET", discharged=date(2024, 1, 9), hospital="HIDDEN", outcome="PRIVATE")
    said = " ".join(one.sentence for one in check(duckdb_engine, tmp_path, secret).violations())
    assert said.startswith("2行目 ")
    assert not any(word in said for word in ("SECRET", "HIDDEN", "PRIVATE", "2024", "1980"))


# -- against the plain reference ----------------------------------------------------------------------------------


def plain(spells: Sequence[Spell]) -> dict[int, set[str]]:
    """The violations among the spells of one person, by comparing every pair."""
    found: dict[int, set[str]] = {}
    content = [replace(spell, row=0) for spell in spells]
    for index, spell in enumerate(spells):
        own = in_order([other for other in spells if other.person == spell.person])
        before = own[: own.index(spell)]
        after = own[own.index(spell) + 1 :]
        names: set[str] = set()
        if any(content[i] == content[index] and spells[i].row < spell.row for i in range(len(spells))):
            names.add("duplicate")
        else:
            ends = [max(o.discharged or o.admitted, o.admitted) for o in before]
            if any(end > spell.admitted for end in ends):
                names.add("overlap")
            if ends and max(ends) == spell.admitted:
                names.add("same_day_transfer")
            if spell.discharged is None and after:
                names.add("open_but_admitted_again")
            if any(o.outcome == "death" and o.discharged and o.discharged <= spell.admitted for o in before) or any(
                o.outcome == "death" and o.discharged and (spell.discharged or date.max) > o.discharged for o in own
            ):
                names.add("after_death")
        if names:
            found[spell.row] = names
    return found


AMONG = {"duplicate", "overlap", "same_day_transfer", "open_but_admitted_again", "after_death"}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=spell_lists(clean=False, persons=25))
def test_finds_what_a_comparison_of_every_pair_finds(spells: list[Spell], duckdb_engine: Engine, tmp_path: Path):
    spells = spells + [replace(spell, row=1000 + spell.row) for spell in spells[::7]]
    found = kinds(checked(duckdb_engine, spells, tmp_path, date(2026, 1, 1)))
    assert {row: names & AMONG for row, names in found.items() if names & AMONG} == plain(spells)
    duckdb_engine.forget()


def test_finds_the_same_on_every_engine(engine: Engine, tmp_path: Path):
    spells = random_spells(random.Random(5), 60, clean=False)
    found = kinds(checked(engine, spells, tmp_path, date(2026, 1, 1)))
    assert {row: names & AMONG for row, names in found.items() if names & AMONG} == plain(spells)


def test_leaves_no_overlap_among_the_usable_rows(duckdb_engine: Engine, tmp_path: Path):
    spells = random_spells(random.Random(6), 150, clean=False)
    found = checked(duckdb_engine, spells, tmp_path, date(2026, 1, 1))
    rows = usable(found)
    again = checked(duckdb_engine, [spell for spell in spells if spell.row in rows], tmp_path, date(2026, 1, 1))
    assert "overlap" not in again.counts
    assert "duplicate" not in again.counts


def test_gives_all_violations_in_batches_by_row(duckdb_engine: Engine, tmp_path: Path):
    spells = random_spells(random.Random(8), 100, clean=False)
    found = checked(duckdb_engine, spells, tmp_path, date(2026, 1, 1))
    batched = [one for batch in found.batches() for one in batch]
    assert batched == found.violations()
    assert [one.row for one in batched] == sorted(one.row for one in batched)
    assert len(found.violations(least=Severity.ERROR, limit=3)) >= 3


def test_takes_only_the_columns_of_the_contract(duckdb_engine: Engine, tmp_path: Path):
    more = table(duckdb_engine, [GOOD], tmp_path).mutate(name=ibis.literal("氏名"))
    assert conform(more).columns == NAMES
