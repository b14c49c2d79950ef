"""Three renditions of one text: for the secretariat (all of it), for the members, for the public.

A passage that is not for everybody stands between marks that people type into the minutes themselves:

    ［構成員限り］……［ここまで］     not for the public
    ［事務局限り］……［ここまで］     not for the members either

Whatever is in doubt is hidden: a mark that is not closed holds to the end of the text, a mark inside another keeps the
stricter of the two, and a mark nobody knows (［会長限り］) is for the secretariat alone. `faults` says so to the writer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class Audience(IntEnum):
    """Whom a passage or a rendition is for; a rendition holds the passages of its number and of those below it."""

    PUBLIC = 0
    MEMBERS = 1
    SECRETARIAT = 2

    @property
    def label(self) -> str:
        return ("公開用", "構成員用", "事務局用")[self]


_AUDIENCES = {
    "構成員限り": Audience.MEMBERS,
    "委員限り": Audience.MEMBERS,
    "会員限り": Audience.MEMBERS,
    "事務局限り": Audience.SECRETARIAT,
}
_CLOSING = "ここまで"
_MARK = re.compile(r"[\[［【〔]([^\[\]［］【】〔〕\n]{1,12})[\]］】〕]")
_LOOKS_LIKE_ONE = re.compile(r"(限り|限定|のみ|非公開|部外秘|取扱注意|以下)$")
_BLANK_LINES = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)+\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text without its marks, and whom it is for."""

    text: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Fault:
    """A mark that does not say what its writer meant. line: counted from 1."""

    line: int
    message: str


def _meaning(inside: str) -> Audience | str | None:
    """The audience a mark opens, the closing word, or None for brackets that are no mark."""
    word = re.sub(r"\s", "", unicodedata.normalize("NFKC", inside))
    if word == _CLOSING:
        return _CLOSING
    if word in _AUDIENCES:
        return _AUDIENCES[word]
    return Audience.SECRETARIAT if _LOOKS_LIKE_ONE.search(word) else None


def _walk(text: str) -> Iterator[tuple[str, Audience, re.Match[str] | None, str]]:
    """(text before the mark, its audience, the mark, what is wrong with the mark); the last one has no mark."""
    open_marks: list[Audience] = []
    begin = 0
    for mark in _MARK.finditer(text):
        meaning = _meaning(mark[1])
        if meaning is None:
            continue
        wrong = ""
        before = max(open_marks, default=Audience.PUBLIC)
        if isinstance(meaning, Audience):
            if re.sub(r"\s", "", unicodedata.normalize("NFKC", mark[1])) not in _AUDIENCES:
                wrong = f"「{mark[0]}」は、決められた印ではありません。事務局だけの記載として扱います。"
            open_marks.append(meaning)
        elif open_marks:
            open_marks.pop()
        else:
            wrong = "「［ここまで］」の前に、始まりの印がありません。"
        yield text[begin : mark.start()], before, mark, wrong
        begin = mark.end()
    yield text[begin:], max(open_marks, default=Audience.PUBLIC), None, "open" if open_marks else ""


def passages(text: str) -> list[Passage]:
    """The text in order, cut at its marks. Marks themselves belong to no passage."""
    return [Passage(part, audience) for part, audience, _, _ in _walk(text.replace("\r\n", "\n")) if part]


def rendition(text: str, audience: Audience) -> str:
    """What this audience may read. The rest leaves no trace: no mark, no empty paragraph in its place."""
    kept = "".join(passage.text for passage in passages(text) if passage.audience <= audience)
    return _BLANK_LINES.sub("\n\n", kept).strip("\n")


def is_partly_hidden(text: str, audience: Audience) -> bool:
    """Whether something other than white space is kept from this audience."""
    return any(passage.audience > audience and passage.text.strip() for passage in passages(text))


def faults(text: str) -> list[Fault]:
    """Marks to be mended before the minutes are approved. An empty list: every mark opens, closes and is known."""
    clean = text.replace("\r\n", "\n")
    found: list[Fault] = []
    opened_on: list[int] = []
    for _, _, mark, wrong in _walk(clean):
        if mark is None:
            if wrong:
                found.append(
                    Fault(
                        opened_on[-1] if opened_on else 1,
                        "始まりの印に「［ここまで］」がありません。ここから終わりまで、公開用に入りません。",
                    )
                )
            continue
        line = clean.count("\n", 0, mark.start()) + 1
        if wrong:
            found.append(Fault(line, wrong))
        if _meaning(mark[1]) == _CLOSING:
            if opened_on:
                opened_on.pop()
        else:
            opened_on.append(line)
    return found
