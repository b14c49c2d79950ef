"""Identifiers that sort by time and tell nothing else: UUID version 7 (RFC 9562), which Python 3.11 does not make."""

from __future__ import annotations

import uuid

from uuid_utils import compat


def new_id() -> uuid.UUID:
    """A new UUIDv7. Ids made later sort later, to the millisecond."""
    return compat.uuid7()
