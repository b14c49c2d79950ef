"""`make bench`: every bench prints ratios against a baseline measured in the same run (house.md, stack.md).

python -m bench [name …] runs some of them. Nothing here asserts a time: speed is read, not tested.
"""

from __future__ import annotations

import os
import sys
import tempfile
from importlib import import_module

BENCHES = (
    "sqlite_journal",
    "reading",
    "sheet_export",
    "region_page",
    "recount",
    "explorer",
    "busy_office",
    "search",
    "councils",
    "meetings",
    "analysis",
)


def main(names: list[str]) -> int:
    unknown = set(names) - set(BENCHES)
    if unknown:
        print(f"ありません: {', '.join(sorted(unknown))}。あるもの: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="nimo-bench-") as data:
        os.environ["NIMO_DATA_DIR"] = data
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nimo.config.settings")
        for name in names or BENCHES:
            print(f"== {name}", flush=True)
            import_module(f"bench.{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
