"""Identifiers."""

from __future__ import annotations

import uuid

from nimo.core.ids import new_id


def test_is_a_version_7_uuid_of_the_standard_library() -> None:
    identifier = new_id()
    assert type(identifier) is uuid.UUID
    assert identifier.version == 7
    assert identifier.variant == uuid.RFC_4122


def test_never_repeats_and_sorts_by_the_time_it_was_made() -> None:
    identifiers = [new_id() for _ in range(5000)]
    assert len(set(identifiers)) == 5000
    milliseconds = [identifier.int >> 80 for identifier in identifiers]
    assert milliseconds == sorted(milliseconds)
