"""house.md §5: identifiers are English, from docs/glossary.csv; each has one Japanese word."""

from __future__ import annotations

import csv

from tests.architecture.source import ROOT
from tests.architecture.vocabulary import names

GLOSSARY = ROOT / "docs" / "glossary.csv"
COLUMNS = ["kind", "english", "japanese", "note", "source"]


def rows() -> list[dict[str, str]]:
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


def test_every_name_of_the_code_is_in_the_glossary():
    known = {(row["kind"], row["english"]): row["japanese"] for row in rows()}
    missing = [name for name in names() if (name[0], name[1]) not in known]
    assert not missing, "add them to docs/glossary.csv (python -m scripts.glossary lists them)"
    different = [(k, e, j, known[k, e]) for k, e, j in names() if known[k, e] != j]
    assert not different, "the code and the glossary use different words"


def test_the_glossary_says_each_name_once():
    said = [(row["kind"], row["english"]) for row in rows()]
    assert len(said) == len(set(said))


def test_every_term_has_a_japanese_word():
    assert all(row["japanese"].strip() for row in rows())


def test_the_glossary_holds_no_name_the_code_has_dropped():
    current = {(k, e) for k, e, _ in names()}
    kinds = {"app", "model", "permission", "role", "scope", "choice"}
    assert not [row for row in rows() if row["kind"] in kinds and (row["kind"], row["english"]) not in current]
