"""The screens: what each reader sees, and that nothing hidden is anywhere in a page or a file."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from nimo.community.indicators.models import Observation
from nimo.community.indicators.services.observations import correct_observation, withdraw_source
from nimo.community.indicators.services.publication import publish
from nimo.community.indicators.services.statistics import load_national_series, load_prefecture_beds
from nimo.community.indicators.tests.support import (
    GUNMA,
    MAEBASHI,
    OTA,
    SYSTEM,
    count,
    inpatients,
    record,
    sheet,
)
from nimo.foundation.access.permissions import Role
from tests.support.people import user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
POPULATION = count("population", 222_364, as_of="2024-05")
MARKER = "ひみつの印"


BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def public() -> Client:
    return Client()


def signed_in(role: Role, region_code: str) -> Client:
    client = Client()
    client.force_login(user_of(role, region_code), backend=BACKEND)
    return client


def text(response) -> str:
    return response.content.decode()


def test_indicator_list_finds_by_words_and_group(store):
    client = public()
    page = text(client.get(reverse("indicators:indicator_list")))
    assert "人口" in page
    assert "退院後1年以内の地域における平均生活日数" in page
    assert "公表統計を取り込む" not in page
    found = text(client.get(reverse("indicators:indicator_list"), {"q": "再入院率", "group": "outcome"}))
    assert "退院後90日時点の再入院率（30日以上の再入院）" in found
    assert "自立支援協議会の開催頻度" not in found
    assert "当てはまる指標がありません" in text(client.get(reverse("indicators:indicator_list"), {"q": "ないない"}))


def test_indicator_list_csv_holds_the_definitions(store):
    response = public().get(reverse("indicators:indicator_list_csv"), {"group": "activity"})
    assert response["Content-Type"].startswith("text/csv")
    assert text(response).startswith("\ufeff")
    assert len(text(response).splitlines()) == 13


def test_indicator_detail_shows_definition_values_targets_and_trend(store):
    load_prefecture_beds(actor=SYSTEM)
    load_national_series(actor=SYSTEM)
    client = public()
    page = text(client.get(reverse("indicators:indicator_detail", args=["psychiatric_beds"])))
    assert "291,008床" in page
    assert "4,953床" in page
    assert "順位を付けるための表ではありません" in page
    assert page.index("北海道") < page.index("沖縄県")
    long_stay = text(client.get(reverse("indicators:indicator_detail", args=["inpatients_over_1_year"])))
    assert "全国の推移" in long_stay
    assert "転記した資料で確認" in text(
        client.get(reverse("indicators:indicator_detail", args=["inpatients_over_1_year_65_and_over"]))
    )
    assert "約156,000人" in long_stay


def test_indicator_detail_is_404_for_an_unknown_code_and_calm_about_odd_addresses(store):
    client = public()
    assert client.get(reverse("indicators:indicator_detail", args=["happiness"])).status_code == 404
    page = client.get(reverse("indicators:indicator_detail", args=["population"]), {"year": "9999", "area": "xx"})
    assert page.status_code == 200
    assert "まだ値がありません" in text(page)


def test_indicator_values_csv_gives_bare_numbers_and_no_hidden_one(store):
    done = record([POPULATION, *inpatients(66, 4, 175, 109)])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    address = reverse("indicators:indicator_values_csv", args=["inpatients_3_to_12_months"])
    outside = text(public().get(address, {"year": "2023", "area": GUNMA}))
    assert "太田市" in outside
    assert ",4," not in outside
    own = text(signed_in(Role.MUNICIPAL_OFFICER, OTA).get(address, {"year": "2023", "area": GUNMA}))
    assert ",4," in own


def test_observation_detail_tells_where_a_figure_comes_from(store):
    record([count("population", 222_364, as_of="2024-05", raw="人口 222,364人", locator="スライド2 表1 3行2列")])
    row = Observation.objects.get()
    page = text(signed_in(Role.MUNICIPAL_OFFICER, OTA).get(reverse("indicators:observation_detail", args=[row.pk])))
    for words in (
        "この数値はどこから来たか",
        "スライド2 表1 3行2列",
        "人口 222,364人",
        "自治体情報シート（2024年度）",
        "試験",
        "公開前です",
    ):
        assert words in page


def test_observation_detail_is_404_until_it_is_published(store):
    done = record([POPULATION])
    row = Observation.objects.get()
    address = reverse("indicators:observation_detail", args=[row.pk])
    for client in (public(), signed_in(Role.MUNICIPAL_OFFICER, MAEBASHI), signed_in(Role.PEER_SUPPORTER, OTA)):
        assert client.get(address).status_code == 404
    publish(actor=SYSTEM, source_ids=[done.source_id])
    assert "222,364" in text(public().get(address))


def test_observation_detail_shows_what_was_replaced_to_those_inside_only(store):
    done = record([POPULATION])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    old = Observation.objects.get()
    new = correct_observation(
        actor=SYSTEM, observation_id=old.pk, draft=count("population", 222_384, as_of="2024-05"), reason="転記の誤り"
    )
    inside = signed_in(Role.MUNICIPAL_OFFICER, OTA)
    page = text(inside.get(reverse("indicators:observation_detail", args=[new])))
    assert "前の値: 222,364人" in page
    assert "転記の誤り" in page
    assert "新しい値に置き換えられています" in text(inside.get(reverse("indicators:observation_detail", args=[old.pk])))
    publish(actor=SYSTEM, source_ids=[done.source_id])
    outside = public()
    page = text(outside.get(reverse("indicators:observation_detail", args=[new])))
    assert "訂正・更新のあった値です" in page
    assert "222,364" not in page
    assert outside.get(reverse("indicators:observation_detail", args=[old.pk])).status_code == 404


def test_source_detail_lists_its_figures_and_offers_only_what_is_allowed(store):
    done = load_prefecture_beds(actor=SYSTEM)
    address = reverse("indicators:source_detail", args=[done.source_id])
    page = text(public().get(address))
    assert "精神保健福祉資料" in page
    assert "取込みを取り消す" not in page
    assert "取込みを取り消す" in text(signed_in(Role.SYSTEM_ADMINISTRATOR, GUNMA).get(address))
    ours = record([POPULATION])
    hidden = reverse("indicators:source_detail", args=[ours.source_id])
    assert public().get(hidden).status_code == 404
    page = text(signed_in(Role.MUNICIPAL_MANAGER, OTA).get(hidden))
    assert "シートの画面で行います" in page
    assert "この資料の値を公開する" not in page


def test_source_publish_source_unpublish_and_source_withdraw_answer_with_a_sentence(store):
    done = record([count("A01", 3, GUNMA, as_of="FY2024", basis="unspecified")], sheet(GUNMA, kind="report"))
    client = signed_in(Role.PREFECTURE_MANAGER, GUNMA)

    def post(name: str, data=None) -> str:
        return text(client.post(reverse(f"indicators:{name}", args=[done.source_id]), data or {}, follow=True))

    assert "1件の値を公開しました" in post("source_publish")
    assert "ありませんでした" in post("source_publish")
    assert "理由を書いてください" in post("source_unpublish")
    assert "1件の値の公開をやめました" in post("source_unpublish", {"reason": "確認のため"})
    assert "理由を書いてください" in post("source_withdraw")
    assert "1件の値を無効にしました" in post("source_withdraw", {"reason": "誤り"})
    assert "置き換えられています" in post("source_withdraw", {"reason": "誤り"})
    assert client.get(reverse("indicators:source_publish", args=[done.source_id])).status_code == 405


@pytest.mark.parametrize("name", ["source_publish", "source_unpublish", "source_withdraw"])
def test_a_sheets_figures_go_with_the_sheet_not_alone(store, name):
    done = record([POPULATION])
    client = signed_in(Role.PREFECTURE_MANAGER, GUNMA)
    address = reverse(f"indicators:{name}", args=[done.source_id])
    assert client.post(address, {"reason": "誤り"}).status_code == 404
    assert Observation.objects.live().get().published_at is None


@pytest.mark.parametrize("name", ["source_publish", "source_unpublish", "source_withdraw"])
def test_doors_are_closed_to_those_without_the_right(store, name):
    done = record([POPULATION])
    address = reverse(f"indicators:{name}", args=[done.source_id])
    assert public().post(address, {"reason": "x"}).status_code == 302
    assert signed_in(Role.ADVISER, OTA).post(address, {"reason": "x"}).status_code == 403
    outsider = signed_in(Role.PREFECTURE_MANAGER, "11000")
    assert outsider.post(address, {"reason": "x"}).status_code == 404


def test_nothing_hidden_or_unpublished_is_in_any_page_or_file_for_an_outsider(store):
    """A marker stands in every text a figure has; small counts are numbers that occur nowhere else."""
    words = {"raw": f"{MARKER}77701人", "note": MARKER}
    drafts = [POPULATION, *inpatients(66, 4, 175, 109, raw=f"{MARKER} 4人", note=MARKER)]
    done = record(drafts)
    publish(actor=SYSTEM, source_ids=[done.source_id])
    unpublished = record([count("health_centres", 77_701, as_of="2024-04", **words)], sheet(series="other"))
    hidden = set(Observation.objects.published().exclude(exposure="shown").values_list("pk", flat=True))
    assert hidden
    for client in (public(), signed_in(Role.MUNICIPAL_OFFICER, MAEBASHI), signed_in(Role.RESEARCHER, OTA)):
        addresses = [reverse("indicators:source_detail", args=[done.source_id])]
        addresses += [
            reverse("indicators:observation_detail", args=[pk])
            for pk in Observation.objects.values_list("pk", flat=True)
        ]
        addresses += [
            reverse(f"indicators:{name}", args=[code])
            for name in ("indicator_detail", "indicator_values_csv")
            for code in ("inpatients_3_to_12_months", "health_centres", "inpatients")
        ]
        for address in addresses:
            response = client.get(address, {"year": "2023", "area": GUNMA})
            page = text(response)
            assert "77,701" not in page, address
            assert "77701" not in page, address
            if response.status_code == 200:
                assert not re.search(r"(?<![0-9,])4人", page), address
                for pk in hidden:
                    if f"/observations/{pk}/" in address:
                        assert MARKER not in page
        assert client.get(reverse("indicators:source_detail", args=[unpublished.source_id])).status_code == 404


def test_an_undone_import_disappears_from_the_public_pages(store):
    done = record([POPULATION])
    publish(actor=SYSTEM, source_ids=[done.source_id])
    row = Observation.objects.get()
    withdraw_source(actor=SYSTEM, source_id=done.source_id, reason="誤り")
    assert public().get(reverse("indicators:observation_detail", args=[row.pk])).status_code == 404
    inside = text(signed_in(Role.MUNICIPAL_OFFICER, OTA).get(reverse("indicators:observation_detail", args=[row.pk])))
    assert "取込みの取り消しにより無効です" in inside


def test_the_command_does_what_the_screens_do(store):
    out = StringIO()
    call_command("indicators", "beds", stdout=out)
    call_command("indicators", "national", stdout=out)
    call_command("indicators", "dictionary", stdout=out)
    call_command("indicators", "list", stdout=out)
    assert "480件の値を記録しました" in out.getvalue()
    assert "すでに読み込まれています" in out.getvalue()
    assert "psychiatric_beds" in out.getvalue()


def test_the_command_refuses_a_wrong_file_with_a_sentence(store, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("都道府県コード\n")
    with pytest.raises(CommandError, match="見出し"):
        call_command("indicators", "beds", str(path))
    with pytest.raises(CommandError):
        call_command("indicators", "beds", str(tmp_path / "missing.csv"))
