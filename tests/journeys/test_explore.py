"""A researcher without a login compares beds over Japan and takes the figures home in a file Excel keeps whole."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from nimo.community.indicators.services.statistics import load_prefecture_beds
from tests.journeys.sheets import follow, heading, press
from tests.support.browser import assert_accessible, assert_reflows
from tests.support.people import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]


def test_a_researcher_takes_a_file_of_all_prefectures(live_server, open_page):
    load_prefecture_beds(actor=SYSTEM)
    page = open_page()
    page.goto(f"{live_server.url}/indicators/psychiatric_beds/")
    heading(page, "精神科病床数")
    follow(page, "年ごと・ほかの地域と比べる")
    heading(page, "全国の指標をくらべる")
    page.get_by_text("全国の中の47の地域のうち", exact=False).wait_for()
    assert_accessible(page)
    assert_reflows(page)
    page.get_by_label("地域（名前、または5桁のコード）").fill("北海道")
    press(page, "くらべる")
    heading(page, "北海道の指標をくらべる")
    page.goto(f"{live_server.url}/indicators/explore/?region=00000&indicator=psychiatric_beds")
    href = page.get_by_role("link", name="表示中のすべてをCSVで受け取る").get_attribute("href")
    answer = page.context.request.get(live_server.url + href)
    text = answer.body().decode("utf-8-sig")
    assert answer.body().startswith(b"\xef\xbb\xbf")
    assert "\r\n" in text
    rows = [row for row in csv.DictReader(StringIO(text)) if row["図"] == "中の地域"]
    assert len(rows) == 47
    assert rows[0]["地域コード"] == "\t01000"  # the tab keeps Excel from making 1000 of it
    assert [row["地域"] for row in rows[:2]] == ["北海道", "青森県"]
    assert sum(int(row["値"]) for row in rows) == 291_008
