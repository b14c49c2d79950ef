"""`nimo indicators world`: spells of the made-up world, to try the computation with and to measure it."""

from __future__ import annotations

import os

from nimo.analysis.commands import arguments
from nimo.analysis.commands.speaking import DONE, Progress, fail, must_be_writable, say
from nimo.analysis.worldspells import SIZES, write_world


def run(argv: list[str]) -> int:
    """0 written; 2 it cannot be. Nothing is half-written, nothing overwritten."""
    given = arguments.world_parser().parse_args(argv)
    try:
        arguments.require(given, "out")
        must_be_writable(given.out)
        if given.out.exists():
            raise FileExistsError(given.out)
        progress, draft = Progress(), given.out.with_name(f".{given.out.name}.{os.getpid()}.part")
        try:
            totals = write_world(
                SIZES[given.size], draft, progress=lambda done, of: progress(done, of, "架空の記録を書いています")
            )
            os.replace(draft, given.out)
        finally:
            draft.unlink(missing_ok=True)
    except arguments.Missing as error:
        return fail(given, str(error))
    except OSError as error:
        return fail(given, arguments.of_file(error))
    day, persons = totals.census.isoformat(), sum(totals.in_bed.values())
    data = {
        "out": str(given.out), "rows": totals.rows, "persons": totals.persons, "days": totals.days, "census": day,
        "in_bed": totals.in_bed,
    }  # fmt: skip
    text = (
        f"{given.out.name} に書きました。架空の記録 {totals.rows:,}件、{totals.persons:,}人。\n"
        f"  在院患者数（{day}、精神病床）: {persons:,}人"
    )
    say(given, data, text)
    return DONE
