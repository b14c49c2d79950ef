"""From Japanese text to what an index holds, and from a question to what is asked of it: character bigrams.

Bigrams of folded text answer two-character words (入院, 家族), which trigrams cannot, without a dictionary of words that
every installation would have to carry. A token is ASCII (letters and digits of base 36), so that no database's own
idea of words, accents or operators ever touches it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nimo.core.text import fold, normalise

QUESTION_LIMIT = 2000
"""Characters of a question that are read; the rest is left out and the reader is told."""
TERM_LIMIT = 12
"""Terms that must all be met; a question with more of them is one long text, of which the rare parts are looked for."""
LONG_TERM = 24
"""Folded characters from which on a term is a sentence: nobody wrote exactly that."""
ALTERNATIVE_LIMIT = 8

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@cache
def _character(character: str) -> str:
    """Four digits of base 36 hold every code point (36⁴ > 0x10FFFF)."""
    code, out = ord(character), ""
    for _ in range(4):
        code, rest = divmod(code, 36)
        out = _DIGITS[rest] + out
    return out


@cache
def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def segments(folded: str) -> Iterator[str]:
    """The runs of letters, digits and marks of a folded text; punctuation, symbols and emoji part them."""
    start = None
    for at, character in enumerate(folded):
        if _is_word(character):
            start = at if start is None else start
        elif start is not None:
            yield folded[start:at]
            start = None
    if start is not None:
        yield folded[start:]


def _pairs(segment: str) -> Iterator[str]:
    for at in range(len(segment) - 1):
        yield _character(segment[at]) + _character(segment[at + 1])


def index_tokens(*, title: str, body: str) -> list[str]:
    """The tokens of a document from its folded title and body, each once, in alphabetical order.

    b + pair: stands somewhere; t + pair: stands in the title. The last character of a run stands alone (b + one), so
    that one character is found by the beginning of a token wherever it is.
    """
    found: set[str] = set()
    for text, marks in ((title, "bt"), (body, "b")):
        for segment in segments(text):
            parts = {*_pairs(segment), _character(segment[-1])}
            found.update(mark + part for mark in marks for part in parts)
    return sorted(found)


def ask_tokens(folded: str, *, mark: str = "b") -> list[str]:
    """The tokens a document must have to hold this text; a token that ends in * is asked by its beginning.

    mark: "b" anywhere, "t" in the title. Empty for a text without letters and digits.
    """
    asked: dict[str, None] = {}
    for segment in segments(folded):
        if len(segment) == 1:
            asked[f"{mark}{_character(segment)}*"] = None
        for pair in _pairs(segment):
            asked[mark + pair] = None
    return list(asked)


@dataclass(frozen=True, slots=True)
class Term:
    """A word that must be met: as written (folded) or by one of the words that mean the same."""

    text: str
    others: tuple[str, ...] = ()

    @property
    def alternatives(self) -> tuple[str, ...]:
        return (self.text, *self.others)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood. `terms` is empty when nothing in it can be looked for.

    asked: as typed, tidied for display. whole: all terms joined. cut: more was typed than is read. loose: too long
    for every part of it to be met, so the documents that share most with it are looked for.
    """

    asked: str
    whole: str
    terms: tuple[Term, ...]
    cut: bool = False
    loose: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.asked

    @property
    def says_nothing(self) -> bool:
        """Something was typed, but only symbols."""
        return bool(self.asked) and not self.terms


_SPACES = re.compile(r"\s+")


def parse(text: str, synonyms: Mapping[str, Sequence[str]] | None = None) -> Question:
    """Read a question: terms are parted by spaces (full width too) and symbols, and must all be met.

    synonyms: folded word → folded words that are looked for as well, see `expand`.
    """
    cut = len(text) > QUESTION_LIMIT
    shown = _SPACES.sub(" ", normalise(text[:QUESTION_LIMIT])).strip()
    folded: dict[str, None] = {}
    for part in shown.split(" "):
        folded.update(dict.fromkeys(segments(fold(part))))
    loose = len(folded) > TERM_LIMIT or any(len(term) > LONG_TERM for term in folded)
    terms = tuple(Term(term, expand(term, synonyms or {})) for term in folded)
    return Question(shown, "".join(folded), terms, cut, loose)


def expand(term: str, synonyms: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The term with the words it contains replaced by words that mean the same, one at a time; longest words first."""
    found: dict[str, None] = {}
    for word in sorted((word for word in synonyms if word in term), key=lambda word: (-len(word), word)):
        for other in synonyms[word]:
            found[term.replace(word, other)] = None
    found.pop(term, None)
    return tuple(list(found)[:ALTERNATIVE_LIMIT])


@dataclass(frozen=True, slots=True)
class Match:
    """What a document must have: every group, of a group one alternative, of an alternative every token."""

    groups: tuple[tuple[tuple[str, ...], ...], ...]

    def written(self, *, both: str, either: str, plain: str, prefix: str) -> str:
        """As an expression of a database. plain and prefix are formats of one token: `"{}"`, `"{}" *`."""

        def one(asked: str) -> str:
            return prefix.format(asked[:-1]) if asked.endswith("*") else plain.format(asked)

        return both.join(
            "(" + either.join("(" + both.join(one(asked) for asked in tokens) + ")" for tokens in group) + ")"
            for group in self.groups
        )


def match_all(question: Question, *, mark: str = "b") -> Match:
    """Every term, each as written or by another word. ValueError for a question that says nothing."""
    if not question.terms:
        raise ValueError("there is nothing to look for")
    return Match(tuple(_group(term, mark) for term in question.terms))


def _group(term: Term, mark: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(ask_tokens(text, mark=mark)) for text in term.alternatives)


def match_any(tokens: Iterable[str]) -> Match:
    """At least one of the tokens."""
    return Match((tuple((token,) for token in tokens),))


_HIRAGANA_ONLY = re.compile("[\u3041-\u309fー]+")
TRIED_TOKENS = 48


def telling_tokens(question: Question) -> list[str]:
    """Pairs of a question worth counting, at most `TRIED_TOKENS`, spread over its length.

    Pairs of hiragana alone (ている, から) tell nothing where there are others.
    """
    pairs: dict[str, bool] = {}
    for term in question.terms:
        for text in term.alternatives:
            for segment in segments(text):
                for at in range(len(segment) - 1):
                    pairs[segment[at : at + 2]] = _HIRAGANA_ONLY.fullmatch(segment[at : at + 2]) is None
    telling = [pair for pair, tells in pairs.items() if tells] or list(pairs)
    if len(telling) > TRIED_TOKENS:
        telling = [telling[at * len(telling) // TRIED_TOKENS] for at in range(TRIED_TOKENS)]
    return [token for pair in telling for token in ask_tokens(pair)]


def rarest(counts: Mapping[str, int], *, most: int) -> list[str]:
    """The rarest tokens that together stand in about `most` documents; at least one if any stands in a document."""
    chosen: list[str] = []
    total = 0
    for token in sorted((token for token in counts if counts[token]), key=lambda token: (counts[token], token)):
        if chosen and total + counts[token] > most:
            break
        chosen.append(token)
        total += counts[token]
    return chosen
