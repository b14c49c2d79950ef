"""docs/access.md is generated, complete, and known to be out of date when it is."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.access.queries import document, doors


def test_says_every_role_and_every_permission_in_words():
    text = document()
    assert all(f"### {role.label}" in text for role in Role)
    assert all(permission.sentence in text for permission in Permission)


def test_lists_every_open_door_with_its_reason():
    text = document()
    open_doors = [door for door in doors() if door.reason]
    assert open_doors
    for door in open_doors:
        assert f"`{door.name}` | {door.reason} |" in text


def test_lists_guarded_doors_with_their_permission():
    assert f"`audit:entry_list` | {Permission.VIEW_AUDIT.sentence} |" in document()


def test_writes_the_page_and_then_finds_it_fresh(tmp_path):
    path = tmp_path / "access.md"
    with pytest.raises(CommandError, match="古く"):
        call_command("access_docs", "--check", "--path", str(path))
    out = io.StringIO()
    call_command("access_docs", "--path", str(path), stdout=out)
    call_command("access_docs", "--check", "--path", str(path), stdout=out)
    assert "新しいまま" in out.getvalue()
    path.write_text(path.read_text() + "手書きの一行\n")
    with pytest.raises(CommandError, match="古く"):
        call_command("access_docs", "--check", "--path", str(path))
