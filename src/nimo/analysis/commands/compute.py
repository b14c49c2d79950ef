"""`nimo indicators compute`: from a file of spells to a result that may leave, on this machine."""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from heapq import merge
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from nimo.analysis.commands import arguments
from nimo.analysis.commands.inspecting import look
from nimo.analysis.commands.rules_file import read_rules
from nimo.analysis.commands.speaking import DONE, REFUSED, Progress, fail, must_be_writable, say, summary, written
from nimo.analysis.engine import DEFAULT, Engine, EngineError, open_engine
from nimo.analysis.indicators.classes import age_words
from nimo.analysis.reading.inspection import inspect
from nimo.analysis.reading.loading import Loaded, file_hash, is_contract_file, load
from nimo.analysis.reading.mapping import ColumnMapping, MappingError, load_mapping
from nimo.analysis.reading.problems import Problems
from nimo.analysis.reading.sources import SourceError
from nimo.analysis.results.computing import default_times
from nimo.analysis.results.definitions import Times
from nimo.analysis.results.making import Request, check_spells, make_result
from nimo.analysis.results.result import ResultError, write_result
from nimo.analysis.rules import Rules, RulesError
from nimo.analysis.spells import reference_files
from nimo.analysis.spells.contract import LABELS, ContractError
from nimo.analysis.spells.dataset import Period, PeriodError
from nimo.analysis.spells.grounds import Ground, GroundError
from nimo.analysis.spells.references import References, ReferencesError
from nimo.analysis.spells.validation import KIND_OF, Checked, Severity, Violation
from nimo.core.disclosure.policy import PolicyError

SAID = 20  # violations shown on the screen; all of them go into the report
_REPORT_HEADINGS = ["行番号", "程度", "項目", "内容"]
_LEVELS = {Severity.ERROR: "誤り", Severity.WARNING: "注意", Severity.NOTE: "参考"}
_EXPECTED = (
    arguments.Missing,
    GroundError,
    SourceError,
    MappingError,
    RulesError,
    PolicyError,
    ReferencesError,
    ContractError,
    PeriodError,
    EngineError,
    ResultError,
)


def run(argv: list[str]) -> int:
    """0 computed; 1 the spells have errors, nothing computed; 2 something cannot be used. Nothing is half-written."""
    given = arguments.compute_parser().parse_args(argv)
    try:
        if given.inspect:
            arguments.require(given, "spells")
            return look(given)
        arguments.require(given, "spells", "census", "out")
        return _compute(given)
    except _EXPECTED as error:
        return fail(given, str(error))
    except OSError as error:
        return fail(given, arguments.of_file(error))


def _ground(given: argparse.Namespace) -> Ground:
    """The recorded ground: counting one's own records is enough on this machine and for one's own patients."""
    ground = Ground(given.ground, given.ground_note)
    if given.covers == "region":
        ground.require_beyond_own("地域の全病院の記録を集計する（--covers region）")
    if given.engine != DEFAULT and not given.engine.startswith(("local[", "duckdb")):
        ground.require_beyond_own("別の計算機で集計する（--engine）")
    return ground


def _times(given: argparse.Namespace) -> Times:
    times = default_times(given.census)
    if given.recent_year:
        times = replace(times, recent=_of_year(given.recent_year))
    if given.followed_year:
        times = replace(times, followed=_of_year(given.followed_year))
    return times


def _of_year(year: int) -> Period:
    return Period(date(year, 4, 1), date(year + 1, 3, 31))


def _references(given: argparse.Namespace, rules: Rules) -> References:
    ages = age_words(rules.census.age_limits)
    return References(
        hospitals=reference_files.read_hospitals(given.hospitals) if given.hospitals else (),
        successions=reference_files.read_successions(given.mergers) if given.mergers else (),
        areas=reference_files.read_areas(given.areas) if given.areas else {},
        populations=reference_files.read_populations(given.populations, ages) if given.populations else (),
        standard=reference_files.read_standard(given.standard, ages) if given.standard else {},
    )


def _compute(given: argparse.Namespace) -> int:
    ground = _ground(given)
    _check_places(given)
    rules, policy = read_rules(given.rules)
    request = Request(
        census=given.census,
        rules=rules,
        references=_references(given, rules),
        policy=policy,
        ground=ground,
        covers=given.covers,
        label=given.label or Path(given.spells).stem,
        observed_until=given.observed_until,
        times=_times(given),
    )
    with (
        tempfile.TemporaryDirectory(prefix="nimo-job-", dir=given.work) as work,
        open_engine(given.engine, folder=Path(work), memory_limit=given.memory, threads=given.threads) as engine,
    ):
        progress = Progress()
        table, loaded, source = _open_spells(given, engine, Path(work), progress)
        progress(0, 1, "検査しています")
        checked = check_spells(engine, table, request)
        problems = loaded.problems if loaded else Problems()
        if given.report:
            _write_report(given.report, problems, checked)
        errors = len(problems) + checked.errors
        counts = _counts(problems, checked)
        if errors and not given.load_rest:
            said = _named(problems, checked)
            data = {"computed": False, "rows_with_errors": errors, "violations": counts, "named": said}
            say(given, data, _refusal(errors, said, given.report))
            return REFUSED
        source["rows_unreadable"] = len(problems)
        result = make_result(engine, checked, request, source, progress=progress)
        named = _named(problems, checked) if errors else []
        notes = _notes(counts, checked)
    write_result(result, given.out, replacing=given.replace)
    data = {
        "computed": True,
        "out": str(given.out),
        "rows_with_errors": errors,
        "violations": counts,
        "named": named,
        "ground": ground.to_data(),
        **summary(result),
    }
    left_out = f"誤りのある{errors:,}行を除いて計算しました。\n" if errors else ""
    left_out += "".join(f"  {one}\n" for one in named)
    say(given, data, left_out + notes + written(given.out, result))
    return DONE


