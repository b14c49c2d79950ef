"""What reading a described sheet must give, worked out from the description alone; and a reading in the same form.

Texts are compared without white space: where a line is broken is the file's business, not the sheet's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nimo.community.sheets.formats.model import Quantity, SheetReading, Value
from nimo.community.sheets.tests.builders.facts import Facts

KEYS = {
    "障害保健福祉圏域数": "disability_welfare_areas",
    "市町村数": "municipalities",
    "人口": "population",
    "精神科病院の数": "psychiatric_hospitals",
    "精神科病床数": "psychiatric_beds",
    "合計": "inpatients",
    "3か月未満 (%：構成割合)": "inpatients_under_3_months",
    "3か月以上1年未満 (%：構成割合)": "inpatients_3_to_12_months",
    "1年以上 (%：構成割合)": "inpatients_over_1_year",
    "うち65歳以上": "inpatients_over_1_year_65_and_over",
    "うち65歳未満": "inpatients_over_1_year_under_65",
    "基幹相談支援センター数": "core_consultation_centres",
    "一般相談支援事業所数": "general_consultation_offices",
    "特定相談支援事業所数": "specific_consultation_offices",
    "保健所数": "health_centres",
    "協議会の開催頻度": "council_frequency",
    "精神領域に関する議論を行う部会の有無": "has_mental_health_subcommittee",
    "市町村": "councils_municipality",
    "障害保健福祉圏域": "councils_area",
    "都道府県": "councils_prefecture",
}
AS_OF = {
    "(令和6年5月時点)": "2024-05",
    "(令和6年4月時点)": "2024-04",
    "(令和5年6月30日時点)": "2023-06-30",
    "(令和5年度)": "FY2023",
    "(令和6年3月末時点)": "2024-03",
}


def bare(text: str | None) -> str | None:
    """Without white space; None stays None and is never the same as an empty text."""
    return None if text is None else "".join(text.split())


def lines_of(text: str | None) -> str | None:
    """Prose without white space and without the list marks that the formats draw differently."""
    return None if text is None else "".join(re.sub(r"^[-・〇]\s*", "", line.strip()) for line in text.splitlines())


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, as the description states it."""

    value: int | str
    unit: str | None
    per: str | None = None
    label: str | None = None


def observed(reading: SheetReading) -> dict[str, Any]:
    """The reading as plain values."""
    return {
        "prefecture": reading.prefecture,
        "municipality": reading.municipality,
        "fiscal_year": reading.fiscal_year,
        "layout": reading.layout,
        "basic_present": reading.basic_info.present,
        "basic": {
            item.key: (_plain(item.value), item.as_of, str(item.share) if item.share is not None else None)
            for item in reading.basic_info.items
            if item.raw is not None
        },
        "frequency": [(_plain(v.value), v.unit, v.label) for i in reading.basic_info.items for v in i.values],
        "overview": lines_of(reading.overview),
        "activities": lines_of(reading.activities),
        "strengths": lines_of(reading.strengths),
        "history": [(bare(entry.period), bare(entry.text)) for entry in reading.history],
        "results": [
            (row.mark, bare(row.indicator), _quantity(row.target), _quantity(row.actual), bare(row.effect))
            for row in reading.results
        ],
        "targets": [
            (row.mark, bare(row.indicator), _quantity(row.current), _quantity(row.target), bare(row.expected_effect))
            for row in reading.targets
        ],
        "challenges": [
            (
                bare(c.challenge),
                bare(c.policy),
                *(bare(t) for t in (c.roles.government, c.roles.medical, c.roles.welfare, c.roles.other)),
            )
            for c in reading.challenges
        ],
        "system": lines_of(reading.coordination.system),
        "departments": [
            tuple(bare(t) for t in (d.owner, d.owner_work, d.partner, d.partner_work))
            for d in reading.coordination.departments
        ],
        "sectors": [(bare(s.sector), bare(s.state), bare(s.note)) for s in reading.coordination.sectors],
        "councils": [
            (bare(c.name), [bare(m) for m in c.members], bare(c.frequency), bare(c.content), bare(c.note))
            for c in reading.councils
        ],
        "other_matters": lines_of(reading.other_matters),
        "special": [(bare(m.matter), bare(m.when), bare(m.action)) for m in reading.special_matters],
        "until": reading.long_term.until_fiscal_year if reading.long_term else None,
        "long_term_goal": bare(reading.long_term.goal) if reading.long_term else None,
        "long_term": _periods(reading.long_term.rows if reading.long_term else []),
        "short_term_goal": bare(reading.schedule.short_term_goal) if reading.schedule else None,
        "small_steps": bare(reading.schedule.small_steps) if reading.schedule else None,
        "schedule": _periods(reading.schedule.rows if reading.schedule else []),
    }


