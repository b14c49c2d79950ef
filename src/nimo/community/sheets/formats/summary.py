"""A reading in words: what was read, what is in doubt, what could not be assigned."""

from __future__ import annotations

from collections.abc import Iterator

from nimo.community.sheets.formats.codes import FIELD_NAMES
from nimo.community.sheets.formats.model import BasicInfoItem, PeriodRow, Quantity, SheetReading, Value
from nimo.core.eras import PartialDate, to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.core.numbers import format_number

_EMPTY = "（記載なし）"
_WIDTH = 60


def summary(reading: SheetReading, file_name: str) -> list[str]:
    """The lines of a summary of one sheet."""
    return [
        *_head(reading, file_name),
        *_basic(reading),
        *_texts(reading),
        *_indicators(reading),
        *_challenges(reading),
        *_cooperation(reading),
        *_schedules(reading),
        *_doubts(reading),
        "",
    ]


def _head(reading: SheetReading, file_name: str) -> Iterator[str]:
    name = " ".join(part for part in (reading.prefecture, reading.municipality) if part) or "自治体名不明"
    year = FiscalYear(reading.fiscal_year).label_with_western if reading.fiscal_year is not None else "年度不明"
    yield f"■ {name} {year}"
    yield f"  ファイル：{file_name}（{reading.first_line or 0}～{reading.last_line or 0}行目）"
    if reading.fiscal_year_evidence:
        yield f"  年度の根拠：{reading.fiscal_year_evidence}"


def _basic(reading: SheetReading) -> Iterator[str]:
    yield "【基本情報】"
    if not reading.basic_info.present:
        yield "  表が見当たりません"
    for item in reading.basic_info.items:
        as_of = f"（{_as_of(item.as_of)}）" if item.as_of else ""
        yield f"  {FIELD_NAMES[item.key]}{as_of}：{_item(item)}"


def _as_of(text: str) -> str:
    """2024-05 → 令和6年5月, FY2023 → 令和5年度."""
    if text.startswith("FY"):
        return FiscalYear(int(text.removeprefix("FY"))).label
    date = PartialDate(*(int(part) for part in text.split("-")))
    return to_wareki(date)


def _item(item: BasicInfoItem) -> str:
    if isinstance(item.value, bool):
        return "有" if item.value else "無"
    share = f"（{item.share}%）" if item.share is not None else ""
    coverage = f"（{item.coverage}）" if item.coverage else ""
    if item.value is not None:
        return f"{format_number(item.value)}{item.unit or ''}{share}{coverage}"
    if item.values:
        return "、".join(_value(value) for value in item.values)
    return _EMPTY


def _value(value: Value) -> str:
    per = f"{value.per}あたり" if value.per else ""
    return f"{value.label or ''}{per}{format_number(value.value)}{value.unit or ''}"


def _texts(reading: SheetReading) -> Iterator[str]:
    for key in ("activities", "overview", "strengths", "other_matters"):
        text: str | None = getattr(reading, key)
        if text:
            yield f"【{FIELD_NAMES[key]}】{_short(text)}"
    if reading.history:
        yield f"【{FIELD_NAMES['history']}】{len(reading.history)}件"
        yield from (f"  {entry.period or '－'}　{_short(entry.text)}" for entry in reading.history)
    if reading.special_matters:
        yield f"【{FIELD_NAMES['special_matters']}】{len(reading.special_matters)}件"
        yield from (
            f"  {_short(row.matter)}／{_short(row.when)}／{_short(row.action)}" for row in reading.special_matters
        )


def _indicators(reading: SheetReading) -> Iterator[str]:
    yield f"【{FIELD_NAMES['results']}】{len(reading.results)}件"
    for result in reading.results:
        figures = f"目標 {_figures(result.target)} → 実績 {_figures(result.actual)}"
        yield f"  {result.mark or '・'}{_short(result.indicator)}：{figures}"
    yield f"【{FIELD_NAMES['targets']}】{len(reading.targets)}件"
    for target in reading.targets:
        figures = f"現状 {_figures(target.current)} → 目標 {_figures(target.target)}"
        yield f"  {target.mark or '・'}{_short(target.indicator)}：{figures}"


def _figures(quantity: Quantity) -> str:
    return quantity.raw or _EMPTY


def _challenges(reading: SheetReading) -> Iterator[str]:
    yield f"【{FIELD_NAMES['challenges']}】{len(reading.challenges)}件"
    for row in reading.challenges:
        yield f"  ・{_short(row.challenge)}"
        yield f"    方針：{_short(row.policy)}"
        named = (("government", "行政"), ("medical", "医療"), ("welfare", "福祉"), ("other", "その他"))
        yield from (f"    {name}：{_short(getattr(row.roles, key))}" for key, name in named)


def _cooperation(reading: SheetReading) -> Iterator[str]:
    coordination = reading.coordination
    if coordination.system:
        yield f"【{FIELD_NAMES['system']}】{_short(coordination.system)}"
    for department in coordination.departments:
        yield f"  {_short(department.owner)}（所管） － {_short(department.partner)}（連携）"
    for sector in coordination.sectors:
        yield f"  {sector.sector}：{_short(sector.state)}"
    if reading.councils:
        yield f"【{FIELD_NAMES['councils']}】{len(reading.councils)}件"
    for council in reading.councils:
        yield f"  {_short(council.name)}（{_short(council.frequency)}、構成員 {len(council.members)}）"


def _schedules(reading: SheetReading) -> Iterator[str]:
    if reading.long_term is not None:
        until = reading.long_term.until_raw or _EMPTY
        yield f"【{FIELD_NAMES['long_term']}】事業利用 {until}、目標：{_short(reading.long_term.goal)}"
        yield from _rows(reading.long_term.rows)
    if reading.schedule is not None:
        aligned = "" if reading.schedule.aligned else "（時期と内容の対応は不明）"
        yield f"【{FIELD_NAMES['schedule']}】{len(reading.schedule.rows)}件{aligned}"
        yield from _rows(reading.schedule.rows)
        yield from (f"  ？{_short(text)}" for text in reading.schedule.unaligned)


def _rows(rows: list[PeriodRow]) -> Iterator[str]:
    for row in rows:
        said = "／".join(_short(text) for text in (row.content, row.actions) if text)
        yield f"  {row.period or '－'}　{said}".rstrip()


def _doubts(reading: SheetReading) -> Iterator[str]:
    yield f"【確かめていただきたいこと】{len(reading.warnings)}件"
    for warning in reading.warnings:
        at = f"（{warning.line}行目）" if warning.line else ""
        yield f"  ！{warning.message}{at}"
    yield f"【割り当てできなかった文】{len(reading.unassigned)}件"
    yield from (f"  {left.line}行目：{left.text}" for left in reading.unassigned)


def _short(text: str | None) -> str:
    if not text:
        return _EMPTY
    one = text.replace("\n", " ")
    return one if len(one) <= _WIDTH else f"{one[:_WIDTH]}…"