def _check_places(given: argparse.Namespace) -> None:
    """Everything that can be wrong with where to write, before anything is read. OSError."""
    for path in (given.out, given.report):
        if path is not None:
            must_be_writable(path)
            if path.exists() and not given.replace:
                raise FileExistsError(path)
    if given.work is not None and not given.work.is_dir():
        raise FileNotFoundError(given.work)


def _open_spells(
    given: argparse.Namespace, engine: Engine, work: Path, progress: Progress
) -> tuple[ir.Table, Loaded | None, dict[str, Any]]:
    """The spells as the engine's table; what was read, unless the file already is a table of the contract."""
    path = Path(given.spells)
    if given.engine != DEFAULT and not path.exists():
        # A place only the cluster can reach: nothing is read here, and nothing is copied there.
        return engine.read_parquet(given.spells), None, {"kind": "parquet", "sha256": None}
    if is_contract_file(path):
        place = path / "**" / "*.parquet" if path.is_dir() and given.engine == DEFAULT else path
        return engine.read_parquet(place), None, {"kind": "parquet", "sha256": file_hash(path)}
    if given.engine != DEFAULT and not given.engine.startswith(("local[", "duckdb")):
        raise EngineError(
            "手元のファイルを別の計算機には送りません。クラスターから読める場所に、規定の形の Parquet を置いてください。"
        )
    loaded = load(path, _mapping(given, path), work, progress=progress)
    return (
        engine.read_parquet(loaded.path),
        loaded,
        {
            "kind": loaded.kind,
            "sha256": loaded.sha256,
            "encoding": loaded.encoding,
            "mapping": loaded.mapping.fingerprint if loaded.mapping else None,
        },
    )


def _mapping(given: argparse.Namespace, path: Path) -> ColumnMapping:
    if given.mapping:
        return load_mapping(given.mapping)
    proposal = inspect(path).proposal
    if proposal.ambiguous or proposal.mapping.missing:
        raise MappingError(
            "見出しだけでは列の対応が決まりません。--inspect --mapping FILE で対応を書き出し、直してから使ってください。"
            "まだ何も計算していません。"
        )
    return proposal.mapping


def _counts(problems: Problems, checked: Checked) -> dict[str, int]:
    counts = dict(problems.counts)
    for code, number in checked.counts.items():
        if code:
            counts[code] = counts.get(code, 0) + number
    return counts


def _all(problems: Problems, checked: Checked, least: Severity) -> Iterator[Violation]:
    """Every violation by row, those of reading and those of checking."""
    from_checking = (one for batch in checked.batches(least=least) for one in batch)
    return merge(sorted(problems, key=lambda one: one.row), from_checking, key=lambda one: one.row)


def _write_report(path: Path, problems: Problems, checked: Checked) -> None:
    """All violations by row number: no values. Whole or not at all."""
    if path.exists() and not _is_report(path):
        raise FileExistsError(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_REPORT_HEADINGS)
            for one in _all(problems, checked, Severity.NOTE):
                label = LABELS.get(one.kind.column, "")
                writer.writerow([one.row, _LEVELS[checked.severity(one.kind)], label, one.kind.sentence])
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _is_report(path: Path) -> bool:
    """True for a report of an earlier run: nothing else is replaced."""
    with path.open("rb") as file:
        return file.readline().decode("utf-8-sig", "replace").strip() == ",".join(_REPORT_HEADINGS)


def _named(problems: Problems, checked: Checked) -> list[str]:
    """The first rows with errors, in words; a last "…" where there are more."""
    said: list[str] = []
    for one in _all(problems, checked, Severity.ERROR):
        if len(said) == SAID:
            return [*said, "…"]
        said.append(one.sentence)
    return said


def _refusal(errors: int, said: list[str], report: Path | None) -> str:
    lines = [f"誤りのある行が{errors:,}行あるため、計算していません。元のファイルはそのままです。"]
    lines += [f"  {sentence}" for sentence in said]
    lines.append(
        f"すべては {report.name} にあります。" if report else "すべての行番号は --report FILE で書き出せます。"
    )
    lines.append("直してからやり直すか、--load-rest でこれらの行を除いて計算してください。")
    return "\n".join(lines)


def _notes(counts: dict[str, int], checked: Checked) -> str:
    lines = [
        f"{KIND_OF[code].sentence} {number:,}行\n"
        for code, number in counts.items()
        if checked.severity(KIND_OF[code]) is not Severity.ERROR
    ]
    return "".join(lines)
