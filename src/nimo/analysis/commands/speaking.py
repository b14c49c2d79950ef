"""What the commands say: results on standard output (or JSON), refusals and progress on standard error."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from nimo.analysis.results.derived import Derived
from nimo.analysis.results.places import TOTAL
from nimo.analysis.results.result import Result

DONE, REFUSED, UNUSABLE, STOPPED = 0, 1, 2, 130


def say(given: argparse.Namespace, data: dict[str, Any], text: str) -> None:
    """One answer: as JSON where that was asked for, else in words."""
    sys.stdout.write((json.dumps(data, ensure_ascii=False) if given.json else text) + "\n")


def fail(given: argparse.Namespace, message: str, code: int = UNUSABLE) -> int:
    """Why nothing was done; returns the exit code."""
    if given.json:
        say(given, {"error": message}, "")
    else:
        sys.stderr.write(message + "\n")
    return code


class Progress:
    """Percentages on standard error, so that the answer can be piped: on a terminal in place, else a line for each part
    and each quarter of it. Called as progress(done, of, text).
    """

    def __init__(self) -> None:
        self._said = ("", -1)

    def __call__(self, done: int, of: int, text: str) -> None:
        percent = min(done, of) * 100 // max(of, 1)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{text} {percent:3d}%" + ("\n" if percent >= 100 else ""))
            sys.stderr.flush()
            return
        step = (text, percent // 25)
        if step != self._said:
            self._said = step
            sys.stderr.write(f"{text} {percent}%\n")
            sys.stderr.flush()


def must_be_writable(path: Path) -> None:
    """FileNotFoundError when there is no folder to write into: told before hours of work, not after."""
    if not path.resolve().parent.is_dir():
        raise FileNotFoundError(path)


def summary(result: Result) -> dict[str, Any]:
    """Counts of shown and hidden figures, and the rates and means of all places together."""
    states: dict[str, int] = {}
    for figure in result.figures:
        states[figure.state] = states.get(figure.state, 0) + 1
    return {"figures": states, "headline": [_headline(one) for one in _headlines(result)]}


def _headlines(result: Result) -> list[Derived]:
    return [one for one in result.derived() if one.place == TOTAL and one.table not in ("survival", "census")]


def _headline(one: Derived) -> dict[str, Any]:
    return {
        "code": one.code,
        "label": one.label,
        "unit": one.unit,
        "value": None if one.value is None else str(one.value),
        "numerator": one.numerator,
        "denominator": one.denominator,
        "state": one.state,
    }


def written(path: Path, result: Result) -> str:
    """What was written where, and the main figures, in words."""
    shown = summary(result)["figures"]
    lines = [f"{path.name} に書きました。値 {shown.get('shown', 0):,}、秘匿 {shown.get('suppressed', 0):,}。"]
    if shown.get("in_part"):
        lines.append(f"一部の結果で秘匿されているため合計を出せない値が {shown['in_part']:,} あります。")
    for figure in result.figures:
        if figure.table == "census" and figure.place == TOTAL and not figure.dims:
            lines.append(f"  在院患者数（{result.times.census}）: {_or_hidden(figure.value, '人', figure.state)}")
    for one in _headlines(result):
        parts = "" if one.denominator is None else f"（{one.numerator:,}／{one.denominator:,}）"
        lines.append(f"  {one.label}: {_or_hidden(one.value, one.unit, one.state)}{parts}")
    return "\n".join(lines)


def _or_hidden(value: Any, unit: str, state: str) -> str:
    if value is not None:
        return f"{value:,}{unit}"
    return {"undefined": "対象がありません", "in_part": "一部の結果で秘匿"}.get(state, "秘匿")
