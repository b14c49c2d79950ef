"""Small helpers for Office XML, whose two dialects (transitional and strict) differ only in namespaces."""

from __future__ import annotations

from lxml import etree

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def local(element: etree._Element) -> str:
    """Element name without its namespace; "" for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def relation_id(element: etree._Element, name: str = "id") -> str | None:
    """Value of r:id (or r:embed …): the attribute of that name that stands in a namespace."""
    for key in element.attrib:
        qualified = etree.QName(key)
        if qualified.namespace and qualified.localname == name:
            return str(element.attrib[key])
    return None


def is_on(value: str | None, default: bool = False) -> bool:
    """An xsd:boolean attribute."""
    return default if value is None else value.strip().lower() in ("1", "true", "on")


def whole(value: str | None, default: int = 0) -> int:
    """A whole-number attribute; anything else gives `default`, a damaged position must not lose the text."""
    try:
        return int(float(value)) if value is not None else default
    except (ValueError, OverflowError):
        return default


def visible_children(parent: etree._Element) -> list[etree._Element]:
    """Children as an application shows them: of alternative contents the preferred one, once.

    PowerPoint wraps shapes with newer features so: a Choice it shows, and a Fallback for older programs.
    Taking both would read the text twice, taking neither (as python-pptx does) would lose it.
    """
    children: list[etree._Element] = []
    for child in parent:
        if child.tag == f"{_COMPATIBILITY}AlternateContent":
            branches = [branch for branch in child if local(branch) in ("Choice", "Fallback")]
            filled = [branch for branch in branches if len(branch)]
            if filled:
                children.extend(visible_children(filled[0]))
        elif isinstance(child.tag, str):
            children.append(child)
    return children
