"""Lines that could not be read, held small: ten million of them still fit into memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from nimo.analysis.spells.validation import KIND_OF, Violation


class Problems:
    """Violations found while reading; iterating gives them in the order of the file. len: the lines concerned."""

    def __init__(self) -> None:
        self.rows: array[int] = array("q")
        self._kinds: array[int] = array("B")
        self._columns: array[int] = array("B")
        self._names: list[str] = []

    def add(self, row: int, kind: str, column: str = "") -> None:
        """kind: a code of validation.KINDS; column: a field of the contract, "" for the whole line."""
        self.rows.append(row)
        self._kinds.append(self._number(kind))
        self._columns.append(self._number(column))

    def _number(self, name: str) -> int:
        if name not in self._names:
            self._names.append(name)
        return self._names.index(name)

    def __len__(self) -> int:
        return len(set(self.rows))

    def __iter__(self) -> Iterator[Violation]:
        for row, kind, column in zip(self.rows, self._kinds, self._columns, strict=True):
            known = KIND_OF[self._names[kind]]
            yield Violation(row, replace(known, column=self._names[column] or known.column))

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each kind."""
        return {self._names[number]: times for number, times in Counter(self._kinds).items()}