def expected(facts: Facts, layout: str) -> dict[str, Any]:
    """The same from the description."""
    city_form = layout == "r6-city"
    newer = layout in ("r6-city", "r6-prefecture")
    return {
        "prefecture": facts.prefecture,
        "municipality": facts.municipality,
        "fiscal_year": facts.fiscal_year,
        "layout": layout,
        "basic_present": bool(facts.basic) and city_form,
        "basic": {
            KEYS[r.label or r.group]: (*_basic(r.label, r.shown), AS_OF[r.as_of], _share(r.shown)) for r in facts.basic
        },
        "frequency": [
            (int(number), "回", label)
            for r in facts.basic
            if r.label == "協議会の開催頻度"
            for label, number in re.findall(r"(\D+?)(\d+)回\s*", r.shown)
        ],
        "overview": None if city_form else _prose(facts.overview),
        "activities": None if newer else _prose(facts.activities),
        "strengths": _prose(facts.strengths),
        "history": [] if city_form else [(bare(period), bare(text)) for period, text in facts.history],
        "results": [
            (*_marked(r.indicator), quantity(r.target), quantity(r.actual), bare(r.effect) or None)
            for r in facts.results
        ],
        "targets": [
            (*_marked(t.indicator), quantity(t.current), quantity(t.target), bare(t.effect) or None)
            for t in facts.targets
        ],
        "challenges": [
            (bare(c.challenge), bare(c.policy), *(None if t in ("－", "") else bare(t) for t in c.roles))
            for c in facts.challenges
        ],
        "system": _prose(facts.system) if newer else None,
        "departments": [
            (bare(owner), bare(work), bare(partner), bare(partner_work))
            for owner, work, partners in (facts.departments if newer else [])
            for partner, partner_work in partners
        ],
        "sectors": [tuple(bare(t) for t in sector) for sector in (facts.sectors if newer else [])],
        "councils": [
            (bare(c.name), [bare(m) for m in c.members], bare(c.frequency), bare(c.content), bare(c.note))
            for c in (facts.councils if newer else [])
        ],
        "other_matters": _prose(facts.other_matters) if newer and facts.councils else None,
        "special": [(bare(p.period), bare(p.content), bare(p.actions)) for p in facts.special],
        "until": int(re.sub(r"\D", "", facts.long_term_until)) + 2018 if newer and facts.long_term else None,
        "long_term_goal": bare(facts.long_term_goal) if newer and facts.long_term else None,
        "long_term": _described(facts.long_term) if newer else [],
        "short_term_goal": bare(facts.short_term_goal) if newer and facts.schedule else None,
        "small_steps": bare(facts.small_steps) if newer and facts.schedule else None,
        "schedule": _described(facts.schedule),
    }


def quantity(text: str) -> tuple[str | None, tuple[Figure, ...]]:
    """The raw text and the figures in it: counts with a unit, rates with their span, several with labels.

    A remark in brackets belongs to the figure before it and adds none.
    """
    if text in ("", "－"):
        return (None, ())
    plain = re.sub(r"（[^）]*）|\([^)]*\)", "", _half(text))
    found = []
    for part in re.finditer(
        r"(月|年|週)?([^\d\s月年週]*?)([\d,]+(?:\.\d+)?)(回|人|か所|ヶ所|ヵ所|カ所|箇所|件|市町村|病院|床|名|%|％)?",
        plain,
    ):
        number = part[3].replace(",", "")
        unit = "か所" if part[4] and part[4].endswith("所") else {"名": "人", "％": "%"}.get(part[4] or "", part[4])
        found.append(Figure(int(number) if number.isdigit() else number, unit, part[1], part[2] or None))
    return (bare(text), tuple(found))


def _half(text: str) -> str:
    return text.translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))


def _quantity(found: Quantity) -> tuple[str | None, tuple[Figure, ...]]:
    return (bare(found.raw), tuple(_figure(value) for value in found.values))


def _figure(value: Value) -> Figure:
    plain = _plain(value.value)
    assert not isinstance(plain, bool)
    return Figure(plain, value.unit, value.per, value.label)


def _plain(value: int | Decimal | bool | None) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _basic(label: str, shown: str) -> tuple[Any, ...]:
    if shown in ("有", "無"):
        return (shown == "有",)
    if label == "協議会の開催頻度" or shown in ("－", ""):
        return (None,)
    number = re.match(r"[\d,]+(?:\.\d+)?", _half(shown))
    assert number is not None, shown
    return (int(number[0].replace(",", "")),)


def _share(shown: str) -> str | None:
    found = re.search(r"([\d.]+)\s*%", shown)
    return found[1] if found else None


def _marked(text: str) -> tuple[str | None, str | None]:
    return (text[0], bare(text[1:])) if text[:1] in "①②③④⑤⑥⑦⑧⑨" and text else (None, bare(text))


def _prose(lines: tuple[str, ...]) -> str | None:
    return "".join("".join(re.sub(r"^[-・〇]\s*", "", line).split()) for line in lines) or None


def _periods(found: Any) -> list[tuple[str | None, ...]]:
    return [(_span(p.period), bare(p.content), bare(p.actions)) for p in found]


def _described(periods: Any) -> list[tuple[str | None, ...]]:
    return [(_span(p.period), bare(p.content), bare(p.actions)) for p in periods]


def _span(text: str | None) -> str | None:
    return None if text is None else (bare(text) or "").replace("〜", "～").replace("~", "～")
