"""The tables of a result, with the classes the rules in force give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nimo.analysis.indicators.after_discharge import READINGS
from nimo.analysis.indicators.classes import STAY_CLASSES, age_words
from nimo.analysis.indicators.discharge import BANDS
from nimo.analysis.results.structure import WHOLE, Dimension, Dims, Mean, Share, Split, Table, grid
from nimo.analysis.rules import Rules
from nimo.analysis.spells.contract import OUTCOMES
from nimo.analysis.spells.dataset import Period

FOLLOWED = (("state", "followed"),)
FOLLOWED_365 = (("state_365", "followed"),)
_630 = "630調査 Ⅲ.2.(11)（6月30日午前0時現在の在院患者）"
_PLAN = "障害福祉計画の基本指針 第7期本文 https://wic-net.com/material/document/21778/17"


@dataclass(frozen=True, slots=True)
class Times:
    """The day of the census; the year of admissions and discharges; the earlier year whose patients are followed."""

    census: str
    recent: Period
    followed: Period


def tables_of(rules: Rules, times: Times) -> dict[str, Table]:
    """Every table by code."""
    made = [
        _census(rules, times),
        _dementia(rules, times),
        *_discharge_rates(rules, times),
        _destinations(times),
        *_average_stay(rules, times),
        _truncated_stay(times),
        _community(times),
        _readmission(rules, times),
        _survival(rules, times),
        *_flows(times),
    ]
    return {table.code: table for table in made}


def ages(rules: Rules) -> Dimension:
    """The age classes of the census; with more than two, also all from the first limit on."""
    limits = rules.census.age_limits
    words = age_words(limits)
    old = tuple(code for code in words if code not in (f"under_{limits[0]}", "age_unknown"))
    subtotals = {f"{limits[0]}_or_more": (f"{limits[0]}歳以上", old)} if len(old) > 1 else {}
    return Dimension("age", "年齢", words, subtotals)


STAY = Dimension("stay", "在院期間", STAY_CLASSES)


def _census(rules: Rules, times: Times) -> Table:
    return Table(
        code="census",
        title="在院患者数",
        unit="人",
        fact="census",
        when=times.census,
        splits=grid(STAY, ages(rules)),
        rules=("linking", "age", "census"),
        reference=_630,
        levels=("total", "prefecture", "area", "municipality"),
        shares=tuple(
            Share(f"{code}_share", f"{word}の割合", (("stay", code),), WHOLE) for code, word in STAY_CLASSES.items()
        ),
    )


def _dementia(rules: Rules, times: Times) -> Table:
    dimension = Dimension("dementia_40", "40歳以上の認知症（再掲）", {"yes": "40歳以上の認知症", "no": "それ以外"})
    return Table(
        code="census_dementia",
        title="在院患者数（40歳以上の認知症の再掲）",
        unit="人",
        fact="census",
        when=times.census,
        splits=grid(STAY, dimension),
        rules=("linking", "age", "census"),
        reference="第8期 別表第四の区分（40歳以上の認知症、再掲）",
    )


def _states(name: str = "state", **more: str) -> Dimension:
    return Dimension(name, "追跡", {"followed": "追えた", "not_followed": "最後まで追えていない", **more})


def _discharge_rate(
    times: Times, code: str, title: str, ends: Sequence[str], reference: str, suffix: str = ""
) -> Table:
    """ends: 「3か月」 or 「90日」 for each of the three limits. suffix keeps the classes of the two countings apart."""
    first, second, third, last, *_ = BANDS
    words = {
        first: f"{ends[0]}以内に退院",
        second: f"{ends[0]}を超え{ends[1]}以内に退院",
        third: f"{ends[1]}を超え{ends[2]}以内に退院",
        last: f"{ends[2]}以内に退院していない",
    }
    subtotals = {
        "within_6_months": (f"{ends[1]}以内に退院", (first, second)),
        "within_1_year": (f"{ends[2]}以内に退院", (first, second, third)),
    }
    state, band = _states(f"state{suffix}", excluded="対象外"), f"band{suffix}"
    followed = ((state.name, "followed"),)
    within = (first, *subtotals)
    return Table(
        code=code,
        title=title,
        unit="件",
        fact="admissions",
        when=str(times.followed),
        splits=(Split(WHOLE, state), Split(followed, Dimension(band, "退院までの期間", words, subtotals))),
        rules=("linking", "discharge"),
        reference=reference,
        shares=tuple(
            Share(f"discharged_{one}{suffix}", f"入院後{end}時点の退院率", (*followed, (band, one)), followed)
            for one, end in zip(within, ends, strict=True)
        ),
    )


def _discharge_rates(rules: Rules, times: Times) -> tuple[Table, ...]:
    days = [f"{limit}日" for limit in rules.discharge.day_limits]
    plan = "障害福祉計画の基本指針（早期退院率の定義。第7期県計画の引用による）"
    own = "月ではなく日で数えるときの区切りは、原典では定まっていない（規則 discharge.day_limits）"
    return (
        _discharge_rate(times, "discharge_rate", "入院後3・6・12か月時点の退院率", ("3か月", "6か月", "1年"), plan),
        _discharge_rate(times, "discharge_rate_days", "入院後の退院率（日数で数える）", days, own, "_days"),
    )


def _destinations(times: Times) -> Table:
    outcome = Dimension("outcome", "退院後の行き先", OUTCOMES)
    return Table(
        code="discharge_destinations",
        title="退院後の行き先別の退院患者数",
        unit="件",
        fact="discharges",
        when=str(times.recent),
        splits=grid(outcome, STAY),
        rules=("linking", "census"),
        reference="障害福祉計画の活動指標（第7期 別表第一の八）",
        shares=tuple(
            Share(f"{code}_share", f"{word}の割合", (("outcome", code),), WHOLE) for code, word in OUTCOMES.items()
        ),
    )


def _average_stay(rules: Rules, times: Times) -> tuple[Table, ...]:
    kind = "spells" if rules.average_stay.unit == "spell" else "stays"
    flow = Dimension("flow", "入院と退院", {"admissions": "新入院患者数", "discharges": "退院患者数"})
    return (
        Table(
            code="average_stay",
            title="平均在院日数",
            unit="件",
            # Admissions and discharges together: the whole is the denominator of the mean.
            fact=f"admissions_and_discharges_{kind}",
            when=str(times.recent),
            splits=(Split(WHOLE, flow),),
            rules=("linking", "average_stay"),
            reference="病院報告（https://wic-net.com/material/document/12117/12）",
            means=(Mean("average_stay_days", "平均在院日数", "patient_days", WHOLE, "日", times=2),),
        ),
    )


def _truncated_stay(times: Times) -> Table:
    return Table(
        code="truncated_stay",
        title="新規入院患者の平均在院日数（365日で打ち切り）",
        unit="件",
        fact="admissions",
        when=str(times.followed),
        splits=(Split(WHOLE, _states("state_365")),),
        rules=("linking",),
        reference="第7次医療計画の指標 https://wic-net.com/material/document/1167/31",
        means=(Mean("truncated_stay_days", "新規入院患者の平均在院日数", "days", FOLLOWED_365, "日"),),
    )


def _community(times: Times) -> Table:
    known = Dimension("known", "退院後の死亡", {"alive": "死亡は分かっていない", "died": "1年以内の死亡が分かった"})
    return Table(
        code="community_days",
        title="退院後1年以内の地域における平均生活日数",
        unit="件",
        fact="discharges_after_a_year_at_most",
        when=str(times.followed),
        splits=(Split(WHOLE, _states()), Split(FOLLOWED, known)),
        rules=("linking", "community"),
        reference=_PLAN,
        means=(
            Mean(
                "community_days_psychiatric", "地域における平均生活日数（精神病床）", "days_psychiatric", FOLLOWED, "日"
            ),
            Mean("community_days_any", "地域における平均生活日数（全病床）", "days_any", FOLLOWED, "日"),
        ),
    )


def bands_of(horizons: tuple[int, ...]) -> dict[str, str]:
    """Days after discharge: within_90, 91_to_180, …, none."""
    words = {f"within_{horizons[0]}": f"{horizons[0]}日以内"}
    for low, high in pairwise(horizons):
        words[f"{low + 1}_to_{high}"] = f"{low + 1}～{high}日"
    return {**words, "none": f"{horizons[-1]}日以内にはない"}


def _readmission(rules: Rules, times: Times) -> Table:
    horizons = rules.readmission.horizons
    words = bands_of(horizons)
    codes = tuple(words)
    subtotals = {
        f"within_{day}": (f"{day}日以内", codes[: number + 1]) for number, day in enumerate(horizons) if number
    }
    splits = [Split(WHOLE, _states())]
    shares = []
    for name, label in READINGS.items():
        splits.append(Split(FOLLOWED, Dimension(name, label, words, subtotals)))
        shares += [
            Share(
                f"readmission_{name}_{day}", f"退院後{day}日時点の再入院率（{label}）",
                (*FOLLOWED, (name, f"within_{day}")), FOLLOWED,
            )
            for day in horizons
        ]  # fmt: skip
    return Table(
        code="readmission_rate",
        title="再入院率",
        unit="件",
        fact="discharges_alive",
        when=str(times.followed),
        splits=tuple(splits),
        rules=("linking", "readmission"),
        reference="第8期の見直し案 https://wic-net.com/material/document/21776/20",
        shares=tuple(shares),
    )


def survival_bands(rules: Rules) -> Mapping[str, str]:
    """Band × end: day_7_event, day_7_censored, …, beyond."""
    words = {}
    before = 0
    for day in rules.survival.grid:
        words[f"day_{day}_event"] = f"{before}～{day}日に退院"
        words[f"day_{day}_censored"] = f"{before}～{day}日で観察が終わった"
        before = day + 1
    return {**words, "beyond": f"{before}日以上在院"}


def _survival(rules: Rules, times: Times) -> Table:
    return Table(
        code="survival",
        title="在院の生存曲線（生命表法）",
        unit="件",
        fact="admissions",
        when=str(times.followed),
        splits=(Split(WHOLE, Dimension("ending", "在院期間と終わり方", survival_bands(rules))),),
        rules=("linking", "survival", "rates"),
        reference="Kaplan & Meier (1958); Cutler & Ederer (1958)",
        levels=("total", "prefecture"),
    )


def _flows(times: Times) -> tuple[Table, ...]:
    recent, remhrad = (
        str(times.recent),
        "ReMHRAD（患者住所ベース・病院所在地ベース） https://remhrad.jp/facility_mapping",
    )
    rules: tuple[str, ...] = ("linking",)
    return (
        Table("admissions", "新入院患者数", "件", "admissions", recent, (), rules, remhrad),
        Table(
            "census_flows", "在院患者の住所地と病院の所在地", "人", "census_flows", times.census, (),
            (*rules, "census"), _630, flow_of="census",
        ),
        Table(
            "admission_flows", "新入院の住所地と病院の所在地", "件", "admission_flows", recent, (),
            rules, remhrad, flow_of="admissions",
        ),
    )  # fmt: skip


CellOf = tuple[str, Dims]  # a table and a cell of it


def nested(tables: Mapping[str, Table]) -> list[tuple[CellOf, CellOf]]:
    """Differences a reader can take between tables, so that they are protected like a cell: (whole, part).

    Admissions and discharges of spells less those of stays are the linked transfers; living discharges less those after
    a year at most are the discharges of long-stay patients; readmissions of any kind less those of one reading are
    those the reading leaves out.
    """
    found: list[tuple[CellOf, CellOf]] = [
        (("average_stay", (("flow", "admissions"),)), ("admissions", WHOLE)),
        (("average_stay", (("flow", "discharges"),)), ("discharge_destinations", WHOLE)),
        (("readmission_rate", WHOLE), ("community_days", WHOLE)),
    ]
    if "readmission_rate" in tables:
        every, *narrower = READINGS
        for code in tables["readmission_rate"].dimensions[every].codes:
            if code.startswith("within_"):
                whole = ("readmission_rate", (*FOLLOWED, (every, code)))
                found += [(whole, ("readmission_rate", (*FOLLOWED, (name, code)))) for name in narrower]
    return [(whole, part) for whole, part in found if {whole[0], part[0]} <= tables.keys()]


def day_bands(rules: Rules) -> list[tuple[CellOf, tuple[CellOf, ...]]]:
    """Counted by days, a band of the discharge rate is a sum of bands of the survival curve: (cell, its parts)."""
    limits, grid = rules.discharge.day_limits, rules.survival.grid
    if not set(limits) <= set(grid):
        return []
    found: list[tuple[CellOf, tuple[CellOf, ...]]] = []
    before = 0
    for code, limit in zip(list(BANDS), limits, strict=False):
        days = [day for day in grid if before < day <= limit]
        parts: tuple[CellOf, ...] = tuple(("survival", (("ending", f"day_{day}_event"),)) for day in days)
        found.append((("discharge_rate_days", (("state_days", "followed"), ("band_days", code))), parts))
        before = limit
    return found
