"""How pieces of the source become the text of a field: verbatim, only line cuts, markup residue and list dashes go."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nimo.core.characters import BULLETS, ROW_MARKS
from nimo.core.text import join_wrapped, strip_markup

_OPENING = re.compile(
    rf"[{re.escape(BULLETS.replace('-', ''))}【〔≪《＜<■（(]|[{ROW_MARKS}]|[0-9０-９]{{1,2}}[ 　.．)）、]|[ア-ンa-zａ-ｚ][ 　.．)）]"
    r"|[→⇒]|(?:[HRＨＲ]|平成|令和|昭和)[0-9０-９元]"
)
_CLOSED = re.compile(r"[。．！？!?」』】〕）)≫》＞>：:★☆]\s*$|シート$")
_MARKDOWN_BULLET = re.compile(r"^\s*[-*] +")
_SECOND_MARK = re.compile(rf"[・{ROW_MARKS}]|[0-9]{{1,2}}[)）]")
_CUT_LINE = 16
_NEARLY_FULL = 0.9


def continues(previous: str, line: str, *, after_blank: bool, width: int) -> bool:
    """Whether a line goes on with the one above it. `width`: the longest line of the block above.

    A line as wide as its box that ends no sentence was cut, even when a blank line follows; a shorter one ended there.
    """
    if _OPENING.match(line) or _CLOSED.search(previous):
        return False
    return not after_blank or len(previous) >= max(_CUT_LINE, _NEARLY_FULL * width)


def unwrap(lines: Sequence[str]) -> str:
    """Lines of a slide or a PDF, cut by the width of their box, as paragraphs (one a line)."""
    paragraphs: list[list[str]] = []
    after_blank, width = False, 0
    for line in lines:
        text = line.strip()
        if not text:
            after_blank = True
            continue
        previous = paragraphs[-1][-1] if paragraphs else None
        if previous is not None and continues(previous, text, after_blank=after_blank, width=width):
            paragraphs[-1].append(text)
        else:
            paragraphs.append([text])
        width = len(text) if after_blank else max(width, len(text))
        after_blank = False
    return "\n".join(join_wrapped(paragraph) for paragraph in paragraphs)


def tidy_lines(lines: Sequence[str]) -> str:
    """Lines that stand as they were written: markup goes, and a Markdown dash becomes ・ where no other mark follows."""
    kept = []
    for line in lines:
        text = strip_markup(line).strip()
        bullet = _MARKDOWN_BULLET.match(text)
        if bullet:
            rest = text[bullet.end() :].lstrip()
            text = rest if _SECOND_MARK.match(rest) else f"・{rest}"
        if text:
            kept.append(text)
    return "\n".join(kept)


def running_text(lines: Sequence[str], *, wrapped: bool) -> str:
    """The text of several lines; `wrapped` where the file's line breaks are cuts and not paragraphs."""
    return unwrap(lines) if wrapped else tidy_lines(lines)


def one_line(text: str) -> str:
    """A name or an indicator: cut lines joined, lists kept apart."""
    return join_wrapped(strip_markup(text).split("\n"))


_ENDS_IN_FIGURE = re.compile(r"[0-9０-９][^0-9０-９\s]{0,4}$")
_HAS_FIGURE = re.compile(r"^[^（(※].*[0-9０-９]")


def figure_text(lines: Sequence[str]) -> str:
    """A cell with numbers: １１か所⏎（政令市を除く） is one statement, 検討数44人⏎退院者数14人 are two."""
    joined = ""
    for line in (part.strip() for text in lines for part in strip_markup(text).split("\n")):
        if not line:
            continue
        if joined and _ENDS_IN_FIGURE.search(joined) and _HAS_FIGURE.match(line):
            joined += f" {line}"
        else:
            joined = join_wrapped([joined, line]).replace("\n", "") if joined else line
    return joined
