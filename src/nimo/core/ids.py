"""Identifiers for whatever is encrypted, forwarded, drafted offline or seen in a URL (house.md §5)."""

from __future__ import annotations

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): sorts by the time it was made, as a plain `uuid.UUID`."""
    return UUID(int=uuid_utils.uuid7().int)
