"""1 April: one action of the manager gives roles and owed work to the successor and ends the predecessor's sessions.

The clock stands where the test puts it, for the server and for the rows alike.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from nimo.community.sheets.models.imports import SheetUpload
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import TEXT
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.accounts.services.users import rename_user
from nimo.foundation.audit.models import Entry
from tests.journeys.people import official, sign_in
from tests.journeys.sheets import PREFECTURE, follow, heading, press
from tests.support.browser import DESKTOP, PHONE, click
from tests.support.people import user_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]

MARCH = datetime(2027, 3, 23, 1, 0, tzinfo=UTC)
LAST_EVENING = datetime(2027, 3, 31, 14, 50, tzinfo=UTC)  # 23:50 in Japan
FIRST_MORNING = datetime(2027, 3, 31, 15, 10, tzinfo=UTC)  # 0:10 on 1 April
FIRST_DAY = datetime(2027, 4, 1, 0, 30, tzinfo=UTC)  # 9:30


@pytest.fixture
def clock(monkeypatch):
    """Puts the clock of everything that asks Django for the time."""

    def at(moment: datetime) -> datetime:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    at(MARCH)
    return at


def take_in(user: User, text: str, name: str):
    actor = actor_for_user(user, timezone.now())
    return read_upload(actor=actor, upload_id=upload_sheet(actor=actor, content=text.encode(), name=name).pk)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_first_of_april(live_server, open_page, clock, width):
    manager = official(Role.PREFECTURE_MANAGER, PREFECTURE, "ken-sekinin", "県野 責子（架空）")
    predecessor = official(Role.PREFECTURE_OFFICER, PREFECTURE, "zennin", "前任 前子（架空）")
    successor = official(Role.HEALTH_CENTRE_OFFICER, PREFECTURE, "kounin", "後任 後子（架空）")
    colleague = user_of(Role.PREFECTURE_OFFICER, PREFECTURE)
    base = live_server.url

    # what the predecessor has in hand: a confirmed sheet, one that waits, one that could not be read
    older = TEXT.replace("(R6年度)", "(R7年度)").replace("(R5年度)", "(R6年度)")
    done = take_in(predecessor.user, TEXT, "館林 令和6.txt").drafts.get()
    old_sheet = confirm_draft(
        actor=actor_for_user(predecessor.user, timezone.now()), draft_id=done.pk, version=done.version
    )
    waiting = take_in(predecessor.user, older, "館林 令和7.txt").drafts.get()
    assert waiting.fiscal_year == 2025
    take_in(predecessor.user, "献立表\nごはん", "まちがい.txt")
    take_in(colleague, older.replace("館林市", "太田市"), "同僚の分.txt")

    # a week before: the manager looks at what would go over, and says yes once
    desk = open_page(width=width)
    sign_in(desk, base, manager)
    desk.goto(f"{base}/manage/users/{predecessor.user.pk}/hand-over/")
    assert desk.get_by_label("引き継ぎの日").input_value() == "2027-04-01", "the next 1 April is proposed"
    desk.get_by_label("後任").select_option(str(successor.user.pk))
    desk.get_by_label("理由").fill("4月1日付の人事異動")
    press(desk, "移るものを確かめる")
    desk.get_by_text("まだ何も移していません").wait_for()
    preview = desk.locator("main").inner_text()
    for words in ("都道府県 担当者", "確認を待つ自治体情報シート", "読めなかった自治体情報シート"):
        assert words in preview
    assert preview.count("1件") == 2, "the work of the predecessor, not of the colleague"
    press(desk, "この内容で引き継ぐ")
    desk.get_by_text("引き継ぎを登録しました").wait_for()

    # late on 31 March the predecessor still works
    clock(LAST_EVENING)
    late = open_page(width=width, allow=("403",))
    sign_in(late, base, predecessor)
    assert late.get_by_role("link", name="群馬県 館林市 令和7年度 の読み取りを確かめる").is_visible()

    # after midnight the role is gone at once, and after the nightly command so is the session
    clock(FIRST_MORNING)
    late.goto(f"{base}/sheets/")
    heading(late, "いま有効な所属がありません")
    assert "館林" not in late.locator("main").inner_text()
    call_command("users", "handover", "--due")
    late.goto(f"{base}/home/")
    heading(late, "ログイン")
    late.go_back()
    assert "館林" not in late.locator("main").inner_text()

    in_hand = dict(SheetUpload.objects.values_list("file__name", "in_charge__name"))
    assert in_hand["館林 令和7.txt"] == in_hand["まちがい.txt"] == "後任 後子（架空）"
    assert in_hand["同僚の分.txt"] == colleague.name
    assert set(SheetUpload.objects.values_list("uploaded_by_name", flat=True)) == {"前任 前子（架空）", colleague.name}

    # the successor finds the work on the first page, and the old names on the old records
    clock(FIRST_DAY)
    with_new_name = rename_user(
        actor=actor_for_user(manager.user, FIRST_DAY),
        user_id=predecessor.user.pk,
        version=User.objects.get(pk=predecessor.user.pk).version,
        name="改姓 前子（架空）",
        kana="",
        email="",
        reason="結婚による改姓",
    )
    assert with_new_name.name == "改姓 前子（架空）"
    morning = open_page(width=width)
    sign_in(morning, base, successor)
    home = morning.locator("main").inner_text()
    assert "読めなかったファイル: まちがい.txt" in home
    follow(morning, "群馬県 館林市 令和7年度 の読み取りを確かめる")
    heading(morning, "読み取りの確認: 群馬県 館林市 令和7年度")
    press(morning, "保存して確定に進む")
    press(morning, "確定する")
    heading(morning, "群馬県 館林市 令和7年度")
    assert "後任 後子（架空）" in morning.locator("main").inner_text()
    morning.goto(f"{base}/sheets/{old_sheet.pk}/")
    record = morning.locator("main").inner_text()
    assert "前任 前子（架空）" in record
    assert "改姓" not in record
    assert Sheet.objects.get(pk=old_sheet.pk).confirmed_by_name == "前任 前子（架空）"
    names = Entry.objects.filter(verb="sheets.confirm").order_by("id").values_list("actor_name", flat=True)
    assert list(names) == ["前任 前子（架空）", "後任 後子（架空）"]


def test_a_hand_over_of_today_ends_the_open_session_at_the_next_click(live_server, open_page):
    manager = official(Role.PREFECTURE_MANAGER, PREFECTURE, "ken-sekinin")
    predecessor = official(Role.PREFECTURE_OFFICER, PREFECTURE, "zennin", "前任 前子（架空）")
    successor = official(Role.HEALTH_CENTRE_OFFICER, PREFECTURE, "kounin", "後任 後子（架空）")
    base = live_server.url
    take_in(predecessor.user, TEXT, "館林.txt")
    working = open_page()
    sign_in(working, base, predecessor)

    desk = open_page()
    sign_in(desk, base, manager)
    desk.goto(f"{base}/manage/users/{predecessor.user.pk}/hand-over/")
    desk.get_by_label("後任").select_option(str(successor.user.pk))
    desk.get_by_label("引き継ぎの日").fill(timezone.localdate().isoformat())
    press(desk, "移るものを確かめる")
    desk.get_by_text("この操作は取り消せません").wait_for()
    press(desk, "この内容で引き継ぐ")
    desk.get_by_text("引き継ぎました。前任の方のログインは、すべて終わりました。").wait_for()

    click(working.get_by_role("link", name="シートを取り込む").first)
    heading(working, "ログイン")

    after = open_page()
    sign_in(after, base, successor)
    assert after.get_by_role("link", name="群馬県 館林市 令和6年度 の読み取りを確かめる").is_visible()
