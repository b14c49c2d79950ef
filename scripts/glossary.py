"""Brings docs/glossary.csv in line with the names of the code; terms (kind = term) are kept by hand."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
COLUMNS = ["kind", "english", "japanese", "note", "source"]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nimo.config.settings")
    os.environ["NIMO_DATA_DIR"] = tempfile.mkdtemp()
    django.setup()
    from tests.architecture.vocabulary import names  # noqa: PLC0415 - reads the models, which need Django set up

    path = ROOT / "docs" / "glossary.csv"
    old = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            old = {(row["kind"], row["english"]): row for row in csv.DictReader(file)}
    rows = [row for row in old.values() if row["kind"] == "term"]
    for kind, english, japanese in names():
        kept = old.get((kind, english), {})
        rows.append(
            {
                "kind": kind,
                "english": english,
                "japanese": japanese,
                "note": kept.get("note", ""),
                "source": kept.get("source", ""),
            }
        )
    order = ["term", "app", "model", "role", "scope", "permission", "choice"]
    rows.sort(key=lambda row: (order.index(row["kind"]), row["english"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
