"""The real text of 群馬県 and 太田市 (source 004) from the file drop to the region page, against hand-read figures.

The text is not part of the repository (NIMO_SOURCES, else ../shared/sources beside it); without it these tests say so,
and test_import walks the same way with our own sentences.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from nimo.community.indicators.models import Indicator, Observation
from nimo.core.numbers import format_number
from nimo.foundation.access.permissions import Role
from tests.journeys.people import official, sign_in
from tests.journeys.sheets import CITY, PREFECTURE, choose, drop, follow, heading, press
from tests.support.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]
ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(os.environ.get("NIMO_SOURCES") or ROOT.parent / "shared" / "sources")
GOLDEN = json.loads((ROOT / "tests" / "golden" / "real_sheets.json").read_text("utf-8"))["sheets"]


@pytest.fixture
def source() -> Path:
    found = sorted(SOURCES.glob("004_*.txt"))
    if not found:
        pytest.skip("the source text 004 is not on this machine (set NIMO_SOURCES)")
    return found[0]


def golden(municipality: str | None) -> dict[str, Any]:
    return next(one for one in GOLDEN if one["file"].startswith("004") and one["municipality"] == municipality)


def shown(page: Page) -> dict[str, str]:
    """Name of a figure → what the region page says of it: the large figures, and the rows of its tables."""
    return page.evaluate(
        """() => {
          const found = {};
          for (const row of document.querySelectorAll('#figures tbody tr, #stay-figures tbody tr'))
            found[row.querySelector('th').textContent.trim()] ??= row.textContent.replace(/\\s+/g, ' ').trim();
          for (const one of document.querySelectorAll('.figure'))
            found[one.querySelector('.figure__label').textContent.trim()] =
              one.querySelector('.figure__value').textContent.replace(/\\s+/g, ' ').trim();
          return found;
        }"""
    )


def confirm(page: Page, name: str) -> None:
    follow(page, name)
    heading(page, f"読み取りの確認: {name}")
    press(page, "保存して確定に進む")
    heading(page, f"確定の前に: {name}")
    press(page, "確定する")
    heading(page, name)


@pytest.mark.parametrize("width, bring", [(DESKTOP, drop), (PHONE, choose)], ids=["desk", "phone"])
def test_the_golden_figures_stand_on_the_region_pages(live_server, open_page, source, width, bring):
    page = open_page(width=width)
    sign_in(page, live_server.url, official(Role.PREFECTURE_OFFICER, PREFECTURE, "ken"))
    page.goto(f"{live_server.url}/sheets/new/")
    bring(page, source)
    press(page, "読み取る")
    heading(page, "取り込んだファイル")
    upload = page.url
    confirm(page, "群馬県 令和6年度")
    page.goto(upload)
    if "/drafts/" in page.url:  # one sheet left to decide on
        page.goto(f"{upload}?from_upload")
    confirm(page, "群馬県 太田市 令和6年度")
    follow(page, "地域のページで見る")
    heading(page, "太田市")

    city = golden("太田市")
    names = dict(Indicator.objects.values_list("code", "name"))
    figures = shown(page)
    for code, (_, value, *_) in city["basic"].items():
        if code == "council_frequency":
            continue
        told = figures[names[code]]
        if value is None:
            assert "資料にない" in told, f"{code}: absent is not zero"
        elif value is True:
            assert "あり" in told
        else:
            assert format_number(value) in told, f"{code}: {told}"
    for meeting, value in city["council_frequency"]:
        assert f"{value}回" in figures[f"{names['council_frequency']}（会議: {meeting}）"]
    text = page.locator("main").inner_text()
    for row in [*city["results"], *city["targets"]]:
        assert row[2] in text
        assert row[4] in text

    page.goto(f"{live_server.url}/regions/{PREFECTURE}/")
    prefecture = golden(None)
    text = page.locator("main").inner_text()
    for row in [*prefecture["results"], *prefecture["targets"]]:
        assert row[4] in text
    sheet_figures = Observation.objects.filter(region_id=PREFECTURE, source__kind="sheet")
    assert not sheet_figures.exists(), "the block that is missing in the file is absent, not zero"

    # a visitor finds no sentence of it
    sentences = [part for line in source.read_text("utf-8").splitlines() for part in line.split("\t") if len(part) > 14]
    public = "".join(
        Client().get(path).content.decode()
        for path in (f"/regions/{CITY}/", f"/regions/{PREFECTURE}/", "/regions/", f"/regions/{CITY}/figures.csv")
    )
    assert len(sentences) > 100
    assert not [sentence for sentence in sentences if sentence in public]
