"""The matrix holds every permission, knows no other words, and opens nothing by accident."""

from __future__ import annotations

import re

import pytest

from nimo.foundation.access.matrix import MATRIX, scopes_of
from nimo.foundation.access.permissions import Permission, Role, Scope

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


@pytest.mark.parametrize("permission", list(Permission), ids=lambda permission: permission.code)
def test_somebody_may_use_every_permission(permission):
    assert any(permission in held for held in MATRIX.values())


@pytest.mark.parametrize("permission", list(Permission), ids=lambda permission: permission.code)
def test_every_permission_has_a_code_and_a_japanese_sentence(permission):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", permission.code)
    assert JAPANESE.search(permission.sentence)
    assert not permission.sentence.endswith("。")


def test_codes_and_sentences_are_said_once():
    assert len({permission.code for permission in Permission}) == len(Permission)
    assert len({permission.sentence for permission in Permission}) == len(Permission)


def test_the_matrix_knows_every_role_and_no_other_words():
    assert set(MATRIX) == set(Role)
    for held in MATRIX.values():
        assert all(isinstance(permission, Permission) for permission in held)
        assert all(isinstance(scope, Scope) for scope in held.values())


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_label_and_reaches_its_own_account(role):
    assert JAPANESE.search(role.label)
    assert Permission.VIEW_OWN_ACCOUNT in MATRIX[role]


def test_an_unknown_role_may_nothing():
    assert scopes_of("ghost") == {}


def test_the_administrator_reads_no_sheet_and_the_keeper_of_the_audit_changes_nothing():
    """No super-user (house rules): running the system and reading the audit are jobs of their own."""
    assert Permission.VIEW_SHEET not in MATRIX[Role.SYSTEM_ADMINISTRATOR]
    assert not {Permission.MANAGE_USERS, Permission.CONFIRM_SHEET, Permission.HAND_OVER} & set(MATRIX[Role.AUDITOR])


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR}])
def test_only_the_administrator_and_the_auditor_reach_the_whole_system(role):
    whole = {permission for permission, scope in MATRIX[role].items() if scope is Scope.DEPLOYMENT}
    assert whole <= {Permission.VIEW_ACCESS_MATRIX}
