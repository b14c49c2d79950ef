"""A real Chromium for the journeys and the gallery: `browser` (one a session) and `open_page` (pages under watch).

    @pytest.mark.browser
    @pytest.mark.django_db(transaction=True, databases=["default", "side"])
    def test_…(live_server, open_page):
        page = open_page(width=390)
        page.goto(live_server.url + "/ui/")
        assert_accessible(page)

Every page opened this way fails its test when the console reports an error, a script throws, or anything is asked
of another host. `open_page(allow=("403",))` lets console errors through that the test brings about on purpose.
Where there is no browser the tests are skipped, and the last lines of pytest say why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from scripts.browser import find

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = 1280
PHONE = 390
HERE = {"localhost", "127.0.0.1", "[::1]", "testserver"}

OpenPage = Callable[..., Page]


def _kept_a_minute(self: StaticFilesHandler, request: HttpRequest) -> HttpResponse:
    """As WhiteNoise lets a browser keep them (its 60 seconds): pages ask once, not fourteen times each, for the styles."""
    answer: HttpResponse = _serve(self, request)
    answer.headers["Cache-Control"] = "max-age=60, public"
    return answer


_serve = StaticFilesHandler.serve


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find()
    if executable is None:
        pytest.skip("Chromium がこの機械にないため、本物のブラウザでの試験は行っていません")
    # The synchronous API runs an event loop in this thread; Django would refuse every query of the test beside it.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        patch.setattr(StaticFilesHandler, "serve", _kept_a_minute)
        launched = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield launched
        launched.close()


def is_here(url: str) -> bool:
    """True for this machine and for what never leaves the page (data:, blob:, about:)."""
    parts = urlsplit(url)
    return parts.scheme not in {"http", "https", "ws", "wss"} or (parts.hostname or "") in HERE


def watch(page: Page, problems: list[str], allow: tuple[str, ...] = ()) -> None:
    """Writes into `problems` whatever the page does that it must not."""

    def console(message: Any) -> None:
        if message.type == "error" and not any(part in message.text for part in allow):
            problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def request(asked: Any) -> None:
        if not is_here(asked.url):
            problems.append(f"asked another host: {asked.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("request", request)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages in a context of their own (no cookies shared); their problems fail the test at its end."""
    contexts: list[Any] = []
    problems: list[str] = []

    def open_(
        width: int = DESKTOP, height: int = 900, *, allow: tuple[str, ...] = (), javascript: bool = True, **options: Any
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            java_script_enabled=javascript,
            **options,
        )
        contexts.append(context)
        if javascript:
            context.add_init_script(_axe_source())  # the browser keeps it compiled; evaluating it costs 0.2 s a page
        page = context.new_page()
        watch(page, problems, allow)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


@cache
def _axe_source() -> str:
    if not AXE.exists():
        raise RuntimeError("axe-core is not installed: run scripts/frontend.py")
    return AXE.read_text(encoding="utf-8")


def click(where: Locator) -> None:
    """A click, and the page it led to is read to its end: the next line may look at all of it.

    Playwright's own click comes back when the answer has begun; a look at that moment finds half a page, or none.
    `tests/architecture` lets no journey click another way.
    """
    where.click()
    where.page.wait_for_load_state("domcontentloaded")


def axe(page: Page, within: str = "") -> list[str]:
    """What axe-core finds, all its rules, one line each; `within` is a CSS selector. Needs JavaScript in the page.

    `open_page` put axe there before the page's own scripts, which the Content-Security-Policy leaves alone. Every rule
    runs; `resultTypes` only spares the list of what is right (nobody reads it, and it took a third of the time).
    """
    page.wait_for_load_state("load")  # with its styles: contrast is part of the look
    found = page.evaluate(
        "async within => (await axe.run(within || document, {resultTypes: ['violations']})).violations", within
    )
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
        + "\n    ".join(f"{node['html'][:200]} → {node['failureSummary']}" for node in violation["nodes"][:3])
        for violation in found
    ]


def assert_accessible(page: Page, within: str = "") -> None:
    found = axe(page, within)
    assert not found, f"axe on {page.url}:\n" + "\n".join(found)


def assert_reflows(page: Page) -> None:
    """Nothing makes the page itself scroll sideways (WCAG 1.4.10)."""
    page.wait_for_load_state("load")
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{page.url} is {over} px wider than the window"


def small_targets(page: Page, least: int = 44) -> list[str]:
    """Buttons and the like that are less than `least` px high; links within text are exempt (WCAG 2.5.8)."""
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll(
               'button, .button, summary, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio]), ' +
               '.choice__label, .tabs__tab, .pagination__link, .navigation__link, .table__sort')]
           .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least - 0.5)
           .map(e => `${e.outerHTML.slice(0, 120)} ${e.getBoundingClientRect().height}`)""",
        least,
    )
    return found
