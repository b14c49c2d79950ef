"""Result files: whole or not at all, read back as they were written, added up only where that says something true."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nimo.analysis.engine import Engine
from nimo.analysis.results import result as files
from nimo.analysis.results.addition import UnableToAdd, add_results
from nimo.analysis.results.places import TOTAL, Geography, Place
from nimo.analysis.results.result import (
    FORMAT,
    Coverage,
    Result,
    ResultError,
    digest,
    read_result,
    result_from_data,
    write_result,
)
from nimo.analysis.results.structure import WHOLE
from nimo.analysis.rules import rules_from_data
from nimo.analysis.tests.making import TIMES, result_of, spells_of
from nimo.core.disclosure.policy import shipped_policy

pytestmark = pytest.mark.xdist_group("result-files")  # one worker makes the fixture, not both
POLICY = shipped_policy()
PARTS = [spells_of(20, 350, "H1"), spells_of(21, 500, "H2")]


@pytest.fixture(scope="module")
def results(duckdb_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    """Two hospitals, and both together."""
    folder = tmp_path_factory.mktemp("results")
    second = [replace(spell, row=spell.row + 100_000) for spell in PARTS[1]]
    made = [result_of(duckdb_engine, part, folder, source) for part, source in zip(PARTS, "ab", strict=True)]
    return [*made, result_of(duckdb_engine, [*PARTS[0], *second], folder, "c")]


def test_reads_back_what_it_wrote(results: list[Result], tmp_path: Path):
    for name in ("one.json", "folder"):
        write_result(results[0], tmp_path / name)
        again = read_result(tmp_path / name)
        assert again == results[0]
        assert again.derived() == results[0].derived()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["folder", "one.json"]
    assert sorted(one.name for one in (tmp_path / "folder").iterdir()) == [
        "derived.parquet", "figures.parquet", "manifest.json",
    ]  # fmt: skip


def test_is_the_same_file_every_time(duckdb_engine: Engine, results: list[Result], tmp_path: Path):
    again = result_of(duckdb_engine, PARTS[0][::-1], tmp_path, "a")
    assert json.dumps(again.to_data()) == json.dumps(results[0].to_data())


@pytest.mark.parametrize("name", ["one.json", "folder"])
def test_overwrites_nothing_unless_told_and_only_a_result(name: str, results: list[Result], tmp_path: Path):
    target = tmp_path / name
    write_result(results[0], target)
    with pytest.raises(FileExistsError):
        write_result(results[1], target)
    assert read_result(target) == results[0]
    write_result(results[1], target, replacing=True)
    assert read_result(target) == results[1]
    other = tmp_path / "diary.json"
    other.write_text('{"dear": "diary"}')
    with pytest.raises(FileExistsError):
        write_result(results[0], other, replacing=True)
    assert other.read_text() == '{"dear": "diary"}'


@pytest.mark.parametrize("name", ["one.json", "folder"])
def test_leaves_nothing_when_writing_fails(
    name: str, results: list[Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The disk is full after half of it: what was there before stays, nothing else is left."""
    target = tmp_path / name
    write_result(results[0], target)

    def full(data: Any, file: Any, **more: Any) -> None:
        file.write('{"half"')
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.json, "dump", full)
    with pytest.raises(OSError, match="space"):
        write_result(results[1], target, replacing=True)
    monkeypatch.undo()
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert read_result(target) == results[0]


def sealed(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "digest": digest(data)}


def test_refuses_a_file_that_is_no_result_or_was_changed(results: list[Result], tmp_path: Path):
    data = json.loads(json.dumps(results[0].to_data()))
    assert result_from_data(data) == results[0]
    shown = next(number for number, figure in enumerate(data["figures"]) if figure["value"])
    changed = json.loads(json.dumps(data))
    changed["figures"][shown]["value"] += 1
    with pytest.raises(ResultError, match="書き換え"):
        result_from_data(changed)
    with pytest.raises(ResultError, match="版"):
        result_from_data(sealed({**data, "version": 99}))
    path = tmp_path / "x.json"
    for text in ("", "[]", "null", '{"format": "nimo.analysis.mapping"}', f'{{"format": "{FORMAT}"}}', "\ufffd"):
        path.write_text(text)
        with pytest.raises(ResultError):
            read_result(path)
    with pytest.raises(ResultError):
        read_result(tmp_path / "missing.json")
    write_result(results[0], tmp_path / "folder")
    (tmp_path / "folder" / "figures.parquet").write_bytes(b"PAR1")
    with pytest.raises(ResultError, match="書き換え"):
        read_result(tmp_path / "folder")


def twice(figures: list[dict[str, Any]]) -> None:
    figures.append(dict(figures[0]))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda figures: figures[0].update(value=-1),
        lambda figures: figures[0].update(value=True),
        lambda figures: figures[0].update(value="12"),
        lambda figures: figures[0].update(value=None, state="shown"),
        lambda figures: figures[0].update(state="secret"),
        lambda figures: figures[0].update(table="beds"),
        lambda figures: figures[0].update(classes={"stay": "for_ever"}),
        lambda figures: figures[0].update(level="street"),
        lambda figures: figures[0].update(basis="elsewhere"),
        twice,
    ],
)
def test_refuses_a_cell_that_cannot_be(
    spoil: Callable[[list[dict[str, Any]]], None], results: list[Result], tmp_path: Path
):
    """Also when whoever made the file sealed it: the sum goes through the gate, so only counts may enter."""
    data = json.loads(json.dumps(results[0].to_data()))
    spoil(data["figures"])
    path = tmp_path / "x.json"
    path.write_text(json.dumps(sealed(data)))
    with pytest.raises(ResultError):
        read_result(path)


