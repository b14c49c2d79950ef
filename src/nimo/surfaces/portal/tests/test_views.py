"""Region pages through the client: what each reader sees, with a fixed number of queries."""

from __future__ import annotations

import pytest

from nimo.community.indicators.models import Observation
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.services.confirming import confirm_draft, undo_sheet
from nimo.community.sheets.services.publishing import publish_sections
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import CITY, TEXT
from nimo.foundation.access.permissions import Role
from tests.support.people import SYSTEM, actor_of, load_places, user_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    load_places()


def take_in(text: str = TEXT, name: str = "シート.txt", *, replace: bool = False) -> Sheet:
    upload = read_upload(actor=SYSTEM, upload_id=upload_sheet(actor=SYSTEM, content=text.encode(), name=name).pk)
    draft = upload.drafts.get()
    return confirm_draft(actor=SYSTEM, draft_id=draft.pk, version=draft.version, replace=replace)


def publish_all(sheet: Sheet) -> None:
    publish_sections(actor=SYSTEM, sheet_id=sheet.pk, keys=list(sheet.sections.values_list("key", flat=True)))


def test_region_detail_says_when_nothing_is_published(client):
    page = client.get(f"/regions/{CITY}/")
    assert page.status_code == 200
    assert "公開された内容はまだありません" in page.content.decode()


@pytest.mark.parametrize(
    "path", ["/regions/99999/", "/regions/x/", "/regions/10205/sheets/2024/", "/regions/99999/figures.csv"]
)
def test_answers_404_for_what_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_a_visitor_sees_nothing_of_a_sheet_until_it_is_published(client):
    sheet = take_in()
    for path in (f"/regions/{CITY}/", f"/regions/{CITY}/figures.csv", "/regions/", "/regions/?q=館林"):
        text = client.get(path).content.decode()
        assert "架空の強みの文" not in text
        assert "74,000" not in text
        assert "74000" not in text
    assert client.get(f"/regions/{CITY}/sheets/2024/").status_code == 404
    publish_all(sheet)
    assert "架空の強みの文" in client.get(f"/regions/{CITY}/").content.decode()
    assert "74,000" in client.get(f"/regions/{CITY}/").content.decode()
    assert client.get(f"/regions/{CITY}/sheets/2024/").status_code == 200
    assert "令和6年度" in client.get("/regions/").content.decode()


def test_only_the_published_chapters_appear(client):
    sheet = take_in()
    publish_sections(actor=SYSTEM, sheet_id=sheet.pk, keys=["targets"])
    text = client.get(f"/regions/{CITY}/").content.decode()
    assert "架空の見込み" in text
    assert "架空の強みの文" not in text
    assert "74,000" not in text


def test_an_undone_sheet_disappears_from_the_public_pages(client):
    sheet = take_in()
    publish_all(sheet)
    undo_sheet(actor=SYSTEM, sheet_id=sheet.pk, reason="試験")
    text = client.get(f"/regions/{CITY}/").content.decode()
    assert "架空の強みの文" not in text
    assert "74,000" not in text


def test_small_counts_are_hidden_from_visitors_and_shown_to_the_city(client):
    text = (
        TEXT.replace("3か月以上1年未満 (%：構成割合)\t10人 7.7%", "3か月以上1年未満 (%：構成割合)\t4人 3.2%")
        .replace("合計\t130人", "合計\t124人")
        .replace("20人 15.4%", "20人 16.1%")
        .replace("100人 76.9%", "100人 80.6%")
    )
    publish_all(take_in(text))
    row = Observation.objects.get(indicator_id="inpatients_3_to_12_months", region_id=CITY)
    assert row.value == 4
    csv = client.get(f"/regions/{CITY}/figures.csv").content.decode("utf-8-sig")
    line = next(line for line in csv.splitlines() if "3か月以上1年未満" in line)
    assert '"4"' not in line
    assert ",4," not in line
    shown = [next(part for part in csv.splitlines() if name in part) for name in ("3か月未満", "1年以上長期入院患者数")]
    assert any("20" not in part.split(",")[1] or "100" not in part.split(",")[1] for part in shown), (
        "with the total shown, one more part is hidden, else the small one follows by subtraction"
    )
    client.force_login(
        user_of(Role.MUNICIPAL_OFFICER, CITY), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    own = client.get(f"/regions/{CITY}/figures.csv").content.decode("utf-8-sig")
    assert ",4," in next(line for line in own.splitlines() if "3か月以上1年未満" in line)


def test_an_official_sees_the_unpublished_chapters_marked(client):
    take_in()
    client.force_login(
        user_of(Role.MUNICIPAL_OFFICER, CITY), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    text = client.get(f"/regions/{CITY}/").content.decode()
    assert "架空の強みの文" in text
    assert "公開前" in text
    assert "次にすること" in text


def test_every_figure_of_the_page_opens_its_record(client):
    publish_all(take_in())
    text = client.get(f"/regions/{CITY}/").content.decode()
    row = Observation.objects.get(indicator_id="population", region_id=CITY)
    assert f"/indicators/observations/{row.pk}/" in text
    record = client.get(f"/indicators/observations/{row.pk}/").content.decode()
    assert row.locator in record


def test_the_nation_shows_prefectures_by_code_and_no_rank(client):
    page = client.get("/regions/")
    text = page.content.decode()
    assert text.index("北海道") < text.index("沖縄県")
    assert "位" not in text.split("順位を付けるための表ではありません")[1][:5]


def test_region_list_finds_a_municipality_by_reading_and_code(client):
    for wanted in ("たてばやし", "館林", "10207"):
        assert f"/regions/{CITY}/" in client.get("/regions/", {"q": wanted}).content.decode()
    assert "検査数字" in client.get("/regions/", {"q": "102079"}).content.decode()


def test_region_detail_asks_a_constant_number_of_questions(client):
    publish_all(take_in())

    def grow() -> None:
        for year in range(3):
            other = TEXT.replace("(R6年度)", f"(R{3 + year}年度)").replace("(R5年度)", f"(R{2 + year}年度)")
            other = other.replace("令和6年", f"令和{3 + year}年").replace("令和5年", f"令和{2 + year}年")
            publish_all(take_in(other, replace=True))

    assert_constant_queries(lambda: client.get(f"/regions/{CITY}/"), grow)


def test_other_prefectures_read_only_what_is_public(client):
    take_in()
    client.force_login(
        user_of(Role.PREFECTURE_OFFICER, "11000"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert "架空の強みの文" not in client.get(f"/regions/{CITY}/").content.decode()
    assert actor_of(Role.PREFECTURE_OFFICER, "11000").grants
