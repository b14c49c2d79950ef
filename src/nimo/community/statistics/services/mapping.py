"""Saying what the columns of a table hold, and remembering it for the next table of the kind."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.formats.layouts.columns import ColumnMapping as Columns
from nimo.community.statistics.formats.layouts.columns import as_of_of
from nimo.community.statistics.formats.layouts.mapped import Preview
from nimo.community.statistics.models import ColumnMapping, StatisticsImport
from nimo.community.statistics.policies import get_import, get_mapping, may_map, may_take_in
from nimo.community.statistics.queries.mappings import mapping_for, next_version, versions
from nimo.community.statistics.services.taking import READ_TITLE
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.jobs.services import enqueue

MAP = register_verb("statistics.map", "表の列の意味を決めた")
RETIRE = register_verb("statistics.retire_mapping", "列の対応づけを使うのをやめた")


class UnableToMap(Exception):
    """Nothing was saved; str() says what is missing."""


def save_mapping(
    *, actor: Actor, import_id: UUID, version: int, columns: Columns, preview: Preview, name: str
) -> StatisticsImport:
    """Remembers the meaning of the columns as a new version, and reads the file by it.

    The same meaning as before makes no new version. Raises UnableToMap (something is missing, somebody was quicker).
    Audit: the name and the version.
    """
    problems = columns.problems()
    if problems:
        raise UnableToMap("\n".join(problems))
    try:
        with transaction.atomic():
            return _save(actor, import_id, version, columns, preview, name)
    except IntegrityError as error:
        raise UnableToMap(
            "同じ表の列の意味を、ほかの人が同時に決めました。何も保存していません。開き直してください。"
        ) from error


def _save(
    actor: Actor, import_id: UUID, version: int, columns: Columns, preview: Preview, name: str
) -> StatisticsImport:
    one = get_import(actor, import_id)
    decision = may_map(actor, one)
    if not decision:
        raise UnableToMap(decision.reason)
    content = replace(columns, as_of="").to_json()  # the next table of the kind counts another day
    when = as_of_of(columns.as_of)
    options = {**one.options, "as_of": when[0]} if when else one.options
    number = next_version(one.organisation_id, preview.fingerprint)
    last = mapping_for(one.organisation_id, preview.fingerprint)
    if last is not None and last.content == content and last.name == name:
        mapping = last
    else:
        mapping = ColumnMapping(
            id=new_id(),
            organisation_id=one.organisation_id,
            name=name[:120],
            fingerprint=preview.fingerprint,
            version=number,
            headers=list(preview.headers),
            content=content,
            saved_by_name=actor.name,
            saved_at=actor.now,
        )
        mapping.save(force_insert=True)
    job = enqueue(
        actor=actor,
        code="statistics.read",
        title=READ_TITLE,
        parameters={"import_id": str(one.pk)},
        region_code=one.region_code,
    )
    taken = StatisticsImport.objects.filter(pk=one.pk, version=version, state=one.state).update(
        state=ImportState.READING, mapping=mapping, job_id=job.pk, version=version + 1, options=options
    )
    if not taken:
        raise UnableToMap("ほかの人が先に処理しました。何も保存していません。画面を開き直してください。")
    record(
        actor,
        verb=MAP,
        target=("statistics.mapping", str(mapping.pk)),
        region_code=one.region_code,
        organisation_id=one.organisation_id,
        diff={"表": [None, mapping.name], "版": [last.version if last else None, mapping.version]},
    )
    one.refresh_from_db()
    return one


def retire_mapping(*, actor: Actor, mapping_id: UUID) -> ColumnMapping:
    """The kind of table is no longer recognised by this mapping; versions stay, imports keep theirs.

    Raises UnableToMap. Audit: the name.
    """
    decision = may_take_in(actor)
    if not decision:
        raise UnableToMap(decision.reason)
    with transaction.atomic():
        mapping = get_mapping(actor, mapping_id)
        same = versions(mapping.organisation_id, mapping.fingerprint).filter(retired_at=None)
        if not same.update(retired_at=actor.now, retired_by_name=actor.name):
            raise UnableToMap("この対応づけは、もう使われていません。何も変わっていません。")
        record(
            actor,
            verb=RETIRE,
            target=("statistics.mapping", str(mapping.pk)),
            organisation_id=mapping.organisation_id,
            diff={"表": [mapping.name, None]},
        )
        mapping.refresh_from_db()
    return mapping
