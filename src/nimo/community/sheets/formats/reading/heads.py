"""Whose sheet it is: the name at the head of a page, and where one sheet ends and the next begins.

Forms met: ●架空県● · 架空県 (on most pages, top or bottom) · 架空県 みほん市 (once) · 架空県みほん市 (basic-info block) ·
みほん市における「…」の構築について. Names are recognised by their form, never from a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nimo.community.sheets.formats.reading.squeeze import squeeze
from nimo.community.sheets.formats.reading.stream import Item, TableRow, TextLine
from nimo.community.sheets.formats.reading.titles import Heading
from nimo.core.text import normalise

_LETTER = "[一-龠々〆ヶヵケァ-ヴーぁ-ん]"
_PREFECTURE = f"(?:北海道|東京都|(?:京都|大阪)府|{_LETTER}{{2,3}}県)"
_TOWN = f"(?:{_LETTER}{{1,6}}郡[ ]?)?{_LETTER}{{1,9}}?(?:市|区|町|村)(?:{_LETTER}{{1,4}}区)?"
_AREA = f"{_LETTER}{{1,10}}(?:圏域|保健所管内|保健福祉事務所管内)"
_HEAD = re.compile(f"(?P<prefecture>{_PREFECTURE})(?:[ ]*(?P<municipality>{_TOWN}|{_AREA}))?")
_TOWN_ALONE = re.compile(_TOWN)
_NOT_A_NAME = re.compile("(?:各|全|当|本|他|両|近|隣|近隣)[県市区町村]|市町")
_HOLDS_NO_NAME = re.compile("都道府県|府県|市区?町村|政令|中核市|指定都市|設置市")
_ORNAMENTS = "●○〇◎■□◆◇★☆【】「」『』《》〈〉<>()[] \t*#"
_NAME_LABEL = re.compile(r"^(?:都道府県・?市?区?町?村?名|自治体名|市区?町村名|団体名|都道府県等名)[:： ]*")

_TITLE_OF_SHEET = re.compile(f"^(?P<name>{_LETTER}{{2,14}}?)における[「『]?精神障(?:害|がい|碍)者?にも?対応した")
_FORM_NAME = re.compile("「?(?:事前課題|自治体情報)」?シート")


@dataclass(frozen=True, slots=True)
class Name:
    """A body's name as its parts; either may be None, not both."""

    prefecture: str | None
    municipality: str | None

    def covers(self, other: Name) -> bool:
        """True when `other` says nothing this name does not say: the bare 架空県 on the pages of 架空県's sheet."""
        return (other.prefecture is None or other.prefecture == self.prefecture) and (
            other.municipality == self.municipality or (other.municipality is None and self.municipality is None)
        )


@dataclass(frozen=True, slots=True)
class Head:
    """A line or row that holds nothing but a body's name, at `index` of the stream."""

    index: int
    name: Name


@lru_cache(maxsize=4096)
def name_in(text: str) -> Name | None:
    """The body a text names, when it names one and says nothing else."""
    plain = _NAME_LABEL.sub("", normalise(text).replace("\n", " ").strip(_ORNAMENTS)).strip(_ORNAMENTS)
    if not plain or len(plain) > 24 or _HOLDS_NO_NAME.search(plain) or _NOT_A_NAME.fullmatch(plain):
        return None
    plain = re.sub(r"\s+", " ", plain)
    match = _HEAD.fullmatch(plain)
    if match:
        municipality = match["municipality"]
        return Name(match["prefecture"], municipality.replace(" ", "") if municipality else None)
    if _TOWN_ALONE.fullmatch(plain) and len(plain) >= 3:
        return Name(None, plain)
    return None


def text_of(item: Item) -> str:
    """All an item says, cells separated by one space."""
    if isinstance(item, TextLine):
        return item.text
    return " ".join(cell.text for cell in item.filled)


def find_heads(items: Sequence[Item]) -> list[Head]:
    """Every line or row that is nothing but a name. A town alone counts only where something else vouches for it."""
    titled = {match["name"] for item in items if (match := _title_match(item))}
    alone: dict[str, int] = {}
    found: list[Head] = []
    for index, item in enumerate(items):
        name = name_in(text_of(item))
        if name is None:
            continue
        if name.prefecture is None and name.municipality:
            alone[name.municipality] = alone.get(name.municipality, 0) + 1
        found.append(Head(index, name))
    towns = {head.name.municipality for head in found if head.name.prefecture}
    return [
        head
        for head in found
        if head.name.prefecture
        or head.name.municipality in titled | towns
        or alone.get(head.name.municipality or "", 0) > 1
        or _is_first(items, head.index)
    ]


def _is_first(items: Sequence[Item], index: int) -> bool:
    return all(not text_of(item).strip() for item in items[:index])


def _title_match(item: Item) -> re.Match[str] | None:
    return (
        _TITLE_OF_SHEET.match(squeeze(text_of(item))) if isinstance(item, TextLine) or len(item.filled) == 1 else None
    )


def is_cover(item: Item) -> bool:
    """True for a line only the first page of a sheet has: the form's name, or …における「…」の構築について."""
    text = squeeze(text_of(item))
    return bool(_FORM_NAME.search(text)) or bool(_TITLE_OF_SHEET.match(text) and "構築について" in text)


