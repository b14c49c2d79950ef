"""Finding: candidates from the database, their order from core.ranking, and each source asked again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from nimo.core.ranking import Candidate, rank
from nimo.core.searching import marking, sources
from nimo.core.searching.words import (
    Question,
    match_all,
    match_any,
    parse,
    rarest,
    telling_tokens,
)
from nimo.foundation.access.actors import Actor
from nimo.foundation.search.models import SearchEntry, SearchSynonym, capped_counts, entries_with
from nimo.foundation.search.policies import readable, visible_entries
from nimo.foundation.search.rules import CANDIDATES, NEAR_CANDIDATES, PAGE, expansions


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, and where. kind: code of a source; prefecture: its code; None or "": everywhere."""

    text: str
    kind: str = ""
    prefecture: str = ""
    fiscal_year: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One result in pieces, marked where it answers. before_publication: only officials of its region find it."""

    source: str
    label: str
    title: Sequence[marking.Piece]
    text: Sequence[marking.Piece]
    place: str
    fiscal_year: int
    href: str
    before_publication: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """How many were found of a kind."""

    code: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Results:
    """hits: of this page. total: found in the chosen kind; ordered: of those, how many stand in order and can be paged
    through. near: nothing holds every term, these share the most with the question."""

    question: Question
    kinds: Sequence[Kind] = ()
    hits: Sequence[Hit] = ()
    total: int = 0
    ordered: int = 0
    page: int = 1
    near: bool = False


def synonyms() -> dict[str, list[str]]:
    """Folded word → folded words that stand for it. One query."""
    rows = SearchSynonym.objects.filter(in_use=True).order_by("word")
    return expansions(rows.values_list("word", "others", "both_ways"))


def find(actor: Actor, asked: Asked) -> Results:
    """What the actor may find. The number of queries does not depend on how much there is, nor on how long the text is."""
    question = parse(asked.text, synonyms())
    if not question.terms:
        return Results(question)
    rows = visible_entries(actor)
    if asked.prefecture:
        rows = rows.filter(prefecture_code=asked.prefecture)
    if asked.fiscal_year is not None:
        rows = rows.filter(fiscal_year=asked.fiscal_year)
    counts: dict[str, int] = {}
    if not question.loose:
        matching = rows.filter(pk__in=entries_with(match_all(question)))
        counts = dict(matching.values_list("source").annotate(number=Count("pk")).order_by())
    if counts:
        chosen = rows.filter(source=asked.kind) if asked.kind else rows
        return _results(actor, asked, question, counts, _holding(chosen, question))
    near = _near(rows, question)
    ranked = _readable(actor, rank(question, _candidates(near)))
    for source, _, _ in ranked:
        counts[source] = counts.get(source, 0) + 1
    kept = [key for key in ranked if key[0] == asked.kind or not asked.kind]
    return _page(asked, question, counts, kept, near=True)


Key = tuple[str, str, int]
"""(source, record, number of the entry)."""


def _results(
    actor: Actor, asked: Asked, question: Question, counts: dict[str, int], found: Iterable[SearchEntry]
) -> Results:
    return _page(asked, question, counts, _readable(actor, rank(question, _candidates(found))), near=False)


def _first(rows: QuerySet[SearchEntry], most: int) -> list[int]:
    """The numbers of the newest, between equals in the order that never changes: numbers only, so that no database's
    own order of letters decides who is a candidate. Without the texts, which would all be carried through the sorting."""
    return list(rows.order_by("-fiscal_year", "tie").values_list("pk", flat=True)[:most])


def _texts(keys: Sequence[int]) -> list[SearchEntry]:
    fields = ("pk", "source", "record_id", "fiscal_year", "tie", "folded_names", "folded_body")
    return list(SearchEntry.objects.filter(pk__in=keys).only(*fields))


def _holding(rows: QuerySet[SearchEntry], question: Question) -> list[SearchEntry]:
    """At most CANDIDATES that hold every term, first those that hold them in the title."""
    in_title = _first(rows.filter(pk__in=entries_with(match_all(question, mark="t"))), CANDIDATES)
    anywhere = _first(rows.filter(pk__in=entries_with(match_all(question))), CANDIDATES)
    return _texts(list(dict.fromkeys((*in_title, *anywhere)))[:CANDIDATES])


def _near(rows: QuerySet[SearchEntry], question: Question) -> list[SearchEntry]:
    """At most NEAR_CANDIDATES that share a rare pair with the question. Counted among what the actor may find only."""
    tokens = telling_tokens(question)
    each = [rows.filter(pk__in=entries_with(match_any([token]))) for token in tokens]
    counts = dict(zip(tokens, capped_counts(each, most=NEAR_CANDIDATES), strict=True))
    chosen = rarest(counts, most=NEAR_CANDIDATES)
    if not chosen:
        return []
    return _texts(_first(rows.filter(pk__in=entries_with(match_any(chosen))), NEAR_CANDIDATES))


def _candidates(entries: Iterable[SearchEntry]) -> list[Candidate[Key]]:
    return [
        Candidate(
            (entry.source, entry.record_id, entry.pk),
            tuple(entry.folded_names.split()),
            entry.folded_body,
            entry.fiscal_year,
            entry.tie,
        )
        for entry in entries
    ]


def _readable(actor: Actor, keys: Sequence[Key]) -> list[Key]:
    allowed = readable(actor, {(source, record) for source, record, _ in keys})
    return [key for key in keys if key[:2] in allowed]


def _page(asked: Asked, question: Question, counts: dict[str, int], ranked: Sequence[Key], *, near: bool) -> Results:
    known = sources.all_sources()
    labels = {source.code: source.label for source in known}
    kinds = [
        Kind(one.code, one.label, counts.get(one.code, 0), one.code == asked.kind)
        for one in known
        if counts.get(one.code) or one.code == asked.kind
    ]
    last = max(1, -(-len(ranked) // PAGE))
    number = min(max(asked.page, 1), last)
    shown = [pk for _, _, pk in ranked[(number - 1) * PAGE : number * PAGE]]
    entries = SearchEntry.objects.in_bulk(shown)
    return Results(
        question=question,
        kinds=kinds,
        hits=[_hit(question, entries[pk], labels) for pk in shown if pk in entries],
        total=counts.get(asked.kind, 0) if asked.kind else sum(counts.get(one.code, 0) for one in known),
        ordered=len(ranked),
        page=number,
        near=near,
    )


def _hit(question: Question, entry: SearchEntry, labels: dict[str, str]) -> Hit:
    spans = marking.ranges(entry.title, marking.words_of(question, entry.title))
    return Hit(
        source=entry.source,
        label=labels[entry.source],
        title=marking.pieces(entry.title, spans),
        text=marking.excerpt(entry.body, question) if entry.body else (),
        place=entry.place,
        fiscal_year=entry.fiscal_year,
        href=entry.href,
        before_publication=entry.permission != sources.PUBLIC,
    )
