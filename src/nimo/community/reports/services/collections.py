"""Asking bodies for their sheets: prepare, send out, remind, excuse, close."""

from __future__ import annotations

from collections.abc import Collection as SomeOf
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.community.reports.choices import AnswerWay, CollectionState, ContactKind
from nimo.community.reports.models.collections import Collection, CollectionContact, CollectionTarget
from nimo.community.reports.policies import get_collection, get_target, may_collect
from nimo.community.reports.queries.bodies import answering
from nimo.community.reports.queries.standing import standings_of
from nimo.community.reports.rules.collecting import who_to_remind
from nimo.core.eras import to_wareki
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.notices.services import notify
from nimo.foundation.regions.models import Region

BEGIN = register_verb("reports.begin_collection", "シートの提出の依頼を用意した")
CHANGE = register_verb("reports.change_collection", "シートの提出の依頼を直した")
MOVE = register_verb("reports.move_collection", "シートの提出の依頼を出した・締め切った・開き直した")
REMIND = register_verb("reports.remind", "シートの提出を催促した")
NOTE = register_verb("reports.note_contact", "シートの提出について話したことを記した")
EXCUSE = register_verb("reports.excuse", "シートの提出を求めないことにした・戻した")

_CHANGED = (
    "ほかの人が先に変えました。何も保存していません。開き直して、今の内容を確かめてから、もう一度操作してください。"
)


class UnableToCollect(Exception):
    """Nothing was changed; str() is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked. due_on: the last day on which a sheet is in time."""

    title: str
    due_on: date
    message: str = ""
    contact: str = ""

    def as_fields(self) -> dict[str, object]:
        return {"title": self.title, "due_on": self.due_on, "message": self.message, "contact": self.contact}


def _check(actor: Actor, asking: Asking, region_codes: SomeOf[str]) -> None:
    decision = may_collect(actor, region_codes)
    if not decision:
        raise UnableToCollect(decision.reason)
    if not asking.title.strip():
        raise UnableToCollect("件名を入れてください。保存していません。")
    if not region_codes:
        raise UnableToCollect("依頼先がありません。地域を一つ以上選んでください。保存していません。")


def _add_targets(actor: Actor, collection: Collection, region_codes: Iterable[str]) -> list[CollectionTarget]:
    wanted = list(Region.objects.on(actor.today).filter(pk__in=set(region_codes)).order_by("code"))
    inside = answering([one.pk for one in wanted], actor.today)
    return CollectionTarget.objects.bulk_create(
        CollectionTarget(
            id=new_id(),
            collection=collection,
            region=one,
            region_name=one.name,
            organisation=inside[one.pk][0] if one.pk in inside else None,
            way=AnswerWay.INSIDE if one.pk in inside else AnswerWay.WORKBOOK,
        )
        for one in wanted
    )


def begin_collection(*, actor: Actor, fiscal_year: int, asking: Asking, region_codes: SomeOf[str]) -> Collection:
    """A round that is being prepared; nobody is told yet. Raises UnableToCollect."""
    _check(actor, asking, region_codes)
    grant = actor.organisation
    assert grant is not None  # may_collect refuses without one
    with transaction.atomic():
        collection = Collection(
            id=new_id(),
            organisation_id=grant.organisation_id,
            organisation_name=grant.organisation_name,
            region_id=grant.region_code,
            fiscal_year=fiscal_year,
            **asking.as_fields(),
            begun_at=actor.now,
            begun_by_name=actor.name,
        )
        collection.save(force_insert=True)
        made = _add_targets(actor, collection, region_codes)
        record(
            actor,
            verb=BEGIN,
            target=("reports.collection", str(collection.pk)),
            region_code=collection.region_id,
            organisation_id=collection.organisation_id,
            diff={"件名": [None, asking.title], "依頼先": [0, len(made)]},
        )
    return collection


