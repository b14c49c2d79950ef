"""A council of five with one 当事者: nothing that leaves the server tells which of the five it is.

Two worlds that differ only in who of the five is counted as 当事者 must look the same to the letter: pages, counts, CSV,
papers, calendars, file names. The office that entered it is asked too: it must not read it back either.
"""

from __future__ import annotations

import re
from datetime import date

import pytest

from nimo.community.councils.choices.bodies import BodyAudience, Category
from nimo.community.councils.models.posts import PostCategory
from nimo.community.councils.services.meetings import MeetingFacts, record_meeting
from nimo.community.councils.tests.support import CITY, body_of, seated
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.journeys.people import signed_in
from tests.leaks.walk import VISITOR, addresses, ask
from tests.support.people import NOW, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
NAMES = ("架空 一子", "架空 二子", "架空 三子", "架空 四子", "架空 五子")
_MADE = re.compile(r"D:\d{14}|<xmp:\w+Date>[^<]*|/ID ?\[[^]]*\]|DTSTAMP:\d{8}T\d{6}Z|dcterms:\w+[^<]*<[^<]*")
"""When a paper was made."""


@pytest.fixture
def council():
    """Five members who differ in nothing but their names, one of them counted as 当事者, and a meeting; every address of
    the councils, but of the seats only the first one's."""
    user = user_of(Role.MUNICIPAL_OFFICER, CITY)
    actor = actor_for_user(user, NOW)
    body = body_of(actor, audience=BodyAudience.PUBLIC)
    held = [
        seated(actor, body, name, category=Category.PEER if place == 0 else Category.WELFARE)
        for place, name in enumerate(NAMES)
    ]
    counts = {Category.PEER: 1, Category.WELFARE: 4}
    facts = MeetingFacts(held_on=date(2026, 10, 1), summary="架空の要旨")
    record_meeting(actor=actor, body_id=body.pk, facts=facts, counts=counts)
    spare = {str(pk) for one in held[1:] for pk in (one.pk, one.post_id)}
    paths = [path for path in addresses() if path.startswith("/councils/") and not spare & set(path.split("/"))]
    return user, [one.post_id for one in held], paths


def _told(clients, paths):
    return {
        (who, path): _MADE.sub("", text) for who, client in clients.items() for path, text in ask(client, paths).items()
    }


def test_nothing_tells_which_of_the_five_it_is(council, client):
    user, posts, paths = council
    clients = {VISITOR: client, "the office itself": signed_in(user)}
    assert len(paths) > 30
    before = _told(clients, paths)
    assert any(NAMES[0] in text for text in before.values())
    PostCategory.objects.filter(post_id=posts[0]).update(category=Category.WELFARE)
    PostCategory.objects.filter(post_id=posts[4]).update(category=Category.PEER)
    after = _told(clients, paths)
    assert [key for key in before if before[key] != after[key]] == []


def test_outsiders_learn_no_name_and_no_number_of_peers(council, client):
    _, _, paths = council
    for who in (client, signed_in(user_of(Role.MUNICIPAL_OFFICER, "10201"))):
        for path, text in ask(who, paths).items():
            assert not any(name in text for name in NAMES), path
            assert not re.search(r"当事者[^。<]{0,6}\d+ ?人", text), path
