"""設置要綱: a new version ends the one before it on its own first day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import F

from nimo.community.councils.choices.bodies import QuorumKind
from nimo.community.councils.models.regulations import Regulation, RegulationClause
from nimo.community.councils.policies.bodies import get_managed_body, get_regulation, may_manage
from nimo.community.councils.rules.regulations import Clause, Terms
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.files.services import UnableToStore, store

ADDED = register_verb("councils.add_regulation", "設置要綱の版を登録した")
EDITED = register_verb("councils.edit_regulation", "設置要綱の読み取りを直した")

MOST_MONTHS = 120


class UnableToChangeRegulation(Exception):
    """str() says in Japanese what happened, that nothing was lost, and what to do."""


def _checked(terms: Terms) -> dict[str, object]:
    if not terms.title.strip():
        raise UnableToChangeRegulation("題名を入力してください。何も保存していません。")
    if (terms.quorum is QuorumKind.NUMBER) != (terms.quorum_number is not None):
        raise UnableToChangeRegulation(
            "定足数を「人数で定める」ときだけ、人数を入力してください。何も保存していません。"
        )
    if terms.term_months is not None and not 1 <= terms.term_months <= MOST_MONTHS:
        raise UnableToChangeRegulation(
            f"任期は1か月から{MOST_MONTHS}か月までで入力してください。何も保存していません。"
        )
    values = asdict(terms)
    values["title"] = terms.title.strip()
    return values


def add_regulation(
    *,
    actor: Actor,
    body_id: UUID,
    terms: Terms,
    effective_from: date,
    clauses: Sequence[Clause] = (),
    content: BinaryIO | bytes | None = None,
    file_name: str = "",
) -> Regulation:
    """A version that holds from a day on. A later version already there ends it. Raises UnableToChangeRegulation."""
    values = _checked(terms)
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        others = list(Regulation.objects.filter(body=body).order_by("effective_from"))
        if any(one.effective_from == effective_from for one in others):
            raise UnableToChangeRegulation(
                "その施行日の設置要綱はもう登録されています。登録されているものを直してください。"
            )
        before = [one for one in others if one.effective_from < effective_from]
        after = [one for one in others if one.effective_from > effective_from]
        file = None
        if content is not None:
            try:
                file = store(
                    actor=actor,
                    content=content,
                    name=file_name,
                    purpose="councils.regulation",
                    region_code=body.region_id,
                )
            except UnableToStore as refusal:
                raise UnableToChangeRegulation(str(refusal)) from None
        if before:
            Regulation.objects.filter(pk=before[-1].pk).update(effective_to=effective_from, version=F("version") + 1)
        regulation = Regulation.objects.create(
            body=body,
            effective_from=effective_from,
            effective_to=after[0].effective_from if after else None,
            file=file,
            created_at=actor.now,
            **values,
        )
        _write_clauses(regulation, clauses)
        _note(
            actor, ADDED, regulation, {"title": [None, regulation.title], "effective_from": [None, str(effective_from)]}
        )
    return regulation


def edit_regulation(
    *, actor: Actor, regulation_id: UUID, version: int, terms: Terms, clauses: Sequence[Clause] | None = None
) -> None:
    """Mends what was read from the paper; another wording of the 要綱 itself is a new version. clauses None: as they are."""
    values = _checked(terms)
    with transaction.atomic():
        regulation = get_regulation(actor, regulation_id)
        decision = may_manage(actor, regulation.body)
        if not decision:
            raise UnableToChangeRegulation(decision.reason)
        before = {key: getattr(regulation, key) for key in values}
        changed = Regulation.objects.filter(pk=regulation.pk, version=version).update(
            version=F("version") + 1, **values
        )
        if changed != 1:
            raise UnableToChangeRegulation(
                "ほかの人が先にこの設置要綱を直しました。いまの内容を確かめてから、もう一度行ってください。"
                "あなたの直しはまだ保存していません。"
            )
        if clauses is not None:
            RegulationClause.objects.filter(regulation=regulation).delete()
            _write_clauses(regulation, clauses)
        _note(actor, EDITED, regulation, dict(diff_of(before, values)))


def _write_clauses(regulation: Regulation, clauses: Sequence[Clause]) -> None:
    RegulationClause.objects.bulk_create(
        RegulationClause(
            regulation=regulation, position=place, number=one.number.strip(), kind=one.kind, text=one.text.strip()
        )
        for place, one in enumerate(clauses, start=1)
        if one.text.strip()
    )


def _note(actor: Actor, verb: str, regulation: Regulation, diff: dict[str, object]) -> None:
    record(
        actor,
        verb=verb,
        target=("councils.regulation", str(regulation.pk)),
        region_code=regulation.body.region_id,
        organisation_id=regulation.body.organisation_id,
        diff=diff,
    )
