"""Lists of changes, and what is known of one."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import JAPAN
from nimo.foundation.regions.choices import ChangeKind
from nimo.foundation.regions.queries.changes import ChangeView
from nimo.foundation.regions.queries.places import Region
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.navigation import Tab, TimelineItem
from nimo.foundation.ui.components.tables import Cell, Column, Table


def change_href(view: ChangeView) -> str:
    return reverse("regions:change_detail", args=[view.change.pk])


def kind_tabs(prefecture: Region, chosen: ChangeKind) -> list[Tab]:
    """One form a kind of change, each under its own address."""
    return [
        Tab(kind.label, reverse("regions:change_create", args=[prefecture.code, kind.value]), kind is chosen)
        for kind in ChangeKind
    ]


def changes_table(shown: Sequence[ChangeView], prefecture: Region) -> Table:
    """All changes of a prefecture, newest first; cancelled ones stay readable."""
    return Table(
        id="changes",
        caption=f"{prefecture.name}の地域の変更（新しい順）",
        columns=[
            Column("day", "効力の生じる日"),
            Column("kind", "種類"),
            Column("sentence", "内容", is_row_header=True),
            Column("reference", "根拠"),
            Column("state", "状態"),
        ],
        rows=[
            {
                "day": view.day_text,
                "kind": view.kind_label,
                "sentence": Cell(view.sentence, href=change_href(view)),
                "reference": view.change.reference,
                "state": Cell(
                    view.change.get_state_display(),
                    tone="success" if view.is_recorded else "neutral",
                    note=None if view.is_recorded else view.change.cancel_reason,
                ),
            }
            for view in shown
        ],
        empty=EmptyState(
            title="記録された変更はまだありません",
            body="合併・分割・名称の変更・圏域の所属替えを記録すると、その前後の数値をつないで見られるようになります。",
            action_label="変更を記録する",
            action_href=reverse("regions:change_create", args=[prefecture.code, ChangeKind.MERGER.value]),
        ),
    )


def facts(view: ChangeView) -> list[Definition]:
    """What is known of a change, and who recorded it when."""
    change = view.change
    known = [
        Definition("内容", view.sentence),
        Definition("種類", view.kind_label),
        Definition("効力の生じる日", view.day_text),
        Definition("根拠", change.reference),
        Definition("補足", change.note) if change.note else None,
        Definition("分かれた人口", "、".join(view.shares), note=f"出典: {change.share_reference}")
        if view.shares
        else None,
        Definition("記録した人", change.recorded_by_name),
        Definition("記録した日", to_wareki(change.recorded_at.astimezone(JAPAN).date())),
        Definition("状態", change.get_state_display()),
    ]
    if change.cancelled_at is not None:
        known += [
            Definition("取り消した人", change.cancelled_by_name),
            Definition("取り消した日", to_wareki(change.cancelled_at.astimezone(JAPAN).date())),
            Definition("取消しの理由", change.cancel_reason),
        ]
    return [one for one in known if one is not None]


def timeline(shown: Sequence[ChangeView]) -> list[TimelineItem]:
    """沿革 of one region, each change opening its record."""
    return [
        TimelineItem(view.day_text, view.sentence, f"根拠: {view.change.reference}", change_href(view))
        for view in shown
    ]
