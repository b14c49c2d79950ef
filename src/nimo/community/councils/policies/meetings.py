"""Who sees which meeting, which of its items, and which rendition of its minutes.

That a meeting was held is known to whoever knows the body. The secretariat reads everything; those who sit in the body
read what is for members; everybody else reads what is public.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from nimo.community.councils.choices.bodies import BodyAudience
from nimo.community.councils.choices.meetings import Confidentiality, MeetingState, MinutesState
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import AgendaItem, Attendee, Meeting, Paper
from nimo.community.councils.models.minutes import Decision, Minutes, Referral
from nimo.community.councils.policies.bodies import (
    NOT_YOURS,
    is_member,
    managed_bodies,
    manages,
    named_bodies,
    visible_bodies,
)
from nimo.community.councils.rules.renditions import Audience
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import ALLOWED, NotVisible, refused
from nimo.foundation.access.rules import Decision as Verdict
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import owner

_LEVELS = {
    Confidentiality.PUBLIC: Audience.PUBLIC,
    Confidentiality.MEMBERS: Audience.MEMBERS,
    Confidentiality.SECRETARIAT: Audience.SECRETARIAT,
}


def audience_of(actor: Actor, body: Body) -> Audience:
    """As what the actor reads the papers and minutes of a body."""
    if manages(actor, body):
        return Audience.SECRETARIAT
    return Audience.MEMBERS if is_member(actor, body) else Audience.PUBLIC


def open_to(confidentiality: str, audience: Audience) -> bool:
    return _LEVELS[Confidentiality(confidentiality)] <= audience


def levels_open_to(audience: Audience) -> list[str]:
    """Values of Confidentiality an audience may know of."""
    return [one.value for one, needed in _LEVELS.items() if needed <= audience]


def visible_meetings(actor: Actor) -> QuerySet[Meeting]:
    """Meetings of the bodies the actor knows. A plan that is not called yet is the affair of those who are near."""
    near = Q(body__in=named_bodies(actor)) if actor.is_authenticated else Q(pk__in=[])
    return Meeting.objects.filter(near | Q(body__in=visible_bodies(actor), state=MeetingState.HELD))


def _one(meetings: QuerySet[Meeting], meeting_id: UUID) -> Meeting:
    found = meetings.select_related("body__organisation", "body__region__prefecture").filter(pk=meeting_id).first()
    if found is None:
        raise NotVisible("会議が見つかりません。")
    return found


def get_meeting(actor: Actor, meeting_id: UUID) -> Meeting:
    return _one(visible_meetings(actor), meeting_id)


def get_managed_meeting(actor: Actor, meeting_id: UUID) -> Meeting:
    return _one(Meeting.objects.filter(body__in=managed_bodies(actor)), meeting_id)


def may_manage_meeting(actor: Actor, meeting: Meeting) -> Verdict:
    return ALLOWED if manages(actor, meeting.body) else refused(NOT_YOURS)


def visible_items(actor: Actor, meeting: Meeting) -> QuerySet[AgendaItem]:
    return meeting.items.filter(confidentiality__in=levels_open_to(audience_of(actor, meeting.body)))


def get_managed_item(actor: Actor, item_id: UUID) -> AgendaItem:
    found = (
        AgendaItem.objects.select_related("meeting__body__organisation")
        .filter(pk=item_id, meeting__body__in=managed_bodies(actor))
        .first()
    )
    if found is None:
        raise NotVisible("議題が見つかりません。")
    return found


def get_managed_attendee(actor: Actor, attendee_id: UUID) -> Attendee:
    found = (
        Attendee.objects.select_related("meeting__body__organisation")
        .filter(pk=attendee_id, meeting__body__in=managed_bodies(actor))
        .first()
    )
    if found is None:
        raise NotVisible("招集した人が見つかりません。")
    return found


def get_managed_decision(actor: Actor, decision_id: UUID) -> Decision:
    found = (
        Decision.objects.select_related("item__meeting__body__organisation")
        .filter(pk=decision_id, item__meeting__body__in=managed_bodies(actor))
        .first()
    )
    if found is None:
        raise NotVisible("決定が見つかりません。")
    return found


def get_received_referral(actor: Actor, referral_id: UUID) -> Referral:
    """For the secretariat of the body it was raised to."""
    found = (
        Referral.objects.select_related("item__meeting__body", "to_body__organisation")
        .filter(pk=referral_id, to_body__in=managed_bodies(actor))
        .first()
    )
    if found is None:
        raise NotVisible("上げられた議題が見つかりません。")
    return found


def get_published_minutes(meeting_id: UUID) -> Minutes:
    """For everybody: minutes that were approved and published, of a body whose existence is public."""
    found = (
        Minutes.objects.select_related("meeting__body__region__prefecture")
        .filter(
            pk=meeting_id,
            state=MinutesState.APPROVED,
            published_at__isnull=False,
            meeting__state=MeetingState.HELD,
            meeting__body__audience=BodyAudience.PUBLIC,
        )
        .first()
    )
    if found is None:
        raise NotVisible("公開された議事録が見つかりません。")
    return found


@owner("councils.paper")
def may_download_paper(actor: Actor, file: StoredFile) -> Verdict:
    """A paper goes to whom its item and itself are open; the stricter of the two holds."""
    papers = Paper.objects.select_related("item__meeting__body").filter(Q(file=file) | Q(furigana_file=file))
    for paper in papers.filter(item__meeting__in=visible_meetings(actor)):
        audience = audience_of(actor, paper.item.meeting.body)
        if open_to(paper.confidentiality, audience) and open_to(paper.item.confidentiality, audience):
            return ALLOWED
    return refused("この資料を見る権限がありません。")


def is_approved(meeting_id: UUID) -> bool:
    """Are the minutes of the meeting approved, so that nothing of it changes any more?"""
    return Minutes.objects.filter(pk=meeting_id, state=MinutesState.APPROVED).exists()
