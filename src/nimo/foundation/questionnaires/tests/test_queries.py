"""Lists ask the same number of questions however long they are; results compare; nothing personal in files."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.accounts.rules import HandOverOrder, belongings
from nimo.foundation.questionnaires.choices import Identity
from nimo.foundation.questionnaires.formats.paper import LetterPage, letters, paper_form
from nimo.foundation.questionnaires.formats.results_out import results_workbook
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.models.rounds import Invitation
from nimo.foundation.questionnaires.queries import answering, forms, results, rounds
from nimo.foundation.questionnaires.queries.tables import comparison_table, result_table
from nimo.foundation.questionnaires.services import invitations, reading, versions
from nimo.foundation.questionnaires.services.rounds import open_round
from nimo.foundation.questionnaires.tests.support import (
    ANSWERS,
    CITY,
    STRUCTURE,
    give,
    hospital,
    officer,
    opened,
    planned,
    published,
    waiting,
)
from tests.support.people import NOW, user_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])
SECRET = "秘密の言葉QZXQA"


def test_the_lists_ask_the_same_however_long_they_are():
    actor = officer()
    opened(actor, 2)

    def grow() -> None:
        for number in range(4):
            opened(actor, 3, published(actor, title=f"架空の調査{number}"))

    def look() -> None:
        list(forms.form_page(actor, 1)[1])
        forms.rounds_in_hand(actor)
        list(forms.closed_rounds(actor, 1))

    assert_constant_queries(look, grow)


def test_a_round_asks_the_same_however_many_answer():
    actor = officer()
    round_ = opened(actor, 2)

    def grow() -> None:
        invitations.invite_labels(
            actor=actor, round_id=round_.pk, labels=[f"後の相手{n}" for n in range(6)], audience=None
        )
        invitations.invite_users(
            actor=actor, round_id=round_.pk, user_ids=[user_of(Role.HOSPITAL_WORKER, CITY).pk for _ in range(3)]
        )
        for invitation in waiting(round_)[:5]:
            give(invitation)

    def look() -> None:
        rounds.progress(round_)
        rounds.invitation_page(round_, 1, waiting_only=False)
        rounds.letters_of(round_, path="")
        results.results_of(actor, round_)
        results.texts_of(actor, round_)

    assert_constant_queries(look, grow)


def test_ones_own_list_asks_the_same_however_long_it_is():
    owner = officer()
    user = user_of(Role.HOSPITAL_WORKER, CITY)
    version = published(owner)

    def ask() -> None:
        made = planned(owner, version)
        invitations.invite_users(actor=owner, round_id=made.pk, user_ids=[user.pk])
        open_round(actor=owner, round_id=made.pk, version=1)

    ask()
    actor = actor_for_user(user, NOW)

    def grow() -> None:
        for _ in range(4):
            ask()

    assert_constant_queries(lambda: answering.own_list(actor), grow)
    assert answering.owed_count(actor) == 5


def test_words_are_in_no_figure_and_no_file():
    actor = officer()
    round_ = opened(actor, 3)
    for invitation in waiting(round_):
        give(invitation, ANSWERS | {"q9": SECRET, "q2": "a3", "q3": SECRET, "q8": [{"q8c1": SECRET, "q8c2": "1"}]})
    found = results.results_of(actor, round_)
    book = load_workbook(io.BytesIO(results_workbook(round_.title, found)))
    cells = " ".join(str(cell.value) for row in book["集計"].iter_rows() for cell in row)
    assert SECRET not in cells + repr(found) + repr(result_table(found))
    assert "架空の相手" not in cells + repr(found)
    assert any(SECRET in text for one in reading.read_texts(actor=actor, round_id=round_.pk) for _, text in one.texts)


def test_two_rounds_stand_beside_each_other_where_the_questions_are_the_same():
    actor = officer()
    first = published(actor)
    earlier = opened(actor, 2, first)
    second = versions.copy_version(actor=actor, version_id=first.pk)
    versions.remove_item(actor=actor, version_id=second.pk, version=1, link_id="q6")
    versions.publish_version(actor=actor, version_id=second.pk, version=2)
    later = opened(actor, 2, second, title="次の回")
    for round_, answer in ((earlier, "a1"), (later, "a2")):
        for invitation in waiting(round_):
            give(invitation, {"q1": "10", "q2": answer})
    assert results.comparable_rounds(actor, later) == [earlier]
    other, rows = results.compare(actor, later, earlier.pk)
    assert other == earlier
    row = next(one for one in rows if one.pairing.later and one.pairing.later.link_id == "q2")
    table = comparison_table(row, later, earlier)
    assert table.rows[0]["before"].text == "2"
    assert table.rows[0]["before_share"].text == "100.0"
    assert table.rows[0]["after"].text == "0"
    assert any(one.pairing.later is None for one in rows), "q6 was dropped"


def test_one_question_is_split_by_kind_for_the_owner():
    actor = officer()
    made = planned(actor)
    invitations.invite_organisations(actor=actor, round_id=made.pk, organisation_ids=[hospital(1).pk])
    invitations.invite_labels(actor=actor, round_id=made.pk, labels=["甲"], audience=None)
    open_round(actor=actor, round_id=made.pk, version=1)
    for invitation in waiting(made):
        give(invitation)
    _, tallies = results.tallies_by_kind(actor, made, "q2")
    assert {kind: tally.answered for kind, tally in tallies.items()} == {"": 1, "psychiatric_hospital": 1}
    assert results.tallies_by_kind(actor, made, "q9") is None
    assert results.tallies_by_kind(officer(Role.PREFECTURE_OFFICER, "10000"), made, "q2") is None


def test_one_answer_is_read_as_it_was_asked():
    actor = officer()
    round_ = opened(actor, 1)
    give(waiting(round_)[0])
    _, lines = reading.read_answer(actor=actor, answer_id=Answer.objects.get().pk)
    assert lines[0] == ("問1 支援している人の数", "12人")
    assert dict(lines)["問4 足りないもの"] == "住まい、相談先"


def test_a_successor_is_asked_instead_of_the_predecessor():
    owner = officer()
    old, new = user_of(Role.HOSPITAL_WORKER, CITY), user_of(Role.HOSPITAL_WORKER, CITY)
    made = planned(owner)
    invitations.invite_users(actor=owner, round_id=made.pk, user_ids=[old.pk])
    kind = next(one for one in belongings() if one.code == "questionnaires.invitations")
    order = HandOverOrder(
        from_user_id=old.pk,
        to_user_id=new.pk,
        actor=owner,
        organisation_ids=frozenset({old.memberships.get().organisation_id}),
    )
    assert (kind.count(order), kind.move(order), kind.count(order)) == (1, 1, 0)
    assert Invitation.objects.get().user_id == new.pk
    assert rounds.name_of(Invitation.objects.select_related("user").get()) == new.name


def test_paper_is_made_of_any_writing_and_says_what_it_cannot_print():
    actor = officer()
    round_ = opened(actor, 1)
    head = rounds.head_of(round_, waiting(round_)[0])
    assert paper_form(STRUCTURE, head).startswith(b"%PDF")
    assert letters(head, [LetterPage("#panic() *甲*", "ABCD")], "http://x/").startswith(b"%PDF")


def test_the_paper_of_an_anonymous_round_names_nobody():
    round_ = opened(officer(), 1, identity=Identity.ANONYMOUS)
    assert rounds.head_of(round_, waiting(round_)[0]).recipient == ""
