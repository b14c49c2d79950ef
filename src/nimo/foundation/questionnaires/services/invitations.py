"""Whom a round asks: organisations and users of this system, and recipients outside it who get a letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Membership, Organisation
from nimo.foundation.accounts.rules import hashed_token
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.questionnaires.choices import RecipientKind, RoundState
from nimo.foundation.questionnaires.models.answers import Answer, AnswerDraft
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.policies import get_managed_invitation, get_managed_round
from nimo.foundation.questionnaires.rules.flow import link_code
from nimo.foundation.questionnaires.services.rounds import UnableToDistribute, refuse_too_few, tell

INVITED = register_verb("questionnaires.invite", "アンケートの配る相手を足した")
CANCELLED = register_verb("questionnaires.cancel_invitation", "アンケートの依頼を取り消した")
REISSUED = register_verb("questionnaires.reissue_link", "アンケートのリンクを作り直した")
PRINTED = register_verb("questionnaires.print_letters", "アンケートのリンクのある案内文を出した")

MOST_AT_ONCE = 500


def _made(round_: Round, kind: RecipientKind, label: str, audience: str, **whom: object) -> Invitation:
    made = Invitation(id=new_id(), round=round_, recipient_kind=kind, label=label[:120], audience=audience, **whom)
    if round_.link_allowed:
        made.code_hash = hashed_token(link_code(settings.SECRET_KEY, made.pk, made.serial))
    return made


def _invitable(actor: Actor, round_id: UUID) -> Round:
    round_ = get_managed_round(actor, round_id)
    if round_.state == RoundState.CLOSED:
        raise UnableToDistribute("締め切った回には、配る相手を足せません。何も変わっていません。")
    return round_


def _keep(actor: Actor, round_: Round, made: Sequence[Invitation]) -> int:
    """An empty place for every answer of an anonymous round is made now, so that nothing is inserted when it comes."""
    Invitation.objects.bulk_create(made)
    if round_.is_anonymous:
        Answer.objects.bulk_create(Answer(round=round_, form_version_id=round_.form_version_id) for _ in made)
    if round_.state == RoundState.OPEN:
        refuse_too_few(round_=round_)
        tell(
            actor=actor,
            round_=round_,
            invitations=Invitation.objects.filter(pk__in=[one.pk for one in made]),
            again=False,
        )
    record(
        actor,
        verb=INVITED,
        target=("questionnaires.round", str(round_.pk)),
        region_code=round_.region_id,
        organisation_id=round_.organisation_id,
        diff={"足した数": [None, len(made)]},
    )
    return len(made)


def invite_organisations(*, actor: Actor, round_id: UUID, organisation_ids: Iterable[UUID]) -> int:
    """One invitation an organisation: any of its people answers for it. Those invited already are passed over."""
    wanted = set(organisation_ids)
    with transaction.atomic():
        round_ = _invitable(actor, round_id)
        known = set(
            Invitation.objects.filter(
                round=round_, recipient_kind=RecipientKind.ORGANISATION, cancelled_at__isnull=True
            ).values_list("organisation_id", flat=True)
        )
        found = Organisation.objects.filter(pk__in=wanted - known).order_by("kind", "kana", "name")
        made = [_made(round_, RecipientKind.ORGANISATION, o.name, o.kind, organisation=o) for o in found]
        return _keep(actor, round_, made) if made else 0


def invite_users(*, actor: Actor, round_id: UUID, user_ids: Iterable[UUID]) -> int:
    """One invitation a person with a login; the kind is that of the organisation the person works in today."""
    wanted = set(user_ids)
    with transaction.atomic():
        round_ = _invitable(actor, round_id)
        known = set(
            Invitation.objects.filter(
                round=round_, recipient_kind=RecipientKind.USER, cancelled_at__isnull=True
            ).values_list("user_id", flat=True)
        )
        seen: dict[UUID, Membership] = {}
        for held in (
            Membership.objects.held_on(actor.today)
            .filter(user_id__in=wanted - known, user__is_active=True)
            .select_related("user")
        ):
            seen.setdefault(held.user_id, held)
        made = [
            _made(
                round_,
                RecipientKind.USER,
                held.user.name,
                held.organisation.kind,
                user=held.user,
                organisation=held.organisation,
            )
            for held in seen.values()
        ]
        return _keep(actor, round_, made) if made else 0


def invite_labels(*, actor: Actor, round_id: UUID, labels: Sequence[str], audience: OrganisationKind | None) -> int:
    """Recipients outside the system, one a line as they shall stand on the letter. They answer by link or on paper."""
    wanted = [label.strip() for label in labels if label.strip()]
    if len(wanted) > MOST_AT_ONCE:
        raise UnableToDistribute(
            f"一度に足せるのは{MOST_AT_ONCE}件までです。分けて足してください。何も足していません。"
        )
    if any(len(label) > 120 for label in wanted):
        raise UnableToDistribute("あて名は120字までです。短くしてください。何も足していません。")
    with transaction.atomic():
        round_ = _invitable(actor, round_id)
        kind = audience.value if audience else ""
        made = [_made(round_, RecipientKind.LABEL, label, kind) for label in wanted]
        return _keep(actor, round_, made) if made else 0


def _note(actor: Actor, verb: str, invitation: Invitation, reason: str = "") -> None:
    record(
        actor,
        verb=verb,
        target=("questionnaires.invitation", str(invitation.pk)),
        region_code=invitation.round.region_id,
        organisation_id=invitation.round.organisation_id,
        reason=reason,
    )


def cancel_invitation(*, actor: Actor, invitation_id: UUID, reason: str = "") -> None:
    """The link ends, what was typed there is thrown away. An invitation that was answered stays."""
    with transaction.atomic():
        invitation = get_managed_invitation(actor, invitation_id)
        changed = (
            Invitation.objects.filter(pk=invitation.pk, answered=False, cancelled_at__isnull=True)
            .exclude(round__state=RoundState.CLOSED)
            .update(cancelled_at=actor.now, code_hash=None, version=F("version") + 1)
        )
        if changed != 1:
            raise UnableToDistribute(
                "回答済み・取り消し済み、または締め切った回の依頼のため、取り消せません。何も変わっていません。"
            )
        AnswerDraft.objects.filter(invitation=invitation).delete()
        _note(actor, CANCELLED, invitation, reason.strip())


def reissue_link(*, actor: Actor, invitation_id: UUID) -> None:
    """A new link; letters printed before lead nowhere from now on."""
    with transaction.atomic():
        invitation = get_managed_invitation(actor, invitation_id)
        if not invitation.round.link_allowed or invitation.cancelled_at is not None:
            raise UnableToDistribute("この依頼にはリンクがありません。何も変わっていません。")
        serial = invitation.serial + 1
        changed = Invitation.objects.filter(pk=invitation.pk, serial=invitation.serial).update(
            serial=serial,
            code_hash=hashed_token(link_code(settings.SECRET_KEY, invitation.pk, serial)),
            version=F("version") + 1,
        )
        if changed != 1:
            raise UnableToDistribute("ほかの人が先にリンクを作り直しました。画面を開き直してください。")
        _note(actor, REISSUED, invitation)


def note_letters(*, actor: Actor, round_id: UUID) -> None:
    """Links were handed out on paper or as a list: said in the audit, without the links."""
    with transaction.atomic():
        round_ = get_managed_round(actor, round_id)
        record(
            actor,
            verb=PRINTED,
            target=("questionnaires.round", str(round_.pk)),
            region_code=round_.region_id,
            organisation_id=round_.organisation_id,
        )


def invite(
    *,
    actor: Actor,
    round_id: UUID,
    organisation_ids: Iterable[UUID] = (),
    user_ids: Iterable[UUID] = (),
    labels: Sequence[str] = (),
    audience: OrganisationKind | None = None,
) -> int:
    """All three kinds of recipients at once, or none of them; how many are new."""
    with transaction.atomic():
        return (
            invite_organisations(actor=actor, round_id=round_id, organisation_ids=organisation_ids)
            + invite_users(actor=actor, round_id=round_id, user_ids=user_ids)
            + invite_labels(actor=actor, round_id=round_id, labels=labels, audience=audience)
        )
