"""Looking at what people wrote: recorded before it is shown."""

from __future__ import annotations

from uuid import UUID

from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record_read
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.policies import get_answer, get_managed_round
from nimo.foundation.questionnaires.queries.results import TextsOfQuestion, one_answer, texts_of

READ_TEXTS = register_verb("questionnaires.read_texts", "アンケートの自由記述を見た")
READ_ANSWER = register_verb("questionnaires.read_answer", "記名の回答を見た")


def read_texts(*, actor: Actor, round_id: UUID) -> list[TextsOfQuestion]:
    """The free text of a round. Raises NotVisible."""
    round_ = get_managed_round(actor, round_id)
    found = texts_of(actor, round_)
    record_read(
        actor,
        verb=READ_TEXTS,
        target=("questionnaires.round", str(round_.pk)),
        region_code=round_.region_id,
        organisation_id=round_.organisation_id,
        conditions={"件数": sum(len(one.texts) for one in found)},
    )
    return found


def read_answer(*, actor: Actor, answer_id: UUID) -> tuple[Answer, list[tuple[str, str]]]:
    """One answer of a round with names, and its lines. Raises NotVisible."""
    answer = get_answer(actor, answer_id)
    record_read(
        actor,
        verb=READ_ANSWER,
        target=("questionnaires.answer", str(answer.pk)),
        region_code=answer.round.region_id,
        organisation_id=answer.round.organisation_id,
    )
    return answer, one_answer(answer)
