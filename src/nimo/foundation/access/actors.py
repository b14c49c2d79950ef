"""Who acts, now: frozen at the door (a request, a job, a command) and handed down to every policy and service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Literal
from uuid import UUID

from nimo.foundation.access.permissions import Permission, Role, Scope

JAPAN = timezone(timedelta(hours=9), "JST")


@dataclass(frozen=True, slots=True)
class Grant:
    """One live membership: a role in an organisation, the regions it covers, and what the matrix gives it.

    `region_codes` holds the code of the organisation's region and of every region below it on the day
    the actor was made; None means every region (national secretariat, system administrator).
    """

    role: Role
    organisation_id: UUID
    organisation_name: str
    region_code: str
    region_codes: frozenset[str] | None
    scopes: Mapping[Permission, Scope]

    def reaches(self, permission: Permission, region_code: str | None, organisation_id: UUID | None) -> bool:
        scope = self.scopes.get(permission)
        if scope is None:
            return False
        if scope is Scope.DEPLOYMENT:
            return True
        if scope is Scope.OWN_ORGANISATION:
            return organisation_id == self.organisation_id
        return region_code is not None and (self.region_codes is None or region_code in self.region_codes)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a permission reaches for list filters: everything, or these regions and these organisations."""

    everything: bool
    region_codes: frozenset[str]
    organisation_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Actor:
    """The frozen answer to "who, with which rights, when".

    kind "user": a person through `user_id`; "system": a job or command, `name` says which (it passes every
    policy except those of personal content, and stands in the audit by that name); "anonymous": the public.
    """

    kind: Literal["user", "system", "anonymous"]
    now: datetime
    name: str
    user_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    acting_organisation_id: UUID | None = None
    request_id: str = ""
    emergency_access_reason: str | None = field(default=None)

    @classmethod
    def system(cls, name: str, *, now: datetime) -> Actor:
        return cls(kind="system", now=now, name=name)

    @classmethod
    def anonymous(cls, *, now: datetime, request_id: str = "") -> Actor:
        return cls(kind="anonymous", now=now, name="公開の閲覧者", request_id=request_id)

    @property
    def is_authenticated(self) -> bool:
        return self.kind != "anonymous"

    @property
    def today(self) -> date:
        """The day in Japan (house.md §5: stored UTC, days reckoned in Japan)."""
        return self.now.astimezone(JAPAN).date()

    @property
    def organisation(self) -> Grant | None:
        """The grant the person acts under: the chosen organisation, else the first."""
        for grant in self.grants:
            if grant.organisation_id == self.acting_organisation_id:
                return grant
        return self.grants[0] if self.grants else None

    def has_anywhere(self, permission: Permission) -> bool:
        """Coarse check of `@requires`: does any membership carry the permission at all?"""
        return self.kind == "system" or any(permission in grant.scopes for grant in self.grants)

    def may(
        self, permission: Permission, *, region_code: str | None = None, organisation_id: UUID | None = None
    ) -> bool:
        """Fine check: does a membership carry the permission as far as this region or organisation?"""
        if self.kind == "system":
            return True
        return any(grant.reaches(permission, region_code, organisation_id) for grant in self.grants)

    def reach(self, permission: Permission) -> Reach:
        """The same rule turned into a filter, so that a list and its detail page cannot disagree."""
        if self.kind == "system":
            return Reach(True, frozenset(), frozenset())
        regions: set[str] = set()
        organisations: set[UUID] = set()
        for grant in self.grants:
            scope = grant.scopes.get(permission)
            if scope is Scope.DEPLOYMENT or (scope is Scope.OWN_REGION and grant.region_codes is None):
                return Reach(True, frozenset(), frozenset())
            if scope is Scope.OWN_REGION and grant.region_codes is not None:
                regions |= grant.region_codes
            elif scope is Scope.OWN_ORGANISATION:
                organisations.add(grant.organisation_id)
        return Reach(False, frozenset(regions), frozenset(organisations))
