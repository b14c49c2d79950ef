"""全国地方公共団体コード: five digits (JIS X 0401 + JIS X 0402), kept as text, and the check digit that makes six.

Check digit: 総務省「都道府県コード及び市区町村コード」 設定要領 (weights 6 5 4 3 2, modulus 11).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class AreaKind(StrEnum):
    PREFECTURE = "prefecture"
    DESIGNATED_CITY = "designated_city"
    WARD = "ward"
    SPECIAL_WARD = "special_ward"
    CITY = "city"
    TOWN_OR_VILLAGE = "town_or_village"


# The ranges alone cannot tell 14130 (川崎市) from 14110 (戸塚区), so the designated cities (地方自治法 第252条の19) are listed.
# As of 2024; a second one of a prefecture needs a line here (the first always has 100). Names and dates of all areas are the regions table's, not this module's.
DESIGNATED_CITIES = frozenset(
    (
        "01100",
        "04100",
        "11100",
        "12100",
        "14100",
        "14130",
        "14150",
        "15100",
        "22100",
        "22130",
        "23100",
        "26100",
        "27100",
        "27140",
        "28100",
        "33100",
        "34100",
        "40100",
        "40130",
        "43100",
    )
)
_TOKYO = "13"


class WrongCheckDigit(ValueError):
    """The sixth digit does not follow from the other five: a mistyped code. `given` and `expected` are digits."""

    def __init__(self, code: str, given: str, expected: str) -> None:
        super().__init__(f"検査数字が合いません: {code} の6桁目は {given} ではなく {expected} になるはずです。")
        self.code, self.given, self.expected = code, given, expected


def check_digit(code5: str) -> str:
    """The sixth digit of a five-digit code: 10205 → 9. ValueError unless five half-width digits."""
    if not re.fullmatch("[0-9]{5}", code5):
        raise ValueError(f"five digits are needed, not {code5!r}")
    remainder = sum(int(digit) * weight for digit, weight in zip(code5, (6, 5, 4, 3, 2), strict=True)) % 11
    return str((11 - remainder) % 10)


@dataclass(frozen=True, slots=True, order=True)
class AreaCode:
    """Five digits as text, leading zero kept. ValueError for other text, a prefecture outside 01-47 or an unused range."""

    code: str

    def __post_init__(self) -> None:
        if not re.fullmatch("[0-9]{5}", self.code) or _kind(self.code) is None:
            raise ValueError(f"not an area code: {self.code!r}")

    @property
    def with_check(self) -> str:
        """Six digits: 102059."""
        return self.code + check_digit(self.code)

    @property
    def prefecture(self) -> str:
        """Two digits: 10."""
        return self.code[:2]

    @property
    def kind(self) -> AreaKind:
        """By range: 000 prefecture, 101- wards, 201- cities, 301- towns and villages."""
        kind = _kind(self.code)
        assert kind is not None
        return kind

    def __str__(self) -> str:
        return self.code


def _kind(code: str) -> AreaKind | None:
    prefecture, local = code[:2], int(code[2:])
    if not 1 <= int(prefecture) <= 47:
        return None
    if local == 0:
        return AreaKind.PREFECTURE
    if code in DESIGNATED_CITIES or (local == 100 and prefecture != _TOKYO):
        return AreaKind.DESIGNATED_CITY
    if 101 <= local <= 199:
        return AreaKind.SPECIAL_WARD if prefecture == _TOKYO else AreaKind.WARD
    if 201 <= local <= 299:
        return AreaKind.CITY
    if 301 <= local <= 799:
        return AreaKind.TOWN_OR_VILLAGE
    return None


def _checked(code6: str) -> AreaCode | None:
    if _kind(code6[:5]) is None:
        return None
    expected = check_digit(code6[:5])
    if code6[5] != expected:
        raise WrongCheckDigit(code6, given=code6[5], expected=expected)
    return AreaCode(code6[:5])


def parse_area_code(text: str, *, digits: Literal[5, 6] | None = None) -> AreaCode | None:
    """Read a code of five or six digits, full width too, also when a spreadsheet ate the leading zero (7202, 10006).

    Five digits are a five-digit code; only when no area can have it are they six without their zero. Say `digits`
    when the column is known to hold codes of that length. None when it is no code; WrongCheckDigit when it is mistyped.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch("[0-9]{4,6}", plain) or (digits and len(plain) > digits):
        return None
    if digits == 6 or len(plain) == 6:
        return _checked(plain.zfill(6)) if len(plain) >= 5 else None
    if _kind(plain.zfill(5)) is not None:
        return AreaCode(plain.zfill(5))
    return _checked(plain.zfill(6)) if len(plain) == 5 and digits is None else None
