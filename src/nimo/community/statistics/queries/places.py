"""Which regions the rows of a file mean: codes first, then names; never a guess, candidates instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nimo.core.codes import WrongCheckDigit, parse_area_code
from nimo.core.text import fold, normalise
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region, RegionName
from nimo.foundation.regions.rules.places import Place, find_place, find_prefecture_name

_NATION = frozenset({"00", "000", "0000", "00000", "000000", "0"})


@dataclass(frozen=True, slots=True)
class Written:
    """A region as a row names it: any of the three may be empty. `text` is the key people choose by."""

    code: str
    name: str
    prefecture: str

    @property
    def text(self) -> str:
        return " ".join(part for part in (self.code, self.prefecture, self.name) if part)[:120]


@dataclass(frozen=True, slots=True)
class Resolved:
    """code: the region, None where it is not certain. candidates: (code, name) to choose from."""

    code: str | None
    candidates: tuple[tuple[str, str], ...] = ()
    why: str = ""


class Places:
    """All regions, loaded once (three queries), asked row by row."""

    def __init__(self) -> None:
        rows = list(Region.objects.select_related("prefecture", "city").order_by("code"))
        self.regions = {row.code: row for row in rows}
        self._prefectures = [Place(row.code, row.kind, row.name) for row in rows if row.kind == RegionKind.PREFECTURE]
        self._by_prefecture: dict[str, list[Place]] = defaultdict(list)
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        for row in rows:
            if row.kind in MUNICIPALITY_KINDS | AREA_KINDS | {RegionKind.WARD} and row.valid_to is None:
                self._keep(Place(row.code, row.kind, row.name, row.city.name if row.city else ""), row)
        for former in RegionName.objects.exclude(name="").values_list("region_id", "name"):
            region = self.regions.get(former[0])
            if region is not None and region.name != former[1] and region.kind in MUNICIPALITY_KINDS:
                self._keep(Place(region.code, region.kind, former[1], former=True), region)
        self._answers: dict[Written, Resolved] = {}

    def _keep(self, place: Place, region: Region) -> None:
        self._by_prefecture[region.prefecture_id or ""].append(place)
        for key in {fold(place.name), fold(place.short_name)}:
            self._by_name[key].append(place)

    @staticmethod
    def kinds(codes: Iterable[str]) -> Mapping[str, str]:
        """code → kind, for comparing regions of the same kind; one query a thousand codes."""
        listed = sorted(set(codes))
        found: dict[str, str] = {}
        for start in range(0, len(listed), 1000):
            rows = Region.objects.filter(code__in=listed[start : start + 1000])
            found.update(rows.values_list("code", "kind"))
        return found

    def label(self, code: str) -> str:
        """群馬県 太田市."""
        region = self.regions[code]
        return f"{region.prefecture.name} {region.name}" if region.prefecture else region.name

    def resolve(self, written: Written) -> Resolved:
        """The region a row means. A code and a name that speak of two regions are no answer."""
        if written not in self._answers:
            self._answers[written] = self._resolve(written)
        return self._answers[written]

    def _resolve(self, written: Written) -> Resolved:
        named = self._by_words(written)
        if not written.code:
            return named
        if written.code in self.regions:
            code: str | None = written.code
        elif written.code in _NATION:
            code = NATION_CODE
        else:
            try:
                area = parse_area_code(written.code)
            except WrongCheckDigit as error:
                return Resolved(
                    None, named.candidates, f"コード「{written.code}」の検査数字が合いません（{error.given}）。"
                )
            code = str(area.code) if area is not None else self._short(written.code)
        if code is None or code not in self.regions:
            return Resolved(None, self._with(named), f"コード「{written.code}」の地域が、地域の表にありません。")
        if named.code and named.code != code and written.name and not self._same_place(code, written.name):
            both = ((code, self.label(code)), (named.code, self.label(named.code)))
            return Resolved(None, both, f"コードは{self.label(code)}、名前は「{written.name}」で食い違っています。")
        return Resolved(code)

    def _with(self, named: Resolved) -> tuple[tuple[str, str], ...]:
        return ((named.code, self.label(named.code)), *named.candidates) if named.code else named.candidates

    def _short(self, text: str) -> str | None:
        """01 … 47 alone is a prefecture."""
        return f"{int(text):02d}000" if text.isascii() and text.isdigit() and 1 <= int(text) <= 47 else None

    def _same_place(self, code: str, name: str) -> bool:
        region = self.regions[code]
        return fold(region.name) in fold(normalise(name)) or (code == NATION_CODE and "計" in name)

    def _by_words(self, written: Written) -> Resolved:
        name = normalise(written.name).strip()
        if not name:
            return Resolved(None)
        if name in ("全国", "全国計", "日本"):
            return Resolved(NATION_CODE)
        prefecture = find_prefecture_name(written.prefecture, self._prefectures) if written.prefecture else None
        if written.prefecture and prefecture is None:
            return Resolved(None, (), f"「{written.prefecture}」という都道府県はありません。")
        if prefecture is None:
            whole = find_prefecture_name(name, self._prefectures)
            if whole:
                return Resolved(whole)
            prefecture = next((place.code for place in self._prefectures if name.startswith(place.name)), None)
        if prefecture is not None:
            if find_prefecture_name(name, self._prefectures) == prefecture:
                return Resolved(prefecture)
            return self._among(name, self._by_prefecture[prefecture], self.regions[prefecture].name)
        return self._among(name, self._by_name.get(fold(name), []), "")

    def _among(self, name: str, places: Iterable[Place], prefecture: str) -> Resolved:
        listed = list(places)
        found = find_place(name, listed, prefecture=prefecture)
        if found.code is not None and found.how in ("exact", "folded"):
            return Resolved(found.code)
        codes = [found.code] if found.code else list(found.candidates)
        if not codes and not prefecture:
            codes = list(dict.fromkeys(place.code for place in listed))
        candidates = tuple((code, self.label(code)) for code in codes[:8])
        why = (
            "改称・合併前の名前です。"
            if found.how == "former"
            else "同じ名前の地域が複数あります。"
            if len(codes) > 1
            else ""
        )
        return Resolved(None, candidates, why)


def names_of(codes: Iterable[str]) -> Mapping[str, str]:
    """code → 群馬県 太田市; one query."""
    rows = Region.objects.filter(code__in=set(codes)).select_related("prefecture")
    return {row.code: f"{row.prefecture.name} {row.name}" if row.prefecture else row.name for row in rows}
