"""Stored once, found again, handed out through the owner's policy only; a broken storage is noticed."""

from __future__ import annotations

import io
import os
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone as clock

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.access.rules import ALLOWED, refused
from nimo.foundation.audit.models import Entry
from nimo.foundation.files import policies, services
from nimo.foundation.files.formats import blobs, kinds
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.queries import UnableToOpen, open_stored
from nimo.foundation.jobs.tests.support import NOW, SYSTEM, official, organisation

pytestmark = pytest.mark.django_db(databases=["default", "side"])
PURPOSE = "test.source"
PDF = b"%PDF-1.7\nsome pages"


@policies.owner(PURPOSE)
def may_download_test_source(actor: Actor, file: StoredFile):
    """The policy of an owning app: whoever may download files in the file's region."""
    allowed = actor.may(Permission.DOWNLOAD_FILE, region_code=file.region_code)
    return ALLOWED if allowed else refused("ほかの地域のファイルです。")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path / "files"
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    return settings.STORED_FILES_DIR


def stored(content=PDF, *, actor=SYSTEM, name="シート.pdf", purpose=PURPOSE, region_code="10205", **more) -> StoredFile:
    return services.store(actor=actor, content=content, name=name, purpose=purpose, region_code=region_code, **more)


def blobs_in(folder) -> list[str]:
    return [path.name for path in folder.glob("??/??/*")]


class TestStoring:
    def test_gives_back_what_was_stored(self):
        file = stored()
        with open_stored(SYSTEM, file.pk) as content:
            assert content.read() == PDF
        assert (file.size, file.content_type, file.name_fits) == (len(PDF), "application/pdf", True)

    @pytest.mark.parametrize(
        "content", [PDF, io.BytesIO(PDF), SimpleUploadedFile("シート.pdf", PDF)], ids=["bytes", "file", "upload"]
    )
    def test_takes_bytes_files_and_uploads(self, content):
        assert stored(content).size == len(PDF)

    def test_reads_an_upload_from_its_beginning(self):
        content = io.BytesIO(PDF)
        content.read(5)
        assert stored(content).size == len(PDF)

    def test_keeps_the_same_content_once(self, folder):
        one, other = stored(name="一つ目.pdf"), stored(name="二つ目.pdf")
        assert one.digest == other.digest
        assert blobs_in(folder) == [one.digest]
        assert {one.name, other.name} == {"一つ目.pdf", "二つ目.pdf"}

    def test_names_the_blob_by_a_keyed_hash_never_by_the_file(self, folder, settings):
        before = stored(name="../../秘密.pdf")
        assert before.name == "秘密.pdf"
        assert [path.name for path in folder.rglob("*") if path.is_file()] == [before.digest]
        settings.FILE_KEY = "another key"
        assert stored().digest != before.digest

    def test_notes_that_name_and_content_disagree(self):
        file = stored(b"PK\x03\x04 not really", name="シート.pptx", content_type="application/vnd.ms-powerpoint")
        assert (file.content_type, file.name_fits) == ("application/zip", False)

    def test_refuses_an_empty_file(self, folder):
        with pytest.raises(services.UnableToStore, match="空"):
            stored(b"")
        assert not StoredFile.objects.exists()

    def test_refuses_what_is_larger_than_the_limit_and_keeps_nothing(self, folder, settings):
        settings.NIMO_UPLOAD_LIMIT_BYTES = 1024 * 1024
        with pytest.raises(services.UnableToStore, match="1 MB を超える"):
            stored(io.BytesIO(b"x" * (1024 * 1024 + 1)))
        assert [path for path in folder.rglob("*") if path.is_file()] == []
        assert stored(b"x" * 1024 * 1024).size == 1024 * 1024

    def test_refuses_a_kind_that_is_not_welcome(self):
        with pytest.raises(services.UnableToStore, match="中身はPDFのため、"):
            stored(name="シート.pptx", accept=[kinds.PPTX, kinds.XLSX])
        assert not StoredFile.objects.exists()

    def test_a_rollback_leaves_no_row_and_at_most_an_orphan(self, folder):
        with transaction.atomic():
            stored()
            transaction.set_rollback(True)
        assert not StoredFile.objects.exists()
        assert len(blobs_in(folder)) == 1

    def test_keeps_whose_it_is(self):
        user, actor = official()
        file = stored(actor=actor)
        assert (file.stored_by_id, file.stored_by_name) == (user.pk, user.name)
        assert file.organisation_id == actor.organisation.organisation_id

    def test_a_write_that_is_cut_leaves_nothing_half(self, folder, monkeypatch):
        def broken(descriptor):
            raise OSError("no space left")

        monkeypatch.setattr(blobs.os, "fsync", broken)
        with pytest.raises(OSError, match="no space"):
            stored()
        assert [path for path in folder.rglob("*") if path.is_file()] == []

    def test_only_the_owner_may_read_the_folder(self, folder):
        file = stored()
        path = folder / file.digest[:2] / file.digest[2:4] / file.digest
        assert oct(path.stat().st_mode & 0o777) == "0o600"
        assert oct(path.parent.stat().st_mode & 0o777) == "0o700"