def change_collection(
    *, actor: Actor, collection_id: UUID, version: int, asking: Asking, region_codes: SomeOf[str]
) -> Collection:
    """Other words, another date, other bodies. Of a round that was sent out, bodies are added here, never taken away
    (they were told; `excuse` says why one is not asked any more). Raises NotVisible and UnableToCollect."""
    collection = get_collection(actor, collection_id)
    _check(actor, asking, region_codes)
    if collection.state == CollectionState.CLOSED:
        raise UnableToCollect("締め切った依頼は直せません。開き直してから直してください。保存していません。")
    before = {name: getattr(collection, name) for name in asking.as_fields()}
    with transaction.atomic():
        taken = Collection.objects.filter(pk=collection.pk, version=version).exclude(state=CollectionState.CLOSED)
        if taken.update(version=version + 1, **asking.as_fields()) != 1:
            raise UnableToCollect(_CHANGED)
        asked = set(collection.targets.values_list("region_id", flat=True))
        gone = asked - set(region_codes)
        if gone and collection.state != CollectionState.DRAFT:
            raise UnableToCollect(
                "もう依頼した先は外せません。求めないときは、その依頼先の画面で理由を添えてください。保存していません。"
            )
        collection.targets.filter(region_id__in=gone).delete()
        added = _add_targets(actor, collection, set(region_codes) - asked)
        if collection.state == CollectionState.OPEN:
            _ask(actor, collection, added)
        record(
            actor,
            verb=CHANGE,
            target=("reports.collection", str(collection.pk)),
            region_code=collection.region_id,
            organisation_id=collection.organisation_id,
            diff={
                **diff_of(before, asking.as_fields()),
                "依頼先": [len(asked), len(asked) - len(gone) + len(added)],
            },
        )
    collection.refresh_from_db()
    return collection


def _tell(actor: Actor, targets: Sequence[CollectionTarget], text: str) -> dict[UUID, int]:
    """A notice to the people of each body; {target: how many were told}."""
    inside = answering([one.region_id for one in targets], actor.today)
    told: dict[UUID, int] = {}
    for one in targets:
        people = inside[one.region_id][1] if one.region_id in inside and one.organisation_id else []
        if people:
            notify(actor=actor, recipients=people, text=text, path=f"/reports/requests/{one.pk}/")
        told[one.pk] = len(people)
    return told


def _note_all(
    actor: Actor, targets: Sequence[CollectionTarget], kind: ContactKind, words: str, told: dict[UUID, int]
) -> None:
    CollectionContact.objects.bulk_create(
        CollectionContact(
            target=one,
            kind=kind,
            words=words,
            reached=told.get(one.pk, 0),
            at=actor.now,
            day=actor.today,
            by_name=actor.name,
        )
        for one in targets
    )


def _ask(actor: Actor, collection: Collection, targets: Sequence[CollectionTarget]) -> None:
    text = (
        f"{collection.organisation_name}から、{collection.fiscal_year}年度の自治体情報シートの提出を依頼されました。"
        f"期限は{to_wareki(collection.due_on)}です。"
    )
    _note_all(actor, targets, ContactKind.ASKED, "", _tell(actor, targets, text))


_MOVES = {
    "open": (CollectionState.DRAFT, CollectionState.OPEN),
    "close": (CollectionState.OPEN, CollectionState.CLOSED),
    "reopen": (CollectionState.CLOSED, CollectionState.OPEN),
}


def move_collection(*, actor: Actor, collection_id: UUID, version: int, move: str) -> Collection:
    """move: "open" sends it out, "close" ends it, "reopen" takes that back (nobody is told again).

    Raises NotVisible, UnableToCollect (a move that does not fit the state, somebody was quicker).
    """
    collection = get_collection(actor, collection_id)
    if move not in _MOVES:
        raise UnableToCollect("この操作はありません。何も変わっていません。")
    before, after = _MOVES[move]
    times: dict[str, object] = {"opened_at": actor.now} if move == "open" else {"closed_at": None}
    if move == "close":
        times["closed_at"] = actor.now
    with transaction.atomic():
        taken = Collection.objects.filter(pk=collection.pk, version=version, state=before)
        if taken.update(state=after, version=version + 1, **times) != 1:
            raise UnableToCollect(_CHANGED)
        if move == "open":
            collection.refresh_from_db()
            _ask(actor, collection, list(collection.targets.filter(excused_reason="").order_by("region_id")))
        record(
            actor,
            verb=MOVE,
            target=("reports.collection", str(collection.pk)),
            region_code=collection.region_id,
            organisation_id=collection.organisation_id,
            diff={"state": [before, after]},
        )
    collection.refresh_from_db()
    return collection


