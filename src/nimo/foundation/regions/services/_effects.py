"""What a recorded change does to regions, names and memberships, and how that is taken back exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, ProtectedError

from nimo.core.fiscal import FiscalYear
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, ChangeKind, RegionKind
from nimo.foundation.regions.models import Region, RegionMembership, RegionName
from nimo.foundation.regions.rules.places import search_key
from nimo.foundation.regions.rules.recording import Facts, NewPlace, NotPossible

YEARLY = (RegionKind.WELFARE_AREA, RegionKind.HEALTH_CENTRE_AREA, RegionKind.MEDICAL_AREA)
Rows = dict[str, dict[int, set[str]]]


@dataclass
class Effects:
    """`undo` is kept with the change. undecided: what an official still has to say, in words."""

    undo: dict[str, Any] = field(
        default_factory=lambda: {"fields": [], "created": [], "names": [], "added": [], "removed": []}
    )
    undecided: list[str] = field(default_factory=list)

    def set(self, region: Region, name: str, value: Any) -> None:
        old = getattr(region, name)
        if old == value:
            return
        self.undo["fields"].append([region.code, name, _plain(old), _plain(value)])
        setattr(region, name, value)
        Region.objects.filter(pk=region.code).update(**{name: value, "version": F("version") + 1})

    def create(self, new: NewPlace, like: Region, day: date, reference: str) -> None:
        Region.objects.create(
            code=new.code,
            kind=new.kind,
            name=new.name,
            kana=new.kana,
            prefecture_id=like.prefecture_id,
            city_id=like.city_id if new.kind in {RegionKind.WARD, RegionKind.LIVING_AREA} else None,
            valid_from=None if new.former else day,
            valid_to=day if new.former else None,
            source=reference[:200],
            search_key=search_key(name=new.name, kana=new.kana, code=new.code),
        )
        self.undo["created"].append(new.code)

    def rename(self, region: Region, new: NewPlace, day: date) -> None:
        last = region.names.order_by("-valid_to").first()
        since = last.valid_to if last else region.valid_from
        if since and day <= since:
            raise NotPossible("新しい名称の始まりは、いまの名称の始まりより後の日にしてください。")
        if (region.name, region.kana) == (new.name, new.kana):
            raise NotPossible("名称がいまと同じです。新しい名称を入力してください。")
        old = RegionName.objects.create(
            region=region, name=region.name, kana=region.kana, valid_from=since, valid_to=day
        )
        self.undo["names"].append(old.pk)
        self.set(region, "name", new.name)
        self.set(region, "kana", new.kana)
        self.set(region, "search_key", search_key(name=new.name, kana=new.kana, code=region.code))

    def add(self, child: str, parent: str, year: int, source: str) -> None:
        _, made = RegionMembership.objects.get_or_create(
            child_id=child, parent_id=parent, fiscal_year=year, defaults={"source": source[:200]}
        )
        if made:
            self.undo["added"].append([child, parent, year])
            _touch([parent])

    def remove(self, child: str, parent: str, year: int) -> None:
        rows = RegionMembership.objects.filter(child_id=child, parent_id=parent, fiscal_year=year)
        for row in rows:
            if [child, parent, year] in self.undo["added"]:  # written and taken away by this very change
                self.undo["added"].remove([child, parent, year])
            else:
                self.undo["removed"].append([child, parent, year, row.source])
            row.delete()
            _touch([parent])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _touch(codes: Iterable[str]) -> None:
    """Forms that are open on these areas are asked to look again before they save."""
    Region.objects.filter(pk__in=list(codes)).update(version=F("version") + 1)


def apply(facts: Facts, places: Mapping[str, Region]) -> Effects:
    """Writes what the change means. `rules.recording.check` has passed. Called inside the service's transaction."""
    done, change = Effects(), facts.as_change
    if facts.kind is ChangeKind.MOVE:
        _move(done, facts, places)
        return done
    like = next(places[code] for code in sorted(change.befores | change.afters) if code in places)
    for new in facts.new:
        if new.code in places:
            done.rename(places[new.code], new, facts.effective_on)
        else:
            done.create(new, like, facts.effective_on, facts.reference)
    for code in sorted((change.befores - change.afters) & places.keys()):
        done.set(places[code], "valid_to", facts.effective_on)
    for code in sorted((change.afters - change.befores) & places.keys()):
        done.set(places[code], "valid_from", facts.effective_on)
    if like.kind in MUNICIPALITY_KINDS or like.kind == RegionKind.WARD:
        _members_follow(done, facts, str(like.prefecture_id))
    elif like.kind in AREA_KINDS and like.kind != RegionKind.LIVING_AREA:
        _areas_follow(done, facts, like)
    return done


