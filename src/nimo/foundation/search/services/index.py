"""Bringing the index in line with its sources, in the transaction of whatever changed.

The index tells nothing that its sources do not: it is derived and can be rebuilt at any time, so it leaves no audit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from nimo.core.ranking import tie_of
from nimo.core.searching import sources
from nimo.core.searching.words import index_tokens
from nimo.core.text import fold
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.jobs.models import Job
from nimo.foundation.jobs.queries import is_under_way
from nimo.foundation.jobs.services import enqueue
from nimo.foundation.search.models import SearchEntry, learn_sizes, put_tokens, take_tokens, wait_for_turn
from nimo.foundation.search.policies import may_rebuild

T = TypeVar("T")
OWNERS_AT_ONCE = 100
_ROWS_AT_ONCE = 200
_TITLE, _NAMES, _PLACE, _BODY = 300, 1200, 200, 20_000


REQUEST = register_verb("search.request_rebuild", "検索の索引の作り直しを依頼した")
JOB = "search.rebuild"


class UnableToRebuild(Exception):
    """The index is as it was; str() is the sentence for the user."""


@cache
def discover() -> None:
    """Imports every app's `panels` once, also where no address was resolved yet (commands, jobs, tests)."""
    autodiscover_modules("panels")


def refresh(*, actor: Actor, source: str, owners: Collection[str]) -> int:
    """Reads these owners of a source again: what they have no longer is taken out. Returns how many documents they have.

    In the caller's transaction, after the caller's own writes: a text that was taken back is out of the index in the
    same moment. Raises core.searching.sources.UnknownSource.
    """
    discover()
    known = sources.get(source)
    with transaction.atomic():
        wait_for_turn(source)
        for some in _portions(owners, _ROWS_AT_ONCE):
            _take(SearchEntry.objects.filter(source=source, owner_id__in=some).values_list("pk", flat=True))
        return sum(
            _put(actor, source, documents)
            for some in _portions(sorted(owners), OWNERS_AT_ONCE)
            for documents in _portions(known.documents(some), _ROWS_AT_ONCE)
        )


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """(label of the source, how many documents are in the index now), in the order of the page."""

    counts: tuple[tuple[str, int], ...]


def request_rebuild(*, actor: Actor) -> Job:
    """Ask for the whole index to be made anew. Raises UnableToRebuild: no permission, or it is being made already."""
    decision = may_rebuild(actor)
    if not decision:
        raise UnableToRebuild(decision.reason)
    with transaction.atomic():
        wait_for_turn(JOB)
        if is_under_way(code=JOB):
            raise UnableToRebuild("検索の索引は、いま作り直しているところです。終わるまでお待ちください。")
        job = enqueue(actor=actor, code=JOB, title="検索の索引の作り直し")
        record(actor, verb=REQUEST, target=("jobs.job", str(job.pk)))
    return job


def rebuild(*, actor: Actor, step: Callable[[int, int, str], None] | None = None) -> Rebuilt:
    """The whole index anew, some owners a transaction: others keep working, readers keep finding. Raises UnableToRebuild.

    step(done, all, text): told after each portion.
    """
    decision = may_rebuild(actor)
    if not decision:
        raise UnableToRebuild(decision.reason)
    discover()
    counts = []
    for source in sources.all_sources():
        owners = list(source.owners())
        count = 0
        for begin in range(0, len(owners), OWNERS_AT_ONCE):
            if step is not None:
                step(begin, len(owners), f"{source.label}を載せています")
            count += refresh(actor=actor, source=source.code, owners=owners[begin : begin + OWNERS_AT_ONCE])
        _drop_gone(source.code)
        counts.append((source.label, count))
    known = [source.code for source in sources.all_sources()]
    with transaction.atomic():
        _take(SearchEntry.objects.exclude(source__in=known).values_list("pk", flat=True))
    learn_sizes()
    return Rebuilt(tuple(counts))


def _drop_gone(code: str) -> None:
    """Entries of owners that are no more. Asked again inside the turn: what came meanwhile stays."""
    with transaction.atomic():
        wait_for_turn(code)
        living = set(sources.get(code).owners())
        entries = SearchEntry.objects.filter(source=code).values_list("pk", "owner_id")
        _take([pk for pk, owner in entries if owner not in living])


def _portions(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion


def _take(entry_ids: Iterable[int]) -> None:
    for some in _portions(list(entry_ids), _ROWS_AT_ONCE):
        take_tokens(some)
        SearchEntry.objects.filter(pk__in=some).delete()


def _put(actor: Actor, source: str, documents: Sequence[sources.Found]) -> int:
    made = SearchEntry.objects.bulk_create(_entry(actor, source, one) for one in documents)
    put_tokens((entry.pk, index_tokens(title=entry.folded_names, body=entry.folded_body)) for entry in made)
    return len(made)


def _entry(actor: Actor, source: str, one: sources.Found) -> SearchEntry:
    title, body = one.title[:_TITLE], one.body[:_BODY]
    return SearchEntry(
        source=source,
        record_id=one.record,
        owner_id=one.owner,
        permission=one.audience,
        region_code=one.region_code,
        prefecture_code=one.prefecture_code,
        fiscal_year=one.fiscal_year,
        tie=tie_of(source, one.record),
        href=one.href,
        place=one.place[:_PLACE],
        title=title,
        folded_names=" ".join(fold(name) for name in (title, *one.names))[:_NAMES],
        body=body,
        folded_body=fold(body),
        put_at=actor.now,
    )
