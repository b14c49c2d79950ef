"""Last year's figures, offered row by row: a person takes one or leaves it, and says why an indicator went."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nimo.community.sheets.choices import SectionKey, SuggestionState
from nimo.community.sheets.models.documents import CarryDecision, SheetDocument
from nimo.community.sheets.policies import get_document, may_write
from nimo.community.sheets.queries.documents import content_of, open_suggestions, unexplained_indicators
from nimo.community.sheets.rules.carrying import Suggestion, taken
from nimo.community.sheets.services.chapters import UnableToSaveChapter, store_chapter
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

LEAVE = register_verb("sheets.leave_figure", "引き継ぎの候補を引き継がないことにした")
EXPLAIN = register_verb("sheets.explain_dropped", "やめた指標の理由を記録した")


class UnableToCarry(Exception):
    """Nothing was carried over; str() is the sentence for the user."""


def _offered(document: SheetDocument, path: str, from_path: str) -> Suggestion:
    for one in open_suggestions(document):
        if one.path == path and one.from_path == from_path:
            return one
    raise UnableToCarry("この候補はもうありません（行が変わったか、もう決められています）。画面を開き直してください。")


def _writable(actor: Actor, document_id: UUID) -> SheetDocument:
    document = get_document(actor, document_id)
    decision = may_write(actor, document)
    if not decision:
        raise UnableToCarry(decision.reason)
    return document


def _decide(
    actor: Actor, document: SheetDocument, suggestion: Suggestion, state: SuggestionState, reason: str
) -> CarryDecision:
    decision, _ = CarryDecision.objects.update_or_create(
        document=document,
        key=suggestion.key[:300],
        defaults={
            "label": suggestion.label[:300],
            "from_label": suggestion.from_label[:300],
            "text": suggestion.text,
            "state": state,
            "reason": reason.strip()[:300],
            "decided_at": actor.now,
            "decided_by_name": actor.name,
        },
    )
    return decision


def take_figure(*, actor: Actor, document_id: UUID, path: str, from_path: str, text: str) -> CarryDecision:
    """Copies one offered figure into its empty field. text: the figure as the person saw it; if it changed since, nothing
    is taken. Raises UnableToCarry.
    """
    with transaction.atomic():
        document = _writable(actor, document_id)
        suggestion = _offered(document, path, from_path)
        if suggestion.text != text:
            raise UnableToCarry(
                f"もとの実績値が「{suggestion.text}」に変わっています。確かめて、もう一度選んでください。"
            )
        chapter = document.chapters.get(key=SectionKey.TARGETS)
        before = content_of(document)
        origin = {
            "text": f"今年度のシートの実績値「{suggestion.from_label}」から引き継ぎ（{actor.name}が確認）",
            "href": "",
        }
        try:
            store_chapter(
                actor=actor,
                document=document,
                chapter=chapter,
                version=chapter.version,
                before=before,
                content=taken(before, suggestion),
                origins={suggestion.path: origin},
            )
        except UnableToSaveChapter as refusal:
            raise UnableToCarry(str(refusal)) from refusal
        return _decide(actor, document, suggestion, SuggestionState.TAKEN, "")


def leave_figure(*, actor: Actor, document_id: UUID, path: str, from_path: str, reason: str = "") -> CarryDecision:
    """Not to be carried over; the same figure is not offered again. Raises UnableToCarry."""
    with transaction.atomic():
        document = _writable(actor, document_id)
        decision = _decide(actor, document, _offered(document, path, from_path), SuggestionState.REFUSED, reason)
        record(
            actor,
            verb=LEAVE,
            target=("sheets.document", str(document.pk)),
            region_code=document.region_id,
            organisation_id=document.organisation_id,
            reason=reason.strip(),
            diff={"指標": [None, decision.label[:120]]},
        )
    return decision


def explain_dropped(*, actor: Actor, document_id: UUID, indicator: str, reason: str) -> CarryDecision:
    """Why an indicator of last year is not pursued any more. Raises UnableToCarry."""
    if not reason.strip():
        raise UnableToCarry("やめた理由を入れてください。何も記録していません。")
    with transaction.atomic():
        document = _writable(actor, document_id)
        if indicator not in unexplained_indicators(document):
            raise UnableToCarry("この指標は、理由を待っている指標ではありません。画面を開き直してください。")
        decision, _ = CarryDecision.objects.update_or_create(
            document=document,
            key=f"dropped:{indicator}"[:300],
            defaults={
                "label": indicator[:300],
                "state": SuggestionState.REFUSED,
                "reason": reason.strip()[:300],
                "decided_at": actor.now,
                "decided_by_name": actor.name,
            },
        )
        record(
            actor,
            verb=EXPLAIN,
            target=("sheets.document", str(document.pk)),
            region_code=document.region_id,
            organisation_id=document.organisation_id,
            reason=reason.strip(),
            diff={"指標": [None, indicator[:120]]},
        )
    return decision
