from __future__ import annotations

import io
import re

import pytest

from nimo.community.sheets.formats.layouts.sections import sections_of
from nimo.community.sheets.formats.owners import field_owners, run, shares, table
from nimo.community.sheets.rules.carrying import empty_content
from nimo.community.sheets.rules.fields import BASIC_LABELS, list_paths, section_fields, with_row


def _paths(layout: str) -> set[str]:
    """Every field of a layout, rows without their number."""
    content = empty_content("架空県", None, 2026, layout)
    found = {f"basic_info.{key}" for key in BASIC_LABELS}
    for section in sections_of(layout):
        for path in list_paths(section):
            content = with_row(content, path)
        found |= {re.sub(r"\.\d+", "", field.path) for field in section_fields(content, section)}
    return found


def test_names_an_owner_for_every_field_of_both_forms_and_for_nothing_else():
    owned = [owner.path for owner in field_owners()]
    assert len(owned) == len(set(owned))
    assert set(owned) == _paths("r6-prefecture") | _paths("r6-city")


def test_every_field_is_counted_once():
    owners = field_owners()
    assert sum(number for _, number, _ in shares(owners)) == len(owners)


def test_prints_the_share_that_fills_itself():
    out = io.StringIO()
    assert run(out) == 0
    assert "自動で入る" in out.getvalue()
    assert "%" in out.getvalue()


def test_refuses_a_word_it_does_not_know(tmp_path):
    path = tmp_path / "owners.csv"
    path.write_text("path,label,owner,record,today,note\nlead,表紙,person,人,perhaps,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lead"):
        field_owners(path)


def test_the_page_has_a_line_for_each_field():
    owners = field_owners()
    assert table(owners).count("\n| ") == len(owners) + 1
