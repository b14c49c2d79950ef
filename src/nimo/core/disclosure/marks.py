"""Which words stand in place of a hidden count, and what those words themselves tell a reader.

"Below 10" and "hidden for the sake of another" are precise, but printing which is which narrows the values: two
hidden cells that sum to 18 and are both "below 10" are 9 and 9. So the precise words are used only where they could
not narrow *any* values that fit the printed figures; that is decided from printed figures alone, so the choice of
words tells nothing either. Elsewhere one joint wording stands for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from nimo.core.disclosure.policy import Rule
from nimo.core.disclosure.system import HIDDEN, System


class Reason(StrEnum):
    """Why a figure is not shown, as printed."""

    SMALL = "small"  # its own value is below the threshold
    DERIVABLE = "derivable"  # it would let a hidden value be calculated
    JOINT = "joint"  # one of the two, deliberately not saying which
    POPULATION = "population"  # the place is too small for any count
    NO_RULE = "no_rule"  # no rule covers it: nothing is shown
    DERIVED = "derived"  # a share or rate of a hidden count


@dataclass(frozen=True, slots=True)
class Wording:
    """Japanese words for a figure that is not shown; {threshold} and {unit} are filled in.

    Sentences say why; marks are the short form for table cells. Replace any of them for another house style.
    """

    small: str = "{threshold}{unit}未満のため表示しません"
    derivable: str = "他の値から計算できないように表示しません"
    joint: str = "{threshold}{unit}未満の値を守るため表示しません（その値か、その計算に使える値です）"
    population: str = "人口が少ない地域のため人数を表示しません"
    no_rule: str = "公表の基準が定まっていないため表示しません"
    derived: str = "もとの人数を表示しないため、割合も表示しません"
    small_mark: str = "－（{threshold}未満）"
    other_mark: str = "－（非表示）"
    absent: str = "記載なし"

    def sentence(self, reason: Reason, rule: Rule | None) -> str:
        """The full reason."""
        text: str = getattr(self, reason.value)
        return _filled(text, rule)

    def mark(self, reason: Reason, rule: Rule | None) -> str:
        """The short mark."""
        return _filled(self.small_mark if reason is Reason.SMALL else self.other_mark, rule)


def _filled(text: str, rule: Rule | None) -> str:
    if rule is None:
        return text
    return text.replace("{threshold}", str(rule.threshold)).replace("{unit}", rule.unit)


def known_from(reason: Reason, rule: Rule, value: int) -> tuple[int, int | None]:
    """What a reader who knows the rule learns from a printed reason at most: (least, greatest or None).

    A hidden zero (only near places too small for any count) is joint like others; every other joint value is at least 1.
    """
    if reason is Reason.SMALL and rule.threshold is not None:
        return rule.lowest_hidden, rule.threshold - 1
    if reason is Reason.DERIVABLE and rule.threshold is not None:
        return rule.threshold, None
    return min(value, rule.lowest_hidden), None


def choose_reasons(system: System) -> Mapping[int, Reason]:
    """The printed reason for every hidden unknown of the current table."""
    reasons: dict[int, Reason] = {}
    hidden = [u for u in system.current.values() if system.state[u] == HIDDEN]
    group_of = _groups(system)
    harmless: dict[tuple[int, ...], bool] = {}
    for unknown in hidden:
        rule = system.rules[unknown]
        if rule is None or rule.code == "no-rule":
            reasons[unknown] = Reason.NO_RULE
        elif rule.threshold is None:
            reasons[unknown] = Reason.POPULATION
        else:
            members, rows = group_of[unknown]
            if members not in harmless:
                harmless[members] = precise_is_harmless(system, members, rows)
            if not harmless[members]:
                reasons[unknown] = Reason.JOINT
            else:
                reasons[unknown] = Reason.SMALL if rule.hides(system.truth[unknown]) else Reason.DERIVABLE
    return reasons


def _groups(system: System) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """By hidden unknown: the hidden unknowns that hang together with it, and the rows that tie them."""
    groups: dict[int, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    for start in range(len(system.truth)):
        if system.state[start] != HIDDEN or start in groups:
            continue
        members, rows, queue = {start}, set(), [start]
        while queue:
            for row, _ in system.touching[queue.pop()]:
                if row in rows:
                    continue
                rows.add(row)
                for other, _ in system.rows[row]:
                    if other not in members and system.state[other] == HIDDEN:
                        members.add(other)
                        queue.append(other)
        group = (tuple(sorted(members)), tuple(sorted(rows)))
        for member in members:
            groups[member] = group
    return groups


def precise_is_harmless(system: System, members: tuple[int, ...], rows: tuple[int, ...]) -> bool:
    """True when naming small and large among `members` can narrow nothing, judged without their values."""
    if not rows:
        return True
    if not all(system.plain[row] for row in rows):
        return False
    ties: dict[tuple[tuple[int, int], ...], int] = {}
    for row in rows:
        open_ = tuple((u, f) for u, f in system.rows[row] if system.state[u] == HIDDEN)
        rest = system.constant(row) - sum(f * system.truth[u] for u, f in system.rows[row] if system.state[u] != HIDDEN)
        ties[open_] = rest
    ties.pop((), None)
    if len(ties) != 1:
        return False
    ((tie, rest),) = ties.items()
    rules = {system.rules[u] for u in members}
    rule = rules.pop()
    if rules or rule is None or rule.threshold is None or not rule.zero_shown or len(tie) != len(members):
        return False
    top = abs(rest) + 2 * rule.threshold * len(members)
    for unknown in members:
        if system.current.get(system.keys[unknown] or "") != unknown:
            return False
        if system.truth[unknown] == 0:
            return False
        small = rule.hides(system.truth[unknown])
        own_mark = (1, rule.threshold - 1) if small else (rule.threshold, None)
        low, high = system.low[unknown], system.high[unknown]
        wide = low <= 1 and (high is None or high >= top)
        same = low == own_mark[0] and (high == own_mark[1] or (not small and high is not None and high >= top))
        if not (wide or same):
            return False
    parts = sum(1 for _, factor in tie if factor > 0)
    return _harmless(parts, len(tie) - parts, rest, rule.threshold, rule.width)


@lru_cache(maxsize=4096)
def _harmless(parts: int, totals: int, rest: int, threshold: int, width: int) -> bool:
    """Σ of `parts` hidden counts − `totals` (0 or 1) hidden total = rest: safe whichever of them are small?

    Every way of naming them small or large that fits is tried (parts are alike, so only how many are small counts),
    and every count named small must keep values `width` apart.
    """
    if totals > 1:
        return False
    big = threshold * (parts + 2) + abs(rest)
    small, large = (1, threshold - 1), (threshold, 2 * big)
    for small_parts in range(parts + 1):
        for total_range in (small, large) if totals else (None,):
            terms = [small] * small_parts + [large] * (parts - small_parts)
            if total_range is not None:
                terms.append((-total_range[1], -total_range[0]))
            least = sum(term[0] for term in terms)
            most = sum(term[1] for term in terms)
            if not least <= rest <= most:
                continue
            named_small = terms[:1] if small_parts else []
            if total_range == small:
                named_small.append(terms[-1])
            for low, high in named_small:
                floor = max(low, rest - (most - high))
                top = min(high, rest - (least - low))
                if top - floor < width:
                    return False
    return True
