"""Fixtures every test of this folder may ask for."""

from tests.support.browser import browser, open_page

__all__ = ["browser", "open_page"]
