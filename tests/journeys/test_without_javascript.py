"""Import, confirm, publish in a browser that runs no script."""

from __future__ import annotations

import pytest
from django.test import Client

from nimo.community.sheets.models.sheets import SheetSection
from nimo.community.sheets.tests.support import CITY, TEXT
from nimo.foundation.access.permissions import Role
from tests.journeys.people import official, sign_in
from tests.journeys.sheets import PREFECTURE, choose, follow, heading, press
from tests.support.browser import PHONE, click

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]


def test_a_sheet_goes_from_the_file_to_the_public_page_without_script(live_server, open_page, tmp_path):
    manager = official(Role.PREFECTURE_MANAGER, PREFECTURE, "ken-sekinin")
    file = tmp_path / "館林市.txt"
    file.write_text(TEXT, encoding="utf-8")
    page = open_page(width=PHONE, javascript=False)
    sign_in(page, live_server.url, manager)
    click(page.locator("summary").filter(has_text="メニュー"))  # the menu of the phone opens without script too
    click(page.get_by_role("link", name="シート", exact=True).locator("visible=true"))
    follow(page, "シートを取り込む")
    choose(page, file)
    press(page, "読み取る")
    heading(page, "読み取りの確認: 群馬県 館林市 令和6年度")
    press(page, "保存して確定に進む")
    press(page, "確定する")
    follow(page, "公開する章を選ぶ")
    page.get_by_label("特徴（強み）").check()
    page.get_by_label("基本情報").check()
    press(page, "選んだ章を公開する")
    assert "公開しました" in page.locator("main").inner_text()
    assert set(SheetSection.objects.filter(published_at__isnull=False).values_list("key", flat=True)) == {
        "basic_info",
        "strengths",
    }
    follow(page, "地域のページで")
    heading(page, "館林市")
    # what a visitor without script gets is the same page: the drawing is in it, and the table beside it
    public = Client().get(f"/regions/{CITY}/").content.decode()
    assert "<svg" in public
    assert "架空の強みの文" in public
    assert "架空の見込み" not in public
