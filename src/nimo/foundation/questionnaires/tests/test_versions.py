"""Versions: edited while a draft, fixed for good, copied, retired."""

from __future__ import annotations

import pytest

from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.models import Entry
from nimo.foundation.questionnaires.choices import FormPurpose, QuestionKind, VersionState
from nimo.foundation.questionnaires.models.forms import FormVersion
from nimo.foundation.questionnaires.policies import get_version
from nimo.foundation.questionnaires.rules.structure import digest
from nimo.foundation.questionnaires.services import rounds, versions
from nimo.foundation.questionnaires.tests.support import CITY, give, officer, opened, planned, published, waiting

pytestmark = pytest.mark.django_db


def test_a_version_in_use_is_not_changed_by_any_way_of_editing():
    """Answers that came belong to the questions as they were asked: whatever is tried, the digest stays."""
    actor = officer()
    version = published(actor)
    give(waiting(opened(actor, 1, version))[0])
    before = digest(version.questions)
    question, section = version.questions.question("q1"), version.questions.section("s1")
    tries = (
        lambda v: versions.add_section(actor=actor, version_id=version.pk, version=v, text="新"),
        lambda v: versions.add_question(
            actor=actor, version_id=version.pk, version=v, section_id="s1", kind=QuestionKind.TEXT, text="新"
        ),
        lambda v: versions.change_question(actor=actor, version_id=version.pk, version=v, question=question),
        lambda v: versions.change_section(actor=actor, version_id=version.pk, version=v, section=section),
        lambda v: versions.change_introduction(
            actor=actor, version_id=version.pk, version=v, introduction="新", furigana=True
        ),
        lambda v: versions.move_item(actor=actor, version_id=version.pk, version=v, link_id="q1", step=1),
        lambda v: versions.remove_item(actor=actor, version_id=version.pk, version=v, link_id="q1"),
        lambda v: versions.publish_version(actor=actor, version_id=version.pk, version=v),
        lambda v: versions.discard_draft(actor=actor, version_id=version.pk, version=v),
    )
    for attempt in tries:
        with pytest.raises(versions.UnableToEdit, match="新しい版"):
            attempt(version.version)
    version.refresh_from_db()
    assert digest(version.questions) == before == version.digest


def test_two_people_editing_one_draft_do_not_overwrite_each_other():
    actor = officer()
    draft = versions.create_form(actor=actor, title="架空", purpose=FormPurpose.SURVEY)
    versions.add_section(actor=actor, version_id=draft.pk, version=1, text="甲")
    with pytest.raises(versions.UnableToEdit, match="ほかの人が先に"):
        versions.add_section(actor=actor, version_id=draft.pk, version=1, text="乙")
    draft.refresh_from_db()
    assert [section.text for section in draft.questions.sections] == ["甲"]


def test_a_draft_with_faults_is_not_published():
    actor = officer()
    draft = versions.create_form(actor=actor, title="架空", purpose=FormPurpose.SURVEY)
    with pytest.raises(versions.UnableToEdit, match="質問がまだありません"):
        versions.publish_version(actor=actor, version_id=draft.pk, version=1)
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


def test_a_new_version_begins_with_the_old_questions_and_never_gives_a_name_again():
    actor = officer()
    first = published(actor)
    second = versions.copy_version(actor=actor, version_id=first.pk)
    assert second.number == 2
    versions.remove_item(actor=actor, version_id=second.pk, version=1, link_id="q9")
    made = versions.add_question(
        actor=actor, version_id=second.pk, version=2, section_id="s3", kind=QuestionKind.TEXT, text="別の質問"
    )
    versions.publish_version(actor=actor, version_id=second.pk, version=3)
    third = versions.copy_version(actor=actor, version_id=first.pk)
    again = versions.add_question(
        actor=actor, version_id=third.pk, version=1, section_id="s3", kind=QuestionKind.TEXT, text="さらに別"
    )
    assert len({"q9", made, again}) == 3, "a name stands for one question for good"


def test_one_draft_at_a_time():
    actor = officer()
    first = published(actor)
    versions.copy_version(actor=actor, version_id=first.pk)
    with pytest.raises(versions.UnableToEdit, match="作成中の版がすでに"):
        versions.copy_version(actor=actor, version_id=first.pk)


def test_a_version_is_retired_only_when_its_rounds_are_closed():
    actor = officer()
    version = published(actor)
    round_ = opened(actor, 1, version)
    with pytest.raises(versions.UnableToEdit, match="締め切"):
        versions.retire_version(actor=actor, version_id=version.pk)
    rounds.close_round(actor=actor, round_id=round_.pk, version=round_.version)
    versions.retire_version(actor=actor, version_id=version.pk)
    with pytest.raises(rounds.UnableToDistribute, match="使用中の版"):
        planned(actor, version)


def test_a_draft_is_the_offices_own_and_a_version_in_use_is_seen_in_the_region():
    actor = officer()
    version = published(actor)
    draft = versions.copy_version(actor=actor, version_id=version.pk)
    prefecture, elsewhere = officer(Role.PREFECTURE_OFFICER, "10000"), officer(Role.PREFECTURE_OFFICER, "11000")
    assert get_version(prefecture, version.pk) == version
    for stranger, row in ((prefecture, draft), (elsewhere, version), (elsewhere, draft)):
        with pytest.raises(NotVisible):
            get_version(stranger, row.pk)
    with pytest.raises(NotVisible):
        versions.publish_version(actor=prefecture, version_id=draft.pk, version=1)


def test_who_has_no_right_makes_no_form():
    with pytest.raises(versions.UnableToEdit, match="権限"):
        versions.create_form(actor=officer(Role.PEER_SUPPORTER, CITY), title="架空", purpose=FormPurpose.OTHER)
    assert not FormVersion.objects.exists()


def test_every_act_is_in_the_audit():
    actor = officer()
    version = published(actor)
    round_ = opened(actor, 1, version)
    give(waiting(round_)[0])
    rounds.close_round(actor=actor, round_id=round_.pk, version=round_.version)
    verbs = set(Entry.objects.filter(verb__startswith="questionnaires.").values_list("verb", flat=True))
    assert verbs >= {
        f"questionnaires.{verb}"
        for verb in ("create", "publish", "plan_round", "invite", "open_round", "submit", "close_round")
    }
