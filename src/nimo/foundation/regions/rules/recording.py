"""Whether a change may be recorded as it was filled in: kinds, days, one municipality in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nimo.core.eras import to_wareki
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, ChangeKind, RegionKind
from nimo.foundation.regions.rules.changes import Change, Link
from nimo.foundation.regions.rules.places import NAME_LIMIT, may_contain

NOTHING_SAVED = "まだ何も保存していません。"


@dataclass(frozen=True, slots=True)
class Known:
    """A region as it is registered."""

    code: str
    kind: RegionKind
    name: str
    prefecture: str | None
    city: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A region the change brings along: a new municipality, a former one that was not registered, a new name.

    former: it ended with this change (旧町村); else it begins with it.
    """

    code: str
    kind: RegionKind
    name: str
    kana: str
    former: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What somebody fills in of a change. reference: the law, notice or plan. share_reference: who published the shares."""

    kind: ChangeKind
    effective_on: date
    reference: str
    links: tuple[Link, ...]
    new: tuple[NewPlace, ...] = ()
    note: str = ""
    share_reference: str = ""

    @property
    def as_change(self) -> Change:
        return Change("", self.kind, self.effective_on, self.links, self.reference)


class NotPossible(Exception):
    """The change cannot be as it was filled in; str() says why and what to do, in Japanese."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}{NOTHING_SAVED}")


_SHAPES: Mapping[ChangeKind, tuple[Callable[[int, int], bool], str]] = {
    ChangeKind.MERGER: (
        lambda befores, afters: befores > 1 and afters == 1,
        "合併は、前の地域を2つ以上、後の地域を1つ選びます。編入合併では、編入した側を前にも後にも入れてください。",
    ),
    ChangeKind.SPLIT: (
        lambda befores, afters: befores == 1 and afters > 1,
        "分割は、前の地域を1つ、後の地域を2つ以上選びます。残る地域も後に入れてください。",
    ),
    ChangeKind.REORGANISATION: (
        lambda befores, afters: befores > 1 and afters > 1,
        "再編は、前の地域も後の地域も2つ以上選びます。",
    ),
    ChangeKind.RENAME: (
        lambda befores, afters: befores == 1 and afters == 1,
        "名称・コードの変更は、前の地域と後の地域を1つずつ選びます。",
    ),
}


def _family(kind: RegionKind) -> str:
    return "municipality" if kind in MUNICIPALITY_KINDS else kind.value


def check(facts: Facts, places: Mapping[str, Known], others: Sequence[Change]) -> None:
    """Raises NotPossible for the first thing that does not fit.

    places: every registered region the change names. others: recorded changes of the same regions (without this one).
    """
    if not facts.reference.strip():
        raise NotPossible("根拠（告示の番号、法令、計画の名前など）を入力してください。")
    if not facts.links:
        raise NotPossible("前の地域と後の地域を選んでください。")
    if len(set(facts.links)) < len(facts.links):
        raise NotPossible("同じ組み合わせが二度あります。一つにしてください。")
    _check_new(facts, places)
    if facts.kind is ChangeKind.MOVE:
        _check_move(facts, places)
        return
    known = {**_as_known(facts, places), **places}
    _check_shape(facts, known)
    _check_shares(facts, known)
    for code in sorted(facts.as_change.befores):
        _check_before(facts, known[code], stays=code in facts.as_change.survivors)
    for code in sorted(facts.as_change.afters - facts.as_change.befores):
        _check_after(facts, known[code])
    _check_order(facts, known, others)


def _as_known(facts: Facts, places: Mapping[str, Known]) -> dict[str, Known]:
    model = next((places[code] for code in sorted(_named(facts)) if code in places), None)
    if model is None:
        raise NotPossible("登録されている地域を、前か後に少なくとも1つ選んでください。")
    return {
        new.code: Known(
            new.code,
            new.kind,
            new.name,
            model.prefecture,
            model.city if new.kind in {RegionKind.WARD, RegionKind.LIVING_AREA} else None,
            None if new.former else facts.effective_on,
            facts.effective_on if new.former else None,
        )
        for new in facts.new
    }


