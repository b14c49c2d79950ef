"""Loading the national list and outlines, and keeping names and areas up to date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from nimo.core.events import publish
from nimo.core.searching.sources import Changed
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import Decision
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.regions.choices import AREA_KINDS, NATION_CODE, RegionKind
from nimo.foundation.regions.formats.municipalities import SOURCES, RegionFact, shipped_facts
from nimo.foundation.regions.formats.outlines import Outline
from nimo.foundation.regions.models import Boundary, Region, RegionName
from nimo.foundation.regions.policies import get_manageable, may_load_boundaries, may_load_list
from nimo.foundation.regions.rules.places import NAME_LIMIT, next_area_code, search_key
from nimo.foundation.regions.services._taking import UnableToChange as UnableToChange  # whoever calls catches it
from nimo.foundation.regions.services._taking import claim

LOAD = register_verb("regions.load", "都道府県・市区町村の一覧を取り込んだ")
CREATE = register_verb("regions.create_area", "圏域などの地域を登録した")
RENAME = register_verb("regions.rename", "地域の名称を変えた")
END = register_verb("regions.end", "地域を終わりにした")
LOAD_BOUNDARIES = register_verb("regions.load_boundaries", "地図の境界データを取り込んだ")

SEARCH_SOURCE = "regions.region"
"""Under this code the search, which lies above, finds regions (search.panels)."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How many rows were new, brought up to date, as they should be, or left alone because somebody had edited them."""

    created: int
    updated: int
    unchanged: int
    kept: int


def _permit(decision: Decision) -> None:
    if not decision:
        raise UnableToChange(decision.reason)


def load_municipalities(*, actor: Actor) -> LoadReport:
    """Loads the list that ships with nimo: the nation, 47 prefectures, 1,741 municipalities, the wards.

    May be run again at any time: what is there is compared, what an official has renamed or ended is left alone.
    Raises UnableToChange.
    """
    _permit(may_load_list(actor))
    nation = RegionFact(NATION_CODE, RegionKind.NATION, "", "", "全国", "ぜんこく", None, None, "")
    wanted = [_row(fact) for fact in (nation, *shipped_facts())]
    loaders = {"", *SOURCES.values()}
    fields = ["kind", "name", "kana", "prefecture_id", "city_id", "valid_from", "valid_to", "source", "search_key"]
    with transaction.atomic():
        there = Region.objects.in_bulk([row.code for row in wanted])
        new = [row for row in wanted if row.code not in there]
        # prefectures before cities before wards: each row's parents exist when it is written
        Region.objects.bulk_create(
            sorted(new, key=lambda row: (row.prefecture_id is not None, row.city_id is not None))
        )
        differing = [
            row
            for row in wanted
            if row.code in there and any(getattr(row, name) != getattr(there[row.code], name) for name in fields)
        ]
        mine = [row for row in differing if there[row.code].source in loaders and there[row.code].version == 1]
        Region.objects.bulk_update(mine, [name.removesuffix("_id") for name in fields], batch_size=200)
        report = LoadReport(len(new), len(mine), len(there) - len(differing), len(differing) - len(mine))
        if new or mine:
            publish(Changed(SEARCH_SOURCE, tuple(row.code for row in (*new, *mine)), actor.now))
            counts = {"created": [None, report.created], "updated": [None, report.updated]}
            record(actor, verb=LOAD, target=("regions.region", NATION_CODE), region_code=NATION_CODE, diff=counts)
    return report


def _row(fact: RegionFact) -> Region:
    return Region(
        code=fact.code,
        kind=fact.kind,
        name=fact.name,
        kana=fact.kana,
        prefecture_id=fact.prefecture or None,
        city_id=fact.city or None,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        source=fact.source,
        search_key=search_key(name=fact.name, kana=fact.kana, code=fact.code),
    )


def create_area(
    *,
    actor: Actor,
    kind: RegionKind,
    prefecture_code: str,
    name: str,
    kana: str,
    city_code: str = "",
    valid_from: date | None = None,
    source: str = "",
) -> Region:
    """Registers an area of a prefecture, or (with `city_code`) a 日常生活圏域 of a municipality, under a new code.

    Raises RegionNotFound and UnableToChange (no area kind, an empty name, a name that is already there).
    """
    if kind not in AREA_KINDS:
        raise UnableToChange("登録できるのは、障害保健福祉圏域・保健所管内・二次医療圏・日常生活圏域です。")
    if not name.strip() or not kana.strip() or len(name) > NAME_LIMIT:
        raise UnableToChange(f"名称とよみを、{NAME_LIMIT} 文字までで入力してください。まだ何も保存していません。")
    if (kind is RegionKind.LIVING_AREA) != bool(city_code):
        raise UnableToChange(
            "日常生活圏域には市町村を選び、ほかの圏域には選ばないでください。まだ何も保存していません。"
        )
    with transaction.atomic():
        prefecture = get_manageable(actor, prefecture_code)
        city = get_manageable(actor, city_code) if city_code else None
        if prefecture.kind != RegionKind.PREFECTURE or (city and city.prefecture_id != prefecture.code):
            raise UnableToChange("都道府県と市町村の組み合わせが合いません。まだ何も保存していません。")
        siblings = Region.objects.filter(kind=kind, prefecture=prefecture, city=city)
        if siblings.living().filter(name=name).exists():
            raise UnableToChange(f"「{name}」はすでに登録されています。二重には登録していません。")
        base = city.code if city else prefecture.code
        code = next_area_code(kind, base=base, taken=siblings.values_list("code", flat=True))
        area = Region(
            code=code,
            kind=kind,
            name=name,
            kana=kana,
            prefecture=prefecture,
            city=city,
            valid_from=valid_from,
            source=source,
            search_key=search_key(name=name, kana=kana, code=code),
        )
        try:
            with transaction.atomic():
                area.save(force_insert=True)
        except IntegrityError:
            raise UnableToChange(
                "同じときに、ほかの担当者が同じ種類の圏域を登録しました。まだ保存していません。一覧を確かめて、もう一度登録してください。"
            ) from None
        diff = diff_of({}, {"kind": kind, "name": name, "kana": kana, "valid_from": valid_from, "source": source})
        publish(Changed(SEARCH_SOURCE, (code,), actor.now))
        record(actor, verb=CREATE, target=("regions.region", code), region_code=prefecture.code, diff=diff)
    return area


