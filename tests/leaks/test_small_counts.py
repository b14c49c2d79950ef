"""After publication a number of patients below ten stays hidden in every form of every page, and cannot be computed.

Two worlds that differ in nothing but the hidden numbers (and in what was made to protect them) must look the same to
everybody outside, to the letter: headings, tables, drawings, descriptions, sentences, files. What looks the same
cannot be told apart by subtraction, by a share, or by anything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client

from nimo.community.indicators.models import Observation
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.services.publishing import publish_sections
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import User
from tests.journeys.people import signed_in
from tests.leaks.sheets import CITY, PREFECTURE, confirmed, marked_city, small_basic
from tests.leaks.walk import STRANGERS, VISITOR, addresses, ask
from tests.support.engines import asking
from tests.support.people import actor_of, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
SMALL = "inpatients_3_to_12_months"


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside never happened."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield
        transaction.savepoint_rollback(point)


@pytest.fixture
def manager():
    return actor_of(Role.PREFECTURE_MANAGER, PREFECTURE)


@pytest.fixture
def published(manager) -> Callable[..., Sheet]:
    """A sheet of the city with these numbers of patients, its figures published."""

    def make(**patients: int) -> Sheet:
        sheet = confirmed(manager, marked_city(small_basic(**patients)))
        publish_sections(actor=manager, sheet_id=sheet.pk, keys=["basic_info"])
        return sheet

    return make


def seen_by(client: Client) -> dict[str, str]:
    """Every address, the figures numbered from one in both worlds."""
    first = Observation.objects.order_by("pk").first()
    assert first is not None
    paths = [path for path in addresses(every_figure=True) if not private(path)]
    paths += [f"/regions/{CITY}/?year=2024", *sorted_tables(), *explored()]
    return {
        re.sub(r"/(observations|sources|laid/\w+)/(\d+)/", _numbered(first.pk), path): text
        for path, text in ask(client, paths).items()
    }


def sorted_tables() -> list[str]:
    """Sorting by a column must not sort by what the column hides."""
    return [
        f"/indicators/{code}/?year={year}&area={PREFECTURE}{order}"
        for code in (SMALL, "inpatients_under_3_months")
        for year in ("", "2023")
        for order in ("", "&sort=value", "&sort=-value")
    ]


def explored() -> list[str]:
    """The explorer asked for the small number, for what it is a part of, and for what is computed from it."""
    asked = (SMALL, "inpatients_under_3_months", "months_3_to_12_share", "under_3_months_share", "inpatients_change")
    return [
        f"/indicators/explore/{file}?region={region}&indicator={code}&second=inpatients&beside={CITY}"
        for file in ("", "data.csv")
        for region in (CITY, PREFECTURE, "10201")
        for code in asked
    ]


def _numbered(first: int) -> Callable[[re.Match[str]], str]:
    return lambda match: f"/{match[1]}/{int(match[2]) - first if match[1] != 'sources' else 'S'}/"


def private(path: str) -> bool:
    """Addresses with ids of uploads, drafts, jobs and people, and the secret of one's own second factor: they differ
    between any two worlds. What they tell, test_until_published looks at."""
    return bool(re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|/own/totp/|/audit/\d+/", path))


PAIRS = {
    "the small number itself": ({"under_3": 41, "middle": 4}, {"under_3": 43, "middle": 2}),
    "two small numbers beside each other": ({"under_3": 8, "middle": 4}, {"under_3": 5, "middle": 7}),
    "a small part of the long stays": ({"over_65": 128, "under_65": 4}, {"over_65": 126, "under_65": 6}),
}


READERS = (*((VISITOR, pair) for pair in PAIRS), ("an officer of another prefecture", "the small number itself"))


@pytest.mark.long
@pytest.mark.parametrize("reader, pair", asking(READERS, READERS[:1] + READERS[-1:]))
def test_two_worlds_with_other_small_numbers_look_the_same_outside(published, reader, pair):
    one, other = PAIRS[pair]
    worlds = []
    for patients in (one, other):
        with taken_back():
            published(**patients)
            client = Client() if reader == VISITOR else signed_in(user_of(*STRANGERS[reader], login_name="stranger"))
            worlds.append(seen_by(client))
    first, second = worlds
    assert set(first) == set(second)
    assert len(first) > 60
    different = [path for path in first if first[path] != second[path]]
    assert not different, f"{reader} can tell the worlds apart at {different}"


@pytest.mark.parametrize("pair", PAIRS)
def test_the_city_itself_can_tell_the_two_worlds_apart(published, pair):
    """Else the test above would prove nothing."""
    worlds = []
    for patients in PAIRS[pair]:
        with taken_back():
            published(**patients)
            own = signed_in(user_of(Role.MUNICIPAL_OFFICER, CITY, login_name="own"))
            worlds.append(ask(own, [f"/regions/{CITY}/", f"/regions/{CITY}/figures.csv"]))
    assert all(worlds[0][path] != worlds[1][path] for path in worlds[0])


def test_a_number_large_enough_is_seen_by_everyone(published):
    """The comparison above would notice a number that gets through: this one does."""
    worlds = []
    for patients in ({"under_3": 41, "middle": 27}, {"under_3": 43, "middle": 25}):
        with taken_back():
            published(**patients)
            worlds.append(ask(Client(), [f"/regions/{CITY}/", f"/regions/{CITY}/figures.csv"]))
    assert all(worlds[0][path] != worlds[1][path] for path in worlds[0])


def test_where_the_number_would_stand_it_is_said_that_it_is_hidden(published, manager):
    published()
    row = Observation.objects.get(indicator_id=SMALL, region_id=CITY)
    assert row.value == 4
    visitor = Client()
    page = visitor.get(f"/regions/{CITY}/").content.decode()
    figures = visitor.get(f"/regions/{CITY}/figures.csv").content.decode("utf-8-sig")
    record = visitor.get(f"/indicators/observations/{row.pk}/").content.decode()
    line = next(line for line in figures.splitlines() if "3か月以上1年未満" in line)
    for text in (page, line, record):
        assert "個人が特定" in text or "表示しません" in text or "伏せ" in text or "10未満" in text
    for text in (page, line, record):
        assert not re.search(r"(?<![\d.])4\s*人", text)
        assert "2.3%" not in text, "the share of the small number would give it away"
    inside = signed_in(User.objects.get(pk=manager.user_id)).get(f"/regions/{CITY}/").content.decode()
    assert re.search(r"(?<![\d.])4\s*人", re.sub(r"<[^>]+>", "", inside))


def test_everything_shown_leaves_at_least_two_answers_for_each_hidden_number(published):
    """By arithmetic on the public file alone: whole, parts and parts of parts."""
    published()
    text = Client().get(f"/regions/{CITY}/figures.csv").content.decode("utf-8-sig")
    shown = {}
    for line in text.splitlines()[1:]:
        name, value = [cell.strip('"') for cell in line.split(",")[:2]]
        shown[name] = int(value) if value.isdigit() else None
    whole, parts = "入院精神障害者数", ["3か月未満", "3か月以上1年未満", "1年以上長期"]
    values = {part: next(v for k, v in shown.items() if part in k and "65歳" not in k) for part in parts}
    total = next(v for k, v in shown.items() if k.startswith(whole))
    hidden = [part for part, value in values.items() if value is None]
    assert "3か月以上1年未満" in hidden
    assert total is None or len(hidden) >= 2, f"{total} − {values} gives the hidden number"
