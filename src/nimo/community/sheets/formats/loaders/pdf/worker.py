"""The process that reads one PDF: settings (one line of JSON) and the file on standard input, the answer on standard output.

Started by `child`. It lowers its own limits before it looks at the file, so that a page
that never ends, or one that fills the memory, ends this process and nothing else.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import fields

from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.pdf.document import read_pdf
from nimo.community.sheets.formats.loaders.wire import to_json
from nimo.community.sheets.formats.source import UnableToRead

try:
    import resource
except ImportError:  # Windows: the parent's time limit still holds there.
    resource = None  # type: ignore[assignment]


def main() -> int:
    settings = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**{field.name: settings["limits"][field.name] for field in fields(Limits)})
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    try:
        answer = {"document": to_json(read_pdf(sys.stdin.buffer.read(), settings["file_name"], limits))}
    except UnableToRead as refusal:
        answer = {"code": refusal.code, "message": str(refusal)}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
