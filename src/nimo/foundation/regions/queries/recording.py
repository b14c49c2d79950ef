"""From what people type about a change to facts, and from a recorded change back to what they would type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nimo.core.codes import WrongCheckDigit, parse_area_code
from nimo.core.text import normalise, to_hiragana
from nimo.foundation.regions.choices import AREA_KINDS, ChangeKind, RegionKind
from nimo.foundation.regions.formats.change_lines import (
    FORMER,
    NamedPart,
    UnreadableLine,
    lines_of,
    named_parts,
    new_lines,
    pairs,
)
from nimo.foundation.regions.models import Region, RegionChange, RegionName
from nimo.foundation.regions.rules.changes import Link
from nimo.foundation.regions.rules.places import next_area_code, place_key
from nimo.foundation.regions.rules.recording import Facts, NewPlace

YEARLY_AREAS = AREA_KINDS - {RegionKind.LIVING_AREA}


@dataclass
class _Names:
    """Regions of a prefecture, ended ones too, and those the change brings along, by what people write."""

    prefecture: Region
    by_key: dict[str, dict[str, str]]
    """folded name → {code: name}"""

    def find(self, written: str) -> str:
        """The code somebody means. UnreadableLine: none, or several."""
        try:
            code = parse_area_code(written)
        except WrongCheckDigit as error:
            raise UnreadableLine(str(error)) from None
        plain = code.code if code else written.strip()
        for candidates in self.by_key.values():
            if plain in candidates:
                return plain
        found = self.by_key.get(place_key(normalise(written).removeprefix(self.prefecture.name)), {})
        if len(found) == 1:
            return next(iter(found))
        if found:
            codes = "、".join(f"{code}（{name}）" for code, name in sorted(found.items()))
            raise UnreadableLine(f"「{written}」という名称の地域が複数あります。コードで書いてください: {codes}。")
        raise UnreadableLine(
            f"「{written}」は{self.prefecture.name}に登録されていません。名称かコードを確かめるか、"
            "「まだ登録されていない地域」に書いてください。"
        )


def _names(prefecture: Region, new: Iterable[NewPlace]) -> _Names:
    by_key: dict[str, dict[str, str]] = defaultdict(dict)
    brought = {one.code for one in new}
    rows = Region.objects.filter(prefecture=prefecture).exclude(pk__in=brought)
    for code, name in rows.values_list("code", "name"):
        by_key[place_key(name)][code] = name
    former = RegionName.objects.filter(region__prefecture=prefecture).exclude(region_id__in=brought)
    for code, name in former.values_list("region_id", "name"):
        by_key[place_key(name)].setdefault(code, name)
    for one in new:
        by_key[place_key(one.name)][one.code] = one.name
    return _Names(prefecture, by_key)


def _new(prefecture: Region, text: str) -> tuple[NewPlace, ...]:
    found: list[NewPlace] = []
    for line in new_lines(text):
        code = line.code
        if not code and line.kind in YEARLY_AREAS:
            taken = set(Region.objects.filter(prefecture=prefecture).values_list("code", flat=True))
            taken |= {one.code for one in found}
            code = next_area_code(line.kind, base=prefecture.code, taken=taken)
        elif line.kind not in AREA_KINDS:
            try:
                read = parse_area_code(code)
            except WrongCheckDigit as error:
                raise UnreadableLine(f"「{line.name}」: {error}") from None
            if read is None or read.code[:2] != prefecture.code[:2]:
                raise UnreadableLine(
                    f"「{line.name}」のコードを、{prefecture.name}の全国地方公共団体コード（5けたか6けた）で書いてください。"
                )
            code = read.code
        found.append(NewPlace(code, line.kind, line.name, line.kana, line.former))
    return tuple(found)


def facts_of(prefecture: Region, kind: ChangeKind, given: Mapping[str, Any]) -> Facts:
    """What a form says. given: its cleaned fields (forms.ChangeForm). Raises UnreadableLine."""
    new = _renamed(prefecture, given) if kind is ChangeKind.RENAME else _new(prefecture, given.get("new", ""))
    names = _names(prefecture, new)
    return Facts(
        kind=kind,
        effective_on=given["effective_on"],
        reference=given["reference"],
        links=tuple(_links(kind, given, names, new)),
        new=new,
        note=given.get("note", ""),
        share_reference=given.get("share_reference", ""),
    )


def _renamed(prefecture: Region, given: Mapping[str, Any]) -> tuple[NewPlace, ...]:
    region = Region.objects.get(pk=_names(prefecture, ()).find(given["before"]))
    name, kana = normalise(given["new_name"]).strip(), to_hiragana(normalise(given["new_kana"])).strip()
    if not given.get("new_code"):
        return (NewPlace(region.code, RegionKind(region.kind), name, kana),)
    line = f"{name}、{kana}、{RegionKind(given['new_kind']).label}、{given['new_code']}"
    (new,) = _new(prefecture, line)
    return (new,)


def _links(kind: ChangeKind, given: Mapping[str, Any], names: _Names, new: Sequence[NewPlace]) -> list[Link]:
    if kind is ChangeKind.MERGER:
        after = names.find(given["after"])
        return [Link(names.find(line), after) for line in lines_of(given["befores"])]
    if kind is ChangeKind.SPLIT:
        parts = named_parts(given["afters"])
        return _shared(names, [(given["before"], part) for part in parts])
    if kind is ChangeKind.RENAME:
        before = _names(names.prefecture, ()).find(given["before"])
        return [Link(before, new[0].code)]
    if kind is ChangeKind.MOVE:
        area_before, area_after = given.get("area_before") or None, given.get("area_after") or None
        return [Link(area_before, area_after, names.find(line)) for line in lines_of(given["members"])]
    return _shared(names, pairs(given["pairs"]))


def _shared(names: _Names, given: Sequence[tuple[str, NamedPart]]) -> list[Link]:
    """Pairs with people; of each divided region the whole is what its parts come to."""
    rows = [(names.find(before), names.find(part.name), part.people) for before, part in given]
    whole: dict[str, int] = defaultdict(int)
    for before, _, people in rows:
        whole[before] += people or 0
    return [
        Link(before, after, None, people, whole[before] if people is not None else None)
        for before, after, people in rows
    ]


def typed(change: RegionChange) -> dict[str, Any]:
    """What somebody would type to record a change as it stands: the beginning of correcting it."""
    rows = list(change.successions.select_related("before", "after", "member").order_by("before_id", "after_id"))
    created = {one.code: one for one in Region.objects.filter(pk__in=change.undo.get("created", []))}

    def said(one: Region | None, people: int | None = None) -> str:
        text = one.code if one else ""
        return f"{text}、{people}" if people is not None else text

    fields: dict[str, Any] = {
        "effective_on": change.effective_on,
        "reference": change.reference,
        "note": change.note,
        "share_reference": change.share_reference,
        "new": "\n".join(
            "、".join(
                [one.name, one.kana, RegionKind(one.kind).label, code]
                + ([FORMER] if one.valid_to == change.effective_on else [])
            )
            for code, one in sorted(created.items())
        ),
        "befores": "\n".join(said(row.before) for row in rows),
        "after": said(rows[0].after),
        "before": said(rows[0].before),
        "afters": "\n".join(said(row.after, row.share_part) for row in rows),
        "pairs": "\n".join(f"{said(row.before)} → {said(row.after, row.share_part)}" for row in rows),
        "members": "\n".join(said(row.member) for row in rows),
        "area_before": rows[0].before_id or "",
        "area_after": rows[0].after_id or "",
    }
    after = rows[0].after
    if change.kind == ChangeKind.RENAME and after is not None:
        fields |= {"new_name": after.name, "new_kana": after.kana}
        if rows[0].before_id != after.code:
            fields |= {"new_code": after.code, "new_kind": after.kind}
    return fields


def area_choices(prefecture_code: str) -> list[tuple[str, str]]:
    """Areas with yearly members, by kind, ended ones too: what a 所属替え names."""
    rows = Region.objects.filter(prefecture_id=prefecture_code, kind__in=YEARLY_AREAS).order_by("kind", "code")
    ended = "（いまはありません）"
    return [(one.code, f"{RegionKind(one.kind).label}：{one.name}{ended if one.valid_to else ''}") for one in rows]
