"""The ledger: what has left the circle before. Plain data in and out, kept inside the circle (it holds true values)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nimo.core.disclosure.tables import Key, Relation


@dataclass(frozen=True, slots=True)
class EditionCell:
    """One cell of an edition.

    value: the true value at that time, also where it was hidden (repr shows it only if it was shown).
    sensitive: it was hidden for its own size, so it stays protected against every later edition.
    low, high: what the printed mark told the reader (high None: nothing).
    """

    value: int = field(repr=False)
    shown: bool
    sensitive: bool = False
    low: int = 0
    high: int | None = None


@dataclass(frozen=True, slots=True)
class StatedShare:
    """A rounded share or rate that is public although its counts are not: it narrows them.

    value: as printed (its digits after the point say how it was rounded); scale: 100 for percent.
    """

    part: Key
    whole: Key | int
    value: Decimal
    scale: int = 100


@dataclass(frozen=True)
class Edition:
    """One publication: ours (`gate.edition_of`) or somebody else's (list the shown cells, relations and shares)."""

    name: str
    cells: Mapping[Key, EditionCell]
    relations: tuple[Relation, ...] = ()
    shares: tuple[StatedShare, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Plain data (JSON) that `edition_from_data` reads again. Holds hidden values: keep it inside the circle."""
        return {
            "name": self.name,
            "cells": [
                [_out(key), cell.value, cell.shown, cell.sensitive, cell.low, cell.high]
                for key, cell in self.cells.items()
            ],
            "relations": [[_out(r.total), [_out(part) for part in r.parts], r.exhaustive] for r in self.relations],
            "shares": [
                [_out(s.part), s.whole if isinstance(s.whole, int) else _out(s.whole), str(s.value), s.scale]
                for s in self.shares
            ],
        }


def _out(key: Key) -> str | list[str]:
    return key if isinstance(key, str) else list(key)


def _in(key: str | list[str]) -> Key:
    return key if isinstance(key, str) else tuple(key)


def edition_from_data(data: Mapping[str, Any]) -> Edition:
    """Read an edition from the plain data of `Edition.to_data`."""
    return Edition(
        name=data["name"],
        cells={
            _in(key): EditionCell(value=value, shown=shown, sensitive=sensitive, low=low, high=high)
            for key, value, shown, sensitive, low, high in data["cells"]
        },
        relations=tuple(
            Relation(total=_in(total), parts=tuple(_in(part) for part in parts), exhaustive=exhaustive)
            for total, parts, exhaustive in data["relations"]
        ),
        shares=tuple(
            StatedShare(
                part=_in(part),
                whole=whole if isinstance(whole, int) else _in(whole),
                value=Decimal(value),
                scale=scale,
            )
            for part, whole, value, scale in data["shares"]
        ),
    )
