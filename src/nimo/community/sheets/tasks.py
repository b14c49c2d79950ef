"""Background entry points: load, call one service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import OperationalError

from nimo.community.sheets.choices import UploadState
from nimo.community.sheets.services import exporting, reading
from nimo.foundation.jobs.rules import JobRun, job


@job("sheets.read")
def read(run: JobRun) -> dict[str, Any]:
    run.progress(0, 2, "ファイルを読んでいます")
    upload_id = UUID(run.parameters["upload_id"])
    try:
        upload = reading.read_upload(actor=run.actor, upload_id=upload_id)
    except OperationalError:
        raise  # a busy database: the job is tried again
    except Exception:
        reading.give_up(actor=run.actor, upload_id=upload_id)  # else the file would be "being read" for ever
        raise
    run.progress(2, 2, "読み終わりました")
    result = {"path": f"/sheets/uploads/{upload.pk}/"}
    if upload.state == UploadState.FAILED:
        return result | {
            "summary": "このファイルは読めませんでした。ファイルは保管してあり、登録済みの内容は変わっていません。",
            "path_label": "読めなかった理由を見る",
        }
    return result | {
        "summary": "シートを読み取りました。内容を確かめて、確定してください。",
        "path_label": "読み取った内容を確かめる",
    }


@job("sheets.export")
def export(run: JobRun) -> dict[str, Any]:
    """The files of a submitted sheet, once."""
    submission_id = UUID(run.parameters["submission_id"])
    made = exporting.keep_submission_files(
        actor=run.actor,
        submission_id=submission_id,
        told=lambda done, of: run.progress(done, of, "ファイルを作っています"),
    )
    return {
        "path": f"/sheets/submissions/{submission_id}/",
        "summary": f"提出したシートのファイルを{len(made)}つ作り、保管しました。",
        "path_label": "提出したシートを見る",
    }
