"""Sources of the search: what apps offer to be found, registered by code in their `panels` (a piece for a lower page).

search_source(SearchSource(code="indicators.indicator", label="指標", order=20, documents=…, visible=…))

An app above the search calls `search.services.refresh(…)` in its own transaction; an app below it publishes `Changed`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

PUBLIC = ""
"""The audience of a document that everyone may read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A document to be found. Never holds anything about a supported person: the index is read by many.

    names: other names of it, which count like the title (a reading, a short name). record: its name within the source, ASCII. owner: the thing it is rebuilt with (a sheet owns its chapters).
    place: where it stands, for the reader (「第3章 取組内容 2行目」). audience: PUBLIC, or the code of the permission that
    must reach `region_code`. fiscal_year: 0 when it belongs to no year.
    """

    record: str
    owner: str
    title: str
    body: str
    href: str
    names: tuple[str, ...] = ()
    place: str = ""
    audience: str = PUBLIC
    region_code: str = ""
    prefecture_code: str = ""
    fiscal_year: int = 0


OwnersFunction = Callable[[], Iterable[str]]
DocumentsFunction = Callable[[Collection[str]], Iterable[Found]]
VisibleFunction = Callable[[Any, Collection[str]], set[str]]


@dataclass(frozen=True, slots=True)
class SearchSource:
    """owners(): everything that has documents. documents(owners): what is to be found of these. visible(actor, records):
    which of these records the actor may read now; what it leaves out is not shown, whatever the index says. order: of
    the groups on the page."""

    code: str
    label: str
    owners: OwnersFunction
    documents: DocumentsFunction
    visible: VisibleFunction
    order: int = 100


@dataclass(frozen=True, slots=True)
class Changed:
    """Event: these owners of a source are to be read again."""

    source: str
    owners: tuple[str, ...]
    at: datetime


class UnknownSource(LookupError):
    """No source is registered under this code."""


_sources: dict[str, SearchSource] = {}


def search_source(source: SearchSource) -> SearchSource:
    """Register a source. ValueError for a code used twice."""
    if source.code in _sources:
        raise ValueError(f"search source {source.code} is registered twice")
    _sources[source.code] = source
    return source


def get(code: str) -> SearchSource:
    """The source of a code. UnknownSource when there is none."""
    try:
        return _sources[code]
    except KeyError:
        raise UnknownSource(code) from None


def all_sources() -> tuple[SearchSource, ...]:
    """Every source, in the order its group is shown."""
    return tuple(sorted(_sources.values(), key=lambda one: (one.order, one.code)))
