"""The first step: look at a file, propose which column is what, say what nimo cannot read yet. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nimo.analysis.reading.fields import BAD, places_of, reader_of
from nimo.analysis.reading.mapping import AREA_FIELDS, ColumnMapping, Proposal, propose
from nimo.analysis.reading.sources import open_source
from nimo.analysis.spells.contract import CODE_LISTS

LOOKED_AT = 100_000
SHOWN_FROM = 10  # a text of a code column is shown only when it is this frequent: no free text about a person


@dataclass(frozen=True)
class Inspection:
    """rows: lines looked at. open_values: field → frequent texts nimo has no code for yet.

    rare_values: field → how many further texts have none (never shown: they may be about a person).
    """

    kind: str
    encoding: str | None
    headings: tuple[str, ...]
    proposal: Proposal
    rows: int
    open_values: Mapping[str, tuple[str, ...]]
    rare_values: Mapping[str, int]

    @property
    def is_ready(self) -> bool:
        """True when the mapping can be used as it is."""
        proposal = self.proposal
        return not (proposal.mapping.missing or proposal.ambiguous or self.open_values or self.rare_values)


def inspect(path: Path, mapping: ColumnMapping | None = None) -> Inspection:
    """Look at the headings and the first rows. SourceError when the file is no table, MappingError when a heading lacks.

    With a remembered mapping, that one is looked at instead of a proposal.
    """
    encoding, sheet = (mapping.encoding, mapping.sheet) if mapping else (None, None)
    source = open_source(path, encoding=encoding, sheet=sheet)
    proposal = propose(source.headings)
    if mapping is not None:
        proposal = Proposal(mapping, {}, proposal.unused, proposal.forbidden)
    places = places_of(proposal.mapping, source.headings)
    readers = {name: reader_of(name, proposal.mapping) for name in (*CODE_LISTS, *AREA_FIELDS) if name in places}
    unknown: dict[str, Counter[str]] = {name: Counter() for name in readers}
    rows = 0
    for batch in source.batches():
        for name, read in readers.items():
            for text, times in Counter(batch.columns[places[name]]).items():
                if read(text) is BAD:
                    unknown[name][text] += times
        rows += len(batch.rows)
        if rows >= LOOKED_AT:
            break
    frequent = {
        name: tuple(t for t, times in found.most_common() if times >= SHOWN_FROM) for name, found in unknown.items()
    }
    rare = {name: len(found) - len(frequent[name]) for name, found in unknown.items()}
    return Inspection(
        kind=source.kind,
        encoding=source.encoding,
        headings=tuple(source.headings),
        proposal=proposal,
        rows=rows,
        open_values={name: texts for name, texts in frequent.items() if texts},
        rare_values={name: number for name, number in rare.items() if number},
    )
