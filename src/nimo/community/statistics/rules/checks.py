"""The checks of single figures and of figures beside each other. Pure: figures in, findings out."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median

from nimo.community.indicators.rules.words import BASES, basis_words
from nimo.community.statistics.rules.findings import DEFAULT, Finding, Thresholds
from nimo.community.statistics.rules.subjects import Context, Number, Subject
from nimo.core.numbers import format_number

NATION = "00000"
Findings = dict[int, list[Finding]]
_MEANS = frozenset({"ndb_avg_daily", "ndb_avg_daily_incl_kohi"})


def check_all(subjects: Sequence[Subject], context: Context, limits: Thresholds = DEFAULT) -> Findings:
    """Subject.number → its findings; figures without any are not in the answer."""
    found: Findings = defaultdict(list)
    for subject in subjects:
        found[subject.number].extend(check_one(subject, context, limits))
    for several in (
        repeated(subjects),
        sums(subjects, limits),
        sums_of_regions(subjects),
        jumps(subjects, context, limits),
        outliers(subjects, context, limits),
        small_rates(subjects, context),
        other_years(subjects, context),
    ):
        for number, findings in several.items():
            found[number].extend(findings)
    return {number: findings for number, findings in found.items() if findings}


def check_one(subject: Subject, context: Context, limits: Thresholds = DEFAULT) -> list[Finding]:
    """What can be said of one figure alone."""
    found: list[Finding] = []
    if not subject.region:
        found.append(Finding("unknown_region", "この行の地域が、地域の表のどれにあたるか決まりません。"))
    if subject.year is None:
        found.append(Finding("no_year", f"時点「{subject.as_of}」から年度が決まりません。"))
    meaning = context.meanings.get(subject.indicator)
    if meaning is None:
        found.append(Finding("unknown_indicator", f"「{subject.indicator}」は指標の辞書にありません。"))
        return found + _unreadable(subject)
    if subject.basis not in meaning.bases:
        words = "、".join(basis_words(basis) for basis in sorted(meaning.bases) if basis in BASES)
        found.append(
            Finding(
                "wrong_basis",
                f"「{meaning.name}」の基準に「{basis_words(subject.basis)}」は使えません（使えるのは {words}）。",
            )
        )
    found += _unreadable(subject)
    if subject.state != "value" or subject.value is None:
        return found
    for name, number in (("値", subject.value), ("分子", subject.numerator), ("分母", subject.denominator)):
        if number is not None and number < 0:
            found.append(Finding("negative", f"{name}が {format_number(number)} です。"))
    if meaning.kind == "rate" and meaning.unit == "%" and subject.value > 100:
        found.append(Finding("over_100", f"{format_number(subject.value)}% は割合としてありえません。"))
    if meaning.kind == "count" and subject.basis not in _MEANS and subject.value != int(subject.value):
        found.append(Finding("fraction", f"「{meaning.name}」が {subject.value} と小数になっています。"))
    found += _unit(subject, meaning.unit, meaning.unit_aliases)
    found += _parts(subject, meaning.unit, limits)
    return found


def _unreadable(subject: Subject) -> list[Finding]:
    if subject.problem == "formula":
        return [Finding("no_result", f"{subject.cell}は計算式で、結果がファイルに保存されていません。")]
    if subject.problem == "error":
        return [Finding("unreadable", f"{subject.cell}は「{subject.raw[:20]}」というエラーです。")]
    if subject.state == "unreadable":
        return [Finding("unreadable", f"「{subject.raw[:40]}」を一つの数として読めません。")]
    if subject.problem == "remark":
        return [Finding("counter", f"「{subject.raw[:40]}」には、数のほかに注の印が付いています。")]
    return []


def _unit(subject: Subject, unit: str, aliases: frozenset[str]) -> list[Finding]:
    known = {unit, *aliases}
    if subject.unit and subject.unit not in known:
        return [Finding("unit", f"単位が「{subject.unit}」です。この指標の単位は「{unit or 'なし'}」です。")]
    if not subject.counter or subject.counter in known:
        return []
    if subject.counter in {"%", "床", "人", "日", "回", "か所", "病院", "件", "市町村", "千人", "万人"}:
        return [
            Finding(
                "unit",
                f"「{subject.raw[:20]}」の単位は「{subject.counter}」です。この指標の単位は「{unit or 'なし'}」です。",
            )
        ]
    return [Finding("counter", f"「{subject.raw[:40]}」には、数のほかに「{subject.counter}」が付いています。")]


def _parts(subject: Subject, unit: str, limits: Thresholds) -> list[Finding]:
    numerator, denominator, value = subject.numerator, subject.denominator, subject.value
    if numerator is None and denominator is None:
        return []
    if numerator is None or denominator is None:
        return [
            Finding(
                "half_parts",
                f"{'分母' if numerator is None else '分子'}だけがあり、{'分子' if numerator is None else '分母'}がありません。",
            )
        ]
    if unit != "%":
        return []
    if numerator > denominator:
        return [
            Finding(
                "over_whole",
                f"分子 {format_number(numerator)} が分母 {format_number(denominator)} より大きくなっています。",
            )
        ]
    if denominator and value is not None:
        computed = Decimal(numerator) * 100 / Decimal(denominator)
        if abs(computed - value) > limits.rate_tolerance:
            return [Finding("other_parts", f"分子÷分母は {computed:.1f}% ですが、値は {format_number(value)}% です。")]
    return []


def repeated(subjects: Iterable[Subject]) -> Findings:
    """The same fact in two cells: both are named, neither is chosen."""
    places: dict[tuple[object, ...], list[Subject]] = defaultdict(list)
    for subject in subjects:
        if subject.region:
            places[
                (
                    subject.indicator,
                    subject.region,
                    subject.year,
                    subject.as_of,
                    subject.basis,
                    subject.coverage,
                    subject.dimension,
                )
            ].append(subject)
    found: Findings = {}
    for same in places.values():
        for subject in same if len(same) > 1 else ():
            others = "、".join(other.cell for other in same if other is not subject)
            found[subject.number] = [Finding("repeated", f"同じ指標・地域・時点・基準の値が {others} にもあります。")]
    return found


def sums(subjects: Iterable[Subject], limits: Thresholds = DEFAULT) -> Findings:
    """Parts of one row against their total, for each way the row is broken down.

    A part without a number (「-」, x) may be anything from 0 up: then only parts that exceed their total are told.
    """
    totals: dict[tuple[object, ...], Subject] = {}
    parts: dict[tuple[object, ...], list[Subject]] = defaultdict(list)
    for subject in subjects:
        if not subject.axes:
            continue
        about: tuple[object, ...] = (
            subject.table,
            subject.sheet,
            subject.region,
            subject.as_of,
            subject.fiscal_year,
            subject.basis,
            subject.row if not subject.region else 0,
        )
        for axis, label in subject.axes.items():
            others = tuple(sorted((name, text) for name, text in subject.axes.items() if name != axis))
            key = (*about, axis, others)
            if label:
                parts[key].append(subject)
            else:
                totals[key] = subject
    found: Findings = defaultdict(list)
    for told, total in totals.items():
        problem = _sum_problem(total, parts.get(told, []), limits)
        if problem:
            axis = str(told[-2])
            found[total.number].append(Finding("sum", f"{axis}の内訳の{problem}"))
    return found


def _sum_problem(total: Subject, parts: Sequence[Subject], limits: Thresholds) -> str:
    if not parts or total.value is None or total.state != "value":
        return ""
    known = [part.value for part in parts if part.state == "value" and part.value is not None]
    if not known:
        return ""
    together = sum((Decimal(number) for number in known), Decimal(0))
    exact = all(isinstance(number, int) for number in (*known, total.value))
    allowed = Decimal(0) if exact else limits.sum_tolerance * (len(parts) + 1)
    complete = len(known) == len(parts)
    difference = together - Decimal(total.value)
    if difference > allowed or (complete and -difference > allowed):
        cells = f"{parts[0].cell}～{parts[-1].cell}" if len(parts) > 1 else parts[0].cell
        return f"合計は {format_number(together)}（{cells}）ですが、{total.cell}は {format_number(total.value)} です。"
    return ""


def sums_of_regions(subjects: Iterable[Subject]) -> Findings:
    """The 47 prefectures against the nation's row, column by column; counts only."""
    nation: dict[tuple[object, ...], Subject] = {}
    rest: dict[tuple[object, ...], dict[str, Subject]] = defaultdict(dict)
    for subject in subjects:
        key = (
            subject.table,
            subject.indicator,
            subject.year,
            subject.as_of,
            subject.basis,
            subject.coverage,
            subject.dimension,
        )
        if subject.region == NATION:
            nation[key] = subject
        elif subject.region.endswith("000"):
            rest[key][subject.region] = subject
    found: Findings = {}
    for column, whole in nation.items():
        parts = list(rest.get(column, {}).values())
        numbers = [part.value for part in parts if part.state == "value" and isinstance(part.value, int)]
        if len(parts) == 47 and len(numbers) == 47 and isinstance(whole.value, int) and sum(numbers) != whole.value:
            found[whole.number] = [
                Finding("regions_sum", f"47都道府県の合計は {sum(numbers):,}、全国の行は {whole.value:,} です。")
            ]
    return found


