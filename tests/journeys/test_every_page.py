"""Every address that draws a page, in a real Chromium, at a desk and on a phone: axe finds nothing, nothing scrolls
sideways (320 px too), targets are large enough, the console is quiet, nothing is asked of another host.

Each page is looked at once: by the visitor if it is public, else by the prefecture's manager, else by the system
administrator. It is loaded at a desk and then made as narrow as a phone: its styles know nothing but the width, and
loading costs as much as looking. `open_page` watches console, scripts and requests and fails the test at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import HandOver
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.accounts.services.hand_overs import hand_over
from tests.access.rows import Row
from tests.access.table import TABLE
from tests.access.world import World, make_world
from tests.journeys.people import signed_in
from tests.support.browser import DESKTOP, PHONE, assert_reflows, axe, small_targets
from tests.support.people import NOW

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.django_db(transaction=True, databases=["default", "side"]),
]

VISITOR = None
READERS = (VISITOR, Role.PREFECTURE_MANAGER, Role.SYSTEM_ADMINISTRATOR)
MORE: dict[Role | None, tuple[str, ...]] = {
    VISITOR: ("/regions/00000/", "/regions/10000/", "/regions/?q=館林", "/regions/?q=まぼろし", "/no/such/page/"),
    Role.PREFECTURE_MANAGER: ("/regions/10207/", "/regions/10000/", "/audit/", "/jobs/?whose=all"),
}
"""Pages with other contents than the one of the table: what is found and not found, refused, unpublished."""


def reader_of(row: Row) -> Role | None:
    if row.public is not None:
        return VISITOR
    return next((role for role in READERS[1:] if role in row.allowed), Role.SYSTEM_ADMINISTRATOR)


def filled(world: World) -> Iterator[tuple[Role | None, str]]:
    """Pages that the table opens for somebody else, or empty: a file with its sheets, a job, a planned hand-over."""
    yield Role.PREFECTURE_MANAGER, f"/sheets/uploads/{world.arguments['upload_id']}/?from_upload"
    yield Role.SYSTEM_ADMINISTRATOR, f"/jobs/{world.arguments['job_id']}/"
    planned = HandOver.objects.get()
    yield Role.PREFECTURE_MANAGER, f"/manage/hand-overs/{planned.pk}/"


def plan_a_hand_over(world: World) -> None:
    hand_over(
        actor=actor_for_user(world.here[Role.PREFECTURE_MANAGER], NOW),
        predecessor_id=world.here[Role.MUNICIPAL_OFFICER].pk,
        successor_id=world.here[Role.HEALTH_CENTRE_OFFICER].pk,
        effective_on=date(2027, 4, 1),
    )


def addresses(world: World) -> Iterator[tuple[Role | None, str]]:
    yield from filled(world)
    for name, row in TABLE.items():
        if not name.startswith("ui:") and row.own != 405:  # tests/architecture looks at every page of the gallery
            yield reader_of(row), reverse(name, args=[world.arguments[argument] for argument in row.arguments])
    for role, paths in MORE.items():
        yield from ((role, path) for path in paths)


def draws_a_page(client: Client, path: str) -> bool:
    """Redirects, files and addresses that only take a POST have nothing to look at."""
    answer = client.get(path)
    return answer.headers["Content-Type"].startswith("text/html") and answer.status_code in {200, 403, 404}


def as_reader(page: Page, base: str, client: Client) -> None:
    page.context.clear_cookies()
    if "sessionid" in client.cookies:
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}])


def look(page: Page) -> list[str]:
    found = []
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{problem} ({width})" for problem in axe(page) + wider_than(page, width)]
    found += [f"small target: {target}" for target in small_targets(page)]
    page.set_viewport_size({"width": 320, "height": 700})
    found += wider_than(page, 320)
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    return found


def wider_than(page: Page, width: int) -> list[str]:
    assert page.viewport_size is not None
    assert page.viewport_size["width"] == width
    try:
        assert_reflows(page)
    except AssertionError as over:
        return [f"{over} ({width})"]
    return []


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_is_sound(live_server, open_page, settings, half):
    """In two halves, every other address, so that two workers share them."""
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    world = make_world()
    plan_a_hand_over(world)
    clients = {role: signed_in(world.here[role]) if role else Client() for role in READERS}
    page = open_page(width=DESKTOP, allow=("status of 403", "status of 404"))
    wrong, seen = [], 0
    for role in READERS:
        as_reader(page, live_server.url, clients[role])
        for reader, path in list(addresses(world))[half::2]:
            if reader != role or not draws_a_page(clients[role], path):
                continue
            page.goto(live_server.url + path)
            assert urlsplit(page.url).path == urlsplit(path).path, f"{path} leads to {page.url}"
            seen += 1
            wrong += [f"{path} ({role or 'visitor'}): {problem}" for problem in look(page)]
    assert seen > 45, "most addresses draw a page"
    assert not wrong, "\n".join(wrong)
