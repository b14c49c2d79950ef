"""Putting documents into the index and taking them out, in the transaction of whatever they are; words for one another.

The index tells nothing that its sources do not: it is derived, can be rebuilt at any time, and so leaves no audit of its
own. What changes a synonym does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.core.ids import new_id
from nimo.core.searching import Document, source, sources, title_tokens, tokens
from nimo.core.text import fold
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.regions.models import Region
from nimo.foundation.search.formats.packaged import packaged_synonyms
from nimo.foundation.search.models import SearchEntry, SearchSynonym, put_tokens, take_tokens
from nimo.foundation.search.policies import get_synonym, may_manage_synonyms
from nimo.foundation.search.rules import problem_with

SYNONYM = register_verb("search.synonym", "同じように探すことばを決めた・直した・やめた")
_AT_ONCE = 400
_TITLE, _BODY = 300, 20_000


class UnableToSave(Exception):
    """Nothing was changed; str() is the sentence for the user."""


def _chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while chunk := list(islice(rest, _AT_ONCE)):
        yield chunk


def _entry(actor: Actor, one: Document, prefectures: dict[str, str]) -> SearchEntry:
    known = source(one.source)
    title, body = one.title[:_TITLE], one.body[:_BODY]
    return SearchEntry(
        source=one.source,
        record_id=one.record_id,
        title=title,
        body=body,
        folded_title=fold(title)[: _TITLE * 2],
        folded_body=fold(body),
        href=one.href,
        region_id=one.region_code or None,
        prefecture_code=prefectures.get(one.region_code, ""),
        fiscal_year=one.fiscal_year,
        permission=one.permission,
        source_order=known.order if known else 100,
        put_at=actor.now,
    )


def put(*, actor: Actor, documents: Iterable[Document]) -> int:
    """These documents as they are now; what stood under the same source and record_id is replaced. Returns how many."""
    done = 0
    with transaction.atomic():
        for chunk in _chunks(documents):
            for code in {one.source for one in chunk}:
                withdraw(actor=actor, source=code, record_ids=[one.record_id for one in chunk if one.source == code])
            codes = {one.region_code for one in chunk if one.region_code}
            rows = Region.objects.filter(pk__in=codes).values_list("code", "prefecture_id")
            prefectures = {code: prefecture or code for code, prefecture in rows}
            made = SearchEntry.objects.bulk_create(_entry(actor, one, prefectures) for one in chunk)
            put_tokens(
                (
                    entry.pk,
                    [*title_tokens(entry.folded_title), *tokens(entry.folded_title + entry.folded_body)],
                )
                for entry in made
            )
            done += len(made)
    return done


def withdraw(*, actor: Actor, source: str, record_ids: Collection[str]) -> int:
    """Takes these out of the index; what is not there is no mistake. Returns how many were."""
    with transaction.atomic():
        rows = SearchEntry.objects.filter(source=source, record_id__in=list(record_ids))
        keys = list(rows.values_list("pk", flat=True))
        take_tokens(keys)
        SearchEntry.objects.filter(pk__in=keys).delete()
    return len(keys)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """source label → how many documents are in the index now."""

    counts: dict[str, int]


def rebuild(*, actor: Actor, step: Callable[[int, int, str], None] | None = None) -> Rebuilt:
    """The whole index anew from every source, a source a transaction; readers keep finding what was there before."""
    known = sources()
    counts = {}
    for place, one in enumerate(known):
        if step is not None:
            step(place, len(known), f"{one.label}を載せています")
        with transaction.atomic():
            kept = set()

            def seen(documents: Iterable[Document], kept: set[str] = kept) -> Iterator[Document]:
                for document in documents:
                    kept.add(document.record_id)
                    yield document

            counts[one.label] = counts.get(one.label, 0) + put(actor=actor, documents=seen(one.documents()))
            gone = SearchEntry.objects.filter(source=one.code).values_list("record_id", flat=True)
            withdraw(actor=actor, source=one.code, record_ids=[key for key in gone if key not in kept])
    with transaction.atomic():
        orphans = SearchEntry.objects.exclude(source__in=[one.code for one in known]).values_list("source", "record_id")
        for code, key in list(orphans):
            withdraw(actor=actor, source=code, record_ids=[key])
    return Rebuilt(counts)


def load_synonyms(*, actor: Actor) -> int:
    """The words that ship, where nobody has decided on them yet. Returns how many came new."""
    with transaction.atomic():
        known = set(SearchSynonym.objects.values_list("word", flat=True))
        made = SearchSynonym.objects.bulk_create(
            SearchSynonym(
                word=one.word,
                others=list(one.others),
                both_ways=one.both_ways,
                reference=one.reference,
                changed_at=actor.now,
                changed_by_name=actor.name,
            )
            for one in packaged_synonyms()
            if one.word not in known
        )
    return len(made)


@dataclass(frozen=True, slots=True)
class Words:
    """A word, the words that stand for it, and whether they also find the word."""

    word: str
    others: Sequence[str]
    both_ways: bool = True
    reference: str = ""


def _check(actor: Actor, words: Words) -> None:
    decision = may_manage_synonyms(actor)
    if not decision:
        raise UnableToSave(decision.reason)
    problem = problem_with(words.word, words.others)
    if problem:
        raise UnableToSave(problem)


def _note(actor: Actor, synonym: SearchSynonym, before: object, after: object) -> None:
    record(actor, verb=SYNONYM, target=("search.synonym", str(synonym.pk)), diff={synonym.word: [before, after]})


def add_synonym(*, actor: Actor, words: Words) -> SearchSynonym:
    """Raises UnableToSave: no right, words that cannot be, a word that is there already."""
    _check(actor, words)
    synonym = SearchSynonym(
        id=new_id(),
        word=words.word.strip(),
        others=[one.strip() for one in words.others],
        both_ways=words.both_ways,
        reference=words.reference.strip(),
        changed_at=actor.now,
        changed_by_name=actor.name,
    )
    try:
        with transaction.atomic():
            synonym.save(force_insert=True)
            _note(actor, synonym, None, "、".join(synonym.others))
    except IntegrityError as error:
        raise UnableToSave("このことばは、もう登録されています。一覧から開いて直してください。保存していません。") from error
    return synonym


def change_synonym(*, actor: Actor, synonym_id: UUID, version: int, words: Words, in_use: bool = True) -> SearchSynonym:
    """Other words for it, or out of use. Raises NotVisible and UnableToSave."""
    synonym = get_synonym(actor, synonym_id)
    _check(actor, words)
    fields = {
        "word": words.word.strip(),
        "others": [one.strip() for one in words.others],
        "both_ways": words.both_ways,
        "reference": words.reference.strip(),
        "in_use": in_use,
    }
    try:
        with transaction.atomic():
            taken = SearchSynonym.objects.filter(pk=synonym.pk, version=version).update(
                **fields, version=version + 1, changed_at=actor.now, changed_by_name=actor.name
            )
            if taken != 1:
                raise UnableToSave("ほかの人が先に直しました。保存していません。開き直して、今の内容を確かめてください。")
            before = "、".join(synonym.others)
            _note(actor, synonym, before, "、".join(words.others) if in_use else "使わない")
    except IntegrityError as error:
        raise UnableToSave("このことばは、もう登録されています。保存していません。") from error
    synonym.refresh_from_db()
    return synonym
