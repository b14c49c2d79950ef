"""The order of what was found. Python, not the database: two databases give the same answer in the same order.

A title that is the question comes first, then titles that begin with it or hold all of it, then texts that hold the
terms as written, then those that hold other words for them, then those that share most pairs of characters with the
question; between equals the newer year, then a number that depends on nothing but the document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar

from nimo.core.searching.words import Question

LEAST_SHARE = 34
"""Of a hundred pairs of a question, how many a document that does not hold all of it must share."""
COUNTED_OCCURRENCES = 5

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Key]):
    """What the database proposes. names (the title first) and body are folded; year 0: of no year."""

    key: Key
    names: tuple[str, ...]
    body: str
    year: int
    tie: int


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """Compared field by field, larger first."""

    title: int
    as_written: int
    other_words: int
    share: int
    occurrences: int
    year: int
    tie: int


def tie_of(source: str, record: str) -> int:
    """63 bits of the document's name: the last word between equals, the same on every machine."""
    digest = blake2b(f"{source}\x1f{record}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _title(question: Question, names: tuple[str, ...]) -> int:
    if question.whole in names:
        return 4
    alone = question.terms[0].others if len(question.terms) == 1 else ()
    if any(name.startswith(question.whole) or name in alone for name in names):
        return 3
    if all(any(term.text in name for name in names) for term in question.terms):
        return 2
    return int(
        all(any(text in name for name in names for text in term.alternatives) for term in question.terms),
    )


def _share(question: Question, candidate: Candidate[Key]) -> int:
    """Of a hundred pairs of the question, how many the document has; of each term's alternatives the best."""
    text = " ".join((*candidate.names, candidate.body))
    have = want = 0
    for term in question.terms:
        shares = []
        for word in term.alternatives:
            pairs = {word[at : at + 2] for at in range(max(len(word) - 1, 1))}
            shares.append((sum(pair in text for pair in pairs), len(pairs)))
        met, of = max(shares, key=lambda share: share[0] / share[1])
        have += met
        want += of
    return have * 100 // want


def score(question: Question, candidate: Candidate[Key]) -> Score:
    """How well a document answers. The question must have terms."""
    everything = " ".join((*candidate.names, candidate.body))
    as_written = other_words = occurrences = 0
    for term in question.terms:
        in_text = everything.count(term.text)
        if in_text:
            as_written += 1
            occurrences += min(in_text, COUNTED_OCCURRENCES)
        elif any(text in everything for text in term.others):
            other_words += 1
    return Score(
        title=_title(question, candidate.names),
        as_written=as_written,
        other_words=other_words,
        share=_share(question, candidate),
        occurrences=occurrences,
        year=candidate.year,
        tie=-candidate.tie,
    )


def rank(question: Question, candidates: Iterable[Candidate[Key]]) -> list[Key]:
    """The keys of the documents that answer, best first. Those that share too little with the question are left out."""
    if not question.terms:
        return []
    scored = [(score(question, one), one.key) for one in candidates]
    kept = [pair for pair in scored if pair[0].share >= LEAST_SHARE or pair[0].title or pair[0].as_written]
    return [key for _, key in sorted(kept, key=lambda pair: pair[0], reverse=True)]
