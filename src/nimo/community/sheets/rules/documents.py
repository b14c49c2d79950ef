"""What a written sheet consists of, and who may touch it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from nimo.community.sheets.choices import SectionKey


def assembled(head: Mapping[str, Any], chapters: Mapping[str, Any]) -> dict[str, Any]:
    """The whole content of a sheet from its head (empty_content) and its chapters."""
    return {**head, **{key: value for key, value in chapters.items() if key in {one.value for one in SectionKey}}}


def digest(*parts: Any) -> str:
    """SHA-256 over JSON values, the same for the same values whatever the order of keys."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