@dataclass(frozen=True, slots=True)
class Reminded:
    """told: bodies whose people got a notice. outside: names of bodies nobody of whom uses nimo: to be rung up.
    again: names of those reminded earlier today, left in peace."""

    told: int
    outside: tuple[str, ...]
    again: tuple[str, ...]


def remind(*, actor: Actor, collection_id: UUID, words: str = "") -> Reminded:
    """A notice to every body that still has something to do itself, once a day at most. Raises NotVisible and
    UnableToCollect."""
    collection = get_collection(actor, collection_id)
    if collection.state != CollectionState.OPEN:
        raise UnableToCollect("催促できるのは、受付中の依頼です。だれにも知らせていません。")
    if len(words) > 120:
        raise UnableToCollect("添えることばは120字までです。だれにも知らせていません。")
    standing = standings_of(collection)
    wanted = set(who_to_remind((str(one.target.pk), one.standing) for one in standing))
    targets = [one.target for one in standing if str(one.target.pk) in wanted]
    today = set(
        CollectionContact.objects.filter(target__in=targets, kind=ContactKind.REMINDED, day=actor.today).values_list(
            "target_id", flat=True
        )
    )
    inside = [one for one in targets if one.organisation_id and one.pk not in today]
    text = (
        f"{collection.organisation_name}から、{collection.fiscal_year}年度の自治体情報シートの提出のお願いです。"
        f"期限は{to_wareki(collection.due_on)}です。{words.strip()}"
    )
    try:
        with transaction.atomic():
            told = _tell(actor, inside, text)
            _note_all(actor, [one for one in inside if told[one.pk]], ContactKind.REMINDED, words.strip(), told)
            record(
                actor,
                verb=REMIND,
                target=("reports.collection", str(collection.pk)),
                region_code=collection.region_id,
                organisation_id=collection.organisation_id,
                diff={"催促した先": [0, sum(1 for count in told.values() if count)]},
            )
    except IntegrityError as error:
        raise UnableToCollect("ほかの人が同じときに催促しました。二重には知らせていません。") from error
    return Reminded(
        told=sum(1 for count in told.values() if count),
        outside=tuple(
            one.region_name for one in targets if not one.organisation_id or (one.pk in told and not told[one.pk])
        ),
        again=tuple(one.region_name for one in targets if one.pk in today),
    )


def note_contact(*, actor: Actor, target_id: UUID, words: str) -> CollectionContact:
    """What was said by telephone, mail or in person: the office's words, no names of supported people.

    Raises NotVisible and UnableToCollect (no words).
    """
    target = get_target(actor, target_id)
    said = words.strip()
    if not said:
        raise UnableToCollect("話したことを入れてください。記していません。")
    with transaction.atomic():
        _note_all(actor, [target], ContactKind.SPOKEN, said[:300], {})
        _note_change(actor, target, NOTE, {"記録": [None, said[:300]]})
    return target.contacts.order_by("-pk")[0]


def excuse(*, actor: Actor, target_id: UUID, reason: str) -> CollectionTarget:
    """A body is not asked any more, or again (reason ""). Raises NotVisible and UnableToCollect."""
    target = get_target(actor, target_id)
    said = reason.strip()[:200]
    if said == target.excused_reason:
        raise UnableToCollect("求めない理由を入れてください。何も変わっていません。")
    kind = ContactKind.EXCUSED if said else ContactKind.ASKED_AGAIN
    with transaction.atomic():
        CollectionTarget.objects.filter(pk=target.pk).update(excused_reason=said)
        _note_all(actor, [target], kind, said, {})
        _note_change(actor, target, EXCUSE, {"excused_reason": [target.excused_reason, said]})
    target.refresh_from_db()
    return target


def _note_change(actor: Actor, target: CollectionTarget, verb: str, diff: dict[str, list[object]]) -> None:
    record(
        actor,
        verb=verb,
        target=("reports.collectiontarget", str(target.pk)),
        region_code=target.region_id,
        organisation_id=target.collection.organisation_id,
        diff=diff,
    )
