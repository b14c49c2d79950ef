"""What stands on the papers of a meeting: 招集通知, 次第, 名簿, 議事録. Facts in, a paper out; no table is asked.

A list of names never says who is 当事者 or 家族. Where one seat's words would tell it (家族会 副会長), the whole column is
left out, because an empty place in it would tell the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nimo.community.councils.rules.categories import telling_words
from nimo.community.councils.rules.renditions import Audience
from nimo.foundation.papers.formats.document import Facts, Grid, Head, Heading, Paper, Paragraph, Part, Remarks


@dataclass(frozen=True, slots=True)
class PersonLine:
    """affiliation: office and post as they were then. chosen: the person chose to have the category shown."""

    name: str
    affiliation: str
    standing: str
    attendance: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ItemLines:
    """One item as the reader may see it; text None: the item is not open to this reader."""

    position: int
    title: str | None
    purpose: str = ""
    presenter: str = ""
    papers: Sequence[str] = ()
    text: str = ""
    decisions: Sequence[tuple[str, str, str]] = ()
    """(what, owner, due)."""
    corrections: Sequence[tuple[str, str, str, str]] = ()
    """(day, passage, correct, reason)."""
    opinions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MeetingLines:
    """A meeting for one audience."""

    body: str
    title: str
    audience: Audience
    facts: Sequence[tuple[str, str]]
    items: Sequence[ItemLines]
    people: Sequence[PersonLine] = ()
    attendance: str = ""
    state: str = ""
    hidden: bool = False
    """Something of the text is not in this rendition."""
    readings: dict[str, str] = field(default_factory=dict)


NOT_OPEN = "（公開しない議題）"
HIDDEN = "この議事録には、公開していない部分があります。"


def _shown_places(people: Sequence[PersonLine]) -> bool:
    """Whether the column of offices and posts may be printed."""
    return not any(telling_words(one.affiliation) and not one.chosen for one in people)


def roster(people: Sequence[PersonLine], *, with_attendance: bool) -> Grid:
    """Names in the order of the seats."""
    heads = [Head("氏名"), Head("立場")]
    places = _shown_places(people)
    if places:
        heads.insert(0, Head("所属・職"))
    if with_attendance:
        heads.append(Head("出欠"))
    rows = []
    for one in people:
        row = [one.name, one.standing]
        if places:
            row.insert(0, one.affiliation)
        if with_attendance:
            row.append(one.attendance)
        rows.append(row)
    return Grid("名簿", heads, rows)


def roster_paper(meeting: MeetingLines) -> Paper:
    return Paper(f"{meeting.title} 名簿", [roster(meeting.people, with_attendance=False)], subtitle=meeting.body)


def agenda_paper(meeting: MeetingLines) -> Paper:
    """次第."""
    parts: list[Part] = [Facts(list(meeting.facts)), Heading("次第")]
    for item in meeting.items:
        title = item.title or NOT_OPEN
        parts.append(Paragraph(f"{item.position}　{title}" + (f"（{item.presenter}）" if item.presenter else "")))
        if item.purpose:
            parts.append(Paragraph(f"　　目的：{item.purpose}", quiet=True))
        if item.papers:
            parts.append(Paragraph("　　資料：" + "、".join(item.papers), quiet=True))
    return Paper(f"{meeting.title} 次第", parts, subtitle=meeting.body)


def call_paper(meeting: MeetingLines, *, number: str, day: str, sender: str, message: str, answer_by: str) -> Paper:
    """招集通知 with a return slip to be cut off and sent back by FAX."""
    parts: list[Part] = [Paragraph("\n".join(one for one in (number, day) if one)), Paragraph(sender)]
    parts.append(Paragraph(message or "次のとおり開催しますので、出席をお願いします。"))
    parts.append(Facts(list(meeting.facts)))
    parts.append(Heading("議題", 2))
    parts += [Paragraph(f"{item.position}　{item.title or NOT_OPEN}") for item in meeting.items]
    parts.append(Heading("出欠の回答票", 2))
    parts.append(
        Paragraph(f"{answer_by}までに、FAXなどで事務局へお返しください。" if answer_by else "事務局へお返しください。")
    )
    parts.append(
        Grid(
            "回答票",
            [Head("項目"), Head("記入")],
            [
                ["お名前・ご所属", "　"],
                ["出欠（○を付ける）", "出席　・　オンラインで出席　・　代理が出席　・　欠席"],
                ["代理の方のお名前", "　"],
                ["資料のふりがな", "希望する　・　希望しない"],
                ["当日の付き添い・支えで必要なこと", "　"],
            ],
        )
    )
    return Paper(f"{meeting.title} 開催のお知らせ", parts, subtitle=meeting.body)


def minutes_paper(meeting: MeetingLines) -> Paper:
    """議事録 for one audience: what that audience may not read is not on the paper at all."""
    parts: list[Part] = [Facts([*meeting.facts, *([("参加者", meeting.attendance)] if meeting.attendance else [])])]
    if meeting.people:
        parts.append(roster(meeting.people, with_attendance=True))
    for item in meeting.items:
        parts.append(Heading(f"{item.position}　{item.title or NOT_OPEN}"))
        if item.title is None:
            continue
        parts.append(Paragraph(item.text or "（記録なし）"))
        if item.opinions:
            parts.append(Remarks("書面で届いた意見", list(item.opinions)))
        if item.decisions:
            heads = [Head("決めたこと"), Head("担当"), Head("期限")]
            parts.append(Grid("決定・宿題", heads, [list(one) for one in item.decisions]))
        if item.corrections:
            heads = [Head("訂正した日"), Head("誤った記載"), Head("正しい記載"), Head("理由")]
            parts.append(Grid("確定したあとの訂正", heads, [list(one) for one in item.corrections]))
    if meeting.hidden:
        parts.append(Paragraph(HIDDEN, quiet=True))
    return Paper(
        f"{meeting.title} 議事録", parts, subtitle=meeting.body, mark=meeting.state, foot=meeting.audience.label
    )
