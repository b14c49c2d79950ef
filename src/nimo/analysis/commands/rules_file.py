"""The JSON file in which rules of computing and, under "disclosure", of suppression are written down."""

from __future__ import annotations

import json
from pathlib import Path

from nimo.analysis.rules import Rules, RulesError, rules_from_data
from nimo.core.disclosure.policy import DisclosurePolicy, PolicyError, policy_from_data, shipped_policy


def read_rules(path: Path | None) -> tuple[Rules, DisclosurePolicy]:
    """The shipped rules where the file is silent. RulesError, PolicyError."""
    if path is None:
        return Rules(), shipped_policy()
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise RulesError(f"規則のファイル {path.name} を読めません。計算は始めていません。") from error
    if not isinstance(data, dict):
        raise RulesError(f"規則のファイル {path.name} の形が違います。計算は始めていません。")
    disclosure = data.pop("disclosure", None)
    return rules_from_data(data), shipped_policy() if disclosure is None else _policy(disclosure, path)


def _policy(data: object, path: Path) -> DisclosurePolicy:
    if not (isinstance(data, dict) and isinstance(data.get("rules"), list) and "version" in data):
        raise PolicyError(f"{path.name} の disclosure の形が違います（version と rules が要ります）。")
    return policy_from_data(data, None)
