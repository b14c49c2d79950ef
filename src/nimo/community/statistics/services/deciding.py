"""What people say about the doubtful: cell by cell, region by region, or that a file is not taken in at all."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from nimo.community.statistics.choices import Decision, ImportState, Severity
from nimo.community.statistics.models import ReadCell, StatisticsImport
from nimo.community.statistics.policies import get_import, may_check, may_decide, may_discard
from nimo.community.statistics.services.checking import is_large, leave_to_a_job, save_checked, save_said
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.regions.models import Region

DECIDE = register_verb("statistics.decide", "取り込んだ統計のセルを確かめた")
CHOOSE_REGION = register_verb("statistics.choose_region", "取り込んだ統計の行の地域を選んだ")
CHECK_AGAIN = register_verb("statistics.check_again", "直したあとの統計の確かめ直しを頼んだ")
DISCARD = register_verb("statistics.discard", "統計を取り込まないことにした")
_ELSEWHERE = "ほかの人が先に保存しました。あなたの入力は保存していません。画面を開き直して、もう一度確かめてください。"


class UnableToDecide(Exception):
    """Nothing was saved; str() is the sentence for the user."""


def _taken(actor: Actor, import_id: UUID, version: int) -> StatisticsImport:
    """The import, one version further: two people cannot decide past each other."""
    one = get_import(actor, import_id)
    decision = may_decide(actor, one)
    if not decision:
        raise UnableToDecide(decision.reason)
    taken = StatisticsImport.objects.filter(pk=one.pk, version=version, state=ImportState.REVIEW).update(
        version=version + 1
    )
    if not taken:
        raise UnableToDecide(_ELSEWHERE)
    one.version = version + 1
    return one


def decide_cells(
    *, actor: Actor, import_id: UUID, version: int, answers: Mapping[int, tuple[str, str]]
) -> StatisticsImport:
    """Keeps what a person said about cells. answers: cell id → (Decision, the corrected text or "").

    A cell with a STOP can be corrected or left out, not accepted. All findings are then computed again, because a
    corrected figure changes the sums it belongs to; in a large import a job does so (state CHECKING meanwhile).
    Raises UnableToDecide. Audit: how many of each.
    """
    with transaction.atomic():
        one = _taken(actor, import_id, version)
        large = is_large(one=one)
        asked = ReadCell.objects.filter(import_of=one).order_by("position")
        cells = list(asked.filter(pk__in=answers) if large else asked)
        by_id = {cell.pk: cell for cell in cells}
        changed: set[int] = set()
        counts: dict[str, int] = {}
        for cell_id, (decision, text) in answers.items():
            cell = by_id.get(cell_id)
            if cell is None:
                raise UnableToDecide(_ELSEWHERE)
            if _say(actor, cell, decision, text.strip()):
                changed.add(cell.position)
                counts[decision] = counts.get(decision, 0) + 1
        if not large:
            save_checked(actor=actor, cells=cells, changed=changed)
        elif changed:
            save_said(cells=(cell for cell in cells if cell.position in changed))
            leave_to_a_job(actor=actor, one=one, positions=changed)
        record(
            actor,
            verb=DECIDE,
            target=("statistics.import", str(one.pk)),
            region_code=one.region_code,
            organisation_id=one.organisation_id,
            diff={str(Decision(name).label): [None, count] for name, count in sorted(counts.items())},
        )
    return one


def _say(actor: Actor, cell: ReadCell, decision: str, text: str) -> bool:
    """Whether anything is other than before."""
    if decision not in Decision.values:
        raise UnableToDecide(f"「{decision}」という選び方はありません。何も保存していません。")
    if decision == Decision.ACCEPTED and cell.severity == Severity.STOP:
        raise UnableToDecide(
            f"{cell.address}は止まっているため、「このままでよい」は選べません。何も保存していません。直すか、記録しないを選んでください。"
        )
    if decision == Decision.CORRECTED and not text:
        raise UnableToDecide(
            f"{cell.address}の直した値が空です。何も保存していません。値を入れるか、ほかを選んでください。"
        )
    if len(text) > 120:
        raise UnableToDecide(f"{cell.address}の直した値が長すぎます（120字まで）。何も保存していません。")
    corrected = text if decision == Decision.CORRECTED else ""
    if (cell.decision, cell.corrected) == (decision, corrected):
        return False
    cell.decision, cell.corrected = decision, corrected
    cell.decided_by_name, cell.decided_at = actor.name, actor.now
    return True


def choose_regions(*, actor: Actor, import_id: UUID, version: int, choices: Mapping[str, str]) -> StatisticsImport:
    """Says which region a name in the file means, for all its rows; "" leaves the rows out.

    choices: text as written (ReadCell.region_text) → region code. Raises UnableToDecide: no such region, not within
    the reach. A large import is then looked at by a job, as after `decide_cells`. Audit: the names and codes.
    """
    with transaction.atomic():
        one = _taken(actor, import_id, version)
        wanted = {code for code in choices.values() if code}
        known = set(Region.objects.filter(code__in=wanted).values_list("code", flat=True))
        for code in sorted(wanted):
            if code not in known:
                raise UnableToDecide(f"地域コード {code} は地域の表にありません。何も保存していません。")
            if not actor.may(Permission.LOAD_INDICATORS, region_code=code):
                raise UnableToDecide(f"地域コード {code} は、あなたの担当の地域ではありません。何も保存していません。")
        _place(actor, one, choices)
        kept = {**one.region_choices, **choices}
        StatisticsImport.objects.filter(pk=one.pk).update(region_choices=kept)
        record(
            actor,
            verb=CHOOSE_REGION,
            target=("statistics.import", str(one.pk)),
            region_code=one.region_code,
            organisation_id=one.organisation_id,
            diff={text[:60]: [None, code or "記録しない"] for text, code in sorted(choices.items())},
        )
    one.refresh_from_db()
    return one


def _place(actor: Actor, one: StatisticsImport, choices: Mapping[str, str]) -> None:
    """Gives every row of these places its region, or leaves it out."""
    rows = ReadCell.objects.filter(import_of=one)
    for text, code in choices.items():
        rows.filter(region_text=text).update(
            region=code or None,
            decision=Decision.PENDING if code else Decision.LEFT_OUT,
            corrected="",
            decided_by_name=actor.name,
            decided_at=actor.now,
        )
    if is_large(one=one):
        leave_to_a_job(actor=actor, one=one, texts=choices)
        return
    cells = list(rows.order_by("position"))
    save_checked(actor=actor, cells=cells, changed={cell.position for cell in cells if cell.region_text in choices})


def ask_again(*, actor: Actor, import_id: UUID, version: int) -> StatisticsImport:
    """Another job after the one was stopped that looks at the figures again. Raises UnableToDecide. Audit: the state."""
    with transaction.atomic():
        one = _taken(actor, import_id, version)
        decision = may_check(actor, one)
        if not decision:
            raise UnableToDecide(decision.reason)
        leave_to_a_job(actor=actor, one=one)
        record(
            actor,
            verb=CHECK_AGAIN,
            target=("statistics.import", str(one.pk)),
            region_code=one.region_code,
            organisation_id=one.organisation_id,
            diff={"state": [ImportState.REVIEW, ImportState.CHECKING]},
        )
    return one


def discard_import(*, actor: Actor, import_id: UUID, version: int) -> StatisticsImport:
    """The file is kept and nothing of it is recorded. Raises UnableToDecide. Audit: the state."""
    with transaction.atomic():
        one = get_import(actor, import_id)
        decision = may_discard(actor, one)
        if not decision:
            raise UnableToDecide(decision.reason)
        taken = StatisticsImport.objects.filter(pk=one.pk, version=version, state=one.state).update(
            state=ImportState.DISCARDED, version=version + 1
        )
        if not taken:
            raise UnableToDecide(_ELSEWHERE)
        record(
            actor,
            verb=DISCARD,
            target=("statistics.import", str(one.pk)),
            region_code=one.region_code,
            organisation_id=one.organisation_id,
            diff={"state": [one.state, ImportState.DISCARDED]},
        )
        one.refresh_from_db()
    return one
