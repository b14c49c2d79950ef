"""Who sees which users and organisations, and who may change them.

Two distinctions keep a manager of one region from becoming more than that: an *account* (password, second factor,
suspension) may be touched only by somebody who reaches every organisation its owner works in and holds every
deployment-wide permission its owner has; nobody changes his own roles.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission, Role, Scope
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.accounts.models import HandOver, Membership, Organisation, User
from nimo.foundation.accounts.rules import reaches_beyond, roles_for

OUT_OF_REACH = "あなたが受け持つ地域・組織の外にあるため、この操作はできません。"


def _organisations_within(actor: Actor, *permissions: Permission) -> Q | None:
    """A condition on Organisation for what any of the permissions reaches; None for everything."""
    condition = Q(pk__in=[])
    for permission in permissions:
        reach = actor.reach(permission)
        if reach.everything:
            return None
        condition |= Q(region_id__in=reach.region_codes) | Q(pk__in=reach.organisation_ids)
    return condition


def visible_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Organisations whose entry or whose people the actor may manage."""
    condition = _organisations_within(actor, Permission.MANAGE_ORGANISATIONS, Permission.MANAGE_USERS)
    return Organisation.objects.all() if condition is None else Organisation.objects.filter(condition)


def get_organisation(actor: Actor, organisation_id: UUID) -> Organisation:
    """Raises Organisation.DoesNotExist for one that is not there or not to be seen."""
    return visible_organisations(actor).select_related("region").get(pk=organisation_id)


def visible_users(actor: Actor) -> QuerySet[User]:
    """Users who work, worked or will work in an organisation whose people the actor may manage."""
    condition = _organisations_within(actor, Permission.MANAGE_USERS)
    if condition is None:
        return User.objects.all()
    organisations = Organisation.objects.filter(condition).values("pk")
    return User.objects.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), organisation__in=organisations)))


def get_user(actor: Actor, user_id: UUID) -> User:
    """Raises User.DoesNotExist for one that is not there or not to be seen."""
    return visible_users(actor).get(pk=user_id)


def get_membership(actor: Actor, membership_id: UUID) -> Membership:
    """A role in an organisation the actor may see, with its user. Raises NotVisible."""
    found = (
        Membership.objects.filter(organisation__in=visible_organisations(actor), pk=membership_id)
        .select_related("organisation", "user")
        .first()
    )
    if found is None:
        raise NotVisible("役割が見つかりません。")
    return found


def visible_hand_overs(actor: Actor) -> QuerySet[HandOver]:
    """Hand-overs of predecessors whose organisations the actor may hand over."""
    condition = _organisations_within(actor, Permission.HAND_OVER)
    if condition is None:
        return HandOver.objects.all()
    organisations = Organisation.objects.filter(condition).values("pk")
    held = Membership.objects.filter(user=OuterRef("predecessor"), organisation__in=organisations)
    return HandOver.objects.filter(Exists(held))


def reaches(actor: Actor, permission: Permission, organisation: Organisation) -> bool:
    return actor.may(permission, region_code=organisation.region_id, organisation_id=organisation.pk)


def _widest(actor: Actor) -> Mapping[Permission, Scope]:
    """What the actor holds, each permission with its widest scope."""
    order = (Scope.OWN_ORGANISATION, Scope.OWN_REGION, Scope.DEPLOYMENT)
    held: dict[Permission, Scope] = {}
    for grant in actor.grants:
        for permission, scope in grant.scopes.items():
            held[permission] = max(held.get(permission, scope), scope, key=order.index)
    return held


def _beyond(actor: Actor, role: Role) -> list[Permission]:
    """Deployment-wide permissions of the role that the actor may not pass on."""
    if actor.kind == "system" or actor.reach(Permission.MANAGE_USERS).everything:
        return []
    return reaches_beyond(role, _widest(actor))


def may_give_role(actor: Actor, role: Role, organisation: Organisation, user: User | None = None) -> Decision:
    """May the actor make somebody hold this role in this organisation?"""
    if user is not None and user.pk == actor.user_id:
        return refused("自分の役割は自分では変えられません。ほかの管理者に頼んでください。")
    if not reaches(actor, Permission.MANAGE_USERS, organisation):
        return refused(OUT_OF_REACH)
    if role not in roles_for(organisation.kind):
        return refused(f"「{role.label}」は、区分が「{organisation.get_kind_display()}」の組織では使えない役割です。")
    beyond = _beyond(actor, role)
    if beyond:
        return refused(f"「{role.label}」は、システム管理者だけが付けられる役割です（{beyond[0].sentence}）。")
    return ALLOWED


def may_end_membership(actor: Actor, membership: Membership) -> Decision:
    """May the actor end this membership? Ending needs reach only; the rights of the role do not matter."""
    if membership.user_id == actor.user_id:
        return refused("自分の役割は自分では変えられません。ほかの管理者に頼んでください。")
    if not reaches(actor, Permission.MANAGE_USERS, membership.organisation):
        return refused(OUT_OF_REACH)
    return ALLOWED


def may_manage_account(actor: Actor, user: User) -> Decision:
    """May the actor suspend the user, end sessions, hand out a new password link, reset the second factor?"""
    if user.pk == actor.user_id:
        return refused("自分の利用者登録は、この画面では変えられません。「自分の設定」を使ってください。")
    memberships = Membership.objects.select_related("organisation").filter(user=user)
    current = [held for held in memberships if held.valid_to is None or held.valid_to > actor.today]
    judged = current or list(memberships)  # whoever left everything is still managed by those he worked for
    if not judged and not actor.may(Permission.MANAGE_USERS):
        return refused(OUT_OF_REACH)
    if not all(reaches(actor, Permission.MANAGE_USERS, held.organisation) for held in judged):
        return refused("この人は、あなたが受け持つ地域・組織の外でも働いています。システム管理者に頼んでください。")
    if any(_beyond(actor, Role(held.role)) for held in current):
        return refused("この人は、システム全体にかかわる役割を持っています。システム管理者に頼んでください。")
    return ALLOWED


def may_manage_organisation(actor: Actor, organisation: Organisation) -> Decision:
    if reaches(actor, Permission.MANAGE_ORGANISATIONS, organisation):
        return ALLOWED
    return refused(OUT_OF_REACH)


def may_create_organisation(actor: Actor, region_code: str) -> Decision:
    """Only OWN_REGION and DEPLOYMENT reach an organisation that does not exist yet."""
    if actor.may(Permission.MANAGE_ORGANISATIONS, region_code=region_code):
        return ALLOWED
    return refused("あなたが受け持つ地域の外には、組織を登録できません。")


def may_hand_over(actor: Actor, membership: Membership) -> Decision:
    """May the actor give this role of the predecessor to somebody else?"""
    if not reaches(actor, Permission.HAND_OVER, membership.organisation):
        return refused(OUT_OF_REACH)
    if _beyond(actor, Role(membership.role)):
        return refused(f"「{Role(membership.role).label}」は、システム管理者だけが引き継げる役割です。")
    return ALLOWED
