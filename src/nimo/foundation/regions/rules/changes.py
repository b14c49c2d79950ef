"""Areas that become other areas: which together make up a place of one day's map on another day. No table, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from nimo.foundation.regions.choices import ChangeKind


@dataclass(frozen=True, slots=True)
class Link:
    """before → after; of a 所属替え, `member` goes over from one area to the other (None: from none, to none).

    part, whole: the published population of what went from `before` to `after`, and of all of `before`.
    """

    before: str | None
    after: str | None
    member: str | None = None
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A recorded change. effective_on: the first day of the new state."""

    id: str
    kind: ChangeKind
    effective_on: date
    links: tuple[Link, ...]
    reference: str = ""

    @property
    def befores(self) -> frozenset[str]:
        return frozenset(link.before for link in self.links if link.before is not None)

    @property
    def afters(self) -> frozenset[str]:
        return frozenset(link.after for link in self.links if link.after is not None)

    @property
    def survivors(self) -> frozenset[str]:
        """Those that go on under their code: 編入 keeps the absorbing city's."""
        return self.befores & self.afters


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a divided area that lies here: people number `start` to `end` of `whole`.

    Parts are intervals on one line, so that `of` gives whole persons which add up to the divided figure again.
    """

    code: str
    start: int
    end: int
    whole: int

    def of(self, value: int) -> int:
        """This part of a count, rounded half up at both ends of the interval."""

        def upto(people: int) -> int:
            return (2 * value * people + self.whole) // (2 * self.whole)

        return upto(self.end) - upto(self.start)


@dataclass(frozen=True, slots=True)
class Composition:
    """What made up a place on a day. whole: areas that lie in it altogether; shares: published parts of others.

    unknown: divided areas of which nobody published how much lies here. changes: those that were gone back through,
    newest first.
    """

    whole: frozenset[str]
    shares: tuple[Share, ...] = ()
    unknown: frozenset[str] = frozenset()
    changes: tuple[Change, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        return self.whole | {share.code for share in self.shares} | self.unknown


@dataclass
class _Walk:
    """A composition on its way back through the changes."""

    whole: set[str]
    shares: list[Share] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    used: list[Change] = field(default_factory=list)

    def back(self, change: Change) -> None:
        if change.kind is ChangeKind.MOVE:
            return
        divided = {share.code for share in self.shares} | self.unknown
        hit, lost = self.whole & change.afters, divided & change.afters
        if not hit and not lost:
            return
        self.used.append(change)
        self.whole -= change.afters
        if hit == change.afters:
            self.whole |= change.befores
        else:
            for before in sorted(change.befores):
                self._part(change, before, hit)
        for link in change.links:  # a part of what was itself put together: nobody published that
            if link.after in lost and link.before is not None and link.before not in self.whole:
                self.unknown.add(link.before)
        self.shares = [share for share in self.shares if share.code not in lost]
        self.unknown -= lost - change.befores

    def _part(self, change: Change, before: str, hit: Collection[str]) -> None:
        links = sorted((link for link in change.links if link.before == before), key=lambda link: link.after or "")
        here = [link for link in links if link.after in hit]
        if not here:
            return
        if len(here) == len(links):
            self.whole.add(before)
            return
        known = [(link.part, link.whole) for link in links if link.part is not None and link.whole]
        if len(known) < len(links):
            self.unknown.add(before)
            return
        start = 0
        for link, (part, whole) in zip(links, known, strict=True):
            if link in here:
                self.shares.append(Share(before, start, start + part, whole))
            start += part


def compose(code: str, changes: Iterable[Change], *, day: date, on: date) -> Composition:
    """The areas that made up, on `day`, what `code` is on the map of `on`. Changes after `on` are not looked at."""
    walk = _Walk({code})
    passed = [change for change in changes if day < change.effective_on <= on]
    for change in sorted(passed, key=lambda one: (one.effective_on, one.id), reverse=True):
        walk.back(change)
    return Composition(frozenset(walk.whole), tuple(walk.shares), frozenset(walk.unknown), tuple(walk.used))


def behind(codes: Iterable[str], changes: Sequence[Change], *, on: date) -> frozenset[str]:
    """These areas and all that ever became them, wholly or in part, up to a day."""
    found = set(codes)
    for change in sorted(changes, key=lambda one: (one.effective_on, one.id), reverse=True):
        if change.effective_on <= on and change.kind is not ChangeKind.MOVE:
            found |= {link.before for link in change.links if link.after in found and link.before is not None}
    return frozenset(found)


def moved_back(members: Collection[str], area: str, changes: Iterable[Change], *, day: date, until: date) -> set[str]:
    """Members of an area on `day`, from those at `until`: municipalities that came later are out, those that left in."""
    found = set(members)
    passed = [one for one in changes if one.kind is ChangeKind.MOVE and day < one.effective_on <= until]
    for change in sorted(passed, key=lambda one: (one.effective_on, one.id), reverse=True):
        found -= {link.member for link in change.links if link.after == area and link.member is not None}
        found |= {link.member for link in change.links if link.before == area and link.member is not None}
    return found
