"""Documents of a meeting as bytes, and the page of its minutes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from nimo.community.councils.choices.meetings import MeetingState, MeetingWay, MinutesState
from nimo.community.councils.formats import documents as papers
from nimo.community.councils.formats.calendar import CalendarMeeting, write_calendar
from nimo.community.councils.formats.contents import pack
from nimo.community.councils.formats.documents import MeetingLines
from nimo.community.councils.formats.word import write_word
from nimo.community.councils.models.meetings import Meeting, Paper
from nimo.community.councils.models.minutes import Minutes
from nimo.community.councils.policies.bodies import manages
from nimo.community.councils.policies.meetings import audience_of, levels_open_to
from nimo.community.councils.queries.renditions import lines_of, minutes_of
from nimo.community.councils.rules.renditions import Audience
from nimo.core.eras import to_wareki
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.files.queries import open_stored
from nimo.foundation.papers.formats.typesetting import UnableToTypeset, typeset

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {
    "agenda": "次第（Word）",
    "agenda-furigana": "次第・ふりがな付き（Word）",
    "roster": "名簿（Word）",
    "call": "招集通知と回答票（Word）",
    "minutes": "議事録（Word）",
    "calendar": "予定表に入れるファイル（iCalendar）",
    "pack": "会議の資料ひとまとめ（PDF）",
}
_FOR_SECRETARIAT = {"call"}
_FOR_MEMBERS = {"roster", "pack"}


@dataclass(frozen=True, slots=True)
class Made:
    """names: does it name the members? Then the look is recorded before it is handed out."""

    name: str
    content: bytes
    content_type: str
    names: bool = False

    @property
    def quoted_name(self) -> str:
        return quote(self.name)


@dataclass(frozen=True, slots=True)
class MinutesPage:
    lines: MeetingLines | None
    """None: nothing may be shown yet (a draft, for others than the secretariat)."""
    minutes: Minutes | None
    manages: bool
    audience: Audience
    public_href: bool


def may_read(actor: Actor, meeting: Meeting) -> bool:
    """Drafts are the secretariat's; approved minutes are read in the reader's own rendition."""
    minutes = minutes_of(meeting)
    return manages(actor, meeting.body) or (minutes is not None and minutes.state == MinutesState.APPROVED)


def minutes_page(actor: Actor, meeting: Meeting, audience: Audience) -> MinutesPage:
    minutes = minutes_of(meeting)
    return MinutesPage(
        lines_of(meeting, audience) if may_read(actor, meeting) else None,
        minutes,
        manages(actor, meeting.body),
        audience,
        minutes is not None and minutes.published_at is not None,
    )


def public_lines(meeting: Meeting) -> MeetingLines:
    return lines_of(meeting, Audience.PUBLIC)


def public_file(meeting: Meeting) -> Made:
    return Made(f"{meeting.title}議事録.docx", write_word(papers.minutes_paper(public_lines(meeting))), WORD)


def kinds_for(actor: Actor, meeting: Meeting) -> list[tuple[str, str]]:
    """(kind, label) of what this actor may take."""
    audience = audience_of(actor, meeting.body)
    found = [
        (kind, label)
        for kind, label in KINDS.items()
        if (kind not in _FOR_SECRETARIAT or audience is Audience.SECRETARIAT)
        and (kind not in _FOR_MEMBERS or audience >= Audience.MEMBERS)
        and (kind != "minutes" or may_read(actor, meeting))
        and (kind != "calendar" or meeting.held_on or meeting.answer_by)
    ]
    return found if audience >= Audience.MEMBERS else [one for one in found if one[0] != "agenda-furigana"]


def document(actor: Actor, meeting: Meeting, kind: str) -> Made:
    """One document in the actor's rendition. NotVisible: there is none, or not for this actor.

    Raises UnableToPack.
    """
    if kind not in dict(kinds_for(actor, meeting)):
        raise NotVisible("この書類はありません。")
    audience = audience_of(actor, meeting.body)
    if kind == "calendar":
        return Made(f"{meeting.title}.ics", calendar_of(meeting), "text/calendar; charset=utf-8")
    if kind == "minutes":
        lines = lines_of(meeting, audience)
        content = write_word(papers.minutes_paper(lines))
        return Made(f"{meeting.title}議事録.docx", content, WORD, names=bool(lines.people))
    # what is sent out is for the members: nothing of the secretariat's own stands on it
    lines = lines_of(meeting, min(audience, Audience.MEMBERS), with_minutes=False)
    if kind == "roster":
        return Made(f"{meeting.title}名簿.docx", write_word(papers.roster_paper(lines)), WORD, names=bool(lines.people))
    if kind == "call":
        return Made(f"{meeting.title}招集通知.docx", write_word(_call(meeting, lines)), WORD)
    if kind == "pack":
        return Made(
            f"{meeting.title}資料.pdf", _pack(actor, meeting, lines), "application/pdf", names=bool(lines.people)
        )
    readings = lines.readings if kind == "agenda-furigana" else {}
    return Made(f"{meeting.title}次第.docx", write_word(papers.agenda_paper(lines), readings), WORD)


def _call(meeting: Meeting, lines: MeetingLines) -> papers.Paper:
    return papers.call_paper(
        lines,
        number=meeting.document_number,
        day=to_wareki(meeting.called_on) if meeting.called_on else "",
        sender=meeting.body.secretariat or meeting.body.organisation.name,
        message=meeting.message,
        answer_by=to_wareki(meeting.answer_by) if meeting.answer_by else "",
    )


def calendar_of(meeting: Meeting) -> bytes:
    written = meeting.way == MeetingWay.WRITTEN
    day = meeting.answer_by if written and meeting.answer_by else meeting.held_on or meeting.answer_by
    assert day is not None
    return write_calendar(
        CalendarMeeting(
            meeting.pk,
            f"{meeting.body.name} {meeting.title}",
            day,
            meeting.starts_at,
            meeting.ends_at,
            meeting.place,
            meeting.version,
            meeting.created_at,
            deadline=written,
            cancelled=meeting.state == MeetingState.CANCELLED,
        )
    )


class UnableToPack(Exception):
    """No document was made; str() is the sentence for the user."""


def _pack(actor: Actor, meeting: Meeting, lines: MeetingLines) -> bytes:
    """次第, 名簿, then every paper for members that is a PDF; what is no PDF is named on the first page only."""
    levels = levels_open_to(lines.audience)
    found = list(
        Paper.objects.filter(
            item__meeting=meeting,
            item__confidentiality__in=levels,
            confidentiality__in=levels,
            replaced_at__isnull=True,
            file__content_type="application/pdf",
        ).order_by("item__position", "title")
    )
    try:
        own = [typeset(papers.agenda_paper(lines)).pdf, typeset(papers.roster_paper(lines)).pdf]
        return pack([*own, *(_content(actor, paper.file_id) for paper in found)])
    except UnableToTypeset as refusal:
        raise UnableToPack(str(refusal)) from refusal
    except ValueError as broken:
        title = found[int(str(broken)) - 2].title
        raise UnableToPack(
            f"資料「{title}」をPDFとして開けないため、ひとまとめにできませんでした（パスワード付きのPDFはまとめられません）。"
            "登録した資料はそのままです。開けるPDFを加え直してください。"
        ) from broken


def _content(actor: Actor, file_id: UUID) -> bytes:
    with open_stored(actor, file_id) as stored:
        return stored.read()
