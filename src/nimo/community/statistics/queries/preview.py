"""The headings and first values of a stored table, for the screen where its columns get their meaning."""

from __future__ import annotations

from dataclasses import replace

from nimo.community.statistics.formats.layouts.columns import ColumnMapping as Columns
from nimo.community.statistics.formats.layouts.mapped import Preview, preview_of, suggested
from nimo.community.statistics.formats.loading.opening import open_book
from nimo.community.statistics.models import StatisticsImport
from nimo.community.statistics.queries.known import indicator_names
from nimo.foundation.access.actors import Actor
from nimo.foundation.files.queries import open_stored


def table_preview(actor: Actor, one: StatisticsImport, sheet: str, row: str) -> tuple[Preview, Columns]:
    """The table as it begins, and what its columns hold: by the mapping it was read with, else what its headings suggest.

    sheet, row: chosen by the person, "" the likely ones. Raises UnableToReadTable and UnableToOpen.
    """
    with open_stored(actor, one.file_id) as stream:
        book = open_book(stream, one.file.name)
        number = int(row) if row.isascii() and row.isdigit() and len(row) < 7 else None
        kept = Columns.from_json(one.mapping.content) if one.mapping and not sheet and not row else None
        said = str(one.options.get("as_of", ""))
        if kept is not None:
            return preview_of(book, sheet=kept.sheet, header_row=kept.header_row), replace(kept, as_of=said)
        preview = preview_of(book, sheet=sheet, header_row=number)
    return preview, replace(suggested(preview, indicator_names()), as_of=said)
