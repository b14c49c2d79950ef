"""Sign in, second factor, import, review, confirm, publish: without a mouse."""

from __future__ import annotations

import pytest

from nimo.community.sheets.models.imports import SheetDraft
from nimo.community.sheets.models.sheets import SheetSection
from nimo.community.sheets.tests.support import TEXT
from nimo.foundation.access.permissions import Role
from tests.journeys.keyboard import enter, focus, seen, tab_to
from tests.journeys.people import PASSWORD, official, sign_in
from tests.journeys.sheets import PREFECTURE, heading
from tests.support.browser import DESKTOP, PHONE, click

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_sheet_is_taken_in_and_published_without_a_mouse(live_server, open_page, tmp_path, width):
    manager = official(Role.PREFECTURE_MANAGER, PREFECTURE, "ken-sekinin")
    file = tmp_path / "館林市.txt"
    file.write_text(TEXT, encoding="utf-8")
    page = open_page(width=width, allow=("422",))

    page.goto(f"{live_server.url}/accounts/login/")
    assert "利用者ID" in seen(page).name, "the first box has the focus"
    page.keyboard.type("ken-sekinin")
    page.keyboard.press("Tab")
    assert "パスワード" in seen(page).name
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "二段階認証")
    assert "コード" in seen(page).name
    page.keyboard.type(manager.next_code)
    page.keyboard.press("Enter")
    heading(page, "ホーム")

    # the skip link is the first stop and jumps over the menu
    page.keyboard.press("Tab")
    assert seen(page).name == "本文へ移る"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    enter(page, "シートを取り込む", limit=8)

    heading(page, "シートを取り込む")
    tab_to(page, "自治体情報シートのファイル")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(file)
    enter(page, "読み取る")

    # the long page of the review has a way past its boxes
    heading(page, "読み取りの確認")
    tab_to(page, "確定に進むボタンへ")
    page.keyboard.press("Enter")
    enter(page, "保存して確定に進む", limit=1)
    heading(page, "確定の前に")
    enter(page, "確定する")
    heading(page, "群馬県 館林市 令和6年度")

    # nothing chosen: the summary takes the focus, and its link leads to the first box
    enter(page, "公開する章を選ぶ")
    heading(page, "公開: 群馬県 館林市")
    enter(page, "選んだ章を公開する")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    tab_to(page, "章を一つ以上", limit=1)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.type") == "checkbox", focus(page)
    here = seen(page)
    while "特徴（強み）" not in here.name:
        page.keyboard.press("Tab")
        here = seen(page)
    page.keyboard.press("Space")
    enter(page, "選んだ章を公開する")
    assert "公開しました" in page.locator("main").inner_text()
    assert SheetSection.objects.get(published_at__isnull=False).key == "strengths"


def test_enter_in_any_box_of_the_review_saves_and_takes_no_row_away(live_server, open_page, tmp_path):
    """The first button of a form answers Enter; that must never be 「この行をなくす」."""
    manager = official(Role.PREFECTURE_MANAGER, PREFECTURE, "ken-sekinin")
    file = tmp_path / "館林市.txt"
    file.write_text(TEXT, encoding="utf-8")
    page = open_page()
    sign_in(page, live_server.url, manager)
    page.goto(f"{live_server.url}/sheets/new/")
    page.get_by_label("自治体情報シートのファイル").set_input_files(file)
    click(page.get_by_role("button", name="読み取る"))
    heading(page, "読み取りの確認")
    before = SheetDraft.objects.get().content
    for name in ("basic_info.population", "results.0.target"):
        page.locator(f'#review [name="{name}"]').press("Enter")
        page.get_by_text("保存しました。").wait_for()
    after = SheetDraft.objects.get()
    assert after.version == 3
    assert after.content == before
