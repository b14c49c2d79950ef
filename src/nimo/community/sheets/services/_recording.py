"""What a confirmed and an accepted sheet have in common: chapters, figures with their lineage, one current sheet a year.

Only for the services beside it: they ask for the right and write the audit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nimo.community.indicators.services.observations import record_observations, withdraw_source
from nimo.community.indicators.services.stale import mark_stale
from nimo.community.sheets.choices import SectionKey, SheetState
from nimo.community.sheets.events import SHEET_FACT
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.queries.finding import SHEET_WORDS
from nimo.community.sheets.rules import figures
from nimo.community.sheets.rules.fields import is_empty
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.files.models import StoredFile
from nimo.foundation.regions.models import Region
from nimo.foundation.search.services import index


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A sheet ready to become a record: whose, of which year, what it says, and where each value stood."""

    region: Region
    fiscal_year: int
    layout: str
    content: Mapping[str, Any]
    passages: Sequence[Mapping[str, Any]] = ()
    by_hand: frozenset[str] = frozenset()
    """Paths a person changed after they were read."""
    file: StoredFile | None = None

    @property
    def full_name(self) -> str:
        prefecture = self.region.prefecture
        return f"{prefecture.name}{self.region.name}" if prefecture else self.region.name


def current_of(region_code: str, fiscal_year: int) -> Sheet | None:
    return Sheet.objects.filter(region_id=region_code, fiscal_year=fiscal_year, state=SheetState.CURRENT).first()


def chapters(sheet: Sheet, facts: SheetFacts) -> list[SheetSection]:
    """The chapters that hold something, each with its own passages."""
    made = []
    for key in SectionKey:
        if is_empty(facts.content, key):
            continue
        own: list[list[Any]] = [
            [p["path"], p["text"], p["place"]]
            for p in facts.passages
            if p["path"] == key.value or p["path"].startswith(f"{key.value}.")
        ]
        made.append(
            SheetSection(id=new_id(), sheet=sheet, key=key.value, content=facts.content[key.value], passages=own)
        )
    return made


def record_figures(actor: Actor, facts: SheetFacts) -> int | None:
    """The id of the source; None when the sheet has no basic-info block (absent stays absent)."""
    rows = figures.drafts(
        facts.content,
        {p["path"]: p["place"] for p in facts.passages},
        facts.by_hand,
        region_code=facts.region.pk,
        fiscal_year=facts.fiscal_year,
    )
    if not rows:
        return None
    source = figures.source(
        region_code=facts.region.pk,
        region_name=facts.full_name,
        fiscal_year=facts.fiscal_year,
        file_id=facts.file.pk if facts.file else None,
        file_digest=facts.file.digest if facts.file else "",
        retrieved_on=actor.today,
    )
    return record_observations(actor=actor, rows=rows, source=source).source_id


def make_current(actor: Actor, facts: SheetFacts, sheet: Sheet, existing: Sheet | None) -> list[SheetSection]:
    """Saves the sheet as the current one of its region and year. `existing` stays, superseded, without its figures."""
    if existing is not None:
        Sheet.objects.filter(pk=existing.pk).update(state=SheetState.SUPERSEDED)
    source_id = record_figures(actor, facts)
    if existing is not None and existing.source_id and source_id is None:
        withdraw_source(actor=actor, source_id=existing.source_id, reason="基本情報のないシートに置き換えた")
    sheet.supersedes = existing
    sheet.source_id = source_id
    sheet.save(force_insert=True)
    mark_stale(actor=actor, fact=SHEET_FACT, region_code=sheet.region_id, fiscal_year=sheet.fiscal_year)
    sections = SheetSection.objects.bulk_create(chapters(sheet, facts))
    search_again(actor, sheet, existing)
    return sections


def search_again(actor: Actor, *sheets: Sheet | None) -> None:
    """What is current is found, what is not is found no longer; in the same transaction."""
    index.refresh(actor=actor, source=SHEET_WORDS, owners=[str(sheet.pk) for sheet in sheets if sheet is not None])
