"""Facts that counts rest on, as services name them when they mark figures stale."""

from __future__ import annotations

COUNCIL_FACT = "councils.body"
"""Which bodies there are, in which layer, counting as 協議の場 or not."""
MEETING_FACT = "councils.meeting"
"""Meetings held, and who took part."""
