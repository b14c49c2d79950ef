"""Reading an uploaded file into drafts. Runs in a job, at least once; a second run finds the work done and stops."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nimo.community.sheets.choices import UploadState
from nimo.community.sheets.formats.kept import draft_content, source_lines
from nimo.community.sheets.formats.model import SheetReading
from nimo.community.sheets.formats.reader import read_file
from nimo.community.sheets.formats.source import UnableToRead
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.policies import get_upload
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.files.queries import UnableToOpen, open_stored
from nimo.foundation.regions.queries.places import find_municipality, find_prefecture

READ = register_verb("sheets.read", "シートのファイルを読み取った")

_NOTHING_LOST = "ファイルは保管してあり、失われていません。"
_NO_SHEET = (
    f"このファイルに自治体情報シートは見つかりませんでした。{_NOTHING_LOST}別のファイルでないか確かめてください。"
)


def _region_code(reading: SheetReading) -> str | None:
    """The region a sheet names; None where it is not certain, then a person chooses."""
    if reading.municipality:
        found = find_municipality(reading.prefecture, reading.municipality).region
    elif reading.prefecture:
        found = find_prefecture(reading.prefecture)
    else:
        found = None
    return found.code if found else None


def _fail(upload: SheetUpload, actor: Actor, message: str) -> SheetUpload:
    with transaction.atomic():
        taken = SheetUpload.objects.filter(pk=upload.pk, state=UploadState.READING).update(
            state=UploadState.FAILED, failure=message
        )
        if taken:
            record(
                actor,
                verb=READ,
                target=("sheets.upload", str(upload.pk)),
                region_code=upload.region_code,
                organisation_id=upload.organisation_id,
                diff={"state": [UploadState.READING, UploadState.FAILED]},
            )
    upload.refresh_from_db()
    return upload


def give_up(*, actor: Actor, upload_id: UUID) -> SheetUpload:
    """After a failure nobody foresaw: the upload says so instead of being read for ever."""
    return _fail(
        get_upload(actor, upload_id),
        actor,
        f"読み取りの途中で、思いがけない誤りが起きました。{_NOTHING_LOST}"
        "もう一度取り込んでも同じときは、システムの管理者に知らせてください。",
    )


def read_upload(*, actor: Actor, upload_id: UUID) -> SheetUpload:
    """Turns the stored file into drafts to be reviewed; a file that cannot be read leaves its reason on the upload."""
    upload = get_upload(actor, upload_id)
    if upload.state != UploadState.READING:
        return upload
    try:
        with open_stored(actor=actor, file_id=upload.file_id) as file:
            content = file.read()
        result = read_file(content, file_name=upload.file.name)
    except UnableToOpen as refusal:
        return _fail(upload, actor, str(refusal))
    except UnableToRead as refusal:
        return _fail(upload, actor, f"{refusal} {_NOTHING_LOST}")
    if not result.sheets:
        return _fail(
            upload,
            actor,
            f"このファイルに自治体情報シートは見つかりませんでした。{_NOTHING_LOST}別のファイルでないか確かめてください。",
        )
    drafts = []
    for position, reading in enumerate(result.sheets):
        content_json = draft_content(reading)
        drafts.append(
            SheetDraft(
                id=new_id(),
                upload=upload,
                position=position,
                region_id=_region_code(reading),
                fiscal_year=reading.fiscal_year,
                layout=reading.layout or "",
                as_read=content_json,
                content=content_json,
            )
        )
    with transaction.atomic():
        taken = SheetUpload.objects.filter(pk=upload.pk, state=UploadState.READING).update(
            state=UploadState.REVIEW,
            lines=source_lines(result.document),
            findings=[{"code": f.code, "message": f.message, "where": f.where} for f in result.findings],
        )
        if taken:  # another worker may have been quicker
            SheetDraft.objects.bulk_create(drafts)
            record(
                actor,
                verb=READ,
                target=("sheets.upload", str(upload.pk)),
                region_code=upload.region_code,
                organisation_id=upload.organisation_id,
                diff={"drafts": [0, len(drafts)]},
            )
    upload.refresh_from_db()
    return upload
