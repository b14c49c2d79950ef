"""Read models of a round: who is asked and has answered, letters, whom one may invite."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import Membership, Organisation
from nimo.foundation.accounts.rules import hashed_token
from nimo.foundation.questionnaires.choices import RecipientKind
from nimo.foundation.questionnaires.formats.paper import FormHead, due_words
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.rules.flow import grouped_code, link_code
from nimo.foundation.regions.models import Region

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """`answer_id`: of a named round, to open the answer."""

    invitation: Invitation
    name: str
    answer_id: UUID | None


@dataclass(frozen=True, slots=True)
class Progress:
    invited: int
    answered: int
    unnamed: int
    """Answers on paper of an anonymous round beyond those given through an invitation."""

    @property
    def waiting(self) -> int:
        return self.invited - self.answered


def progress(round_: Round) -> Progress:
    """Two queries."""
    standing = Invitation.objects.filter(round=round_, cancelled_at__isnull=True)
    states = list(standing.order_by().values_list("answered", flat=True))
    given = Answer.objects.filter(round=round_, filled=True).count()
    answered = sum(states)
    return Progress(len(states), answered, max(0, given - answered))


def invitation_page(round_: Round, number: int, *, waiting_only: bool) -> tuple[Page[Invitation], list[InvitationRow]]:
    """Recipients in the order of kind and name. Two queries and the count."""
    found = Invitation.objects.filter(round=round_).select_related("user")
    if waiting_only:
        found = found.filter(answered=False, cancelled_at__isnull=True)
    page = Paginator(found.order_by("audience", "label", "pk"), PAGE_SIZE).get_page(number)
    answers: dict[UUID | None, UUID] = {}
    if not round_.is_anonymous:
        kept = Answer.objects.filter(invitation__in=[one.pk for one in page.object_list], filled=True)
        answers = dict(kept.values_list("invitation_id", "pk"))
    rows = [InvitationRow(one, name_of(one), answers.get(one.pk)) for one in page.object_list]
    return page, rows


def name_of(invitation: Invitation) -> str:
    """As the recipient is called today: a person who took over stands here, not the predecessor."""
    return invitation.user.name if invitation.user is not None else invitation.label


def addressed(invitation: Invitation) -> str:
    """The recipient as a letter addresses it."""
    ending = {RecipientKind.USER: "　様", RecipientKind.ORGANISATION: "　御中"}
    return name_of(invitation) + ending.get(RecipientKind(invitation.recipient_kind), "")


def head_of(round_: Round, invitation: Invitation | None = None) -> FormHead:
    """What stands above the paper form of a round. An anonymous form names nobody."""
    version = round_.form_version
    return FormHead(
        title=round_.title,
        recipient=addressed(invitation) if invitation and not round_.is_anonymous else "",
        asker=round_.organisation.name,
        due=due_words(round_.due_on),
        contact=round_.contact,
        message=round_.message,
        anonymous=round_.is_anonymous,
        foot=f"{version.form.title}　第{version.number}版",
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter to one recipient says. `code` "" where the link must be made anew (the key changed)."""

    name: str
    code: str
    path: str
    addressed: str = ""
    """The name as it stands on a letter: 様 for a person, 御中 for an organisation, a label as it was typed."""

    @property
    def grouped(self) -> str:
        return grouped_code(self.code)


def letters_of(round_: Round, *, path: str) -> list[Letter]:
    """Everybody who has not answered, with the link. `path`: the entry's address, to which the code is added."""
    found = Invitation.objects.filter(
        round=round_, answered=False, cancelled_at__isnull=True, code_hash__isnull=False
    ).select_related("user")
    letters = []
    for one in found.order_by("audience", "label", "pk"):
        code = link_code(settings.SECRET_KEY, one.pk, one.serial)
        if hashed_token(code) != one.code_hash:
            code = ""
        letters.append(Letter(name_of(one), code, f"{path}{code}/" if code else "", addressed(one)))
    return letters


def invitable_organisations(actor: Actor, round_: Round) -> list[tuple[str, str]]:
    """Organisations of the round's prefecture, by kind, without those invited."""
    invited = Invitation.objects.filter(
        round=round_, recipient_kind=RecipientKind.ORGANISATION, cancelled_at__isnull=True
    ).values("organisation")
    found = _near(actor, round_).exclude(pk__in=invited).order_by("kind", "kana", "name")
    return [(str(one.pk), f"{one.name}（{one.get_kind_display()}）") for one in found[:1000]]


def _near(actor: Actor, round_: Round) -> QuerySet[Organisation]:
    """Organisations of today in the prefecture the round belongs to."""
    region = Region.objects.select_related("prefecture").get(pk=round_.region_id)
    prefecture = region.prefecture_id or region.pk
    return Organisation.objects.filter(
        Q(region_id=prefecture) | Q(region__prefecture_id=prefecture),
        Q(valid_to__isnull=True) | Q(valid_to__gt=actor.today),
    )


def invitable_people(actor: Actor, round_: Round) -> list[tuple[str, str]]:
    """People with a login in those organisations, each once, without those invited."""
    invited = Invitation.objects.filter(
        round=round_, recipient_kind=RecipientKind.USER, cancelled_at__isnull=True
    ).values("user")
    held = (
        Membership.objects.held_on(actor.today)
        .filter(organisation__in=_near(actor, round_), user__is_active=True)
        .exclude(user__in=invited)
        .select_related("user")
        .order_by("organisation__kind", "organisation__name", "user__kana", "user__name")
    )
    people: dict[str, str] = {}
    for one in held[:1500]:
        people.setdefault(str(one.user_id), f"{one.user.name}（{one.organisation.name}）")
    return list(people.items())


def kinds_invited(round_: Round) -> dict[str, int]:
    """Kind of organisation → invitations that stand."""
    counted: dict[str, int] = {}
    standing = Invitation.objects.filter(round=round_, cancelled_at__isnull=True).order_by()
    for kind in standing.values_list("audience", flat=True):
        counted[kind] = counted.get(kind, 0) + 1
    return counted