class TestPolicy:
    def test_the_owner_decides(self):
        file = stored()
        _, near = official()
        _, far = official(at=organisation("別の市", "11203"))
        open_stored(near, file.pk).close()
        with pytest.raises(policies.FileNotAvailable):
            open_stored(far, file.pk)

    def test_a_purpose_nobody_owns_opens_to_nobody(self):
        file = stored(purpose="gone.source")
        assert not policies.may_download(SYSTEM, file)
        with pytest.raises(policies.FileNotAvailable):
            open_stored(SYSTEM, file.pk)

    def test_two_policies_for_one_purpose_are_a_mistake(self):
        with pytest.raises(ValueError, match="two policies"):
            policies.owner(PURPOSE)(lambda actor, file: ALLOWED)
        policies.owner(PURPOSE)(may_download_test_source)

    @pytest.mark.parametrize("purpose", ["sheets", "Sheets.source", "sheets/source", ""])
    def test_a_purpose_reads_app_noun(self, purpose):
        with pytest.raises(ValueError):
            stored(purpose=purpose)

    @pytest.mark.parametrize("digest", ["../../etc/passwd", "", "0" * 63, "G" * 64])
    def test_a_path_never_comes_from_outside(self, digest, folder):
        with pytest.raises(ValueError):
            blobs.BlobStore(folder, "key").path(digest)


class TestDownload:
    def get(self, client, file_id):
        return client.get(reverse("files:file_download", args=[file_id]))

    def test_hands_the_file_out_under_its_name_and_audits_it(self, client):
        user, _ = official()
        client.force_login(user)
        file = stored(name="太田市 情報シート.pdf")
        answer = self.get(client, file.pk)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"].startswith("attachment;")
        assert "%E5%A4%AA%E7%94%B0%E5%B8%82" in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        entry = Entry.objects.get(verb="files.hand_out")
        assert (entry.target_id, entry.actor_id) == (str(file.pk), str(user.pk))

    def test_never_calls_a_page_a_page(self, client):
        user, _ = official()
        client.force_login(user)
        answer = self.get(client, stored(b"<!doctype html><script>alert(1)</script>", name="a.html").pk)
        assert answer["Content-Type"] == "application/octet-stream"

    def test_hides_that_the_file_of_another_region_exists(self, client):
        user, _ = official(at=organisation("別の市", "11203"))
        client.force_login(user)
        assert self.get(client, stored().pk).status_code == 404
        assert self.get(client, uuid4()).status_code == 404
        assert not Entry.objects.filter(verb="files.hand_out").exists()

    def test_is_for_those_with_the_permission(self, client):
        user, _ = official(role=Role.HOSPITAL_WORKER)
        client.force_login(user)
        assert self.get(client, stored().pk).status_code == 403

    def test_sends_visitors_to_the_login(self, client):
        assert self.get(client, stored().pk).status_code == 302

    def test_says_when_the_content_has_gone(self, client, folder):
        user, actor = official()
        client.force_login(user)
        file = stored()
        (folder / file.digest[:2] / file.digest[2:4] / file.digest).unlink()
        assert self.get(client, file.pk).status_code == 302
        with pytest.raises(UnableToOpen, match="バックアップ"):
            services.hand_out(actor=actor, file_id=file.pk)

    def test_hands_nothing_out_that_cannot_be_audited(self, client, monkeypatch):
        _, actor = official()
        file = stored()

        def broken(*args, **kwargs):
            raise RuntimeError("the audit is away")

        monkeypatch.setattr(services, "record", broken)
        with pytest.raises(RuntimeError):
            services.hand_out(actor=actor, file_id=file.pk)


class TestLookingThrough:
    def later(self) -> datetime:
        return clock.now() + timedelta(days=2)

    def test_finds_nothing_wrong_where_nothing_is(self):
        stored()
        report = services.look_through(now=self.later(), read_contents=True)
        assert (report.files, report.sound, report.orphans, report.unowned) == (1, True, (), ())

    def test_finds_what_is_missing_and_what_was_changed(self, folder):
        gone, changed = stored(b"gone"), stored(b"changed")
        (folder / gone.digest[:2] / gone.digest[2:4] / gone.digest).unlink()
        (folder / changed.digest[:2] / changed.digest[2:4] / changed.digest).write_bytes(b"other")
        report = services.look_through(now=self.later(), read_contents=True)
        assert (report.missing, report.changed) == ((gone.pk,), (changed.pk,))
        with pytest.raises(CommandError, match="バックアップ"):
            call_command("files_check", stdout=io.StringIO())

    def test_an_orphan_is_swept_only_after_a_day(self, folder):
        with transaction.atomic():
            stored(b"orphan")
            transaction.set_rollback(True)
        kept = stored(b"kept")
        assert services.orphans(now=clock.now()) == ()
        assert len(services.orphans(now=self.later())) == 1
        assert services.sweep(actor=Actor.system("試験", now=self.later())) == 1
        assert blobs_in(folder) == [kept.digest]
        assert Entry.objects.filter(verb="files.sweep").count() == 1

    def test_storing_an_old_orphan_again_saves_it_from_the_sweep(self, folder):
        with transaction.atomic():
            file = stored(b"again")
            transaction.set_rollback(True)
        path = folder / file.digest[:2] / file.digest[2:4] / file.digest
        os.utime(path, (0, 0))
        stored(b"again")
        assert path.stat().st_mtime > 1_000_000
        assert services.sweep(actor=Actor.system("試験", now=NOW)) == 0
        assert path.exists()

    def test_removes_what_a_crash_left_half_written(self, folder):
        stored()
        (folder / "incoming" / "tmpabc").write_bytes(b"half")
        assert services.sweep(actor=Actor.system("試験", now=self.later())) == 1
        assert not (folder / "incoming" / "tmpabc").exists()

    def test_is_no_work_for_people(self):
        _, actor = official()
        with pytest.raises(services.UnableToSweep):
            services.sweep(actor=actor)

    def test_the_command_says_what_it_found(self):
        stored(purpose="gone.source")
        out = io.StringIO()
        call_command("files_check", "--sweep", stdout=out)
        assert "登録されたファイル: 1 件" in out.getvalue()
        assert "gone.source" in out.getvalue()
        assert "異常はありません" in out.getvalue()
