"""What goes into the gate: cells, the sums that tie them, the shares shown beside them. Plain immutable data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from nimo.core.disclosure.policy import Kind, Level

Key = str | tuple[str, ...]


class TableError(ValueError):
    """The table cannot be protected as it stands (Japanese message for the user)."""


def key_order(key: Key) -> tuple[str, ...]:
    """Sort key that puts text keys and tuple keys in one order, whatever order the rows came in."""
    return (key,) if isinstance(key, str) else key


@dataclass(frozen=True, slots=True)
class Cell:
    """One count of persons or facilities.

    key: names the fact for good: the same fact has the same key in every edition (region, measure, as-of…).
    value: the count, ≥ 0; None when it is absent (not filled, not read): absent is neither zero nor hidden.
    population: persons living there; None when unknown (then the strictest rule of the level applies).
    weight: extra reluctance to hide this cell for the sake of others (0: none; 1000: as dear as one more cell).
    """

    key: Key
    value: int | None
    kind: Kind = Kind.PATIENTS
    level: Level = Level.MUNICIPALITY
    population: int | None = None
    weight: int = 0

    def __post_init__(self) -> None:
        value = self.value
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise TableError(f"「{self.key}」の値は0以上の整数でなければなりません。元の値はそのまま残っています。")


@dataclass(frozen=True, slots=True)
class Relation:
    """`total` is the sum of `parts`; with `exhaustive=False`, at least their sum (再掲, parts that are not all listed)."""

    total: Key
    parts: tuple[Key, ...]
    exhaustive: bool = True

    def __post_init__(self) -> None:
        if len({self.total, *self.parts}) != len(self.parts) + 1:
            raise TableError(f"「{self.total}」の内訳に同じ項目が二度あります。")


@dataclass(frozen=True, slots=True)
class Share:
    """A figure derived from counts: scale × part ÷ whole. Shown only where both counts are shown.

    whole: a cell, or a public constant (population for a rate per 100,000: scale=100_000).
    decimals: digits after the point, rounded half up.
    """

    key: Key
    part: Key
    whole: Key | int
    scale: int = 100
    decimals: int = 1

    def of(self, part: int, whole: int) -> Decimal | None:
        """The rounded figure; None when the whole is zero."""
        if whole == 0:
            return None
        digits = Decimal(1).scaleb(-self.decimals)
        return (Decimal(self.scale * part) / Decimal(whole)).quantize(digits, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Table:
    """Everything that leaves together: one page, one file, or the whole national table."""

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...] = ()
    shares: tuple[Share, ...] = ()

    def __post_init__(self) -> None:
        if len(self.by_key) != len(self.cells):
            raise TableError("同じ項目が二度あります。どちらを使うか決めてから公表してください。")

    @cached_property
    def by_key(self) -> Mapping[Key, Cell]:
        """The cells by key."""
        return {cell.key: cell for cell in self.cells}
