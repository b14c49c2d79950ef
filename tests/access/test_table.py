"""Every address × every role × own or other region → status (house.md §6)."""

from __future__ import annotations

import inspect
import logging

import pytest
from django.test import Client
from django.urls import reverse

from nimo.foundation.access.permissions import Role
from tests.access import table
from tests.access.rows import Row
from tests.access.table import TABLE
from tests.access.world import EVERYWHERE, World, make_world
from tests.architecture.test_views import PATTERNS

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


@pytest.mark.long
@pytest.mark.django_db(databases=["default", "side"])
def test_each_role_opens_what_the_table_says(world, caplog):
    caplog.set_level(logging.CRITICAL, logger="django.request")  # thousands of refusals are expected here
    wrong = []
    for role in (None, *Role):
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


def test_the_table_names_arguments_the_addresses_have():
    known = addresses()
    for name, row in TABLE.items():
        assert len(row.arguments) == len(known[name]), name


def test_the_table_is_written_and_not_derived():
    source = inspect.getsource(table)
    assert "nimo.foundation.access.matrix" not in source
    assert "scopes_of" not in source
