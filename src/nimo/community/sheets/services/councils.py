"""Councils a sheet names become bodies when a person says so, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from nimo.community.councils.choices.bodies import BodyKind, Layer
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.rules.bodies import BodyFacts
from nimo.community.councils.services.bodies import UnableToChangeBody, create_body
from nimo.community.sheets.policies import get_sheet
from nimo.community.sheets.queries.councils import councils_in, reference_of
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.regions.choices import RegionKind

REGISTERED = register_verb("sheets.register_councils", "シートに書かれた協議の場を会議体として登録した")


class UnableToRegisterCouncils(Exception):
    """Nothing was registered; str() says why, in Japanese."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One row a person wants as a body, under the name it shall have."""

    place: int
    name: str
    kind: BodyKind


def register_councils(*, actor: Actor, sheet_id: UUID, chosen: Sequence[Chosen]) -> list[Body]:
    """All of the chosen rows or none. Raises UnableToRegisterCouncils."""
    if not chosen:
        raise UnableToRegisterCouncils("登録する協議の場に印を付けてください。何も変わっていません。")
    with transaction.atomic():
        sheet = get_sheet(actor, sheet_id)
        rows = {one.place: one for one in councils_in(actor, sheet)}
        layer = Layer.PREFECTURE if sheet.region.kind == RegionKind.PREFECTURE else Layer.MUNICIPALITY
        bodies = []
        for one in chosen:
            row = rows.get(one.place)
            if row is None or row.registered is not None:
                raise UnableToRegisterCouncils(
                    "選んだ行が、もう登録されているか、シートにありません。画面を開き直してください。何も変わっていません。"
                )
            try:
                body = create_body(
                    actor=actor,
                    facts=BodyFacts(
                        one.name,
                        layer,
                        one.kind,
                        sheet.region_id,
                        counts_as_council=True,
                        frequency=row.frequency[:120],
                        members_text=row.members[:4000],
                        reference=reference_of(sheet),
                    ),
                )
            except UnableToChangeBody as refusal:
                raise UnableToRegisterCouncils(f"「{one.name}」を登録できませんでした。{refusal}") from None
            bodies.append(body)
        record(
            actor,
            verb=REGISTERED,
            target=("sheets.sheet", str(sheet.pk)),
            region_code=sheet.region_id,
            diff={"bodies": [None, [str(body.pk) for body in bodies]]},
        )
    return bodies
