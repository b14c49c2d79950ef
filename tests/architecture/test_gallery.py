"""One component = one typed function + one template + one gallery page; every page of the gallery is sound."""

from __future__ import annotations

import inspect

import pytest
from django.template.loader import get_template
from django.test import RequestFactory

from nimo.foundation.ui.components.gallery.examples import all_pages
from nimo.foundation.ui.components.registry import all_components
from nimo.foundation.ui.templatetags.ui import register
from tests.architecture.source import SOURCE
from tests.support.browser import DESKTOP, PHONE, assert_reflows, axe, click, small_targets

NAMES = sorted(all_components())
TEMPLATES = SOURCE / "foundation" / "ui" / "templates" / "ui" / "components"


def test_the_registry_holds_what_the_screens_were_promised():
    promised = {
        "button", "link_button", "badge", "banner", "card", "error_summary", "field", "form_fields", "data_table",
        "tabs", "progress", "dialog", "empty_state", "file_drop", "figure", "chart", "tile_map", "shape_map",
        "pagination", "definition_list", "steps", "details", "timeline", "source_passage", "print_only", "screen_only",
    }  # fmt: skip
    assert promised <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_has_a_template_that_opens_with_its_variables(name):
    text = get_template(all_components()[name].template).template.source
    assert text.startswith("{% comment %}"), f"{name}.html does not open by listing its variables"


@pytest.mark.parametrize("name", NAMES)
def test_has_a_gallery_page_that_shows_it_in_use(name):
    examples = all_pages().get(name, ())
    assert examples, f"no gallery page for {name}"
    assert all(f"% {name}" in example.code for example in examples)


@pytest.mark.parametrize("name", NAMES)
def test_has_a_tag_and_a_typed_function_described_in_japanese(name):
    component = all_components()[name]
    assert name in register.tags
    signature = inspect.signature(component.function)
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in signature.parameters.values())
    assert any("\u3040" <= letter <= "\u30ff" for letter in component.summary), component.summary


def test_no_template_and_no_gallery_page_is_left_without_a_component():
    assert {path.stem for path in TEMPLATES.glob("*.html")} == set(NAMES)
    assert set(all_pages()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_drawn(name):
    for example in all_pages()[name]:
        html = example.drawn(RequestFactory().get("/ui/"))["html"]
        assert html.strip(), f"{name}: {example.title} draws nothing"


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.django_db(transaction=True, databases=["default", "side"])
def test_every_page_of_the_gallery_is_sound_at_every_width(live_server, open_page):
    """axe at a desk and on a phone; no width scrolls sideways, nor do letters twice or four times as large.

    640 and 320 px are 1280 px at 200 % and at 400 % zoom (WCAG 1.4.4, 1.4.10). Each page is loaded once and narrowed.
    """
    page = open_page()
    wrong = []
    for path in ["", *(f"{name}/" for name in NAMES)]:
        page.set_viewport_size({"width": DESKTOP, "height": 900})
        answer = page.goto(f"{live_server.url}/ui/{path}")
        assert answer is not None
        assert answer.status == 200, path
        for width, height in ((DESKTOP, 900), (640, 450), (PHONE, 900), (320, 450)):
            page.set_viewport_size({"width": width, "height": height})
            found = axe(page) if width in {DESKTOP, PHONE} else []
            found += small_targets(page) if width in {DESKTOP, PHONE} else []
            assert_reflows(page)
            wrong += [f"{path} at {width} px: {problem}" for problem in found]
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, databases=["default", "side"])
def test_the_keyboard_reaches_everything(live_server, open_page):
    page = open_page()
    page.goto(f"{live_server.url}/ui/dialog/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "本文へ移る"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#withdraw").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#withdraw").is_hidden()
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "withdraw"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, databases=["default", "side"])
def test_a_failed_form_takes_the_focus_to_its_summary_and_on_to_the_field(live_server, open_page):
    page = open_page(width=PHONE)
    page.goto(f"{live_server.url}/ui/error_summary/")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "summary-name"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, databases=["default", "side"])
def test_works_without_script(live_server, open_page):
    page = open_page(javascript=False)
    page.goto(f"{live_server.url}/ui/dialog/")
    click(page.get_by_role("button", name="公開をやめる"))
    assert page.locator("#withdraw").is_visible()
    page.goto(f"{live_server.url}/ui/details/")
    folded = page.locator("main details").first
    assert folded.locator("p").is_hidden()
    click(folded.locator("summary"))
    assert folded.locator("p").is_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, databases=["default", "side"])
def test_paper_has_no_menu_and_no_button_and_shows_what_was_folded(live_server, open_page):
    page = open_page()
    page.emulate_media(media="print")
    page.goto(f"{live_server.url}/ui/button/")
    assert page.locator("header.header").is_hidden()
    assert page.locator("main button:visible").count() == 0
    page.goto(f"{live_server.url}/ui/details/")
    assert page.locator("main details").first.locator("p").is_visible()
    page.goto(f"{live_server.url}/ui/print_only/")
    assert page.locator(".print-only").is_visible()
    page.goto(f"{live_server.url}/ui/screen_only/")
    assert page.locator(".screen-only").is_hidden()
