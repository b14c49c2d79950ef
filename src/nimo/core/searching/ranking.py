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

from nimo.core.searching.words import Question, ask_tokens

LEAST_SHARE = 34
"""Of a hundred pairs of a question, how many a document that does not hold all of it must share."""
COUNTED_OCCURRENCES = 5

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Key]):
    """What the database proposes. title and body are folded; year 0: of no year."""

    key: Key
    title: str
    body: str
    tokens: frozenset[str]
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


def _title(question: Question, title: str) -> int:
    if title == question.whole:
        return 4
    alone = question.terms[0].others if len(question.terms) == 1 else ()
    if title.startswith(question.whole) or title in alone:
        return 3
    if all(term.text in title for term in question.terms):
        return 2
    return int(all(any(text in title for text in term.alternatives) for term in question.terms))


def _share(tokens: frozenset[str], question: Question) -> int:
    """Of a hundred pairs of the question, how many the document has; of each term's alternatives the best."""
    have = want = 0
    for term in question.terms:
        best, best_of = 0, 1
        for text in term.alternatives:
            asked = ask_tokens(text)
            met = sum(_holds(tokens, token) for token in asked)
            if met * best_of > best * len(asked) or (best == 0 and best_of == 1):
                best, best_of = met, len(asked)
        have += best
        want += best_of
    return have * 100 // want


def _holds(tokens: frozenset[str], asked: str) -> bool:
    if asked.endswith("*"):
        return any(token.startswith(asked[:-1]) for token in tokens)
    return asked in tokens


def score(question: Question, candidate: Candidate[Key]) -> Score:
    """How well a document answers. ValueError-free for every candidate; the question must have terms."""
    as_written = other_words = occurrences = 0
    for term in question.terms:
        in_text = candidate.body.count(term.text) + candidate.title.count(term.text)
        if in_text:
            as_written += 1
            occurrences += min(in_text, COUNTED_OCCURRENCES)
        elif any(text in candidate.body or text in candidate.title for text in term.others):
            other_words += 1
    return Score(
        title=_title(question, candidate.title),
        as_written=as_written,
        other_words=other_words,
        share=_share(candidate.tokens, question),
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