def _rows(prefecture: str, kind: str) -> Rows:
    found: Rows = defaultdict(lambda: defaultdict(set))
    rows = RegionMembership.objects.filter(parent__prefecture=prefecture, parent__kind=kind)
    for parent, year, child in rows.values_list("parent_id", "fiscal_year", "child_id"):
        found[parent][year].add(child)
    return found


def _held(rows: Rows, parent: str, year: int) -> set[str]:
    latest = max((known for known in rows.get(parent, {}) if known <= year), default=None)
    return set() if latest is None else rows[parent][latest]


def _write_year(done: Effects, rows: Rows, parent: str, year: int) -> None:
    """The year gets rows of its own before some of them change; until now those of a year before held."""
    if year not in rows.get(parent, {}):
        held = _held(rows, parent, year)
        for child in sorted(held):
            done.add(child, parent, year, "前の年度から続く所属")
        if held:
            rows[parent][year] = set(held)


def _members_follow(done: Effects, facts: Facts, prefecture: str) -> None:
    """Where all that went into the change lay in one area, what came of it lies there too; else somebody must say."""
    change, year = facts.as_change, FiscalYear.of(facts.effective_on).year
    leaving, coming = change.befores - change.afters, change.afters - change.befores
    if not leaving and not coming:
        return
    for kind in YEARLY:
        rows = _rows(prefecture, kind)
        parents = sorted(parent for parent in rows if _held(rows, parent, year) & change.befores)
        for parent in parents:
            _write_year(done, rows, parent, year)
            for later in sorted(known for known in rows[parent] if known >= year):
                for child in sorted(leaving & rows[parent][later]):
                    done.remove(child, parent, later)
                if len(parents) == 1:
                    for child in sorted(coming - rows[parent][later]):
                        done.add(child, parent, later, facts.reference)
        if coming and len(parents) > 1:
            done.undecided.append(f"{kind.label}: 前の地域が別々の圏域に入っていたため、所属を決めてください。")


def _areas_follow(done: Effects, facts: Facts, like: Region) -> None:
    """One area out of others has the members of them all; where areas were divided, somebody must say who is where."""
    change, year = facts.as_change, FiscalYear.of(facts.effective_on).year
    rows = _rows(str(like.prefecture_id), like.kind)
    years = {year} | {known for code in change.befores for known in rows.get(code, {}) if known > year}
    members = {later: set[str]().union(*(_held(rows, code, later) for code in change.befores)) for later in years}
    for later in sorted(years):
        for code in sorted(change.befores - change.afters):
            for child in sorted(rows.get(code, {}).get(later, set())):
                done.remove(child, code, later)
        if len(change.afters) == 1:
            for child in sorted(members[later]):
                done.add(child, next(iter(change.afters)), later, facts.reference)
    if len(change.afters) > 1:
        done.undecided.append("分かれた圏域に含まれる市区町村を、年度の所属として登録してください。")


