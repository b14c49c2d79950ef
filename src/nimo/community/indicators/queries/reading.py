"""Rows as one reader may see them: as recorded inside the reach, in their public form elsewhere.

Every list, page, map and file of figures passes through `read`; nothing else turns observations into text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

from django.db.models import Q
from django.urls import reverse

from nimo.community.indicators.choices import Evidence, Exposure, RowState, ValueState
from nimo.community.indicators.models import Observation, ObservationQuerySet
from nimo.community.indicators.rules.periods import as_of_words, sortable
from nimo.community.indicators.rules.recount import BASIS as COUNTED
from nimo.community.indicators.rules.values import Datum, Kind, Number
from nimo.community.indicators.rules.words import SUPPRESSED, basis_words, coverage_words, state_words
from nimo.core.numbers import format_number
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission

SUPPRESSED_TEXT = "人数が少なく、個人が分かるおそれがあるため表示しません"

_FIELDS = (
    "id",
    "indicator_id",
    "indicator__name",
    "indicator__kind",
    "indicator__position",
    "indicator__group",
    "indicator__part_of_id",
    "indicator__partition",
    "indicator__basis_matters",
    "indicator__disclosure",
    "region_id",
    "region__name",
    "region__kind",
    "fiscal_year",
    "as_of",
    "basis",
    "coverage",
    "dimension",
    "state",
    "value",
    "numerator",
    "denominator",
    "yes_no",
    "text",
    "unit",
    "qualifier",
    "evidence",
    "note",
    "source_id",
    "source__title",
    "source__origin",
    "source__kind",
    "status",
    "published_at",
    "exposure",
    "exposure_mark",
    "exposure_text",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One figure as its reader may see it. Where it is hidden, `state` is "suppressed" and no value is in here.

    value, numerator, denominator: exact. mark: short text for a table cell in place of a hidden value.
    reason: why there is no value ("" when there is one). is_public: published, whoever reads.
    """

    id: int
    indicator: str
    name: str
    kind: str
    position: int
    group: str
    part_of: str
    partition: bool
    basis_matters: bool
    counts_persons: bool
    region_code: str
    region_name: str
    region_kind: str
    fiscal_year: int
    as_of: str
    basis: str
    coverage: str
    dimension: str
    state: str
    value: Number | None
    numerator: Number | None
    denominator: Number | None
    yes_no: bool | None
    text: str
    unit: str
    qualifier: str
    evidence: str
    note: str
    source_id: int
    source_title: str
    source_kind: str
    origin: str
    is_public: bool
    mark: str = ""
    reason: str = ""

    @property
    def value_text(self) -> str | None:
        """As printed, without the unit: 222,364 / 325.3 / 約156,000 / あり / the text; None where there is no value."""
        if self.state != ValueState.VALUE:
            return None
        if self.value is not None:
            return f"{self.qualifier}{format_number(self.value)}"
        if self.yes_no is not None:
            return "あり" if self.yes_no else "なし"
        return self.text

    @property
    def cell_text(self) -> str:
        """The value with its unit, or the words that stand in its place."""
        if self.value_text is not None:
            return f"{self.value_text}{self.unit if self.value is not None else ''}"
        return self.mark or state_words(self.state)

    @property
    def day(self) -> date:
        """For ordering: the last day the as-of text covers."""
        return sortable(self.as_of, self.fiscal_year)

    @property
    def as_of_text(self) -> str:
        return as_of_words(self.as_of)

    @property
    def basis_text(self) -> str:
        return basis_words(self.basis)

    @property
    def coverage_text(self) -> str:
        return coverage_words(self.coverage)

    @property
    def dimension_text(self) -> str:
        """内訳・条件 as people read it: 会議=全体会 → 会議: 全体会."""
        return self.dimension.replace("=", ": ").replace(";", "、")

    @property
    def evidence_text(self) -> str:
        return str(Evidence(self.evidence).label)

    @property
    def href(self) -> str:
        return reverse("indicators:observation_detail", args=[self.id])

    @property
    def datum(self) -> Datum:
        """For rules.comparison and rules.addition; a hidden figure compares with nothing."""
        return Datum(
            indicator=self.indicator,
            kind=cast(Kind, self.kind),
            region_code=self.region_code,
            fiscal_year=self.fiscal_year,
            as_of=self.as_of,
            basis=self.basis,
            coverage=self.coverage,
            unit=self.unit,
            state=self.state,
            value=self.value,
            numerator=self.numerator,
            denominator=self.denominator,
            dimension=self.dimension,
            qualifier=self.qualifier,
            origin=self.origin,
            basis_matters=self.basis_matters,
            part_of=self.part_of if self.partition else "",
            label=f"{self.region_name}の{self.name}",
        )


