"""Organisations: registered, renamed with their former names kept, ended."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Organisation, OrganisationName
from nimo.foundation.accounts.policies import get_organisation, may_create_organisation, may_manage_organisation
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.regions.models import Region

CREATED = register_verb("accounts.create_organisation", "組織を登録した")
RENAMED = register_verb("accounts.rename_organisation", "組織の名称を変えた")
CORRECTED = register_verb("accounts.correct_organisation", "組織の登録内容を直した")
ENDED = register_verb("accounts.end_organisation", "組織を終わらせた")

SAME_NAME = "同じ地域に、同じ区分と名称の組織がすでに登録されています。一覧を確かめてください。"
CHANGED_MEANWHILE = (
    "ほかの人が先に内容を変えました。今の内容を確かめてから、もう一度行ってください。何も変えていません。"
)


class UnableToChangeOrganisation(Exception):
    """The organisations are as before."""


def create_organisation(
    *,
    actor: Actor,
    kind: OrganisationKind,
    name: str,
    region_code: str,
    kana: str = "",
    valid_from: date | None = None,
) -> Organisation:
    """Raises UnableToChangeOrganisation: no such region in reach, no name, or the same organisation is there."""
    name = name.strip()
    if not name:
        raise UnableToChangeOrganisation("組織の名称を入力してください。")
    with transaction.atomic():
        decision = may_create_organisation(actor, region_code)
        if not decision:
            raise UnableToChangeOrganisation(decision.reason)
        if not Region.objects.filter(pk=region_code).exists():
            raise UnableToChangeOrganisation("その地域は登録されていません。地域を選び直してください。")
        organisation = Organisation(
            kind=kind, name=name, kana=kana.strip(), region_id=region_code, valid_from=valid_from
        )
        _insert(organisation)
        record(
            actor,
            verb=CREATED,
            target=("accounts.organisation", str(organisation.id)),
            region_code=region_code,
            organisation_id=organisation.id,
            diff={"kind": [None, kind], "name": [None, name]},
        )
        return organisation


def _insert(organisation: Organisation) -> None:
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as twice:
        raise UnableToChangeOrganisation(SAME_NAME) from twice


def rename_organisation(
    *, actor: Actor, organisation_id: UUID, version: int, name: str, kana: str, effective_on: date, reason: str = ""
) -> Organisation:
    """A new name from a day on (today or before); the former name is kept with its period.

    Raises UnableToChangeOrganisation: not in reach, no new name, a day to come, a name taken, changed meanwhile.
    """
    if effective_on > actor.today:
        raise UnableToChangeOrganisation(
            "名称が変わる日は、今日か今日より前の日にしてください。変わった日に行ってください。"
        )
    with transaction.atomic():
        organisation = _managed(actor, organisation_id)
        new = {"name": name.strip(), "kana": kana.strip()}
        if not new["name"] or new["name"] == organisation.name:
            raise UnableToChangeOrganisation(
                "今と違う名称を入力してください。読み方だけを直すときは「登録内容を直す」を使います。"
            )
        former = OrganisationName.objects.filter(organisation=organisation).order_by("-valid_to").first()
        begins = former.valid_to if former else organisation.valid_from
        if begins is not None and effective_on <= begins:
            raise UnableToChangeOrganisation("名称が変わる日が、今の名称が始まった日より前になっています。")
        OrganisationName.objects.create(
            organisation=organisation,
            name=organisation.name,
            kana=organisation.kana,
            valid_from=begins,
            valid_to=effective_on,
        )
        before = {"name": organisation.name, "kana": organisation.kana}
        _update(organisation, version, **new)
        record(
            actor,
            verb=RENAMED,
            target=("accounts.organisation", str(organisation.id)),
            region_code=organisation.region_id,
            organisation_id=organisation.id,
            reason=reason,
            diff={**diff_of(before, new), "effective_on": [None, effective_on]},
        )
        return Organisation.objects.get(pk=organisation.pk)


def correct_organisation(
    *,
    actor: Actor,
    organisation_id: UUID,
    version: int,
    name: str,
    kana: str,
    reason: str,
) -> Organisation:
    """Mends a typing mistake: no former name is kept, the change stands in the audit with its reason."""
    if not reason.strip():
        raise UnableToChangeOrganisation(
            "直す理由を入力してください（例: 誤字）。名称そのものが変わったときは「名称を変える」を使います。"
        )
    with transaction.atomic():
        organisation = _managed(actor, organisation_id)
        before = {"name": organisation.name, "kana": organisation.kana}
        after = {"name": name.strip(), "kana": kana.strip()}
        if not after["name"]:
            raise UnableToChangeOrganisation("組織の名称を入力してください。")
        _update(organisation, version, **after)
        record(
            actor,
            verb=CORRECTED,
            target=("accounts.organisation", str(organisation.id)),
            region_code=organisation.region_id,
            organisation_id=organisation.id,
            reason=reason,
            diff=diff_of(before, after),
        )
        return Organisation.objects.get(pk=organisation.pk)


def end_organisation(*, actor: Actor, organisation_id: UUID, version: int, ends_on: date, reason: str) -> Organisation:
    """The organisation gives no rights from `ends_on` on. Its records and the roles in it stay as they are."""
    if not reason.strip():
        raise UnableToChangeOrganisation("終わらせる理由を入力してください（例: 統合、廃止）。")
    if ends_on < actor.today:
        raise UnableToChangeOrganisation("終わりの日は、今日か今日より後の日にしてください。")
    with transaction.atomic():
        organisation = _managed(actor, organisation_id)
        _update(organisation, version, valid_to=ends_on)
        record(
            actor,
            verb=ENDED,
            target=("accounts.organisation", str(organisation.id)),
            region_code=organisation.region_id,
            organisation_id=organisation.id,
            reason=reason,
            diff={"valid_to": [organisation.valid_to, ends_on]},
        )
        return Organisation.objects.get(pk=organisation.pk)


def _managed(actor: Actor, organisation_id: UUID) -> Organisation:
    try:
        organisation = get_organisation(actor, organisation_id)
    except Organisation.DoesNotExist as missing:
        raise UnableToChangeOrganisation("その組織は見つかりません。") from missing
    decision = may_manage_organisation(actor, organisation)
    if not decision:
        raise UnableToChangeOrganisation(decision.reason)
    return organisation


def _update(organisation: Organisation, version: int, **changes: object) -> None:
    try:
        with transaction.atomic():
            changed = Organisation.objects.filter(pk=organisation.pk, version=version).update(
                **changes, version=F("version") + 1
            )
    except IntegrityError as twice:
        raise UnableToChangeOrganisation(SAME_NAME) from twice
    if changed != 1:
        raise UnableToChangeOrganisation(CHANGED_MEANWHILE)
