"""Every violation of the contract, named by row number. Nothing is repaired; rows are left out only when asked.

No value of a spell is ever in a report: a row number, what is wrong, and which column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from nimo.analysis.engine import Engine
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import (
    CODE_LISTS,
    DEATH,
    LABELS,
    NAMES,
    PERSON,
    TRANSFER,
    UNKNOWN,
    ContractError,
    conform,
)
from nimo.analysis.spells.prepare import STILL_IN, completed_years, days_of, ymd_of
from nimo.analysis.spells.references import References, is_municipality

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)  # outside: another calendar, or a slip of the pen


class Severity(StrEnum):
    """An error keeps a row out of every statistic; a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can be wrong. column: where to look; sentence: what it is, without any value."""

    code: str
    severity: Severity
    column: str
    sentence: str


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
KINDS: tuple[Kind, ...] = (
    Kind("broken_row", _E, "", "列の数が見出しと合いません。"),
    Kind("undecodable", _E, "", "文字コードとして読めない文字があります。"),
    Kind("unreadable", _E, "", "日付・年・区分として読めません。"),
    Kind("missing_person", _E, PERSON, "人の仮名がありません。"),
    Kind("missing_hospital", _E, "hospital", "病院がありません。"),
    Kind("missing_admission", _E, "admitted_on", "入院日がありません。"),
    Kind(
        "implausible_date",
        _E,
        "admitted_on",
        "1900年から2099年までの日付ではありません（別の暦の年か、書き誤りではありませんか）。",
    ),
    Kind("discharge_before_admission", _E, "discharged_on", "退院日が入院日より前です。"),
    Kind("impossible_age", _E, "birth_date", "入院時の年齢があり得ない値です。"),
    Kind("unknown_municipality", _E, "municipality", "住所地が市区町村コードではありません。"),
    Kind("unknown_hospital_municipality", _E, "hospital_municipality", "病院の所在地が市区町村コードではありません。"),
    Kind("unknown_hospital", _E, "hospital", "病院の一覧にない病院です。"),
    Kind("unknown_admission_type", _E, "admission_type", "入院形態の区分にない値です。"),
    Kind("unknown_diagnosis_group", _E, "diagnosis_group", "診断の区分にない値です。"),
    Kind("unknown_outcome", _E, "outcome", "退院後の行き先の区分にない値です。"),
    Kind("unknown_bed", _E, "bed", "病床の種類の区分にない値です。"),
    Kind("duplicate", _E, "", "前の行と、行番号のほかすべて同じです。"),
    Kind("overlap", _E, "admitted_on", "同じ人の前の入院と期間が重なります。"),
    Kind("open_but_admitted_again", _E, "discharged_on", "退院日がないのに、同じ人に後の入院があります。"),
    Kind("after_hospital_closed", _E, "hospital", "病院が閉じた日より後の入院か、閉じた後も入院中です。"),
    Kind("after_death", _E, "admitted_on", "同じ人が死亡で退院した日より後まで続くか、その後に始まる入院です。"),
    Kind("outcome_while_in_hospital", _W, "outcome", "退院日がないのに、退院後の行き先があります。"),
    Kind("discharge_without_outcome", _W, "outcome", "退院日があるのに、退院後の行き先がありません。"),
    Kind("conflicting_birth", _W, "birth_date", "同じ人の生年月日が、行によって違います。"),
    Kind("many_spells", _W, PERSON, "同じ人の入院が500回を超えます（仮の番号を使い回していないか確かめてください）。"),
    Kind("admitted_after_observation", _N, "admitted_on", "観察の最後の日より後の入院です（数えません）。"),
    Kind("discharged_after_observation", _N, "discharged_on", "観察の最後の日より後の退院です（入院中とみます）。"),
    Kind("unlinked_transfer", _N, "outcome", "転院とありますが、続きの入院が表にありません。"),
    Kind("same_day_transfer", _N, "admitted_on", "同じ人の前の退院と同じ日の入院です（転院とみます）。"),
    Kind("zero_days", _N, "discharged_on", "入院した日の退院です。"),
    Kind("municipality_merged", _N, "municipality", "合併前の市町村です（今の市町村で数えます）。"),
)
KIND_OF: Mapping[str, Kind] = {kind.code: kind for kind in KINDS}
MOST_SPELLS = 500
_PAGE = 10_000
_BIT = {kind.code: 1 << number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class Violation:
    """row: as in the contract."""

    row: int
    kind: Kind

    @property
    def sentence(self) -> str:
        """「12行目 退院日: 退院日が入院日より前です。」"""
        label = LABELS.get(self.kind.column, "")
        return f"{self.row:,}行目{f' {label}' if label else ''}: {self.kind.sentence}"


@dataclass(frozen=True)
class Checked:
    """table: the spells as they came. problems: row and one bit for each kind, only rows with any.

    counts: rows by kind. rows: all of them.
    """

    engine: Engine
    table: ir.Table
    problems: ir.Table
    error_bits: int
    rows: int
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Rows with at least one error."""
        return self.counts.get("", 0)

    @property
    def usable(self) -> ir.Table:
        """The rows without error."""
        if not self.errors:
            return self.table
        wrong = self.problems.filter((self.problems.problems & self.error_bits) != 0)
        return self.table.anti_join(wrong, "row")

    def severity(self, kind: Kind) -> Severity:
        """As declared; overlaps are a note where the rule joins them."""
        is_error = bool(self.error_bits & _BIT[kind.code])
        return kind.severity if is_error or kind.severity is not Severity.ERROR else Severity.NOTE

    def violations(self, *, least: Severity = Severity.NOTE, limit: int | None = None) -> list[Violation]:
        """By row number, the first `limit` rows. All of them can be many: see `batches`."""
        table = self._wanted(least).order_by("row")
        table = table.limit(limit) if limit is not None else table
        return [one for record in self.engine.rows(table) for one in self._of(record, least)]

    def batches(self, *, least: Severity = Severity.NOTE) -> Iterator[list[Violation]]:
        """All violations by row number, some thousand rows at a time."""
        table, last = self._wanted(least), -(1 << 62)
        while True:
            page = self.engine.rows(table.filter(table.row > last).order_by("row").limit(_PAGE))
            if not page:
                return
            last = page[-1]["row"]
            yield [one for record in page for one in self._of(record, least)]

    def _bits(self, least: Severity) -> int:
        order = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
        wanted = order[: order.index(least) + 1]
        return sum(_BIT[kind.code] for kind in KINDS if self.severity(kind) in wanted)

    def _wanted(self, least: Severity) -> ir.Table:
        return self.problems.filter((self.problems.problems & self._bits(least)) != 0)

    def _of(self, record: Mapping[str, int], least: Severity) -> list[Violation]:
        bits = record["problems"] & self._bits(least)
        return [Violation(record["row"], kind) for kind in KINDS if bits & _BIT[kind.code]]


