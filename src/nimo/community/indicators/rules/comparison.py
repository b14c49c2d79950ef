"""May two figures stand side by side? Only with the same meaning, unit, basis, coverage and time."""

from __future__ import annotations

from typing import Literal

from nimo.community.indicators.rules.periods import as_of_words, same_day_of_year
from nimo.community.indicators.rules.values import Datum
from nimo.community.indicators.rules.words import UNSTATED_BASES, basis_words, coverage_words, state_words
from nimo.foundation.access.rules import ALLOWED, Decision, refused

Across = Literal["regions", "years"]


def _same_kind_of_fact(a: Datum, b: Datum) -> Decision:
    if a.indicator != b.indicator:
        return refused("指標が違うため比べられません。")
    if a.dimension != b.dimension:
        return refused(f"内訳が違うため比べられません（{a.dimension or '全体'} と {b.dimension or '全体'}）。")
    if a.unit != b.unit:
        return refused(f"単位が違うため比べられません（{a.unit or '単位なし'} と {b.unit or '単位なし'}）。")
    return ALLOWED


def same_basis(a: Datum, b: Datum) -> Decision:
    """Same basis; where sources do not say how persons were assigned to a place, only within one origin.

    So the yearly sheets of one municipality may be compared with each other, and the inpatients of two
    municipalities' sheets may not be added as if they were counted alike.
    """
    if a.basis != b.basis:
        return refused(f"基準が違うため比べられません（{basis_words(a.basis)} と {basis_words(b.basis)}）。")
    if (a.basis_matters or b.basis_matters) and a.basis in UNSTATED_BASES and a.origin != b.origin:
        return refused("どちらの資料も基準（住所地・所在地など）を示していないため、別の資料の値とは比べられません。")
    return ALLOWED


def same_coverage(a: Datum, b: Datum) -> Decision:
    if a.coverage != b.coverage:
        return refused(
            f"含む範囲が違うため比べられません（{coverage_words(a.coverage)} と {coverage_words(b.coverage)}）。"
        )
    return ALLOWED


def same_time(a: Datum, b: Datum) -> Decision:
    """The same as-of, to the day it is stated."""
    if a.fiscal_year != b.fiscal_year or a.as_of != b.as_of:
        return refused(f"時点が違うため比べられません（{as_of_words(a.as_of)} と {as_of_words(b.as_of)}）。")
    if not a.as_of:
        return refused("時点の記載がないため比べられません。")
    return ALLOWED


def _same_point_of_the_year(a: Datum, b: Datum) -> Decision:
    if a.region_code != b.region_code:
        return refused("地域が違うため、年ごとの比較にはなりません。")
    if not same_day_of_year(a.as_of, b.as_of):
        return refused(f"時点の取り方が違うため比べられません（{as_of_words(a.as_of)} と {as_of_words(b.as_of)}）。")
    return ALLOWED


def _both_have_values(a: Datum, b: Datum) -> Decision:
    for datum in (a, b):
        if datum.state != "value":
            return refused(f"{datum.name}は「{state_words(datum.state)}」のため比べられません。")
    return ALLOWED


def comparable(a: Datum, b: Datum, *, across: Across) -> Decision:
    """Allowed, or the first reason why not (Japanese, shown on screen).

    across "regions": two places at one time (as-of must be equal to the day it is stated); "years": one place at two
    times (as-of must be the same point of the year: a June figure is not compared with a May figure).
    The order of a and b does not change the answer, only the order of the words.
    """
    checks = (
        _both_have_values,
        _same_kind_of_fact,
        same_basis,
        same_coverage,
        same_time if across == "regions" else _same_point_of_the_year,
    )
    for check in checks:
        decision = check(a, b)
        if not decision:
            return decision
    return ALLOWED
