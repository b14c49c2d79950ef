"""Officials of the journeys: a password, a printed card of codes in use, and the way through the entrance."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.accounts.queries.second_factors import second_factor_of
from nimo.foundation.accounts.services.second_factors import activate_card, issue_card
from tests.support.browser import click
from tests.support.people import user_of

PASSWORD = "ひつじ雲と 古い自転車 12"


@dataclass(frozen=True, slots=True)
class Official:
    """`codes`: the printed card, number → code; code 1 was used up when the card was taken into use."""

    user: User
    codes: dict[int, str]

    @property
    def next_code(self) -> str:
        number = second_factor_of(self.user.pk).next_number
        assert number is not None, "the card of the test is used up"
        return self.codes[number]


def official(role: Role, region_code: str, login_name: str, name: str = "") -> Official:
    """An invented official with a card in use."""
    user = user_of(role, region_code, login_name=login_name, password=PASSWORD)
    if name:
        User.objects.filter(pk=user.pk).update(name=name)
        user.refresh_from_db()
    return with_card(user)


def with_card(user: User) -> Official:
    actor = actor_for_user(user, timezone.now())
    card = issue_card(actor=actor)
    codes = dict(card.codes)
    activate_card(actor=actor, card_id=card.card_id, code=codes[1])
    return Official(user, codes)


def sign_in(page: Page, base: str, who: Official) -> None:
    """Through the entrance as a person: password, then the code the page asks for by its number."""
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("利用者ID").fill(who.user.login_name)
    page.get_by_label("パスワード").fill(PASSWORD)
    click(page.get_by_role("button", name="ログイン"))
    page.get_by_label("コード", exact=False).first.fill(who.next_code)
    click(page.get_by_role("button", name="確かめる"))
    page.get_by_role("heading", level=1, name="ホーム").wait_for()


def signed_in(user: User) -> Client:
    """A client whose session looks like one after a complete sign-in, for tests that are not about the entrance."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["nimo_signed_in_at"] = session["nimo_used_at"] = timezone.now().isoformat()
    session["nimo_second_factor"] = "card"
    session.save()
    return client
