"""Counts by category that do not tell who somebody is, and words that would tell it beside a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nimo.community.councils.choices.bodies import SENSITIVE_CATEGORIES, Category
from nimo.core.disclosure.policy import DisclosurePolicy, Kind, Level

OTHERS = "その他（当事者・家族を含むことがあります）"
_TELLING = re.compile(r"当事者|家族|ピア|患者|体験者|経験者|利用者|本人|親の会|断酒会")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What may be shown: the total, and the parts as (label, number); no parts: too few people to tell them apart."""

    total: int
    parts: tuple[tuple[str, int], ...]
    note: str


def threshold_of(policy: DisclosurePolicy) -> int:
    """The smallest number of persons that may be told apart, whatever the place."""
    rule = policy.rule_for(Kind.SERVICE_USERS, Level.PREFECTURE, None)
    return 10 if rule is None or rule.threshold is None else rule.threshold


def fold(counts: Mapping[Category, int], threshold: int) -> Breakdown:
    """Folds 当事者 and 家族 into その他 while either of them is from 1 to threshold − 1; a group smaller than the threshold
    is not broken down at all. Zero of both is shown no differently from one of them, so that nothing follows from it.
    """
    total = sum(counts.values())
    if total < threshold:
        note = f"{threshold}人に満たないため、区分ごとの人数は示しません。" if total else ""
        return Breakdown(total, (), note)
    plain = [one for one in Category if one not in SENSITIVE_CATEGORIES and one is not Category.OTHER]
    if all(counts.get(one, 0) >= threshold for one in SENSITIVE_CATEGORIES):
        return Breakdown(total, tuple((one.label, counts.get(one, 0)) for one in Category), "")
    parts = [(one.label, counts.get(one, 0)) for one in plain]
    rest = total - sum(number for _, number in parts)
    note = f"当事者・家族の人数は、{threshold}人以上のときだけ分けて示します。"
    return Breakdown(total, (*parts, (OTHERS, rest)), note)


def told_apart(sums: Mapping[Category, int], threshold: int) -> frozenset[Category]:
    """Categories whose number may stand as a figure of its own: those `fold` would show by their name."""
    shown = {label for label, _ in fold(sums, threshold).parts}
    return frozenset(one for one in Category if one.label in shown)


def fold_visits(meetings: Sequence[Mapping[Category, int]], threshold: int) -> Breakdown:
    """Participants of several meetings added up (延べ). 当事者 and 家族 are never told apart here: ten visits may be one
    person's. Only the total is left where some meeting does not say how many there were of a category.
    """
    plain = [one for one in Category if one not in SENSITIVE_CATEGORIES and one is not Category.OTHER]
    total = sum(number for counts in meetings for number in counts.values())
    if total < threshold:
        return fold(Counter({Category.OTHER: total}), threshold)
    if not all(one in counts for counts in meetings for one in plain):
        return Breakdown(total, (), "区分の入っていない会議があるため、区分ごとの人数は示しません。")
    parts = [(one.label, sum(counts[one] for counts in meetings)) for one in plain]
    return Breakdown(total, (*parts, (OTHERS, total - sum(number for _, number in parts))), "")


def telling_words(*texts: str) -> list[str]:
    """Words of a title or an affiliation that would say beside a name that somebody is 当事者 or 家族."""
    return list(dict.fromkeys(found for text in texts for found in _TELLING.findall(text)))
