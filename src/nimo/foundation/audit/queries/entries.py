"""The audit as it is read on screen: one page of entries, one entry, the newest seals."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.urls import reverse

from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.models import DaySeal, Entry
from nimo.foundation.audit.policies import get_entry, visible_entries
from nimo.foundation.audit.rules import JAPAN, sentence_of
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.tables import Cell, Column, Table

PAGE = 50
ACTOR_KINDS = {"user": "利用者", "system": "システムの処理", "anonymous": "公開の閲覧者"}


@dataclass(frozen=True, slots=True)
class Conditions:
    first: date
    last: date
    verb: str = ""
    actor_id: str = ""
    region_code: str = ""

    def as_recorded(self) -> dict[str, object]:
        """For the audit of the reading itself."""
        return {
            "いつから": str(self.first),
            "いつまで": str(self.last),
            "操作": self.verb,
            "操作した人": self.actor_id,
            "地域": self.region_code,
        }


def moment(value: datetime) -> str:
    return value.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M:%S")


def entries_page(actor: Actor, conditions: Conditions, page: int) -> Page[Entry]:
    """Newest first; an impossible page number gives the nearest one. Two queries, whatever the size."""
    entries = visible_entries(actor).filter(day__gte=conditions.first, day__lte=conditions.last)
    if conditions.verb:
        entries = entries.filter(verb=conditions.verb)
    if conditions.actor_id:
        entries = entries.filter(actor_id=conditions.actor_id)
    if conditions.region_code:
        entries = entries.filter(region_code=conditions.region_code)
    found = Paginator(entries.order_by("-day", "-id"), PAGE).get_page(page)
    found.object_list = list(found.object_list)  # read now: recording that it was read adds an entry
    return found


def actors_named(actor: Actor, name: str) -> list[tuple[str, str]]:
    """(id, name and organisation as recorded) of users whose recorded name contains the text; at most PAGE."""
    rows = (
        visible_entries(actor)
        .filter(actor_name__icontains=name.strip(), actor_kind="user")
        .order_by("actor_name", "actor_organisation_name", "actor_id")
        .values_list("actor_id", "actor_name", "actor_organisation_name")
        .distinct()
    )
    return [(number, f"{found}（{organisation or '所属なし'}）") for number, found, organisation in rows[:PAGE]]


def entries_table(entries: Iterable[Entry]) -> Table:
    return Table(
        id="entries",
        caption="監査の記録（新しい順）",
        columns=[
            Column("when", "日時", is_row_header=True),
            Column("who", "操作した人"),
            Column("what", "操作"),
            Column("target", "対象"),
            Column("region", "地域"),
            Column("reason", "理由"),
        ],
        rows=[
            {
                "when": Cell(moment(entry.occurred_at), href=reverse("audit:entry_detail", args=[entry.id])),
                "who": Cell(
                    entry.actor_name or ACTOR_KINDS.get(entry.actor_kind, entry.actor_kind),
                    note=entry.actor_organisation_name or None,
                ),
                "what": Cell(sentence_of(entry.verb), note="緊急時閲覧" if entry.emergency_reason else None),
                "target": Cell(entry.target_type, note=entry.target_id or None),
                "region": entry.region_code or None,
                "reason": entry.reason or None,
            }
            for entry in entries
        ],
        empty=EmptyState(
            title="この条件に合う記録はありません",
            body="期間を広げるか、条件を減らしてください。監査の記録は消されないので、なければ行われていません。",
        ),
    )


@dataclass(frozen=True, slots=True)
class EntryPage:
    title: str
    facts: list[Definition]
    changes: Table


def entry_page(actor: Actor, entry_id: int) -> EntryPage:
    """Raises Entry.DoesNotExist for an entry that is not there or not to be seen."""
    entry = get_entry(actor, entry_id)
    facts = [
        Definition("番号", str(entry.id)),
        Definition("操作の日時", moment(entry.occurred_at)),
        Definition("記録した日時", moment(entry.recorded_at), note=f"{entry.day}の記録として封をします"),
        Definition("操作した人", entry.actor_name, note=ACTOR_KINDS.get(entry.actor_kind, "")),
        Definition("そのときの所属", entry.actor_organisation_name or None),
        Definition("操作", sentence_of(entry.verb), note=entry.verb),
        Definition("対象", f"{entry.target_type} {entry.target_id}".strip()),
        Definition("地域のコード", entry.region_code or None),
        Definition("理由", entry.reason or None),
    ]
    if entry.emergency_reason:
        facts.append(Definition("緊急時閲覧の理由", entry.emergency_reason))
    facts.append(Definition("要求の番号", entry.request_id or None))
    return EntryPage(title=sentence_of(entry.verb), facts=facts, changes=_changes(entry.diff))


def _changes(text: str) -> Table:
    rows: list[dict[str, Cell | str | int | None]] = []
    for name, value in (json.loads(text) if text else {}).items():
        pair = isinstance(value, list) and len(value) == 2
        rows.append(
            {
                "name": name,
                "before": _shown(value[0]) if pair else None,
                "after": _shown(value[1] if pair else value),
            }
        )
    return Table(
        id="changes",
        caption="変わった項目",
        columns=[Column("name", "項目", is_row_header=True), Column("before", "前"), Column("after", "後")],
        rows=rows,
        empty=EmptyState(title="項目の変更はありません", body="この操作では、値の変更は記録されていません。"),
    )


def _shown(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value, ensure_ascii=False)


def seals_table(days: int = 31) -> Table:
    """The newest seals; the head is shown in full because it is what somebody copies elsewhere."""
    return Table(
        id="seals",
        caption=f"新しい順に{days}日分の封",
        columns=[
            Column("day", "日", is_row_header=True),
            Column("count", "記録の数", align="end"),
            Column("head", "封（控えるときはこの値）"),
        ],
        rows=[
            {"day": str(seal.day), "count": seal.count, "head": seal.head}
            for seal in DaySeal.objects.order_by("-day")[:days]
        ],
        empty=EmptyState(
            title="封をした日はまだありません",
            body="終わった日の記録に封をすると、あとから足したり消したりしたことが分かるようになります。",
        ),
    )
