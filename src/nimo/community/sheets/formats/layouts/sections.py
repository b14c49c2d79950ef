"""Which chapters a sheet of a layout has, from the layout's file."""

from __future__ import annotations

from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.formats.layouts.files import form_of, forms


def sections_of(layout: str) -> tuple[SectionKey, ...]:
    """The chapters a layout asks for, in the order of the form; of an unknown one, those of the newest city form."""
    form = form_of(layout, None, of_prefecture=layout.endswith("-prefecture"))
    return tuple(SectionKey(section) for section in form.sections)


def layout_names() -> dict[str, str]:
    """{code: name}, for people."""
    return {code: form.name for code, form in forms().items()}
