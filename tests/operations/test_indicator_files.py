"""`nimo indicators compute` and `add-up` from end to end, as an operator of a hospital types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nimo.analysis.commands import compute, entry
from nimo.analysis.commands.speaking import Progress
from nimo.analysis.results.places import TOTAL
from nimo.analysis.results.result import read_result
from nimo.analysis.results.structure import WHOLE
from nimo.analysis.tests.hospital_file import HEADINGS, ordinary, patient, write_csv
from nimo.config.cli import main

ROOT = Path(__file__).resolve().parents[2]


class Door:
    """The command, in this process: exit code, what it said, and its JSON."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.spells = write_csv(folder / "入退院.csv", ordinary())
        self.out = folder / "結果.json"
        self.said = self.errors = ""

    def compute(self, *more: str, spells: Path | None = None) -> int:
        given = ("--spells", str(spells or self.spells), "--census", "2025-06-30", "--out", str(self.out))
        return self.run("compute", *given, *more)

    def run(self, *arguments: str) -> int:
        code = main(["indicators", *arguments])
        said = self.capsys.readouterr()
        self.said, self.errors = said.out, said.err
        return code

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.said)
        return found


@pytest.fixture
def door(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Door:
    return Door(tmp_path, capsys)


def test_computes_from_the_file_of_a_hospital(door: Door):
    assert door.compute() == 0
    assert "結果.json に書きました" in door.said
    assert "在院患者数（2025-06-30）" in door.said
    assert "計算しています" in door.errors, "progress goes to standard error"
    assert "計算しています" not in door.said
    found = read_result(door.out)
    assert found.coverage.hospitals == ("○○病院",)
    assert found.coverage.label == "入退院"
    (source,) = found.lineage["sources"]
    assert (source["kind"], source["encoding"], source["rows_used"]) == ("csv", "cp932", 80)
    assert len(source["sha256"]) == 64
    assert source["mapping"]
    assert source["ground"]["code"] == "own"
    for text in (door.out.read_text(), door.said, door.errors):
        assert "P000" not in text, "no number of a patient"
        assert "1970" not in text, "no birth"
    assert sorted(one.name for one in door.folder.iterdir()) == ["入退院.csv", "結果.json"], "nothing else is left"


def test_answers_in_json_with_nothing_beside_it(door: Door):
    assert door.compute("--json") == 0
    data = door.data
    assert data["computed"] is True
    assert data["figures"]["shown"] > 0
    rates = {one["code"]: one for one in data["headline"]}
    again = rates["readmission_any_90"]
    assert again["state"] == "shown"
    assert again["denominator"] >= again["numerator"] >= 10


def test_computes_the_same_twice_and_refuses_to_overwrite(door: Door):
    assert door.compute() == 0
    before = door.out.read_bytes()
    assert door.compute() == 2
    assert "結果.json はもうあります" in door.errors
    assert door.compute("--replace") == 0
    assert door.out.read_bytes() == before, "the same file, bit by bit"
    first, door.out = read_result(door.out), door.folder / "結果"
    assert door.compute() == 0
    assert read_result(door.out) == first, "a folder of Parquet says the same"


def test_goes_in_two_steps_where_headings_are_strange(door: Door):
    strange = [heading if heading != "入院日" else "来た日" for heading in HEADINGS]
    door.spells = write_csv(door.folder / "独自.csv", ordinary(), headings=strange)
    assert door.compute() == 2
    assert "--inspect" in door.errors
    mapping = door.folder / "対応.json"
    assert door.run("compute", "--spells", str(door.spells), "--inspect", "--mapping", str(mapping)) == 0
    assert "足りない項目: 入院日" in door.said
    assert "読み取らない列: 来た日" in door.said
    data = json.loads(mapping.read_text())
    data["columns"]["admitted_on"] = "来た日"
    mapping.write_text(json.dumps(data))
    assert door.run("compute", "--spells", str(door.spells), "--inspect", "--mapping", str(mapping), "--json") == 0
    assert door.data["ready"] is True
    assert door.compute("--mapping", str(mapping)) == 0
    first = read_result(door.out)
    door.out.unlink()
    assert door.compute(spells=write_csv(door.folder / "普通.csv", ordinary())) == 0
    assert [f.value for f in read_result(door.out).figures] == [f.value for f in first.figures]


def test_names_the_broken_row_and_loads_the_rest_on_request(door: Door):
    rows = ordinary()
    broken = patient(900, "2024/02/30", "2024/3/5", outcome="自宅")
    write_csv(door.spells, [*rows[:40], broken, *rows[40:]])
    assert door.compute() == 1
    assert "42行目 入院日" in door.said
    assert "2024/02/30" not in door.said, "the row is named, never its content"
    assert not door.out.exists()
    assert door.compute("--json", "--report", str(door.folder / "誤り.csv")) == 1
    assert door.data["named"] == ["42行目 入院日: 日付・年・区分として読めません。"]
    report = (door.folder / "誤り.csv").read_text(encoding="utf-8-sig").splitlines()
    assert report[:2] == ["行番号,程度,項目,内容", "42,誤り,入院日,日付・年・区分として読めません。"]
    assert door.compute("--load-rest") == 0
    assert "誤りのある1行を除いて計算しました" in door.said
    assert "42行目" in door.said
    (source,) = read_result(door.out).lineage["sources"]
    assert (source["rows_used"], source["rows_unreadable"]) == (80, 1)


def test_records_the_ground(door: Door):
    assert door.compute("--ground", "entrusted") == 2
    assert "--ground-note" in door.errors
    assert door.compute("--ground", "nonsense", "--ground-note", "x") == 2
    assert door.compute("--covers", "region") == 2
    assert "根拠が要ります" in door.errors
    assert not door.out.exists()
    assert door.compute("--covers", "region", "--ground", "entrusted", "--ground-note", "委託契約 第12号") == 0
    (source,) = read_result(door.out).lineage["sources"]
    assert source["ground"]["code"] == "entrusted"
    assert source["ground"]["note"] == "委託契約 第12号"


def test_sends_nothing_of_a_local_file_to_a_cluster(door: Door):
    assert door.compute("--engine", "sc://localhost:1") == 2
    assert "根拠が要ります" in door.errors
    law = ("--ground", "law", "--ground-note", "x")
    assert door.compute("--engine", "nowhere://x", *law) == 2
    assert "つなげません" in door.errors
    assert door.compute("--engine", "duckdb://", *law, spells=door.folder / "ない.parquet") == 2
    assert "ない.parquet を読めません" in door.errors
    assert not door.out.exists()


@pytest.mark.parametrize(
    "arguments, says",
    [
        (["compute"], "--spells、--census、--out を指定してください"),
        (["compute", "--spells", "ない.csv", "--census", "2025-06-30", "--out", "x.json"], "ない.csv"),
        (["add-up"], "--out、--label を指定してください"),
        (["add-up", "ない.json", "ない.json", "--out", "x.json", "--label", "x"], "ない.json"),
    ],
)
def test_refuses_in_japanese(arguments: list[str], says: str, door: Door, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(door.folder)
    assert door.run(*arguments) == 2
    assert says in door.errors
    assert "Traceback" not in door.errors


@pytest.mark.parametrize(
    "more, says",
    [
        (["--out", "/nowhere/at/all.json"], "フォルダーがありません"),
        (["--work", "/nowhere"], "フォルダーがありません"),
        (["--rules", "規則.json"], "規則.json を読めません"),
        (["--observed-until", "2024-01-01"], "2024-01-01 より後のことは分かりません"),
        (["--recent-year", "2031"], "より後のことは分かりません"),
        (["--mapping", "対応.json"], "対応.json を読めません"),
        (["--hospitals", "病院.csv"], "病院.csv"),
    ],
)
def test_says_what_it_cannot_use_and_writes_nothing(
    more: list[str], says: str, door: Door, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(door.folder)
    assert door.compute(*more) == 2
    assert says in door.errors
    assert not door.out.exists()


@pytest.mark.parametrize("more", [["--census", "2025-02-30"], ["--memory", "much"], ["--threads", "0"], ["--x"]])
def test_refuses_an_argument_it_cannot_read(more: list[str], door: Door):
    with pytest.raises(SystemExit) as stop:
        door.compute(*more)
    assert stop.value.code == 2
    assert "引数が正しくありません" in door.capsys.readouterr().err


def test_follows_rules_of_a_file_and_names_an_unknown_one(door: Door):
    rules = door.folder / "規則.json"
    rules.write_text(json.dumps({"readmission": {"horizons": [100]}}))
    assert door.compute("--rules", str(rules)) == 0
    assert "退院後100日時点の再入院率" in door.said
    for text in (
        '{"readmission": {"days": 3}}',
        "[]",
        '{"disclosure": {}}',
        '{"disclosure": {"version": 1, "rules": [{}]}}',
    ):
        rules.write_text(text)
        assert door.compute("--rules", str(rules), "--replace") == 2
        assert "規則" in door.errors or "disclosure" in door.errors


def test_adds_up_what_two_hospitals_hand_over(door: Door):
    handed = []
    for name in ("甲病院", "乙病院"):
        rows = [(f"{name}{row[0]}", name, *row[2:]) for row in ordinary(90)]
        door.out = door.folder / f"{name}.json"
        assert door.compute(spells=write_csv(door.folder / f"{name}.csv", rows)) == 0
        handed.append(door.out)
    total = door.folder / "合計.json"
    added = ("add-up", *map(str, handed), "--out", str(total), "--label", "○○保健所管内")
    assert door.run(*added, "--json") == 0
    assert door.data["added"] is True
    found = read_result(total)
    assert found.coverage.hospitals == ("乙病院", "甲病院")
    one = {f.key(found.tables): f for f in read_result(handed[0]).figures}
    shown = [f for f in found.figures if f.value]
    assert shown
    assert all(f.value == 2 * (one[f.key(found.tables)].value or 0) for f in shown), "the two hold equal patients"
    assert door.run(*added) == 2
    assert "もうあります" in door.errors
    assert door.run("add-up", str(handed[0]), str(handed[0]), "--out", str(door.folder / "x"), "--label", "x") == 1
    assert "二重" in door.errors


def test_writes_a_made_up_world_whose_totals_the_computation_finds(door: Door):
    world = door.folder / "架空.parquet"
    assert door.run("world", "--out", str(world), "--json") == 0
    told = door.data
    assert (told["rows"], told["census"], list(told["in_bed"])) == (2000, "2025-06-30", ["10201"])
    assert door.compute(spells=world) == 0
    (persons,) = {
        f.value for f in read_result(door.out).figures if (f.table, f.place, f.dims) == ("census", TOTAL, WHOLE)
    }
    assert persons == told["in_bed"]["10201"], "counted while it was written, and by the engine"
    assert door.run("world", "--out", str(world)) == 2
    assert "もうあります" in door.errors
    assert door.run("world", "--size", "city") == 2
    assert "--out を指定してください" in door.errors


def test_is_named_where_the_operator_looks(door: Door):
    assert main(["--help"]) == 0
    assert "compute" in door.capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["indicators", "compute", "--help"])
    said = door.capsys.readouterr().out
    assert all(word in said for word in ("--spells", "--census", "--load-rest", "--ground", "sc://", "終了コード"))
    assert entry.main([]) == 2


def test_needs_no_database_and_no_settings(door: Door):
    """A process of its own, in which Django is never started."""
    program = (
        "import sys; from nimo.config.cli import main; code = main(sys.argv[1:]);"
        "from django.apps import apps; assert not apps.ready; sys.exit(code)"
    )
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("NIMO_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", program, "indicators", "compute", "--spells", str(door.spells), "--census", "2025-06-30",
         "--out", str(door.out), "--json"],
        cwd=door.folder, env={**clean, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["computed"] is True
    assert sorted(one.name for one in door.folder.iterdir()) == ["入退院.csv", "結果.json"]


def test_a_stop_leaves_nothing(door: Door, monkeypatch: pytest.MonkeyPatch):
    work = door.folder / "work"
    work.mkdir()

    def stopped(*given: Any, **more: Any) -> None:
        assert any(work.iterdir()), "the spells lie in the folder of the job"
        os.kill(os.getpid(), signal.SIGTERM)
        signal.sigtimedwait([], 1)

    monkeypatch.setattr(compute, "make_result", stopped)
    assert door.compute("--work", str(work)) == 130
    assert "止めました" in door.errors
    assert list(work.iterdir()) == []
    assert not door.out.exists()


def test_an_engine_that_fails_is_told_without_what_it_says(door: Door, monkeypatch: pytest.MonkeyPatch):
    assert door.compute("--memory", "1MB") == 2
    assert "計算の仕組み" in door.errors or "メモリ" in door.errors
    assert "Traceback" not in door.errors
    assert not door.out.exists()


def test_progress_is_a_line_for_each_part_and_quarter_where_nobody_watches(capsys: pytest.CaptureFixture[str]):
    show = Progress()
    for done in range(101):
        show(done, 100, "読み取っています")
    show(0, 0, "検査しています")
    assert capsys.readouterr().err.splitlines() == [
        *(f"読み取っています {percent}%" for percent in (0, 25, 50, 75, 100)), "検査しています 0%",
    ]  # fmt: skip
