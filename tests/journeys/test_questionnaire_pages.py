"""Every page of the questionnaires as the office that owns them sees it, at a desk and on a telephone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.questionnaires.choices import Identity
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.tests.support import give, opened, questionnaire
from tests.access.table import TABLE
from tests.journeys.people import signed_in
from tests.journeys.sheets import CITY
from tests.journeys.test_every_page import as_reader, draws_a_page, look
from tests.support.browser import DESKTOP
from tests.support.people import user_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]


def anonymous_results(owner) -> str:
    actor = actor_for_user(owner, timezone.now())
    made = opened(actor, 12, identity=Identity.ANONYMOUS, opens_on=actor.today, due_on=actor.today)
    for number, invitation in enumerate(Invitation.objects.filter(round=made)):
        give(invitation, {"q1": str(number), "q2": "a1" if number else "a2"}, actor=actor)
    Round.objects.filter(pk=made.pk).update(state="closed")
    return reverse("questionnaires:round_results", args=[made.pk])


def test_every_page_of_the_office_is_sound(live_server, open_page, settings):
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    owner = user_of(Role.MUNICIPAL_OFFICER, CITY)
    names = questionnaire(actor_for_user(owner, timezone.now()))
    paths = [anonymous_results(owner)]
    for name, row in TABLE.items():
        if name.startswith("questionnaires:") and row.own == 200 and set(row.arguments) <= set(names):
            paths.append(reverse(name, args=[names[argument] for argument in row.arguments]))
    client = signed_in(owner)
    page = open_page(width=DESKTOP)
    as_reader(page, live_server.url, client)
    wrong, seen = [], 0
    for path in paths:
        if not draws_a_page(client, path):
            continue
        page.goto(live_server.url + path)
        seen += 1
        wrong += [f"{path}: {problem}" for problem in look(page)]
    assert seen > 25
    assert not wrong, "\n".join(wrong)
