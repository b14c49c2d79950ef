"""Who sees which form, round, invitation and answer.

The organisation that owns a form makes, hands out and reads it. Whoever reads the region sees its forms in use and the
results of rounds that are closed, small numbers suppressed. A recipient sees the own invitation and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.questionnaires.choices import (
    Identity,
    RecipientKind,
    RoundState,
    VersionState,
)
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.models.forms import Form, FormVersion
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.rules.flow import closed_reason, spent_reason

NOT_YOURS = "このアンケートを作った組織の担当者だけが行えます。"


def _owned(actor: Actor) -> Q | None:
    """Rows of organisations the actor manages questionnaires of; None: all."""
    reach = actor.reach(Permission.MANAGE_QUESTIONNAIRES)
    return None if reach.everything else Q(organisation_id__in=reach.organisation_ids)


def manages(actor: Actor, organisation_id: UUID) -> bool:
    return actor.may(Permission.MANAGE_QUESTIONNAIRES, organisation_id=organisation_id)


def _in_region(actor: Actor) -> Q | None:
    reach = actor.reach(Permission.VIEW_QUESTIONNAIRES)
    return None if reach.everything else Q(region_id__in=reach.region_codes)


# -- Forms and versions --------------------------------------------------------------------------------------------


def visible_forms(actor: Actor) -> QuerySet[Form]:
    """The own organisation's; and those of the region that are or were in use."""
    owned, near = _owned(actor), _in_region(actor)
    if owned is None:
        return Form.objects.all()
    in_use = Exists(FormVersion.objects.filter(form=OuterRef("pk")).exclude(state=VersionState.DRAFT))
    return Form.objects.filter(owned | (Q(in_use) if near is None else near & Q(in_use)))


def get_form(actor: Actor, form_id: UUID) -> Form:
    found = visible_forms(actor).select_related("organisation", "region").filter(pk=form_id).first()
    if found is None:
        raise NotVisible("アンケートの様式が見つかりません。")
    return found


def get_version(actor: Actor, version_id: UUID) -> FormVersion:
    """A draft is the own organisation's business."""
    found = (
        FormVersion.objects.select_related("form__organisation")
        .filter(pk=version_id, form__in=visible_forms(actor))
        .first()
    )
    if found is None or (found.state == VersionState.DRAFT and not manages(actor, found.form.organisation_id)):
        raise NotVisible("様式の版が見つかりません。")
    return found


def get_owned_version(actor: Actor, version_id: UUID) -> FormVersion:
    """For those who may work on it."""
    version = get_version(actor, version_id)
    if not manages(actor, version.form.organisation_id):
        raise NotVisible("様式の版が見つかりません。")
    return version


def get_owned_form(actor: Actor, form_id: UUID) -> Form:
    form = get_form(actor, form_id)
    if not manages(actor, form.organisation_id):
        raise NotVisible("アンケートの様式が見つかりません。")
    return form


def may_create(actor: Actor) -> Decision:
    """Forms belong to the organisation one acts for."""
    grant = actor.organisation
    if actor.kind == "system" or (grant is not None and manages(actor, grant.organisation_id)):
        return ALLOWED
    return refused("いまの所属では、アンケートを作る権限がありません。所属を切り替えるか、責任者に相談してください。")


def may_manage(actor: Actor, form: Form | Round) -> Decision:
    return ALLOWED if manages(actor, form.organisation_id) else refused(NOT_YOURS)


def may_edit_version(actor: Actor, version: FormVersion) -> Decision:
    """Only a draft changes: answers that came belong to the questions as they were asked."""
    if not manages(actor, version.form.organisation_id):
        return refused(NOT_YOURS)
    if version.state != VersionState.DRAFT:
        return refused(
            "使い始めた版の質問は変えられません（届いた回答の意味が変わってしまうためです）。"
            "直したいときは、この版から新しい版を作ってください。何も変わっていません。"
        )
    return ALLOWED


# -- Rounds and invitations ----------------------------------------------------------------------------------------


def managed_rounds(actor: Actor) -> QuerySet[Round]:
    owned = _owned(actor)
    return Round.objects.all() if owned is None else Round.objects.filter(owned)


def visible_rounds(actor: Actor) -> QuerySet[Round]:
    """Own rounds; and closed ones of the region, for their results."""
    owned, near = _owned(actor), _in_region(actor)
    if owned is None:
        return Round.objects.all()
    closed = Q(state=RoundState.CLOSED)
    return Round.objects.filter(owned | (closed if near is None else near & closed))


def get_managed_round(actor: Actor, round_id: UUID) -> Round:
    found = (
        managed_rounds(actor).select_related("form_version__form", "organisation", "region").filter(pk=round_id).first()
    )
    if found is None:
        raise NotVisible("アンケートの回が見つかりません。")
    return found


