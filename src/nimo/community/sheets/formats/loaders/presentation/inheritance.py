"""What a placeholder takes over from its layout and master: its position, its bullets; and what they show themselves."""

from __future__ import annotations

from lxml import etree

from nimo.community.sheets.formats.loaders.markup import is_on
from nimo.community.sheets.formats.loaders.package import Package

_SAME_ON_MASTER = {"ctrTitle": "title", "subTitle": "body", "obj": "body", "": "body"}


class SlideBackground:
    """Layout and master of one slide."""

    def __init__(self, package: Package, slide: str, root: etree._Element) -> None:
        layouts = package.related(slide, "slideLayout")
        masters = package.related(layouts[0], "slideMaster") if layouts else []
        self._layout = package.xml(layouts[0]) if layouts else None
        self._master = package.xml(masters[0]) if masters else None
        shows_layout = is_on(root.get("showMasterSp"), default=True)
        self.trees: list[etree._Element] = []
        if shows_layout and self._layout is not None:
            if self._master is not None and is_on(self._layout.get("showMasterSp"), default=True):
                self.trees += _trees(self._master)
            self.trees += _trees(self._layout)

    def prototypes(self, shape: etree._Element) -> list[etree._Element]:
        """The placeholders that `shape` follows: the layout's, then the master's; [] for an ordinary shape."""
        own = placeholder_of(shape)
        if own is None:
            return []
        kind, index = own.get("type", ""), own.get("idx")
        found = []
        on_layout = _matching(self._layout, kind, index)
        if on_layout is not None:
            found.append(on_layout)
            kind = _kind(on_layout) or kind
        on_master = _matching(self._master, _SAME_ON_MASTER.get(kind, kind), None)
        if on_master is not None:
            found.append(on_master)
        return found

    def list_styles(self, shape: etree._Element) -> list[etree._Element]:
        """Where the shape's paragraphs may find their bullets, nearest first."""
        own = placeholder_of(shape)
        if own is None:
            return []
        styles = [
            style for prototype in self.prototypes(shape) for style in prototype.iterfind("{*}txBody/{*}lstStyle")
        ]
        if self._master is not None:
            kind = _SAME_ON_MASTER.get(own.get("type", ""), own.get("type", ""))
            name = {"title": "titleStyle", "body": "bodyStyle"}.get(kind, "otherStyle")
            styles += self._master.iterfind(f"{{*}}txStyles/{{*}}{name}")
        return styles


def placeholder_of(shape: etree._Element) -> etree._Element | None:
    """The p:ph of a shape that is a placeholder."""
    for properties in shape:
        found = properties.find("{*}nvPr/{*}ph")
        if found is not None:
            return found
    return None


def is_title(shape: etree._Element) -> bool:
    own = placeholder_of(shape)
    return own is not None and own.get("type") in ("title", "ctrTitle")


def _trees(root: etree._Element) -> list[etree._Element]:
    return list(root.iterfind("{*}cSld/{*}spTree"))


def _kind(shape: etree._Element) -> str:
    own = placeholder_of(shape)
    return own.get("type", "") if own is not None else ""


def _matching(root: etree._Element | None, kind: str, index: str | None) -> etree._Element | None:
    if root is None:
        return None
    candidates = [s for tree in _trees(root) for s in tree.iter("{*}sp") if placeholder_of(s) is not None]
    if index is not None:
        for shape in candidates:
            own = placeholder_of(shape)
            if own is not None and own.get("idx") == index:
                return shape
    return next((shape for shape in candidates if _kind(shape) == kind), None)
