"""Looking for words: candidates from the database, order from core.ranking, and each source asked whether it may be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from nimo.core.ranking import Found, Marked, marked, ranked, snippet
from nimo.core.searching import Query, needed, parse_query, source, sources
from nimo.foundation.access.actors import Actor
from nimo.foundation.search.models import SearchEntry, SearchSynonym, with_tokens
from nimo.foundation.search.policies import visible_entries
from nimo.foundation.search.rules import CANDIDATES, PAGE, expansions


@dataclass(frozen=True, slots=True)
class Hit:
    """One result: title and the place around the words, in pieces."""

    source: str
    label: str
    title: Sequence[Marked]
    text: Sequence[Marked]
    href: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """How many were found of a kind, and whether it is the one chosen."""

    code: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Results:
    """hits: of this page. total: of everything found in the chosen kind; ordered: how many of them are in order."""

    query: Query
    hits: Sequence[Hit]
    groups: Sequence[Group]
    total: int
    ordered: int
    page: int
    pages: int


def synonyms() -> dict[str, list[str]]:
    """Folded word → folded words that stand for it. One query."""
    rows = SearchSynonym.objects.filter(in_use=True).order_by("word")
    return expansions(rows.values_list("word", "others", "both_ways"))


def _matching(rows: QuerySet[SearchEntry], query: Query, *, title: bool = False) -> QuerySet[SearchEntry]:
    """By tokens, then by the folded text itself: what only shares the tokens is no result."""
    prefix = "t" if title else ""
    terms = [[[f"{prefix}{token}" for token in needed(one)] for one in alternatives] for alternatives in query.terms]
    found = rows.filter(pk__in=with_tokens(terms, any_term=query.passage))
    every = [_there(alternatives, title=title) for alternatives in query.terms]
    if not query.passage:
        return found.filter(*every)
    some = Q()
    for one in every:
        some |= one
    return found.filter(some)


def _there(alternatives: Sequence[str], *, title: bool) -> Q:
    wanted = Q()
    for one in alternatives:
        wanted |= Q(folded_title__contains=one)
        if not title:
            wanted |= Q(folded_body__contains=one)
    return wanted


_STEADY = ("source_order", "-fiscal_year", "source", "record_id")


def _candidates(rows: QuerySet[SearchEntry], query: Query) -> list[SearchEntry]:
    """At most CANDIDATES, those with everything in the title first, in an order every database gives."""
    known = rows.only(
        "pk", "source", "record_id", "folded_title", "folded_body", "source_order", "fiscal_year"
    ).order_by(*_STEADY)
    first = list(_matching(known, query, title=True)[:CANDIDATES])
    if len(first) == CANDIDATES:
        return first
    keys = {one.pk for one in first}
    return first + [one for one in _matching(known, query)[: CANDIDATES + len(first)] if one.pk not in keys][
        : CANDIDATES - len(first)
    ]


def _order(query: Query, candidates: Sequence[SearchEntry]) -> list[SearchEntry]:
    by_key = {f"{one.source}\x1f{one.record_id}": one for one in candidates}
    found = [
        Found(key, one.folded_title, one.folded_body, one.source_order, one.fiscal_year or 0)
        for key, one in by_key.items()
    ]
    return [by_key[one.key] for one in ranked(query, found)]


def _visible(actor: Actor, entries: Sequence[SearchEntry]) -> list[SearchEntry]:
    """Each source is asked again: an index that is behind shows nothing it must not."""
    asked: dict[str, set[str]] = {}
    for code in {one.source for one in entries}:
        known = source(code)
        ids = {one.record_id for one in entries if one.source == code}
        asked[code] = known.seen_by(actor, ids) if known else set()
    return [one for one in entries if one.record_id in asked[one.source]]


def _hit(query: Query, one: SearchEntry, labels: dict[str, str]) -> Hit:
    return Hit(
        source=one.source,
        label=labels.get(one.source, ""),
        title=marked(query, one.title),
        text=snippet(query, one.body),
        href=one.href,
        note="" if not one.permission else "公開前",
    )


def find(
    actor: Actor, words: str, *, kind: str = "", prefecture: str = "", fiscal_year: int | None = None, page: int = 1
) -> Results:
    """What the actor may find. kind: code of a source; prefecture: its code. A fixed number of queries a source."""
    query = parse_query(words, synonyms())
    labels = {one.code: one.label for one in sources()}
    if not query:
        return Results(query, [], [], 0, 0, 1, 1)
    rows = visible_entries(actor)
    if prefecture:
        rows = rows.filter(prefecture_code=prefecture)
    if fiscal_year is not None:
        rows = rows.filter(fiscal_year=fiscal_year)
    counted: Counter[str] = Counter()
    for code, count in _matching(rows, query).values_list("source").annotate(Count("pk")).order_by("source"):
        counted[code] = count
    groups = [Group(code, labels[code], counted[code], code == kind) for code in labels if counted[code]]
    total = counted[kind] if kind else sum(group.count for group in groups)
    ordered = _order(query, _candidates(rows.filter(source=kind) if kind else rows, query)) if total else []
    pages = max(1, -(-len(ordered) // PAGE))
    number = min(max(page, 1), pages)
    shown = _visible(actor, ordered[(number - 1) * PAGE : number * PAGE])
    texts = SearchEntry.objects.in_bulk([one.pk for one in shown])
    hits = [_hit(query, texts[one.pk], labels) for one in shown if one.pk in texts]
    return Results(query, hits, groups, total, len(ordered), number, pages)
