"""Taking a file or a pasted table in. Reading it is work for a job."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from django.db import transaction

from nimo.community.statistics.choices import ImportState, LayoutKind
from nimo.community.statistics.formats.loading.opening import PASTED
from nimo.community.statistics.models import StatisticsImport
from nimo.community.statistics.policies import SOURCE_FILES, may_take_in
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.files.services import UnableToStore, store
from nimo.foundation.jobs.services import enqueue

TAKE_IN = register_verb("statistics.take_in", "統計のファイルを取り込んだ")
PASTE_LIMIT = 2_000_000
READ_TITLE = "統計の読み取り"


class UnableToTakeIn(Exception):
    """Nothing was kept; str() says why, and what to do."""


def take_in(
    *,
    actor: Actor,
    content: bytes | BinaryIO,
    name: str,
    layout: str = LayoutKind.AUTO,
    options: dict[str, Any] | None = None,
) -> StatisticsImport:
    """Keeps a file and asks for its reading; the answer's `job_id` names the job whose page shows the progress.

    options: as_of ("2025-06-30"), variant, version, prefecture (formats.reading.Options), all optional.
    Raises UnableToTakeIn (no right, too large, empty). Audit: the stored file.
    """
    decision = may_take_in(actor)
    if not decision:
        raise UnableToTakeIn(decision.reason)
    grant = actor.organisation
    region_code = grant.region_code if grant else ""
    with transaction.atomic():
        try:
            file = store(actor=actor, content=content, name=name, purpose=SOURCE_FILES, region_code=region_code)
        except UnableToStore as refusal:
            raise UnableToTakeIn(str(refusal)) from None
        one = StatisticsImport(
            id=new_id(),
            file=file,
            organisation_id=grant.organisation_id if grant else None,
            region_code=region_code,
            taken_by_id=actor.user_id,
            taken_by_name=actor.name,
            taken_at=actor.now,
            in_charge_id=actor.user_id,
            asked_layout=layout,
            options={key: str(value) for key, value in (options or {}).items() if value},
            state=ImportState.READING,
        )
        job = enqueue(
            actor=actor,
            code="statistics.read",
            title=READ_TITLE,
            parameters={"import_id": str(one.pk)},
            region_code=region_code,
        )
        one.job_id = job.pk
        one.save(force_insert=True)
        record(
            actor,
            verb=TAKE_IN,
            target=("statistics.import", str(one.pk)),
            region_code=region_code,
            organisation_id=one.organisation_id,
            diff={"file": [None, str(file.pk)], "読み方": [None, layout]},
        )
    return one


def take_paste(*, actor: Actor, text: str, options: dict[str, Any] | None = None) -> StatisticsImport:
    """Keeps what was pasted from Excel as a text of its own: afterwards it is a file like all others.

    Cells are separated by tabs, quoted where they hold line breaks. Raises UnableToTakeIn (empty, no table, too long).
    """
    if len(text) > PASTE_LIMIT:
        raise UnableToTakeIn(
            "貼り付けた文字が多すぎます。何も保存していません。表をExcelかCSVのファイルにして、ファイルとして選んでください。"
        )
    plain = re.sub(r"\r\n?", "\n", text).strip("\n")
    if "\t" not in plain or "\n" not in plain:
        raise UnableToTakeIn(
            "貼り付けた文字が表になっていません。何も保存していません。"
            "Excelで見出しを含む範囲を選んで写し（Ctrl+C）、貼り付け（Ctrl+V）てください。"
        )
    return take_in(actor=actor, content=plain.encode("utf-8"), name=PASTED, layout=LayoutKind.MAPPED, options=options)
