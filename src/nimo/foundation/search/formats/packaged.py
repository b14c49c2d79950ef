"""Words that stand for one another, as they ship."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO


@dataclass(frozen=True, slots=True)
class PackagedSynonym:
    word: str
    others: tuple[str, ...]
    both_ways: bool
    reference: str


def packaged_synonyms() -> list[PackagedSynonym]:
    text = files("nimo.foundation.search").joinpath("data/synonyms.csv").read_text("utf-8")
    return [
        PackagedSynonym(row["word"], tuple(row["others"].split("|")), row["both_ways"] == "yes", row["reference"])
        for row in csv.DictReader(StringIO(text))
    ]
