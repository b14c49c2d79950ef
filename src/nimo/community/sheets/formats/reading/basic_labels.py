"""The fields of the basic-information block, by their printed names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nimo.community.sheets.formats.reading.squeeze import squeeze

_MONTHS = "[かヵヶカケ箇]月"


@dataclass(frozen=True, slots=True)
class Label:
    """A printed name. `key` None: a heading over the next fields. `under`: only valid below that heading."""

    name: str
    key: str | None
    pattern: re.Pattern[str]
    under: str | None = None


def _label(name: str, key: str | None, words: str, under: str | None = None) -> Label:
    return Label(name, key, re.compile(words), under)


INPATIENTS, OFFICES, MEETINGS, COUNCILS = "inpatients", "offices", "meetings", "councils"

LABELS: tuple[Label, ...] = (
    _label("areas", "disability_welfare_areas", "障(?:害|がい)保健福祉圏域(?:の)?数"),
    _label("municipalities", "municipalities", "(?:管内)?市区?町村(?:の)?数"),
    _label("population", "population", "(?:総)?人口"),
    _label("hospitals", "psychiatric_hospitals", "精神科?病院(?:の)?数"),
    _label("beds", "psychiatric_beds", "精神科?病床(?:の)?数"),
    _label(INPATIENTS, None, "入院精神障(?:害|がい)者(?:の)?数"),
    _label("total", "inpatients", "合計|総数|計", INPATIENTS),
    _label("under_3", "inpatients_under_3_months", f"3{_MONTHS}未満"),
    _label("under_12", "inpatients_3_to_12_months", f"3{_MONTHS}以上(?:1年|12{_MONTHS})未満"),
    _label("over_12", "inpatients_over_1_year", "1年以上", INPATIENTS),
    _label("over_65", "inpatients_over_1_year_65_and_over", "(?:1年以上の?)?うち65[歳才]以上"),
    _label("under_65", "inpatients_over_1_year_under_65", "(?:1年以上の?)?うち65[歳才]未満"),
    _label(OFFICES, None, "相談支援事業所(?:の)?数"),
    _label("core", "core_consultation_centres", "基幹相談支援センター(?:の)?数?"),
    _label("general", "general_consultation_offices", "一般相談支援事業所(?:の)?数?"),
    _label("specific", "specific_consultation_offices", "特定相談支援事業所(?:の)?数?"),
    _label("health_centres", "health_centres", "保健所(?:の)?数"),
    _label(MEETINGS, None, "(?:地域)?自立支援協議会の開催(?:頻度|回数)"),
    _label("frequency", "council_frequency", "協議会の開催(?:頻度|回数)"),
    _label("subcommittee", "has_mental_health_subcommittee", "精神領域に関する議論を行う部会の有無"),
    _label(COUNCILS, None, "(?:保健・?医療・?福祉関係者による)?協議の場の設置(?:状況|数)"),
    _label("councils_prefecture", "councils_prefecture", "都道府県", COUNCILS),
    _label("councils_area", "councils_area", "(?:障(?:害|がい)保健福祉)?圏域", COUNCILS),
    _label("councils_municipality", "councils_municipality", "市区?町村", COUNCILS),
)
KEYS: tuple[str, ...] = tuple(label.key for label in LABELS if label.key)
BELOW: dict[str, str] = {
    "under_3": INPATIENTS,
    "under_12": INPATIENTS,
    "over_65": INPATIENTS,
    "under_65": INPATIENTS,
    "core": OFFICES,
    "general": OFFICES,
    "specific": OFFICES,
    "frequency": MEETINGS,
    "subcommittee": MEETINGS,
}
"""Fields printed below a heading whose date they share, though their names are clear without it."""

AS_OF = re.compile(r"\([^()]*(?:時点|現在|年度|\d月|\d[./]\d)[^()]*\)")
AS_OF_ALONE = re.compile(r"\(?[^()、。]{1,6}\d{1,2}[^()、。]{0,8}(?:時点|現在)\)?")
_UNIT = "人|名|床|[かヵヶカケ箇]所|市区?町村|市|病院|回|件|事業所"
UNIT_ALONE = re.compile(f"\\(?(?:{_UNIT})\\)?")
_UNIT_NOTE = re.compile(f"\\((?:単位[:：]?)?(?:{_UNIT})\\)")
_SHARE_NOTE = re.compile(r"\(?%[:：]?構成割合\)?")
_STRONG = frozenset(label.name for label in LABELS if label.under is None)
MINIMUM_STRONG = 2


def plain_label(text: str) -> str:
    """A label cell without its date, its unit and its note on shares."""
    plain = _SHARE_NOTE.sub("", AS_OF.sub("", squeeze(text)))
    return _UNIT_NOTE.sub("", plain).strip("・:※└├-■□◆◇○●")


def label_of(text: str, heading: str | None) -> Label | None:
    """The field a label cell names; some names (合計, 市町村) only count below their heading."""
    plain = plain_label(text)
    return next(
        (label for label in LABELS if label.pattern.fullmatch(plain) and label.under in (None, heading)),
        None,
    )


def is_strong(text: str) -> bool:
    """True for a name that only this block prints."""
    label = label_of(text, None)
    return label is not None and label.name in _STRONG and label.name not in ("population", "municipalities")


UNITS: dict[str, str] = {
    "population": "人",
    "psychiatric_hospitals": "病院",
    "psychiatric_beds": "床",
    "council_frequency": "回",
    **dict.fromkeys(
        (
            "disability_welfare_areas",
            "core_consultation_centres",
            "general_consultation_offices",
            "specific_consultation_offices",
            "health_centres",
            "councils_prefecture",
            "councils_area",
            "councils_municipality",
        ),
        "か所",
    ),
    **dict.fromkeys((key for key in KEYS if key.startswith("inpatients")), "人"),
}
"""Units the form fixes by the field itself; where a cell gives none, these hold."""

PRINTED = re.compile(
    r"[<〈《]?基本情報(?:入力シート|\(都道府県等情報\)|\([^()]{2,12}\))?[>〉》]?|[(]?%[:：]構成割合[)]?"
)
FOOTNOTE = re.compile(r"\(\)は(?P<what>.{2,12}?)を?除いた数")
