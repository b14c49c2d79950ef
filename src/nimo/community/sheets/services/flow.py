"""The way of a sheet from post to post. Every move is one transaction with its record; a submission freezes the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.community.indicators.services.observations import UnableToRecord
from nimo.community.sheets.choices import FlowAction, SectionKey, SheetState, StepKind, SubmissionState
from nimo.community.sheets.events import SheetConfirmed
from nimo.community.sheets.models.documents import FlowRecord, SheetChapter, SheetDocument
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.sheets.policies import (
    get_document,
    get_route,
    is_author,
    may_act,
    may_record_for,
    may_write,
    position_of,
)
from nimo.community.sheets.queries.documents import content_of, origins_of, problems_of, sheet_content
from nimo.community.sheets.queries.posts import holders, vacant_steps
from nimo.community.sheets.rules.checking import stops
from nimo.community.sheets.rules.comparing import unchanged_paths
from nimo.community.sheets.rules.documents import digest
from nimo.community.sheets.rules.edits import apply_edits, changed_paths
from nimo.community.sheets.rules.flow import (
    CannotMove,
    DecisionFacts,
    Step,
    decision_problems,
    holder,
    moved,
    steps_from_json,
)
from nimo.community.sheets.services._recording import SheetFacts, current_of, make_current
from nimo.community.sheets.services.exporting import ask_for_files
from nimo.core.events import publish
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import Decision
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.notices.services import notify

MOVE = register_verb("sheets.move_document", "自治体情報シートを回した")

_STALE = "このシートは、ほかの人が先に動かしたか、直しました。何も変わっていません。画面を開き直して、内容を確かめてください。"


class UnableToMove(Exception):
    """The sheet stays where it is; str() is the sentence for the user."""


def _step_now(document: SheetDocument) -> Step | None:
    return holder(steps_from_json(document.route), position_of(document))


def _must(decision: Decision) -> None:
    if not decision:
        raise UnableToMove(decision.reason)


def _go(
    actor: Actor,
    document: SheetDocument,
    action: FlowAction,
    version: int,
    *,
    reason: str = "",
    on_behalf: bool = False,
    fields: list[str] | None = None,
    **facts: Any,
) -> SheetDocument:
    """Moves the document if it is still as the person saw it, writes the record and the audit."""
    route = steps_from_json(facts.get("route", document.route))
    before = position_of(document)
    step = holder(route, before)
    try:
        there = moved(route, before, action)
    except CannotMove as refusal:
        raise UnableToMove(str(refusal)) from refusal
    taken = SheetDocument.objects.filter(
        pk=document.pk, version=version, state=document.state, step=document.step
    ).update(state=there.state, step=there.step, version=version + 1, moved_at=actor.now, **facts)
    if not taken:
        raise UnableToMove(_STALE)
    FlowRecord.objects.create(
        document=document,
        action=action,
        post=step.label if step else "作成",
        on_behalf=on_behalf,
        reason=reason.strip()[:500],
        fields=fields or [],
        at=actor.now,
        by_id=actor.user_id,
        by_name=actor.name,
        organisation_name=actor.organisation.organisation_name if actor.organisation else "",
    )
    record(
        actor,
        verb=MOVE,
        target=("sheets.document", str(document.pk)),
        region_code=document.region_id,
        organisation_id=document.organisation_id,
        reason=reason.strip(),
        diff={
            "したこと": [None, action.label],
            "状態": [document.state, there.state.value],
            "段": [document.step, there.step],
            **({"欄": [None, ", ".join(fields[:80])]} if fields else {}),
        },
    )
    document.refresh_from_db()
    return document


def _tell(actor: Actor, document: SheetDocument, text: str) -> None:
    """Those who have it next; nobody else."""
    step = _step_now(document)
    if step is not None:
        next_hands = holders([step.organisation_id], actor.today).get(step.organisation_id, [])
    else:
        next_hands = [document.in_charge_id] if document.in_charge_id else []
    others = [user for user in next_hands if user != actor.user_id]
    notify(actor=actor, recipients=others, text=text, path=f"/sheets/documents/{document.pk}/")


def _title(document: SheetDocument) -> str:
    return f"{document.region.name}の自治体情報シート（{document.fiscal_year}年度）"


def send_document(*, actor: Actor, document_id: UUID, version: int, route_id: UUID, note: str = "") -> SheetDocument:
    """From its authors to the first step of a route. Raises UnableToMove: findings that stop it, a vacant post."""
    with transaction.atomic():
        document = get_document(actor, document_id)
        _must(may_write(actor, document))
        route_row = get_route(actor, route_id)
        if route_row.organisation_id != document.organisation_id or not route_row.in_use:
            raise UnableToMove("この組織の経路を選んでください。何も変わっていません。")
        stopping = stops(problems_of(document))
        if stopping:
            raise UnableToMove(f"直さないと回せないところが{len(stopping)}件あります。先に直してください。")
        route = steps_from_json(route_row.steps)
        vacant = vacant_steps(route, actor.today)
        if vacant:
            named = "、".join(step.label for step in vacant)
            raise UnableToMove(
                f"経路の「{named}」に、いま受け取れる人がいません。経路を直すか、その組織の担当者を登録してから回してください。何も変わっていません。"
            )
        _go(
            actor,
            document,
            FlowAction.SEND,
            version,
            reason=note,
            route=[step.as_json() for step in route],
            mended_since_check=False,
            decided_on=None,
            document_number="",
        )
        _tell(actor, document, f"{_title(document)}が回ってきました。確認をお願いします。")
    return document


def check_document(
    *, actor: Actor, document_id: UUID, version: int, note: str = "", on_behalf: bool = False
) -> SheetDocument:
    """The step that has it found it right. on_behalf: checked on paper, written down by the authors with `note`."""
    with transaction.atomic():
        document = _act(actor, document_id, on_behalf, note)
        _go(actor, document, FlowAction.CHECK, version, reason=note, on_behalf=on_behalf)
        _tell(actor, document, f"{_title(document)}が回ってきました。")
    return document


def _act(actor: Actor, document_id: UUID, on_behalf: bool, reason: str) -> SheetDocument:
    document = get_document(actor, document_id)
    if not on_behalf:
        _must(may_act(actor, document))
        return document
    _must(may_record_for(actor, document))
    if not reason.strip():
        raise UnableToMove("代わりに記録する理由を入れてください（例: 紙の回議で確認を受けた）。何も変わっていません。")
    return document


def decide_document(
    *, actor: Actor, document_id: UUID, version: int, facts: DecisionFacts, note: str = "", on_behalf: bool = False
) -> SheetDocument:
    """Writes down a decision that was made on paper or in another system: its day and number. Raises UnableToMove."""
    problems = decision_problems(facts, actor.today)
    if problems:
        raise UnableToMove(" ".join(problems))
    with transaction.atomic():
        document = _act(actor, document_id, on_behalf, note)
        _go(
            actor,
            document,
            FlowAction.DECIDE,
            version,
            reason=note,
            on_behalf=on_behalf,
            decided_on=facts.decided_on,
            document_number=facts.document_number.strip(),
        )
    return document


def return_document(*, actor: Actor, document_id: UUID, version: int, reason: str) -> SheetDocument:
    """Back to its authors, with the reason they will read. A submitted edition stays as it was, marked as returned."""
    if not reason.strip():
        raise UnableToMove("差し戻す理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        document = get_document(actor, document_id)
        _must(may_act(actor, document))
        document.submissions.filter(state=SubmissionState.WAITING).update(state=SubmissionState.RETURNED)
        _go(actor, document, FlowAction.RETURN, version, reason=reason)
        _tell(actor, document, f"{_title(document)}が差し戻されました。理由を確かめてください。")
    return document


def pull_back_document(*, actor: Actor, document_id: UUID, version: int, reason: str) -> SheetDocument:
    """Its authors take it back before it is submitted. Raises UnableToMove."""
    if not reason.strip():
        raise UnableToMove("引き戻す理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        document = get_document(actor, document_id)
        if not is_author(actor, document):
            raise UnableToMove("引き戻せるのは、このシートを作った組織の担当者です。")
        _go(actor, document, FlowAction.PULL_BACK, version, reason=reason)
    return document


def withdraw_document(*, actor: Actor, document_id: UUID, version: int, reason: str) -> SheetDocument:
    """The sheet is not pursued any more; it stays to be read."""
    if not reason.strip():
        raise UnableToMove("取りやめる理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        document = get_document(actor, document_id)
        if not is_author(actor, document):
            raise UnableToMove("取りやめられるのは、このシートを作った組織の担当者です。")
        document.submissions.filter(state=SubmissionState.WAITING).update(state=SubmissionState.RETURNED)
        _go(actor, document, FlowAction.WITHDRAW, version, reason=reason)
    return document


def mend_document(
    *, actor: Actor, document_id: UUID, version: int, key: str, edits: Mapping[str, str], reason: str
) -> SheetDocument:
    """代理修正: whoever has the sheet at a step mends it, with a reason its authors are told.

    Before the submission the checks are made again (a figure changed after 確認 was not what they saw). After the
    submission a new edition is frozen; the one that was handed in stays.
    """
    if not reason.strip():
        raise UnableToMove("代わりに直す理由を入れてください。作成した組織に伝わります。何も変わっていません。")
    with transaction.atomic():
        document = get_document(actor, document_id)
        _must(may_act(actor, document))
        before = content_of(document)
        own = {path: text for path, text in edits.items() if path == key or path.startswith(f"{key}.")}
        content, errors = apply_edits(before, own)
        if errors:
            raise UnableToMove(
                "読み取れない入力があります。まだ保存していません。 " + " ".join(e.message for e in errors)
            )
        changed = changed_paths(before, content)
        if not changed:
            raise UnableToMove("変わったところがありません。")
        chapter = document.chapters.filter(key=SectionKey(key)).first()
        if chapter is None:
            raise UnableToMove("この様式にない章です。画面を開き直してください。")
        SheetChapter.objects.filter(pk=chapter.pk).update(
            content=content.get(key), version=chapter.version + 1, edited_at=actor.now, edited_by_name=actor.name
        )
        submitted = document.submissions.filter(state=SubmissionState.WAITING).first()
        _go(
            actor,
            document,
            FlowAction.MEND,
            version,
            reason=reason,
            fields=changed,
            mended_since_check=document.mended_since_check or submitted is None,
        )
        if submitted is not None:
            SheetSubmission.objects.filter(pk=submitted.pk).update(state=SubmissionState.RETURNED)
            _freeze(actor, document)
        notify(
            actor=actor,
            recipients=[document.in_charge_id] if document.in_charge_id else [],
            text=f"{_title(document)}が代わりに直されました。直したところと理由を確かめてください。",
            path=f"/sheets/documents/{document.pk}/",
        )
    return document


def _freeze(actor: Actor, document: SheetDocument) -> SheetSubmission:
    """Everything an export needs, as it is now."""
    content, origins = content_of(document), origins_of(document)
    former = sheet_content(document.begun_from) if document.begun_from else {}
    unchanged = sorted(unchanged_paths(former, content)) if former else []
    assert document.decided_on is not None  # sheets_document_decision_recorded
    region = document.region
    submission = SheetSubmission(
        id=new_id(),
        document=document,
        edition=document.submissions.count() + 1,
        region_name=region.name,
        prefecture_name=region.prefecture.name if region.prefecture else "",
        fiscal_year=document.fiscal_year,
        layout=document.layout,
        content=content,
        origins=origins,
        unchanged=unchanged,
        digest=digest(document.layout, region.name, document.fiscal_year, content, origins, unchanged),
        decided_on=document.decided_on,
        document_number=document.document_number,
        late=document.due_on is not None and actor.today > document.due_on,
        submitted_at=actor.now,
        submitted_by_id=actor.user_id,
        submitted_by_name=actor.name,
    )
    submission.save(force_insert=True)
    return submission


def submit_document(*, actor: Actor, document_id: UUID, version: int, note: str = "") -> SheetSubmission:
    """Freezes the sheet and hands it to the first body of the route that receives it. Past the date it is late, not lost.

    Without a receiving body (the sheet goes to the nation by mail) it is accepted at once and becomes the record.
    """
    with transaction.atomic():
        document = get_document(actor, document_id)
        if not is_author(actor, document):
            raise UnableToMove("提出できるのは、このシートを作った組織の担当者です。")
        _go(actor, document, FlowAction.SUBMIT, version, reason=note)
        submission = _freeze(actor, document)
        ask_for_files(actor=actor, submission=submission)
        if _step_now(document) is None:
            _accept(actor, document, submission)
        else:
            _tell(actor, document, f"{_title(document)}が提出されました。受付をお願いします。")
    return submission


def accept_document(*, actor: Actor, document_id: UUID, version: int, note: str = "") -> SheetDocument:
    """The body that has it takes it; after the last one it becomes the current sheet of its region and year."""
    with transaction.atomic():
        document = get_document(actor, document_id)
        step = _step_now(document)
        if step is None or step.kind is not StepKind.RECEIVE:
            raise UnableToMove("いまは受付の段ではありません。画面を開き直してください。")
        _must(may_act(actor, document))
        _go(actor, document, FlowAction.ACCEPT, version, reason=note)
        if _step_now(document) is None:
            _accept(actor, document, document.submissions.get(state=SubmissionState.WAITING))
        else:
            _tell(actor, document, f"{_title(document)}が届きました。受付をお願いします。")
    return document


def _accept(actor: Actor, document: SheetDocument, submission: SheetSubmission) -> Sheet:
    """The submitted sheet becomes the record: chapters that can be published, figures with their lineage."""
    SheetSubmission.objects.filter(pk=submission.pk).update(state=SubmissionState.ACCEPTED)
    facts = SheetFacts(document.region, submission.fiscal_year, submission.layout, submission.content)
    sheet = Sheet(
        id=new_id(),
        region=document.region,
        region_name=document.region.name,
        fiscal_year=submission.fiscal_year,
        layout=submission.layout,
        submission=submission,
        state=SheetState.CURRENT,
        confirmed_by_id=actor.user_id,
        confirmed_by_name=actor.name,
        confirmed_at=actor.now,
    )
    try:
        make_current(
            Actor.system("自治体情報シートの受理", now=actor.now),
            facts,
            sheet,
            current_of(document.region_id, submission.fiscal_year),
        )
    except UnableToRecord as refusal:
        raise UnableToMove(f"基本情報の数値を記録できないため、受理していません。 {refusal}") from refusal
    except IntegrityError as error:
        raise UnableToMove(_STALE) from error
    publish(SheetConfirmed(sheet.pk, sheet.region_id, sheet.fiscal_year))
    return sheet
