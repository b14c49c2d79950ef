"""The paper of one version: its words and its snapshot, nothing of today."""

from __future__ import annotations

from uuid import UUID

from nimo.community.reports.choices import AnswerState
from nimo.community.reports.formats.answer_paper import AnswerWords, answer_paper
from nimo.community.reports.models.answers import AnswerSheet, AnswerVersion
from nimo.community.reports.policies import get_answer
from nimo.community.reports.rules.snapshot import from_json
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.papers.formats.document import Paper


def get_version(sheet: AnswerSheet, number: int | None = None) -> AnswerVersion:
    """One version (None: the newest). Raises NotVisible."""
    found = AnswerVersion.objects.filter(sheet=sheet, number=number or sheet.version).first()
    if found is None:
        raise NotVisible("この版はありません。")
    return found


def paper_of(sheet: AnswerSheet, version: AnswerVersion, *, draft: bool) -> Paper:
    words = AnswerWords(
        title=version.title,
        region=sheet.region_name,
        organisation=sheet.organisation_name,
        meeting=version.meeting_name,
        asked_on=version.asked_on,
        answerer=version.answerer_post,
        question=version.question,
        answer=version.answer,
        draft=draft,
    )
    return answer_paper(words, from_json(version.snapshot))


def paper(actor: Actor, answer_id: UUID, number: int | None = None) -> tuple[AnswerSheet, AnswerVersion, Paper]:
    """A sheet the actor may see, one of its versions, and that version as a paper. Only what is confirmed has no 案.

    Raises NotVisible.
    """
    sheet = get_answer(actor, answer_id)
    version = get_version(sheet, number)
    final = sheet.state == AnswerState.CONFIRMED and version.number == sheet.version
    return sheet, version, paper_of(sheet, version, draft=not final)
