"""Writing an answer: begin, save (each time another version), confirm (frozen with its paper), or give it up."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from nimo.community.indicators.models import Indicator
from nimo.community.reports.choices import AnswerState
from nimo.community.reports.models.answers import AnswerSheet, AnswerVersion
from nimo.community.reports.policies import ANSWER_FILES, get_answer, may_begin, may_edit
from nimo.community.reports.queries.papers import paper_of
from nimo.community.reports.queries.snapshots import take_snapshot
from nimo.community.reports.rules.snapshot import MOST_INDICATORS, Snapshot
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.files.services import store
from nimo.foundation.papers.formats.typesetting import UnableToTypeset, typeset
from nimo.foundation.regions.models import Region

BEGIN = register_verb("reports.begin_answer", "答弁用の1枚を作った")
SAVE = register_verb("reports.save_answer", "答弁用の1枚を保存した")
CONFIRM = register_verb("reports.confirm_answer", "答弁用の1枚を確定した")
DROP = register_verb("reports.drop_answer", "答弁用の1枚を取りやめた")

_CHANGED = (
    "ほかの人が先に保存したか、状態が変わりました。あなたの入力は保存していません。"
    "別の画面で開き直し、今の内容を確かめてから、もう一度入力してください。"
)


class UnableToBegin(Exception):
    """No sheet was made; str() is the sentence for the user."""


class UnableToSave(Exception):
    """The sheet stays as it was; str() is the sentence for the user."""


class UnableToConfirm(Exception):
    """The sheet stays a draft; str() is the sentence for the user."""


class UnableToDrop(Exception):
    """The sheet stays as it was; str() is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people write on the sheet."""

    title: str
    meeting_name: str = ""
    asked_on: date | None = None
    answerer_post: str = ""
    question: str = ""
    answer: str = ""

    def as_fields(self) -> dict[str, object]:
        return {
            "title": self.title,
            "meeting_name": self.meeting_name,
            "asked_on": self.asked_on,
            "answerer_post": self.answerer_post,
            "question": self.question,
            "answer": self.answer,
        }


def begin_answer(
    *, actor: Actor, region_code: str, indicator_codes: Sequence[str], public_only: bool = False
) -> AnswerSheet:
    """A draft with today's figures of a region, for up to four indicators.

    The figures are those the actor may see; public_only: those anybody may see. Raises UnableToBegin.
    """
    decision = may_begin(actor)
    if not decision:
        raise UnableToBegin(decision.reason)
    codes = list(dict.fromkeys(indicator_codes))
    if not 1 <= len(codes) <= MOST_INDICATORS:
        raise UnableToBegin(f"指標を1つから{MOST_INDICATORS}つまで選んでください。何も作っていません。")
    names = dict(Indicator.objects.filter(pk__in=codes).values_list("code", "name"))
    region = Region.objects.select_related("prefecture").filter(pk=region_code).first()
    if region is None or len(names) != len(codes):
        raise UnableToBegin("選んだ地域か指標が見つかりません。何も作っていません。選び直してください。")
    snapshot = take_snapshot(actor, region.code, codes, public=public_only)
    organisation = actor.organisation
    assert organisation is not None  # may_begin
    full_name = f"{region.prefecture.name}{region.name}" if region.prefecture else region.name
    with transaction.atomic():
        sheet = AnswerSheet(
            organisation_id=organisation.organisation_id,
            organisation_name=organisation.organisation_name,
            region=region,
            region_name=full_name,
            indicators=codes,
            public_only=public_only,
            begun_by_id=actor.user_id,
            begun_by_name=actor.name,
            begun_at=actor.now,
        )
        sheet.save(force_insert=True)
        title = f"{region.name}の{names[codes[0]]}" + (f"ほか{len(codes) - 1}件" if len(codes) > 1 else "")
        _add_version(actor, sheet, 1, Words(title[:80]), snapshot)
        record(
            actor,
            verb=BEGIN,
            target=("reports.answersheet", str(sheet.pk)),
            region_code=sheet.region_id,
            organisation_id=sheet.organisation_id,
            diff={"指標": [None, "、".join(codes)], "公表用": [None, public_only]},
        )
    return sheet


def _add_version(actor: Actor, sheet: AnswerSheet, number: int, words: Words, snapshot: Snapshot) -> AnswerVersion:
    version = AnswerVersion(
        sheet=sheet,
        number=number,
        **words.as_fields(),
        snapshot=snapshot.as_json(),
        saved_at=actor.now,
        saved_by_name=actor.name,
    )
    version.save(force_insert=True)
    return version


def _newest(sheet: AnswerSheet) -> AnswerVersion:
    return AnswerVersion.objects.get(sheet=sheet, number=sheet.version)


def save_answer(*, actor: Actor, answer_id: UUID, version: int, words: Words) -> AnswerSheet:
    """Another version with these words and the figures of now. `version`: the one the person has seen.

    Raises NotVisible and UnableToSave (confirmed or given up meanwhile, somebody was quicker, no title).
    """
    sheet = get_answer(actor, answer_id)
    decision = may_edit(actor, sheet)
    if not decision:
        raise UnableToSave(decision.reason)
    if not words.title.strip():
        raise UnableToSave("件名を入れてください。保存していません。")
    before = _newest(sheet)
    snapshot = take_snapshot(
        actor, sheet.region_id, sheet.indicators, public=sheet.public_only, asked_on=words.asked_on, but=sheet.pk
    )
    try:
        with transaction.atomic():
            taken = AnswerSheet.objects.filter(pk=sheet.pk, version=version, state=AnswerState.DRAFT)
            if taken.update(version=version + 1) != 1:
                raise UnableToSave(_CHANGED)
            _add_version(actor, sheet, version + 1, words, snapshot)
            old = {name: getattr(before, name) for name in words.as_fields()}
            record(
                actor,
                verb=SAVE,
                target=("reports.answersheet", str(sheet.pk)),
                region_code=sheet.region_id,
                organisation_id=sheet.organisation_id,
                diff=diff_of(old, words.as_fields()),
            )
    except IntegrityError as error:
        raise UnableToSave(_CHANGED) from error
    sheet.version = version + 1
    return sheet


def _missing(version: AnswerVersion) -> list[str]:
    needed = {
        "会議の名称": version.meeting_name,
        "質問の日": version.asked_on,
        "答弁する職": version.answerer_post,
        "質問": version.question,
        "答弁": version.answer,
    }
    return [name for name, given in needed.items() if not given]


def confirm_answer(*, actor: Actor, answer_id: UUID, version: int) -> AnswerSheet:
    """What was answered: the words and figures of this version and its paper are kept as they are, for good.

    Raises NotVisible and UnableToConfirm (something is missing, it cannot be printed, somebody changed it meanwhile).
    """
    sheet = get_answer(actor, answer_id)
    decision = may_edit(actor, sheet)
    if not decision:
        raise UnableToConfirm(decision.reason)
    if sheet.version != version:
        raise UnableToConfirm(_CHANGED)
    newest = _newest(sheet)
    missing = _missing(newest)
    if missing:
        raise UnableToConfirm(f"{'、'.join(missing)}を入れてから確定してください。まだ確定していません。")
    try:
        printed = typeset(paper_of(sheet, newest, draft=False))
    except UnableToTypeset as refusal:
        raise UnableToConfirm(str(refusal)) from refusal
    with transaction.atomic():
        file = store(
            actor=actor,
            content=io.BytesIO(printed.pdf),
            name=f"{newest.title}.pdf",
            purpose=ANSWER_FILES,
            region_code=sheet.region_id,
        )
        taken = AnswerSheet.objects.filter(pk=sheet.pk, version=version, state=AnswerState.DRAFT).update(
            state=AnswerState.CONFIRMED, pdf=file, confirmed_by_name=actor.name, confirmed_at=actor.now
        )
        if taken != 1:
            raise UnableToConfirm(_CHANGED)
        record(
            actor,
            verb=CONFIRM,
            target=("reports.answersheet", str(sheet.pk)),
            region_code=sheet.region_id,
            organisation_id=sheet.organisation_id,
            diff={"state": [AnswerState.DRAFT, AnswerState.CONFIRMED], "版": [None, version]},
        )
    sheet.refresh_from_db()
    return sheet


def drop_answer(*, actor: Actor, answer_id: UUID, reason: str) -> AnswerSheet:
    """A draft that will not be used. It stays, with the reason. Raises NotVisible and UnableToDrop."""
    sheet = get_answer(actor, answer_id)
    decision = may_edit(actor, sheet)
    if not decision:
        raise UnableToDrop(decision.reason)
    if not reason.strip():
        raise UnableToDrop("取りやめる理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        taken = AnswerSheet.objects.filter(pk=sheet.pk, state=AnswerState.DRAFT).update(
            state=AnswerState.DROPPED, drop_reason=reason.strip()[:200]
        )
        if taken != 1:
            raise UnableToDrop(_CHANGED)
        record(
            actor,
            verb=DROP,
            target=("reports.answersheet", str(sheet.pk)),
            region_code=sheet.region_id,
            organisation_id=sheet.organisation_id,
            reason=reason.strip(),
            diff={"state": [AnswerState.DRAFT, AnswerState.DROPPED]},
        )
    sheet.refresh_from_db()
    return sheet
