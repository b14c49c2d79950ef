"""What is counted from sheets, from the confirmation to the figure on the screens and the records behind it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nimo.community.indicators.models import Observation, StaleMark
from nimo.community.indicators.queries.dictionary import get_indicator
from nimo.community.indicators.queries.recount import discover, measure_of, records_behind
from nimo.community.indicators.rules.recount import indicator_code
from nimo.community.indicators.services.recount import mark_all, next_marks, recount
from nimo.community.sheets.measures import councils_named
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.services.confirming import confirm_draft, undo_sheet
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import CITY, TEXT
from nimo.core.measures import all_measures
from nimo.foundation.access.permissions import Role
from nimo.foundation.regions.choices import MUNICIPALITY_KINDS
from nimo.foundation.regions.models import Region
from tests.support.people import SYSTEM, actor_of, load_places, user_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
GUNMA, YEAR = "10000", 2024


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    load_places()


def confirmed(text: str = TEXT) -> Sheet:
    upload = upload_sheet(actor=SYSTEM, content=text.encode(), name="架空.txt")
    draft = read_upload(actor=SYSTEM, upload_id=upload.pk).drafts.get()
    return confirm_draft(actor=SYSTEM, draft_id=draft.pk, version=draft.version)


def counted() -> None:
    recount(actor=SYSTEM, marks=next_marks(actor=SYSTEM, region_code=None, after=0))


def figure(code: str, region: str = GUNMA) -> Observation | None:
    return Observation.objects.live().filter(indicator_id=code, region_id=region, fiscal_year=YEAR).first()


def test_every_measure_has_its_entry_in_the_dictionary_with_the_same_unit():
    discover()
    ours = [one for one in all_measures() if one.code.startswith("sheets.")]
    assert len(ours) == 3
    for one in ours:
        entry = get_indicator(indicator_code(one.code))
        assert (entry.unit, entry.bases, entry.group) == (one.unit, one.basis, "counted")
        assert measure_of(entry.code) is one
        assert one.can_open


def test_a_confirmation_leaves_marks_and_the_recount_figures():
    confirmed()
    assert set(StaleMark.objects.values_list("region_id", "fact")) == {(CITY, "sheets.sheet"), (GUNMA, "sheets.sheet")}
    counted()
    assert figure("sheets_confirmed", CITY).value == 1
    assert figure("sheets_confirmed").value == 1
    share = figure("sheets_municipality_share")
    municipalities = Region.objects.filter(prefecture_id=GUNMA, kind__in=MUNICIPALITY_KINDS).count()
    assert (share.numerator, share.denominator) == (1, municipalities)
    assert figure("sheets_municipality_share", CITY) is None


def test_an_undone_sheet_is_no_longer_counted():
    sheet = confirmed()
    counted()
    undo_sheet(actor=SYSTEM, sheet_id=sheet.pk, reason="試験")
    counted()
    assert figure("sheets_confirmed", CITY).value == 0
    assert figure("sheets_confirmed").value == 0


def test_councils_are_counted_by_name_and_a_sheet_without_the_chapter_is_no_zero():
    sheet = confirmed()
    assert councils_named(CITY, YEAR).value is None
    rows = [{"name": "館林市精神保健連絡会"}, {"name": "館林市精神保健連絡会"}, {"name": "館林圏域部会"}, {"name": ""}]
    SheetSection.objects.create(sheet=sheet, key="councils", content=rows)
    assert councils_named(CITY, YEAR).value == 2


def test_the_table_at_once_counts_as_one_by_one():
    confirmed()
    measure = measure_of("sheets_confirmed")
    keys = [(code, year) for code in (CITY, "10205") for year in (2023, 2024)]
    assert measure.count_many(keys) == {key: measure.count(*key) for key in keys}


def test_counting_many_regions_asks_as_often_as_counting_few():
    codes = list(Region.objects.filter(prefecture_id=GUNMA, kind__in=["city", "town"]).values_list("pk", flat=True))
    measure = measure_of("sheets_confirmed")
    few, many = [(code, YEAR) for code in codes[:2]], [(code, YEAR) for code in codes]
    keys = [few]
    assert_constant_queries(lambda: measure.count_many(keys[-1]), lambda: keys.append(many))
    mark_all(actor=SYSTEM, region_codes=codes, from_year=YEAR, to_year=YEAR)
    assert StaleMark.objects.count() == len(codes) * len(all_measures())


def test_the_records_are_the_sheets_and_a_reader_without_them_is_told_that_there_are_some():
    sheet = confirmed()
    counted()
    number = figure("sheets_confirmed").pk
    officer = records_behind(actor_of(Role.PREFECTURE_OFFICER, GUNMA), number)
    assert [one.path for one in officer.records] == [reverse("sheets:sheet_detail", args=[sheet.pk])]
    administrator = records_behind(actor_of(Role.SYSTEM_ADMINISTRATOR, GUNMA), number)
    assert (list(administrator.records), administrator.others) == ([], 1)


class TestScreens:
    def client(self, role: Role, region: str = CITY) -> Client:
        client = Client()
        client.force_login(user_of(role, region), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def test_shows_what_waits_and_counts_it_at_the_press_of_a_button(self, django_capture_on_commit_callbacks):
        confirmed()
        client = self.client(Role.MUNICIPAL_OFFICER)
        page = client.get(reverse("indicators:recount_list")).content.decode()
        assert "自治体情報シート" in page
        assert "館林市" in page
        assert "群馬県" not in page.split("<main")[1].split("</main")[0].replace("群馬県庁", "")
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("indicators:recount_start"))
        assert "/jobs/" in answer["Location"]
        assert "3件の値を数え直し" in client.get(answer["Location"]).content.decode()
        assert figure("sheets_confirmed", CITY).value == 1
        assert StaleMark.objects.values_list("region_id", flat=True).get() == GUNMA  # out of the city's reach

    def test_the_figure_opens_its_records_and_says_when_it_waits(self):
        confirmed()
        counted()
        client, number = self.client(Role.MUNICIPAL_OFFICER), figure("sheets_confirmed", CITY).pk
        page = client.get(reverse("indicators:observation_detail", args=[number])).content.decode()
        assert "この数の記録を見る" in page
        assert "数え直し待ち" not in page
        assert (
            "館林市 令和6年度" in client.get(reverse("indicators:observation_records", args=[number])).content.decode()
        )
        confirmed(TEXT.replace("R6年度", "R5年度").replace("(R5年度)\t目標値", "(R4年度)\t目標値"))
        undo_sheet(actor=SYSTEM, sheet_id=Sheet.objects.get(fiscal_year=YEAR, state="current").pk, reason="試験")
        page = client.get(reverse("indicators:observation_detail", args=[number])).content.decode()
        assert "数え直し待ち" in page
        region = client.get(f"/regions/{CITY}/").content.decode()
        assert "数え直し待ち" in region

    def test_a_reader_sees_what_waits_but_no_button(self):
        confirmed()
        page = self.client(Role.ADVISER, GUNMA).get(reverse("indicators:recount_list")).content.decode()
        assert "館林市" in page
        assert "recount/start" not in page

    def test_the_full_recount_reads_japanese_years_and_refuses_nonsense(self):
        client = self.client(Role.MUNICIPAL_OFFICER)
        sent = {"from_year": "R6", "to_year": "令和6年度"}
        assert "/jobs/" in client.post(reverse("indicators:recount_everything"), sent)["Location"]
        for wrong in ({"from_year": "R6", "to_year": "いつか"}, {"from_year": "R6", "to_year": "R5"}):
            page = client.post(reverse("indicators:recount_everything"), wrong, follow=True).content.decode()
            assert "何も始めていません" in page
