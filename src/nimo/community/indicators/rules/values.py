"""One figure with all that must be known before it may stand beside another one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Number = int | Decimal
Kind = Literal["count", "rate", "days", "yes_no", "text"]


@dataclass(frozen=True, slots=True)
class Datum:
    """A figure of one indicator, region and time.

    as_of: "2023-06-30", "2024-05", "FY2023" or "" (not stated); coverage: "" is the whole region, else what the
    source says it leaves out; dimension: "" or "key=value" pairs joined by ";".
    origin: tells one author and way of counting from another (a municipality's yearly sheets are one origin).
    basis_matters: persons can be assigned to a place in several ways (住所地, 所在地); beds and population cannot.
    state: "value", or why there is none.
    value: exact (int or Decimal, never float); a rate or a mean also carries its parts where the source gives them.
    qualifier: "" or the source's own reservation (約).
    part_of: the indicator this one is an additive part of (在院3か月未満 → 在院患者); "" also for 再掲.
    label: how a refusal names the figure.
    """

    indicator: str
    kind: Kind
    region_code: str
    fiscal_year: int
    as_of: str
    basis: str
    coverage: str
    unit: str
    state: str
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    dimension: str = ""
    qualifier: str = ""
    origin: Hashable = None
    basis_matters: bool = True
    part_of: str = ""
    label: str = ""

    @property
    def has_value(self) -> bool:
        return self.state == "value" and self.value is not None

    @property
    def has_parts(self) -> bool:
        return self.numerator is not None and self.denominator is not None

    @property
    def name(self) -> str:
        return self.label or f"{self.region_code} {self.indicator}"


def to_number(text: str) -> Number:
    """Exact number of a canonical text: "291008" → int, "325.3" → Decimal("325.3"). ValueError otherwise."""
    if text.lstrip("-").isdigit() and text.isascii():
        return int(text)
    number = Decimal(text) if text.isascii() and text.replace(".", "", 1).lstrip("-").isdigit() else None
    if number is None or not number.is_finite():
        raise ValueError(f"not an exact number: {text!r}")
    return number


def to_text(number: Number) -> str:
    """The canonical text of an exact number; digits after the point are kept as given (16.10 stays 16.10).

    TypeError for floats and booleans, ValueError for NaN and infinities.
    """
    if isinstance(number, bool) or not isinstance(number, (int, Decimal)):
        raise TypeError(f"an exact number is an int or a Decimal, not {type(number).__name__}")
    if isinstance(number, int):
        return str(number)
    if not number.is_finite():
        raise ValueError("an exact number is finite")
    text = format(number, "f")
    return "0" if text == "-0" else text


def rounded(number: Number, places: int) -> Decimal:
    """Half up, as Japanese statistics round."""
    return Decimal(number).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
