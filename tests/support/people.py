"""Places and people for tests of single apps (all invented). The big shared world is nimo.surfaces.demo."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import UTC, date, datetime

from django.db import connection, transaction
from django.db.models import BigAutoField, Model

from nimo.community.indicators.models import DerivedIndicator, DictionaryVersion, Indicator, PlanTarget
from nimo.community.indicators.services.dictionary import load_dictionary
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Membership, Organisation, User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.regions.models import Region, RegionName
from nimo.foundation.regions.services.places import load_municipalities

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SYSTEM = Actor.system("試験", now=NOW)

_KINDS = {
    Role.PREFECTURE_MANAGER: OrganisationKind.HEAD_OFFICE,
    Role.PREFECTURE_OFFICER: OrganisationKind.HEAD_OFFICE,
    Role.SYSTEM_ADMINISTRATOR: OrganisationKind.HEAD_OFFICE,
    Role.AUDITOR: OrganisationKind.HEAD_OFFICE,
    Role.HEALTH_CENTRE_OFFICER: OrganisationKind.HEALTH_CENTRE,
    Role.MENTAL_HEALTH_CENTRE_OFFICER: OrganisationKind.MENTAL_HEALTH_CENTRE,
    Role.MUNICIPAL_MANAGER: OrganisationKind.MUNICIPALITY,
    Role.MUNICIPAL_OFFICER: OrganisationKind.MUNICIPALITY,
    Role.HOSPITAL_WORKER: OrganisationKind.PSYCHIATRIC_HOSPITAL,
    Role.RESEARCHER: OrganisationKind.RESEARCH,
    Role.ADVISER: OrganisationKind.ADVISERS,
    Role.PEER_SUPPORTER: OrganisationKind.PEER_GROUP,
}


_REFERENCE = (Region, RegionName, DictionaryVersion, Indicator, DerivedIndicator, PlanTarget)
_kept: dict[type[Model], list[Model]] = {}


def load_places() -> None:
    """The national list and the dictionary. The services make them once a process and are taken back, so that no line
    of the audit stays behind; then their rows are copied."""
    if Region.objects.filter(code="10205").exists():
        return
    if not _kept:
        with transaction.atomic():
            load_municipalities(actor=SYSTEM)
            load_dictionary(actor=SYSTEM)
            _kept.update({model: list(model._default_manager.all()) for model in _REFERENCE})
            transaction.set_rollback(True)
    for model in _REFERENCE:
        rows = [copy(row) for row in _kept[model]]
        if model is Region:  # what others point to first
            rows.sort(key=lambda row: (row.prefecture_id is not None, row.city_id is not None))  # type: ignore[attr-defined]
        for row in rows:
            row._state.adding = True
            if isinstance(model._meta.pk, BigAutoField):
                row.pk = None  # PostgreSQL's sequence would not know of a number that was given
        model._default_manager.bulk_create(rows, batch_size=400)


_PLACES = (Region, RegionName)


def empty_places() -> None:
    """For tests of the loading itself: nothing is there."""
    _empty(_REFERENCE)


def empty_regions() -> None:
    """For worlds with regions of their own: the dictionary stays as it was loaded."""
    _empty(_PLACES)


def _empty(models: Sequence[type[Model]]) -> None:
    """Nothing refers to them yet: a test empties first. PostgreSQL would look in forty tables for each of 1,900 regions
    whether something does, which took 1.3 s a test; SQLite still looks, so a test that empties too late fails there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        for model in reversed(models):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def user_of(role: Role, region_code: str, *, login_name: str = "", password: str = "") -> User:
    """An invented user with one membership in an organisation of the region."""
    kind = _KINDS.get(role, OrganisationKind.MUNICIPALITY)
    organisation, _ = Organisation.objects.get_or_create(
        region_id=region_code, kind=kind, name=f"架空の組織 {region_code} {kind.label}"
    )
    number = User.objects.count() + 1
    user = User(login_name=login_name or f"user{number}", name=f"架空 {role.label} {number}", created_at=NOW)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, organisation=organisation, role=role.value, valid_from=date(2024, 4, 1))
    return user


def actor_of(role: Role, region_code: str, *, now: datetime = NOW) -> Actor:
    """The actor of a new invented user."""
    return actor_for_user(user_of(role, region_code), now)
