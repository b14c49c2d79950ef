"""Recording, correcting and cancelling changes of areas; all or nothing, and a cancelled change leaves no trace in them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from nimo.core.events import publish
from nimo.core.searching.sources import Changed
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.regions.choices import ChangeState, RegionKind
from nimo.foundation.regions.models import Region, RegionChange, RegionSuccession
from nimo.foundation.regions.policies import get_change, get_manageable
from nimo.foundation.regions.queries.changes import changes_touching, links_of, view_of
from nimo.foundation.regions.rules.recording import Facts, Known, NotPossible, check
from nimo.foundation.regions.services._effects import UnableToUndo, apply, take_back
from nimo.foundation.regions.services._taking import CHANGED_MEANWHILE, UnableToChange, lock
from nimo.foundation.regions.services.places import SEARCH_SOURCE

RECORD_CHANGE = register_verb("regions.record_change", "地域の変更（合併・分割など）を記録した")
CORRECT_CHANGE = register_verb("regions.correct_change", "地域の変更の記録を直した")
CANCEL_CHANGE = register_verb("regions.cancel_change", "地域の変更の記録を取り消した")


@dataclass(frozen=True, slots=True)
class ChangeRecorded:
    """undecided: memberships an official still has to say, in words; () when there is nothing left to do."""

    change: RegionChange
    undecided: tuple[str, ...] = ()


def _codes(facts: Facts) -> set[str]:
    codes = {new.code for new in facts.new}
    return codes | {code for link in facts.links for code in (link.before, link.after, link.member) if code}


def _places(facts: Facts, prefecture: Region) -> dict[str, Region]:
    """The registered regions the facts name. One of another prefecture is refused: nobody ends a neighbour's town."""
    found = Region.objects.in_bulk(sorted(_codes(facts)))
    elsewhere = sorted(one.name for one in found.values() if one.prefecture_id != prefecture.code)
    if elsewhere:
        raise UnableToChange(
            f"{prefecture.name}の地域ではないものがあります（{'、'.join(elsewhere)}）。まだ何も保存していません。"
        )
    return found


def _write(change: RegionChange, facts: Facts, prefecture: Region) -> list[str]:
    places = _places(facts, prefecture)
    known = {
        code: Known(code, RegionKind(one.kind), one.name, one.prefecture_id, one.city_id, one.valid_from, one.valid_to)
        for code, one in places.items()
    }
    try:
        check(facts, known, changes_touching(sorted(_codes(facts)), but=change))
        done = apply(facts, places)
    except NotPossible as refusal:
        raise UnableToChange(str(refusal)) from None
    change.kind, change.effective_on = facts.kind, facts.effective_on
    change.reference, change.note = facts.reference.strip(), facts.note.strip()
    change.share_reference, change.undo = facts.share_reference.strip(), done.undo
    change.save()
    change.successions.all().delete()
    RegionSuccession.objects.bulk_create(
        RegionSuccession(
            change=change,
            before_id=link.before,
            after_id=link.after,
            member_id=link.member,
            share_part=link.part,
            share_whole=link.whole,
        )
        for link in facts.links
    )
    change.summary = view_of(change).sentence[:400]
    change.save(update_fields=["summary"])
    return done.undecided


def _said(change: RegionChange) -> dict[str, object]:
    return {
        "kind": change.kind,
        "effective_on": str(change.effective_on),
        "reference": change.reference,
        "note": change.note,
        "share_reference": change.share_reference,
        "links": [
            ">".join(code or "-" for code in (link.before, link.member, link.after) if code or link.member)
            for link in links_of(change)
        ],
    }


def record_change(*, actor: Actor, prefecture_code: str, facts: Facts) -> ChangeRecorded:
    """Records a change and what follows from it: ends, beginnings, names, memberships from its fiscal year on.

    Raises RegionNotFound and UnableToChange (kinds that do not fit, days that do not, a circle, a missing membership,
    a region of another prefecture); then nothing is written.
    """
    with transaction.atomic():
        prefecture = _prefecture(actor, prefecture_code)
        change = RegionChange(
            prefecture=prefecture,
            kind=facts.kind,
            effective_on=facts.effective_on,
            reference=facts.reference.strip(),
            recorded_at=actor.now,
            recorded_by_name=actor.name,
        )
        undecided = _write(change, facts, prefecture)
        _tell(actor, _codes(facts))
        record(
            actor,
            verb=RECORD_CHANGE,
            target=("regions.regionchange", str(change.pk)),
            region_code=prefecture.code,
            diff=diff_of({}, _said(change)),
        )
    return ChangeRecorded(change, tuple(undecided))


