"""Words for one another: they widen what is asked, so a change takes effect at once and nothing is indexed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.search.formats.packaged import packaged_synonyms
from nimo.foundation.search.models import SearchSynonym
from nimo.foundation.search.policies import get_synonym, may_manage_synonyms
from nimo.foundation.search.rules import problem_with

ADD = register_verb("search.add_synonym", "同じように探すことばを登録した")
CHANGE = register_verb("search.change_synonym", "同じように探すことばを直した")

_THERE_ALREADY = "このことばは、もう登録されています。一覧から開いて直してください。保存していません。"


class UnableToSave(Exception):
    """Nothing was changed; str() is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Words:
    """A word, the words that are looked for with it, and whether they find the word in turn."""

    word: str
    others: Sequence[str]
    both_ways: bool = True
    reference: str = ""

    @property
    def fields(self) -> dict[str, object]:
        return {
            "word": self.word.strip(),
            "others": [one.strip() for one in self.others],
            "both_ways": self.both_ways,
            "reference": self.reference.strip(),
        }


def _check(actor: Actor, words: Words) -> None:
    decision = may_manage_synonyms(actor)
    if not decision:
        raise UnableToSave(decision.reason)
    problem = problem_with(words.word, words.others)
    if problem:
        raise UnableToSave(problem)


def load_synonyms(*, actor: Actor) -> int:
    """The words that ship, where nobody has decided on them yet. Returns how many came new. Raises UnableToSave."""
    decision = may_manage_synonyms(actor)
    if not decision:
        raise UnableToSave(decision.reason)
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
        if made:
            diff = {"ことば": [None, "、".join(one.word for one in made)]}
            record(actor, verb=ADD, target=("search.synonym", "packaged"), diff=diff)
    return len(made)


def add_synonym(*, actor: Actor, words: Words) -> SearchSynonym:
    """Raises UnableToSave: no right, words that cannot be, a word that is there already."""
    _check(actor, words)
    synonym = SearchSynonym(id=new_id(), changed_at=actor.now, changed_by_name=actor.name, **words.fields)
    try:
        with transaction.atomic():
            synonym.save(force_insert=True)
            diff = diff_of({}, words.fields)
            record(actor, verb=ADD, target=("search.synonym", str(synonym.pk)), diff=diff)
    except IntegrityError as error:
        raise UnableToSave(_THERE_ALREADY) from error
    return synonym


def change_synonym(*, actor: Actor, synonym_id: UUID, version: int, words: Words, in_use: bool) -> SearchSynonym:
    """Other words for it, or out of use: it stays, so that the words that ship do not bring it back.

    Raises NotVisible and UnableToSave.
    """
    synonym = get_synonym(actor, synonym_id)
    _check(actor, words)
    fields = {**words.fields, "in_use": in_use}
    before = {name: getattr(synonym, name) for name in fields}
    try:
        with transaction.atomic():
            taken = SearchSynonym.objects.filter(pk=synonym.pk, version=version).update(
                **fields, version=version + 1, changed_at=actor.now, changed_by_name=actor.name
            )
            if taken != 1:
                raise UnableToSave(
                    "ほかの人が先に直しました。保存していません。開き直して、今の内容を確かめてください。"
                )
            diff = diff_of(before, fields)
            record(actor, verb=CHANGE, target=("search.synonym", str(synonym.pk)), diff=diff)
    except IntegrityError as error:
        raise UnableToSave(_THERE_ALREADY) from error
    synonym.refresh_from_db()
    return synonym
