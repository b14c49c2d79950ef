"""What the pages of seats show. No category stands here beside a name, unless the person chose it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from nimo.community.councils.choices.bodies import Participation, QuorumKind, Standing, Stated
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.posts import FormerPay, Holding, PayColumns, Post
from nimo.community.councils.models.regulations import Regulation
from nimo.community.councils.policies.bodies import holdings_on
from nimo.community.councils.policies.categories import sensitive_people, shown_categories
from nimo.community.councils.policies.posts import known_participants
from nimo.community.councils.rules.payments import Pay, pay_on
from nimo.community.councils.rules.regulations import Finding, SeatFacts, Terms, check_members
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Table

Row = dict[str, Cell | str | int | None]


def _posts(body: Body, day: date) -> list[Post]:
    return list(
        Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), body=body).order_by("position", "pk")
    )


def _holders(body: Body, day: date) -> dict[UUID, list[Holding]]:
    found: dict[UUID, list[Holding]] = defaultdict(list)
    rows = holdings_on(day).filter(post__body=body).select_related("participant")
    for one in rows.order_by("participant__kana", "valid_from", "pk"):
        found[one.post_id].append(one)
    return found


def roster(body: Body, day: date, *, manages: bool) -> Table:
    """Seats and names, for those who may see them."""
    holders = _holders(body, day)
    shown = shown_categories([one.pk for group in holders.values() for one in group], day)
    rows: list[Row] = []
    for post in _posts(body, day):
        seat = Cell(post.title, href=reverse("councils:post_edit", args=[post.pk]) if manages else None)
        group = holders.get(post.pk, [])
        if not group:
            empty = Cell("空席", href=reverse("councils:seat_add", args=[post.pk]) if manages else None, tone="warning")
            rows.append({"affiliation": post.affiliation or None, "title": seat, "name": empty})
        for one in group:
            person = one.participant
            rows.append(
                {
                    "affiliation": post.affiliation or person.affiliation or None,
                    "title": seat,
                    "name": Cell(
                        person.name,
                        href=reverse("councils:holding_detail", args=[one.pk]) if manages else None,
                        note=f"{shown[one.pk]}として" if one.pk in shown else None,
                    ),
                    "standing": one.get_standing_display(),
                    "since": to_wareki(one.valid_from),
                    "term": to_wareki(one.term_to) if one.term_to else None,
                }
            )
    return Table(
        id="roster",
        caption=f"席と人（{to_wareki(day)}）",
        columns=[
            Column("affiliation", "機関"),
            Column("title", "職・立場"),
            Column("name", "氏名", is_row_header=True),
            Column("standing", "立場"),
            Column("since", "就いた日"),
            Column("term", "任期の最後の日"),
        ],
        rows=rows,
        empty=EmptyState("席がまだありません", "充て職を席として登録すると、人が替わっても席が残ります。"),
    )


def pay_of(row: PayColumns) -> Pay:
    return Pay(row.fee_yen, row.travel_paid, row.travel_yen)


def former_pay(holding_ids: Collection[UUID]) -> dict[UUID, list[tuple[date, Pay]]]:
    """For each holding what was paid before, with the first day on which it was no longer; one query."""
    found: dict[UUID, list[tuple[date, Pay]]] = defaultdict(list)
    for row in FormerPay.objects.filter(holding__in=holding_ids).order_by("until"):
        found[row.holding_id].append((row.until, pay_of(row)))
    return found


def fee_words(pay: Pay) -> str | None:
    """None: not decided."""
    if pay.fee_yen is None:
        return None
    return f"{pay.fee_yen:,}円" if pay.fee_yen else "0円（支払わない）"


def travel_words(pay: Pay) -> str:
    if not pay.travel_paid:
        return "支払わない"
    return "実費" if pay.travel_yen is None else f"{pay.travel_yen:,}円"


def fee_table(body: Body, day: date) -> Table:
    """Who is paid what for one meeting, for the accounts: names and amounts, no category."""
    rows: list[Row] = []
    holders = _holders(body, day)
    former = former_pay([one.pk for group in holders.values() for one in group])
    for post in _posts(body, day):
        for one in holders.get(post.pk, []):
            pay = pay_on(day, pay_of(one), former[one.pk])
            rows.append(
                {
                    "name": one.participant.name,
                    "affiliation": post.affiliation or one.participant.affiliation or None,
                    "standing": one.get_standing_display(),
                    "fee": pay.fee_yen,
                    "travel": travel_words(pay),
                }
            )
    return Table(
        id="fees",
        caption=f"謝金・旅費（1回あたり、{to_wareki(day)}）",
        columns=[
            Column("name", "氏名", is_row_header=True),
            Column("affiliation", "機関"),
            Column("standing", "立場"),
            Column("fee", "謝金（円）", align="end"),
            Column("travel", "旅費"),
        ],
        rows=rows,
        csv_href=f"{reverse('councils:fee_list', args=[body.pk])}?format=csv",
        empty=EmptyState("席に就いている人がいません", "席に人を登録すると、支払いの一覧ができます。"),
        note="謝金が空いている人は、まだ決まっていない人です。0円とは別に示します。",
    )


def regulation_on(body: Body, day: date) -> Regulation | None:
    return (
        Regulation.objects.filter(Q(effective_to__isnull=True) | Q(effective_to__gt=day), body=body)
        .filter(effective_from__lte=day)
        .order_by("-effective_from")
        .first()
    )


def terms_on(body: Body, day: date) -> Terms | None:
    row = regulation_on(body, day)
    if row is None:
        return None
    return Terms(
        row.title,
        QuorumKind(row.quorum),
        row.quorum_number,
        Stated(row.proxies_count),
        Stated(row.written),
        Stated(row.online),
        row.term_months,
        row.member_limit,
        Participation(row.participation),
        Stated(row.written_paid),
    )


def member_findings(body: Body, day: date) -> list[Finding]:
    """What the secretariat should look at: empty seats, ended terms, what the 要綱 asks for."""
    holders = _holders(body, day)
    seats = [
        SeatFacts(
            str(post),
            len(holders.get(post.pk, [])),
            tuple(one.term_to for one in holders.get(post.pk, [])),
            tuple(one.valid_from for one in holders.get(post.pk, [])),
        )
        for post in _posts(body, day)
    ]
    members = sum(one.standing == Standing.MEMBER for group in holders.values() for one in group)
    return check_members(terms_on(body, day), seats, sensitive_people(body.pk, day), members, day)


def names_anybody(table: Table) -> bool:
    """A list of empty seats names nobody; a vacant seat has no standing."""
    return any(row.get("standing") for row in table.rows)


def people_choices(actor: Actor) -> list[tuple[str, str]]:
    rows = known_participants(actor).order_by("kana", "name").values_list("pk", "name", "affiliation")
    return [(str(pk), f"{name}（{affiliation}）" if affiliation else name) for pk, name, affiliation in rows[:500]]


def path_of(holding: Holding) -> Table:
    """How the person came to the seat: as observer from then to then, as member since."""
    steps: list[Holding] = [holding]
    while steps[-1].follows_id is not None:
        steps.append(Holding.objects.get(pk=steps[-1].follows_id))
    return Table(
        id="path",
        caption="これまでの立場",
        columns=[
            Column("standing", "立場", is_row_header=True),
            Column("from", "始まり"),
            Column("to", "終わり"),
            Column("reason", "理由"),
        ],
        rows=[
            {
                "standing": one.get_standing_display(),
                "from": to_wareki(one.valid_from),
                "to": to_wareki(one.valid_to) if one.valid_to else "いまも",
                "reason": one.end_reason or None,
            }
            for one in reversed(steps)
        ],
    )


def pay_path(holding: Holding) -> Table:
    """What is paid for one attendance, from when until when; in the order of the days, and none after the person left."""
    former = former_pay([holding.pk])[holding.pk]
    left = holding.valid_to or date.max
    begins = [holding.valid_from, *(until for until, _ in former)]
    spans = [*former, (date.max, pay_of(holding))]
    held = [(begun, min(until, left), pay) for begun, (until, pay) in zip(begins, spans, strict=True) if begun < left]
    return Table(
        id="pay",
        caption="支払いの額（1回あたり）",
        columns=[
            Column("from", "この日から", is_row_header=True),
            Column("to", "この日まで"),
            Column("fee", "謝金"),
            Column("travel", "旅費"),
        ],
        rows=[
            {
                "from": to_wareki(begun),
                "to": "（続く）" if until == date.max else to_wareki(until - timedelta(days=1)),
                "fee": fee_words(pay) or "決まっていない",
                "travel": travel_words(pay),
            }
            for begun, until, pay in held
        ],
    )
