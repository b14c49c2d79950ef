"""Regions, actors and drafts the tests of this app speak of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from nimo.community.indicators.formats.packaged import packaged_survey_630
from nimo.community.indicators.formats.survey_630 import read_630
from nimo.community.indicators.rules.drafts import ObservationDraft, SourceDraft
from nimo.community.indicators.rules.values import Number
from nimo.community.indicators.services.observations import Recorded, record_observations
from nimo.foundation.access.actors import Actor, Grant
from nimo.foundation.access.matrix import scopes_of
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.regions.choices import NATION_CODE, RegionKind
from nimo.foundation.regions.models import Region

NOW = datetime(2026, 5, 11, 3, 0, tzinfo=UTC)
SYSTEM = Actor.system("試験", now=NOW)
PUBLIC = Actor.anonymous(now=NOW)
OTA, MAEBASHI, GUNMA = "10205", "10201", "10000"


def make_regions() -> None:
    """The nation, the 47 prefectures, three municipalities of 群馬 and one designated city of 神奈川."""
    Region.objects.create(code=NATION_CODE, kind=RegionKind.NATION, name="全国", kana="ぜんこく")
    Region.objects.bulk_create(
        Region(code=row.region_code, kind=RegionKind.PREFECTURE, name=row.name, kana=row.name)
        for row in read_630(packaged_survey_630()).rows
        if row.region_code != NATION_CODE
    )
    for code, name, kind in (
        (MAEBASHI, "前橋市", RegionKind.CITY),
        (OTA, "太田市", RegionKind.CITY),
        ("10366", "上野村", RegionKind.VILLAGE),
        ("14100", "横浜市", RegionKind.DESIGNATED_CITY),
    ):
        Region.objects.create(code=code, kind=kind, name=name, kana=name, prefecture_id=f"{code[:2]}000")


def make_region(code: str, name: str, kind: str = RegionKind.CITY, **fields: Any) -> Region:
    return Region.objects.create(code=code, kind=kind, name=name, kana=name, prefecture_id=f"{code[:2]}000", **fields)


def member(role: Role, region_code: str, below: frozenset[str] = frozenset()) -> Actor:
    """A user of the database with one role in one organisation."""
    organisation, _ = Organisation.objects.get_or_create(
        region_id=region_code, kind=OrganisationKind.MUNICIPALITY, name=f"{region_code}の組織"
    )
    user, _ = User.objects.get_or_create(login_name=f"{role.value}-{region_code}", defaults={"name": "試験 花子"})
    grant = Grant(
        role=role,
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        region_code=region_code,
        region_codes=below | {region_code},
        scopes=scopes_of(role),
    )
    return Actor(kind="user", now=NOW, name="試験 花子", user_id=UUID(str(user.pk)), grants=(grant,))


def count(indicator: str, value: Number | None, region_code: str = OTA, **fields: Any) -> ObservationDraft:
    """One count of a sheet; None is "absent"."""
    given: dict[str, Any] = {
        "as_of": "2023-06-30",
        "basis": "sheet_as_given",
        "locator": f"基本情報「{indicator}」",
        "state": "value" if value is not None else "absent",
        **fields,
    }
    return ObservationDraft(indicator=indicator, region_code=region_code, value=value, **given)


def sheet(region_code: str = OTA, year: int = 2024, **fields: Any) -> SourceDraft:
    given: dict[str, Any] = {
        "series": f"sheet:{region_code}:{year}",
        "origin": f"sheet:{region_code}",
        "kind": "sheet",
        "title": f"自治体情報シート（{year}年度）",
        "publisher": "太田市",
        "fiscal_year": year,
        **fields,
    }
    return SourceDraft(region_code=region_code, **given)


def inpatients(
    under_3: int | None,
    to_12: int | None,
    over_65: int | None,
    under_65: int | None,
    region_code: str = OTA,
    **fields: Any,
) -> list[ObservationDraft]:
    """The block of stays of a sheet, its sums made from its parts."""
    known = [number for number in (over_65, under_65) if number is not None]
    over_1 = sum(known) if len(known) == 2 else None
    whole = None if None in (under_3, to_12, over_1) else (under_3 or 0) + (to_12 or 0) + (over_1 or 0)
    values = {
        "inpatients": whole,
        "inpatients_under_3_months": under_3,
        "inpatients_3_to_12_months": to_12,
        "inpatients_over_1_year": over_1,
        "inpatients_over_1_year_65_and_over": over_65,
        "inpatients_over_1_year_under_65": under_65,
    }
    return [count(code, value, region_code, **fields) for code, value in values.items()]


def record(drafts: list[ObservationDraft], source: SourceDraft | None = None, actor: Actor = SYSTEM) -> Recorded:
    return record_observations(actor=actor, rows=drafts, source=source or sheet())
