"""The Excel form of a body outside nimo: out, filled in, back, read, confirmed; and everything that does not belong."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from nimo.community.reports.choices import AnswerWay, PacketState, Standing
from nimo.community.reports.models.collections import CollectionPacket
from nimo.community.reports.queries.standing import standings_of
from nimo.community.reports.services.collections import Asking, begin_collection, move_collection
from nimo.community.reports.services.packets import UnableToPack, make_packet, take_back
from nimo.community.sheets.models.imports import SheetUpload
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import CITY as TOWN
from nimo.community.sheets.tests.support import TEXT
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.files.policies import may_download
from nimo.foundation.files.queries import open_stored
from tests.support.people import NOW, SYSTEM, actor_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
OTHER, PREFECTURE = "10201", "10000"
ASKING = Asking("架空のお願い", date(2026, 12, 10))


@pytest.fixture
def prefecture():
    return actor_of(Role.PREFECTURE_OFFICER, PREFECTURE)


@pytest.fixture
def asked(prefecture):
    upload = upload_sheet(actor=SYSTEM, content=TEXT.encode(), name="前の年度.txt")
    draft = read_upload(actor=SYSTEM, upload_id=upload.pk).drafts.get()
    confirm_draft(actor=SYSTEM, draft_id=draft.pk, version=draft.version)
    made = begin_collection(actor=prefecture, fiscal_year=2026, asking=ASKING, region_codes=[TOWN, OTHER])
    return move_collection(actor=prefecture, collection_id=made.pk, version=made.version, move="open")


def content_of(actor, packet: CollectionPacket) -> bytes:
    with open_stored(actor=actor, file_id=packet.file_id) as file:
        return file.read()


def filled(form: bytes, words: str = "架空の新しい強み") -> bytes:
    """As somebody outside would: a sentence typed over last year's in the cells of the form."""
    book = load_workbook(io.BytesIO(form))
    sheet = book.worksheets[0]
    for row in sheet.iter_rows():
        texts = [str(cell.value or "") for cell in row]
        if "架空の強みの文" in "".join(texts):
            cell = next(cell for cell in row if "架空の強みの文" in str(cell.value or ""))
            cell.value = words
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def at(actor, days):
    return type(actor)(
        **{**{name: getattr(actor, name) for name in actor.__slots__}, "now": NOW + timedelta(days=days)}
    )


def test_the_form_carries_last_years_sentences_and_reads_back(prefecture, asked):
    target = asked.targets.get(region_id=TOWN)
    packet = make_packet(actor=prefecture, target_id=target.pk)
    target.refresh_from_db()
    assert target.way == AnswerWay.WORKBOOK
    assert [one.standing for one in standings_of(asked) if one.target.pk == target.pk] == [Standing.WORKBOOK_OUT]
    back = take_back(actor=prefecture, target_id=target.pk, content=filled(content_of(prefecture, packet)))
    assert back.state == PacketState.BACK
    upload = read_upload(actor=prefecture, upload_id=back.upload_id)
    draft = upload.drafts.get()
    assert (draft.region_id, draft.fiscal_year) == (TOWN, 2026)
    assert "架空の新しい強み" in str(draft.content["strengths"])
    assert draft.content["unassigned"] == []
    assert [one.standing for one in standings_of(asked) if one.target.pk == target.pk] == [Standing.WORKBOOK_BACK]
    confirm_draft(actor=prefecture, draft_id=draft.pk, version=draft.version)
    assert [one.standing for one in standings_of(asked) if one.target.pk == target.pk] == [Standing.DONE]


def test_a_form_of_another_body_is_refused_and_nothing_is_taken_in(prefecture, asked):
    packet = make_packet(actor=prefecture, target_id=asked.targets.get(region_id=TOWN).pk)
    before = SheetUpload.objects.count()
    with pytest.raises(UnableToPack, match="前橋市にお渡ししたものではありません"):
        take_back(
            actor=prefecture,
            target_id=asked.targets.get(region_id=OTHER).pk,
            content=content_of(prefecture, packet),
        )
    assert SheetUpload.objects.count() == before


def test_a_form_that_was_made_anew_counts_no_more(prefecture, asked):
    target = asked.targets.get(region_id=TOWN)
    old = content_of(prefecture, make_packet(actor=prefecture, target_id=target.pk))
    make_packet(actor=prefecture, target_id=target.pk)
    with pytest.raises(UnableToPack, match="新しい用紙を作っています"):
        take_back(actor=prefecture, target_id=target.pk, content=old)


@pytest.mark.parametrize("content", [b"no workbook", b""])
def test_what_is_no_form_is_refused(prefecture, asked, content):
    target = asked.targets.get(region_id=TOWN)
    make_packet(actor=prefecture, target_id=target.pk)
    with pytest.raises(UnableToPack, match="何も取り込んでいません"):
        take_back(actor=prefecture, target_id=target.pk, content=content)


def test_a_form_after_the_date_is_taken_and_marked(prefecture, asked):
    target = asked.targets.get(region_id=TOWN)
    packet = make_packet(actor=prefecture, target_id=target.pk)
    back = take_back(actor=at(prefecture, 60), target_id=target.pk, content=filled(content_of(prefecture, packet)))
    assert back.late


def test_a_form_of_a_closed_round_waits_for_it_to_be_opened_again(prefecture, asked):
    target = asked.targets.get(region_id=TOWN)
    content = content_of(prefecture, make_packet(actor=prefecture, target_id=target.pk))
    move_collection(actor=prefecture, collection_id=asked.pk, version=asked.version, move="close")
    with pytest.raises(UnableToPack, match="開き直してから"):
        take_back(actor=prefecture, target_id=target.pk, content=content)


def test_the_nation_takes_in_what_its_prefectures_send():
    nation = actor_of(Role.NATIONAL_SECRETARIAT, "00000")
    made = begin_collection(actor=nation, fiscal_year=2026, asking=ASKING, region_codes=["10000"])
    made = move_collection(actor=nation, collection_id=made.pk, version=made.version, move="open")
    target = made.targets.get()
    packet = make_packet(actor=nation, target_id=target.pk)
    back = take_back(actor=nation, target_id=target.pk, content=content_of(nation, packet))
    draft = read_upload(actor=nation, upload_id=back.upload_id).drafts.get()
    assert draft.region_id == "10000"


def test_only_the_organisation_that_asks_may_fetch_the_form(prefecture, asked):
    packet = make_packet(actor=prefecture, target_id=asked.targets.get(region_id=TOWN).pk)
    assert may_download(prefecture, packet.file)
    for role, region in ((Role.PREFECTURE_OFFICER, "11000"), (Role.MUNICIPAL_OFFICER, OTHER)):
        assert not may_download(actor_of(role, region), packet.file)
    with pytest.raises(NotVisible):
        make_packet(actor=actor_of(Role.MUNICIPAL_OFFICER, TOWN), target_id=asked.targets.get(region_id=TOWN).pk)
