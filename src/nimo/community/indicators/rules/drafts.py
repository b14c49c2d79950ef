"""What is handed to the store: one source and the figures it states, checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from nimo.community.indicators.rules.periods import UnableToReadAsOf, check_as_of, fiscal_year_of
from nimo.community.indicators.rules.values import Number, to_text
from nimo.community.indicators.rules.words import BASES, STATES

EVIDENCE = frozenset({"S", "S3", "D", "K"})


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """One edition of one document.

    series: its name over all editions ("sheet:10205:2024"); a new edition replaces the active one of its series.
    origin: who counts and how over the years ("sheet:10205"); "" takes the series.
    kind: official_statistics, sheet, report or manual. region_code: whom the document is about.
    digest: SHA-256 of the content, hexadecimal ("" unknown); the same content twice is recorded once.
    file_id: the stored file. open_reason: only for official_statistics: published when recorded, and why.
    """

    series: str
    kind: str
    title: str
    publisher: str
    region_code: str
    origin: str = ""
    reference: str = ""
    credit: str = ""
    published_on: date | None = None
    retrieved_on: date | None = None
    file_id: UUID | None = None
    digest: str = ""
    fiscal_year: int | None = None
    open_reason: str = ""


@dataclass(frozen=True, slots=True)
class ObservationDraft:
    """One figure of the source. Give `value` (int or Decimal), `yes_no` or `text`, or a `state` that says why not.

    as_of: "2023-06-30", "2024-05", "2024", "FY2023" or "" (not stated; then fiscal_year is needed).
    unit: None takes the dictionary's; another spelling that the dictionary knows is stored as the dictionary's.
    locator: where it stands in the source (「12行目」, 「E5」, 「スライド2 表1 3行2列」): never empty.
    raw: the passage as written. dimension: "" or "key=value;key=value".
    """

    indicator: str
    region_code: str
    locator: str
    as_of: str = ""
    fiscal_year: int | None = None
    basis: str = "unspecified"
    coverage: str = ""
    dimension: str = ""
    state: str = "value"
    value: Number | None = None
    numerator: Number | None = None
    denominator: Number | None = None
    yes_no: bool | None = None
    text: str = ""
    unit: str | None = None
    qualifier: str = ""
    raw: str = ""
    note: str = ""
    evidence: str = "S"

    @property
    def year(self) -> int | None:
        """The fiscal year given, else the one the as-of date lies in."""
        return self.fiscal_year if self.fiscal_year is not None else fiscal_year_of(self.as_of)

    @property
    def key(self) -> tuple[str, str, int | None, str, str, str, str]:
        """What may stand only once in a source."""
        return (self.indicator, self.region_code, self.year, self.as_of, self.basis, self.coverage, self.dimension)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the checks need to know of an indicator."""

    code: str
    name: str
    kind: str
    unit: str
    unit_aliases: frozenset[str]
    bases: frozenset[str]

    def canonical_unit(self, unit: str | None) -> str:
        """The dictionary's unit for None and for its other spellings; an unknown unit stays (and compares with nothing)."""
        return self.unit if unit is None or unit in self.unit_aliases else unit


def _check_number(name: str, number: Number | None, *, whole: bool) -> str:
    if number is None:
        return ""
    try:
        to_text(number)
    except (TypeError, ValueError):
        return f"{name}は整数または正確な小数で渡してください。"
    if number < 0:
        return f"{name}が負の数です。"
    if whole and number != int(number):
        return f"{name}が整数ではありません。"
    return ""


def _has_something(draft: ObservationDraft) -> bool:
    return draft.value is not None or draft.yes_no is not None or bool(draft.text)


def _state_problem(draft: ObservationDraft) -> str:
    if draft.state not in STATES:
        return f"値の有無「{draft.state}」は使えません。"
    parts = (draft.value, draft.numerator, draft.denominator, draft.yes_no)
    if draft.state != "value" and (any(part is not None for part in parts) or draft.text):
        return f"「{STATES[draft.state]}」なのに値があります。"
    if draft.state == "value" and not _has_something(draft):
        return "値がありません。ないときは、理由（資料にない・記入なし など）を状態で示してください。"
    return ""


def _kind_problem(draft: ObservationDraft, meaning: Meaning) -> str:
    if draft.state != "value":
        return ""
    if (draft.numerator is None) != (draft.denominator is None):
        return "分子と分母は、両方そろえるか、両方なしにしてください。"
    if meaning.kind == "yes_no" and draft.yes_no is None:
        return "有無の指標なので、有か無かを渡してください。"
    if meaning.kind != "yes_no" and draft.yes_no is not None:
        return "有無の指標ではありません。"
    if meaning.kind in ("rate", "days") and draft.value is None:
        return "割合・平均の値がありません。"
    for name, number in (("値", draft.value), ("分子", draft.numerator), ("分母", draft.denominator)):
        problem = _check_number(name, number, whole=False)
        if problem:
            return problem
    if meaning.kind == "rate" and meaning.unit == "%" and draft.value is not None and draft.value > 100:
        return "割合が100%を超えています。"
    return ""


def _time_problem(draft: ObservationDraft) -> str:
    try:
        check_as_of(draft.as_of)
        year = draft.year
    except UnableToReadAsOf as error:
        return str(error)
    if year is None:
        return "時点から年度が決まりません。年度を渡してください。"
    return "" if 1868 <= year <= 2199 else f"年度 {year} は扱えません。"


def _place_problem(draft: ObservationDraft, meaning: Meaning) -> str:
    if draft.basis not in BASES:
        return f"基準「{draft.basis}」は使えません。"
    if draft.basis not in meaning.bases:
        return f"「{meaning.name}」に基準「{BASES[draft.basis]}」は使えません。"
    if draft.evidence not in EVIDENCE:
        return f"確認状態「{draft.evidence}」は使えません。"
    if not draft.locator.strip():
        return "資料の中の位置がありません。"
    pairs = [pair.split("=") for pair in draft.dimension.split(";") if draft.dimension]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        return f"内訳・条件「{draft.dimension}」は「項目=内容」の形にしてください。"
    limits = (
        (draft.coverage, 80),
        (draft.dimension, 120),
        (draft.qualifier, 20),
        (draft.unit or "", 20),
        (draft.locator, 200),
        (draft.note, 300),
    )
    return next((f"「{text[:20]}…」が長すぎます（{limit}字まで）。" for text, limit in limits if len(text) > limit), "")


def problem_of(draft: ObservationDraft, meaning: Meaning) -> str:
    """The first reason why a figure cannot be recorded (Japanese); "" when it can."""
    return (
        _state_problem(draft) or _time_problem(draft) or _place_problem(draft, meaning) or _kind_problem(draft, meaning)
    )


def problems_of(drafts: Iterable[ObservationDraft], meanings: Mapping[str, Meaning]) -> list[str]:
    """Every figure's first problem, each with its place in the source; figures that stand twice included."""
    problems: list[str] = []
    seen: dict[tuple[str, str, int | None, str, str, str, str], str] = {}
    for draft in drafts:
        meaning = meanings.get(draft.indicator)
        problem = problem_of(draft, meaning) if meaning else f"指標「{draft.indicator}」は辞書にありません。"
        if not problem:
            if draft.key in seen:
                problem = f"同じ値が {seen[draft.key]} にもあります。"
            else:
                seen[draft.key] = draft.locator
        if problem:
            problems.append(
                f"{draft.locator or '位置不明'}（{meaning.name if meaning else draft.indicator}）: {problem}"
            )
    return problems
