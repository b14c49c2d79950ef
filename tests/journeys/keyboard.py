"""A person who uses the keys only: every stop of the focus must be in sight and have a ring."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

_LOOK = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const label = e.labels && e.labels.length ? e.labels[0].textContent : '';
  return {
    name: (e.getAttribute('aria-label') || label || e.textContent || e.value || '').replace(/\\s+/g, ' ').trim(),
    tag: e.tagName.toLowerCase(),
    ring: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
    shown: e.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && box.width > 0 && box.height > 0
      && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@dataclass(frozen=True, slots=True)
class Focus:
    name: str
    tag: str
    ring: bool
    shown: bool


def focus(page: Page) -> Focus:
    return Focus(**page.evaluate(_LOOK))


def seen(page: Page) -> Focus:
    """Where the focus is; fails unless it can be seen there."""
    here = focus(page)
    assert here.tag != "body", f"the focus got lost on {page.url}"
    page.wait_for_function(f"() => ({_LOOK})().shown")  # the page may still be moving to it
    assert here.ring, f"no focus ring on {here.tag} 「{here.name}」 of {page.url}"
    return here


def tab_to(page: Page, name: str, *, limit: int = 60) -> Focus:
    """Presses Tab until the focus is on something with that name; every stop on the way is looked at."""
    way = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        here = seen(page)
        if name in here.name:
            return here
        way.append(here.name)
    raise AssertionError(f"「{name}」 is not reached with {limit} tabs on {page.url}: {way}")


def enter(page: Page, name: str, *, limit: int = 60) -> None:
    """Tabs to a link or a button and presses Enter; waits for the page that follows."""
    tab_to(page, name, limit=limit)
    with page.expect_navigation():
        page.keyboard.press("Enter")
