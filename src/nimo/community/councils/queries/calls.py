"""Who was asked to a meeting, and what they answered: for the secretariat, and as a list for those who may see names."""

from __future__ import annotations

from nimo.community.councils.choices.meetings import Attendance, Reply
from nimo.community.councils.models.meetings import Attendee, Meeting
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table


def people_asked(meeting: Meeting) -> list[Attendee]:
    return list(Attendee.objects.filter(meeting=meeting).order_by("position", "pk"))


def call_initial(meeting: Meeting) -> dict[str, object]:
    names = ("version", "answer_by", "document_number", "message")
    return {name: getattr(meeting, name) for name in names}


def people_table(meeting: Meeting, *, keeper: bool) -> Table:
    """support and ふりがな are the secretariat's to know."""
    rows: list[Row] = []
    for one in people_asked(meeting):
        helps = [one.support] if one.support else []
        helps += ["ふりがな付きの資料"] if one.furigana else []
        rows.append(
            {
                "name": Cell(one.name, note=one.affiliation or None),
                "standing": one.get_standing_display(),
                "reply": one.get_reply_display()
                + (f"（{one.proxy_name}）" if one.reply == Reply.PROXY and one.proxy_name else ""),
                "came": None if one.attendance == Attendance.UNRECORDED else one.get_attendance_display(),
                "support": "、".join(helps) or None if keeper else None,
            }
        )
    columns = [
        Column("name", "氏名", is_row_header=True),
        Column("standing", "立場"),
        Column("reply", "出欠の回答"),
        Column("came", "当日"),
    ]
    return Table("people", "招集した人", [*columns, Column("support", "必要な支え")] if keeper else columns, rows)