def validate(
    engine: Engine,
    spells: ir.Table,
    *,
    observed_until: date,
    references: References | None = None,
    rules: Rules | None = None,
) -> Checked:
    """Check every row of a table of the contract. ContractError when it is not one or when row numbers repeat.

    Only what is wrong is kept. Violations never depend on the order of the file.
    """
    references, rules = references or References(), rules or Rules()
    table = conform(spells)
    flags = {**_in_the_row(table, rules, observed_until), **_codes(table, _good_codes(engine, table), references)}
    merged = references.current_codes(observed_until)
    if merged:
        flags["municipality_merged"] = table.municipality.isin(list(merged))
    alone = table.select("row", problems=_sum_of(flags))
    found = [alone.filter(alone.problems != 0), _among_rows(engine, table)]
    if any(hospital.closed_on for hospital in references.hospitals):
        found.append(_closed_hospitals(engine, table, references, observed_until))
    together = ibis.union(*found)
    problems = engine.keep(together.group_by("row").agg(problems=together.problems.sum().cast("int64")))
    joined = {"overlap", "open_but_admitted_again"} if rules.linking.overlaps == "join" else set()
    error_bits = sum(_BIT[k.code] for k in KINDS if k.severity is Severity.ERROR and k.code not in joined)
    (size,) = engine.rows(table.agg(rows=table.count(), different=table.row.nunique()))
    if size["rows"] != size["different"]:
        raise ContractError("行番号が空か、同じ行番号が二度あります。計算は始めていません。")
    return Checked(engine, table, problems, error_bits, size["rows"], _counted(engine, problems, error_bits))


