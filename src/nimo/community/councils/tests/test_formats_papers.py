"""Word, calendar and packed PDF: clean, deterministic, readable; nobody's category beside a name."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time
from uuid import UUID

import pypdfium2
import pytest
from docx import Document
from icalendar import Calendar

from nimo.community.councils.formats.calendar import CalendarMeeting, write_calendar
from nimo.community.councils.formats.contents import pack, words_of
from nimo.community.councils.formats.documents import (
    ItemLines,
    MeetingLines,
    PersonLine,
    agenda_paper,
    call_paper,
    minutes_paper,
    roster,
)
from nimo.community.councils.formats.word import write_word
from nimo.community.councils.rules.renditions import Audience
from nimo.foundation.papers.formats.typesetting import typeset

PEOPLE = [
    PersonLine("館野 一郎", "架空市 課長", "構成員", "出席"),
    PersonLine("明和 春香", "架空の会 委員", "構成員", "出席"),
]


def _meeting(**more) -> MeetingLines:
    items = [
        ItemLines(
            1, "住まい", "目的の文", "事務局", ["資料1"], "話し合った。\n続きの文。", [("調べる", "課長", "R9.3.31")]
        ),
        ItemLines(2, None),
    ]
    given = {"people": PEOPLE, "facts": [("開催日", "令和8年11月2日")], "items": items} | more
    return MeetingLines("架空市協議の場", "第1回", Audience.MEMBERS, **given)


def test_a_word_file_is_the_same_bytes_and_says_nothing_of_its_maker():
    paper = minutes_paper(_meeting())
    first = write_word(paper)
    assert write_word(paper) == first
    properties = Document(io.BytesIO(first)).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "第1回 議事録"
    core = zipfile.ZipFile(io.BytesIO(first)).read("docProps/core.xml").decode()
    assert "python-docx" not in core
    assert "2013" not in core


def test_a_word_file_holds_what_the_paper_says():
    text = words_of(write_word(minutes_paper(_meeting())))
    for words in ("住まい", "話し合った。", "続きの文。", "調べる", "館野 一郎", "（公開しない議題）"):
        assert words in text


def test_readings_become_ruby_once_a_paragraph():
    paper = agenda_paper(_meeting(items=[ItemLines(1, "協議の場と協議の場")]))
    xml = (
        zipfile.ZipFile(io.BytesIO(write_word(paper, {"協議の場": "きょうぎのば"}))).read("word/document.xml").decode()
    )
    assert xml.count("<w:ruby>") == 2  # the heading of the body, and the item
    assert "きょうぎのば" in xml
    plain = zipfile.ZipFile(io.BytesIO(write_word(paper))).read("word/document.xml").decode()
    assert "<w:ruby>" not in plain


def test_a_word_that_tells_takes_the_whole_column_away():
    telling = [*PEOPLE, PersonLine("架空 家子", "家族会 会長", "構成員")]
    assert "所属・職" not in [head.text for head in roster(telling, with_attendance=False).heads]
    assert "家族会" not in repr(roster(telling, with_attendance=False))
    chosen = [*PEOPLE, PersonLine("架空 家子", "家族会 会長", "構成員", chosen=True)]
    assert "家族会" in repr(roster(chosen, with_attendance=False))


def test_a_call_has_a_slip_to_send_back():
    paper = call_paper(
        _meeting(), number="架空第1号", day="令和8年10月1日", sender="架空市長", message="", answer_by="10月20日"
    )
    text = words_of(write_word(paper))
    for words in ("架空第1号", "回答票", "代理が出席", "10月20日までに"):
        assert words in text


_EVENT = CalendarMeeting(
    UUID(int=7),
    "架空市協議の場",
    date(2026, 11, 2),
    time(13, 30),
    time(15, 0),
    "市役所",
    3,
    datetime(2026, 10, 1, tzinfo=UTC),
)


def test_a_calendar_says_when_and_where_and_nobody():
    content = write_calendar(_EVENT)
    assert write_calendar(_EVENT) == content
    event = next(iter(Calendar.from_ical(content).walk("VEVENT")))
    assert event["dtstart"].dt == datetime(2026, 11, 2, 4, 30, tzinfo=UTC)
    assert event["dtend"].dt == datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
    assert event["location"] == "市役所"
    assert "ATTENDEE" not in content.decode()
    assert "ORGANIZER" not in content.decode()


def test_papers_become_one_pdf():
    one, two = typeset(agenda_paper(_meeting())).pdf, typeset(minutes_paper(_meeting())).pdf
    whole = pypdfium2.PdfDocument(pack([one, two]))
    assert len(whole) == 2
    assert "話し合った" in whole[1].get_textpage().get_text_bounded()
    with pytest.raises(ValueError, match="1"):
        pack([one, b"no pdf"])


def test_words_of_unreadable_files_are_unknown():
    assert words_of(b"\xff\xfe\x00picture") is None
    assert words_of(b"%PDF-broken") is None
    assert words_of("山田太郎".encode()) == "山田太郎"
