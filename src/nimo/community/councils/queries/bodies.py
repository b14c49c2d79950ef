"""What the pages of bodies show: lists, one body, its regulations, relations and manuals."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from nimo.community.councils.choices.bodies import Axis, BodyState, Layer, PurposeLevel
from nimo.community.councils.models.bodies import Body, BodyHat, Manual, Relation
from nimo.community.councils.models.regulations import Regulation
from nimo.community.councils.policies.bodies import managed_bodies, visible_bodies
from nimo.core.eras import PartialDate, to_wareki
from nimo.core.text import fold
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import MUNICIPALITY_KINDS, RegionKind
from nimo.foundation.regions.models import Region
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.tables import Cell, Column, Table

PAGE = 50
TONES = {
    BodyState.PREPARING: "info",
    BodyState.ACTIVE: "success",
    BodyState.PAUSED: "warning",
    BodyState.ENDED: "neutral",
}
LAYER_ORDER = {layer.value: place for place, layer in enumerate(reversed(Layer))}


def body_page(actor: Actor, number: int, *, words: str = "", layer: str = "", mine: bool = False) -> Page[Body]:
    """Bodies the actor may know of, by prefecture, layer and reading."""
    bodies = managed_bodies(actor) if mine else visible_bodies(actor)
    if layer in Layer.values:
        bodies = bodies.filter(layer=layer)
    if words.strip():
        wanted = words.strip()
        bodies = bodies.filter(
            Q(name__icontains=wanted) | Q(region__name__icontains=wanted) | Q(kana__icontains=wanted)
        )
    rows = bodies.select_related("region", "organisation").order_by("region_id", "layer", "kana", "name", "pk")
    return Paginator(rows, PAGE).get_page(number)


def body_table(rows: Page[Body]) -> Table:
    return Table(
        id="bodies",
        caption="会議体",
        columns=[
            Column("name", "名称", is_row_header=True),
            Column("layer", "層"),
            Column("kind", "種類"),
            Column("region", "地域"),
            Column("counts", "協議の場"),
            Column("state", "状態"),
        ],
        rows=[
            {
                "name": Cell(body.name, href=reverse("councils:body_detail", args=[body.pk])),
                "layer": body.get_layer_display(),
                "kind": body.get_kind_display(),
                "region": body.region.name,
                "counts": "数える" if body.counts_as_council else "数えない",
                "state": Cell(body.get_state_display(), tone=TONES[BodyState(body.state)]),
            }
            for body in rows
        ],
        empty=EmptyState(
            "会議体がまだありません",
            "協議の場、部会、事例検討会などを登録すると、つながりの図と開催の記録が作れます。",
        ),
    )


def body_facts(body: Body) -> list[Definition]:
    axes = [Axis(one).label for one in body.axes]
    when = to_wareki(body.established_on) if body.established_on else None
    facts = [
        Definition("層", body.get_layer_display()),
        Definition("種類", body.get_kind_display()),
        Definition("地域", body.region.name, href=f"/regions/{body.region_id}/"),
        Definition(
            "協議の場として",
            "数える（活動指標に入る）" if body.counts_as_council else "数えない",
        ),
        Definition("取り組む軸", "、".join(axes) if axes else None),
        Definition("事務局", body.secretariat or None),
        Definition("開催頻度", body.frequency or None),
        Definition("構成員のあらまし", body.members_text or None),
        Definition("設置日", when),
        Definition("記録を受け持つ組織", body.organisation.name),
    ]
    if body.state in {BodyState.PAUSED, BodyState.ENDED}:
        facts.append(Definition(body.get_state_display(), body.state_reason or None))
    if body.reference:
        facts.append(Definition("出典", body.reference))
    return facts


def living_hats(body: Body) -> list[BodyHat]:
    return list(body.hats.filter(valid_to__isnull=True).order_by("kind", "name"))


def hat_table(body: Body) -> Table:
    return Table(
        id="hats",
        caption="兼ねている会議",
        columns=[Column("kind", "兼ねている会議", is_row_header=True), Column("name", "その名称")],
        rows=[{"kind": hat.get_kind_display(), "name": hat.name or None} for hat in living_hats(body)],
        empty=EmptyState(
            "兼ねている会議はありません", "同じ会議が別の会議でもあるとき（例：入院者訪問支援の推進会議）に登録します。"
        ),
    )


def purposes_of(body: Body) -> list[Definition]:
    """The newest of each level, with the day it was shared."""
    found: dict[str, Definition] = {}
    for one in body.purposes.order_by("shared_on", "pk"):
        found[one.level] = Definition(
            one.get_level_display(),
            one.text,
            note=f"{to_wareki(PartialDate(one.shared_on.year, one.shared_on.month))}に共有",
        )
    return [found.get(level.value) or Definition(level.label, None) for level in PurposeLevel]


def earlier_purposes(body: Body) -> Table:
    rows = list(body.purposes.order_by("-shared_on", "-pk"))
    newest: set[int] = set()
    for level in PurposeLevel:
        newest |= {one.pk for one in [row for row in rows if row.level == level][:1]}
    return Table(
        id="earlier-purposes",
        caption="以前の目的",
        columns=[Column("when", "共有した日", is_row_header=True), Column("level", "段階"), Column("text", "目的")],
        rows=[
            {"when": to_wareki(row.shared_on), "level": row.get_level_display(), "text": row.text}
            for row in rows
            if row.pk not in newest
        ],
    )


def regulations_of(body: Body) -> list[Regulation]:
    return list(Regulation.objects.filter(body=body).select_related("file").order_by("-effective_from"))


def regulation_table(body: Body) -> Table:
    return Table(
        id="regulations",
        caption="設置要綱の版",
        columns=[
            Column("title", "題名", is_row_header=True),
            Column("from", "施行日"),
            Column("quorum", "定足数"),
            Column("written", "書面での開催"),
            Column("term", "任期"),
        ],
        rows=[
            {
                "title": Cell(row.title, href=reverse("councils:regulation_detail", args=[row.pk])),
                "from": to_wareki(row.effective_from),
                "quorum": quorum_words(row),
                "written": row.get_written_display(),
                "term": f"{row.term_months}か月" if row.term_months else None,
            }
            for row in regulations_of(body)
        ],
        empty=EmptyState(
            "設置要綱がまだありません",
            "定足数・書面開催・任期・当事者と家族の参加を登録すると、会議のたびに確かめます。",
        ),
    )


def quorum_words(regulation: Regulation) -> str:
    return f"{regulation.quorum_number}人" if regulation.quorum_number else str(regulation.get_quorum_display())


def regulation_facts(regulation: Regulation) -> list[Definition]:
    until = f"{to_wareki(regulation.effective_to)}（次の版の施行日）" if regulation.effective_to else "いまも効力がある"
    file = regulation.file
    return [
        Definition("施行日", to_wareki(regulation.effective_from)),
        Definition("効力の終わり", until),
        Definition("定足数", quorum_words(regulation)),
        Definition("代理の出席を定足数に数える", regulation.get_proxies_count_display()),
        Definition("書面での開催", regulation.get_written_display()),
        Definition("書面での開催に謝金を支払う", regulation.get_written_paid_display()),
        Definition("オンラインでの出席", regulation.get_online_display()),
        Definition("任期", f"{regulation.term_months}か月" if regulation.term_months else None),
        Definition("構成員の上限", f"{regulation.member_limit}人" if regulation.member_limit else None),
        Definition("当事者・家族の参加の定め", regulation.get_participation_display()),
        Definition("本文のファイル", file.name if file else None, href=f"/files/{file.pk}/" if file else None),
    ]


def clause_table(regulation: Regulation) -> Table:
    return Table(
        id="clauses",
        caption="条",
        columns=[Column("number", "条", is_row_header=True), Column("kind", "内容"), Column("text", "本文")],
        rows=[
            {"number": row.number or f"{row.position}", "kind": row.get_kind_display(), "text": row.text}
            for row in regulation.clauses.order_by("position")
        ],
        empty=EmptyState(
            "条はまだ書かれていません", "本文のファイルだけでも、上の項目があれば会議のたびに確かめられます。"
        ),
    )


WORDS_OUT = {
    "report": "へ報告する",
    "subcommittee": "の部会",
    "backup": "を後ろから支える",
    "linked": "と連動する",
    "informal": "とインフォーマルにつながる",
}
WORDS_IN = {
    "report": "から報告を受ける",
    "subcommittee": "を部会に持つ",
    "backup": "に支えられる",
    "linked": "と連動する",
    "informal": "とインフォーマルにつながる",
}


def relation_table(actor: Actor, body: Body) -> Table:
    seen = visible_bodies(actor)
    out = Relation.objects.filter(source=body, target__in=seen).select_related("target")
    back = Relation.objects.filter(target=body, source__in=seen).select_related("source")
    rows: list[Mapping[str, Cell | str | int | None]] = []
    mine = managed_bodies(actor).filter(pk=body.pk).exists()
    pairs = [(one, one.target, WORDS_OUT) for one in out] + [(one, one.source, WORDS_IN) for one in back]
    for relation, other, words in sorted(pairs, key=lambda pair: (pair[1].kana, pair[1].name)):
        row: dict[str, Cell | str | int | None] = {
            "other": Cell(other.name, href=reverse("councils:body_detail", args=[other.pk])),
            "kind": f"{other.name}{words[relation.kind]}",
            "note": relation.note or None,
        }
        if mine:
            row["remove"] = Cell("消す", href=reverse("councils:relation_remove", args=[relation.pk]))
        rows.append(row)
    columns = [Column("other", "相手の会議体", is_row_header=True), Column("kind", "関係"), Column("note", "説明")]
    if mine:
        columns.append(Column("remove", "操作"))
    return Table(
        id="relations",
        caption="ほかの会議体との関係",
        columns=columns,
        rows=rows,
        empty=EmptyState("関係がまだありません", "どこへ報告し、どこと連動するかを登録すると、図に表れます。"),
    )


def relation_of(actor: Actor, relation_id: UUID) -> Relation | None:
    """One the actor may remove."""
    mine = managed_bodies(actor)
    return (
        Relation.objects.filter(Q(source__in=mine) | Q(target__in=mine), pk=relation_id)
        .select_related("source", "target")
        .first()
    )


def manual_table(body: Body) -> Table:
    return Table(
        id="manuals",
        caption="運営の手引き",
        columns=[
            Column("title", "題名", is_row_header=True),
            Column("note", "引き継ぐこと"),
            Column("file", "ファイル"),
            Column("when", "登録"),
        ],
        rows=[
            {
                "title": Cell(one.title, note="新しいものに替わりました" if one.replaced_at else None),
                "note": one.note or None,
                "file": Cell(one.file.name, href=f"/files/{one.file.pk}/") if one.file else None,
                "when": f"{to_wareki(localdate(one.added_at))} {one.added_by_name}",
            }
            for one in Manual.objects.filter(body=body).select_related("file").order_by("replaced_at", "-added_at")
        ],
        empty=EmptyState(
            "手引きがまだありません", "事務局の1年の流れを残すと、4月に替わった人がそのまま会議を開けます。"
        ),
    )


def region_choices(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Places of the prefectures one works in, grouped: prefecture, areas, towns, wards."""
    prefixes = sorted({grant.region_code[:2] for grant in actor.grants} - {"00"})
    wanted = Q()
    for prefix in prefixes:
        wanted |= Q(code__startswith=prefix)
    rows = Region.objects.living().exclude(kind=RegionKind.NATION).order_by("code")
    if prefixes:
        rows = rows.filter(wanted)
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name, kind in rows.values_list("code", "name", "kind"):
        label = "市町村" if kind in MUNICIPALITY_KINDS else RegionKind(kind).label
        groups.setdefault(label, []).append((code, name))
    order = ["都道府県", "障害保健福祉圏域", "保健所管内", "二次医療圏", "市町村", "行政区", "日常生活圏域"]
    return [(label, groups[label]) for label in order if label in groups]


def related_choices(actor: Actor, body: Body) -> list[tuple[str, str]]:
    """Bodies of the same prefecture one may know of."""
    others = (
        visible_bodies(actor)
        .filter(region__code__startswith=body.region_id[:2])
        .exclude(pk=body.pk)
        .exclude(state=BodyState.ENDED)
        .select_related("region")
        .order_by("layer", "kana", "name")
    )
    return [(str(one.pk), f"{one.name}（{one.region.name}）") for one in others]


def same_names(actor: Actor, name: str) -> list[Body]:
    """Bodies with the same name, however it is written, that the actor may know of."""
    wanted = fold(name)
    return [one for one in visible_bodies(actor).filter(name__icontains=name.strip()[:10]) if fold(one.name) == wanted]
