"""Who sees which body, and who sees the names of its members.

One mode a body (`Body.audience`) decides who learns that it exists and what it is for. Names are seen by the
organisation that keeps the body, the officers of its region and those who sit in it now: nobody else, whatever the mode.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from nimo.community.councils.choices.bodies import BodyAudience, Standing
from nimo.community.councils.models.bodies import Body, Manual
from nimo.community.councils.models.posts import Holding
from nimo.community.councils.models.regulations import Regulation
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.policies import owner

NOT_YOURS = "この会議体の記録を受け持つ組織の担当者だけが行えます。"


def holdings_on(day: date) -> QuerySet[Holding]:
    """Who holds which seat on a day."""
    return Holding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def _seats_of(actor: Actor) -> QuerySet[Holding]:
    if actor.user_id is None:
        return Holding.objects.none()
    return holdings_on(actor.today).filter(participant__user_id=actor.user_id)


def _near(actor: Actor) -> Q | None:
    """Bodies whose members the actor may know as an officer; None: all."""
    reach = actor.reach(Permission.VIEW_COUNCILS)
    if reach.everything:
        return None
    own = reach.organisation_ids | actor.reach(Permission.MANAGE_COUNCILS).organisation_ids
    return Q(region_id__in=reach.region_codes) | Q(organisation_id__in=own)


def visible_bodies(actor: Actor) -> QuerySet[Body]:
    """Bodies the actor may know of (not their members)."""
    public = Q(audience=BodyAudience.PUBLIC)
    if not actor.is_authenticated:
        return Body.objects.filter(public)
    near = _near(actor)
    if near is None:
        return Body.objects.all()
    wanted = public | near | Q(pk__in=_seats_of(actor).values("post__body"))
    for prefix in {grant.region_code[:2] for grant in actor.grants} - {"00"}:
        wanted |= Q(audience=BodyAudience.PREFECTURE, region__code__startswith=prefix)
    return Body.objects.filter(wanted)


def named_bodies(actor: Actor) -> QuerySet[Body]:
    """Bodies whose members' names the actor may see."""
    if not actor.is_authenticated:
        return Body.objects.none()
    near = _near(actor)
    return (
        Body.objects.all()
        if near is None
        else Body.objects.filter(near | Q(pk__in=_seats_of(actor).values("post__body")))
    )


def managed_bodies(actor: Actor) -> QuerySet[Body]:
    reach = actor.reach(Permission.MANAGE_COUNCILS)
    return Body.objects.all() if reach.everything else Body.objects.filter(organisation_id__in=reach.organisation_ids)


def _one(bodies: QuerySet[Body], body_id: UUID) -> Body:
    found = bodies.select_related("organisation", "region__prefecture").filter(pk=body_id).first()
    if found is None:
        raise NotVisible("会議体が見つかりません。")
    return found


def get_body(actor: Actor, body_id: UUID) -> Body:
    return _one(visible_bodies(actor), body_id)


def get_named_body(actor: Actor, body_id: UUID) -> Body:
    return _one(named_bodies(actor), body_id)


def get_managed_body(actor: Actor, body_id: UUID) -> Body:
    return _one(managed_bodies(actor), body_id)


def manages(actor: Actor, body: Body) -> bool:
    return actor.may(Permission.MANAGE_COUNCILS, organisation_id=body.organisation_id)


def sees_names(actor: Actor, body: Body) -> bool:
    return named_bodies(actor).filter(pk=body.pk).exists()


def standing_of(actor: Actor, body: Body) -> Standing | None:
    """The actor's own standing in the body today; None when he does not sit in it."""
    row = _seats_of(actor).filter(post__body=body).order_by("valid_from").first()
    return None if row is None else Standing(row.standing)


def is_member(actor: Actor, body: Body) -> bool:
    """Sits in the body today, as member, observer or secretariat: reads the members' rendition. A guest does not."""
    return _seats_of(actor).filter(post__body=body).exclude(standing=Standing.GUEST).exists()


def may_create(actor: Actor) -> Decision:
    """A body is kept by the organisation one acts for."""
    grant = actor.organisation
    if actor.kind == "system" or (
        grant is not None and actor.may(Permission.MANAGE_COUNCILS, organisation_id=grant.organisation_id)
    ):
        return ALLOWED
    return refused("いまの所属では、会議体を登録する権限がありません。所属を切り替えるか、責任者に相談してください。")


def may_manage(actor: Actor, body: Body) -> Decision:
    return ALLOWED if manages(actor, body) else refused(NOT_YOURS)


def get_regulation(actor: Actor, regulation_id: UUID) -> Regulation:
    found = (
        Regulation.objects.select_related("body__organisation", "file")
        .filter(pk=regulation_id, body__in=visible_bodies(actor))
        .first()
    )
    if found is None:
        raise NotVisible("設置要綱が見つかりません。")
    return found


@owner("councils.regulation")
def may_download_regulation(actor: Actor, file: StoredFile) -> Decision:
    if Regulation.objects.filter(file=file, body__in=visible_bodies(actor)).exists():
        return ALLOWED
    return refused("この設置要綱を見る権限がありません。")


@owner("councils.manual")
def may_download_manual(actor: Actor, file: StoredFile) -> Decision:
    """A manual may hold names and telephone numbers: for those who may see names."""
    if Manual.objects.filter(file=file, body__in=named_bodies(actor)).exists():
        return ALLOWED
    return refused("この手引きを見る権限がありません。")
