"""The rules are data: which one applies, what is unknown, what an administrator may change."""

from __future__ import annotations

import json
from datetime import date

import pytest

from nimo.core.disclosure.policy import (
    Action,
    DisclosurePolicy,
    Kind,
    Level,
    PolicyError,
    policy_from_data,
    shipped_policy,
)

POLICY = shipped_policy()


@pytest.mark.parametrize(
    ("population", "code"),
    [
        (0, "patients-under-2000"),
        (1_999, "patients-under-2000"),
        (2_000, "patients-2000-to-25000"),
        (24_999, "patients-2000-to-25000"),
        (25_000, "patients-25000-and-over"),
        (3_700_000, "patients-25000-and-over"),
    ],
)
def test_a_municipality_falls_into_the_tier_of_its_population(population: int, code: str) -> None:
    rule = POLICY.rule_for(Kind.PATIENTS, Level.MUNICIPALITY, population)
    assert rule is not None
    assert rule.code == code


@pytest.mark.parametrize("level", [Level.NATION, Level.PREFECTURE, Level.AREA])
@pytest.mark.parametrize("population", [None, 1_500, 60_000])
def test_wider_areas_have_one_threshold_whatever_their_population(level: Level, population: int | None) -> None:
    rule = POLICY.rule_for(Kind.PATIENTS, level, population)
    assert rule is not None
    assert rule.threshold == 10


def test_an_unknown_population_gets_the_strictest_tier() -> None:
    rule = POLICY.rule_for(Kind.PATIENTS, Level.WARD, None)
    assert rule is not None
    assert rule.action is Action.HIDE_ALL


def test_a_figure_no_rule_covers_is_not_shown() -> None:
    empty = DisclosurePolicy(version="x", rules=())
    rule = empty.rule_for(Kind.PATIENTS, Level.PREFECTURE, 1_000_000)
    assert rule is not None
    assert rule.hides(0)
    assert rule.hides(50_000)


def test_open_figures_have_no_rule() -> None:
    assert POLICY.rule_for(Kind.OPEN, Level.MUNICIPALITY, None) is None


def test_the_strictest_of_overlapping_rules_applies() -> None:
    data = POLICY.to_data()
    extra = {**next(r for r in data["rules"] if r["code"] == "patients-wider-areas"), "code": "local", "threshold": 30}
    both = policy_from_data({"version": "x", "rules": [*data["rules"], extra]}, None)
    rule = both.rule_for(Kind.PATIENTS, Level.AREA, None)
    assert rule is not None
    assert rule.code == "local"


def test_every_shipped_rule_says_where_it_comes_from_and_how_sure_we_are() -> None:
    for rule in POLICY.rules:
        assert rule.reference
        assert rule.evidence in {"S", "S3", "D", "K"}
        assert not rule.changed_by_administrator


def test_every_kind_and_level_is_covered_for_every_population() -> None:
    for kind in (Kind.PATIENTS, Kind.SERVICE_USERS, Kind.FACILITIES):
        for level in Level:
            for population in (0, 1_999, 2_000, 24_999, 25_000, 10**8):
                rule = POLICY.rule_for(kind, level, population)
                assert rule is not None
                assert rule.code != "no-rule"


def test_the_policy_survives_a_round_trip_through_json() -> None:
    assert policy_from_data(json.loads(json.dumps(POLICY.to_data())), None) == POLICY


def test_a_changed_rule_is_marked_and_the_others_are_not() -> None:
    changed = POLICY.amended("service-users", threshold=5, width=3)
    marks = {rule.code: rule.changed_by_administrator for rule in changed.rules}
    assert marks.pop("service-users")
    assert not any(marks.values())
    with pytest.raises(KeyError):
        POLICY.amended("no-such-rule", threshold=5)


def test_rules_apply_only_between_their_dates() -> None:
    data = POLICY.to_data()
    for row in data["rules"]:
        if row["code"] == "facilities-under-3":
            row["valid_to"] = "2026-03-31"
    before = policy_from_data(data, date(2026, 3, 31))
    after = policy_from_data(data, date(2026, 4, 1))
    assert len(before.rules) == len(after.rules) + 1
    rule = after.rule_for(Kind.FACILITIES, Level.AREA, None)
    assert rule is not None
    assert rule.code == "no-rule"


@pytest.mark.parametrize(
    "fault",
    [
        {"threshold": None},
        {"threshold": 1},
        {"width": 0},
        {"width": 9},
        {"evidence": "maybe"},
        {"kind": "beds"},
        {"levels": ["planet"]},
        {"valid_from": "April"},
        {"surprise": 1},
    ],
)
def test_refuses_a_rule_it_cannot_use_and_names_it(fault: dict[str, object]) -> None:
    row = next(r for r in POLICY.to_data()["rules"] if r["code"] == "patients-wider-areas")
    with pytest.raises(PolicyError, match="patients-wider-areas"):
        policy_from_data({"version": "x", "rules": [{**row, **fault}]}, None)


def test_refuses_a_threshold_on_a_rule_that_hides_everything() -> None:
    with pytest.raises(PolicyError):
        POLICY.amended("patients-under-2000", threshold=10)


def test_refuses_two_rules_of_one_name_on_the_same_day() -> None:
    row = POLICY.to_data()["rules"][0]
    with pytest.raises(PolicyError):
        policy_from_data({"version": "x", "rules": [row, row]}, None)
