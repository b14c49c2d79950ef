"""The classes persons and stays are counted in, as engine columns and as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import ibis
import ibis.expr.types as ir

from nimo.analysis.spells.contract import DEMENTIA
from nimo.analysis.spells.dataset import Basis
from nimo.analysis.spells.prepare import DIAGNOSIS_NUMBER, completed_months, completed_years

# 急性期・回復期・慢性期: https://wic-net.com/material/document/12764/6
STAY_CLASSES: Mapping[str, str] = {
    "under_3_months": "3か月未満",
    "3_to_12_months": "3か月以上1年未満",
    "over_1_year": "1年以上",
}
_MONTHS = (3, 12)
_DAYS = (90, 365)


def stay_class(
    start_ymd: ir.IntegerValue, length: ir.IntegerValue, on_ymd: int | ir.IntegerValue, how: str
) -> ir.IntegerValue:
    """0, 1, 2 for the classes above, by completed months or by days (1–90, 91–365, 366 and more)."""
    if how == "calendar":
        months = completed_months(start_ymd, on_ymd)
        return step(months, tuple(limit - 1 for limit in _MONTHS))
    return step(length, _DAYS)


def step(value: ir.IntegerValue, limits: Sequence[int]) -> ir.IntegerValue:
    """0 up to the first limit (included), 1 up to the second, …"""
    cases = [(value <= limit, ibis.literal(number, "int8")) for number, limit in enumerate(limits)]
    return ibis.cases(*cases, else_=ibis.literal(len(limits), "int8"))


def age_class(birth_ymd: ir.IntegerValue, on_ymd: int | ir.IntegerValue, limits: Sequence[int]) -> ir.IntegerValue:
    """0 below the first limit, 1 from it on, …; the last number for an unknown birth."""
    age = completed_years(birth_ymd, on_ymd)
    cases = [(birth_ymd == 0, ibis.literal(len(limits) + 1, "int8"))]
    cases += [(age < limit, ibis.literal(number, "int8")) for number, limit in enumerate(limits)]
    return ibis.cases(*cases, else_=ibis.literal(len(limits), "int8"))


def age_words(limits: Sequence[int]) -> dict[str, str]:
    """Code → word, in the order of the numbers of `age_class`."""
    words = {f"under_{limits[0]}": f"{limits[0]}歳未満"}
    for low, high in pairwise(limits):
        words[f"{low}_to_{high - 1}"] = f"{low}～{high - 1}歳"
    words[f"{limits[-1]}_and_over"] = f"{limits[-1]}歳以上"
    words["age_unknown"] = "年齢不明"
    return words


def dementia_40(diagnosis: ir.IntegerValue, birth_ymd: ir.IntegerValue, on_ymd: int) -> ir.IntegerValue:
    """1 for 40歳以上の認知症 (第8期 別表第四 再掲), else 0; of unknown age: 0."""
    old = (birth_ymd > 0) & (completed_years(birth_ymd, on_ymd) >= 40)
    return (old & (diagnosis == DIAGNOSIS_NUMBER[DEMENTIA])).cast("int8")


def place(basis: Basis, at: str = "") -> str:
    """The column of the place: at "" (spell), "first" or "last" (stay)."""
    column = "area" if basis == "address" else "hospital_area"
    return f"{at}_{column}" if at else column
