"""One agenda item with all that hangs on it, for the secretariat; choices for its forms."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyState
from nimo.community.councils.choices.meetings import DecisionState, MeetingWay, MinutesState, ReferralState
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import AgendaItem, Paper, Reading
from nimo.community.councils.models.minutes import Decision, Minutes, MinuteText, Referral
from nimo.community.councils.models.posts import Post
from nimo.community.councils.policies.bodies import visible_bodies
from nimo.community.councils.policies.meetings import visible_meetings
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table


@dataclass(frozen=True, slots=True)
class ItemPage:
    item: AgendaItem
    facts: list[tuple[str, str]]
    approved: bool
    written: bool
    text: str
    papers: Table
    decisions: Table
    referrals: Table
    corrections: Table


def item_page(item: AgendaItem) -> ItemPage:
    approved = Minutes.objects.filter(pk=item.meeting_id, state=MinutesState.APPROVED).exists()
    text = MinuteText.objects.filter(pk=item.pk).values_list("text", flat=True).first() or ""
    facts = [
        ("目的", item.purpose or "まだ書かれていません"),
        ("説明する人・機関", item.presenter or "—"),
        ("軸", item.get_axis_display() or "未分類"),
        ("起点", item.get_origin_display() or "未分類"),
        ("公開の範囲", item.get_confidentiality_display()),
    ]
    return ItemPage(
        item,
        facts,
        approved,
        item.meeting.way == MeetingWay.WRITTEN,
        text,
        _papers(item),
        _decisions(item),
        _referrals(item),
        _corrections(item),
    )


def _papers(item: AgendaItem) -> Table:
    rows: list[Row] = [
        {
            "title": Cell(f"{one.title}（第{one.edition}版）", href=reverse("councils:paper_download", args=[one.pk])),
            "furigana": Cell("受け取る", href=f"{reverse('councils:paper_download', args=[one.pk])}?furigana")
            if one.furigana_file_id
            else None,
            "level": one.get_confidentiality_display(),
            "state": "新しい版に替わりました" if one.replaced_at else "使用中",
        }
        for one in item.papers.order_by("title", "-edition")
    ]
    columns = [
        Column("title", "資料", is_row_header=True),
        Column("furigana", "ふりがな付き"),
        Column("level", "公開の範囲"),
        Column("state", "状態"),
    ]
    return Table("papers", "資料", columns, rows)


def decision_rows(decisions: list[Decision]) -> list[Row]:
    """Lines of a table of decisions; an open one leads to where its result is recorded."""
    return [
        {
            "text": Cell(
                one.text,
                href=reverse("councils:decision_close", args=[one.pk]) if one.state == DecisionState.OPEN else None,
                note=one.outcome or None,
            ),
            "kind": one.get_kind_display(),
            "owner": str(one.owner_body or one.owner_post or "") or None,
            "due": to_wareki(one.due_on) if one.due_on else None,
            "review": to_wareki(one.review_on) if one.review_on else None,
            "state": Cell(one.get_state_display(), tone="success" if one.state == DecisionState.DONE else "neutral"),
        }
        for one in decisions
    ]


DECISION_COLUMNS = [
    Column("text", "決めたこと・宿題", is_row_header=True),
    Column("kind", "種類"),
    Column("owner", "担当"),
    Column("due", "期限"),
    Column("review", "見直す日"),
    Column("state", "状態"),
]


def _decisions(item: AgendaItem) -> Table:
    found = list(item.decisions.select_related("owner_post", "owner_body").order_by("id"))
    return Table("decisions", "決定・宿題", DECISION_COLUMNS, decision_rows(found))


def _referrals(item: AgendaItem) -> Table:
    rows: list[Row] = [
        {
            "to": one.to_body.name,
            "summary": one.summary,
            "raised": to_wareki(one.raised_on),
            "state": Cell(one.get_state_display(), note=one.answer or None),
        }
        for one in item.referrals.select_related("to_body").order_by("id")
    ]
    columns = [
        Column("to", "上げた先", is_row_header=True),
        Column("summary", "内容"),
        Column("raised", "上げた日"),
        Column("state", "返事"),
    ]
    return Table("referrals", "ほかの会議体に上げたもの", columns, rows)


def _corrections(item: AgendaItem) -> Table:
    rows: list[Row] = [
        {
            "passage": one.passage,
            "correct": one.correct,
            "reason": one.reason,
            "level": one.get_confidentiality_display(),
            "by": one.by_name,
        }
        for one in item.corrections.order_by("id")
    ]
    columns = [
        Column("passage", "誤った記載", is_row_header=True),
        Column("correct", "正しい記載"),
        Column("reason", "理由"),
        Column("level", "公開の範囲"),
        Column("by", "記した人"),
    ]
    return Table("corrections", "確定したあとの訂正", columns, rows)


def item_initial(item: AgendaItem) -> dict[str, object]:
    names = ("version", "title", "purpose", "presenter", "axis", "origin", "confidentiality")
    return {name: getattr(item, name) for name in names}


def minute_initial(item: AgendaItem) -> dict[str, object]:
    row = MinuteText.objects.filter(pk=item.pk).first()
    return {"version": row.version if row else 0, "text": row.text if row else ""}


def readings_of(body: Body) -> str:
    rows = Reading.objects.filter(body=body).order_by("term").values_list("term", "reading")
    return "、".join(f"{term}（{reading}）" for term, reading in rows) or "まだありません"


def body_choices(actor: Actor, body: Body) -> list[tuple[str, str]]:
    """Bodies of the same prefecture the actor knows, except this one."""
    rows = visible_bodies(actor).filter(region__code__startswith=body.region_id[:2]).exclude(pk=body.pk)
    rows = rows.exclude(state=BodyState.ENDED).order_by("kana", "name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def owner_choices(actor: Actor, body: Body) -> list[tuple[str, str]]:
    posts = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=actor.today), body=body).order_by("position")
    own = [(f"body:{body.pk}", f"この会議体（{body.name}）")]
    return [
        *own,
        *((f"post:{one.pk}", str(one)) for one in posts),
        *((f"body:{pk}", name) for pk, name in body_choices(actor, body)),
    ]


def items_of_year(body: Body, fiscal_year: int) -> list[AgendaItem]:
    rows = AgendaItem.objects.filter(meeting__body=body, meeting__fiscal_year=fiscal_year).exclude(
        meeting__state="cancelled"
    )
    return list(
        rows.select_related("meeting").order_by(F("meeting__held_on").asc(nulls_last=True), "meeting_id", "position")
    )


def file_of(actor: Actor, paper_id: UUID, *, furigana: bool) -> UUID:
    """The stored file of a paper; whether it may be handed out is asked again by policies.may_download_paper."""
    paper = Paper.objects.filter(pk=paper_id, item__meeting__in=visible_meetings(actor)).first()
    found = (paper.furigana_file_id if furigana else paper.file_id) if paper else None
    if found is None:
        raise NotVisible("資料が見つかりません。")
    return found


def waiting_referrals(body: Body) -> Table | None:
    """What other bodies raised to this one and waits for an answer; None: nothing."""
    rows: list[Row] = [
        {
            "from": Cell(one.item.meeting.body.name, href=reverse("councils:referral_answer", args=[one.pk])),
            "summary": one.summary,
            "raised": to_wareki(one.raised_on),
        }
        for one in Referral.objects.filter(to_body=body, state=ReferralState.WAITING)
        .select_related("item__meeting__body")
        .order_by("raised_on", "id")
    ]
    if not rows:
        return None
    columns = [
        Column("from", "上げた会議体", is_row_header=True),
        Column("summary", "内容"),
        Column("raised", "上げた日"),
    ]
    return Table("waiting_referrals", "ほかの会議体から上げられ、返事を待っているもの", columns, rows)