def seen(row: Mapping[str, Any], *, recorded: bool) -> Seen:
    """One row of `_FIELDS` for a reader who sees figures as recorded, or (not `recorded`) in their public form."""
    is_public = row["status"] == RowState.LIVE and row["published_at"] is not None
    hidden = not recorded and row["exposure"] != Exposure.SHOWN
    state = SUPPRESSED if hidden else row["state"]
    reason = ""
    if hidden:
        reason = row["exposure_text"] or SUPPRESSED_TEXT
    elif state == ValueState.SUPPRESSED_AT_SOURCE and row["basis"] == COUNTED:
        reason = f"{SUPPRESSED_TEXT}（0という意味ではありません）。"
    elif state != ValueState.VALUE:
        reason = f"元の資料では「{state_words(state)}」です。0という意味ではありません。"

    def unless_hidden(name: str) -> Any:
        return None if hidden else row[name]

    return Seen(
        id=row["id"],
        indicator=row["indicator_id"],
        name=row["indicator__name"],
        kind=row["indicator__kind"],
        position=row["indicator__position"],
        group=row["indicator__group"],
        part_of=row["indicator__part_of_id"] or "",
        partition=row["indicator__partition"],
        basis_matters=row["indicator__basis_matters"],
        counts_persons=row["indicator__disclosure"] != "open",
        region_code=row["region_id"],
        region_name=row["region__name"],
        region_kind=row["region__kind"],
        fiscal_year=row["fiscal_year"],
        as_of=row["as_of"],
        basis=row["basis"],
        coverage=row["coverage"],
        dimension=row["dimension"],
        state=state,
        value=unless_hidden("value"),
        numerator=unless_hidden("numerator"),
        denominator=unless_hidden("denominator"),
        yes_no=unless_hidden("yes_no"),
        text=unless_hidden("text") or "",
        unit=row["unit"],
        qualifier=unless_hidden("qualifier") or "",
        evidence=row["evidence"],
        note=unless_hidden("note") or "",
        source_id=row["source_id"],
        source_title=row["source__title"],
        source_kind=row["source__kind"],
        origin=row["source__origin"],
        is_public=is_public,
        mark=(row["exposure_mark"] or "－（非表示）") if hidden else "",
        reason=reason,
    )


def read(actor: Actor, rows: ObservationQuerySet, *, as_public: bool = False) -> list[Seen]:
    """The rows the actor may know of, each as the actor may see it; one query, in no particular order.

    as_public: what an anonymous visitor would get, whoever asks (open data, previews of the public page).
    """
    visible = rows.published() if as_public else rows.within_reach_or_published(actor)
    recorded: dict[str, bool] = {}

    def sees(region_code: str) -> bool:
        if region_code not in recorded:
            recorded[region_code] = actor.may(Permission.VIEW_INDICATORS, region_code=region_code)
        return recorded[region_code]

    return [seen(row, recorded=not as_public and sees(row["region_id"])) for row in visible.values(*_FIELDS)]


def read_one(actor: Actor, observation: Observation) -> Seen:
    """One row that `policies.get_observation` gave, as the actor may see it."""
    row = Observation.objects.filter(pk=observation.pk).values(*_FIELDS).get()
    return seen(row, recorded=actor.may(Permission.VIEW_INDICATORS, region_code=row["region_id"]))


class Counted(NamedTuple):
    """A bare count for reckoning over many regions; it is never shown as it stands here."""

    region_code: str
    indicator: str
    dimension: str
    fiscal_year: int
    source_kind: str
    id: int
    value: Number


def counts(actor: Actor, rows: ObservationQuerySet) -> Iterator[Counted]:
    """The numbers this reader may see, of whole regions, without everything that `read` adds; one query.

    For likeness over every municipality: a tenth of the time of `read`, and the same answer to who may know what.
    """
    rows = rows.live().filter(coverage="", state=ValueState.VALUE, value__isnull=False, qualifier="")
    reach = actor.reach(Permission.VIEW_INDICATORS)
    if not reach.everything:
        shown = Q(published_at__isnull=False, exposure=Exposure.SHOWN)
        rows = rows.filter(shown | Q(region_id__in=reach.region_codes) if reach.region_codes else shown)
    fields = ("region_id", "indicator_id", "dimension", "fiscal_year", "source__kind", "id", "value")
    return (Counted(*row) for row in rows.values_list(*fields))
