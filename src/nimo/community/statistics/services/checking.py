"""Looking at all figures again after a person's word: at once in a small import, by a job in a large one.

A corrected figure changes the sums it belongs to, so one word may change the findings of every other figure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from django.db import transaction

from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.models import ReadCell, StatisticsImport
from nimo.community.statistics.policies import get_import
from nimo.community.statistics.queries.checking import check_again
from nimo.foundation.access.actors import Actor
from nimo.foundation.jobs.services import enqueue

AT_ONCE = 2_000
"""Figures that are looked at while the person waits: half a second, two if it changes all of them. More wait for a job."""
_FOUND = ["findings", "severity", "decision"]
_SAID = [*_FOUND, "corrected", "decided_by_name", "decided_at", "region"]
Progress = Callable[[int, int, str], None]


def is_large(*, one: StatisticsImport) -> bool:
    """Whether its figures are looked at by a job."""
    return ReadCell.objects.filter(import_of=one).count() > AT_ONCE


def save_checked(*, actor: Actor, cells: Collection[ReadCell], changed: Collection[int]) -> None:
    """All cells of an import, those at the positions `changed` with a person's word: saved with their findings of now."""
    _save_found(check_again(actor, list(cells), frozenset(changed)))
    save_said(cells=(cell for cell in cells if cell.position in changed))


def save_said(*, cells: Iterable[ReadCell]) -> None:
    """What a person said of them, with what is doubtful about them."""
    ReadCell.objects.bulk_update(list(cells), _SAID, batch_size=200)


def _save_found(cells: Iterable[ReadCell]) -> None:
    """What is doubtful about them, and what became of a person's word for it."""
    ReadCell.objects.bulk_update(list(cells), _FOUND, batch_size=200)


def leave_to_a_job(
    *, actor: Actor, one: StatisticsImport, positions: Iterable[int] = (), texts: Iterable[str] = ()
) -> None:
    """Within the caller's transaction: what was said is saved; a job looks at the rest, and nobody decides meanwhile.

    positions: of cells that were answered. texts: places as written for which a region was chosen.
    """
    waiting = {
        "positions": sorted({*one.unchecked.get("positions", ()), *positions}),
        "texts": sorted({*one.unchecked.get("texts", ()), *texts}),
    }
    job = enqueue(
        actor=actor,
        code="statistics.check",
        title="統計の確かめ直し",
        parameters={"import_id": str(one.pk)},
        region_code=one.region_code,
    )
    StatisticsImport.objects.filter(pk=one.pk).update(state=ImportState.CHECKING, unchecked=waiting, job_id=job.pk)
    one.refresh_from_db()


def check_import(*, actor: Actor, import_id: UUID, progress: Progress) -> StatisticsImport:
    """Gives every figure its findings of now, and the import back to its person. Run by the job; what people said is in
    the audit already."""
    one = get_import(actor, import_id)
    if one.state != ImportState.CHECKING:
        return one
    cells = list(ReadCell.objects.filter(import_of=one).order_by("position"))
    progress(0, len(cells), f"{len(cells):,}件の値を確かめています")
    positions, texts = set(one.unchecked["positions"]), set(one.unchecked["texts"])
    changed = {cell.position for cell in cells if cell.position in positions or cell.region_text in texts}
    moved = check_again(actor, cells, frozenset(changed))
    progress(len(cells), len(cells), "確かめた結果を保存しています")
    with transaction.atomic():
        taken = StatisticsImport.objects.filter(pk=one.pk, state=ImportState.CHECKING, version=one.version).update(
            state=ImportState.REVIEW, unchecked={}, version=one.version + 1
        )
        if taken:
            _save_found(moved)
    one.refresh_from_db()
    return one