def name_in_titles(items: Sequence[Item]) -> Name | None:
    """The one body that titles name (みほん市における…, 架空県の基礎情報), for sheets without a head line."""
    names = set()
    for item in items:
        text = squeeze(text_of(item))
        match = _TITLE_OF_SHEET.match(text) or re.fullmatch(
            rf"\d{{0,2}}(?P<name>{_LETTER}{{2,12}})の基[礎本]情報", text
        )
        if match and (name := name_in(match["name"])):
            names.add(name)
    return names.pop() if len(names) == 1 else None


def split_sheets(items: Sequence[Item], headings: Sequence[Heading]) -> list[tuple[int, int]]:
    """The [start, end) of each sheet in the stream. A file without any section title gives one."""
    starts = [0]
    heads = find_heads(items)
    current: Name | None = None
    for position, head in enumerate(heads):
        if current is None or (head.name.prefecture, head.name.municipality) == (None, current.municipality):
            current = current or head.name
            continue
        before = {h.key for h in headings if starts[-1] <= h.first < head.index}
        if current.covers(head.name) or current == head.name:
            continue
        if not before:
            # Nothing of a sheet has been read yet: a fuller name for the same sheet (架空県, then 架空県 みほん市).
            if current.prefecture in (None, head.name.prefecture) and head.name.municipality:
                current = Name(head.name.prefecture or current.prefecture, head.name.municipality)
            continue
        next_head = next((h.index for h in heads[position + 1 :] if h.name not in (head.name, current)), len(items))
        after = {h.key for h in headings if head.index <= h.first < next_head}
        if _begins_sheet(items, head, current, before, after):
            starts.append(_page_top(items, head.index, starts[-1]))
            current = head.name
    starts = _with_restarts(items, headings, starts)
    return list(zip(starts, [*starts[1:], len(items)], strict=True))


def _begins_sheet(items: Sequence[Item], head: Head, current: Name, before: set[str], after: set[str]) -> bool:
    """Whether another name opens another sheet: its sections come again, a cover line follows, or it stands for itself."""
    if _cover_near(items, head.index):
        return True
    if head.name.municipality is None and head.name.prefecture == current.prefecture:
        # The prefecture's bare name may stand on a page of its city's sheet.
        return len(after & before) >= _TOO_MANY_TO_BE_CHANCE
    in_full = head.name.municipality is not None and head.name.prefecture is not None
    return bool(after & before) or (in_full and bool(after) and _stands_alone(items, head.index))


_TOO_MANY_TO_BE_CHANCE = 2


def _cover_near(items: Sequence[Item], index: int) -> bool:
    said = [item for item in items[index + 1 : index + 12] if text_of(item).strip()]
    return any(is_cover(item) for item in said[:3])


def _stands_alone(items: Sequence[Item], index: int) -> bool:
    """Blank lines above and below: a name in a list has neighbours."""
    around = [items[at] for at in (index - 1, index + 1) if 0 <= at < len(items)]
    return all(not text_of(item).strip() for item in around)


def _page_top(items: Sequence[Item], index: int, floor: int) -> int:
    """A name at the foot or in the middle of a slide belongs to the whole slide, unless another name stands above it:
    a worksheet may hold two sheets one below the other."""
    page = items[index].place.page
    top = index
    while page is not None and top > floor and items[top - 1].place.page == page:
        top -= 1
    another_above = any(name_in(text_of(items[above])) for above in range(top, index))
    return index if another_above else top


_ENOUGH_SECTIONS = 3


def _with_restarts(items: Sequence[Item], headings: Sequence[Heading], starts: list[int]) -> list[int]:
    """Two years of one body in one file: the sections begin again, after a cover line or the body's name.

    On slides the name stands on every page and says nothing; there only a cover line counts.
    """
    result: list[int] = []
    has_pages = any(item.place.page is not None for item in items)
    marks = set() if has_pages else {head.index for head in find_heads(items)}
    for start, end in zip(starts, [*starts[1:], len(items)], strict=True):
        result.append(start)
        seen: list[str] = []
        last_heading = start
        own = [h for h in headings if start <= h.first < end]
        for number, heading in enumerate(own):
            others_since = set(seen[len(seen) - seen[::-1].index(heading.key) :]) if heading.key in seen else set()
            again = {h.key for h in own[number:]} & set(seen)
            if len(others_since) >= _ENOUGH_SECTIONS and len(again) >= 2:
                between = range(last_heading + 1, heading.first + 1)
                covers = [i for i in between if is_cover(items[i])] or [i for i in between if i in marks]
                if covers:
                    top = _page_top(items, covers[0], last_heading + 1)
                    result.append(_before_name(items, top, marks))
                    seen = []
            seen.append(heading.key)
            last_heading = heading.last
    return result


def _before_name(items: Sequence[Item], index: int, marks: set[int]) -> int:
    """Take in the name that stands right above a cover line."""
    above = index - 1
    while above >= 0 and not text_of(items[above]).strip():
        above -= 1
    return above if above in marks else index


def is_alone(row: TableRow) -> bool:
    """A row with one cell that speaks: a heading, a caption or a paragraph in a worksheet."""
    return len(row.filled) == 1 and not any(cell.carried for cell in row.cells)
