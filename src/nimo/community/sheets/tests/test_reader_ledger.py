"""Nothing is dropped: whatever a file holds stands in a field or is listed, however damaged the file is."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nimo.community.sheets.formats.reading.ledger import Ledger, Piece
from nimo.community.sheets.formats.source import Place
from nimo.community.sheets.formats.to_json import to_json
from nimo.community.sheets.tests.builders.as_text import as_text
from nimo.community.sheets.tests.builders.facts import city_facts, prefecture_facts, r1_facts, r3_facts
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.community.sheets.tests.reader_accounting import lost_characters
from nimo.community.sheets.tests.reader_slides import Style, read_text, slides

TEXTS = {
    "r6-city": as_text(layout_parts(city_facts(), "r6-city")),
    "r6-prefecture": as_text(layout_parts(prefecture_facts(), "r6-prefecture")),
    "r3 as tables": as_text(layout_parts(r3_facts(), "r3")),
    "r1 as slides": slides(r1_facts(), "r1", Style()),
    "r3 as slides": slides(r3_facts(), "r3", Style(labels_apart=True, inline_rows=False, heading_below=True)),
}
SECTION_NUMBERS = tuple("1234567")
"""Printed alone on a line above a title."""


SLOW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # A whole sheet is read for every example: shrinking one takes minutes and tells little more.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def lost(text: str) -> dict[str, int]:
    return lost_characters(text, to_json(read_text(text))["sheets"], SECTION_NUMBERS)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_every_character_of_a_whole_sheet_is_accounted_for(text: str) -> None:
    assert lost(text) == {}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_no_rule_knows_is_listed_with_its_line(name: str) -> None:
    lines = TEXTS[name].split("\n")
    strange = "様式にない架空の一文"
    for at in range(len(lines) // 3, len(lines), 7):
        text = "\n".join([*lines[:at], strange, *lines[at:]])
        assert lost(text) == {}, at


@SLOW
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_lines_lost_doubled_or_moved_lose_nothing_else(name: str, data: st.DataObject) -> None:
    lines = TEXTS[name].split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(("lose", "double", "move", "blank")))
        line = lines.pop(at)
        if change == "double":
            lines[at:at] = [line, line]
        elif change == "move":
            lines.insert(data.draw(st.integers(0, len(lines))), line)
        elif change == "blank":
            lines[at:at] = ["", line, ""]
    assert lost("\n".join(lines)) == {}


@SLOW
@given(st.sampled_from(["r6-city", "r6-prefecture", "r3 as tables"]), st.data())
def test_cells_lost_or_moved_lose_nothing_else(name: str, data: st.DataObject) -> None:
    lines = TEXTS[name].split("\n")
    tabbed = [at for at, line in enumerate(lines) if "\t" in line]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.sampled_from(tabbed))
        cells = lines[at].split("\t")
        cell = cells.pop(data.draw(st.integers(0, len(cells) - 1)))
        if data.draw(st.booleans()):
            cells.insert(data.draw(st.integers(0, len(cells))), cell)
        lines[at] = "\t".join(cells)
    assert lost("\n".join(lines)) == {}


@settings(SLOW, max_examples=30)
@given(st.sampled_from(sorted(TEXTS)), st.randoms(use_true_random=False))
def test_a_sheet_in_any_disorder_is_still_kept_whole(name: str, random: Random) -> None:
    lines = TEXTS[name].split("\n")
    random.shuffle(lines)
    assert lost("\n".join(lines)) == {} or not read_text("\n".join(lines))


# -- the ledger itself ------------------------------------------------------------------------------------------------

HERE = Place(1, None, "1行目")


def test_what_nobody_takes_is_free_without_its_white_space() -> None:
    ledger = Ledger()
    piece = ledger.add("  目標値　１３ か所  ", HERE)
    ledger.set_aside_as_printed([Piece(piece.source, 2, 5)])
    assert [ledger.text(part) for part in ledger.free_parts(piece)] == ["１３ か所"]
    ledger.give_to_field([Piece(piece.source, 6, 8)])
    assert [ledger.text(part) for part in ledger.free_parts(piece)] == ["か所"]
    assert not ledger.is_free(piece)
    assert ledger.is_free(Piece(piece.source, 8, len("  目標値　１３ か所  ")))


def test_a_field_keeps_what_is_also_printed() -> None:
    ledger = Ledger()
    piece = ledger.add("令和元年度", HERE)
    ledger.give_to_field([piece])
    ledger.set_aside_as_printed([piece])
    assert ledger.free_parts(piece) == []


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), max_size=6))
def test_taken_and_free_parts_make_up_the_whole(text: str, takes: list[tuple[int, int, bool]]) -> None:
    ledger = Ledger()
    piece = ledger.add(text, HERE)
    taken: set[int] = set()
    for start, end, to_field in takes:
        part = Piece(piece.source, min(start, len(text)), min(end, len(text)))
        taken.update(range(part.start, part.end))
        (ledger.give_to_field if to_field else ledger.set_aside_as_printed)([part])
    free = {at for part in ledger.free_parts(piece) for at in range(part.start, part.end)}
    assert not free & taken
    assert all(at in free or at in taken or text[at].isspace() for at in range(len(text)))
