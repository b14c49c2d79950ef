"""Every screen of accounts: who may open it, what it says, what a refusal looks like."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import CodeCard, HandOver, Membership, Organisation, User
from nimo.foundation.accounts.queries.second_factors import second_factor_of
from nimo.foundation.accounts.services.hand_overs import hand_over
from nimo.foundation.accounts.tests.test_second_factors import totp
from nimo.foundation.accounts.tests.world import LONG_AGO, PASSWORD, acting, person, said, signed_in, text_of
from nimo.foundation.accounts.urls import _accounts
from nimo.foundation.accounts.views.own_factor import PENDING_TOTP
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])

OWN = {
    "own_account", "own_name", "own_password", "own_sessions_end", "own_organisation", "second_factor_set_up",
    "code_card", "code_card_activate", "totp_set_up", "totp_picture", "totp_remove",
}  # fmt: skip
USERS = {
    "user_list", "user_detail", "user_invite", "user_link", "user_rename", "user_suspend", "user_restore",
    "user_sessions_end", "user_second_factor_reset", "membership_add", "membership_end",
    "organisation_list", "organisation_detail",
}  # fmt: skip
ORGANISATIONS = {"organisation_create", "organisation_rename", "organisation_correct", "organisation_end"}
HAND_OVERS = {"hand_over_list", "hand_over_new", "hand_over_detail", "hand_over_cancel"}
PUBLIC = {"second_factor", "switch", "invitation", "invitation_link", "no_membership"}
POST_ONLY = {
    "own_sessions_end", "own_organisation", "user_link", "user_suspend", "user_restore", "user_sessions_end",
    "user_second_factor_reset", "hand_over_cancel",
}  # fmt: skip


def address(world, name: str) -> str:
    """The page's address for somebody of the town."""
    for keywords in (
        {},
        {"user_id": world.clerk.pk},
        {"membership_id": Membership.objects.get(user=world.clerk).pk},
        {"organisation_id": world.hall.pk},
        {"hand_over_id": planned(world).pk} if name.startswith("hand_over_") else {"code": "ABC"},
    ):
        try:
            return reverse(f"accounts:{name}", kwargs=keywords)
        except Exception:
            continue
    raise AssertionError(name)


def planned(world) -> HandOver:
    found = HandOver.objects.first()
    if found:
        return found
    successor = person("successor", (Role.HOSPITAL_WORKER, world.hospital), name="後任 九子")
    return hand_over(
        actor=acting(world.town_manager, timezone.now()),
        predecessor_id=world.clerk.pk,
        successor_id=successor.pk,
        effective_on=timezone.localdate() + timedelta(days=40),
    )


def test_every_page_is_in_these_tests():
    assert {entry.name for entry in _accounts} == OWN | USERS | ORGANISATIONS | HAND_OVERS | PUBLIC | {"access_matrix"}


@pytest.mark.parametrize("name", sorted(OWN | USERS | ORGANISATIONS | HAND_OVERS | {"access_matrix"}))
def test_a_visitor_is_sent_to_the_sign_in_page(world, client, name):
    answer = client.get(address(world, name))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(USERS | ORGANISATIONS | HAND_OVERS | {"access_matrix"}))
def test_a_clerk_may_not_open_what_managers_do(world, name):
    assert signed_in(world.clerk).post(address(world, name)).status_code == 403


@pytest.mark.parametrize(
    "name", sorted((OWN | USERS | HAND_OVERS | {"access_matrix"}) - POST_ONLY - {"code_card_activate"})
)
def test_a_manager_of_the_town_opens_the_pages_of_the_town(world, name):
    answer = signed_in(world.town_manager).get(address(world, name))
    assert answer.status_code == 200
    assert "csrfmiddlewaretoken" in text_of(answer) or name in {"access_matrix", "totp_picture"}


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_what_changes_something_is_not_done_by_opening_an_address(world, name):
    assert signed_in(world.town_manager).get(address(world, name)).status_code == 405


