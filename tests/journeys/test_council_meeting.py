"""A council's meeting: the minimum in one form; and from the plan over FAX slips and two writers to the public page."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from nimo.community.councils.choices.bodies import BodyAudience
from nimo.community.councils.choices.meetings import MeetingState
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.minutes import MinuteText
from nimo.community.councils.services.minutes import save_minute
from nimo.community.councils.tests.meeting_support import body_of, seat_five
from nimo.community.sheets.services.documents import start_document
from nimo.core.eras import to_wareki
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.journeys.people import official, sign_in
from tests.journeys.sheets import follow, heading, press
from tests.support.browser import assert_accessible, assert_reflows, click
from tests.support.people import user_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]

CITY = "10207"


def _council(page: Page, base: str) -> Body:
    who = official(Role.MUNICIPAL_OFFICER, CITY, "council")
    body = body_of(actor_for_user(who.user, timezone.now()), audience=BodyAudience.PUBLIC)
    seat_five(body)
    sign_in(page, base, who)
    return body


def _sound(page: Page) -> None:
    assert_accessible(page)
    assert_reflows(page)


def test_a_meeting_is_recorded_with_the_minimum_and_counted_once(open_page, live_server):
    page = open_page(allow=("status of 422",))
    body = _council(page, live_server.url)
    page.goto(live_server.url + reverse("councils:meeting_list", args=[body.pk]))
    follow(page, "開いた会議を記録する")
    page.get_by_label("開催日").fill(to_wareki(timezone.localdate()))
    page.get_by_label("保健", exact=True).fill("2")
    page.get_by_label("福祉", exact=True).fill("3")
    page.get_by_label("ひとことの要旨").fill("退院後の住まいについて意見交換した")
    _sound(page)
    press(page, "記録する")
    assert "合計 5人" in page.content()
    _sound(page)
    assert Meeting.objects.filter(body=body, state=MeetingState.HELD).count() == 1


def test_a_meeting_entered_raises_the_count_of_the_sheet_and_of_the_regions_page(open_page, live_server):
    page = open_page(allow=("status of 422",))
    base = live_server.url
    body = _council(page, base)
    officer = actor_for_user(User.objects.get(login_name="council"), timezone.now())
    assert officer.organisation is not None
    last = FiscalYear.of(timezone.localdate()).year - 1  # a year that is over, on whatever day this runs
    document = start_document(
        actor=officer,
        region_code=CITY,
        fiscal_year=last,
        organisation_id=officer.organisation.organisation_id,
    )
    chapter = base + reverse("sheets:document_chapter", args=[document.pk, "councils"])
    for number in (1, 2):
        page.goto(base + reverse("councils:meeting_record", args=[body.pk]))
        page.get_by_label("開催日").fill(to_wareki(date(last, 5 + number, 1)))
        page.get_by_label("福祉", exact=True).fill("3")
        page.get_by_label("ひとことの要旨").fill("住まいについて話し合った")
        press(page, "記録する")
        page.goto(chapter)
        press(page, "会議の記録を空いている欄に入れる")
        assert f"{number}回開催" in page.locator('[name="councils.0.frequency"]').input_value()
    _sound(page)
    click(page.locator("#at-councils\\.0\\.frequency").get_by_role("link", name="会議の記録"))
    expect(page.locator("tbody tr")).to_have_count(2)
    page.goto(f"{base}/regions/{CITY}/")
    _sound(page)
    click(page.locator("#region-councils").get_by_role("link", name="2回"))
    expect(page.locator("tbody tr")).to_have_count(2)
    _sound(page)


def test_from_the_plan_to_the_public_minutes_and_the_look_back(open_page, live_server):
    page = open_page(allow=("status of 422",))
    base = live_server.url
    body = _council(page, base)
    today = to_wareki(timezone.localdate())
    page.goto(base + reverse("councils:meeting_plan", args=[body.pk]))
    page.get_by_label("開催日").fill(today)
    press(page, "予定に入れる")
    follow(page, "議題を加える")
    page.locator("[name=title]").fill("退院後の住まい")
    page.get_by_label("公開", exact=True).check()
    press(page, "保存する")
    follow(page, "招集する")
    press(page, "招集を記録する")
    follow(page, "出欠の回答を入力する")
    page.locator("select[name^=reply_]").nth(0).select_option(label="出席")
    page.locator("select[name^=reply_]").nth(1).select_option(label="欠席")
    _sound(page)
    press(page, "保存する")
    follow(page, "開催を記録する")
    page.get_by_label("福祉", exact=True).fill("4")
    page.get_by_label("ひとことの要旨").fill("住まいについて話し合った")
    press(page, "記録する")
    follow(page, "退院後の住まい")
    follow(page, "記録を書く")
    meeting = Meeting.objects.get(body=body)
    item = meeting.items.get()
    colleague = actor_for_user(user_of(Role.MUNICIPAL_OFFICER, CITY), timezone.now())
    save_minute(actor=colleague, item_id=item.pk, version=0, text="同僚の記録")
    page.locator("[name=text]").fill("住宅部局と打ち合わせる。［構成員限り］ひみつ。［ここまで］")
    press(page, "保存する")
    assert "同僚の記録" in page.content()
    _sound(page)
    press(page, "保存する")
    assert MinuteText.objects.get(pk=item.pk).text.startswith("住宅部局と打ち合わせる")
    page.goto(base + reverse("councils:minutes_detail", args=[meeting.pk]))
    _sound(page)
    follow(page, "議事録を確定する")
    page.get_by_label("内容を確かめた人").fill("会長")
    press(page, "確定する")
    follow(page, "公開用を公開する")
    press(page, "公開する")
    follow(page, "公開しているページ")
    assert "住宅部局と打ち合わせる" in page.content()
    assert "ひみつ" not in page.content()
    _sound(page)
    page.goto(base + reverse("councils:year_detail", args=[body.pk, meeting.fiscal_year]))
    _sound(page)
    follow(page, "結論を記録する")
    page.get_by_label("継続する").check()
    page.get_by_label("理由").fill("役割がある")
    page.get_by_label("決めた日").fill(today)
    press(page, "記録する")
    heading(page, f"令和{meeting.fiscal_year - 2018}年度の計画とふりかえり：{body.name}")
    assert "結論を記録しました" in page.content()
