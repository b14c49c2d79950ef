"""Reading a stored file into cells, and checking them. Runs in a job, at least once; a second run does no harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from nimo.community.indicators.formats.survey_630 import MAX_BYTES
from nimo.community.statistics.choices import ImportState, LayoutKind
from nimo.community.statistics.formats.layouts.columns import ColumnMapping as Columns
from nimo.community.statistics.formats.layouts.mapped import preview_of, read_mapped
from nimo.community.statistics.formats.layouts.ndb import read_ndb
from nimo.community.statistics.formats.layouts.recognising import layout_of
from nimo.community.statistics.formats.layouts.remhrad import read_remhrad
from nimo.community.statistics.formats.layouts.survey_630 import read_survey_630
from nimo.community.statistics.formats.layouts.survey_630_csv import read_survey_630_csv
from nimo.community.statistics.formats.loading.grid import Book
from nimo.community.statistics.formats.loading.limits import DEFAULT
from nimo.community.statistics.formats.loading.opening import open_book
from nimo.community.statistics.formats.loading.refusals import UnableToReadTable, refusal
from nimo.community.statistics.formats.reading import Options, Reading
from nimo.community.statistics.models import ColumnMapping, ReadCell, StatisticsImport
from nimo.community.statistics.policies import get_import, may_read_again
from nimo.community.statistics.queries.checking import Seen, cells_of, check_cells
from nimo.community.statistics.queries.known import indicator_names
from nimo.community.statistics.queries.mappings import mapping_for
from nimo.community.statistics.services.taking import READ_TITLE
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.files.queries import UnableToOpen, open_stored
from nimo.foundation.jobs.services import enqueue

READ = register_verb("statistics.read", "統計のファイルを読み取った")
READ_AGAIN = register_verb("statistics.read_again", "統計のファイルの読み直しを頼んだ")
Progress = Callable[[int, int, str], None]
_KEPT = "ファイルは保管してあり、失われていません。"
OPTIONS = frozenset({"as_of", "variant", "version", "prefecture"})


class UnableToReadAgain(Exception):
    """The import stays as it was; str() says why."""


def read_import(*, actor: Actor, import_id: UUID, progress: Progress) -> StatisticsImport:
    """Turns the stored file into cells with their findings; a file that cannot be read leaves its reason.

    A table of unknown layout whose headings were mapped before is read that way; else it waits for its mapping.
    Audit: how many figures, or that it failed.
    """
    one = get_import(actor, import_id)
    if one.state != ImportState.READING:
        return one
    try:
        with open_stored(actor=actor, file_id=one.file_id) as stream:
            book = open_book(stream, one.file.name)
            layout = str(one.layout or (one.asked_layout if one.asked_layout != LayoutKind.AUTO else layout_of(book)))
            mapping = one.mapping
            if layout == LayoutKind.MAPPED and mapping is None:
                mapping = _remembered(actor, one, book)
                if mapping is None:
                    return _finish(one, actor, {"layout": layout, "state": ImportState.MAPPING}, [])
            reading = _read(stream, book, layout, mapping, one, progress)
            if len(reading.figures) > DEFAULT.figures:
                raise refusal("too_many_figures", f"上限は{DEFAULT.figures:,}件です。")
            if not reading.figures:
                raise refusal("empty", "読み取れる値が一つもありません。")
            reading = replace(reading, doubts=(*book.notes, *reading.doubts))
    except UnableToOpen as error:
        return _finish(one, actor, {"state": ImportState.FAILED, "failure": str(error)}, [])
    except UnableToReadTable as error:
        return _finish(one, actor, {"state": ImportState.FAILED, "failure": f"{error}\n{_KEPT}"}, [])
    seen = cells_of(actor, one, reading, progress)
    check_cells(actor, one, seen, progress)
    return _keep(one, actor, layout, mapping, reading, seen)


def _remembered(actor: Actor, one: StatisticsImport, book: Book) -> ColumnMapping | None:
    preview = preview_of(book)
    return mapping_for(one.organisation_id, preview.fingerprint)


def _read(
    stream: BinaryIO, book: Book, layout: str, mapping: ColumnMapping | None, one: StatisticsImport, progress: Progress
) -> Reading:
    options = Options(**{key: str(value) for key, value in one.options.items() if key in OPTIONS})
    if layout == LayoutKind.SURVEY_630_CSV:
        stream.seek(0)
        return read_survey_630_csv(stream.read(MAX_BYTES + 1), options)
    if layout == LayoutKind.SURVEY_630:
        return read_survey_630(book, options, progress)
    if layout == LayoutKind.NDB:
        return read_ndb(book, options, progress)
    if layout == LayoutKind.REMHRAD:
        return read_remhrad(book, options, progress)
    assert mapping is not None  # read_import
    return read_mapped(book, Columns.from_json(mapping.content), indicator_names(), options, progress=progress)


def _keep(
    one: StatisticsImport,
    actor: Actor,
    layout: str,
    mapping: ColumnMapping | None,
    reading: Reading,
    seen: Seen,
) -> StatisticsImport:
    changes: dict[str, object] = {
        "state": ImportState.REVIEW,
        "layout": layout,
        "mapping": mapping,
        "tables": [
            {
                "code": table.code,
                "title": table.title,
                "series": table.series,
                "origin": table.origin,
                "publisher": table.publisher,
                "credit": table.credit,
                "reference": table.reference,
                "official": table.official,
            }
            for table in reading.tables
        ],
        "doubts": list(reading.doubts),
        "blocks": list(reading.blocks),
        "left": list(reading.left)[:200],
        "unchecked": {},
        "beyond_reach": seen.beyond_reach,
        "failure": "",
    }
    return _finish(one, actor, changes, seen.cells)


def _finish(one: StatisticsImport, actor: Actor, changes: dict[str, object], cells: list[ReadCell]) -> StatisticsImport:
    """One transaction: the state, the cells, the audit; nothing when another worker was quicker."""
    with transaction.atomic():
        taken = StatisticsImport.objects.filter(pk=one.pk, state=ImportState.READING, version=one.version).update(
            **changes, version=one.version + 1
        )
        if taken:
            ReadCell.objects.filter(import_of=one).delete()
            ReadCell.objects.bulk_create(cells, batch_size=500)
            record(
                actor,
                verb=READ,
                target=("statistics.import", str(one.pk)),
                region_code=one.region_code,
                organisation_id=one.organisation_id,
                diff={"state": [ImportState.READING, changes["state"]], "値": [None, len(cells)]},
            )
    one.refresh_from_db()
    return one


def give_up(*, actor: Actor, import_id: UUID) -> StatisticsImport:
    """After a failure nobody foresaw: the import says so instead of being read for ever."""
    message = f"読み取りの途中で、思いがけない誤りが起きました。{_KEPT}もう一度取り込んでも同じときは、システムの管理者に知らせてください。"
    return _finish(get_import(actor, import_id), actor, {"state": ImportState.FAILED, "failure": message}, [])


def read_again(
    *, actor: Actor, import_id: UUID, version: int, layout: str, options: dict[str, str]
) -> StatisticsImport:
    """Reads the same file anew with other options (another day, another layout). What was decided about cells goes.

    Raises UnableToReadAgain. Audit: the options.
    """
    with transaction.atomic():
        one = get_import(actor, import_id)
        decision = may_read_again(actor, one)
        if not decision:
            raise UnableToReadAgain(decision.reason)
        kept = {key: value for key, value in options.items() if key in OPTIONS and value}
        job = enqueue(
            actor=actor,
            code="statistics.read",
            title=READ_TITLE,
            parameters={"import_id": str(one.pk)},
            region_code=one.region_code,
        )
        taken = StatisticsImport.objects.filter(pk=one.pk, version=version, state=one.state).update(
            state=ImportState.READING,
            version=version + 1,
            asked_layout=layout,
            layout="",
            mapping=None,
            options=kept,
            failure="",
            job_id=job.pk,
        )
        if not taken:
            raise UnableToReadAgain("ほかの人が先に処理しました。何も変わっていません。画面を開き直してください。")
        record(
            actor,
            verb=READ_AGAIN,
            target=("statistics.import", str(one.pk)),
            region_code=one.region_code,
            organisation_id=one.organisation_id,
            diff={"指定": [one.options, kept], "読み方": [one.asked_layout, layout]},
        )
        one.refresh_from_db()
    return one
