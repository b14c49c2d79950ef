"""One cell of a hospital's file: a date in any calendar it may be written in, a code, an area. Abstain rather than guess."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

from nimo.analysis.spells.contract import ADMISSION_TYPES, BEDS, DIAGNOSIS_GROUPS, OUTCOMES
from nimo.core.codes import WrongCheckDigit, parse_area_code
from nimo.core.eras import ERAS, parse_partial_date
from nimo.core.text import fold, is_not_filled


class Unreadable(ValueError):
    """The cell holds something that is not what the column should hold. Carries no value: it may be personal."""


# What systems write where there is no date. Part of the mapping, so that it is seen and can be changed.
BLANKS: Final = ("9999/12/31", "9999-12-31", "99991231", "99999999", "00000000", "0")

_CLOCK = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?$")
_EIGHT = re.compile(r"[0-9]{8}")
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
# 電子レセプト: era digit (1 明治 … 5 令和), two digits each for year, month, day.
_RECEIPT = re.compile(r"([1-5])([0-9]{2})([0-9]{2})([0-9]{2})")


def plain(text: str) -> str:
    """Half-width, without white space at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


def is_blank(text: str, blanks: frozenset[str]) -> bool:
    """True for an empty cell, a dash, or one of the texts agreed to mean nothing."""
    return not text or text in blanks or is_not_filled(text)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable from None


def read_day(text: str) -> date:
    """2024-05-01, 2024/5/1 0:00, 20240501, R6.5.1, 令和6年5月1日, 5060501. Unreadable for a month alone or 24/5/1."""
    text = _CLOCK.sub("", text)
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[3]), int(match[4]))
    if _EIGHT.fullmatch(text):
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if match := _RECEIPT.fullmatch(text):
        year = ERAS[int(match[1]) - 1].western(int(match[2]))
        if year is None:
            raise Unreadable
        return _date(year, int(match[3]), int(match[4]))
    found = parse_partial_date(text)
    if found is None or found.day is None:
        raise Unreadable
    return found.first_day


_FOUR = re.compile(r"(1[89]|20)[0-9]{2}(年|[.]0)?")


def read_birth(text: str) -> date | int:
    """A date, or the year where no more is known (1950, 昭和25年, 1950-05)."""
    if _FOUR.fullmatch(text):
        return int(text[:4])
    try:
        return read_day(text)
    except Unreadable:
        found = parse_partial_date(text)
        if found is None:
            raise
        return found.year


def read_area(text: str) -> str:
    """Five digits, from five or six, also when a spreadsheet ate the leading zero. Unreadable when mistyped."""
    try:
        code = parse_area_code(text.removesuffix(".0"))
    except WrongCheckDigit:
        raise Unreadable from None
    if code is None or code.code.endswith("000"):
        raise Unreadable
    return code.code


_ICD = re.compile(r"([A-TV-Z])([0-9]{2})[.]?[0-9A-Zx-]{0,4}")


def read_diagnosis(text: str) -> str:
    """An ICD-10 code (F20.0, F20, G40.9) or a group of the contract → the group."""
    upper = text.upper()
    if upper in DIAGNOSIS_GROUPS:
        return upper
    match = _ICD.fullmatch(upper)
    if match is None:
        return _listed(text, _DIAGNOSES)
    letter, number = match[1], int(match[2])
    if letter == "F":
        if number < 10:
            return "F00-F03" if number <= 3 else "F04-F09"
        return f"F{number // 10}"
    return "G40" if (letter, number) == ("G", 40) else "other"


def _table(labels: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    found = {fold(label): code for code, label in labels.items()}
    found.update({fold(code): code for code in labels})
    found.update({fold(text): code for text, code in more.items()})
    return found


_DIAGNOSES = _table(
    dict(DIAGNOSIS_GROUPS), {"認知症": "F00-F03", "統合失調症": "F2", "気分障害": "F3", "てんかん": "G40"}
)
_ADMISSIONS = _table(
    dict(ADMISSION_TYPES),
    {"措置": "order", "緊急措置": "urgent_order", "医療保護": "protection", "応急": "emergency", "任意": "voluntary"},
)
_OUTCOMES = _table(
    dict(OUTCOMES),
    {
        "自宅": "home",
        "在宅": "home",
        "家庭": "home",
        "家庭復帰": "home",
        "自宅退院": "home",
        "グループホーム": "group_home",
        "グループホーム等": "group_home",
        "共同生活援助": "group_home",
        "障害者支援施設": "group_home",
        "社会復帰施設": "group_home",
        "高齢者福祉施設": "elderly_care",
        "特別養護老人ホーム": "elderly_care",
        "特養": "elderly_care",
        "老人保健施設": "elderly_care",
        "介護老人保健施設": "elderly_care",
        "老健": "elderly_care",
        "介護医療院": "elderly_care",
        "転院": "transfer",
        "転棟": "transfer",
        "転医": "transfer",
        "死亡退院": "death",
    },
)
_BEDS = _table(
    dict(BEDS),
    {
        "精神": "psychiatric",
        "精神科病床": "psychiatric",
        "精神病棟": "psychiatric",
        "一般": "other",
        "一般病床": "other",
        "療養": "other",
        "療養病床": "other",
    },
)
_LISTS = {"admission_type": _ADMISSIONS, "outcome": _OUTCOMES, "bed": _BEDS}


def _listed(text: str, listed: dict[str, str]) -> str:
    code = listed.get(fold(text))
    if code is None:
        raise Unreadable
    return code


def read_code(field: str, text: str) -> str:
    """A text of the field's list → its code. Unreadable when the list does not have it: the mapping may add it."""
    return read_diagnosis(text) if field == "diagnosis_group" else _listed(text, _LISTS[field])