def rename_region(
    *, actor: Actor, region_code: str, version: int, name: str, kana: str, valid_from: date, source: str = ""
) -> Region:
    """Gives a region a new name from a day on; the old one stays with its period, and old records show it.

    Raises RegionNotFound and UnableToChange (nothing new, a day before the name in use began, edited meanwhile).
    """
    with transaction.atomic():
        region = get_manageable(actor, region_code)
        before = {"name": region.name, "kana": region.kana}
        if not name.strip() or not kana.strip() or len(name) > NAME_LIMIT or before == {"name": name, "kana": kana}:
            raise UnableToChange("新しい名称とよみを入力してください。いまの名称のままです。")
        last = region.names.order_by("-valid_to").first()
        since = last.valid_to if last else region.valid_from
        if (since and valid_from <= since) or (region.valid_to and valid_from >= region.valid_to):
            raise UnableToChange(
                "新しい名称の始まりは、いまの名称の始まりより後の日にしてください。いまの名称のままです。"
            )
        claim(region, version)
        RegionName.objects.create(
            region=region, name=region.name, kana=region.kana, valid_from=since, valid_to=valid_from
        )
        key = search_key(name=name, kana=kana, code=region.code)
        Region.objects.filter(pk=region.pk).update(name=name, kana=kana, source=source, search_key=key)
        diff = {**diff_of(before, {"name": name, "kana": kana}), "valid_from": [None, str(valid_from)]}
        publish(Changed(SEARCH_SOURCE, (region.code,), actor.now))
        record(actor, verb=RENAME, target=("regions.region", region.code), region_code=region.code, diff=diff)
        region.refresh_from_db()
    return region


def end_region(*, actor: Actor, region_code: str, version: int, valid_to: date, reason: str) -> Region:
    """Ends an area, a municipality or a ward: `valid_to` is the first day without it. Nothing is deleted.

    Raises RegionNotFound and UnableToChange.
    """
    with transaction.atomic():
        region = get_manageable(actor, region_code)
        if region.valid_to is not None or region.kind in {RegionKind.NATION, RegionKind.PREFECTURE}:
            raise UnableToChange("この地域は終わりにできません。すでに終わっているか、都道府県です。")
        if region.valid_from and valid_to <= region.valid_from:
            raise UnableToChange("終わりの日は、始まりの日より後にしてください。まだ何も変えていません。")
        if not reason.strip():
            raise UnableToChange(
                "終わりにする理由（合併、区域の見直しなど）を入力してください。まだ何も変えていません。"
            )
        claim(region, version)
        Region.objects.filter(pk=region.pk).update(valid_to=valid_to)
        record(
            actor,
            verb=END,
            target=("regions.region", region.code),
            region_code=region.code,
            reason=reason,
            diff={"valid_to": [None, str(valid_to)]},
        )
        publish(Changed(SEARCH_SOURCE, (region.code,), actor.now))
        region.refresh_from_db()
    return region


def store_boundaries(*, actor: Actor, outlines: Collection[Outline], as_of: date, credit: str) -> int:
    """Keeps outlines as of a day, all or none; those of the same regions and day are replaced. How many rows.

    outlines: of regions that exist here (formats.boundaries reads them, queries.boundary_report matches them).
    Raises UnableToChange.
    """
    codes = {outline.code for outline in outlines}
    _permit(may_load_boundaries(actor, codes))
    if not credit.strip():
        raise UnableToChange("出典の表示（クレジット）を入れてください。境界は取り込んでいません。")
    with transaction.atomic():
        Boundary.objects.filter(region_id__in=codes, as_of=as_of).delete()
        Boundary.objects.bulk_create(
            [
                Boundary(
                    region_id=outline.code,
                    as_of=as_of,
                    rings=outline.rings,
                    min_x=outline.box[0],
                    min_y=outline.box[1],
                    max_x=outline.box[2],
                    max_y=outline.box[3],
                    derived=outline.derived,
                    credit=credit,
                )
                for outline in outlines
            ],
            batch_size=200,
        )
        diff = {"as_of": [None, str(as_of)], "outlines": [None, len(codes)], "credit": [None, credit]}
        record(actor, verb=LOAD_BOUNDARIES, target=("regions.boundary", str(as_of)), region_code=NATION_CODE, diff=diff)
    return len(codes)
