"""`nimo indicators compute` and `nimo indicators add`: without Django; without a network unless an engine is named."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from nimo.analysis import arguments
from nimo.analysis.engine import DEFAULT, Engine, EngineError, open_engine
from nimo.analysis.indicators.classes import age_words
from nimo.analysis.reading.inspection import Inspection, inspect
from nimo.analysis.reading.loading import Loaded, file_hash, is_contract_file, load
from nimo.analysis.reading.mapping import ColumnMapping, MappingError, load_mapping, remember_mapping
from nimo.analysis.reading.problems import Problems
from nimo.analysis.reading.sources import SourceError
from nimo.analysis.results.addition import UnableToAdd, add_results
from nimo.analysis.results.making import Request, check_spells, make_result
from nimo.analysis.results.result import Result, ResultError, read_result, write_result
from nimo.analysis.rules import Rules, RulesError, rules_from_data
from nimo.analysis.spells import reference_files
from nimo.analysis.spells.contract import LABELS, ContractError
from nimo.analysis.spells.dataset import PeriodError
from nimo.analysis.spells.references import References, ReferencesError
from nimo.analysis.spells.validation import KIND_OF, Checked, Severity, Violation
from nimo.core.disclosure.policy import DisclosurePolicy, PolicyError, policy_from_data, shipped_policy

DONE, REFUSED, UNUSABLE = 0, 1, 2
SAID = 20  # violations shown on the screen; all of them go into the report
_EXPECTED = (
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
    """`nimo indicators compute …`: 0 computed; 1 the spells have errors, nothing computed; 2 something cannot be used."""
    given = arguments.compute_parser().parse_args(argv)
    try:
        return _inspect(given) if given.inspect else _compute(given)
    except _EXPECTED as error:
        return _fail(given, str(error))
    except FileExistsError as error:
        return _fail(
            given, f"{Path(str(error.args[0])).name} はもうあります。上書きはしません。別の名前を指定してください。"
        )


def add(argv: list[str]) -> int:
    """`nimo indicators add FILE… --out FILE --label NAME`: 0 written; 1 they must not be added; 2 a file cannot be used."""
    given = arguments.add_parser().parse_args(argv)
    try:
        _, policy = _rules(given.rules)
        _must_be_new(given.out)
        result = add_results([read_result(path) for path in given.files], policy, label=given.label)
        write_result(result, given.out)
    except UnableToAdd as error:
        _say(given, {"added": False, "message": str(error)}, f"足し合わせられません。{error}")
        return REFUSED
    except _EXPECTED as error:
        return _fail(given, str(error))
    except FileExistsError as error:
        return _fail(
            given, f"{Path(str(error.args[0])).name} はもうあります。上書きはしません。別の名前を指定してください。"
        )
    _say(given, {"added": True, "out": str(given.out), **_shown(result)}, _written(given.out, result))
    return DONE


def _say(given: argparse.Namespace, data: dict[str, Any], text: str, *, error: bool = False) -> None:
    if given.json:
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    else:
        (sys.stderr if error else sys.stdout).write(text + "\n")


def _fail(given: argparse.Namespace, message: str) -> int:
    _say(given, {"error": message}, message, error=True)
    return UNUSABLE


def _must_be_new(path: Path) -> None:
    if path.exists():
        raise FileExistsError(path)


def _rules(path: Path | None) -> tuple[Rules, DisclosurePolicy]:
    """Rules of computing and, under "disclosure", of suppression; the shipped ones where the file is silent."""
    if path is None:
        return Rules(), shipped_policy()
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise RulesError(f"規則のファイル {path.name} を読めません。") from error
    if not isinstance(data, dict):
        raise RulesError(f"規則のファイル {path.name} の形が違います。")
    disclosure = data.pop("disclosure", None)
    policy = shipped_policy() if disclosure is None else policy_from_data(disclosure, None)
    return rules_from_data(data), policy


def _references(given: argparse.Namespace, rules: Rules) -> References:
    ages = list(age_words(rules.census.age_limits))
    return References(
        hospitals=reference_files.read_hospitals(given.hospitals) if given.hospitals else (),
        successions=reference_files.read_successions(given.mergers) if given.mergers else (),
        areas=reference_files.read_areas(given.areas) if given.areas else {},
        populations=reference_files.read_populations(given.populations, ages) if given.populations else (),
        standard=reference_files.read_standard(given.standard, ages) if given.standard else {},
    )


# -- looking ------------------------------------------------------------------------------------------------------


def _inspect(given: argparse.Namespace) -> int:
    path = Path(given.spells)
    known = load_mapping(given.mapping) if given.mapping and given.mapping.exists() else None
    found = inspect(path, known)
    mapping = found.proposal.mapping
    written = bool(given.mapping) and (known is None or bool(found.open_values))
    if written:
        remember_mapping(mapping, given.mapping, found.open_values)
    data = {
        "kind": found.kind,
        "encoding": found.encoding,
        "columns": dict(mapping.columns),
        "missing": list(mapping.missing),
        "ambiguous": {name: list(headings) for name, headings in found.proposal.ambiguous.items()},
        "unused": list(found.proposal.unused),
        "forbidden": list(found.proposal.forbidden),
        "unknown_values": {name: len(texts) for name, texts in found.open_values.items()},
        "rare_unknown_values": dict(found.rare_values),
        "ready": found.is_ready,
        "mapping_written": str(given.mapping) if written else None,
    }
    _say(given, data, _inspection_text(found, given.mapping if written else None))
    return DONE


def _inspection_text(found: Inspection, written: Path | None) -> str:
    proposal = found.proposal
    lines = [f"{found.kind}、文字コード {found.encoding or '―'}、はじめの{found.rows:,}行を見ました。"]
    lines += [f"  {LABELS[name]} ← {heading}" for name, heading in proposal.mapping.columns.items()]
    if proposal.mapping.missing:
        lines.append("足りない項目: " + "、".join(LABELS[name] for name in proposal.mapping.missing))
    for name, headings in proposal.ambiguous.items():
        lines.append(f"どちらか決められない項目: {LABELS[name]}（{'、'.join(headings)}）")
    if proposal.forbidden:
        lines.append("使えない列（読み取りません）: " + "、".join(proposal.forbidden))
    if proposal.unused:
        lines.append("読み取らない列: " + "、".join(proposal.unused))
    for name, texts in found.open_values.items():
        lines.append(f"{LABELS[name]}: 区分の分からない値が{len(texts)}種類あります。")
    for name, number in found.rare_values.items():
        lines.append(f"{LABELS[name]}: 区分の分からない、まれな値が{number}種類あります（値は表示しません）。")
    if written:
        lines.append(f"列の対応を {written.name} に書きました。直してから --mapping で使ってください。")
    elif found.is_ready:
        lines.append("このまま計算できます。")
    return "\n".join(lines)


# -- computing ----------------------------------------------------------------------------------------------------


def _compute(given: argparse.Namespace) -> int:
    if given.census is None or given.out is None:
        return _fail(given, "--census と --out を指定してください。")
    _must_be_new(given.out)
    rules, policy = _rules(given.rules)
    request = Request(
        census=given.census,
        rules=rules,
        references=_references(given, rules),
        policy=policy,
        covers=given.covers,
        label=given.label or Path(given.spells).stem,
        observed_until=given.observed_until,
    )
    with (
        tempfile.TemporaryDirectory(prefix="nimo-job-", dir=given.work) as work,
        open_engine(given.engine, folder=Path(work), memory_limit=given.memory, threads=given.threads) as engine,
    ):
        table, loaded, source = _open_spells(given, engine, Path(work))
        checked = check_spells(engine, table, request)
        problems = loaded.problems if loaded else Problems()
        if given.report:
            _write_report(given.report, problems, checked)
        errors = len(problems) + checked.errors
        if errors and not given.load_rest:
            counts = _counts(problems, checked)
            data = {"computed": False, "rows_with_errors": errors, "violations": counts}
            _say(given, data, _refusal(errors, problems, checked, given.report))
            return REFUSED
        source["rows_unreadable"] = len(problems)
        result = make_result(engine, checked, request, source, progress=_progress(given))
        counts = _counts(problems, checked)
    write_result(result, given.out)
    data = {"computed": True, "out": str(given.out), "rows_with_errors": errors, "violations": counts, **_shown(result)}
    left_out = f"誤りのある{errors:,}行を除いて計算しました。\n" if errors else ""
    _say(given, data, left_out + _notes(counts, checked) + _written(given.out, result))
    return DONE


def _open_spells(
    given: argparse.Namespace, engine: Engine, work: Path
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
    loaded = load(path, _mapping(given, path), work, progress=_progress(given))
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


def _progress(given: argparse.Namespace) -> Any:
    def show(done: int, of: int, text: str) -> None:
        if sys.stderr.isatty() and not given.json:
            sys.stderr.write(f"\r{text} {done * 100 // max(of, 1):3d}%")
            sys.stderr.write("\n" if done >= of else "")

    return show


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
    _must_be_new(path)
    words = {Severity.ERROR: "誤り", Severity.WARNING: "注意", Severity.NOTE: "参考"}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行番号", "程度", "項目", "内容"])
        for one in _all(problems, checked, Severity.NOTE):
            level = words[checked.severity(one.kind)]
            writer.writerow([one.row, level, LABELS.get(one.kind.column, ""), one.kind.sentence])


def _refusal(errors: int, problems: Problems, checked: Checked, report: Path | None) -> str:
    lines = [f"誤りのある行が{errors:,}行あるため、計算していません。元のファイルはそのままです。"]
    for number, one in enumerate(_all(problems, checked, Severity.ERROR)):
        if number == SAID:
            lines.append("  …")
            break
        lines.append(f"  {one.sentence}")
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


def _shown(result: Result) -> dict[str, Any]:
    states: dict[str, int] = {}
    for figure in result.figures:
        states[figure.state] = states.get(figure.state, 0) + 1
    return {"figures": states}


def _written(path: Path, result: Result) -> str:
    states = _shown(result)["figures"]
    hidden = states.get("suppressed", 0)
    in_part = states.get("in_part", 0)
    text = f"{path.name} に書きました。値 {states.get('shown', 0):,}、秘匿 {hidden:,}"
    return text + (f"、一部の結果で秘匿のため合計なし {in_part:,}" if in_part else "") + "。"
