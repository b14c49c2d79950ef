"""Beginning to write a sheet, from last year's or from an empty form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.community.sheets.choices import FlowAction, SheetState
from nimo.community.sheets.formats.layouts.files import form_for
from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.models.documents import (
    FlowRecord,
    SheetChapter,
    SheetDocument,
)
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.policies import may_start_document
from nimo.community.sheets.queries.documents import head_of, sheet_content
from nimo.community.sheets.rules.carrying import begun_from
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region

START = register_verb("sheets.start_document", "自治体情報シートを作りはじめた")

_BODIES = frozenset(
    {
        RegionKind.PREFECTURE,
        RegionKind.DESIGNATED_CITY,
        RegionKind.CITY,
        RegionKind.SPECIAL_WARD,
        RegionKind.TOWN,
        RegionKind.VILLAGE,
    }
)


class UnableToStart(Exception):
    """No sheet was begun; str() is the sentence for the user."""


def _make_chapters(actor: Actor, document: SheetDocument, content: Mapping[str, Any]) -> list[SheetChapter]:
    return SheetChapter.objects.bulk_create(
        SheetChapter(
            document=document,
            key=key.value,
            content=content.get(key.value),
            edited_at=actor.now,
            edited_by_name=actor.name,
        )
        for key in sections_of(document.layout)
    )


def start_document(
    *,
    actor: Actor,
    region_code: str,
    fiscal_year: int,
    organisation_id: UUID,
    from_last_year: bool = True,
    due_on: date | None = None,
) -> SheetDocument:
    """A new sheet of a region and year. from_last_year: its sentences begin with those of the newest earlier sheet.

    Raises UnableToStart: no right, a region that writes no sheets, one under way already.
    """
    decision = may_start_document(actor, region_code)
    if not decision:
        raise UnableToStart(decision.reason)
    region = Region.objects.select_related("prefecture").filter(pk=region_code).first()
    if region is None or RegionKind(region.kind) not in _BODIES:
        raise UnableToStart("自治体情報シートを作るのは都道府県と市町村です。地域を選び直してください。")
    if actor.kind == "user" and organisation_id not in {grant.organisation_id for grant in actor.grants}:
        raise UnableToStart("あなたの所属する組織を選んでください。何も作っていません。")
    if not Organisation.objects.filter(pk=organisation_id).exists():
        raise UnableToStart("組織が見つかりません。何も作っていません。")
    former = (
        Sheet.objects.filter(region=region, fiscal_year__lt=fiscal_year, state=SheetState.CURRENT)
        .order_by("-fiscal_year")
        .first()
        if from_last_year
        else None
    )
    document = SheetDocument(
        id=new_id(),
        region=region,
        fiscal_year=fiscal_year,
        layout=form_for(fiscal_year, of_prefecture=region.kind == RegionKind.PREFECTURE).code,
        organisation_id=organisation_id,
        in_charge_id=actor.user_id,
        begun_from=former,
        due_on=due_on,
        created_at=actor.now,
        created_by_name=actor.name,
        moved_at=actor.now,
    )
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            empty = head_of(document)
            _make_chapters(actor, document, begun_from(sheet_content(former), empty) if former else empty)
            FlowRecord.objects.create(
                document=document,
                action=FlowAction.START,
                at=actor.now,
                by_id=actor.user_id,
                by_name=actor.name,
                organisation_name=actor.organisation.organisation_name if actor.organisation else "",
            )
            record(
                actor,
                verb=START,
                target=("sheets.document", str(document.pk)),
                region_code=region_code,
                organisation_id=organisation_id,
                diff={"年度": [None, fiscal_year], "もとにしたシート": [None, str(former.pk) if former else None]},
            )
    except IntegrityError as error:
        raise UnableToStart(
            "この地域のこの年度のシートは、もう作りはじめられています。一覧から開いてください。"
        ) from error
    return document
