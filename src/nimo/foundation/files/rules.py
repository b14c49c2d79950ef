"""Names of uploads, and the registry's key."""

from __future__ import annotations

import re
import unicodedata

NAME_LIMIT = 200
NAMELESS = "名称のないファイル"
PURPOSE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


def clean_name(name: str) -> str:
    """The name people see: no folders, no control or direction characters (‮fdp.exe), at most 200 characters.

    Full width, かな and 機種依存文字 stay as they were typed; the ending survives the cut.
    """
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in base if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    trimmed = visible.strip().lstrip(".").strip()
    if not trimmed:
        return NAMELESS
    if len(trimmed) <= NAME_LIMIT:
        return trimmed
    stem, dot, ending = trimmed.rpartition(".")
    if not dot or len(ending) > 10:
        return trimmed[:NAME_LIMIT]
    return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
