"""Words for one another: who decides, what is refused, what stays in the audit."""

from __future__ import annotations

import pytest

from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.models import Entry
from nimo.foundation.search.models import SearchSynonym
from nimo.foundation.search.rules import expansions
from nimo.foundation.search.services import synonyms
from nimo.foundation.search.services.synonyms import UnableToSave, Words
from tests.support.people import SYSTEM, actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return actor_of(Role.SYSTEM_ADMINISTRATOR, "10000")


def test_a_word_is_registered_changed_and_put_out_of_use_each_with_a_line_of_audit(manager):
    made = synonyms.add_synonym(actor=manager, words=Words("アパート", ["住居", "賃貸"]))
    changed = synonyms.change_synonym(
        actor=manager, synonym_id=made.pk, version=made.version, words=Words("アパート", ["住まい"]), in_use=False
    )
    assert (changed.others, changed.in_use, changed.version) == (["住まい"], False, 2)
    verbs = list(Entry.objects.filter(target_id=str(made.pk)).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["search.add_synonym", "search.change_synonym"]


@pytest.mark.parametrize(
    ("word", "others", "said"),
    [
        ("", ["住居"], "入れてください"),
        ("アパート", [], "入れてください"),
        ("あ" * 41, ["住居"], "40字"),
        ("アパート", ["ｱﾊﾟｰﾄ"], "表記の違い"),
        ("アパート", ["住居", "住居"], "表記の違い"),
        ("・", ["住居"], "記号"),
        ("アパート", [str(number) for number in range(13)], "12まで"),
    ],
)
def test_refuses_words_that_cannot_be(manager, word, others, said):
    with pytest.raises(UnableToSave, match=said):
        synonyms.add_synonym(actor=manager, words=Words(word, others))
    assert not SearchSynonym.objects.exists()


def test_refuses_a_word_that_is_there_and_a_page_that_is_out_of_date(manager):
    made = synonyms.add_synonym(actor=manager, words=Words("アパート", ["住居"]))
    with pytest.raises(UnableToSave, match="もう登録"):
        synonyms.add_synonym(actor=manager, words=Words("アパート", ["住宅"]))
    with pytest.raises(UnableToSave, match="先に直しました"):
        synonyms.change_synonym(
            actor=manager, synonym_id=made.pk, version=7, words=Words("アパート", ["住宅"]), in_use=True
        )
    assert SearchSynonym.objects.get().others == ["住居"]


@pytest.mark.parametrize("role", [Role.PREFECTURE_OFFICER, Role.MUNICIPAL_MANAGER, Role.RESEARCHER])
def test_others_neither_change_nor_open_them(manager, role):
    made = synonyms.add_synonym(actor=manager, words=Words("アパート", ["住居"]))
    other = actor_of(role, "10000")
    with pytest.raises(UnableToSave, match="権限"):
        synonyms.add_synonym(actor=other, words=Words("家", ["住居"]))
    with pytest.raises(NotVisible):
        synonyms.change_synonym(
            actor=other, synonym_id=made.pk, version=1, words=Words("アパート", ["住宅"]), in_use=True
        )


def test_the_words_that_ship_come_once_and_never_over_a_decision(manager):
    made = synonyms.add_synonym(actor=manager, words=Words("精神分裂病", ["別のことば"]))
    assert synonyms.load_synonyms(actor=SYSTEM) > 5
    assert synonyms.load_synonyms(actor=SYSTEM) == 0
    made.refresh_from_db()
    assert made.others == ["別のことば"]


def test_the_words_that_ship_can_all_be_saved_by_hand(manager):
    synonyms.load_synonyms(actor=SYSTEM)
    for one in SearchSynonym.objects.all():
        words = Words(one.word, one.others, one.both_ways, one.reference)
        assert one.reference
        synonyms.change_synonym(actor=manager, synonym_id=one.pk, version=one.version, words=words, in_use=True)


def test_words_that_go_both_ways_find_all_of_the_group():
    found = expansions([("アパート", ["住居", "賃貸"], True), ("古い病名", ["新しい病名"], False)])
    assert found["住居"] == ["あぱーと", "賃貸"]
    assert found["古い病名"] == ["新しい病名"]
    assert "新しい病名" not in found
