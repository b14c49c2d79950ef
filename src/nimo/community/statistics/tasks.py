"""Background entry points: load, call one service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import OperationalError

from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.services import checking, reading, recording
from nimo.foundation.jobs.rules import JobRun, job


@job("statistics.read")
def read(run: JobRun) -> dict[str, Any]:
    import_id = UUID(run.parameters["import_id"])
    run.progress(0, None, "ファイルを読んでいます")
    try:
        one = reading.read_import(
            actor=run.actor,
            import_id=import_id,
            progress=lambda done, total, text: run.progress(done, total or None, text),
        )
    except OperationalError:
        raise  # a busy database: the job is tried again
    except Exception:
        reading.give_up(actor=run.actor, import_id=import_id)  # else the file would be "being read" for ever
        raise
    result = {"path": f"/statistics/{one.pk}/"}
    if one.state == ImportState.FAILED:
        return result | {
            "summary": "このファイルは読めませんでした。ファイルは保管してあり、登録済みの値は変わっていません。",
            "path_label": "読めなかった理由を見る",
        }
    if one.state == ImportState.MAPPING:
        return result | {
            "summary": "はじめての形の表です。列の意味を選んでください。まだ何も記録していません。",
            "path_label": "列の意味を選ぶ",
        }
    return result | {
        "summary": "表を読み取りました。内容を確かめて、記録してください。まだ何も記録していません。",
        "path_label": "読み取った値を確かめる",
    }


@job("statistics.record")
def record(run: JobRun) -> dict[str, Any]:
    import_id = UUID(run.parameters["import_id"])
    run.progress(0, None, "記録しています")
    try:
        one = recording.record_import(
            actor=run.actor,
            import_id=import_id,
            only_sound=bool(run.parameters["only_sound"]),
            replace_editions=bool(run.parameters["replace_editions"]),
            publish=bool(run.parameters["publish"]),
            progress=lambda done, total, text: run.progress(done, total or None, text),
        )
    except OperationalError:
        raise
    except Exception:
        recording.give_up_recording(actor=run.actor, import_id=import_id)
        raise
    return {
        "summary": f"{one.recorded_count:,}件の値を記録しました。取り消すこともできます。",
        "path": f"/statistics/{one.pk}/",
        "path_label": "取り込みの画面を見る",
    }


@job("statistics.check")
def check(run: JobRun) -> dict[str, Any]:
    run.progress(0, None, "値を読み出しています")
    one = checking.check_import(
        actor=run.actor,
        import_id=UUID(run.parameters["import_id"]),
        progress=lambda done, total, text: run.progress(done, total or None, text),
    )
    return {
        "summary": "直したところから、全部の値を確かめました。続きを確かめるか、記録に進んでください。まだ記録していません。",
        "path": f"/statistics/{one.pk}/",
        "path_label": "確かめた値を見る",
    }
