"""Every choice a statistic depends on: its value, how far it was checked, and where it comes from.

What the guideline and the surveys leave open is a parameter with a careful default; the values used are written into
every result, so that nobody compares figures computed by different rules. Evidence marks: S read in the source,
S3 read in a transcription, D derived from them, K not confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

_CIVIL = "民法第143条（期間の満了は応当日の前日。応当日がない月は月の末日）"
_PLAN = "障害福祉計画の基本指針（第7期）本文 https://wic-net.com/material/document/21778/17"
_OLD_630 = "旧630調査の計算式 http://www.ncnp.go.jp/nimh/keikakuold/old/archive/vision/datataiinritsu.html"
_REPORT = "病院報告（中医協 2023-11-22 資料 https://wic-net.com/material/document/12117/12）"
_PLAN_8 = "第8期の見直し案 https://wic-net.com/material/document/21776/20"
_OPEN = "原典では定まっていない"


class RulesError(ValueError):
    """The rules cannot be used; the message (Japanese) names the parameter."""


def parameter(
    default: Any, label: str, evidence: str, reference: str, choices: tuple[str, ...] = (), least: int = 0
) -> Any:
    """A dataclass field with what a reader of the result must know about it."""
    return field(
        default=default,
        metadata={"label": label, "evidence": evidence, "reference": reference, "choices": choices, "least": least},
    )


@dataclass(frozen=True, slots=True)
class LinkingRules:
    """Which spells of one person are one stay."""

    max_gap_days: int = parameter(
        0,
        "退院日から次の入院日まで何日以内なら続けての入院とみなすか（0は同じ日の転院だけ）",
        "D",
        "転院は退院に数えない",
    )
    needs_transfer: bool = parameter(False, "前の退院後の行き先が転院のときだけ続けての入院とみなすか", "K", _OPEN)
    overlaps: str = parameter(
        "refuse", "期間が重なる入院を、誤りとして止めるか、一続きの入院とみなすか", "K", _OPEN, ("refuse", "join")
    )


@dataclass(frozen=True, slots=True)
class AgeRules:
    """How old a person is on a day: completed years; a birthday of 29 February is completed on 1 March."""

    assumed_birthday: int = parameter(
        701, "生年だけが分かる人の誕生日とみなす月日（701は7月1日）", "K", "年齢の誤差は前後1歳以内", least=101
    )
    oldest: int = parameter(120, "入院時の年齢としてあり得る最高（これを超えると誤りとして報告する）", "K", _OPEN)


@dataclass(frozen=True, slots=True)
class CensusRules:
    """Who is in hospital on a day, and since when."""

    moment: str = parameter(
        "start_of_day",
        "その日の午前0時（当日の入院は含めず、当日の退院は含める）か、24時か",
        "S3",
        "630調査（6月30日午前0時現在）",
        ("start_of_day", "end_of_day"),
    )
    stay_classes: str = parameter(
        "calendar",
        "在院期間を暦の月・年（応当日）で分けるか、日数（90日・365日）で分けるか",
        "D",
        f"区分は https://wic-net.com/material/document/12764/6。月の数え方は {_CIVIL}。日数は NDB 集計の区分",
        ("calendar", "days"),
    )
    length_from: str = parameter(
        "linked",
        "在院期間を、転院の前から数える（linked）か、その病院への入院から数える（hospital）か",
        "K",
        "630調査の数え方は確認できていない",
        ("linked", "hospital"),
    )
    age_limits: tuple[int, ...] = parameter((65, 75), "年齢区分の境（歳）", "S3", "第8期 別表第四の区分")


@dataclass(frozen=True, slots=True)
class DischargeRules:
    """退院率 of those admitted in a period. By months (the guideline) and by days: both are counted side by side."""

    admission_month_counts: bool = parameter(
        True, "入院した月を1か月目と数えるか", "D", f"「起算して」の読み。{_OLD_630} の月別の式と同じ"
    )
    day_limits: tuple[int, ...] = parameter((90, 180, 365), "日数で数えるときの3・6・12か月の日数", "D", _OPEN)
    deaths: str = parameter(
        "discharge",
        "死亡を退院に数えるか（discharge）、残っている側に数えるか（remain）、分母からも除くか（exclude）",
        "K",
        _OPEN,
        ("discharge", "remain", "exclude"),
    )
    transfers: str = parameter(
        "remain",
        "続きの入院が表にない転院を、退院としないか（remain）、退院とするか（discharge）、除くか（exclude）",
        "K",
        "転院は退院に数えない（奥村ら、地域への退院まで追跡 https://carenet.com/news/general/carenet/46820）",
        ("remain", "discharge", "exclude"),
    )


@dataclass(frozen=True, slots=True)
class AverageStayRules:
    """平均在院日数."""

    unit: str = parameter(
        "spell",
        "病院ごとの入院で数える（spell、転院も退院と入院）か、続けての入院で数える（stay）か",
        "D",
        _REPORT,
        ("spell", "stay"),
    )
    same_day_counts: int = parameter(0, "入院した日に退院した人の在院日数", "K", "毎日24時現在の在院者を数える")


@dataclass(frozen=True, slots=True)
class CommunityRules:
    """退院後1年以内の地域における平均生活日数."""

    longest_stay_days: int = parameter(365, "対象にする入院の長さ（日以内）", "S", _PLAN)
    window_days: int = parameter(365, "退院の翌日から数える日数", "S", _PLAN, least=1)
    discharge_day_in_hospital: bool = parameter(
        True, "再入院から退院した日を入院の日に数えるか", "D", "数え始めを退院の翌日とすることに合わせる"
    )
    deaths: str = parameter(
        "stop",
        "退院後の（入院中の）死亡があったとき、死亡後の日を地域の日に数えない（stop）、"
        "対象から除く（exclude）、数える（ignore）",
        "K",
        _OPEN,
        ("stop", "exclude", "ignore"),
    )
    transfers: str = parameter(
        "exclude", "続きの入院が表にない転院を、対象から除くか、退院とみなすか", "K", _OPEN, ("exclude", "include")
    )


@dataclass(frozen=True, slots=True)
class ReadmissionRules:
    """再入院率. All three ways of reading 「30日以上の再入院」 are counted side by side."""

    horizons: tuple[int, ...] = parameter((90, 180, 365), "退院後の日数", "S3", _PLAN_8)
    min_stay_days: int = parameter(
        30, "「30日以上の再入院」を再入院の長さと読むときの日数", "K", f"{_PLAN_8}。読み方は未確認"
    )
    min_interval_days: int = parameter(
        30, "「30日以上の再入院」を退院から再入院までの間隔と読むときの日数", "K", f"{_PLAN_8}。読み方は未確認"
    )
    longest_stay_days: int = parameter(
        0, "対象にする退院を入院の長さで限る（日以内。0は限らない。旧定義は365）", "D", _REPORT
    )
    transfers: str = parameter(
        "exclude", "続きの入院が表にない転院を、対象から除くか、退院とみなすか", "K", _OPEN, ("exclude", "include")
    )


@dataclass(frozen=True, slots=True)
class SurvivalRules:
    """在院の生存曲線（Kaplan–Meier）."""

    grid: tuple[int, ...] = parameter(
        (7, 14, 30, 60, 90, 180, 365, 730, 1825), "曲線を読む日（入院からの日数）", "K", "表示のための区切り"
    )
    deaths: str = parameter(
        "event",
        "死亡を退院と同じく数える（event）か、そこで観察が終わったとみなす（censor）か",
        "K",
        _OPEN,
        ("event", "censor"),
    )
    transfers: str = parameter(
        "censor",
        "続きの入院が表にない転院で観察が終わったとみなす（censor）か、退院とみなす（event）か",
        "K",
        _OPEN,
        ("censor", "event"),
    )


@dataclass(frozen=True, slots=True)
class RateRules:
    """Rates of places and their intervals."""

    confidence_percent: int = parameter(95, "信頼区間の水準（%）", "D", "慣例", least=1)
    per_population: int = parameter(100_000, "人口あたりの率の単位", "D", "慣例", least=1)


@dataclass(frozen=True, slots=True)
class Rules:
    """All of them. `Rules()` are the defaults."""

    linking: LinkingRules = LinkingRules()
    age: AgeRules = AgeRules()
    census: CensusRules = CensusRules()
    discharge: DischargeRules = DischargeRules()
    average_stay: AverageStayRules = AverageStayRules()
    community: CommunityRules = CommunityRules()
    readmission: ReadmissionRules = ReadmissionRules()
    survival: SurvivalRules = SurvivalRules()
    rates: RateRules = RateRules()

    def to_data(self) -> dict[str, dict[str, Any]]:
        """Plain data (JSON) that `rules_from_data` reads again."""
        return {group.name: _values(getattr(self, group.name)) for group in fields(self)}

    def describe(self, *groups: str) -> list[dict[str, Any]]:
        """The parameters of these groups (none: all) as they stand in a result: code, label, value, evidence, reference."""
        found = []
        for group in fields(self):
            if groups and group.name not in groups:
                continue
            rules = getattr(self, group.name)
            for one in fields(rules):
                value = getattr(rules, one.name)
                found.append(
                    {
                        "code": f"{group.name}.{one.name}",
                        "label": one.metadata["label"],
                        "value": list(value) if isinstance(value, tuple) else value,
                        "is_default": value == one.default,
                        "evidence": one.metadata["evidence"],
                        "reference": one.metadata["reference"],
                    }
                )
        return found


def _values(rules: Any) -> dict[str, Any]:
    values = {one.name: getattr(rules, one.name) for one in fields(rules)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _checked(code: str, one: Any, value: Any) -> Any:
    default, choices, least = one.default, one.metadata["choices"], one.metadata["least"]
    if isinstance(default, tuple):
        fits = isinstance(value, list | tuple) and bool(value)
        fits = fits and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in value)
        if not fits or list(value) != sorted(set(value)):
            raise RulesError(f"規則「{code}」は、1以上の整数を小さい順に並べてください。")
        if one.name in ("day_limits",) and len(value) != len(default):
            raise RulesError(f"規則「{code}」には整数が{len(default)}個要ります。")
        return tuple(value)
    if type(value) is not type(default):
        kind = {bool: "true か false", int: "整数", str: "文字"}[type(default)]
        raise RulesError(f"規則「{code}」は{kind}で書いてください。")
    if choices and value not in choices:
        raise RulesError(f"規則「{code}」は {' / '.join(choices)} のどれかです。")
    if isinstance(value, int) and value < least:
        raise RulesError(f"規則「{code}」は{least}以上にしてください。")
    return value


def rules_from_data(data: Mapping[str, Any]) -> Rules:
    """Read rules from plain data; what is not named keeps its default. RulesError names what is unknown or does not fit."""
    groups: dict[str, Any] = {}
    known = {group.name: group for group in fields(Rules)}
    for name, given in data.items():
        if name not in known or not isinstance(given, Mapping):
            raise RulesError(f"規則のまとまり「{name}」は使えません。使えるもの: {'、'.join(known)}。")
        group_type: Any = type(known[name].default)
        parameters = {one.name: one for one in fields(group_type)}
        for key in given:
            if key not in parameters:
                raise RulesError(f"規則「{name}.{key}」はありません。使えるもの: {'、'.join(parameters)}。")
        groups[name] = group_type(
            **{key: _checked(f"{name}.{key}", parameters[key], value) for key, value in given.items()}
        )
    rules = Rules(**groups)
    month, day = divmod(rules.age.assumed_birthday, 100)
    if not (1 <= month <= 12 and 1 <= day <= 28):
        raise RulesError("規則「age.assumed_birthday」は月日を 701 のように書いてください（日は28まで）。")
    if not 1 <= rules.rates.confidence_percent <= 99:
        raise RulesError("規則「rates.confidence_percent」は1から99までです。")
    return rules
