"""`nimo indicators add-up`: the sum of results that hospitals computed for themselves."""

from __future__ import annotations

from nimo.analysis.commands import arguments
from nimo.analysis.commands.rules_file import read_rules
from nimo.analysis.commands.speaking import DONE, REFUSED, fail, must_be_writable, say, summary, written
from nimo.analysis.results.addition import UnableToAdd, add_results
from nimo.analysis.results.result import ResultError, read_result, write_result
from nimo.analysis.rules import RulesError
from nimo.core.disclosure.policy import PolicyError


def run(argv: list[str]) -> int:
    """0 written; 1 the results must not be added; 2 a file cannot be used. Nothing is half-written."""
    given = arguments.add_up_parser().parse_args(argv)
    try:
        arguments.require(given, "files", "out", "label")
        _, policy = read_rules(given.rules)
        must_be_writable(given.out)
        result = add_results(
            [read_result(path) for path in given.files], policy, label=given.label, covers=given.covers
        )
        write_result(result, given.out, replacing=given.replace)
    except UnableToAdd as error:
        return fail(given, f"足し合わせられません。{error}何も書いていません。", REFUSED)
    except (arguments.Missing, ResultError, RulesError, PolicyError) as error:
        return fail(given, str(error))
    except OSError as error:
        return fail(given, arguments.of_file(error))
    say(given, {"added": True, "out": str(given.out), **summary(result)}, written(given.out, result))
    return DONE
