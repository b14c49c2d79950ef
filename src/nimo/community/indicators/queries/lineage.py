"""Where a figure comes from: source, place in it, who recorded it when, what it replaced, whether it is public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from nimo.community.indicators.choices import RowState, SourceKind, SourceState
from nimo.community.indicators.models import Indicator, Observation, Source
from nimo.community.indicators.policies import (
    get_observation,
    get_source,
    may_publish,
    may_withdraw,
    sees_recorded,
)
from nimo.community.indicators.queries.reading import Seen, read, read_one
from nimo.community.indicators.rules.words import state_words
from nimo.core.numbers import format_number
from nimo.foundation.access.actors import JAPAN, Actor
from nimo.foundation.access.rules import Decision
from nimo.foundation.files.policies import may_download
from nimo.foundation.regions.models import Region

_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class FormerRow:
    """A row this one replaced, or that replaced it. cell_text: its value, or why there is none."""

    id: int
    cell_text: str
    status_text: str
    source_title: str
    recorded_by: str
    recorded_at_text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """One figure and its whole origin.

    raw, recorded_by, former, successor, file_id: only inside the reach (the public sees what is published, no more).
    was_corrected: it replaced another row (the public learns that, not which value).
    """

    observation: Observation
    figure: Seen
    indicator: Indicator
    region: Region
    source: Source
    status: str
    locator: str
    raw: str
    recorded_by: str
    recorded_at_text: str
    published_text: str
    exposure_text: str
    former: Sequence[FormerRow]
    successor: FormerRow | None
    was_corrected: bool
    file_id: UUID | None
    inside: bool

    @property
    def is_live(self) -> bool:
        return self.status == RowState.LIVE


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source with its figures, and what the actor may do with it."""

    source: Source
    figures: Page[Seen]
    live: int
    public: int
    may_publish: Decision
    may_withdraw: Decision
    file_id: UUID | None
    inside: bool

    @property
    def is_active(self) -> bool:
        return self.source.state == SourceState.ACTIVE

    @property
    def is_sheet(self) -> bool:
        """A sheet is published and undone chapter by chapter on its own page, not here."""
        return self.source.kind == SourceKind.SHEET


def _moment(row: Observation | Source) -> str:
    return row.recorded_at.astimezone(JAPAN).strftime("%Y年%-m月%-d日 %H:%M")


def _former(row: Observation) -> FormerRow:
    if row.value is not None:
        text = f"{row.qualifier}{format_number(row.value)}{row.unit}"
    elif row.yes_no is not None:
        text = "あり" if row.yes_no else "なし"
    else:
        text = row.text or state_words(row.state)
    return FormerRow(
        id=row.pk,
        cell_text=text,
        status_text=str(row.get_status_display()),
        source_title=row.source.title,
        recorded_by=row.recorded_by_name,
        recorded_at_text=_moment(row),
        reason=row.supersession_reason,
    )


def _file_id(actor: Actor, source: Source) -> UUID | None:
    if source.file is None or not may_download(actor, source.file):
        return None
    return source.file.pk


def lineage(actor: Actor, observation_id: int) -> Lineage:
    """Everything about one figure that the actor may know. Raises FigureNotAvailable."""
    row = get_observation(actor, observation_id)
    inside = sees_recorded(actor, row.region_id)
    figure = read_one(actor, row)
    former = list(Observation.objects.filter(superseded_by=row).select_related("source").order_by("-pk"))
    successor = row.superseded_by if inside else None
    published = ""
    if row.is_published and row.published_at is not None:
        day = row.published_at.astimezone(JAPAN)
        published = f"{day.year}年{day.month}月{day.day}日に公開" + (f"（{row.published_by_name}）" if inside else "")
    return Lineage(
        observation=row,
        figure=figure,
        indicator=row.indicator,
        region=row.region,
        source=row.source,
        status=row.status,
        locator=row.locator,
        raw=row.raw if inside else "",
        recorded_by=row.recorded_by_name if inside else "",
        recorded_at_text=_moment(row),
        published_text=published,
        exposure_text=row.exposure_text if inside else "",
        former=[_former(old) for old in former] if inside else (),
        successor=_former(successor) if successor else None,
        was_corrected=bool(former),
        file_id=_file_id(actor, row.source),
        inside=inside,
    )


def source_page(actor: Actor, source_id: int, page_number: str = "") -> SourcePage:
    """A source and a page of those of its figures the actor may know, by region and indicator.

    page_number: as the address has it; what is no page is the first or the last one. Raises FigureNotAvailable.
    """
    source = get_source(actor, source_id)
    rows = Observation.objects.filter(source=source)
    if source.state == SourceState.ACTIVE:
        rows = rows.live()
    counts = rows.aggregate(live=Count("pk"), public=Count("pk", filter=Q(published_at__isnull=False)))
    figures = sorted(
        read(actor, rows), key=lambda one: (one.region_code, one.position, one.coverage, one.dimension, one.id)
    )
    return SourcePage(
        source=source,
        figures=Paginator(figures, _PER_PAGE).get_page(page_number),
        live=counts["live"],
        public=counts["public"],
        may_publish=may_publish(actor, source),
        may_withdraw=may_withdraw(actor, source),
        file_id=_file_id(actor, source),
        inside=sees_recorded(actor, source.region_id),
    )