def _named(facts: Facts) -> set[str]:
    """The regions whose fate the change tells."""
    return {code for link in facts.links for code in (link.before, link.after) if code is not None}


def _check_new(facts: Facts, places: Mapping[str, Known]) -> None:
    new = {one.code for one in facts.new}
    if len(new) < len(facts.new):
        raise NotPossible("新しく登録する地域に、同じコードが二度あります。")
    for one in facts.new:
        if not one.name.strip() or not one.kana.strip() or len(one.name) > NAME_LIMIT:
            raise NotPossible(f"新しく登録する地域の名称とよみを、{NAME_LIMIT} 文字までで入力してください。")
        renamed = facts.kind is ChangeKind.RENAME and facts.as_change.survivors == {one.code}
        if one.code in places and not renamed:
            raise NotPossible(
                f"コード {one.code} は「{places[one.code].name}」に使われています。登録済みの地域から選んでください。"
            )
        if one.code not in _named(facts):
            raise NotPossible(f"「{one.name}」が、前の地域にも後の地域にも入っていません。")
    missing = (_named(facts) | {link.member for link in facts.links if link.member}) - new - places.keys()
    if missing:
        raise NotPossible(f"登録されていない地域があります（{'、'.join(sorted(missing))}）。コードを確かめてください。")


def _check_shape(facts: Facts, known: Mapping[str, Known]) -> None:
    change = facts.as_change
    fits, words = _SHAPES[facts.kind]
    if not fits(len(change.befores), len(change.afters)) or any(link.member for link in facts.links):
        raise NotPossible(words)
    if facts.kind is ChangeKind.RENAME and change.survivors and not facts.new:
        raise NotPossible("新しい名称を入力してください。")
    regions = [known[code] for code in sorted(_named(facts))]
    if len({_family(one.kind) for one in regions}) > 1 or regions[0].kind in {RegionKind.NATION, RegionKind.PREFECTURE}:
        raise NotPossible("市町村どうし、行政区どうし、同じ種類の圏域どうしの変更だけを記録できます。")
    if len({one.prefecture for one in regions}) > 1:
        raise NotPossible("都道府県をまたぐ変更は、この画面では記録できません。システム管理者に相談してください。")
    small = {one.city for one in regions}
    if len(small) > 1:
        raise NotPossible("行政区や日常生活圏域の変更は、同じ市町村の中のものだけを記録できます。")


def _check_shares(facts: Facts, known: Mapping[str, Known]) -> None:
    for code in sorted(facts.as_change.befores):
        links = [link for link in facts.links if link.before == code]
        given = [link for link in links if link.part is not None or link.whole is not None]
        if not given:
            continue
        name = known[code].name
        if len(given) < len(links) or any(link.part is None or not link.whole for link in links):
            raise NotPossible(
                f"「{name}」を分けた人口は、分かれた先のすべてについて入力するか、すべて空欄にしてください。"
            )
        if any(link.part is not None and link.part < 0 for link in links):
            raise NotPossible(f"「{name}」を分けた人口に、0より小さい数があります。")
        wholes = {link.whole for link in links}
        if len(wholes) > 1 or sum(link.part or 0 for link in links) != next(iter(wholes)):
            raise NotPossible(f"「{name}」を分けた人口を足しても、分ける前の人口になりません。")
        if not facts.share_reference.strip():
            raise NotPossible("分けた人口を公表した資料の名前を、「人口の割合の出典」に入力してください。")


def _check_before(facts: Facts, one: Known, *, stays: bool) -> None:
    day = to_wareki(facts.effective_on)
    if one.valid_from is not None and one.valid_from >= facts.effective_on:
        raise NotPossible(
            f"「{one.name}」は{to_wareki(one.valid_from)}に始まったため、{day}の変更の前の地域にはできません。"
            "効力の生じる日を確かめてください。"
        )
    if one.valid_to is None:
        return
    if one.valid_to < facts.effective_on or (one.valid_to > facts.effective_on and not stays):
        raise NotPossible(
            f"「{one.name}」は{to_wareki(one.valid_to)}に終わったと登録されています。"
            f"{day}の変更と合いません。効力の生じる日を確かめてください。"
        )
    if stays and one.valid_to == facts.effective_on:
        raise NotPossible(f"「{one.name}」は{day}に終わるため、後の地域にはできません。")