@pytest.mark.parametrize(
    "name",
    [
        "user_detail", "user_rename", "membership_add", "hand_over_new",
    ],
)  # fmt: skip
def test_people_of_another_town_are_not_found(world, name):
    answer = signed_in(world.town_manager).get(reverse(f"accounts:{name}", args=[world.village_clerk.pk]))
    assert answer.status_code == 404


def test_an_organisation_of_another_town_is_not_found(world):
    url = reverse("accounts:organisation_detail", args=[world.other_hall.pk])
    assert signed_in(world.town_manager).get(url).status_code == 404


def test_user_list_shows_who_works_here_and_how_they_stand(world):
    page = text_of(signed_in(world.town_manager).get(reverse("accounts:user_list")))
    assert "町担 五郎" in page
    assert "病院 七子" in page
    assert "村担 六子" not in page


def test_user_list_finds_by_name_without_the_name_in_the_address(world):
    client = signed_in(world.town_manager)
    answer = client.post(reverse("accounts:user_list"), {"text": "五郎"})
    assert "町担 五郎" in text_of(answer)
    assert "病院 七子" not in text_of(answer)
    assert answer.request["QUERY_STRING"] == ""


def test_user_list_costs_the_same_for_many_people(world):
    def more() -> None:
        for _ in range(5):
            person(f"more{User.objects.count()}", (Role.MUNICIPAL_OFFICER, world.hall))

    client = signed_in(world.town_manager)
    assert_constant_queries(lambda: client.get(reverse("accounts:user_list")), more)


def test_organisation_list_costs_the_same_for_many_organisations(world):
    def more() -> None:
        for _ in range(5):
            Organisation.objects.create(kind="clinic", name=f"診療所{Organisation.objects.count()}", region=world.town)

    client = signed_in(world.town_manager)
    assert_constant_queries(lambda: client.get(reverse("accounts:organisation_list")), more)


def invitation(world, **changes) -> dict[str, str]:
    return {
        "name": "新人 一子",
        "login_name": "new",
        "organisation": str(world.hall.pk),
        "role": Role.MUNICIPAL_OFFICER.value,
        "valid_from": timezone.localdate().isoformat(),
        **changes,
    }


def test_user_invite_shows_the_link_and_the_code_once(world):
    client = signed_in(world.town_manager)
    page = text_of(client.post(reverse("accounts:user_invite"), invitation(world)))
    link = page.split("http://testserver", 1)[1].split("<", 1)[0]
    assert "新人 一子" in page
    answer = Client().get(link, follow=True)
    assert "新人 一子" in text_of(answer)
    user = User.objects.get(login_name="new")
    assert link.rstrip("/").rpartition("/")[2] not in text_of(
        client.get(reverse("accounts:user_detail", args=[user.pk]))
    )


def test_user_invite_says_why_not_and_keeps_what_was_typed(world):
    page = text_of(
        signed_in(world.town_manager).post(reverse("accounts:user_invite"), invitation(world, login_name="clerk"))
    )
    assert "もう使われています" in page
    assert "新人 一子" in page


def test_user_link_suspend_and_restore(world):
    client = signed_in(world.town_manager)
    page = text_of(client.post(reverse("accounts:user_link", args=[world.clerk.pk])))
    assert "招待コード" in page
    stopped = client.post(reverse("accounts:user_suspend", args=[world.clerk.pk]), {"reason": "休職"}, follow=True)
    assert any("停止しました" in text for text in said(stopped))
    assert "停止中" in text_of(stopped)
    back = client.post(reverse("accounts:user_restore", args=[world.clerk.pk]), follow=True)
    assert any("停止を解きました" in text for text in said(back))


def test_a_refusal_is_shown_on_the_page_it_was_asked_from(world):
    client = signed_in(world.town_manager)
    answer = client.post(reverse("accounts:user_suspend", args=[world.clerk.pk]), {"reason": ""}, follow=True)
    assert any("理由を入力" in text for text in said(answer))
    assert User.objects.get(pk=world.clerk.pk).is_active


def test_user_detail_says_why_an_account_cannot_be_managed(world):
    page = text_of(signed_in(world.manager).get(reverse("accounts:user_detail", args=[world.admin.pk])))
    assert "システム管理者に頼んで" in page
    assert reverse("accounts:user_link", args=[world.admin.pk]) not in page


