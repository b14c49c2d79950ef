"""The order of what was found, and where its words stand: integers and texts only, the same on every database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nimo.core.searching import Query
from nimo.core.text import fold

SNIPPET = 120
_BEFORE = 24
_MOST_COUNTED = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate: folded title and body, and what decides between equals (the smaller order, the later year, the key)."""

    key: str
    title: str
    body: str
    order: int = 0
    fiscal_year: int = 0


def _there(alternatives: Sequence[str], text: str) -> bool:
    return any(one in text for one in alternatives)


def score(query: Query, one: Found) -> tuple[int, ...]:
    """Greater is nearer: the title is the question, begins with it, holds all terms, holds it as typed (no synonym); the
    number of terms found; how often, up to a few."""
    typed = [alternatives[0] for alternatives in query.terms]
    whole = "".join(typed)
    in_title = sum(_there(alternatives, one.title) for alternatives in query.terms)
    anywhere = sum(_there(alternatives, one.title) or _there(alternatives, one.body) for alternatives in query.terms)
    as_typed = sum(term in one.title or term in one.body for term in typed)
    often = sum(min(one.body.count(term), _MOST_COUNTED) for term in typed)
    return (
        anywhere,
        int(one.title == whole),
        int(not query.passage and in_title == len(query.terms)),
        int(one.title.startswith(typed[0])),
        as_typed,
        in_title,
        often,
    )


def ranked(query: Query, found: Sequence[Found]) -> list[Found]:
    """The nearest first. Equal ones: smaller order, later year, then by key."""
    return sorted(
        found,
        key=lambda one: (tuple(-part for part in score(query, one)), one.order, -one.fiscal_year, one.key),
    )


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of shown text, and whether it is what was asked for."""

    text: str
    hit: bool


def _aligned(text: str) -> tuple[str, list[int]]:
    """The folded text character by character, with the place each came from."""
    out: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = fold(character)
        out.append(folded)
        places += [place] * len(folded)
    return "".join(out), places


def spans(query: Query, text: str) -> list[tuple[int, int]]:
    """Where the terms stand in a text as it was written: spans in order that do not touch one another.

    Spellings that need more than one character to be unified (取り組み, 取組) are found by the index but may stay unmarked.
    """
    folded, places = _aligned(text)
    hit = [False] * len(text)
    for alternatives in query.terms:
        for term in alternatives:
            start = folded.find(term)
            while start >= 0:
                for place in range(places[start], places[start + len(term) - 1] + 1):
                    hit[place] = True
                start = folded.find(term, start + len(term))
    found: list[tuple[int, int]] = []
    for place, is_hit in enumerate(hit):
        if is_hit and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif is_hit:
            found.append((place, place + 1))
    return found


def marked(query: Query, text: str) -> list[Marked]:
    """A text in pieces: joined they are the text."""
    pieces: list[Marked] = []
    end = 0
    for start, stop in spans(query, text):
        if start > end:
            pieces.append(Marked(text[end:start], hit=False))
        pieces.append(Marked(text[start:stop], hit=True))
        end = stop
    if end < len(text):
        pieces.append(Marked(text[end:], hit=False))
    return pieces


def snippet(query: Query, text: str, length: int = SNIPPET) -> list[Marked]:
    """The part of a long text around the first hit (else its beginning), with … where something was left out."""
    plain = " ".join(text.split())
    near = spans(query, plain[:20_000])
    start = max(near[0][0] - _BEFORE, 0) if near else 0
    part = plain[start : start + length]
    pieces = marked(query, part)
    before = [Marked("…", hit=False)] if start else []
    after = [Marked("…", hit=False)] if start + length < len(plain) else []
    return [*before, *pieces, *after]
