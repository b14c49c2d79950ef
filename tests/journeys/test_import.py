"""From the file drop to the region page and back, in a real Chromium, at a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from nimo.community.indicators.models import Observation
from nimo.community.sheets.choices import SheetState
from nimo.community.sheets.models.imports import SheetDraft
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.foundation.access.permissions import Role
from tests.journeys.people import official, sign_in
from tests.journeys.sheets import (
    CITY,
    OTHER_CITY,
    PREFECTURE,
    TWO_SHEETS,
    box,
    choose,
    drop,
    field,
    follow,
    heading,
    passage,
    press,
    slides_of_a_city,
)
from tests.support.browser import DESKTOP, PHONE, click

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]


def stands_beside(page, path: str, width: int) -> bool:
    """The passage is to the right of its field at a desk, under it on a phone."""
    one, other = field(page, path).bounding_box(), passage(page, path).bounding_box()
    assert one is not None
    assert other is not None
    if width == PHONE:
        return other["y"] >= one["y"] + one["height"]
    return other["x"] >= one["x"] + one["width"] and abs(other["y"] - one["y"]) < 40


def comes_into_view(page, identifier: str) -> None:
    page.wait_for_function(
        """id => { const r = document.getElementById(id).getBoundingClientRect();
                  return r.top < innerHeight && r.bottom > 0 }""",
        arg=identifier,
    )


@pytest.mark.parametrize("width, bring", [(DESKTOP, drop), (PHONE, choose)], ids=["desk-drop", "phone-choose"])
def test_two_sheets_in_one_text_come_in_are_reviewed_confirmed_undone_and_confirmed_again(
    live_server, open_page, width, bring
):
    officer = official(Role.PREFECTURE_OFFICER, PREFECTURE, "ken", "県山 花子（架空）")
    page = open_page(width=width)
    sign_in(page, live_server.url, officer)

    # in: one file, two sheets; the job says how it went
    follow(page, "シートを取り込む")
    bring(page, TWO_SHEETS)
    press(page, "読み取る")
    heading(page, "取り込んだファイル")
    assert page.get_by_role("link", name="群馬県 令和6年度", exact=True).is_visible()
    upload = page.url
    page.goto(f"{live_server.url}/jobs/")
    follow(page, "自治体情報シートの読み取り")
    assert "完了" in page.locator("main").inner_text()
    follow(page, "読み取った内容を確かめる")
    assert page.url == upload
    follow(page, "群馬県 太田市 令和6年度")
    heading(page, "読み取りの確認: 群馬県 太田市 令和6年度")

    # every field beside what the source says; what is in doubt is marked, empty and listed at the top
    assert box(page, "basic_info.population").input_value() == "222364"
    assert "222,364人" in passage(page, "basic_info.population").inner_text()
    assert re.search(r"\d+行目", passage(page, "basic_info.population").inner_text())
    assert stands_beside(page, "basic_info.population", width)
    lost = "basic_info.core_consultation_centres"
    assert box(page, lost).input_value() == ""
    assert "確かめる" in field(page, lost).inner_text()
    click(page.locator("main").get_by_role("link", name="基本情報").first)
    comes_into_view(page, "basic_info-heading")

    # correct one value, with Enter: nothing else changes
    before = SheetDraft.objects.get(region_id=CITY).content
    box(page, "results.0.actual").fill("4回")
    box(page, "results.0.actual").press("Enter")
    page.get_by_text("保存しました。").wait_for()
    assert "人が直しました" in field(page, "results.0.actual").inner_text()
    after = SheetDraft.objects.get(region_id=CITY).content
    assert after["results"][0]["actual"]["values"] == [{"value": 4, "unit": "回"}]
    assert {key: before[key] for key in before if key != "results"} == {
        key: after[key] for key in after if key != "results"
    }
    assert len(after["results"]) == len(before["results"])

    # a row more, filled in; then the same row less
    click(page.get_by_role("button", name=re.compile("協議の場の実施状況\\s*行を足す")))
    box(page, "councils.1.name").wait_for()
    comes_into_view(page, "councils-heading")
    box(page, "councils.1.name").fill("架空の作業部会")
    press(page, "保存する")
    page.get_by_text("保存しました。").wait_for()
    assert SheetDraft.objects.get(region_id=CITY).content["councils"][1]["name"] == "架空の作業部会"
    click(page.get_by_role("button", name=re.compile("協議の場 2\\s*この行をなくす")))
    page.get_by_text("保存しました。").wait_for()
    expect(box(page, "councils.1.name")).to_have_count(0)
    assert len(SheetDraft.objects.get(region_id=CITY).content["councils"]) == 1

    # confirm: one step to look back, then the record; nothing is public
    press(page, "保存して確定に進む")
    heading(page, "確定の前に: 群馬県 太田市 令和6年度")
    assert "1 か所" in page.locator("main").inner_text(), "the one correction is counted"
    press(page, "確定する")
    heading(page, "群馬県 太田市 令和6年度")
    assert "まだ公開はしていません" in page.locator("main").inner_text()
    sheet = Sheet.objects.get(region_id=CITY)
    assert sheet.confirmed_by_name == "県山 花子（架空）"
    assert not SheetSection.objects.filter(published_at__isnull=False).exists()

    # the region page, and from a figure to the place in the file
    follow(page, "地域のページで見る")
    heading(page, "太田市")
    text = page.locator("main").inner_text()
    assert "386" in text
    assert "公開前" in text
    click(page.get_by_role("link", name=re.compile("元の記録を見る\\s*（入院精神障害者数）")))
    heading(page, "この数値はどこから来たか")
    record = page.locator("main").inner_text()
    assert Observation.objects.get(indicator_id="inpatients", region_id=CITY).locator in record
    assert "386人" in page.locator("figure.passage").inner_text()

    # undo with a reason, and confirm again
    page.goto(f"{live_server.url}/sheets/{sheet.pk}/")
    follow(page, "確定を取り消す")
    page.get_by_label("取り消す理由").fill("実績値を見直すため")
    press(page, "確定を取り消す")
    heading(page, "読み取りの確認")
    assert not Observation.objects.live().exists()
    assert box(page, "results.0.actual").input_value() == "4回", "the correction is still there"
    press(page, "保存して確定に進む")
    press(page, "確定する")
    heading(page, "群馬県 太田市 令和6年度")
    assert sorted(Sheet.objects.values_list("state", flat=True)) == [SheetState.CURRENT, SheetState.UNDONE]
    assert Observation.objects.live().get(indicator_id="inpatients", region_id=CITY).value == 386


@pytest.mark.parametrize("width, bring", [(DESKTOP, choose), (PHONE, drop)], ids=["desk-choose", "phone-drop"])
def test_slides_come_in_with_the_place_of_every_figure(live_server, open_page, tmp_path, width, bring):
    officer = official(Role.PREFECTURE_OFFICER, PREFECTURE, "ken")
    page = open_page(width=width)
    sign_in(page, live_server.url, officer)
    page.goto(f"{live_server.url}/sheets/new/")
    bring(page, slides_of_a_city(tmp_path))
    press(page, "読み取る")
    heading(page, "読み取りの確認: 群馬県 館林市 令和6年度")  # one sheet: straight to its review
    assert box(page, "basic_info.population").input_value() == "148205"
    assert "スライド" in passage(page, "basic_info.population").inner_text()
    press(page, "保存して確定に進む")
    press(page, "確定する")
    follow(page, "地域のページで見る")
    heading(page, "館林市")
    click(page.get_by_role("link", name=re.compile("元の記録を見る\\s*（人口）")))
    assert "スライド" in page.locator("main").inner_text()
    assert Observation.objects.live().get(indicator_id="population", region_id=OTHER_CITY).value == 148205
