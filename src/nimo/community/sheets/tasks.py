"""Background entry points: load, call one service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from nimo.community.sheets.services import reading
from nimo.foundation.jobs.rules import JobRun, job


@job("sheets.read")
def read(run: JobRun) -> dict[str, Any]:
    run.progress(0, 2, "ファイルを読んでいます")
    upload = reading.read_upload(actor=run.actor, upload_id=UUID(run.parameters["upload_id"]))
    run.progress(2, 2, "読み終わりました")
    return {
        "summary": "シートを読み取りました。内容を確かめて、確定してください。",
        "path": f"/sheets/uploads/{upload.pk}/",
        "path_label": "読み取った内容を確かめる",
    }
