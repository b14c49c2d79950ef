"""What may be asked, and how synonyms widen it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from nimo.core.searching.words import segments
from nimo.core.text import fold

CANDIDATES = 400
"""So many of the nearest are put in order; a question that finds more is too wide to read through."""
NEAR_CANDIDATES = 1000
"""So many that share a rare pair with the question are compared with it when nothing holds all of it."""
PAGE = 20
LONGEST_WORD = 40
MOST_OTHERS = 12


def expansions(rows: Iterable[tuple[str, Sequence[str], bool]]) -> dict[str, list[str]]:
    """(word, others, both ways) → folded word → folded words that may stand for it, in the order given."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, others, both_ways in rows:
        group = [fold(word), *(fold(one) for one in others)]
        for place, one in enumerate(group):
            if place and not both_ways:
                break
            found[one] += [other for other in group if other != one and other not in found[one]]
    return dict(found)


def problem_with(word: str, others: Sequence[str]) -> str:
    """Why these cannot be words for one another; "" when they can."""
    every = [word, *others]
    if not word.strip() or not others or any(not one.strip() for one in every):
        return "ことばと、いっしょに探すことばを一つ以上入れてください。保存していません。"
    if any(len(one) > LONGEST_WORD for one in every):
        return f"一つのことばは{LONGEST_WORD}字までです。保存していません。"
    if len(others) > MOST_OTHERS:
        return f"いっしょに探すことばは{MOST_OTHERS}までです。保存していません。"
    if any(not any(segments(fold(one))) for one in every):
        return "記号だけのことばは使えません。保存していません。"
    if len({fold(one) for one in every}) < len(every):
        return (
            "表記の違いだけのことば（かな、全角と半角、旧字など）は、登録しなくても同じに探せます。"
            "同じことばが入っていないか確かめてください。保存していません。"
        )
    return ""