def _counted(engine: Engine, problems: ir.Table, error_bits: int) -> dict[str, int]:
    sums = {kind.code: ((problems.problems & _BIT[kind.code]) != 0).cast("int64").sum() for kind in KINDS}
    errors = ((problems.problems & error_bits) != 0).cast("int64").sum()
    (found,) = engine.rows(problems.agg(errors=errors, **sums))
    counts = {code: int(found[code]) for code in sums if found[code]}
    if found["errors"]:
        counts[""] = int(found["errors"])
    return counts


def _sum_of(flags: Mapping[str, ir.BooleanValue]) -> ir.IntegerValue:
    total: ir.IntegerValue = ibis.literal(0, "int64")
    for code, flag in flags.items():
        total = total + ibis.ifelse(flag.fill_null(False), ibis.literal(_BIT[code], "int64"), 0)
    return total


def _day(day: date) -> ir.DateScalar:
    return ibis.date(day.year, day.month, day.day)


def _outside(value: ir.DateValue) -> ir.BooleanValue:
    return ((value < _day(EARLIEST)) | (value >= _day(LATEST))).fill_null(False)


def _in_the_row(table: ir.Table, rules: Rules, until: date) -> dict[str, ir.BooleanValue]:
    admitted, discharged = table.admitted_on, table.discharged_on
    born = ibis.coalesce(ymd_of(table.birth_date), table.birth_year * 10000 + rules.age.assumed_birthday)
    age = completed_years(born, ymd_of(admitted))
    # With the year alone the age is known to one year: only what is impossible on every birthday is an error.
    by_year = table.birth_date.isnull()
    too_young = ibis.ifelse(by_year, table.birth_year > admitted.year(), age < 0)
    too_old = ibis.ifelse(by_year, admitted.year() - table.birth_year > rules.age.oldest + 1, age > rules.age.oldest)
    key = table[PERSON]
    return {
        "missing_person": key.isnull() | (key == "") if key.type().is_string() else key.isnull(),
        "missing_hospital": table.hospital.isnull() | (table.hospital == ""),
        "missing_admission": admitted.isnull(),
        "implausible_date": _outside(admitted) | _outside(discharged),
        "discharge_before_admission": discharged < admitted,
        "impossible_age": too_young | too_old,
        "outcome_while_in_hospital": discharged.isnull() & table.outcome.notnull() & (table.outcome != UNKNOWN),
        "discharge_without_outcome": discharged.notnull() & table.outcome.isnull(),
        "admitted_after_observation": admitted > _day(until),
        "discharged_after_observation": (admitted <= _day(until)) & (discharged > _day(until)),
        "zero_days": discharged == admitted,
    }


def _good_codes(engine: Engine, table: ir.Table) -> dict[str, list[str]]:
    """The municipality codes of the file that can be codes: checked once each, not once per row."""
    good = {}
    for column in ("municipality", "hospital_municipality"):
        codes = engine.rows(table.filter(table[column].notnull()).select(code=table[column]).distinct())
        good[column] = [row["code"] for row in codes if is_municipality(row["code"])]
    return good


def _codes(table: ir.Table, good: Mapping[str, list[str]], references: References) -> dict[str, ir.BooleanValue]:
    flags = {}
    for column, codes in good.items():
        value = table[column]
        flags[f"unknown_{column}"] = value.notnull() & ~(value.isin(codes) if codes else ibis.literal(False))
    for column, listed in CODE_LISTS.items():
        flags[f"unknown_{column}"] = table[column].notnull() & table[column].notin(list(listed))
    if references.hospitals:
        flags["unknown_hospital"] = table.hospital.notin(sorted(references.hospital_codes))
    return flags


