"""A questionnaire before a meeting: built at a desk, answered on a telephone, typed from paper, read as figures."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from nimo.foundation.access.permissions import Role
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.models.rounds import Round
from nimo.foundation.questionnaires.queries.rounds import letters_of
from tests.journeys.people import official, sign_in
from tests.journeys.sheets import CITY, follow, heading, press
from tests.support.browser import PHONE, assert_accessible, assert_reflows, click, small_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]


def sound(page: Page, *, phone: bool = False) -> None:
    assert_accessible(page)
    assert_reflows(page)
    if phone:
        assert not small_targets(page)


def add_question(page: Page, text: str, kind: str) -> None:
    page.get_by_label("質問の文").fill(text)
    page.get_by_label(kind, exact=True).check()
    press(page, "足して、くわしく決める")
    heading(page, "質問を直す")


def build(page: Page, base: str) -> None:
    page.goto(f"{base}/questionnaires/")
    follow(page, "様式を作る")
    page.get_by_label("題名").fill("架空の事前アンケート")
    press(page, "作って、質問に進む")
    follow(page, "まとまりを足す")
    page.get_by_label("見出し").fill("基礎《きそ》データ")
    press(page, "足して、質問に進む")
    add_question(page, "連携はできていますか", "一つ選ぶ")
    page.get_by_label("選択肢").fill("できている\nできていない")
    page.get_by_label("必ず答えてもらう").check()
    sound(page)
    press(page, "保存して、次の質問を足す")
    add_question(page, "できていない理由", "長い文")
    page.get_by_label("条件1", exact=True).select_option(label="問1 が「できていない」")
    press(page, "保存して、次の質問を足す")
    add_question(page, "支援している人の数", "数")
    page.get_by_label("単位").fill("人")
    press(page, "保存する")
    sound(page)
    click(page.locator("#q4").get_by_role("button", name="上へ"))
    assert page.locator("#q4").inner_text().find("問2") >= 0
    click(page.locator("#q4").get_by_role("button", name="下へ"))
    follow(page, "確かめて、使い始める")
    press(page, "使い始める")


def hand_out(page: Page) -> Round:
    follow(page, "回を作って配る")
    page.get_by_label("回の名前").fill("架空の第1回")
    page.get_by_label("ログインしなくても").check()
    page.get_by_label("問い合わせ先").fill("架空市 障害福祉課")
    sound(page)
    press(page, "用意して、相手を選ぶ")
    page.get_by_role("textbox", name="このシステムを使わない相手").fill("架空自治会 御中\n紙の相手 御中")
    press(page, "足す")
    press(page, "受付を始める")
    heading(page, "架空の第1回")
    return Round.objects.get()


def answer_on_a_telephone(page: Page, base: str, code: str) -> None:
    page.goto(f"{base}/questionnaires/answer/")
    page.get_by_label("案内文にあるコード").fill(code.lower())
    press(page, "進む")
    heading(page, "架空の第1回")
    assert code not in page.url
    assert code not in page.content()
    sound(page, phone=True)
    follow(page, "やさしい日本語・ふりがなで答える")
    follow(page, "答えはじめる")
    expect(page.locator("ruby")).to_have_count(1)
    page.get_by_label("できていない", exact=True).check()
    press(page, "次へ")
    page.get_by_label(re.compile("できていない理由")).fill("𠮷田さんの家が遠い😀")
    page.get_by_label(re.compile("支援している人の数")).fill("多い")
    press(page, "次へ")
    assert "数字で入力してください" in page.locator("main").inner_text()
    sound(page, phone=True)
    page.get_by_label(re.compile("支援している人の数")).fill("１２人")
    press(page, "次へ")
    heading(page, "確かめて出す")
    sound(page, phone=True)
    press(page, "出す")
    heading(page, "回答を受け付けました")


def test_a_questionnaire_is_built_answered_on_a_telephone_entered_from_paper_and_read(live_server, open_page):
    officer = official(Role.MUNICIPAL_OFFICER, CITY, "shi-tanto")
    desk = open_page()
    sign_in(desk, live_server.url, officer)
    build(desk, live_server.url)
    round_ = hand_out(desk)
    code = next(one.code for one in letters_of(round_, path="") if one.name == "架空自治会 御中")

    phone = open_page(width=PHONE, javascript=True, allow=("status of 422", "status of 410"))
    answer_on_a_telephone(phone, live_server.url, code)

    desk.reload()
    row = desk.get_by_role("row").filter(has_text="紙の相手")
    click(row.get_by_role("link", name="相手ごとの操作"))
    sound(desk)
    desk.get_by_label("できている", exact=True).check()
    desk.get_by_label(re.compile("支援している人の数")).fill("3")
    press(desk, "回答として確定する")
    heading(desk, "架空の第1回")
    assert "未回答 0" in desk.locator("main").inner_text()
    follow(desk, "途中の集計を見る")
    told = desk.locator("main").inner_text()
    assert "回答率 100.0％" in told
    assert "合計 15人" in told
    assert "𠮷田" not in told
    sound(desk)
    follow(desk, "自由記述を読む")
    assert "𠮷田さんの家が遠い😀" in desk.locator("main").inner_text()
    assert Answer.objects.filter(filled=True).count() == 2


def test_a_link_is_answered_without_script_and_then_says_that_it_was_used(live_server, open_page):
    officer = official(Role.MUNICIPAL_OFFICER, CITY, "shi-tanto")
    desk = open_page(javascript=False)
    sign_in(desk, live_server.url, officer)
    build_without_looking(desk, live_server.url)
    round_ = hand_out_without_looking(desk)
    code = letters_of(round_, path="")[0].code
    phone = open_page(width=PHONE, javascript=False, allow=("status of 410",))
    phone.goto(f"{live_server.url}/questionnaires/a/{code}/")
    follow(phone, "答えはじめる")
    phone.get_by_label("できている", exact=True).check()
    press(phone, "途中で保存する")
    assert "保存しました" in phone.locator("main").inner_text()
    press(phone, "次へ")
    press(phone, "出す")
    heading(phone, "回答を受け付けました")
    again = open_page(width=PHONE, allow=("status of 410",))
    again.goto(f"{live_server.url}/questionnaires/a/{code}/")
    follow(again, "答えを直す")
    assert again.get_by_label("できている", exact=True).is_checked()


def build_without_looking(page: Page, base: str) -> None:
    page.goto(f"{base}/questionnaires/new/")
    page.get_by_label("題名").fill("架空の調査")
    press(page, "作って、質問に進む")
    follow(page, "まとまりを足す")
    page.get_by_label("見出し").fill("はじめに")
    press(page, "足して、質問に進む")
    add_question(page, "連携はできていますか", "一つ選ぶ")
    page.get_by_label("選択肢").fill("できている\nできていない")
    press(page, "保存する")
    follow(page, "確かめて、使い始める")
    press(page, "使い始める")


def hand_out_without_looking(page: Page) -> Round:
    follow(page, "回を作って配る")
    page.get_by_label("ログインしなくても").check()
    press(page, "用意して、相手を選ぶ")
    page.get_by_role("textbox", name="このシステムを使わない相手").fill("架空の相手")
    press(page, "足す")
    press(page, "受付を始める")
    return Round.objects.get()
