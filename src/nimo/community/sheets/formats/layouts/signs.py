"""The few words nimo prints beside the form's own, by which a file is known again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nimo.community.sheets.formats.layouts.model import Form, Names
from nimo.core.fiscal import FiscalYear, parse_fiscal_year

FORM_SIGN = "様式"
BETWEEN = "｜"
AGAIN = "（続き）"
"""Behind a heading that is repeated on the next page."""
REMARK = "注："
"""Before what nimo says itself at the end of a file."""
DRAFT = "作成中（決裁前の内容です）"
"""In the corner of every page of a sheet that is still being written."""
SPARE_HEADING = "（この様式に章のない記載）"

_FORM_LINE = re.compile(
    rf"{FORM_SIGN} (?P<code>[\w-]+){BETWEEN}(?P<year>[^{BETWEEN}]*){BETWEEN}(?P<prefecture>[^{BETWEEN}]*){BETWEEN}(?P<municipality>[^{BETWEEN}]*)"
)


@dataclass(frozen=True, slots=True)
class FormLine:
    """What the line says: 様式 r6-city｜令和6年度｜群馬県｜太田市."""

    code: str
    names: Names


def form_line(form: Form, names: Names) -> str:
    """The line by which a file is known as one that follows the form to the letter."""
    year = FiscalYear(names.fiscal_year).label if names.fiscal_year is not None else ""
    return BETWEEN.join((f"{FORM_SIGN} {form.code}", year, names.prefecture, names.municipality))


def read_form_line(text: str) -> FormLine | None:
    found = _FORM_LINE.fullmatch(text.strip())
    if found is None:
        return None
    year = parse_fiscal_year(found["year"])
    return FormLine(found["code"], Names(found["prefecture"], found["municipality"], year.year if year else None))
