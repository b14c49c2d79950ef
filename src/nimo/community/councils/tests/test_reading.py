"""Every page and paper that names a member leaves one look in the audit, and the look names nobody (house.md §5)."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pdfplumber
import pytest
from django.http import HttpResponse

from nimo.community.councils.models.meetings import Attendee
from nimo.community.councils.models.posts import Participant
from nimo.community.councils.services.calls import call_meeting
from nimo.community.councils.services.meetings import MeetingFacts, plan_meeting
from nimo.community.councils.services.reading import READ_NAMES
from nimo.community.councils.tests.meeting_support import body_of, meeting_world, seat_five
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.audit.models import Entry
from tests.journeys.people import signed_in
from tests.leaks.walk import addresses
from tests.support.people import NOW, load_places, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
KINDS = ("agenda", "agenda-furigana", "roster", "call", "minutes", "calendar", "pack")


def _said(answer: HttpResponse) -> str:
    """All the text of a page, a .docx or a PDF."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            return re.sub(
                r"<[^>]+>", "", "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
            )
    if body.startswith(b"%PDF"):
        with pdfplumber.open(io.BytesIO(body)) as opened:
            return "".join(page.extract_text() or "" for page in opened.pages)
    return body.decode("utf-8", "replace")


def _names_in(text: str) -> bool:
    """Every person the councils know: a look at another body's members is a look as well."""
    plain = re.sub(r"\s", "", text)
    names = {*Participant.objects.values_list("name", flat=True), *Attendee.objects.values_list("name", flat=True)}
    return any(re.sub(r"\s", "", name) in plain for name in names)


@pytest.fixture
def office(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    load_places()
    user = user_of(Role.MUNICIPAL_OFFICER, "10207")
    actor = actor_for_user(user, NOW)
    body = body_of(actor)
    seat_five(body)
    known = meeting_world(actor, body)
    facts = MeetingFacts(held_on=date(2026, 12, 1))
    planned = plan_meeting(actor=actor, body_id=body.pk, facts=facts)
    call_meeting(actor=actor, meeting_id=planned.pk, version=planned.version, answer_by=None)
    known["meeting_id"] = planned.pk
    return actor, signed_in(user), known


def _looks() -> int:
    return Entry.objects.filter(verb=READ_NAMES).count()


def test_a_look_at_names_is_in_the_audit_once_and_every_other_page_leaves_none(office):
    _, client, known = office
    paths = [path for path in addresses() if path.startswith("/councils/")]
    paths += [f"/councils/meetings/{known['meeting_id']}/documents/{kind}/" for kind in KINDS]
    named, wrong = 0, []
    for path in paths:
        before = _looks()
        answer = client.get(path)
        shown = answer.status_code == 200 and _names_in(_said(answer))
        named += shown
        if _looks() - before != int(shown):
            wrong.append(f"{path}: {'names' if shown else 'no names'}, {_looks() - before} looks")
    assert not wrong, "\n".join(wrong)
    assert named > 6


def test_the_look_itself_names_nobody(office):
    _, client, known = office
    client.get(f"/councils/meetings/{known['meeting_id']}/")
    entry = Entry.objects.filter(verb=READ_NAMES).latest("pk")
    assert not _names_in(str(entry.__dict__))
