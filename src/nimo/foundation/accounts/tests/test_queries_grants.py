"""A user's rights of the day, as an actor carries them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Membership, Organisation, User
from nimo.foundation.accounts.queries.rights import actor_for_user, grants_of
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.models import Region, RegionMembership
from tests.support.people import empty_places
from tests.support.queries import count_queries

DAY = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(databases=["default", "side"])


def region(code: str, kind: RegionKind, prefecture: Region | None = None, city: Region | None = None) -> Region:
    return Region.objects.create(code=code, kind=kind, name=code, kana=code, prefecture=prefecture, city=city)


@pytest.fixture
def country():
    empty_places()
    nation = region("00000", RegionKind.NATION)
    gunma, other = region("10000", RegionKind.PREFECTURE), region("14000", RegionKind.PREFECTURE)
    area = region("10w01", RegionKind.WELFARE_AREA, gunma)
    ota, kiryu = region("10205", RegionKind.CITY, gunma), region("10203", RegionKind.CITY, gunma)
    yokohama = region("14100", RegionKind.DESIGNATED_CITY, other)
    ward = region("14101", RegionKind.WARD, other, yokohama)
    living = region("10205-01", RegionKind.LIVING_AREA, gunma, ota)
    for child, parent, year in (
        (ota, area, 2025),
        (kiryu, area, 2024),
    ):
        RegionMembership.objects.create(child=child, parent=parent, fiscal_year=year)
    return {r.code: r for r in (nation, gunma, other, area, ota, kiryu, yokohama, ward, living)}


def member(
    where: Region,
    role: Role,
    kind: OrganisationKind = OrganisationKind.HEAD_OFFICE,
    valid_from: date = date(2025, 4, 1),
    valid_to: date | None = None,
    user: User | None = None,
) -> User:
    user = user or User.objects.create(login_name=f"u{User.objects.count()}", name="試験 花子")
    office = Organisation.objects.create(kind=kind, name=f"組織{Organisation.objects.count()}", region=where)
    Membership.objects.create(user=user, organisation=office, role=role, valid_from=valid_from, valid_to=valid_to)
    return user


def codes(user: User) -> frozenset[str] | None:
    (grant,) = grants_of(user.id, DAY)
    return grant.region_codes


def test_a_prefecture_reaches_all_its_regions_and_no_other(country):
    assert codes(member(country["10000"], Role.PREFECTURE_OFFICER)) == {"10000", "10w01", "10205", "10203", "10205-01"}


def test_an_area_reaches_its_members_of_the_latest_year_that_has_rows_and_what_is_below_them(country):
    user = member(country["10w01"], Role.HEALTH_CENTRE_OFFICER, OrganisationKind.HEALTH_CENTRE)
    assert codes(user) == {"10w01", "10205", "10205-01"}


def test_a_municipality_reaches_its_wards(country):
    user = member(country["14100"], Role.MUNICIPAL_OFFICER, OrganisationKind.MUNICIPALITY)
    assert codes(user) == {"14100", "14101"}


def test_the_nation_and_the_administrator_are_not_held_to_a_region(country):
    assert codes(member(country["00000"], Role.NATIONAL_SECRETARIAT, OrganisationKind.NATIONAL_SECRETARIAT)) is None
    assert codes(member(country["10000"], Role.SYSTEM_ADMINISTRATOR)) is None


@pytest.mark.parametrize(
    "valid_from, valid_to, gives",
    [
        (date(2026, 4, 1), None, True),
        (date(2026, 4, 2), None, False),
        (date(2025, 4, 1), date(2026, 4, 2), True),
        (date(2025, 4, 1), date(2026, 4, 1), False),
    ],
)
def test_a_membership_gives_rights_from_its_first_day_until_the_day_it_ends(country, valid_from, valid_to, gives):
    user = member(country["10205"], Role.MUNICIPAL_OFFICER, OrganisationKind.MUNICIPALITY, valid_from, valid_to)
    assert bool(grants_of(user.id, DAY)) is gives


def test_an_organisation_that_has_ended_gives_nothing(country):
    user = member(country["10205"], Role.MUNICIPAL_OFFICER, OrganisationKind.MUNICIPALITY)
    Organisation.objects.update(valid_to=DAY)
    assert not grants_of(user.id, DAY)


def test_a_suspended_user_has_no_rights(country):
    user = member(country["10205"], Role.MUNICIPAL_OFFICER, OrganisationKind.MUNICIPALITY)
    user.is_active = False
    assert not actor_for_user(user, NOW).grants


def test_rights_reach_the_own_region_and_not_the_neighbour(country):
    actor = actor_for_user(member(country["10205"], Role.MUNICIPAL_OFFICER, OrganisationKind.MUNICIPALITY), NOW)
    assert actor.may(Permission.CONFIRM_SHEET, region_code="10205-01")
    assert not actor.may(Permission.CONFIRM_SHEET, region_code="10203")


def test_many_memberships_cost_two_queries(country):
    user = member(country["10000"], Role.PREFECTURE_OFFICER)
    for code in ("10w01", "10205", "14100", "14000"):
        member(country[code], Role.MUNICIPAL_OFFICER, OrganisationKind.MUNICIPALITY, user=user)
    assert len(grants_of(user.id, DAY)) == 5
    assert count_queries(lambda: grants_of(user.id, DAY)) == 2