def jumps(subjects: Iterable[Subject], context: Context, limits: Thresholds = DEFAULT) -> Findings:
    """Against the last year known, in the file itself or recorded before: large in proportion and in size."""
    inside: dict[object, dict[int, Subject]] = defaultdict(dict)
    listed = [
        one
        for one in subjects
        if one.state == "value" and one.value is not None and one.year is not None and one.region
    ]
    for subject in listed:
        assert subject.year is not None
        inside[subject.series][subject.year] = subject
    found: Findings = {}
    for subject in listed:
        assert subject.year is not None and subject.value is not None  # noqa: PT018
        earlier = inside[subject.series].get(subject.year - 1)
        before = (earlier.year, earlier.value) if earlier else context.before.get(subject.series)
        if before is None or before[0] is None or before[1] is None or before[0] >= subject.year:
            continue
        meaning = context.meanings.get(subject.indicator)
        if _jumped(before[1], subject.value, meaning.kind if meaning else "count", limits):
            where = f"（{earlier.cell}）" if earlier else "（記録済み）"
            found[subject.number] = [
                Finding(
                    "jump",
                    f"{before[0]}年度は {format_number(before[1])}{where}、今回は {format_number(subject.value)} です。",
                )
            ]
    return found


def _jumped(old: Number, new: Number, kind: str, limits: Thresholds) -> bool:
    difference = abs(Decimal(new) - Decimal(old))
    if kind in ("rate", "days"):
        return difference > limits.jump_points
    base = max(abs(Decimal(old)), Decimal(1))
    return difference > limits.jump_size and difference / base > limits.jump_share


