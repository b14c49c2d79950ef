"""The guide of the operators names what there is: every rule with its default, every argument, every ground and table."""

from __future__ import annotations

from pathlib import Path

from nimo.analysis.commands import arguments
from nimo.analysis.results.definitions import tables_of
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import NAMES
from nimo.analysis.spells.grounds import GROUNDS
from nimo.analysis.tests.making import TIMES

GUIDES = Path(__file__).resolve().parents[4] / "docs" / "guide"
GUIDE = (GUIDES / "indicators-compute.md").read_text(encoding="utf-8")


def test_names_every_rule_with_its_default_and_evidence():
    for one in Rules().describe():
        value = str(one["value"]).lower() if isinstance(one["value"], bool) else one["value"]
        assert f"| `{one['code']}` | {one['label']} | `{value}` | {one['evidence']} |" in GUIDE


def test_names_every_ground_column_and_table():
    for code, sentence in GROUNDS.items():
        assert f"`{code}`" in GUIDE
        assert sentence in GUIDE
    for name in (*NAMES, *tables_of(Rules(), TIMES)):
        assert f"`{name}`" in GUIDE, name


def test_names_every_argument():
    both = GUIDE + (GUIDES / "cluster.md").read_text(encoding="utf-8")
    for parser in (arguments.compute_parser(), arguments.add_up_parser()):
        for action in parser._actions:
            for option in action.option_strings:
                assert option in both or option in ("-h", "--help", "--json", "--threads"), option