def _check_after(facts: Facts, one: Known) -> None:
    day = to_wareki(facts.effective_on)
    if one.valid_from is not None and one.valid_from < facts.effective_on:
        raise NotPossible(
            f"「{one.name}」は{day}より前からあります。編入などで続く地域は、前の地域にも入れてください。"
        )
    if one.valid_from is not None and one.valid_from > facts.effective_on:
        raise NotPossible(
            f"「{one.name}」は{to_wareki(one.valid_from)}に始まったと登録されています。{day}の変更と合いません。"
        )
    if one.valid_to is not None and one.valid_to <= facts.effective_on:
        raise NotPossible(
            f"「{one.name}」は{to_wareki(one.valid_to)}に終わったため、{day}の変更の後の地域にはできません。"
        )


def _check_order(facts: Facts, known: Mapping[str, Known], others: Sequence[Change]) -> None:
    """A region changes once a day, begins once and ends once: so nothing ever becomes what it came from."""
    mine = facts.as_change
    for other in others:
        if other.kind is ChangeKind.MOVE:
            continue
        both = (mine.befores | mine.afters) & (other.befores | other.afters)
        if both and other.effective_on == mine.effective_on:
            names = "、".join(known[code].name for code in sorted(both))
            raise NotPossible(
                f"「{names}」は、同じ日（{to_wareki(mine.effective_on)}）の別の変更に入っています。"
                "一つの変更（再編）にまとめて記録してください。"
            )
        for code in sorted(both):
            began = code in other.afters - other.befores
            ended = code in other.befores - other.afters
            if began and (code in mine.afters - mine.befores or mine.effective_on < other.effective_on):
                raise NotPossible(
                    f"「{known[code].name}」は{to_wareki(other.effective_on)}の別の変更で始まっています。"
                    "始まるのは一度だけです。"
                )
            if ended and (code in mine.befores - mine.afters or mine.effective_on > other.effective_on):
                raise NotPossible(
                    f"「{known[code].name}」は{to_wareki(other.effective_on)}の別の変更で終わっています。"
                    "終わるのは一度だけで、終わった地域に戻る変更は記録できません。"
                )


def _check_move(facts: Facts, places: Mapping[str, Known]) -> None:
    if any(link.member is None for link in facts.links) or facts.new:
        raise NotPossible("所属替えでは、移る市区町村と、前後の圏域を選んでください。")
    twice = [code for code, count in Counter(link.member for link in facts.links).items() if count > 1]
    if twice:
        raise NotPossible(f"「{places[str(twice[0])].name}」が二度入っています。移る先は一つです。")
    areas = [places[code] for code in sorted(_named(facts))]
    if len({area.kind for area in areas}) > 1 or areas[0].kind not in AREA_KINDS - {RegionKind.LIVING_AREA}:
        raise NotPossible("所属替えは、同じ種類の圏域（障害保健福祉圏域・保健所管内・二次医療圏）の間で記録します。")
    members = [places[str(link.member)] for link in facts.links]
    for area in areas:
        unfit = next((one for one in members if not may_contain(area.kind, one.kind)), None)
        if unfit is not None or len({area.prefecture, *(one.prefecture for one in members)}) > 1:
            raise NotPossible(f"「{area.name}」と同じ都道府県の市区町村を選んでください。")
    for link in facts.links:
        if link.before == link.after:
            raise NotPossible("前の圏域と後の圏域が同じです。")
        for code, day in (
            (link.before, facts.effective_on - timedelta(days=1)),
            (link.after, facts.effective_on),
            (link.member, facts.effective_on),
        ):
            one = places[code] if code is not None else None
            if one and ((one.valid_from and one.valid_from > day) or (one.valid_to and one.valid_to <= day)):
                raise NotPossible(f"「{one.name}」は{to_wareki(day)}にはありません。効力の生じる日を確かめてください。")