def outliers(subjects: Iterable[Subject], context: Context, limits: Thresholds = DEFAULT) -> Findings:
    """Far from the median of the regions of the same kind in the same column, measured by the median deviation.

    Counts differ by the size of a region, so their logarithms are compared: a slipped digit stands out, 東京 does not.
    Floats judge here and are never kept.
    """
    groups: dict[tuple[object, ...], list[Subject]] = defaultdict(list)
    for one in subjects:
        if one.state == "value" and one.value is not None and one.region and one.region != NATION and one.value >= 0:
            key = (
                one.table,
                one.sheet,
                one.indicator,
                one.year,
                one.as_of,
                one.basis,
                one.coverage,
                one.dimension,
                one.region_kind,
            )
            groups[key].append(one)
    found: Findings = {}
    for members in groups.values():
        if len(members) < limits.outlier_members:
            continue
        meaning = context.meanings.get(members[0].indicator)
        on_log = meaning is None or meaning.kind == "count"
        scale = [math.log1p(float(one.value or 0)) if on_log else float(one.value or 0) for one in members]
        middle = median(scale)
        spread = median(abs(number - middle) for number in scale)
        if spread <= (0.02 if on_log else 0.05):
            continue
        for one, number in zip(members, scale, strict=True):
            if 0.6745 * abs(number - middle) / spread > limits.outlier_score:
                typical = median([Decimal(member.value or 0) for member in members])
                found[one.number] = [
                    Finding(
                        "outlier",
                        f"{format_number(one.value or 0)} は、同じ表の{len(members)}地域の中央値 {format_number(typical)} から大きく離れています。",
                    )
                ]
    return found


def small_rates(subjects: Iterable[Subject], context: Context) -> Findings:
    """A column of percentages in which no value reaches 1 was probably written as fractions."""
    columns: dict[tuple[object, ...], list[Subject]] = defaultdict(list)
    for one in subjects:
        meaning = context.meanings.get(one.indicator)
        if meaning and meaning.kind == "rate" and meaning.unit == "%" and one.value is not None and one.counter != "%":
            columns[(one.sheet, one.indicator, one.dimension)].append(one)
    found: Findings = {}
    for members in columns.values():
        if all(member.value is not None and 0 <= member.value <= 1 for member in members) and any(
            member.value for member in members
        ):
            for one in members:
                found[one.number] = [Finding("small_rate", f"この列の割合がすべて1以下です（{one.raw[:12]}）。")]
    return found


def other_years(subjects: Sequence[Subject], context: Context) -> Findings:
    """Rows of another year than the one the person chose, or than nearly all others of a table of one year."""
    years = Counter(one.year for one in subjects if one.year is not None)
    expected = context.expected_year
    if expected is None and years:
        common, count = years.most_common(1)[0]
        if len(years) > 1 and count * 10 >= sum(years.values()) * 9:
            expected = common
    if expected is None:
        return {}
    return {
        one.number: [Finding("wrong_year", f"この行は {one.year}年度です。ほかは {expected}年度です。")]
        for one in subjects
        if one.year is not None and one.year != expected
    }
