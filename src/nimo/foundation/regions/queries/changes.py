"""Recorded changes: as facts for the rules, as histories of regions and of prefectures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from nimo.core.eras import to_wareki
from nimo.foundation.regions.choices import ChangeKind, ChangeState
from nimo.foundation.regions.models import Region, RegionChange, RegionSuccession
from nimo.foundation.regions.rules.changes import Change, Link


def _link(row: RegionSuccession) -> Link:
    return Link(row.before_id, row.after_id, row.member_id, row.share_part, row.share_whole)


def as_change(row: RegionChange, rows: Iterable[RegionSuccession]) -> Change:
    """A recorded change as the rules speak of it; its lines in a steady order."""
    links = sorted((_link(one) for one in rows), key=lambda one: (one.member or "", one.before or "", one.after or ""))
    return Change(str(row.pk), ChangeKind(row.kind), row.effective_on, tuple(links), row.reference)


def _grouped(rows: Iterable[RegionSuccession]) -> list[Change]:
    by_change: dict[str, list[RegionSuccession]] = defaultdict(list)
    for row in rows:
        by_change[str(row.change_id)].append(row)
    found = [as_change(same[0].change, same) for same in by_change.values()]
    return sorted(found, key=lambda one: (one.effective_on, one.id))


def recorded_changes(prefecture_codes: Collection[str]) -> list[Change]:
    """All changes that hold in these prefectures, oldest first. One query."""
    rows = RegionSuccession.objects.filter(
        change__state=ChangeState.RECORDED, change__prefecture_id__in=list(prefecture_codes)
    )
    return _grouped(rows.select_related("change"))


def changes_touching(codes: Collection[str], *, but: RegionChange | None = None) -> list[Change]:
    """Changes that hold and name one of these regions, oldest first."""
    named = Q(before_id__in=codes) | Q(after_id__in=codes) | Q(member_id__in=codes)
    ids = RegionSuccession.objects.filter(named, change__state=ChangeState.RECORDED).values("change_id")
    rows = RegionSuccession.objects.filter(change_id__in=ids).select_related("change")
    return _grouped(rows.exclude(change=but) if but else rows)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change as people read it. befores, afters, members: regions as they are registered, by code."""

    change: RegionChange
    befores: tuple[Region, ...]
    afters: tuple[Region, ...]
    members: tuple[Region, ...]
    shares: tuple[str, ...]

    @property
    def day_text(self) -> str:
        return to_wareki(self.change.effective_on)

    @property
    def kind_label(self) -> str:
        return str(self.change.get_kind_display())

    @property
    def is_recorded(self) -> bool:
        return self.change.state == ChangeState.RECORDED

    @property
    def sentence(self) -> str:
        """甲町・乙町が合併し、丙市になりました。"""
        if not (self.befores or self.afters):
            return self.change.summary
        former, later = _names(self.befores), _names(self.afters)
        if self.change.kind == ChangeKind.MOVE:
            moved = _names(self.members)
            if not self.befores:
                return f"{moved}が「{later}」に入りました。"
            if not self.afters:
                return f"{moved}が「{former}」から外れました。"
            return f"{moved}が、「{former}」から「{later}」に移りました。"
        if self.change.kind == ChangeKind.MERGER:
            stays = [one for one in self.befores if one in self.afters]
            if stays:
                joined = _names([one for one in self.befores if one not in stays])
                return f"{joined}が、{later}に編入されました。"
            return f"{former}が合併し、{later}になりました。"
        if self.change.kind == ChangeKind.SPLIT:
            return f"{former}が、{later}に分かれました。"
        if self.change.kind == ChangeKind.REORGANISATION:
            return f"{former}が、{later}に再編されました。"
        if self.befores == self.afters:
            return f"{later}は、この日から今の名称になりました。"
        return f"{former}が、{later}になりました。"


def _names(regions: Sequence[Region]) -> str:
    return "・".join(one.name for one in regions)


def _views(changes: Iterable[RegionChange]) -> list[ChangeView]:
    shown = list(changes)
    rows = RegionSuccession.objects.filter(change__in=shown).select_related("before", "after", "member")
    by_change: dict[object, list[RegionSuccession]] = defaultdict(list)
    for row in rows.order_by("before_id", "after_id", "member_id"):
        by_change[row.change_id].append(row)
    return [
        ChangeView(
            change,
            _regions(row.before for row in by_change[change.pk]),
            _regions(row.after for row in by_change[change.pk]),
            _regions(row.member for row in by_change[change.pk]),
            tuple(
                f"{row.before.name}（{row.share_whole:,}人）のうち{row.after.name}へ {row.share_part:,}人"
                for row in by_change[change.pk]
                if row.share_part is not None and row.before is not None and row.after is not None
            ),
        )
        for change in shown
    ]


def _regions(found: Iterable[Region | None]) -> tuple[Region, ...]:
    return tuple(sorted({one for one in found if one is not None}, key=lambda one: one.code))


def view_of(change: RegionChange) -> ChangeView:
    return _views([change])[0]


def views_of(ids: Collection[str]) -> list[ChangeView]:
    """These changes, newest first. Two queries."""
    return _views(RegionChange.objects.filter(pk__in=list(ids)).order_by("-effective_on", "-recorded_at"))


def changes_of_prefecture(prefecture_code: str, *, cancelled: bool = False) -> list[ChangeView]:
    """Changes in a prefecture, newest first. Two queries."""
    rows = RegionChange.objects.filter(prefecture_id=prefecture_code).order_by("-effective_on", "-recorded_at")
    return _views(rows if cancelled else rows.recorded())


def history(code: str, *, until: date | None = None) -> list[ChangeView]:
    """沿革 of one region: the changes that name it, oldest first. Two queries."""
    named = Q(successions__before_id=code) | Q(successions__after_id=code) | Q(successions__member_id=code)
    rows = RegionChange.objects.recorded().filter(named).distinct().order_by("effective_on", "recorded_at")
    return _views(rows.filter(effective_on__lte=until) if until else rows)


def links_of(change: RegionChange) -> tuple[Link, ...]:
    """The lines of a change, in a steady order."""
    return as_change(change, change.successions.all()).links
