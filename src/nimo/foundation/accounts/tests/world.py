"""A small invented prefecture with offices and people, for the tests of accounts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Membership, Organisation, User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region

NOW = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)
LONG_AGO = date(2020, 4, 1)
PASSWORD = "ひつじ雲と 古い自転車 12"
SYSTEM = Actor.system("試験", now=NOW)


def region(code: str, kind: RegionKind, name: str, prefecture: Region | None = None) -> Region:
    """Under its own name, whatever the national list calls the code."""
    facts = {"kind": kind, "name": name, "kana": name, "prefecture": prefecture}
    return Region.objects.update_or_create(code=code, defaults=facts)[0]


def organisation(kind: OrganisationKind, name: str, where: Region) -> Organisation:
    return Organisation.objects.create(kind=kind, name=name, kana=name, region=where)


def person(
    login_name: str,
    *places: tuple[Role, Organisation],
    name: str = "",
    password: str | None = PASSWORD,
    valid_from: date = LONG_AGO,
) -> User:
    user = User(login_name=login_name, name=name or f"{login_name} 氏", kana=login_name, created_at=NOW)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    for role, place in places:
        Membership.objects.create(user=user, organisation=place, role=role, valid_from=valid_from)
    return user


def acting(user: User, now: datetime = NOW) -> Actor:
    return actor_for_user(User.objects.get(pk=user.pk), now, request_id="試験")


@dataclass
class World:
    prefecture: Region = field(default_factory=lambda: region("10000", RegionKind.PREFECTURE, "試験県"))

    def __post_init__(self) -> None:
        self.town = region("10421", RegionKind.TOWN, "試験町", self.prefecture)
        self.village = region("10422", RegionKind.VILLAGE, "試験村", self.prefecture)
        self.office = organisation(OrganisationKind.HEAD_OFFICE, "試験県 障害福祉課", self.prefecture)
        self.hall = organisation(OrganisationKind.MUNICIPALITY, "試験町 福祉課", self.town)
        self.other_hall = organisation(OrganisationKind.MUNICIPALITY, "試験村 福祉課", self.village)
        self.hospital = organisation(OrganisationKind.PSYCHIATRIC_HOSPITAL, "試験病院", self.town)
        self.admin = person("admin", (Role.SYSTEM_ADMINISTRATOR, self.office), name="管理 一郎")
        self.manager = person("manager", (Role.PREFECTURE_MANAGER, self.office), name="責任 二子")
        self.officer = person("officer", (Role.PREFECTURE_OFFICER, self.office), name="担当 三郎")
        self.town_manager = person("townmanager", (Role.MUNICIPAL_MANAGER, self.hall), name="町長 四子")
        self.clerk = person("clerk", (Role.MUNICIPAL_OFFICER, self.hall), name="町担 五郎")
        self.village_clerk = person("villageclerk", (Role.MUNICIPAL_OFFICER, self.other_hall), name="村担 六子")
        self.nurse = person("nurse", (Role.HOSPITAL_WORKER, self.hospital), name="病院 七子")
        self.auditor = person("auditor", (Role.AUDITOR, self.office), name="監査 八郎")


def signed_in(user: User, *, second_factor: str = "card") -> Client:
    """A client whose session looks like one after a complete sign-in."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["nimo_signed_in_at"] = session["nimo_used_at"] = timezone.now().isoformat()
    if second_factor:
        session["nimo_second_factor"] = second_factor
    session.save()
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def said(response: Any) -> list[str]:
    """The messages of a page that was followed to."""
    return [str(message) for message in response.context["messages"]]


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs the acts at the same moment, each on its own connection; what each of them returned."""
    if connection.vendor == "sqlite":
        pytest.skip("メモリ上の SQLite は表ごとに鍵をかけるため、同時の書き込みは PostgreSQL で確かめます")
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            outcomes.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == len(acts)
    return outcomes
