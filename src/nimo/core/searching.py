"""Searching Japanese text without a dictionary: characters and their pairs, one query form, and what apps offer to be found.

A text is found by its single characters and its pairs of neighbours (bigrams) of the folded form, so 入院, 家族 and 圏 are
found as well as whole sentences, in any spelling `text.fold` unifies. The database finds candidates by these tokens;
`core.ranking` puts them in order, so that every database answers alike.

@search_source("sheets.chapter", label="シート", order=30)
def chapters(): yield Document(...)          # everything there is, for the rebuilding of the index

@chapters.visible
def visible_chapters(actor, record_ids): return {...}   # asked again for every result that is shown
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nimo.core.text import fold

MOST_CHARACTERS = 2000
"""Longer questions are cut; the page says so."""
MOST_TERMS = 12
PIECE = 40
"""A longer term is a passage: it is cut into pieces, and texts with any of them are found, those with most first."""
_SPACE = re.compile(r"[\s\u3000]+")
_CUT = re.compile(r"[。、，．,.；;：:！!？?（）()「」『』【】〈〉・/／\n]+")


def _token(part: str) -> str:
    """ASCII letters and digits only, so that any full-text engine keeps it whole: 入院 → k5165k9662."""
    return "".join(f"k{ord(character):x}" for character in part)


def _grams(folded: str) -> set[str]:
    return {*folded, *(folded[place : place + 2] for place in range(len(folded) - 1))}


def tokens(folded: str) -> list[str]:
    """Tokens of a folded text: each character, each pair of neighbours, once, in a fixed order."""
    return sorted(_token(gram) for gram in _grams(folded))


def title_tokens(folded: str) -> list[str]:
    """The same, told apart as those of a title."""
    return [f"t{token}" for token in tokens(folded)]


def needed(folded: str) -> list[str]:
    """Tokens a text must hold to contain a term: its pairs, or the character of a term of one."""
    if len(folded) == 1:
        return [_token(folded)]
    return sorted({_token(folded[place : place + 2]) for place in range(len(folded) - 1)})


@dataclass(frozen=True, slots=True)
class Query:
    """terms: for each the folded forms of which one must be there, the term itself first. passage: any term is enough.

    words: as typed, for showing; cut: something of the question was left out.
    """

    words: str
    terms: tuple[tuple[str, ...], ...]
    passage: bool = False
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.terms)


def _pieces(word: str) -> list[str]:
    """A passage as pieces of at most PIECE characters, cut at punctuation where there is any."""
    found = []
    for part in _CUT.split(word):
        folded = fold(part)
        found += [folded[place : place + PIECE] for place in range(0, len(folded), PIECE)]
    return [one for one in found if len(one) > 1]


def parse_query(text: str, synonyms: Mapping[str, Sequence[str]] | None = None) -> Query:
    """The words of a box as a question. synonyms: folded word → other folded words that may stand for it.

    Terms are separated by white space of any width; all of them must be found. Nothing to search for (only marks or
    spaces) is an empty, false query.
    """
    cut = len(text) > MOST_CHARACTERS
    words = text[:MOST_CHARACTERS].strip()
    parts = [part for part in _SPACE.split(words) if part]
    if any(len(part) > PIECE for part in parts):
        pieces = list(dict.fromkeys(piece for part in parts for piece in _pieces(part)))
        return Query(words, tuple((piece,) for piece in pieces[: MOST_TERMS * 4]), passage=True, cut=cut)
    folded = list(dict.fromkeys(one for part in parts if (one := fold(part))))
    known = synonyms or {}
    terms = tuple(tuple(dict.fromkeys((one, *known.get(one, ())))) for one in folded[:MOST_TERMS])
    return Query(words, terms, cut=cut or len(folded) > MOST_TERMS)


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found. record_id: unique within its source. region_code "", fiscal_year None: of none in particular.

    permission: code of the permission that reads it within its region; "" is for everyone. **Never a supported person.**
    """

    source: str
    record_id: str
    title: str
    body: str
    href: str
    region_code: str = ""
    fiscal_year: int | None = None
    permission: str = ""


DocumentsFunction = Callable[[], Iterable[Document]]
VisibleFunction = Callable[[Any, Collection[str]], Collection[str]]


class SearchSource:
    """A kind of thing that can be found."""

    def __init__(self, code: str, label: str, order: int, documents: DocumentsFunction) -> None:
        self.code, self.label, self.order, self.documents = code, label, order, documents
        self.is_visible: VisibleFunction | None = None

    def visible(self, function: VisibleFunction) -> VisibleFunction:
        """Which of these records the actor may see now. A source that says nothing shows nothing."""
        self.is_visible = function
        return function

    def seen_by(self, actor: Any, record_ids: Collection[str]) -> set[str]:
        return set(self.is_visible(actor, record_ids)) if self.is_visible and record_ids else set()


_sources: dict[str, SearchSource] = {}


def search_source(code: str, *, label: str, order: int = 100) -> Callable[[DocumentsFunction], SearchSource]:
    """Offer documents. ValueError for a code used twice by different functions."""

    def register(function: DocumentsFunction) -> SearchSource:
        known = _sources.get(code)
        if known is not None and known.documents.__qualname__ != function.__qualname__:
            raise ValueError(f"search source {code} is offered twice")
        return _sources.setdefault(code, SearchSource(code, label, order, function))

    return register


def sources() -> list[SearchSource]:
    """By order, then by code."""
    return sorted(_sources.values(), key=lambda one: (one.order, one.code))


def source(code: str) -> SearchSource | None:
    return _sources.get(code)
