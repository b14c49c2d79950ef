"""A sheet from last year's to the public page: carried over, written, sent back, decided, submitted, accepted, published."""

from __future__ import annotations

from pathlib import Path

import pytest

from nimo.community.sheets.choices import DocumentState, ExportFormat, StepKind
from nimo.community.sheets.formats.reader import read_file
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.sheets.rules.flow import Step
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.routes import set_route
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import TEXT
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.journeys.people import Official, official, sign_in
from tests.journeys.sheets import follow, heading, press
from tests.support.browser import DESKTOP, click
from tests.support.people import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "side"])]
TOWN, PREFECTURE = "10207", "10000"


def actor_of(who: Official):
    return actor_for_user(who.user, NOW)


def last_years(officer: Official) -> Sheet:
    """令和6年度, as it was taken in and confirmed."""
    actor = actor_of(officer)
    upload = upload_sheet(actor=actor, content=TEXT.encode(), name="令和6年度.txt")
    draft = read_upload(actor=actor, upload_id=upload.pk).drafts.get()
    return confirm_draft(actor=actor, draft_id=draft.pk, version=draft.version)


def route(manager: Official, prefecture: Official) -> None:
    town, body = actor_of(manager).organisation, actor_of(prefecture).organisation
    assert town is not None
    assert body is not None
    set_route(
        actor=actor_of(manager),
        organisation_id=town.organisation_id,
        name="通常の提出",
        steps=[
            Step(StepKind.DECIDE, "課長", town.organisation_id, town.organisation_name),
            Step(StepKind.RECEIVE, "障害福祉課", body.organisation_id, body.organisation_name),
        ],
    )


def fetched(page, name: str, folder: Path) -> Path:
    """The file behind a link, as the browser keeps it."""
    with page.expect_download() as waiting:
        click(page.locator("main").get_by_role("link", name=name).first)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_last_years_sheet_becomes_this_years_and_is_published(live_server, open_page, tmp_path):
    officer = official(Role.MUNICIPAL_OFFICER, TOWN, "shi", "市川 太郎（架空）")
    manager = official(Role.MUNICIPAL_MANAGER, TOWN, "kacho", "課長 次郎（架空）")
    prefecture = official(Role.PREFECTURE_OFFICER, PREFECTURE, "ken", "県山 花子（架空）")
    last_years(officer)
    route(manager, prefecture)
    desk, chief, office = (open_page(width=DESKTOP) for _ in range(3))
    for page, who in ((desk, officer), (chief, manager), (office, prefecture)):
        sign_in(page, live_server.url, who)

    # the officer begins with last year's sentences; no figure is copied
    desk.goto(f"{live_server.url}/sheets/documents/new/")
    desk.get_by_label("シートの年度").fill("令和7年度")
    press(desk, "作りはじめる")
    document = SheetDocument.objects.get()
    at = f"{live_server.url}/sheets/documents/{document.pk}/"
    assert desk.url == at
    desk.goto(f"{at}chapters/strengths/")
    assert desk.locator('[name="strengths"]').input_value() == "架空の強みの文"
    desk.locator('[name="strengths"]').fill("障がいのある人の家族会が、毎月集まっている。\n二つめの強み。")
    press(desk, "保存する")

    # carry-over: the result of the year is offered as this year's present value, and taken by a person
    desk.goto(f"{at}chapters/results/")
    desk.locator('[name="results.0.actual"]').fill("5回")
    desk.locator('[name="results.0.effect"]').fill("協議の場が根づいた")
    press(desk, "保存する")
    desk.goto(f"{at}carry/")
    click(desk.get_by_role("button", name="現状値に引き継ぐ").first)
    desk.get_by_text("引き継いだ").first.wait_for()
    desk.goto(f"{at}chapters/targets/")
    assert desk.locator('[name="targets.0.current"]').input_value() == "5回"

    # a draft as a file says on its pages that it is one
    desk.goto(at)
    draft = fetched(desk, "PDFで書き出す", tmp_path)
    assert draft.name.startswith("作成中_")

    # sent, sent back with a reason, mended, sent again
    send(desk, at)
    chief.goto(at)
    follow(chief, "差し戻す")
    chief.get_by_label("理由・添えることば").fill("強みの二つめを、くわしく書いてください。")
    press(chief, "差し戻す")
    desk.goto(at)
    assert "強みの二つめを、くわしく書いてください。" in desk.locator("main").inner_text()
    desk.goto(f"{at}chapters/strengths/")
    desk.locator('[name="strengths"]').fill(
        "障がいのある人の家族会が、毎月集まっている。\n病院との連絡票を、三年続けている。"
    )
    press(desk, "保存する")
    send(desk, at)

    # decided, submitted, accepted
    chief.goto(at)
    follow(chief, "決裁を記録する")
    chief.get_by_label("決裁日").fill("令和7年4月2日")
    chief.get_by_label("文書番号").fill("障第1号")
    press(chief, "決裁を記録する")
    desk.goto(at)
    follow(desk, "提出する")
    press(desk, "提出する")
    office.goto(at)
    follow(office, "受理する")
    press(office, "受理する")
    document.refresh_from_db()
    assert document.state == DocumentState.ACCEPTED

    # the files of the submission, the same for the town and the prefecture
    submission = SheetSubmission.objects.get()
    for page in (desk, office):
        page.goto(f"{live_server.url}/sheets/submissions/{submission.pk}/")
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    first = fetched(desk, ExportFormat.PPTX.label, mine)
    assert first.read_bytes() == fetched(office, ExportFormat.PPTX.label, theirs).read_bytes()
    (sheet,) = read_file(first, file_name=first.name).sheets
    assert sheet.strengths == "障がいのある人の家族会が、毎月集まっている。\n病院との連絡票を、三年続けている。"

    # published by the manager, read by everyone: one chapter, and no other
    chief.goto(f"{live_server.url}/sheets/{Sheet.objects.get(fiscal_year=2025).pk}/publish/")
    chief.get_by_label("特徴（強み）").check()
    press(chief, "選んだ章を公開する")
    visitor = open_page(width=DESKTOP)
    visitor.goto(f"{live_server.url}/regions/{TOWN}/sheets/2025/")
    heading(visitor, "自治体情報シート")
    assert "三年続けている" in visitor.locator("main").inner_text()
    public = fetched(visitor, ExportFormat.XLSX.label, tmp_path / "public")
    (seen,) = read_file(public, file_name=public.name).sheets
    assert seen.strengths == sheet.strengths
    assert not seen.results
    assert not seen.targets


def send(page, at: str) -> None:
    page.goto(at)
    follow(page, "確認・決裁に回す")
    press(page, "回す")
    page.get_by_text("回しました").first.wait_for()
