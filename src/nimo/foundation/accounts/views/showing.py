"""Rows and facts of accounts as the components of the ui want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.users import UserRow
from nimo.foundation.accounts.rules import holds_on
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table


def day(value: date | None) -> str | None:
    return f"{value.year}年{value.month}月{value.day}日" if value else None


def own_facts(user: Any) -> list[Definition]:
    return [
        Definition("氏名", user.name),
        Definition("よみ", user.kana or None),
        Definition("利用者ID", user.login_name),
        Definition("メールアドレス", user.email or None),
    ]


def period_state(membership: Any, today: date) -> tuple[str, str]:
    if membership.valid_from > today:
        return "これから", "info"
    if holds_on(membership.valid_from, membership.valid_to, today):
        return "いま", "success"
    return "終わり", "neutral"


def memberships_table(memberships: Sequence[Any], today: date, *, ending: bool = False) -> Table:
    """`ending`: with a link to end a role that has not ended."""
    columns = [
        Column("organisation", "組織", is_row_header=True),
        Column("role", "役割"),
        Column("state", "状態"),
        Column("from", "始まり"),
        Column("to", "終わり（この日から役割なし）"),
    ]
    if ending:
        columns.append(Column("end", "操作"))
    rows: list[Row] = []
    for membership in memberships:
        state, tone = period_state(membership, today)
        row: dict[str, Cell | str | int | None] = {
            "organisation": Cell(membership.organisation.name),
            "role": Role(membership.role).label,
            "state": Cell(state, tone=tone),
            "from": day(membership.valid_from),
            "to": Cell(day(membership.valid_to) or "決まっていない", note=membership.end_reason or None),
        }
        if ending and state != "終わり":
            row["end"] = Cell("終わらせる", href=reverse("accounts:membership_end", args=[membership.pk]))
        rows.append(row)
    return Table(
        id="memberships",
        caption="役割と期間",
        columns=columns,
        rows=rows,
        empty=EmptyState(title="役割はまだありません", body="役割が付くと、その組織の仕事ができるようになります。"),
    )


def users_table(rows: Iterable[UserRow], empty: EmptyState) -> Table:
    return Table(
        id="users",
        caption="利用者（よみの順）",
        columns=[
            Column("name", "氏名", is_row_header=True),
            Column("login_name", "利用者ID"),
            Column("state", "状態"),
            Column("roles", "所属と役割"),
        ],
        rows=[
            {
                "name": Cell(
                    row.user.name,
                    href=reverse("accounts:user_detail", args=[row.user.pk]),
                    note=row.user.kana or None,
                ),
                "login_name": row.user.login_name,
                "state": Cell(row.state, tone=row.state_tone),
                "roles": "、".join(f"{m.organisation.name} {Role(m.role).label}" for m in row.memberships) or None,
            }
            for row in rows
        ],
        empty=empty,
    )


def organisations_table(organisations: Iterable[Any], today: date, empty: EmptyState) -> Table:
    return Table(
        id="organisations",
        caption="組織（区分とよみの順）",
        columns=[
            Column("name", "名称", is_row_header=True),
            Column("kind", "区分"),
            Column("region", "受け持つ地域"),
            Column("people", "いま働いている利用者", align="end"),
        ],
        rows=[
            {
                "name": Cell(
                    organisation.name,
                    href=reverse("accounts:organisation_detail", args=[organisation.pk]),
                    note=f"{day(organisation.valid_to)}から、ありません" if organisation.valid_to else None,
                ),
                "kind": organisation.get_kind_display(),
                "region": organisation.region.name,
                "people": organisation.people,
            }
            for organisation in organisations
        ],
        empty=empty,
    )
