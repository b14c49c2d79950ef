"""Every address × every role × own or other region → status (house.md §6)."""

from __future__ import annotations

import inspect
import logging
from functools import partial

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from nimo.config import urls
from nimo.foundation.access.permissions import Role
from tests.access import table
from tests.access.rows import Row
from tests.access.table import TABLE
from tests.access.world import EVERYWHERE, World, make_world
from tests.architecture.test_views import PATTERNS
from tests.support.engines import asking

EVERYBODY = (None, *Role)
FEW = (
    None,
    Role.SYSTEM_ADMINISTRATOR,
    Role.PREFECTURE_MANAGER,
    Role.MUNICIPAL_MANAGER,
    Role.MUNICIPAL_OFFICER,
    Role.HOSPITAL_WORKER,
    Role.RESEARCHER,
)
"""Who asks on PostgreSQL (tests.support.engines)."""
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def addresses() -> dict[str, list[str]]:
    """URL name → the names of its arguments."""
    found = {}
    for _, namespace, entry in PATTERNS:
        name = f"{namespace}:{entry.name}" if namespace else str(entry.name)
        found[name] = list(entry.pattern.converters)
    return found


def test_every_address_is_in_the_table():
    assert set(addresses()) == set(TABLE), "say in tests/access/table.py who may open it"


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.STORED_FILES_DIR = tmp_path
    settings.NIMO_REQUIRE_SECOND_FACTOR = False
    return make_world()


def _bare(status: int, request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=status)


def _url(name: str, row: Row, world: World) -> str:
    return reverse(name, args=[world.arguments[argument] for argument in row.arguments])


def _expected(row: Row, role: Role | None, *, here: bool) -> int:
    if row.public is not None:
        return row.public if role is None or row.signed_in is None else row.signed_in
    if role is None:
        return 302
    if role not in row.allowed:
        return 403
    if (
        (here or role in EVERYWHERE)
        and row.same_organisation is not None
        and role not in row.same_organisation
        and row.elsewhere
    ):
        return row.elsewhere
    if role in EVERYWHERE and row.far is not None:
        return row.far
    if not here and row.elsewhere is not None and role not in row.beyond | EVERYWHERE:
        return row.elsewhere
    return row.own


@pytest.mark.django_db(databases=["default", "side"])
def test_whoever_is_refused_gets_a_page_that_says_so(world, caplog):
    """Drawn once for each role; below, where it is refused by the thousand, the status alone is looked at."""
    caplog.set_level(logging.CRITICAL, logger="django.request")
    refused = {
        role: next(n for n, row in TABLE.items() if row.public is None and role not in row.allowed) for role in Role
    }
    for role, name in refused.items():
        client = Client()
        client.force_login(world.here[role], backend=BACKEND)
        for path, status in ((_url(name, TABLE[name], world), 403), ("/no/such/page/", 404)):
            answer = client.get(path)
            assert answer.status_code == status, f"{name} {role}"
            assert "</html>" in answer.content.decode()


@pytest.mark.long
@pytest.mark.django_db(databases=["default", "side"])
def test_each_role_opens_what_the_table_says(world, caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL, logger="django.request")  # thousands of refusals are expected here
    for status in (403, 404):
        monkeypatch.setattr(urls, f"handler{status}", partial(_bare, status))
    wrong = []
    for role in asking(EVERYBODY, FEW):
        for here in (True, False):
            client = Client(raise_request_exception=False)
            if role is not None:
                client.force_login((world.here if here else world.elsewhere)[role], backend=BACKEND)
            for name, row in TABLE.items():
                if not here and (row.elsewhere is None or (role is not None and role not in row.allowed)):
                    continue  # the address names nothing that could be elsewhere, or the door is shut before it is asked
                got = client.get(_url(name, row, world)).status_code
                wanted = _expected(row, role, here=here)
                if got != wanted:
                    wrong.append(f"{name} {role} {'here' if here else 'elsewhere'}: {got}, not {wanted}")
            if role is None:
                break
    assert not wrong, "\n".join(wrong[:60])


def test_the_few_who_ask_on_postgresql_open_every_address():
    shut = [name for name, row in TABLE.items() if row.public is None and row.allowed and row.allowed.isdisjoint(FEW)]
    assert not shut


def test_the_table_names_arguments_the_addresses_have():
    known = addresses()
    for name, row in TABLE.items():
        assert len(row.arguments) == len(known[name]), name


def test_the_table_is_written_and_not_derived():
    source = inspect.getsource(table)
    assert "nimo.foundation.access.matrix" not in source
    assert "scopes_of" not in source
