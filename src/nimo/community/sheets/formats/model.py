"""A sheet as read: the shape of `nimo sheet read --json` (docs/guide/sheet-json.md), as dataclasses.

Unknown is None, never 0 and never "". `more` holds the columns that only a newer layout has, by their field. Each field remembers its source passage in `SheetReading.passages`
so that the review screen can show it beside the value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from nimo.community.sheets.formats.source import Finding


@dataclass(slots=True)
class Value:
    """One number read from a cell: `66人 17.1%` → value 66, unit 人 (the share is the item's)."""

    value: int | Decimal
    unit: str | None = None
    per: str | None = None
    """`月1回` is a rate: per "月"."""
    label: str | None = None
    """`退院者数14人`: label "退院者数"."""
    coverage: str | None = None
    """What this one number leaves out, where it is not the same for the whole cell: `12（10）` with its footnote."""


@dataclass(slots=True)
class Quantity:
    """A cell that states numbers: raw text kept, numbers read, what was left out (`coverage`) and remarks."""

    raw: str | None
    values: list[Value] = field(default_factory=list)
    qualifier: str | None = None
    coverage: str | None = None


@dataclass(slots=True)
class BasicInfoItem:
    key: str
    as_of: str | None
    """"2024-05", "2023-06-30", or "FY2023" for a fiscal year."""
    value: int | Decimal | bool | None
    """None where nothing could be read, and where the cell states several counts (then see `values`)."""
    unit: str | None
    raw: str | None
    share: Decimal | None = None
    values: list[Value] = field(default_factory=list)
    coverage: str | None = None
    place: str | None = None
    line: int | None = None


@dataclass(slots=True)
class BasicInfo:
    present: bool = False
    items: list[BasicInfoItem] = field(default_factory=list)


@dataclass(slots=True)
class HistoryEntry:
    period: str | None
    text: str | None
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class SpecialMatter:
    matter: str | None
    when: str | None
    action: str | None
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class ResultRow:
    mark: str | None
    indicator: str | None
    target: Quantity
    actual: Quantity
    effect: str | None
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class TargetRow:
    mark: str | None
    indicator: str | None
    current: Quantity
    target: Quantity
    expected_effect: str | None
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class Roles:
    government: str | None = None
    medical: str | None = None
    welfare: str | None = None
    other: str | None = None


@dataclass(slots=True)
class Challenge:
    challenge: str | None
    policy: str | None
    roles: Roles = field(default_factory=Roles)
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class Department:
    owner: str | None
    owner_work: str | None
    partner: str | None
    partner_work: str | None
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class Sector:
    sector: str
    state: str | None
    note: str | None
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class Coordination:
    system: str | None = None
    departments: list[Department] = field(default_factory=list)
    sectors: list[Sector] = field(default_factory=list)


@dataclass(slots=True)
class CouncilRow:
    name: str | None
    members: list[str]
    frequency: str | None
    content: str | None
    note: str | None
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class PeriodRow:
    period: str | None
    content: str | None
    actions: str | None
    more: dict[str, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class LongTerm:
    until_fiscal_year: int | None = None
    until_raw: str | None = None
    goal: str | None = None
    rows: list[PeriodRow] = field(default_factory=list)
    unaligned: list[str] = field(default_factory=list)
    """See `Schedule.unaligned`."""


@dataclass(slots=True)
class Schedule:
    short_term_goal: str | None = None
    small_steps: str | None = None
    rows: list[PeriodRow] = field(default_factory=list)
    aligned: bool = True
    """False where the source gives the columns one after another, so that rows cannot be matched with certainty."""
    unaligned: list[str] = field(default_factory=list)
    """The cell texts of such a table in their order, when only its periods could be told apart."""


@dataclass(slots=True)
class Unassigned:
    line: int
    text: str


@dataclass(slots=True)
class Passage:
    """The source passage behind one field: `path` is like "results.0.target"."""

    path: str
    text: str
    place: str
    line: int


@dataclass(slots=True)
class SheetReading:
    prefecture: str | None = None
    municipality: str | None = None
    fiscal_year: int | None = None
    fiscal_year_evidence: str | None = None
    results_fiscal_year: int | None = None
    """The year the results table speaks of (昨年度 is the year before the sheet's); None where neither is known."""
    layout: str | None = None
    """"r1", "r3", "r6-prefecture", "r6-city" or None where the layout is not known."""
    lead: str | None = None
    """The form's title, slogan and lead paragraphs at the head of the sheet."""
    first_line: int | None = None
    last_line: int | None = None
    """The lines of the file this sheet takes up (one file may hold several sheets)."""
    basic_info: BasicInfo = field(default_factory=BasicInfo)
    activities: str | None = None
    overview: str | None = None
    special_matters: list[SpecialMatter] = field(default_factory=list)
    other_matters: str | None = None
    history: list[HistoryEntry] = field(default_factory=list)
    results: list[ResultRow] = field(default_factory=list)
    strengths: str | None = None
    challenges: list[Challenge] = field(default_factory=list)
    targets: list[TargetRow] = field(default_factory=list)
    coordination: Coordination = field(default_factory=Coordination)
    councils: list[CouncilRow] = field(default_factory=list)
    long_term: LongTerm | None = None
    schedule: Schedule | None = None
    unassigned: list[Unassigned] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
