"""The actor of a request: what it may before the second factor, what it costs."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.accounts.models import Membership
from nimo.foundation.accounts.rules import OPEN_BEFORE_SECOND_FACTOR
from nimo.foundation.accounts.tests.world import LONG_AGO, signed_in
from tests.support.queries import count_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture(autouse=True)
def required(settings):
    settings.NIMO_REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def seen(monkeypatch):
    """The actors that reach a view."""
    actors = []

    def view(request, *_, **__):
        actors.append(request.actor)
        return HttpResponse("")

    monkeypatch.setattr("nimo.foundation.accounts.views.own.pages.render", view)
    return actors


def test_without_a_second_factor_every_page_leads_to_setting_one_up(world):
    client = signed_in(world.clerk, second_factor="")
    for name in ("accounts:own_account", "accounts:own_password"):
        assert client.get(reverse(name)).url == reverse("accounts:second_factor_set_up")
    for name in OPEN_BEFORE_SECOND_FACTOR - {"accounts:code_card_activate"}:
        assert client.get(reverse(name)).status_code == 200


def test_without_a_second_factor_the_actor_itself_holds_nothing_but_the_own_account(world, seen):
    signed_in(world.manager, second_factor="").get(reverse("accounts:second_factor_set_up"))
    signed_in(world.manager).get(reverse("accounts:own_account"))
    half, whole = seen
    assert not half.has_anywhere(Permission.MANAGE_USERS)
    assert half.has_anywhere(Permission.VIEW_OWN_ACCOUNT)
    assert whole.has_anywhere(Permission.MANAGE_USERS)


def test_an_htmx_request_is_sent_on_as_a_whole_page(world):
    client = signed_in(world.clerk, second_factor="")
    answer = client.get(reverse("accounts:own_account"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("accounts:second_factor_set_up")


def test_where_the_operator_asks_for_no_second_factor_nobody_is_stopped(world, settings):
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    assert signed_in(world.manager, second_factor="").get(reverse("accounts:own_account")).status_code == 200


def test_a_user_whose_roles_have_ended_is_told_so_and_sees_no_page(world):
    client = signed_in(world.clerk)
    Membership.objects.filter(user=world.clerk).update(valid_to=LONG_AGO)
    answer = client.get(reverse("accounts:own_account"), follow=True)
    assert answer.status_code == 403
    assert "有効な所属" in answer.content.decode()


def test_each_request_has_a_number_of_its_own(world, seen):
    client = signed_in(world.nurse)
    for _ in range(2):
        client.get(reverse("accounts:own_account"))
    assert len({UUID(actor.request_id) for actor in seen}) == 2


def test_a_visitor_costs_no_query(client):
    assert count_queries(lambda: client.get(reverse("accounts:no_membership"))) == 0


def test_a_user_with_many_roles_costs_three_queries_and_the_session(world, seen):
    for place in (world.hall, world.other_hall, world.hospital):
        Membership.objects.create(
            user=world.officer, organisation=place, role=Role.MUNICIPAL_OFFICER, valid_from=LONG_AGO
        )
    client = signed_in(world.officer)
    url = reverse("accounts:own_name")
    # the user, his roles, the regions below them; the session is read and written beside them
    assert count_queries(lambda: client.get(url)) - count_side(client, url) == 3


def count_side(client: Client, url: str) -> int:

    with CaptureQueriesContext(connections["side"]) as captured:
        client.get(url)
    return sum(1 for query in captured.captured_queries if "django_session" in query["sql"])


def test_the_chosen_organisation_is_the_one_that_acts_as_long_as_it_is_held(world, seen):
    held = Membership.objects.create(
        user=world.clerk, organisation=world.hospital, role=Role.HOSPITAL_WORKER, valid_from=LONG_AGO
    )
    client = signed_in(world.clerk)
    client.post(reverse("accounts:own_organisation"), {"organisation": str(world.hospital.pk)})
    client.get(reverse("accounts:own_account"))
    Membership.objects.filter(pk=held.pk).update(valid_to=LONG_AGO)
    client.get(reverse("accounts:own_account"))
    assert [actor.organisation.organisation_name for actor in seen] == ["試験病院", "試験町 福祉課"]


def test_an_organisation_somebody_does_not_belong_to_cannot_be_chosen(world):
    client = signed_in(world.clerk)
    client.post(reverse("accounts:own_organisation"), {"organisation": str(world.office.pk)})
    assert "nimo_acting_organisation" not in client.session