def _prefecture(actor: Actor, code: str) -> Region:
    prefecture = get_manageable(actor, code)
    if prefecture.kind != RegionKind.PREFECTURE:
        raise UnableToChange("地域の変更は、都道府県の画面から記録してください。まだ何も保存していません。")
    lock(prefecture.code)
    return prefecture


def _claim(actor: Actor, change_id: UUID, version: int) -> RegionChange:
    change = get_change(actor, change_id)
    lock(change.prefecture_id)
    rows = RegionChange.objects.filter(pk=change.pk, version=version)
    if rows.update(version=F("version") + 1) != 1:
        raise UnableToChange(CHANGED_MEANWHILE)
    change.refresh_from_db()
    if change.state != ChangeState.RECORDED:
        raise UnableToChange("この変更はすでに取り消されています。何も変えていません。")
    return change


def _linked(change: RegionChange) -> set[str]:
    return {code for link in links_of(change) for code in (link.before, link.after, link.member) if code}


def _tell(actor: Actor, codes: set[str]) -> None:
    """Whoever finds regions by their names reads these again, after the commit."""
    publish(Changed(SEARCH_SOURCE, tuple(sorted(codes)), actor.now))


def _take_back(change: RegionChange) -> None:
    codes = _linked(change)
    later = [one for one in changes_touching(sorted(codes), but=change) if one.effective_on >= change.effective_on]
    if later:
        words = view_of(RegionChange.objects.get(pk=later[-1].id))
        raise UnableToChange(
            f"この変更のあとの変更（{words.day_text}、{words.sentence}）が同じ地域に記録されています。"
            "先にそちらを取り消してください。何も変えていません。"
        )
    change.successions.all().delete()  # regions that only this change brought along go with it; `summary` stays
    try:
        take_back(change.undo)
    except UnableToUndo as reason:
        raise UnableToChange(f"{reason}何も変えていません。") from None


def correct_change(*, actor: Actor, change_id: UUID, version: int, facts: Facts, reason: str) -> ChangeRecorded:
    """Puts right what was recorded: as if it had been recorded like this, with who corrected it and why.

    Only words changed: only they are written. Raises RegionNotFound and UnableToChange (as record_change; a later
    change stands on this one; something that followed from it was edited since).
    """
    with transaction.atomic():
        change = _claim(actor, change_id, version)
        if not reason.strip():
            raise UnableToChange("直す理由を入力してください。まだ何も変えていません。")
        before = _said(change)
        undecided: list[str] = []
        same = (change.kind, change.effective_on) == (facts.kind, facts.effective_on)
        if same and set(links_of(change)) == set(facts.links) and _registered(facts):
            if not facts.reference.strip():
                raise UnableToChange("根拠を入力してください。まだ何も変えていません。")
            change.reference, change.note = facts.reference.strip(), facts.note.strip()
            change.share_reference = facts.share_reference.strip()
            change.save()
        else:
            _tell(actor, {*_linked(change), *_codes(facts)})
            _take_back(change)
            undecided = _write(change, facts, change.prefecture)
        record(
            actor,
            verb=CORRECT_CHANGE,
            target=("regions.regionchange", str(change.pk)),
            region_code=change.prefecture_id,
            reason=reason,
            diff=diff_of(before, _said(change)),
        )
    return ChangeRecorded(change, tuple(undecided))


def _registered(facts: Facts) -> bool:
    """Whether what the facts would register stands there like this already."""
    there = Region.objects.in_bulk([new.code for new in facts.new])
    return all(
        new.code in there
        and (new.name, new.kana, new.kind) == (there[new.code].name, there[new.code].kana, there[new.code].kind)
        for new in facts.new
    )


def cancel_change(*, actor: Actor, change_id: UUID, version: int, reason: str) -> RegionChange:
    """Takes a change back: regions, names and memberships are as before it. The record stays, marked as cancelled.

    Raises RegionNotFound and UnableToChange (no reason, a later change stands on it, edited since).
    """
    with transaction.atomic():
        change = _claim(actor, change_id, version)
        if not reason.strip():
            raise UnableToChange("取り消す理由を入力してください。まだ何も変えていません。")
        said = _said(change)
        _tell(actor, _linked(change))
        _take_back(change)
        change.state, change.cancelled_at = ChangeState.CANCELLED, actor.now
        change.cancelled_by_name, change.cancel_reason, change.undo = actor.name, reason.strip(), {}
        change.save()
        record(
            actor,
            verb=CANCEL_CHANGE,
            target=("regions.regionchange", str(change.pk)),
            region_code=change.prefecture_id,
            reason=reason,
            diff=diff_of(said, {}),
        )
    return change
