"""Lines people type or paste when they record a change: names one a line, pairs with an arrow, new regions with commas."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nimo.core.text import normalise, to_hiragana
from nimo.foundation.regions.choices import RegionKind

_BETWEEN = re.compile(r"[\t、,，]+")
_ARROW = re.compile(r"\s*(?:→|⇒|->|=>|＞|>)\s*")
_NUMBER = re.compile(r"[0-9]+(?:,[0-9]{3})*人?")
_KINDS = {kind.label: kind for kind in RegionKind if kind not in {RegionKind.NATION, RegionKind.PREFECTURE}}
FORMER = "旧"


class UnreadableLine(Exception):
    """A line cannot be read; str() names it and says how it should look, in Japanese."""


@dataclass(frozen=True, slots=True)
class NamedPart:
    """A region as written, and the published population of the part that went there (None: not written)."""

    name: str
    people: int | None = None


@dataclass(frozen=True, slots=True)
class NewLine:
    """A region to be registered. code "" is for areas, which get the next free one."""

    name: str
    kana: str
    kind: RegionKind
    code: str
    former: bool


def lines_of(text: str) -> list[str]:
    """The lines that hold something, each in the usual width."""
    return [line.strip() for line in normalise(text).splitlines() if line.strip()]


def _people(text: str) -> int | None:
    return int(re.sub(r"[,人]", "", text)) if _NUMBER.fullmatch(text) else None


def named_parts(text: str) -> list[NamedPart]:
    """架空新町 or 架空新町、1,200 — a name a line, with a number of people where one was published."""
    found = []
    for line in lines_of(text):
        match = re.fullmatch(r"(.+?)(?:[\t、,，:：\s]+([0-9][0-9,]*人?))?", line)
        assert match is not None  # a line that holds something always matches
        name, number = match[1].strip(), match[2]
        if number is not None and _people(number) is None:
            raise UnreadableLine(f"「{line}」の人口を読み取れません。「架空新町、1200」のように書いてください。")
        found.append(NamedPart(name, _people(number) if number else None))
    return found


def pairs(text: str) -> list[tuple[str, NamedPart]]:
    """架空甲町 → 架空市, a pair a line, with a number of people behind where one was published."""
    found = []
    for line in lines_of(text):
        sides = _ARROW.split(line)
        if len(sides) != 2 or not all(sides):
            raise UnreadableLine(f"「{line}」を読み取れません。「架空甲町 → 架空市」のように、矢印でつないでください。")
        found.append((sides[0], named_parts(sides[1])[0]))
    return found


def new_lines(text: str) -> list[NewLine]:
    """架空市、かくうし、市、10299 — name, reading, kind, code; 旧 behind it for one that ended with this change."""
    found = []
    for line in lines_of(text):
        parts = [part.strip() for part in _BETWEEN.split(line) if part.strip()]
        former = len(parts) > 1 and parts[-1] == FORMER
        parts = parts[:-1] if former else parts
        kind = _KINDS.get(parts[2]) if len(parts) > 2 else None
        if len(parts) not in (3, 4) or kind is None:
            kinds = "・".join(_KINDS)
            raise UnreadableLine(
                f"「{line}」を読み取れません。「架空市、かくうし、市、10299」のように、名称、よみ、区分、コードの順に書いてください。"
                f"区分は {kinds} のどれかです。"
            )
        code = parts[3] if len(parts) == 4 else ""
        found.append(NewLine(parts[0], to_hiragana(parts[1]), kind, code, former))
    return found
