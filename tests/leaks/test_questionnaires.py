"""What people wrote, and who they are, surface nowhere but on the owner's pages made for it; nor does an anonymous one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.questionnaires.choices import Identity
from nimo.foundation.questionnaires.models.answers import Answer
from nimo.foundation.questionnaires.models.rounds import Invitation, Round
from nimo.foundation.questionnaires.services import invitations, rounds
from nimo.foundation.questionnaires.tests.support import ANSWERS, give, planned, published
from tests.journeys.people import signed_in
from tests.leaks.sheets import CITY, PREFECTURE
from tests.leaks.walk import ask, strangers
from tests.support.people import user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
WRITTEN, NAMED = re.compile("QZXT[A-Z]"), re.compile("QZXN[A-Z]")
OURS = {"questionnaires.Answer", "questionnaires.AnswerDraft", "questionnaires.Invitation", "questionnaires.Round"}
ADDRESSES = (
    "form_list",
    "form_create",
    "own_list",
    "answer_start",
    "answer_review",
    "answer_done",
    "answer_workbook",
    "answer_workbook_xlsx",
)
OF_A_ROUND = (
    "round_detail",
    "round_edit",
    "round_close",
    "round_invite",
    "round_paper",
    "round_workbook",
    "round_results",
    "round_results_csv",
    "round_results_xlsx",
    "round_compare",
    "round_texts",
)


def asked(owner: User, identity: Identity, people: int) -> Round:
    """A closed round of a council; each member wrote a marked sentence under a marked name."""
    actor = actor_for_user(owner, timezone.now())
    made = planned(actor, published(actor), identity=identity, opens_on=actor.today, due_on=actor.today)
    names = [f"架空の構成員{number} QZXN{chr(65 + number)}" for number in range(people)]
    invitations.invite_labels(actor=actor, round_id=made.pk, labels=names, audience=None)
    rounds.open_round(actor=actor, round_id=made.pk, version=1)
    for number, invitation in enumerate(Invitation.objects.filter(round=made).order_by("label")):
        marked = f"書いたこと QZXT{chr(65 + number)}"
        table = [{"q8c1": marked, "q8c2": "1"}]
        give(invitation, ANSWERS | {"q2": "a3", "q3": marked, "q9": marked, "q8": table}, actor=actor)
    made.refresh_from_db()
    rounds.close_round(actor=actor, round_id=made.pk, version=made.version)
    return made


@pytest.fixture
def owner() -> User:
    return user_of(Role.MUNICIPAL_OFFICER, CITY)


def paths(*found: Round) -> list[str]:
    here = [reverse(f"questionnaires:{name}") for name in ADDRESSES]
    for round_ in found:
        here += [reverse(f"questionnaires:{name}", args=[round_.pk]) for name in OF_A_ROUND]
        here += [reverse("questionnaires:round_by_kind", args=[round_.pk, "q2"])]
        here += [reverse("questionnaires:version_paper", args=[round_.form_version_id])]
        here += [reverse("questionnaires:form_detail", args=[round_.form_version.form_id])]
        for invitation in Invitation.objects.filter(round=round_)[:2]:
            here += [
                reverse(f"questionnaires:{name}", args=[invitation.pk])
                for name in ("invitation_paper", "invitation_form", "invitation_workbook", "own_answer")
            ]
        here += [
            reverse("questionnaires:answer_detail", args=[one.pk]) for one in Answer.objects.filter(round=round_)[:2]
        ]
    return here


def unpacked(client, path: str) -> str:
    """An Office file's parts as text."""
    content = client.get(path).content
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return " ".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_nobody_outside_the_office_finds_a_name_or_a_sentence(owner):
    found = [asked(owner, Identity.NAMED, 4), asked(owner, Identity.ANONYMOUS, 6)]
    readers = strangers() | {"the prefecture": signed_in(user_of(Role.PREFECTURE_MANAGER, PREFECTURE))}
    for who, client in readers.items():
        for post in (False, True):
            for path, told in ask(client, paths(*found), post=post).items():
                assert not WRITTEN.search(told), f"{who} reads an answer at {path}"
                assert not NAMED.search(told), f"{who} reads a name at {path}"
        book = unpacked(client, reverse("questionnaires:round_results_xlsx", args=[found[0].pk]))
        assert not WRITTEN.search(book)


def test_the_reader_of_the_region_sees_no_small_number(owner):
    """Six of six answered alike: a figure of six persons is not shown, nor is what it could be worked out from."""
    round_ = asked(owner, Identity.ANONYMOUS, 6)
    reader = signed_in(user_of(Role.PREFECTURE_OFFICER, PREFECTURE))
    csv = reader.get(reverse("questionnaires:round_results_csv", args=[round_.pk])).content.decode()
    lines = [line for line in csv.splitlines() if ',"できていない",' in line or ',"住まい",' in line]
    assert len(lines) == 2
    assert not any(re.search(r",6(,|$)", line) for line in lines)


def test_for_the_owner_words_stand_on_their_own_pages_only(owner):
    named, anonymous = asked(owner, Identity.NAMED, 4), asked(owner, Identity.ANONYMOUS, 6)
    client = signed_in(owner)
    texts = {reverse("questionnaires:round_texts", args=[one.pk]) for one in (named, anonymous)}
    answers = {reverse("questionnaires:answer_detail", args=[one.pk]) for one in Answer.objects.filter(round=named)}
    for path, told in ask(client, paths(named, anonymous)).items():
        assert bool(WRITTEN.search(told)) == (path in texts | answers), path
    together = client.get(reverse("questionnaires:round_texts", args=[anonymous.pk])).content.decode()
    assert WRITTEN.search(together)
    assert not NAMED.search(together)
    for round_ in (named, anonymous):
        book = unpacked(client, reverse("questionnaires:round_results_xlsx", args=[round_.pk]))
        assert not WRITTEN.search(book)
        assert not NAMED.search(book)


def _elsewhere() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        if model._meta.managed and model._meta.label not in OURS:
            for row in model._default_manager.values():
                yield model._meta.label, str(row)


def test_no_other_row_and_no_log_holds_a_sentence_or_a_name(owner, caplog):
    caplog.set_level("DEBUG")
    asked(owner, Identity.NAMED, 3)
    asked(owner, Identity.ANONYMOUS, 6)
    signed_in(owner).get(reverse("questionnaires:form_list"))
    found = {name for name, text in _elsewhere() if WRITTEN.search(text) or NAMED.search(text)}
    assert not found
    assert not WRITTEN.search(caplog.text)


def test_no_row_of_an_anonymous_round_holds_both_the_name_and_the_sentence(owner):
    round_ = asked(owner, Identity.ANONYMOUS, 6)
    for row in Answer.objects.filter(round=round_).values():
        assert not NAMED.search(str(row))
        assert not any(
            str(pk) in str(row) for pk in Invitation.objects.filter(round=round_).values_list("pk", flat=True)
        )
