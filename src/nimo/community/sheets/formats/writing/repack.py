"""An Office file whose bytes depend on its content alone: entries sorted, no clock, always packed in the same way."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

_FIRST = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6


def repacked(content: bytes, amended: Mapping[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """The same parts, in the order of their names, without the time at which they were written.

    `amended`: name of a part → what is still to be done to its content.
    """
    amended = amended or {}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda one: (one != _FIRST, one)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            part = source.read(name)
            target.writestr(entry, amended[name](part) if name in amended else part, zipfile.ZIP_DEFLATED, _LEVEL)
    return out.getvalue()
