"""The dictionary is found by names, definitions, numerators; loading another edition brings the index along."""

from __future__ import annotations

import pytest

from nimo.community.indicators.models import DictionaryVersion, Indicator
from nimo.community.indicators.queries.finding import INDICATOR_WORDS, dictionary_codes
from nimo.community.indicators.services.dictionary import load_dictionary
from nimo.foundation.access.actors import Actor
from nimo.foundation.search.models import SearchEntry
from nimo.foundation.search.queries.finding import Asked, find
from nimo.foundation.search.services import index
from tests.support.people import NOW, SYSTEM

pytestmark = pytest.mark.django_db
VISITOR = Actor.anonymous(now=NOW)


def hrefs(words: str) -> list[str]:
    return [hit.href for hit in find(VISITOR, Asked(words, kind=INDICATOR_WORDS)).hits]


def test_everyone_finds_indicators_and_derived_ones_lead_to_their_own_page():
    index.refresh(actor=SYSTEM, source=INDICATOR_WORDS, owners=dictionary_codes())
    assert hrefs("人口")[0] == "/indicators/population/"
    derived = [code for code in dictionary_codes() if code.startswith("derived:")]
    assert derived
    code = derived[0].removeprefix("derived:")
    assert hrefs(code)[0] == f"/indicators/derived/{code}/"


def test_loading_an_edition_brings_the_index_along():
    DictionaryVersion.objects.all().delete()
    assert not SearchEntry.objects.filter(source=INDICATOR_WORDS).exists()
    load_dictionary(actor=SYSTEM)
    assert SearchEntry.objects.filter(source=INDICATOR_WORDS).count() == len(dictionary_codes())


def test_an_indicator_that_is_no_longer_there_is_not_shown():
    index.refresh(actor=SYSTEM, source=INDICATOR_WORDS, owners=dictionary_codes())
    SearchEntry.objects.create(
        source=INDICATOR_WORDS,
        record_id="gone",
        owner_id="gone",
        tie=1,
        href="/indicators/gone/",
        title="人口",
        folded_names="人口",
        put_at=NOW,
    )
    assert not Indicator.objects.filter(pk="gone").exists()
    assert "/indicators/gone/" not in hrefs("人口")