def _move(done: Effects, facts: Facts, places: Mapping[str, Region]) -> None:
    year = FiscalYear.of(facts.effective_on)
    like = next(places[code] for link in facts.links for code in (link.before, link.after) if code is not None)
    rows = _rows(str(like.prefecture_id), like.kind)
    for link in facts.links:
        member, name = str(link.member), places[str(link.member)].name
        now = {parent for parent in rows if member in _held(rows, parent, year.year)}
        if link.before is not None and now != {link.before}:
            where = "、".join(places[c].name if c in places else c for c in sorted(now)) or "どの圏域にも入っていません"
            raise NotPossible(
                f"「{name}」は、{year.label}に「{places[link.before].name}」に入っていません（登録: {where}）。"
                "先に年度の所属を確かめてください。"
            )
        if link.before is None and now:
            raise NotPossible(
                f"「{name}」は、{year.label}にすでにほかの圏域に入っています。一つの年度に入れる圏域は一つです。"
            )
    for link in facts.links:
        member = str(link.member)
        later = {known for code in (link.before, link.after) if code for known in rows.get(code, {})}
        for known in sorted({year.year} | {one for one in later if one > year.year}):
            for area in (link.before, link.after):
                if area is not None:
                    _write_year(done, rows, area, known)
            was_there = link.before is None or member in rows[link.before].get(known, set())
            if link.before is not None and was_there:
                done.remove(member, link.before, known)
                rows[link.before][known].discard(member)
            if link.after is not None and was_there:
                done.add(member, link.after, known, facts.reference)
                rows[link.after][known].add(member)
    _nobody_left_empty(facts, places, year)


def _nobody_left_empty(facts: Facts, places: Mapping[str, Region], year: FiscalYear) -> None:
    """An area whose rows are all gone would show those of the year before again."""
    for code in sorted({link.before for link in facts.links if link.before is not None}):
        if not RegionMembership.objects.filter(parent_id=code, fiscal_year=year.year).exists():
            raise NotPossible(
                f"「{places[code].name}」に含まれる市区町村がなくなります。圏域どうしの合併として記録してください。"
            )


class UnableToUndo(Exception):
    """Something was changed since; str() says what, in Japanese."""


def take_back(undo: Mapping[str, Any]) -> None:
    """Restores what `apply` changed, exactly. Raises UnableToUndo, and then nothing may be kept of the transaction."""
    rows = RegionMembership.objects.all()
    for child, parent, year in undo["added"]:
        if rows.filter(child_id=child, parent_id=parent, fiscal_year=year).delete()[0] != 1:
            raise UnableToUndo(f"{FiscalYear(year).label}の所属（{parent}）が、記録のあとに直されています。")
    for child, parent, year, source in undo["removed"]:
        if rows.filter(child_id=child, parent__kind=_kind(parent), fiscal_year=year).exists():
            raise UnableToUndo(f"{FiscalYear(year).label}の所属（{child}）が、記録のあとに直されています。")
        RegionMembership.objects.create(child_id=child, parent_id=parent, fiscal_year=year, source=source)
    _touch({row[1] for row in (*undo["added"], *undo["removed"])})
    for code, name, old, new in reversed(undo["fields"]):
        region = Region.objects.get(pk=code)
        if _plain(getattr(region, name)) != new:
            raise UnableToUndo(f"「{region.name}」の名称や期間が、記録のあとに直されています。")
        value = date.fromisoformat(old) if old is not None and name in {"valid_from", "valid_to"} else old
        Region.objects.filter(pk=code).update(**{name: value, "version": F("version") + 1})
    RegionName.objects.filter(pk__in=undo["names"]).delete()
    for code in undo["created"]:
        region = Region.objects.get(pk=code)
        try:
            region.delete()
        except ProtectedError:
            raise UnableToUndo(
                f"「{region.name}」の数値・シート・所属などがすでに記録されています。先にそれらを取り消してください。"
            ) from None


def _kind(code: str) -> str:
    return Region.objects.values_list("kind", flat=True).get(pk=code)