def test_user_rename_membership_add_and_end(world):
    client = signed_in(world.manager)
    client.post(reverse("accounts:user_rename", args=[world.clerk.pk]), {"version": 1, "name": "新姓 五郎"})
    assert User.objects.get(pk=world.clerk.pk).name == "新姓 五郎"
    role = {
        "organisation": str(world.office.pk),
        "role": Role.PREFECTURE_OFFICER.value,
        "valid_from": timezone.localdate().isoformat(),
    }
    client.post(reverse("accounts:membership_add", args=[world.clerk.pk]), role)
    held = Membership.objects.get(user=world.clerk, role=Role.PREFECTURE_OFFICER)
    refused = client.post(reverse("accounts:membership_end", args=[held.pk]), {"ends_on": "2020-01-01"})
    assert "今日より後" in text_of(refused)
    client.post(reverse("accounts:membership_end", args=[held.pk]), {"ends_on": timezone.localdate().isoformat()})
    assert Membership.objects.get(pk=held.pk).valid_to is not None


def test_hand_over_in_three_steps_shows_what_moves_before_it_moves(world):
    client = signed_in(world.town_manager)
    successor = person("successor", (Role.HOSPITAL_WORKER, world.hospital), name="後任 九子")
    url = reverse("accounts:hand_over_new", args=[world.clerk.pk])
    form = text_of(client.get(url))
    assert "後任 九子" in form
    held = Membership.objects.get(user=world.clerk)
    given = {
        "successor": str(successor.pk),
        "effective_on": timezone.localdate().isoformat(),
        "memberships": [str(held.pk)],
        "reason": "異動",
    }
    preview = text_of(client.post(url, given))
    assert "まだ何も移していません" in preview
    assert "試験町 福祉課 市町村 担当者" in preview
    assert "取り消せません" in preview
    assert not HandOver.objects.exists()
    done = client.post(url, {**given, "confirm": "1"}, follow=True)
    assert any("引き継ぎました" in text for text in said(done))
    assert "引き継ぎ済み" in text_of(done)
    assert "後任 九子" in text_of(client.get(reverse("accounts:hand_over_list")))


def test_hand_over_ends_the_session_of_the_predecessor(world):
    predecessor = signed_in(world.clerk)
    assert predecessor.get(reverse("accounts:own_account")).status_code == 200
    successor = person("successor", name="後任 九子")
    hand_over(
        actor=acting(world.town_manager, timezone.now()),
        predecessor_id=world.clerk.pk,
        successor_id=successor.pk,
        effective_on=timezone.localdate(),
    )
    assert predecessor.get(reverse("accounts:own_account")).url.startswith(reverse("account_login"))
    assert signed_in(successor).get(reverse("accounts:own_account")).status_code == 200


def test_hand_over_cancel_needs_a_reason(world):
    client = signed_in(world.town_manager)
    url = reverse("accounts:hand_over_cancel", args=[planned(world).pk])
    assert any("理由" in text for text in said(client.post(url, follow=True)))
    assert any("取りやめました" in text for text in said(client.post(url, {"reason": "延期"}, follow=True)))


def test_organisations_are_created_renamed_corrected_and_ended(world):
    client = signed_in(world.manager)
    made = {"kind": "clinic", "name": "試験診療所", "kana": "しけん", "region": "10421"}
    page = text_of(client.post(reverse("accounts:organisation_create"), made, follow=True))
    assert "試験診療所" in page
    clinic = Organisation.objects.get(name="試験診療所")
    today = timezone.localdate().isoformat()

    def change(page: str, **given) -> str:
        url = reverse(f"accounts:{page}", args=[clinic.pk])
        return text_of(client.post(url, given, follow=True))

    assert "試験診療所" in change("organisation_rename", version=1, name="新診療所", effective_on=today)
    assert "先に内容を変えました" in change("organisation_correct", version=1, name="x", reason="誤字")
    assert "新しん診療所" in change("organisation_correct", version=2, name="新しん診療所", reason="誤字")
    change("organisation_end", version=3, ends_on=today, reason="廃止")
    assert Organisation.objects.get(pk=clinic.pk).valid_to == timezone.localdate()


