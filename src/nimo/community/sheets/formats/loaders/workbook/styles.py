"""Styles of a workbook, as far as they decide what is read: number formats, and whether a cell has a rule."""

from __future__ import annotations

from lxml import etree

from nimo.community.sheets.formats.loaders.display.formats import BUILT_IN
from nimo.community.sheets.formats.loaders.markup import whole
from nimo.community.sheets.formats.loaders.package import Package

_SIDES = ("left", "right", "top", "bottom", "start", "end")


class Styles:
    """By style index (the `s` of a cell)."""

    def __init__(self, formats: list[str], ruled: list[bool]) -> None:
        self._formats = formats
        self._ruled = ruled

    @classmethod
    def read(cls, package: Package, workbook: str) -> Styles:
        parts = package.related(workbook, "styles")
        if not parts:
            return cls([], [])
        root = package.xml(parts[0])
        codes = dict(BUILT_IN)
        for element in root.iterfind("{*}numFmts/{*}numFmt"):
            codes[whole(element.get("numFmtId"), -1)] = element.get("formatCode", "General")
        borders = [_has_rule(border) for border in root.iterfind("{*}borders/{*}border")]
        formats, ruled = [], []
        for style in root.iterfind("{*}cellXfs/{*}xf"):
            formats.append(codes.get(whole(style.get("numFmtId")), "General"))
            border = whole(style.get("borderId"))
            ruled.append(0 <= border < len(borders) and borders[border])
        return cls(formats, ruled)

    def format_code(self, index: int) -> str:
        return self._formats[index] if 0 <= index < len(self._formats) else "General"

    def is_ruled(self, index: int) -> bool:
        return 0 <= index < len(self._ruled) and self._ruled[index]


def _has_rule(border: etree._Element) -> bool:
    for side in _SIDES:
        element = border.find(f"{{*}}{side}")
        if element is not None and element.get("style", "none") != "none":
            return True
    return False
