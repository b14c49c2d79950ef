"""What was published before binds what may be published now."""

from __future__ import annotations

import json
from decimal import Decimal

from nimo.core.disclosure.editions import Edition, EditionCell, StatedShare, edition_from_data
from nimo.core.disclosure.gate import ProtectedTable, edition_of, protect
from nimo.core.disclosure.policy import Level, shipped_policy
from nimo.core.disclosure.tables import Cell, Relation, Table

POLICY = shipped_policy()


def sums(**counts: int | None) -> Table:
    """total = a + b + …, one town of 60,000."""
    cells = tuple(Cell(key, value, population=60_000) for key, value in counts.items())
    return Table(cells, (Relation("total", tuple(key for key in counts if key != "total")),))


def publish(table: Table, *before: Edition) -> tuple[ProtectedTable, Edition]:
    out = protect(table, POLICY, before)
    return out, edition_of("x", table, out, POLICY)


def hidden(table: ProtectedTable) -> set[object]:
    return {key for key, value in table.values.items() if not value.shown and not value.absent}


def test_a_cell_hidden_for_another_stays_hidden_in_the_next_edition() -> None:
    first, edition = publish(sums(total=100, a=5, b=40, c=55))
    second, _ = publish(sums(total=100, a=5, b=40, c=55), edition)
    assert hidden(first) == hidden(second) == {"a", "b"}


def test_a_correction_of_the_small_count_does_not_free_its_old_value() -> None:
    """a was 5 and hidden; corrected to 30 it may be shown, but b would give the old 5 away."""
    _, edition = publish(sums(total=100, a=5, b=40, c=55))
    later, _ = publish(sums(total=125, a=30, b=40, c=55), edition)
    assert "b" in hidden(later)
    assert len(hidden(later)) >= 2


def test_neighbours_printed_before_cannot_protect_so_the_total_must() -> None:
    _, edition = publish(sums(total=100, a=12, b=33, c=55))
    later, _ = publish(sums(total=93, a=5, b=33, c=55), edition)
    assert hidden(later) == {"a", "total"}
    assert later.exposed == ()


def test_a_small_count_that_is_out_already_is_reported_and_not_printed_again() -> None:
    old = Edition("other office", {"a": EditionCell(5, shown=True)})
    out, _ = publish(sums(total=100, a=5, b=40, c=55), old)
    assert not out["a"].shown
    assert [(exposed.keys, exposed.certain) for exposed in out.exposed] == [(("a",), True)]


def test_what_earlier_editions_give_away_together_is_reported() -> None:
    old = Edition(
        "other office",
        {"total": EditionCell(100, shown=True), "b": EditionCell(40, shown=True), "c": EditionCell(55, shown=True)},
    )
    out, _ = publish(sums(total=100, a=5, b=40, c=55), old)
    assert [(exposed.keys, exposed.certain) for exposed in out.exposed] == [(("a",), False)]
    assert not out["a"].shown


def test_an_area_that_lost_a_town_does_not_give_the_town_away() -> None:
    """Last year's area = x + y + z, this year's = x + y: the difference of the totals is z."""

    def area(*towns: tuple[str, int]) -> Table:
        cells = [Cell(("town", name), value, population=60_000) for name, value in towns]
        whole = sum(value for _, value in towns)
        key = ("area", "-".join(name for name, _ in towns))
        return Table((*cells, Cell(key, whole, level=Level.AREA)), (Relation(key, tuple(cell.key for cell in cells)),))

    x, y, z = ("x", 40), ("y", 50), ("z", 4)
    _, edition = publish(area(x, y, z))
    narrow = Table(
        area(x, y).cells,
        (*area(x, y).relations, Relation(("area", "x-y-z"), (("area", "x-y"), ("town", "z")))),
    )
    later = protect(narrow, POLICY, [edition])
    shown_then = {key for key, cell in edition.cells.items() if cell.shown}
    shown_now = {key for key in later.values if later[key].shown}
    assert not {("area", "x-y-z"), ("area", "x-y")} <= shown_then | shown_now
    assert not {("area", "x-y-z"), ("town", "x"), ("town", "y")} <= shown_then | shown_now


def test_a_share_that_is_out_narrows_the_count_and_is_reckoned_with() -> None:
    old = Edition("plan", {}, (), (StatedShare("a", "total", Decimal("5.0")),))
    out, _ = publish(sums(total=100, a=5, b=40, c=55), old)
    assert "total" in hidden(out)


def test_both_ends_of_a_rounded_share_are_reckoned_with() -> None:
    """0.1 % of 4,000 is 2 to 5, one value too few; of 4,001 (total hidden, b shown) it is up to 6. Of 8,000: 4 to 11."""
    old = Edition("plan", {}, (), (StatedShare("a", "total", Decimal("0.1")),))
    narrow, _ = publish(sums(total=4_000, a=5, b=3_995), old)
    assert hidden(narrow) == {"a", "total"}
    wide, _ = publish(sums(total=8_000, a=5, b=7_995), old)
    assert hidden(wide) == {"a", "b"}


def test_a_rate_on_a_public_population_gives_the_count_away_and_is_reported() -> None:
    old = Edition("plan", {}, (), (StatedShare("a", 60_000, Decimal("8.3"), 100_000),))
    out, _ = publish(sums(total=100, a=5, b=40, c=55), old)
    assert [exposed.keys for exposed in out.exposed] == [("a",)]


def test_the_mark_of_an_earlier_edition_counts_as_knowledge() -> None:
    """Both were printed as "below 10" once; by themselves the joint words would let the total of 18 be shown."""
    both_small = EditionCell(9, shown=False, sensitive=True, low=1, high=9)
    old = Edition("older office", {"a": both_small, "b": both_small})
    fresh, _ = publish(sums(total=18, a=9, b=9))
    assert fresh["total"].shown
    bound, _ = publish(sums(total=18, a=9, b=9), old)
    assert not bound["total"].shown
    assert bound.exposed == ()


def test_the_ledger_is_plain_data() -> None:
    table = Table(
        (Cell(("t", "x"), 5, population=60_000), Cell("y", 40, population=60_000), Cell("z", None)),
        (Relation("y", (("t", "x"), "z")),),
    )
    _, made = publish(table)
    edition = Edition(made.name, made.cells, made.relations, (StatedShare("y", ("t", "x"), Decimal("1.50")),))
    assert edition_from_data(json.loads(json.dumps(edition.to_data()))) == edition


def test_the_ledger_does_not_print_its_hidden_values() -> None:
    _, edition = publish(sums(total=100, a=7, b=38, c=55))
    assert "38" not in repr(edition)
