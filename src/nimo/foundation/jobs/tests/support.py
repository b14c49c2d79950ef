"""People who ask for jobs, and jobs to ask for."""

from __future__ import annotations

from datetime import UTC, datetime

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Membership, Organisation, User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.regions.models import Region

NOW = datetime(2026, 5, 11, 3, 0, tzinfo=UTC)
SYSTEM = Actor.system("試験", now=NOW)


def region(code: str = "10205", name: str = "太田市", kind: str = "city") -> Region:
    found, _ = Region.objects.get_or_create(code=code, defaults={"name": name, "kana": "", "kind": kind})
    return found


def organisation(name: str = "太田市 障がい福祉課", region_code: str = "10205") -> Organisation:
    place = region(region_code, name=region_code)
    found, _ = Organisation.objects.get_or_create(name=name, kind="municipality", region=place)
    return found


def official(
    name: str = "職員 一郎", *, role: Role = Role.MUNICIPAL_OFFICER, at: Organisation | None = None
) -> tuple[User, Actor]:
    """A user with one live membership, and the actor of that user."""
    user = User.objects.create(login_name=f"user{User.objects.count()}", name=name)
    Membership.objects.create(
        user=user, organisation=at or organisation(), role=role, valid_from=NOW.date().replace(month=4, day=1)
    )
    return user, actor_for_user(user, NOW)
