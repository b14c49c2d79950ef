"""Which counts may leave the circle: rules as dated data, loaded from `data/policies.json` or an administrator's copy.

Source of the shipped rules: NDB guideline 「最小集計単位の原則」 (README.md). Nothing here knows a number of its own:
thresholds, population tiers and protection widths come from the data, each with its evidence mark.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from typing import Any


class Kind(StrEnum):
    """What a figure counts. `OPEN` figures (population, beds, facilities in a public list) are never hidden."""

    PATIENTS = "patients"
    SERVICE_USERS = "service_users"
    FACILITIES = "facilities"
    OPEN = "open"


class Level(StrEnum):
    """What a figure is counted for. `AREA` is any union of municipalities, `COMMUNITY` a 日常生活圏域."""

    NATION = "nation"
    PREFECTURE = "prefecture"
    AREA = "area"
    MUNICIPALITY = "municipality"
    WARD = "ward"
    COMMUNITY = "community"


class Action(StrEnum):
    """`HIDE_ALL`: no count at all; `HIDE_BELOW`: counts from 1 to threshold − 1 are hidden."""

    HIDE_ALL = "hide_all"
    HIDE_BELOW = "hide_below"


class PolicyError(ValueError):
    """The policy data cannot be used; the message (Japanese, for the administrator) says which rule and why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the policy.

    population_from, population_below: persons, the half-open range the rule covers (None: no upper end).
    threshold: smallest count that may be shown (None for `HIDE_ALL`).
    width: the protection width: what is published must leave values at least this far apart for a hidden count.
    evidence: S read in the source, S3 in a transcription, D derived, K not confirmed.
    """

    code: str
    kind: Kind
    levels: frozenset[Level]
    population_from: int
    population_below: int | None
    action: Action
    threshold: int | None
    zero_shown: bool
    width: int
    unit: str
    valid_from: date | None
    valid_to: date | None
    reference: str
    evidence: str
    note: str = ""
    changed_by_administrator: bool = False

    def __post_init__(self) -> None:
        if self.action is Action.HIDE_ALL:
            if self.threshold is not None:
                raise PolicyError(f"規則「{self.code}」: すべて非表示の規則にしきい値は書けません。")
        elif self.threshold is None or self.threshold < 2:
            raise PolicyError(f"規則「{self.code}」: しきい値は2以上の整数にしてください。")
        elif self.width > max(1, self.threshold - 2):
            raise PolicyError(f"規則「{self.code}」: 保護の幅は{max(1, self.threshold - 2)}以下にしてください。")
        if self.width < 1:
            raise PolicyError(f"規則「{self.code}」: 保護の幅は1以上にしてください。")
        if self.evidence not in {"S", "S3", "D", "K"}:
            raise PolicyError(f"規則「{self.code}」: 根拠の印は S・S3・D・K のいずれかです。")

    def covers(self, population: int) -> bool:
        """True when a place with `population` persons falls under this rule."""
        below = self.population_below
        return self.population_from <= population and (below is None or population < below)

    def is_valid_on(self, day: date) -> bool:
        """True when the rule applies on `day` (both ends included, an open end is None)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def hides(self, value: int) -> bool:
        """True when `value` (≥ 0) is hidden for its own size, before any look at other figures."""
        if value == 0:
            return not self.zero_shown
        return self.threshold is None or value < self.threshold

    @property
    def lowest_hidden(self) -> int:
        """The smallest value a reader must reckon with behind a mark: 1 where zeros are shown, else 0."""
        return 1 if self.zero_shown else 0

    @property
    def strictness(self) -> tuple[bool, int, bool, int]:
        """Sort key: the greater, the more is hidden."""
        return (self.action is Action.HIDE_ALL, self.threshold or 0, not self.zero_shown, self.width)


def _fail_closed(kind: Kind, width: int) -> Rule:
    return Rule(
        code="no-rule",
        kind=kind,
        levels=frozenset(Level),
        population_from=0,
        population_below=None,
        action=Action.HIDE_ALL,
        threshold=None,
        zero_shown=False,
        width=width,
        unit="",
        valid_from=None,
        valid_to=None,
        reference="当てはまる規則がないため、すべて表示しません。",
        evidence="K",
    )


@dataclass(frozen=True)
class DisclosurePolicy:
    """The rules in force on one day."""

    version: str
    rules: tuple[Rule, ...]

    def rule_for(self, kind: Kind, level: Level, population: int | None) -> Rule | None:
        """The rule for a figure; None when it is open.

        Population unknown: the strictest rule of that kind and level, whatever its tier (for a municipality: no
        counts at all). Several rules: the strictest. No rule: nothing is shown (fail closed).
        """
        if kind is Kind.OPEN:
            return None
        remembered = self._remembered
        found = remembered.get((kind, level, population))
        if found is None:
            fitting = [
                rule
                for rule in self.rules
                if rule.kind is kind and level in rule.levels and (population is None or rule.covers(population))
            ]
            widest = max((rule.width for rule in self.rules), default=1)
            found = max(fitting, key=lambda rule: rule.strictness) if fitting else _fail_closed(kind, widest)
            remembered[kind, level, population] = found
        return found

    @cached_property
    def _remembered(self) -> dict[tuple[Kind, Level, int | None], Rule]:
        return {}

    def amended(self, code: str, **changes: Any) -> DisclosurePolicy:
        """A copy with one rule changed by an administrator (marked so). KeyError if no rule has that code."""
        if all(rule.code != code for rule in self.rules):
            raise KeyError(code)
        return DisclosurePolicy(
            version=self.version,
            rules=tuple(
                replace(rule, changed_by_administrator=True, **changes) if rule.code == code else rule
                for rule in self.rules
            ),
        )

    def to_data(self) -> dict[str, Any]:
        """Plain data (JSON) that `policy_from_data` reads again."""
        rules = []
        for rule in self.rules:
            row = asdict(rule)
            row["levels"] = sorted(rule.levels)
            for end in ("valid_from", "valid_to"):
                row[end] = row[end].isoformat() if row[end] else None
            rules.append(row)
        return {"version": self.version, "rules": rules}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def policy_from_data(data: Mapping[str, Any], on: date | None) -> DisclosurePolicy:
    """Read rules from plain data; with `on`, only those valid that day. PolicyError when the data cannot be used."""
    rules = []
    for row in data["rules"]:
        try:
            rule = Rule(
                **{
                    **row,
                    "kind": Kind(row["kind"]),
                    "levels": frozenset(Level(level) for level in row["levels"]),
                    "action": Action(row["action"]),
                    "valid_from": _day(row["valid_from"]),
                    "valid_to": _day(row["valid_to"]),
                }
            )
        except PolicyError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise PolicyError(f"規則「{row.get('code', '?')}」を読めません（{error}）。") from error
        if on is None or rule.is_valid_on(on):
            rules.append(rule)
    codes = [rule.code for rule in rules]
    if len(set(codes)) != len(codes):
        raise PolicyError("同じ日に有効な規則に、同じ番号のものがあります。")
    return DisclosurePolicy(version=str(data["version"]), rules=tuple(rules))


def shipped_policy(on: date | None = None) -> DisclosurePolicy:
    """The policy that comes with nimo, as valid on `on`."""
    text = files("nimo.core.disclosure").joinpath("data", "policies.json").read_text(encoding="utf-8")
    return policy_from_data(json.loads(text), on)
