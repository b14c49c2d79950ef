"""What a refused file looks like on the screen of the person who chose it."""

from __future__ import annotations

import pytest

from nimo.community.sheets.models.imports import SheetUpload
from nimo.community.sheets.tests.builders import hostile
from nimo.foundation.access.permissions import Role
from tests.journeys.people import official, sign_in
from tests.journeys.sheets import PREFECTURE, choose, drop, follow, heading, press
from tests.support.browser import DESKTOP, PHONE, assert_accessible, assert_reflows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_locked_file_and_one_over_the_limit_are_refused_in_sight_and_the_next_try_is_one_click_away(
    live_server, open_page, tmp_path, settings, width
):
    settings.NIMO_UPLOAD_LIMIT_BYTES = 1024 * 1024
    officer = official(Role.PREFECTURE_OFFICER, PREFECTURE, "ken")
    locked, large = tmp_path / "群馬県.pptx", tmp_path / "写真の多いシート.pptx"
    locked.write_bytes(hostile.locked_office_file())
    large.write_bytes(b"x" * (3 * 1024 * 1024))
    page = open_page(width=width, allow=("422",))
    sign_in(page, live_server.url, officer)

    page.goto(f"{live_server.url}/sheets/new/")
    choose(page, locked)
    press(page, "読み取る")
    heading(page, "取り込んだファイル")
    banner = page.locator(".banner").filter(has_text="このファイルは読めませんでした")
    assert "パスワードを外して" in banner.inner_text()
    assert "失われていません" in banner.inner_text()
    assert banner.evaluate("e => e.getBoundingClientRect().top < innerHeight")
    assert_accessible(page)
    assert_reflows(page)

    follow(page, "別のファイルを取り込む")
    drop(page, large)
    press(page, "読み取る")
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert", "the summary has the focus"
    told = page.locator("main").inner_text()
    assert "1 MB を超える" in told
    assert "何も保存していません" in told
    assert "ファイルを選んでください" not in told, "one was chosen: the sentence of an empty form would mislead"
    assert_accessible(page)
    assert_reflows(page)
    assert SheetUpload.objects.count() == 1

    # the first page keeps the failed file in sight, with its reason one click away
    page.goto(f"{live_server.url}/home/")
    follow(page, "読めなかったファイル: 群馬県.pptx")
    page.get_by_text("パスワードを外して").wait_for()
