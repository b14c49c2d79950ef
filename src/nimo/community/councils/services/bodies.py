"""Bodies: registered, mended, moved from state to state; their purposes, other capacities, relations and manuals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from nimo.community.councils.choices.bodies import (
    Axis,
    BodyState,
    HatKind,
    Layer,
    PurposeLevel,
    RelationKind,
)
from nimo.community.councils.events import COUNCIL_FACT
from nimo.community.councils.models.bodies import Body, BodyHat, Manual, Purpose, Relation
from nimo.community.councils.policies.bodies import get_managed_body, managed_bodies, may_create, visible_bodies
from nimo.community.councils.rules.bodies import BELONGS_TO_PEOPLE, BodyFacts, about_one_person
from nimo.community.councils.services.finding import find_body_anew
from nimo.community.indicators.services.stale import mark_stale
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import Decision
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.files.services import UnableToStore, store
from nimo.foundation.regions.choices import AREA_KINDS, MUNICIPALITY_KINDS, RegionKind
from nimo.foundation.regions.models import Region

CREATED = register_verb("councils.create_body", "会議体を登録した")
EDITED = register_verb("councils.edit_body", "会議体の内容を直した")
MOVED = register_verb("councils.move_body", "会議体の状態を変えた")
PURPOSE = register_verb("councils.share_purpose", "会議の目的を共有した")
HAT = register_verb("councils.set_hat", "兼ねている会議を登録した・終えた")
RELATED = register_verb("councils.relate", "会議体の関係を登録した")
UNRELATED = register_verb("councils.unrelate", "会議体の関係を消した")
MANUAL = register_verb("councils.add_manual", "運営の手引きを登録した")

CHANGED_MEANWHILE = (
    "ほかの人が先にこの会議体を直しました。いまの内容を開き直したので、確かめてからもう一度行ってください。"
    "あなたの直しはまだ保存していません。"
)


PLACES = {
    Layer.PREFECTURE: {RegionKind.PREFECTURE},
    Layer.MUNICIPALITY: {*MUNICIPALITY_KINDS, RegionKind.WARD, *AREA_KINDS},
}
"""An area's body may stand at a town or the prefecture where the area itself is not registered yet; towns that keep one
body together register it at their area."""


class UnableToChangeBody(Exception):
    """str() says in Japanese what happened, that nothing was lost, and what to do."""


def _require(decision: Decision) -> None:
    if not decision:
        raise UnableToChangeBody(decision.reason)


def _note(actor: Actor, verb: str, body: Body, diff: dict[str, Any] | None = None, reason: str = "") -> None:
    record(
        actor,
        verb=verb,
        target=("councils.body", str(body.pk)),
        region_code=body.region_id,
        organisation_id=body.organisation_id,
        reason=reason,
        diff=diff,
    )


def _mark_counts_stale(actor: Actor, body: Body) -> None:
    """The number of bodies of this year; of earlier years too when a body is registered late."""
    this_year = FiscalYear.of(actor.today).year
    first = FiscalYear.of(body.established_on).year if body.established_on else this_year
    for year in range(max(first, this_year - 5), this_year + 1):
        mark_stale(actor=actor, fact=COUNCIL_FACT, region_code=body.region_id, fiscal_year=year)


def _values(facts: BodyFacts) -> dict[str, Any]:
    values = asdict(facts)
    values = {
        key: value.strip() if isinstance(value, str) and key != "layer" else value for key, value in values.items()
    }
    values["region_id"] = values.pop("region_code")
    values["axes"] = [one.value for one in Axis if one.value in facts.axes]
    if not values["name"]:
        raise UnableToChangeBody("名称を入力してください。何も保存していません。")
    if about_one_person(values["name"]):
        raise UnableToChangeBody(BELONGS_TO_PEOPLE)
    region = Region.objects.filter(pk=facts.region_code).first()
    if region is None:
        raise UnableToChangeBody("地域が見つかりません。地域を選び直してください。何も保存していません。")
    if region.kind not in PLACES.get(facts.layer, {region.kind}):
        raise UnableToChangeBody(
            f"層が「{facts.layer.label}」の会議体の地域に「{region.name}」は選べません。層か地域を選び直してください。"
            "何も保存していません。"
        )
    return values


def _reaches(actor: Actor, region_code: str) -> bool:
    """A body stands in a region one works for, or contains it (a town keeps the body of its area)."""
    if actor.kind == "system":
        return True
    prefixes = {grant.region_code[:2] for grant in actor.grants}
    return region_code[:2] in prefixes or any(grant.region_codes is None for grant in actor.grants)


def create_body(*, actor: Actor, facts: BodyFacts, organisation_id: UUID | None = None) -> Body:
    """A body kept by the organisation one acts for (organisation_id: for jobs and the demo). Raises UnableToChangeBody."""
    _require(may_create(actor))
    grant = actor.organisation
    keeper = organisation_id if actor.kind == "system" else grant.organisation_id if grant else None
    if keeper is None:
        raise UnableToChangeBody(
            "どの組織が受け持つ会議体か分からないため、登録できませんでした。所属を選んでください。"
        )
    values = _values(facts)
    if not _reaches(actor, facts.region_code):
        raise UnableToChangeBody("ほかの都道府県の地域には、会議体を登録できません。何も保存していません。")
    with transaction.atomic():
        same = (
            managed_bodies(actor)
            .filter(name=values["name"], region_id=facts.region_code, organisation_id=keeper)
            .exclude(state=BodyState.ENDED)
        )
        if same.exists():
            raise UnableToChangeBody(
                f"「{values['name']}」は、この地域にもう登録されています。同じ会議体なら、登録されているものを直してください。"
                "何も保存していません。"
            )
        body = Body.objects.create(organisation_id=keeper, created_at=actor.now, **values)
        _note(actor, CREATED, body, {"name": [None, body.name], "layer": [None, body.layer], "kind": [None, body.kind]})
        _mark_counts_stale(actor, body)
        find_body_anew(actor=actor, body_id=body.pk)
    return body


def edit_body(*, actor: Actor, body_id: UUID, version: int, facts: BodyFacts) -> None:
    """Raises UnableToChangeBody when somebody else was first."""
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        values = _values(facts)
        if not _reaches(actor, facts.region_code):
            raise UnableToChangeBody("ほかの都道府県の地域には移せません。何も変わっていません。")
        before = {key: getattr(body, key) for key in values}
        if Body.objects.filter(pk=body.pk, version=version).update(version=F("version") + 1, **values) != 1:
            raise UnableToChangeBody(CHANGED_MEANWHILE)
        _note(actor, EDITED, body, dict(diff_of(before, values, withhold=["members_text"])))
        _mark_counts_stale(actor, body)
        body.region_id = values["region_id"]
        _mark_counts_stale(actor, body)
        moved = any(before[name] != values[name] for name in ("name", "region_id", "audience"))
        find_body_anew(actor=actor, body_id=body.pk, meetings=moved)


def move_body(
    *, actor: Actor, body_id: UUID, version: int, state: BodyState, on: date | None = None, reason: str = ""
) -> None:
    """Paused and ended need a reason; ended needs the day. An ended body keeps its meetings."""
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        reason = reason.strip()
        if state in {BodyState.PAUSED, BodyState.ENDED} and not reason:
            raise UnableToChangeBody(
                "休止・終了の理由を入力してください（次の担当者が経緯を読めるようにするためです）。"
            )
        if state is BodyState.ENDED and on is None:
            raise UnableToChangeBody("終了した日を入力してください。")
        if state is BodyState.ENDED and on and body.established_on and on < body.established_on:
            raise UnableToChangeBody(
                "終了の日が設置の日より前になっています。日付を確かめてください。何も変わっていません。"
            )
        values = {
            "state": state.value,
            "ended_on": on if state is BodyState.ENDED else None,
            "state_reason": reason if state in {BodyState.PAUSED, BodyState.ENDED} else "",
        }
        before = {key: getattr(body, key) for key in values}
        if Body.objects.filter(pk=body.pk, version=version).update(version=F("version") + 1, **values) != 1:
            raise UnableToChangeBody(CHANGED_MEANWHILE)
        _note(actor, MOVED, body, dict(diff_of(before, values)), reason)
        _mark_counts_stale(actor, body)


def share_purpose(*, actor: Actor, body_id: UUID, level: PurposeLevel, text: str, on: date) -> Purpose:
    """A purpose as it is shared again; the earlier wording stays."""
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        if not text.strip():
            raise UnableToChangeBody("目的の文を入力してください。")
        if on > actor.today:
            raise UnableToChangeBody("共有した日が先の日付です。日付を確かめてください。何も保存していません。")
        purpose = Purpose.objects.create(
            body=body, level=level, text=text.strip(), shared_on=on, recorded_by_name=actor.name
        )
        _note(actor, PURPOSE, body, {"level": [None, level.value]})
        find_body_anew(actor=actor, body_id=body.pk)
    return purpose


def set_hats(*, actor: Actor, body_id: UUID, version: int, hats: Sequence[tuple[HatKind, str]]) -> None:
    """Exactly these other capacities from today on; those left out end today."""
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        if Body.objects.filter(pk=body.pk, version=version).update(version=F("version") + 1) != 1:
            raise UnableToChangeBody(CHANGED_MEANWHILE)
        wanted = {(kind.value, name.strip()) for kind, name in hats}
        living = {(hat.kind, hat.name): hat for hat in body.hats.filter(valid_to__isnull=True)}
        for key in living.keys() - wanted:
            BodyHat.objects.filter(pk=living[key].pk).update(valid_to=actor.today)
        for kind, name in sorted(wanted - living.keys()):
            again = BodyHat.objects.filter(body=body, kind=kind, name=name).update(valid_to=None)
            if not again:
                BodyHat.objects.create(body=body, kind=kind, name=name)
        _note(
            actor,
            HAT,
            body,
            {"hats": [sorted(f"{k} {n}".strip() for k, n in living), sorted(f"{k} {n}".strip() for k, n in wanted)]},
        )
        _mark_counts_stale(actor, body)


def relate(*, actor: Actor, source_id: UUID, target_id: UUID, kind: RelationKind, note: str = "") -> Relation:
    """The one who keeps either end may say how they stand to each other."""
    with transaction.atomic():
        ends = {one.pk: one for one in visible_bodies(actor).filter(pk__in=[source_id, target_id])}
        source, target = ends.get(source_id), ends.get(target_id)
        if source is None or target is None:
            raise UnableToChangeBody("会議体が見つかりません。選び直してください。何も変わっていません。")
        if source_id == target_id:
            raise UnableToChangeBody("同じ会議体どうしの関係は登録できません。相手を選び直してください。")
        keeper = managed_bodies(actor).filter(pk__in=[source_id, target_id]).first()
        if keeper is None:
            raise UnableToChangeBody("どちらの会議体も、あなたの組織の受け持ちではありません。何も変わっていません。")
        try:
            with transaction.atomic():
                relation = Relation.objects.create(
                    source=source, target=target, kind=kind, note=note.strip(), created_at=actor.now
                )
        except IntegrityError:
            raise UnableToChangeBody("その関係はもう登録されています。何も変わっていません。") from None
        _note(actor, RELATED, keeper, {"relation": [None, f"{source.name} → {target.name}（{kind.label}）"]})
    return relation


def unrelate(*, actor: Actor, relation_id: UUID) -> None:
    with transaction.atomic():
        relation = Relation.objects.select_related("source", "target").filter(pk=relation_id).first()
        ends = [relation.source_id, relation.target_id] if relation else []
        keeper = managed_bodies(actor).filter(pk__in=ends).first()
        if relation is None or keeper is None:
            raise UnableToChangeBody("関係が見つかりません。すでに消されているかもしれません。")
        words = f"{relation.source.name} → {relation.target.name}（{relation.get_kind_display()}）"
        Relation.objects.filter(pk=relation.pk).delete()
        _note(actor, UNRELATED, keeper, {"relation": [words, None]})


def add_manual(
    *,
    actor: Actor,
    body_id: UUID,
    title: str,
    note: str = "",
    content: BinaryIO | bytes | None = None,
    file_name: str = "",
) -> Manual:
    """How to run the body; replaces the earlier one of the same title, which stays readable."""
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        if not title.strip():
            raise UnableToChangeBody("題名を入力してください。")
        if content is None and not note.strip():
            raise UnableToChangeBody("ファイルを選ぶか、引き継ぐことを書いてください。何も保存していません。")
        file = None
        if content is not None:
            try:
                file = store(
                    actor=actor,
                    content=content,
                    name=file_name,
                    purpose="councils.manual",
                    region_code=body.region_id,
                )
            except UnableToStore as refusal:
                raise UnableToChangeBody(str(refusal)) from None
        Manual.objects.filter(body=body, title=title.strip(), replaced_at__isnull=True).update(replaced_at=actor.now)
        manual = Manual.objects.create(
            body=body, title=title.strip(), note=note.strip(), file=file, added_at=actor.now, added_by_name=actor.name
        )
        _note(actor, MANUAL, body, {"title": [None, manual.title]})
    return manual
