"""Recording what was read and decided: all sources of an import, or none; and taking them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from nimo.community.indicators.choices import SourceState
from nimo.community.indicators.policies import FigureNotAvailable
from nimo.community.indicators.services.observations import (
    UnableToRecord,
    UnableToWithdraw,
    record_observations,
    withdraw_source,
)
from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.models import ImportedSource, StatisticsImport
from nimo.community.statistics.policies import get_import, may_open, may_record, may_take_in, may_undo
from nimo.community.statistics.queries.plan import OPEN_REASON, Plan, outline_of, plan_of
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.jobs.services import enqueue

ASK = register_verb("statistics.ask_recording", "取り込んだ統計の記録を頼んだ")
RECORD = register_verb("statistics.record", "取り込んだ統計を記録した")
UNDO = register_verb("statistics.undo", "統計の取り込みを取り消した")
Progress = Callable[[int, int, str], None]
_QUICKER = "ほかの人が先に処理しました。何も変わっていません。画面を開き直してください。"


class UnableToRecordImport(Exception):
    """Nothing was recorded; str() is the sentence for the user."""


class UnableToUndoImport(Exception):
    """The figures stay; str() is the sentence for the user."""


def _refuse_unsound(plan: Plan, *, only_sound: bool, replace_editions: bool) -> None:
    if not plan.count:
        raise UnableToRecordImport(
            "記録できる値がありません。何も記録していません。止まっている行を直すか、地域を選んでください。"
        )
    if (plan.held or plan.waiting) and not only_sound:
        raise UnableToRecordImport(
            f"止まっている値が{plan.held}件、まだ確かめていない値が{plan.waiting}件あります。何も記録していません。"
            "確かめるか、「残りだけを記録する」を選んでください。"
        )
    if plan.replaces and not replace_editions:
        raise UnableToRecordImport(
            "同じ表・同じ時点の値がもう記録されています。何も記録していません。"
            "置き換えるときは「今の値を置き換える」を選んでください。"
        )


def _refuse_opening(actor: Actor, publish: bool) -> None:
    decision = may_open(actor)
    if publish and not decision:
        raise UnableToRecordImport(decision.reason)


def ask_recording(
    *, actor: Actor, import_id: UUID, version: int, only_sound: bool, replace_editions: bool, publish: bool
) -> StatisticsImport:
    """Checks that it may be recorded as it stands, and asks a job to do it.

    only_sound: leave out held rows and figures nobody looked at (they stay in the import). replace_editions: the person
    has seen which editions give way. publish: official statistics become public as they are recorded.
    Raises UnableToRecordImport. Audit: what was asked.
    """
    with transaction.atomic():
        one = get_import(actor, import_id)
        decision = may_record(actor, one)
        if not decision:
            raise UnableToRecordImport(decision.reason)
        _refuse_opening(actor, publish)
        _refuse_unsound(outline_of(one), only_sound=only_sound, replace_editions=replace_editions)
        job = enqueue(
            actor=actor,
            code="statistics.record",
            title="統計の記録",
            parameters={
                "import_id": str(one.pk),
                "only_sound": only_sound,
                "replace_editions": replace_editions,
                "publish": publish,
            },
            region_code=one.region_code,
        )
        taken = StatisticsImport.objects.filter(pk=one.pk, version=version, state=ImportState.REVIEW).update(
            state=ImportState.RECORDING, job_id=job.pk, version=version + 1
        )
        if not taken:
            raise UnableToRecordImport(_QUICKER)
        record(
            actor,
            verb=ASK,
            target=("statistics.import", str(one.pk)),
            region_code=one.region_code,
            organisation_id=one.organisation_id,
            diff={"state": [ImportState.REVIEW, ImportState.RECORDING], "残りだけ": [None, only_sound]},
        )
        one.refresh_from_db()
    return one


def record_import(
    *,
    actor: Actor,
    import_id: UUID,
    only_sound: bool,
    replace_editions: bool,
    publish: bool,
    progress: Progress,
) -> StatisticsImport:
    """Records every source of the import in one transaction, each figure with its cell. Run by the job.

    Back to review, with nothing recorded, when something stands against it (UnableToRecordImport says what).
    Audit: the sources and the number of figures; each source by indicators.
    """
    one = get_import(actor, import_id)
    if one.state != ImportState.RECORDING:
        return one
    try:
        with transaction.atomic():
            return _record(actor, one, only_sound, replace_editions, publish, progress)
    except UnableToRecord as error:
        _back_to_review(one)
        raise UnableToRecordImport(str(error)) from error
    except UnableToRecordImport:
        _back_to_review(one)
        raise


def _record(
    actor: Actor, one: StatisticsImport, only_sound: bool, replace_editions: bool, publish: bool, progress: Progress
) -> StatisticsImport:
    decision = may_take_in(actor)
    if not decision:
        raise UnableToRecordImport(decision.reason)
    plan = plan_of(one)
    _refuse_unsound(plan, only_sound=only_sound, replace_editions=replace_editions)
    _refuse_opening(actor, publish)
    made: list[int] = []
    recorded = 0
    for number, planned in enumerate(plan.sources):
        progress(number, len(plan.sources), f"{planned.draft.title} を記録しています")
        reason = OPEN_REASON if publish and planned.may_be_opened else ""
        draft = replace(planned.draft, open_reason=reason, retrieved_on=actor.today)
        done = record_observations(actor=actor, rows=planned.rows, source=draft)
        recorded += len(planned.rows)
        made.append(done.source_id)
    # the very same figures from the same file may have been recorded by another import: that one keeps them
    for source_id in made:
        ImportedSource.objects.get_or_create(import_of=one, source_id=source_id, defaults={"withdrawn": False})
    ImportedSource.objects.filter(import_of=one, source_id__in=made).update(withdrawn=False)
    taken = StatisticsImport.objects.filter(pk=one.pk, state=ImportState.RECORDING).update(
        state=ImportState.RECORDED,
        version=one.version + 1,
        recorded_by_name=actor.name,
        recorded_at=actor.now,
        recorded_count=recorded,
    )
    if not taken:
        raise UnableToRecordImport(_QUICKER)
    record(
        actor,
        verb=RECORD,
        target=("statistics.import", str(one.pk)),
        region_code=one.region_code,
        organisation_id=one.organisation_id,
        diff={
            "資料": [None, made],
            "記録した値": [None, recorded],
            "止まっている値": [None, plan.held],
            "確かめていない値": [None, plan.waiting],
            "記録しない値": [None, plan.left_out],
        },
    )
    one.refresh_from_db()
    return one


def _back_to_review(one: StatisticsImport) -> None:
    StatisticsImport.objects.filter(pk=one.pk, state=ImportState.RECORDING).update(
        state=ImportState.REVIEW, version=one.version + 1
    )


def give_up_recording(*, actor: Actor, import_id: UUID) -> None:
    """After a failure nobody foresaw: nothing was recorded, the import waits for its person again."""
    _back_to_review(get_import(actor, import_id))


def undo_import(*, actor: Actor, import_id: UUID, version: int, reason: str) -> StatisticsImport:
    """Takes every source of the import back; what they had replaced is valid again. The import is in review again.

    All or none: a source on which a later edition stands keeps the others too. Raises UnableToUndoImport.
    Audit: the reason and the sources; each source by indicators.
    """
    if not reason.strip():
        raise UnableToUndoImport("取り消す理由を入れてください。何も変わっていません。")
    try:
        with transaction.atomic():
            one = get_import(actor, import_id)
            decision = may_undo(actor, one)
            if not decision:
                raise UnableToUndoImport(decision.reason)
            taken = StatisticsImport.objects.filter(pk=one.pk, version=version, state=ImportState.RECORDED).update(
                state=ImportState.REVIEW, version=version + 1, recorded_count=0
            )
            if not taken:
                raise UnableToUndoImport(_QUICKER)
            sources = list(
                one.sources.filter(withdrawn=False).exclude(source__state=SourceState.WITHDRAWN).order_by("-pk")
            )
            for row in sources:
                withdraw_source(actor=actor, source_id=row.source_id, reason=reason)
            taken_back = [row.source_id for row in sources]
            ImportedSource.objects.filter(source_id__in=taken_back).update(withdrawn=True)
            record(
                actor,
                verb=UNDO,
                target=("statistics.import", str(one.pk)),
                region_code=one.region_code,
                organisation_id=one.organisation_id,
                reason=reason.strip(),
                diff={
                    "state": [ImportState.RECORDED, ImportState.REVIEW],
                    "取り消した資料": [None, taken_back],
                },
            )
            one.refresh_from_db()
            return one
    except (UnableToWithdraw, FigureNotAvailable) as refusal:
        raise UnableToUndoImport(str(refusal) or "資料が見つかりません。何も変わっていません。") from refusal
