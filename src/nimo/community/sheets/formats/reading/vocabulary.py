"""Short texts that tell by themselves what they are: a period, a role, a sector."""

from __future__ import annotations

import re

from nimo.community.sheets.formats.reading.squeeze import squeeze

_TO = "[~〜～ー―‐–−-]"
_YEAR = r"(?:(?:令和|平成|[RH])(?:\d{1,2}|元)|\d{4})年?"
_MONTH = rf"(?:{_YEAR}/?|翌年?|来年?)?\d{{1,2}}月(?:上旬|中旬|下旬|初旬|初め|頃|末|以降)?"
_FISCAL = rf"(?:{_YEAR}度?|(?:今|来|再来|次)年度)(?:当初|末|以降)?"
_NAMED = (
    r"通年|随時|年間|年度(?:当初|末|内|中)|上半期|下半期|[上下]期|[前後][期半]|第?[1-4一二三四]四半期|毎月|隔月"
    r"|\d年目|未定|[春夏秋冬]"
)
_ONE = rf"(?:{_MONTH}|{_FISCAL}|{_NAMED})"
_PERIOD = re.compile(
    rf"[<〈《【(\[]?(?:{_ONE}(?:(?:{_TO}|[・、,])(?:{_ONE}|\d{{1,2}}月?))*{_TO}?"
    rf"|\d{{1,2}}(?:{_TO}|[・、,])\d{{1,2}}月)[>〉》】)\]]?"
)
_RANGE_SIGN = re.compile(_TO)


def is_period(text: str) -> bool:
    """True for what stands in a 時期 or 年度 column: 4～6 月, Ｒ３年4月～5月, ＜通年＞, 令和6年度 ～ 令和8年度."""
    return _PERIOD.fullmatch(squeeze(text)) is not None


def is_range_sign(text: str) -> bool:
    """～ on a line of its own."""
    return _RANGE_SIGN.fullmatch(squeeze(text)) is not None


ROLES = ("government", "medical", "welfare", "other")
_ROLE_LABELS = {
    "government": re.compile("行政(?:機関)?"),
    "medical": re.compile("医療(?:機関)?"),
    "welfare": re.compile("福祉"),
    "other": re.compile(r"その他(?:\(?(?:の?関係機関・?(?:地域)?住民等?|の?関係機関等?)\)?)?"),
}


def role_of(text: str) -> str | None:
    """The role a label names: 行政 → government; None for any other text."""
    plain = squeeze(text).strip("・:【】[]")
    return next((role for role, pattern in _ROLE_LABELS.items() if pattern.fullmatch(plain)), None)


_SECTOR = re.compile(
    r"[・【\[]?(?:(?:保健|医療|福祉|介護)(?:[・、/](?:保健|医療|福祉|介護))*"
    r"|その他(?:\(?の?関係機関・?(?:地域)?住民等?\)?)?)[】\]]?"
)


def is_sector(text: str) -> bool:
    """保健, 医療, 福祉, 保健・医療・福祉, その他関係機関・住民等."""
    return _SECTOR.fullmatch(squeeze(text)) is not None
