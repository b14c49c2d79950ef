"""Taking a file in. Reading it is work for a job."""

from __future__ import annotations

from typing import BinaryIO

from django.db import transaction

from nimo.community.sheets.models.imports import SheetUpload
from nimo.community.sheets.policies import may_import
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.files.services import UnableToStore, store
from nimo.foundation.jobs.services import enqueue

UPLOAD = register_verb("sheets.upload", "シートのファイルを取り込んだ")


class UnableToUpload(Exception):
    """str() says in Japanese what happened, that nothing was lost, and what to do."""


def upload_sheet(*, actor: Actor, content: bytes | BinaryIO, name: str) -> SheetUpload:
    """Keeps the file and asks for its reading; the answer's `job_id` names the job whose page shows the progress."""
    decision = may_import(actor)
    if not decision:
        raise UnableToUpload(decision.reason)
    grant = actor.organisation
    region_code = grant.region_code if grant else ""
    with transaction.atomic():
        try:
            file = store(actor=actor, content=content, name=name, purpose="sheets.source", region_code=region_code)
        except UnableToStore as refusal:
            raise UnableToUpload(str(refusal)) from None
        upload = SheetUpload(
            id=new_id(),
            file=file,
            organisation_id=grant.organisation_id if grant else None,
            region_code=region_code,
            uploaded_by_id=actor.user_id,
            uploaded_by_name=actor.name,
            uploaded_at=actor.now,
            in_charge_id=actor.user_id,
        )
        job = enqueue(
            actor=actor,
            code="sheets.read",
            title="自治体情報シートの読み取り",
            parameters={"upload_id": str(upload.pk)},
            region_code=region_code,
        )
        upload.job_id = job.pk
        upload.save(force_insert=True)
        record(
            actor,
            verb=UPLOAD,
            target=("sheets.upload", str(upload.pk)),
            region_code=region_code,
            organisation_id=upload.organisation_id,
            diff={"file": [None, str(file.pk)]},
        )
    return upload