def _among_rows(engine: Engine, table: ir.Table) -> ir.Table:
    """Violations that show only beside the other spells of the same person: row, problems. Only slim columns are sorted."""
    d = days_of(table.discharged_on)
    rows = table.select(
        "row",
        PERSON,
        day_in=days_of(table.admitted_on),
        day_out=d,
        moved=(table.outcome == TRANSFER).fill_null(False),
        death=ibis.ifelse(table.outcome == DEATH, d, ibis.null("int32")),
        born=ibis.coalesce(ymd_of(table.birth_date), table.birth_year),
    )
    order = [ibis.asc("day_in", nulls_first=False), ibis.asc(rows.day_out.fill_null(STILL_IN)), rows.row]
    in_order = ibis.window(group_by=PERSON, order_by=order)
    before = ibis.window(group_by=PERSON, order_by=order, preceding=(None, 1))
    whole = ibis.window(group_by=PERSON, order_by=order, preceding=None, following=None)
    seen = rows.mutate(
        # A discharge before its admission is reported by itself and must not hide what follows.
        end_before=ibis.greatest(rows.day_out.fill_null(-STILL_IN), rows.day_in).max().over(before),
        died_before=rows.death.min().over(before),
        died=rows.death.min().over(whole),
        born_otherwise=rows.born != rows.born.min().over(before),
        number=ibis.row_number().over(in_order),
        in_before=rows.day_in.lag().over(in_order),
        out_before=rows.day_out.lag().over(in_order),
        in_after=rows.day_in.lead().over(in_order),
        out_after=rows.day_out.lead().over(in_order),
    )
    known = seen[PERSON].notnull()
    like_before = (seen.day_in == seen.in_before) & seen.day_out.identical_to(seen.out_before)
    like_after = (seen.day_in == seen.in_after) & seen.day_out.identical_to(seen.out_after)
    bits = _sum_of(
        {
            "overlap": known & (seen.day_in < seen.end_before),
            "open_but_admitted_again": known & seen.day_out.isnull() & seen.in_after.notnull(),
            "after_death": known & ((seen.day_in >= seen.died_before) | (seen.day_out.fill_null(STILL_IN) > seen.died)),
            "same_day_transfer": known & (seen.day_in == seen.end_before),
            "unlinked_transfer": seen.moved
            & seen.day_out.notnull()
            & ~(known & (seen.in_after == seen.day_out)).fill_null(False),
            "conflicting_birth": known & seen.born_otherwise,
            "many_spells": known & (seen.number >= MOST_SPELLS),
        }
    )
    alike = (like_before | like_after).fill_null(False)
    marked = seen.select("row", alike=alike, problems=bits)
    few = engine.keep(marked.filter(marked.alike | (marked.problems != 0)))
    twice = _duplicates(table, few.filter(few.alike))
    joined = few.left_join(twice, few.row == twice.duplicate_row)
    problems = ibis.ifelse(
        joined.duplicate_row.notnull(), (joined.problems & ~_WITH_OTHERS) + _BIT["duplicate"], joined.problems
    )
    return joined.select("row", problems=problems.cast("int64")).filter(lambda t: t.problems != 0)


_WITH_OTHERS = sum(_BIT[code] for code in ("overlap", "open_but_admitted_again", "after_death", "same_day_transfer"))


def _duplicates(table: ir.Table, alike: ir.Table) -> ir.Table:
    """duplicate_row: rows whose every column but the row number equals that of a row with a smaller number.

    Only rows with person and dates of a neighbour are compared in full: they are few.
    """
    compared = [name for name in NAMES if name != "row"]
    few = table.semi_join(alike, "row")
    numbered = few.select("row", n=ibis.row_number().over(ibis.window(group_by=compared, order_by="row")))
    return numbered.filter(numbered.n > 0).select(duplicate_row=numbered.row)


def _closed_hospitals(engine: Engine, table: ir.Table, references: References, until: date) -> ir.Table:
    closed = [(one.code, one.closed_on) for one in references.hospitals if one.closed_on is not None]
    known = engine.table(
        pa.table(
            {
                "closed_hospital": [code for code, _ in closed],
                "closed_on": pa.array([day for _, day in closed], pa.date32()),
            }
        )
    )
    joined = table.inner_join(known, table.hospital == known.closed_hospital)
    stays_on = joined.discharged_on.isnull() & (joined.closed_on < _day(until))
    too_late = (joined.admitted_on > joined.closed_on) | (joined.discharged_on > joined.closed_on) | stays_on
    marked = joined.select("row", problems=_sum_of({"after_hospital_closed": too_late}))
    return marked.filter(marked.problems != 0)
