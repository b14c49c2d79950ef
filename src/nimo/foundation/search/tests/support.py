"""A source of invented documents, registered for one test."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from nimo.core.searching.sources import Found, SearchSource
from nimo.foundation.access.actors import Actor
from nimo.foundation.search.queries.finding import Asked, Results, find
from nimo.foundation.search.services import index
from tests.support.people import NOW, SYSTEM

VISITOR = Actor.anonymous(now=NOW)


@dataclass
class Shelf:
    """Documents by record. hidden: what the source lets nobody read, whatever the index says."""

    code: str = "test.shelf"
    documents: dict[str, Found] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def source(self) -> SearchSource:
        return SearchSource(self.code, "試験の文書", self._owners, self._documents, self._visible, order=50)

    def put(self, record: str, title: str, body: str = "", **more: object) -> None:
        """Writes a document and has it read."""
        self.documents[record] = replace(Found(record, record, title, body, f"/test/{record}/"), **more)  # type: ignore[arg-type]
        self.read(record)

    def read(self, *records: str) -> int:
        return index.refresh(actor=SYSTEM, source=self.code, owners=records)

    def _owners(self) -> list[str]:
        return sorted(self.documents)

    def _documents(self, owners: Collection[str]) -> list[Found]:
        return [self.documents[owner] for owner in owners if owner in self.documents]

    def _visible(self, actor: Actor, records: Collection[str]) -> set[str]:
        return {record for record in records if record in self.documents and record not in self.hidden}


def titles(text: str, actor: Actor = VISITOR, **more: object) -> list[str]:
    """The titles found, in order."""
    return ["".join(piece.text for piece in hit.title) for hit in answer(text, actor, **more).hits]


def answer(text: str, actor: Actor = VISITOR, **more: object) -> Results:
    return find(actor, Asked(text, **more))  # type: ignore[arg-type]
