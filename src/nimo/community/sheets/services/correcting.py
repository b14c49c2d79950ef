"""After the submission: the sheet stays as it was handed in; a correction is written beside it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nimo.community.sheets.choices import FlowAction, SubmissionState
from nimo.community.sheets.models.documents import FlowRecord
from nimo.community.sheets.models.submissions import SheetCorrection
from nimo.community.sheets.policies import get_submission, may_correct
from nimo.community.sheets.rules.edits import as_of_words, basic_text
from nimo.community.sheets.rules.fields import BASIC_LABELS, at, basic_items, fields
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

CORRECT_SUBMITTED = register_verb("sheets.correct_submitted", "提出したシートの訂正を記した")


class UnableToCorrect(Exception):
    """No correction was written; str() is the sentence for the user."""


def _named(content: dict[str, object], path: str) -> tuple[str, str] | None:
    """(label, text as submitted) of a field."""
    key = path.removeprefix("basic_info.")
    if path.startswith("basic_info.") and key in BASIC_LABELS:
        item = next((one for one in basic_items(content) if one["key"] == key), None)
        when = as_of_words((item or {}).get("as_of"))
        return BASIC_LABELS[key], f"{basic_text(item)}{f'（{when}）' if when and item else ''}"
    for field in fields(content):
        if field.path == path:
            row = (
                str(at(content, f"{field.row}.indicator") or at(content, f"{field.row}.name") or "")
                if field.row
                else ""
            )
            return (f"{row} {field.label}".strip(), field.text)
    return None


def correct_submission(*, actor: Actor, submission_id: UUID, path: str, after: str, reason: str) -> SheetCorrection:
    """Writes a correction beside a submitted sheet. Its exports keep their bytes. Raises UnableToCorrect."""
    if not after.strip() or not reason.strip():
        raise UnableToCorrect("正しい記載と、訂正の理由を入れてください。何も記していません。")
    with transaction.atomic():
        submission = get_submission(actor, submission_id)
        decision = may_correct(actor, submission)
        if not decision:
            raise UnableToCorrect(decision.reason)
        if submission.state == SubmissionState.RETURNED:
            raise UnableToCorrect(
                "差し戻された版には訂正を記せません。シートそのものを直して、もう一度提出してください。"
            )
        found = _named(submission.content, path)
        if found is None:
            raise UnableToCorrect("その欄は、提出したシートにありません。画面を開き直してください。")
        label, before = found
        if before.strip() == after.strip():
            raise UnableToCorrect("提出したときの記載と同じです。何も記していません。")
        row = SheetCorrection.objects.create(
            submission=submission,
            path=path,
            label=label[:200],
            before=before,
            after=after.strip(),
            reason=reason.strip()[:300],
            at=actor.now,
            by_name=actor.name,
        )
        FlowRecord.objects.create(
            document=submission.document,
            action=FlowAction.CORRECT,
            post=f"第{submission.edition}回の提出",
            reason=reason.strip()[:500],
            fields=[path],
            at=actor.now,
            by_id=actor.user_id,
            by_name=actor.name,
            organisation_name=actor.organisation.organisation_name if actor.organisation else "",
        )
        record(
            actor,
            verb=CORRECT_SUBMITTED,
            target=("sheets.submission", str(submission.pk)),
            region_code=submission.document.region_id,
            organisation_id=submission.document.organisation_id,
            reason=reason.strip(),
            diff={"欄": [None, path]},
        )
    return row
