"""What the work leaves behind: logs, audit, jobs, notices, sessions, addresses and names on disk hold no word of it.

Only the tables of the sheets and the name of the stored file may: both are reached through their own policies.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nimo.community.sheets.models.imports import SheetDraft
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.services import reading
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry
from nimo.foundation.jobs.models import Job
from nimo.foundation.notices.models import Notice
from tests.journeys.people import signed_in
from tests.leaks.sheets import FILE_MARK, MARKER, PREFECTURE, marked_city, text_of
from tests.support.people import user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
MAY_HOLD_IT = {"sheets.SheetUpload", "sheets.SheetDraft", "sheets.Sheet", "sheets.SheetSection", "files.StoredFile"}
TYPED = "QZXWW"


class Desk:
    """A person at work, every address and answer kept."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.addresses: list[str] = []

    def get(self, path: str):
        return self._kept(path, self.client.get(path))

    def post(self, path: str, given: dict[str, object]):
        return self._kept(path, self.client.post(path, given))

    def _kept(self, path: str, answer):
        self.addresses += [path, answer.headers.get("Location", "")]
        if answer.headers["Content-Type"].startswith("text/html"):
            self.addresses += re.findall(r'(?:href|src|action|hx-[a-z]+)="([^"]*)"', answer.content.decode())
        return answer


@pytest.fixture
def day_of_work(caplog, monkeypatch, django_capture_on_commit_callbacks) -> Desk:
    """Everything that can be done with a sheet, what is refused and what breaks included; the logs listen to all."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="django.request")
    desk = Desk(signed_in(user_of(Role.PREFECTURE_MANAGER, PREFECTURE)))
    other = Desk(signed_in(user_of(Role.MUNICIPAL_OFFICER, "10201")))

    def bring(content: bytes) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            desk.post("/sheets/new/", {"file": SimpleUploadedFile(f"{FILE_MARK}.txt", content)})

    bring(text_of(marked_city()))
    draft = SheetDraft.objects.get()
    here = f"/sheets/drafts/{draft.pk}/"
    form = desk.get(here).context["form"]
    values = {name: form.initial.get(name, "") for name in form.fields}
    assert desk.post(here, {**values, "strengths": TYPED, "basic_info.population": TYPED}).status_code == 422
    assert desk.post(here, {**values, "strengths": TYPED, "add_row": "councils"}).status_code == 302
    assert desk.post(here, {**values, "strengths": TYPED}).status_code == 422, "an old version"
    other.post(here, {**values, "strengths": TYPED})
    draft.refresh_from_db()
    for action in ("discard", "restore"):
        desk.post(f"{here}{action}/", {"version": draft.version})
        draft.refresh_from_db()
    assert desk.post(f"{here}confirm/", {"version": draft.version}).status_code == 302
    sheet = Sheet.objects.get()
    bring(text_of(marked_city()))
    again = SheetDraft.objects.exclude(pk=draft.pk).get()
    assert desk.post(f"/sheets/drafts/{again.pk}/confirm/", {"version": again.version}).status_code == 422
    bring(f"献立表 {TYPED}".encode())

    def breaks(*_, **__):
        raise RuntimeError(TYPED)

    with monkeypatch.context() as broken:
        broken.setattr(reading, "read_file", breaks)
        bring(text_of(marked_city()))
    there = f"/sheets/{sheet.pk}/"
    desk.post(f"{there}publish/", {"sections": ["strengths", "basic_info"]})
    desk.post(f"{there}publish/", {"sections": ["strengths"], "withdraw": "1"})
    for path in (
        "/home/",
        "/sheets/",
        here,
        there,
        "/jobs/",
        "/notices/",
        "/regions/10207/",
        "/regions/10207/sheets/2024/",
    ):
        desk.get(path)
    desk.post(f"{there}undo/", {"reason": "別の年度のファイルだった"})
    desk.addresses += other.addresses
    return desk


def rows() -> Iterator[tuple[str, str]]:
    """Every row of every table that has no business with the words of a sheet."""
    for model in apps.get_models():
        name = model._meta.label
        if model._meta.managed and name not in MAY_HOLD_IT:
            for row in model._default_manager.values():
                yield name, str(row)
    for session in Session.objects.all():
        yield "session", str(session.get_decoded())


def test_no_row_log_address_or_name_on_disk_holds_a_word_of_a_sheet(day_of_work, caplog, settings):
    assert Entry.objects.filter(verb__startswith="sheets.").count() >= 8
    assert Job.objects.count() >= 4
    assert Notice.objects.count() >= 4
    in_rows = {name: MARKER.findall(text) for name, text in rows() if MARKER.search(text)}
    assert not in_rows, f"words of the sheet stand in {in_rows}"

    records = caplog.get_records("setup")
    assert any("RuntimeError" in record.getMessage() for record in records), "the broken reading is in the log"
    in_logs = [f"{r.name}: {r.getMessage()[:200]}" for r in records if MARKER.search(f"{r.getMessage()}{r.exc_text}")]
    assert not in_logs, "\n".join(in_logs[:5])

    assert len(day_of_work.addresses) > 200
    assert not [address for address in day_of_work.addresses if MARKER.search(address)]

    names = [str(path) for path in settings.STORED_FILES_DIR.rglob("*")]
    assert names
    assert not [name for name in names if MARKER.search(name)]
