"""Taking a sheet in as a person does it on screen, and files to do it with."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

from nimo.community.sheets.tests.builders.as_slides import as_slides
from nimo.community.sheets.tests.builders.facts import city_facts
from nimo.community.sheets.tests.builders.layouts import layout_parts
from nimo.surfaces.demo.services.world import DATA
from tests.support.browser import click

PREFECTURE, CITY, OTHER_CITY = "10000", "10205", "10207"
TWO_SHEETS = DATA / "gunma-ota-r6.txt"
"""群馬県 and 太田市 of 令和6年度 in one text, as source 004 holds them, in our own sentences."""


def slides_of_a_city(folder: Path) -> Path:
    """An invented sheet of 館林市 as PPTX, with real tables and merged cells."""
    facts = city_facts()
    facts.prefecture, facts.municipality = "群馬県", "館林市"
    path = folder / "館林市 自治体情報シート.pptx"
    path.write_bytes(as_slides(layout_parts(facts, "r6-city")))
    return path


def choose(page: Page, path: Path) -> None:
    """The file by the button of the box."""
    page.get_by_label("自治体情報シートのファイル").set_input_files(path)


def drop(page: Page, path: Path) -> None:
    """The file dragged onto the words of the box, as the browser itself sees it (not an event made by a script)."""
    words = page.locator(".file-drop__text")
    words.scroll_into_view_if_needed()
    box = words.bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send(
            "Input.dispatchDragEvent",
            {"type": kind, "x": box["x"] + 12, "y": box["y"] + box["height"] / 2, "data": data},
        )
    session.detach()


def field(page: Page, path: str) -> Locator:
    """The cell of the review page that holds one field, found by the path of the field."""
    return page.locator(f'[id="at-{path}"]')


def box(page: Page, path: str) -> Locator:
    """The box itself."""
    return page.locator(f'#review [name="{path}"]')


def passage(page: Page, path: str) -> Locator:
    """What the source says, beside the field."""
    return field(page, path).locator("xpath=following-sibling::div[1]")


def heading(page: Page, text: str) -> None:
    """Waits until the page with this heading is there."""
    page.get_by_role("heading", level=1).filter(has_text=text).wait_for()


def press(page: Page, name: str) -> None:
    """The first button of that name in the page's own part."""
    click(page.locator("main").get_by_role("button", name=name, exact=True).first)


def follow(page: Page, name: str) -> None:
    """The first link that has that name in it, in the page's own part."""
    click(page.locator("main").get_by_role("link", name=name).first)
