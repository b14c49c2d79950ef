"""What the pages of collecting sheets show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from nimo.community.reports.choices import CollectionState, PacketState, Standing
from nimo.community.reports.models.collections import Collection, CollectionPacket, CollectionTarget
from nimo.community.reports.policies import (
    get_collection,
    get_target,
    visible_collections,
    visible_requests,
)
from nimo.community.reports.queries.bodies import bodies
from nimo.community.reports.queries.standing import TargetStanding, standing_of_targets, standings_of
from nimo.community.reports.rules.collecting import UNFINISHED, Progress, is_overdue, progress
from nimo.community.sheets.choices import UploadState
from nimo.community.sheets.queries.screens import day, year_label
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import NATION_CODE
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition, TimelineItem
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

TONES = {
    Standing.EXCUSED: "neutral",
    Standing.UNTOUCHED: "danger",
    Standing.WORKBOOK_OUT: "info",
    Standing.WRITING: "info",
    Standing.IN_HANDS: "info",
    Standing.RETURNED: "warning",
    Standing.WORKBOOK_BACK: "warning",
    Standing.SUBMITTED: "warning",
    Standing.DONE: "success",
}
STATE_TONES = {CollectionState.DRAFT: "info", CollectionState.OPEN: "warning", CollectionState.CLOSED: "neutral"}
SHOWN = {
    "": "すべて",
    "unfinished": "まだの先",
    "here": "こちらで確かめる先",
    "gaps": "空の章がある先",
    "done": "そろった先",
}
"""Filters of the list of bodies: key → name."""


@dataclass(frozen=True, slots=True)
class CollectionList:
    asked: Table
    received: Table
    may_collect: bool


def _facts_row(one: CollectionTarget) -> Row:
    collection = one.collection
    return {
        "title": Cell(collection.title, href=reverse("reports:request_detail", args=[one.pk])),
        "from": collection.organisation_name,
        "region": one.region_name,
        "due": to_wareki(collection.due_on),
    }


def collection_list(actor: Actor, *, may_collect: bool) -> CollectionList:
    """Rounds one's organisations sent out, and what one's own bodies were asked for, newest first."""
    rows: list[Row] = [
        {
            "title": Cell(one.title, href=reverse("reports:collection_detail", args=[one.pk])),
            "year": year_label(one.fiscal_year),
            "due": to_wareki(one.due_on),
            "state": Cell(one.get_state_display(), tone=STATE_TONES[CollectionState(one.state)]),
        }
        for one in visible_collections(actor).order_by("-begun_at", "pk")[:100]
    ]
    asked = Table(
        id="asked",
        caption="依頼したもの",
        columns=[
            Column("title", "件名", is_row_header=True),
            Column("year", "シートの年度"),
            Column("due", "期限"),
            Column("state", "状態"),
        ],
        rows=rows,
        empty=EmptyState(
            "依頼したものはありません",
            "地域の中の市町村などに自治体情報シートの提出を依頼すると、だれがどこまで進んだかをここで見られます。",
        ),
    )
    requests = (
        visible_requests(actor).select_related("collection").order_by("-collection__opened_at", "region_id")[:100]
    )
    received = Table(
        id="received",
        caption="届いている依頼",
        columns=[
            Column("title", "件名", is_row_header=True),
            Column("from", "依頼した組織"),
            Column("region", "地域"),
            Column("due", "期限"),
        ],
        rows=[_facts_row(one) for one in requests],
        empty=EmptyState("届いている依頼はありません", "都道府県などから提出を依頼されると、ここに並びます。"),
    )
    return CollectionList(asked, received, may_collect)


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """A round. remindable: how many bodies still have something to do. filters: (key, name, count, chosen)."""

    collection: Collection
    tone: str
    facts: Sequence[Definition]
    progress: Progress
    targets: Table
    prefectures: Table | None
    filters: Sequence[tuple[str, str, int, bool]]
    remindable: int

    @property
    def is_draft(self) -> bool:
        return self.collection.state == CollectionState.DRAFT

    @property
    def is_open(self) -> bool:
        return self.collection.state == CollectionState.OPEN


def _matches(one: TargetStanding, key: str) -> bool:
    if key == "unfinished":
        return one.standing in UNFINISHED
    if key == "here":
        return one.standing in {Standing.SUBMITTED, Standing.WORKBOOK_BACK}
    if key == "gaps":
        return bool(one.sheet.missing)
    if key == "done":
        return one.standing is Standing.DONE
    return True


def handed_in(one: TargetStanding) -> str | None:
    if one.sheet.submitted_at:
        words = f"第{one.sheet.edition}回 {day(one.sheet.submitted_at)}"
        return f"{words}（期限のあと）" if one.sheet.late else words
    if one.packet and one.packet.back_at:
        words = f"用紙 {day(one.packet.back_at)}"
        return f"{words}（期限のあと）" if one.packet.late else words
    return "取り込んで確定" if one.sheet.sheet_id else None


def _target_row(one: TargetStanding, collection: Collection, actor: Actor) -> Row:
    overdue = is_overdue(one.standing, collection.due_on, actor.today)
    missing = "、".join(one.sheet.missing)
    return {
        "region": Cell(one.target.region_name, href=reverse("reports:target_detail", args=[one.target.pk])),
        "prefecture": one.target.region.prefecture.name if one.target.region.prefecture else None,
        "standing": Cell(one.standing.label, tone=TONES[one.standing], note="期限を過ぎています" if overdue else None),
        "way": one.target.get_way_display(),
        "handed": handed_in(one),
        "missing": Cell(f"{len(one.sheet.missing)}章", note=missing, sort_key=len(one.sheet.missing))
        if missing
        else None,
        "contact": day(one.last_contact) if one.last_contact else None,
    }


def target_table(collection: Collection, shown: Sequence[TargetStanding], actor: Actor) -> Table:
    national = collection.region_id == NATION_CODE
    columns = [
        Column("region", "依頼先", is_row_header=True),
        *([Column("prefecture", "都道府県")] if national else []),
        Column("standing", "どこまで進んだか"),
        Column("way", "出し方"),
        Column("handed", "提出"),
        Column("missing", "空の章"),
        Column("contact", "最後に知らせた日時"),
    ]
    return Table(
        id="targets",
        caption="依頼先ごとの進みぐあい",
        columns=columns,
        rows=[_target_row(one, collection, actor) for one in shown],
        csv_href=reverse("reports:collection_csv", args=[collection.pk]),
        empty=EmptyState("当てはまる依頼先はありません", "上の絞り込みを変えると、ほかの依頼先を見られます。"),
    )


def _by_prefecture(found: Sequence[TargetStanding]) -> Table:
    """For the nation: how many bodies of each prefecture are there."""
    asked: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for one in found:
        region = one.target.region
        name = region.prefecture.name if region.prefecture else region.name
        if one.standing is not Standing.EXCUSED:
            asked[name] += 1
            done[name] += one.standing is Standing.DONE
    return Table(
        id="prefectures",
        caption="都道府県ごとのそろいぐあい（都道府県と指定都市）",
        columns=[
            Column("name", "都道府県", is_row_header=True),
            Column("done", "そろった", align="end"),
            Column("asked", "依頼した", align="end"),
        ],
        rows=[{"name": name, "done": done[name], "asked": count} for name, count in asked.items()],
        keep_on_phone=True,
    )


def collection_page(actor: Actor, collection_id: UUID, shown: str = "") -> CollectionPage:
    """Raises NotVisible."""
    collection = get_collection(actor, collection_id)
    found = standings_of(collection)
    key = shown if shown in SHOWN else ""
    facts = [
        Definition("シートの年度", year_label(collection.fiscal_year)),
        Definition("期限", to_wareki(collection.due_on)),
        Definition("依頼する組織", collection.organisation_name),
        Definition("問い合わせ先", collection.contact or None),
        Definition("依頼した日時", day(collection.opened_at) if collection.opened_at else "まだ依頼していません"),
        Definition("依頼のことば", collection.message or None),
    ]
    return CollectionPage(
        collection=collection,
        tone=STATE_TONES[CollectionState(collection.state)],
        facts=facts,
        progress=progress([one.standing for one in found], collection.due_on, actor.today),
        targets=target_table(collection, [one for one in found if _matches(one, key)], actor),
        prefectures=_by_prefecture(found) if collection.region_id == NATION_CODE else None,
        filters=[(name, SHOWN[name], sum(_matches(one, name) for one in found), name == key) for name in SHOWN],
        remindable=sum(one.standing in UNFINISHED for one in found),
    )


def collection_file(actor: Actor, collection_id: UUID) -> Table:
    """The whole list for a spreadsheet, with the code of each region. Raises NotVisible."""
    collection = get_collection(actor, collection_id)
    table = target_table(collection, (), actor)
    rows: list[Row] = [
        {"code": one.target.region_id, **_target_row(one, collection, actor)} for one in standings_of(collection)
    ]
    return Table(table.id, table.caption, [Column("code", "地域コード"), *table.columns], rows)


@dataclass(frozen=True, slots=True)
class TargetPage:
    """One body of a round, for those who ask. packet: the form that is out or back; upload_failed: why not read."""

    target: CollectionTarget
    collection: Collection
    standing: Standing
    tone: str
    facts: Sequence[Definition]
    history: Sequence[TimelineItem]
    packet: CollectionPacket | None
    packet_out: bool
    upload_failed: str
    is_open: bool


def target_page(actor: Actor, target_id: UUID) -> TargetPage:
    """Raises NotVisible."""
    target = get_target(actor, target_id)
    (found,) = standing_of_targets([target], target.collection.fiscal_year)
    facts = [
        Definition("依頼", target.collection.title, reverse("reports:collection_detail", args=[target.collection_id])),
        Definition("期限", to_wareki(target.collection.due_on)),
        Definition(
            "出し方", target.get_way_display() if target.organisation_id else "Excelの用紙（nimoを使う人がいません）"
        ),
        Definition("答える組織", target.organisation.name if target.organisation else None),
        Definition("提出", handed_in(found)),
        Definition("空の章", "、".join(found.sheet.missing) or None),
    ]
    if found.sheet.submission_id:
        facts.append(
            Definition(
                "提出されたシート", "開く", reverse("sheets:submission_detail", args=[found.sheet.submission_id])
            )
        )
    elif found.sheet.sheet_id:
        facts.append(Definition("確定したシート", "開く", reverse("sheets:sheet_detail", args=[found.sheet.sheet_id])))
    if target.excused_reason:
        facts.append(Definition("求めない理由", target.excused_reason))
    packet = found.packet
    failed = ""
    if packet and packet.upload:
        facts.append(Definition("戻った用紙", "開く", reverse("sheets:upload_detail", args=[packet.upload_id])))
        failed = packet.upload.failure if packet.upload.state == UploadState.FAILED else ""
    history = [
        TimelineItem(
            day(one.at),
            one.get_kind_display() + (f"（{one.reached}人に知らせた）" if one.reached else ""),
            "　".join(part for part in (one.words, one.by_name) if part),
        )
        for one in target.contacts.order_by("-at", "-pk")
    ]
    return TargetPage(
        target=target,
        collection=target.collection,
        standing=found.standing,
        tone=TONES[found.standing],
        facts=facts,
        history=history,
        packet=packet,
        packet_out=packet is not None and packet.state == PacketState.OUT,
        upload_failed=failed,
        is_open=target.collection.state == CollectionState.OPEN,
    )


@dataclass(frozen=True, slots=True)
class EditingPage:
    collection: Collection
    initial: dict[str, object]
    bodies: Sequence[tuple[str, str]]


def editing_page(actor: Actor, collection_id: UUID) -> EditingPage:
    """The words and the bodies of a round: those asked, and those that could be. Raises NotVisible."""
    collection = get_collection(actor, collection_id)
    asked = dict(
        CollectionTarget.objects.filter(collection=collection)
        .order_by("region_id")
        .values_list("region_id", "region_name")
    )
    names = {**asked, **{one.pk: one.name for one in bodies(actor)}}
    return EditingPage(
        collection,
        {
            "version": collection.version,
            "title": collection.title,
            "due_on": collection.due_on,
            "contact": collection.contact,
            "message": collection.message,
            "targets": list(asked),
        },
        sorted(names.items()),
    )