def test_a_file_that_lacks_cells_has_no_rates_of_them(results: list[Result]):
    """Somebody left cells out and sealed the file again: what is not there is unknown, never zero."""
    data = json.loads(json.dumps(results[0].to_data()))
    data["figures"] = [figure for figure in data["figures"] if not figure["classes"]]
    made = result_from_data(sealed(data))
    assert {one.state for one in made.derived() if one.method == "wilson"} == {"suppressed"}


def test_the_sum_is_what_both_together_would_be(results: list[Result]):
    one, two, both = results
    total = add_results([one, two], POLICY, label="二病院")
    true = {figure.key(both.tables): figure for figure in both.figures}
    states = {figure.state for figure in total.figures}
    assert "in_part" in states, "a cell one of them hides has no sum"
    compared = 0
    for figure in total.figures:
        other = true.get(figure.key(total.tables))
        if figure.value is not None and other is not None and other.value is not None:
            assert (figure.value, figure.amounts) == (other.value, other.amounts)
            compared += 1
    assert compared > 30
    assert total.coverage == Coverage("hospitals", "二病院", ("H1", "H2"))
    assert [source["sha256"][0] for source in total.lineage["sources"]] == ["a", "b"]
    assert total.lineage["linked_within"] == "source"
    assert [part["label"] for part in total.suppression["before_adding"]] == ["試験", "試験"]
    whole = next(f for f in total.figures if f.table == "census" and f.place == TOTAL and f.dims == WHOLE)
    rates = {one.code: one for one in total.derived() if one.place == TOTAL}
    assert rates["over_1_year_share"].denominator in (whole.value, None)


def test_the_sum_hides_no_less_and_takes_nothing_unknown_for_zero(results: list[Result]):
    one, two, _ = results
    total = add_results([one, two], POLICY, label="二病院")
    hidden = {f.key(r.tables) for r in (one, two) for f in r.figures if f.value is None}
    for figure in total.figures:
        if figure.key(total.tables) in hidden:
            assert (figure.value, figure.state) == (None, "in_part")
            assert not any(figure.amounts.values())
        assert not (figure.value and figure.value < 10)


def test_a_level_one_of_them_leaves_out_has_no_sum(results: list[Result]):
    one, two, _ = results
    coarse = replace(
        one,
        figures=tuple(f for f in one.figures if f.table != "community_days" or f.place.level == "total"),
        suppression={**one.suppression, "dropped_levels": {"community_days": ["prefecture"]}},
    )
    total = add_results([coarse, two], POLICY, label="二病院")
    levels = {figure.place.level for figure in total.figures if figure.table == "community_days"}
    assert levels == {"total"}, "what the other says of an area is no sum of both"
    assert total.suppression["dropped_levels"]["community_days"] == ["prefecture"]


def test_can_be_added_again_and_read_again(results: list[Result], tmp_path: Path):
    total = add_results(results[:2], POLICY, label="二病院", covers="region")
    write_result(total, tmp_path / "sum.json")
    assert read_result(tmp_path / "sum.json") == total
    assert total.coverage.kind == "region"
    assert any(one.code == "census_rate" for one in total.derived()), (
        "all hospitals of the region: rates mean something"
    )


@pytest.mark.parametrize(
    "change, says",
    [
        (lambda r: replace(r, rules=rules_from_data({"community": {"window_days": 300}})), "community.window_days"),
        (lambda r: replace(r, times=replace(TIMES, census="2024-06-29")), "時点・期間"),
        (lambda r: replace(r, coverage=replace(r.coverage, kind="region")), "範囲の種類"),
        (lambda r: replace(r, coverage=replace(r.coverage, hospitals=("H1",))), "病院 H1"),
        (lambda r: replace(r, geography=Geography({"10201": "北"})), "地域・人口"),
        (lambda r: replace(r, suppression={}), "秘匿の処理"),
        (lambda r: replace(r, lineage={**r.lineage, "nimo": "0.0"}), "nimo の版"),
        (lambda r: replace(r, lineage={**r.lineage, "sources": [{"sha256": "a" * 64}]}), "同じ元のファイル"),
    ],
)
def test_refuses_to_add_what_differs_or_counts_twice(
    change: Callable[[Result], Result], says: str, results: list[Result]
):
    with pytest.raises(UnableToAdd, match=says):
        add_results([results[0], change(results[1])], POLICY, label="x")


def test_refuses_to_add_one_alone(results: list[Result]):
    with pytest.raises(UnableToAdd, match="二つ以上"):
        add_results(results[:1], POLICY, label="x")


def test_a_place_only_one_of_them_knows_is_zero_at_the_other(results: list[Result]):
    """Places without anybody are not listed: a list that leaves one out says nobody."""
    one, two, _ = results
    place = Place("prefecture", "unknown")
    without = replace(one, figures=tuple(f for f in one.figures if f.place != place and f.to != place))
    total = add_results([without, two], POLICY, label="x")
    key = next(f.key(two.tables) for f in two.figures if f.place == place and f.value)
    found = {f.key(total.tables): f for f in total.figures}
    theirs = {f.key(two.tables): f for f in two.figures}
    assert found[key].value in (theirs[key].value, None)