def test_a_card_is_made_printed_and_put_to_use(world):
    client = signed_in(world.clerk)
    page = text_of(client.post(reverse("accounts:code_card"), {"make": "1"}))
    assert page.count("code-card__number") == 20
    assert "accounts/card.css" in page
    first = page.split('code-card__number">1</span><span>')[1].split("<")[0]
    card = CodeCard.objects.get()
    wrong = client.post(reverse("accounts:code_card_activate"), {"card": card.pk, "code": "1234"})
    assert "コードが違います" in text_of(wrong)
    assert first not in text_of(wrong)
    done = client.post(reverse("accounts:code_card_activate"), {"card": card.pk, "code": first}, follow=True)
    assert any("使い始めました" in text for text in said(done))
    assert "残り19個" in text_of(done)


def test_setting_up_a_card_after_the_first_sign_in_opens_the_rest(world, settings):
    settings.NIMO_REQUIRE_SECOND_FACTOR = True
    client = signed_in(world.clerk, second_factor="")
    page = text_of(client.post(reverse("accounts:code_card"), {"make": "1"}))
    first = page.split('code-card__number">1</span><span>')[1].split("<")[0]
    client.post(reverse("accounts:code_card_activate"), {"card": CodeCard.objects.get().pk, "code": first})
    assert client.get(reverse("accounts:own_account")).status_code == 200


def test_an_app_is_registered_with_our_own_picture(world):
    client = signed_in(world.clerk)
    page = text_of(client.get(reverse("accounts:totp_set_up")))
    assert "data:" not in page
    picture = client.get(reverse("accounts:totp_picture"))
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert b"style" not in picture.content
    assert "no-store" in picture.headers["Cache-Control"]
    secret = page.split("入力してください: <strong>")[1].split("<")[0].replace(" ", "")
    assert secret not in client.session[PENDING_TOTP]
    wrong = client.post(reverse("accounts:totp_set_up"), {"code": "abc"})
    assert "コードが違います" in text_of(wrong)
    client.post(reverse("accounts:totp_set_up"), {"code": totp(secret, timezone.now())})
    assert second_factor_of(world.clerk.pk).has_totp


def test_own_password_keeps_this_session_and_ends_the_others(world):
    here, elsewhere = signed_in(world.clerk), signed_in(world.clerk)
    given = {"current": PASSWORD, "password": PASSWORD + "新", "again": PASSWORD + "新"}
    assert here.post(reverse("accounts:own_password"), given).status_code == 302
    assert here.get(reverse("accounts:own_account")).status_code == 200
    assert elsewhere.get(reverse("accounts:own_account")).status_code == 302


def test_own_sessions_end_keeps_this_session_and_ends_the_others(world):
    here, elsewhere = signed_in(world.clerk), signed_in(world.clerk)
    assert here.post(reverse("accounts:own_sessions_end")).status_code == 302
    assert here.get(reverse("accounts:own_account")).status_code == 200
    assert elsewhere.get(reverse("accounts:own_account")).status_code == 302


def test_own_account_offers_the_choice_of_an_organisation_to_whom_it_concerns(world):
    assert "いまの立場" not in text_of(signed_in(world.clerk).get(reverse("accounts:own_account")))
    Membership.objects.create(
        user=world.clerk, organisation=world.hospital, role=Role.HOSPITAL_WORKER, valid_from=LONG_AGO
    )
    assert "いまの立場" in text_of(signed_in(world.clerk).get(reverse("accounts:own_account")))


def test_access_matrix_is_searchable_and_says_who_needs_a_second_factor(world):
    client = signed_in(world.manager)
    url = reverse("accounts:access_matrix")
    assert "監査の記録を見る" in text_of(client.get(url))
    narrowed = text_of(client.get(url, {"role": "municipal_officer", "text": "確定"}))
    assert "取り込んだ自治体情報シートを確定する" in narrowed
    assert "<td" in narrowed
    assert "監査の記録を見る" not in narrowed.split("</table>")[0].split("<table")[1]
