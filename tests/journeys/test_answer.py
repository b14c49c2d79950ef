"""An official finds the long-stay number of a city, compares it and prints the sheet for the assembly, with the next answer behind it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pdfplumber
import pytest

from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.foundation.access.permissions import Role
from nimo.surfaces.demo.services.world import DATA
from tests.journeys.people import official, sign_in
from tests.journeys.sheets import CITY, follow, heading, press
from tests.support.browser import assert_accessible, assert_reflows, click
from tests.support.people import SYSTEM

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]
NAME = "1年以上長期入院患者数"


def _sheets() -> None:
    upload = upload_sheet(actor=SYSTEM, content=(DATA / "gunma-ota-r6.txt").read_bytes(), name="架空.txt")
    for draft in read_upload(actor=SYSTEM, upload_id=upload.pk).drafts.order_by("position"):
        confirm_draft(actor=SYSTEM, draft_id=draft.pk, version=draft.version)


def _print(page, path: str) -> str:
    answer = page.context.request.get(path)
    assert answer.status == 200
    with pdfplumber.open(io.BytesIO(answer.body())) as pdf:
        assert len(pdf.pages) == 1
        return (pdf.pages[0].extract_text() or "").replace(" ", "").replace("\n", "")


def test_an_official_prints_the_long_stay_number_for_the_assembly(live_server, open_page, tmp_path: Path):
    _sheets()
    page = open_page()
    sign_in(page, live_server.url, official(Role.MUNICIPAL_OFFICER, CITY, "shi"))
    page.goto(f"{live_server.url}/regions/{CITY}/")
    heading(page, "太田市")
    click(page.get_by_role("link", name=re.compile(f"年ごと・ほかの地域と比べる.*（{NAME}）")).first)
    heading(page, "太田市の指標をくらべる")
    page.get_by_text(f"太田市の{NAME}は、令和5年6月30日（2023年）時点で284人です。").wait_for()
    assert_accessible(page)
    assert_reflows(page)
    click(page.get_by_role("link", name=re.compile(f"元の記録を見る.*（{NAME}）")))
    follow(page, "答弁用の1枚")
    heading(page, "答弁用の1枚を作る")
    assert_accessible(page)
    assert page.get_by_label(NAME, exact=False).first.is_checked()
    press(page, "数値を入れて書き始める")
    heading(page, f"書く: 太田市の{NAME}")
    page.get_by_label("会議の名称").fill("令和8年第4回定例会")
    page.get_by_label("質問の日").fill("令和8年11月20日")
    page.get_by_label("答弁する職").fill("福祉部長")
    page.get_by_label("質問", exact=True).fill("1年以上入院している方は何人か。")
    page.get_by_label("答弁", exact=True).fill("架空の答弁です。𠮷野地区で住まいを確保しています。")
    assert_accessible(page)
    press(page, "保存して1枚を見る")
    heading(page, f"太田市の{NAME}")
    assert_accessible(page)
    assert_reflows(page)
    draft = page.get_by_role("link", name="A4の紙にする（PDF）").get_attribute("href")
    said = _print(page, live_server.url + draft)
    for part in (
        "案",
        "284人",
        "令和5年6月30日",
        "自治体情報シート",
        "𠮷野地区",
        "福祉部長",
        "0という意味ではありません",
    ):
        assert part in said
    press(page, "確定する")
    page.get_by_text("確定しました").wait_for()
    kept = page.get_by_role("link", name="確定した紙を受け取る（PDF）").get_attribute("href")
    assert not _print(page, live_server.url + kept).startswith("案")

    page.goto(f"{live_server.url}/regions/{CITY}/")
    follow(page, "答弁用の1枚")
    page.get_by_label(NAME, exact=False).first.check()
    press(page, "数値を入れて書き始める")
    assert "𠮷野地区で住まいを確保しています" in page.locator("#previous").inner_text()
