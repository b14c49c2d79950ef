"""The tables of the screens, from the read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page
from django.urls import reverse

from nimo.foundation.access.actors import JAPAN
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.questionnaires.choices import RoundState, VersionState
from nimo.foundation.questionnaires.models.forms import FormVersion
from nimo.foundation.questionnaires.models.rounds import Round
from nimo.foundation.questionnaires.queries.forms import FormRow, RoundRow
from nimo.foundation.questionnaires.queries.results import Compared, percent
from nimo.foundation.questionnaires.queries.rounds import InvitationRow
from nimo.foundation.questionnaires.rules.counting import Tally, answer_codes, mean_of
from nimo.foundation.questionnaires.rules.results import QuestionResult, Results
from nimo.foundation.questionnaires.rules.structure import Question
from nimo.foundation.ui.components.charts import Chart, Point, Series
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table

TONES = {
    VersionState.DRAFT: "warning",
    VersionState.PUBLISHED: "success",
    VersionState.RETIRED: "neutral",
    RoundState.PLANNED: "warning",
    RoundState.OPEN: "success",
    RoundState.CLOSED: "neutral",
}


def day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def kind_label(kind: str) -> str:
    return str(OrganisationKind(kind).label) if kind else "区分なし"


def forms(rows: Sequence[FormRow]) -> Table:
    lines: list[Row] = []
    for row in rows:
        state = row.draft or row.current
        words = "作成中の版があります" if row.draft else "使用中" if row.current else "使用終了"
        lines.append(
            {
                "title": Cell(row.form.title, href=reverse("questionnaires:form_detail", args=[row.form.pk])),
                "purpose": str(row.form.get_purpose_display()),
                "organisation": row.form.organisation.name,
                "state": Cell(words, tone=TONES[VersionState(state.state)] if state else "neutral"),
            }
        )
    return Table(
        "forms",
        "アンケートの様式",
        [
            Column("title", "題名", is_row_header=True),
            Column("purpose", "種類"),
            Column("organisation", "作った組織"),
            Column("state", "状態"),
        ],
        lines,
        empty=EmptyState(
            "様式はまだありません",
            "事前アンケート、取組状況調査、理解度アンケート、チェックリストなど、くり返し聞くことをここで様式にします。"
            "一度作ると、版を重ねながら毎年使え、前の回と比べられます。",
        ),
    )


def rounds(id: str, caption: str, rows: Sequence[RoundRow], *, manages: bool = True) -> Table:
    lines: list[Row] = []
    for row in rows:
        closed = row.round.state == RoundState.CLOSED
        page = "questionnaires:round_detail" if manages else "questionnaires:round_results"
        lines.append(
            {
                "title": Cell(row.round.title, href=reverse(page, args=[row.round.pk])),
                "state": Cell(str(row.round.get_state_display()), tone=TONES[RoundState(row.round.state)]),
                "due": Cell(day(row.round.due_on), sort_key=row.round.due_on.isoformat()),
                "answered": Cell(f"{row.invited}件中 {row.answered}件") if manages or closed else None,
            }
        )
    return Table(
        id,
        caption,
        [
            Column("title", "回", is_row_header=True),
            Column("state", "状態"),
            Column("due", "期限"),
            Column("answered", "回答", align="end"),
        ],
        lines,
        empty=EmptyState("回はまだありません", "使い始めた版から回を作ると、相手と期限を決めて配れます。"),
    )


def closed(page: Page[Round]) -> Table:
    lines: list[Row] = [
        {
            "title": Cell(one.title, href=reverse("questionnaires:round_results", args=[one.pk])),
            "organisation": one.organisation.name,
            "due": day(one.due_on),
        }
        for one in page.object_list
    ]
    return Table(
        "closed",
        "締め切った回の集計",
        [
            Column("title", "回", is_row_header=True),
            Column("organisation", "行った組織"),
            Column("due", "期限"),
        ],
        lines,
        empty=EmptyState("締め切った回はまだありません", "回を締め切ると、ここから集計が見られます。"),
    )


def versions(found: Sequence[FormVersion]) -> Table:
    lines: list[Row] = [
        {
            "number": Cell(f"第{one.number}版", href=reverse("questionnaires:version_detail", args=[one.pk])),
            "state": Cell(str(one.get_state_display()), tone=TONES[VersionState(one.state)]),
            "since": day(one.published_at.astimezone(JAPAN).date()) if one.published_at else None,
            "by": one.published_by_name or None,
        }
        for one in found
    ]
    return Table(
        "versions",
        "版",
        [
            Column("number", "版", is_row_header=True),
            Column("state", "状態"),
            Column("since", "使い始めた日"),
            Column("by", "使い始めた人"),
        ],
        lines,
    )


def invitations(rows: Sequence[InvitationRow], *, anonymous: bool, may_enter: bool) -> Table:
    lines: list[Row] = []
    for row in rows:
        one = row.invitation
        if one.cancelled_at:
            state = Cell("取り消し", tone="neutral")
        elif one.answered:
            state = Cell("回答済み", tone="success")
        else:
            state = Cell("未回答", tone="warning")
        action = None
        if row.answer_id:
            action = Cell("回答を見る", href=reverse("questionnaires:answer_detail", args=[row.answer_id]))
        elif may_enter and not one.cancelled_at and not one.answered:
            action = Cell("相手ごとの操作", href=reverse("questionnaires:invitation_paper", args=[one.pk]))
        lines.append(
            {
                "name": row.name,
                "kind": str(one.get_recipient_kind_display()),
                "audience": kind_label(one.audience),
                "state": state,
                "action": action,
            }
        )
    return Table(
        "invitations",
        "配った相手",
        [
            Column("name", "相手", is_row_header=True),
            Column("kind", "種類"),
            Column("audience", "区分"),
            Column("state", "状態"),
            Column("action", "回答"),
        ],
        lines,
        note="無記名の回です。回答済みかどうかだけを示し、だれの答えかは、事務局にも分かりません。"
        if anonymous
        else "",
        empty=EmptyState(
            "相手はまだいません", "組織や利用者を選ぶか、このシステムを使わない相手のあて名を書いて足します。"
        ),
    )


# -- Results -------------------------------------------------------------------------------------------------------


def result_chart(result: QuestionResult) -> Chart:
    """Bars of one question. What is hidden is a gap with its reason, never a zero."""
    points = [
        Point(line.label, line.count.value, note="" if line.count.shown else line.count.text) for line in result.lines
    ]
    return Chart(
        id=f"chart-{result.question.link_id}",
        kind="bar",
        title=f"問{result.number} 答えごとの件数",
        series=[Series("回答", points)],
        unit="件",
        description=f"「{result.question.label}」の答えごとの件数です。",
        label_heading="答え",
    )


def result_table(results: Results) -> Table:
    """Every figure of a round in one table: for CSV. Words are not in it."""
    lines: list[Row] = []

    def add(result: QuestionResult, name: str, cell: Cell | None) -> None:
        lines.append(
            {
                "number": Cell(f"問{result.number}"),
                "section": result.section,
                "question": result.question.label,
                "answer": name,
                "count": cell,
            }
        )

    for result in results.questions:
        add(result, "聞いた数", _cell(result.asked))
        add(result, "答えた数", _cell(result.answered))
        for line in result.lines:
            add(result, line.label, _cell(line.count))
        for name, value in (("平均", result.mean), ("中央値", result.median), ("合計", result.total)):
            if value is not None:
                add(result, name, Cell(f"{value:,}", csv_value=value))
    return Table(
        "results",
        "集計",
        [
            Column("number", "番号"),
            Column("section", "まとまり"),
            Column("question", "質問"),
            Column("answer", "答え"),
            Column("count", "件数など", align="end"),
        ],
        lines,
    )


def _cell(count: Any) -> Cell:
    if count.shown:
        return Cell(count.text, csv_value=count.value)
    return Cell(count.text, note=count.sentence)


def rate_table(results: Results) -> Table:
    """How many of each kind answered."""
    lines: list[Row] = [
        {"kind": kind_label(kind), "invited": invited, "answered": answered}
        for kind, invited, answered in results.by_kind
    ]
    return Table(
        "rate",
        "区分ごとの回答の数",
        [
            Column("kind", "組織の区分", is_row_header=True),
            Column("invited", "配った数", align="end"),
            Column("answered", "回答の数", align="end"),
        ],
        lines,
        keep_on_phone=True,
    )


def moment(value: datetime | None) -> str:
    if value is None:
        return ""
    here = value.astimezone(JAPAN)
    return f"{day(here.date())} {here.hour}時{here.minute:02d}分"


def by_kind_table(question: Question, tallies: Mapping[str, Tally]) -> Table:
    """One question: a row an answer, a column a kind of organisation."""
    columns = [Column("answer", "答え", is_row_header=True)]
    columns += [Column(f"k{place}", kind_label(kind), align="end") for place, kind in enumerate(tallies)]
    lines: list[Row] = []
    for name, count in (("聞いた数", "asked"), ("答えた数", "answered")):
        lines.append({"answer": name, **{f"k{p}": getattr(t, count) for p, t in enumerate(tallies.values())}})
    for code, label in answer_codes(question):
        lines.append({"answer": label, **{f"k{p}": t.chosen[code] for p, t in enumerate(tallies.values())}})
    if any(tally.numbers for tally in tallies.values()):
        means = {f"k{p}": _decimal(mean_of(t.numbers)) for p, t in enumerate(tallies.values())}
        lines.append({"answer": "平均", **means})
    return Table("by-kind", f"{question.label}（区分ごと）", columns, lines)


def _decimal(value: Decimal | None) -> Cell | None:
    return None if value is None else Cell(f"{value:,}", csv_value=value)


def comparison_table(row: Compared, later: Round, earlier: Round) -> Table:
    """One question of two rounds: counts and shares, shares only where both figures are shown."""
    before, after = row.earlier, row.later
    assert before is not None
    assert after is not None
    lines: list[Row] = []
    for old, new in zip(before.lines, after.lines, strict=True):
        lines.append(
            {
                "answer": new.label,
                "before": _cell(old.count),
                "before_share": _share(old.count.value, before.answered.value),
                "after": _cell(new.count),
                "after_share": _share(new.count.value, after.answered.value),
            }
        )
    for name, of_before, of_after in (
        ("答えた数", _cell(before.answered), _cell(after.answered)),
        ("平均", _decimal(before.mean), _decimal(after.mean)),
        ("合計", _decimal(before.total), _decimal(after.total)),
    ):
        if of_before is not None or of_after is not None:
            lines.append({"answer": name, "before": of_before, "after": of_after})
    return Table(
        f"compare-{after.question.link_id}",
        f"問{after.number} {after.question.label}",
        [
            Column("answer", "答え", is_row_header=True),
            Column("before", earlier.title, align="end"),
            Column("before_share", "割合（％）", align="end"),
            Column("after", later.title, align="end"),
            Column("after_share", "割合（％）", align="end"),
        ],
        lines,
    )


def _share(part: int | None, whole: int | None) -> Cell | None:
    return _decimal(percent(part, whole))