def get_round(actor: Actor, round_id: UUID) -> Round:
    found = (
        visible_rounds(actor).select_related("form_version__form", "organisation", "region").filter(pk=round_id).first()
    )
    if found is None:
        raise NotVisible("アンケートの回が見つかりません。")
    return found


def get_managed_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    found = (
        Invitation.objects.select_related("round__form_version__form", "round__organisation", "organisation")
        .filter(pk=invitation_id, round__in=managed_rounds(actor))
        .first()
    )
    if found is None:
        raise NotVisible("依頼が見つかりません。")
    return found


def own_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations the person may answer: addressed to the person, or to an organisation he belongs to today."""
    if actor.kind != "user" or not actor.has_anywhere(Permission.ANSWER_QUESTIONNAIRE):
        return Invitation.objects.none()
    organisations = actor.reach(Permission.ANSWER_QUESTIONNAIRE).organisation_ids
    return Invitation.objects.filter(
        Q(user_id=actor.user_id) | Q(recipient_kind=RecipientKind.ORGANISATION, organisation_id__in=organisations),
        cancelled_at__isnull=True,
    ).exclude(round__state=RoundState.PLANNED)


def get_own_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    found = own_invitations(actor).filter(pk=invitation_id).first()
    if found is None:
        raise NotVisible("依頼が見つかりません。")
    return found


# -- Results -------------------------------------------------------------------------------------------------------


def may_see_results(actor: Actor, round_: Round) -> Decision:
    """In an anonymous round nobody sees anything before the end: who watches the numbers grow can tell who said what."""
    if round_.state != RoundState.CLOSED and not manages(actor, round_.organisation_id):
        return refused("集計は、締め切ってから見られます。")
    if round_.state != RoundState.CLOSED and round_.identity == Identity.ANONYMOUS:
        return refused(
            "無記名のアンケートの集計と自由記述は、締め切ってから見られます。だれの答えか分からないようにするためです。"
        )
    return ALLOWED


def sees_small_numbers(actor: Actor, round_: Round) -> bool:
    """The owner of a round, where respondents were told so (or gave their names)."""
    return manages(actor, round_.organisation_id) and (round_.identity == Identity.NAMED or round_.small_numbers)


def may_read_texts(actor: Actor, round_: Round) -> Decision:
    if not manages(actor, round_.organisation_id):
        return refused("自由記述は、このアンケートを行った組織の担当者だけが読めます。")
    return may_see_results(actor, round_)


def get_answer(actor: Actor, answer_id: UUID) -> Answer:
    """One answer with its name: of a round with names, for its owner."""
    found = (
        Answer.objects.select_related("round__form_version__form", "round__organisation", "invitation", "form_version")
        .filter(
            pk=answer_id,
            filled=True,
            invitation__isnull=False,
            round__identity=Identity.NAMED,
            round__in=managed_rounds(actor),
        )
        .first()
    )
    if found is None:
        raise NotVisible("回答が見つかりません。")
    return found


# -- Answering -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerAccess:
    """How somebody comes to an invitation: with the code of its link (as its hash), as its recipient who is signed
    in, or as the secretariat that types a paper answer."""

    invitation_id: UUID | None = None
    code_hash: str = ""
    as_secretariat: bool = False


def get_answerable(actor: Actor, access: AnswerAccess) -> Invitation:
    """The invitation, whatever its state (the page says why it cannot be answered). Raises NotVisible."""
    if access.code_hash:
        invitations = Invitation.objects.filter(code_hash=access.code_hash, round__link_allowed=True).exclude(
            round__state=RoundState.PLANNED
        )
    elif access.invitation_id is None:
        invitations = Invitation.objects.none()
    elif access.as_secretariat:
        invitations = Invitation.objects.filter(pk=access.invitation_id, round__in=managed_rounds(actor))
    else:
        invitations = own_invitations(actor).filter(pk=access.invitation_id)
    found = invitations.select_related("round__form_version__form", "round__organisation").first()
    if found is None:
        raise NotVisible("依頼が見つかりません。")
    return found


def may_answer(actor: Actor, invitation: Invitation, *, as_secretariat: bool = False) -> Decision:
    """Recipients answer until the due date; the secretariat enters paper until it closes the round."""
    round_ = invitation.round
    if as_secretariat:
        if round_.state != RoundState.OPEN:
            return refused("受付中の回ではないため、回答を入力できません。何も変わっていません。")
        if round_.is_anonymous:
            return refused(
                "無記名の回の紙の回答は、あて名と結び付けずに入力します。「無記名の紙を入力」から行ってください。"
            )
    else:
        reason = closed_reason(round_.state, round_.opens_on, round_.due_on, actor.today)
        if reason:
            return refused(reason)
    spent = spent_reason(
        answered=invitation.answered, cancelled=invitation.cancelled_at is not None, rule=round_.answer_rule
    )
    return refused(spent) if spent else ALLOWED
