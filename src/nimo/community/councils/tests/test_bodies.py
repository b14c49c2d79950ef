from __future__ import annotations

from datetime import date

import pytest

from nimo.community.councils.choices.bodies import (
    BodyAudience,
    BodyState,
    HatKind,
    Layer,
    PurposeLevel,
    QuorumKind,
    RelationKind,
)
from nimo.community.councils.models.bodies import Body, Relation
from nimo.community.councils.models.regulations import Regulation
from nimo.community.councils.policies.bodies import visible_bodies
from nimo.community.councils.rules.bodies import BodyFacts
from nimo.community.councils.rules.regulations import Clause, Terms
from nimo.community.councils.services import bodies, regulations
from nimo.community.councils.tests.support import PREFECTURE, TODAY, body_of, officer
from nimo.foundation.access.permissions import Role
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.audit.models import Entry
from tests.support.people import actor_of, load_places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places():
    load_places()


def _facts(body, **changes):
    said = {"name": body.name, "layer": Layer(body.layer), "kind": body.kind, "region_code": body.region_id} | changes
    return BodyFacts(**said)


def test_registers_a_body_for_the_own_organisation_and_writes_it_down():
    actor = officer()
    body = body_of(actor)
    assert body.organisation_id == actor.organisation.organisation_id
    assert Entry.objects.filter(verb="councils.create_body", target_id=str(body.pk)).exists()


def test_refuses_a_meeting_about_one_person_and_says_where_it_belongs():
    with pytest.raises(bodies.UnableToChangeBody, match="個別支援"):
        body_of(officer(), "Aさんのケア会議")
    assert not Body.objects.exists()


def test_refuses_the_same_body_twice():
    actor = officer()
    body_of(actor)
    with pytest.raises(bodies.UnableToChangeBody, match="もう登録"):
        body_of(actor)


def test_refuses_a_layer_that_does_not_fit_the_place():
    with pytest.raises(bodies.UnableToChangeBody, match="層"):
        body_of(officer(), layer=Layer.PREFECTURE)


def test_refuses_an_office_without_the_right_to_keep_bodies():
    with pytest.raises(bodies.UnableToChangeBody):
        body_of(actor_of(Role.ADVISER, PREFECTURE))


def test_refuses_the_second_of_two_who_mend_the_same_body():
    actor = officer()
    body = body_of(actor)
    bodies.edit_body(actor=actor, body_id=body.pk, version=1, facts=_facts(body, frequency="年3回"))
    with pytest.raises(bodies.UnableToChangeBody, match="ほかの人が先に"):
        bodies.edit_body(actor=actor, body_id=body.pk, version=1, facts=_facts(body, frequency="年1回"))
    assert Body.objects.get().frequency == "年3回"


def test_hides_a_body_from_those_who_may_not_mend_it():
    body = body_of(officer(), audience=BodyAudience.MEMBERS)
    stranger = actor_of(Role.MUNICIPAL_OFFICER, "10201")
    assert not visible_bodies(stranger).exists()
    with pytest.raises(NotVisible):
        bodies.edit_body(actor=stranger, body_id=body.pk, version=1, facts=_facts(body))


def test_ends_a_body_only_with_a_day_and_a_reason():
    actor = officer()
    body = body_of(actor, established_on=date(2024, 4, 1))
    end = {"actor": actor, "body_id": body.pk, "version": 1, "state": BodyState.ENDED}
    for lacking in ({"on": TODAY}, {"reason": "統合"}, {"on": date(2023, 1, 1), "reason": "統合"}):
        with pytest.raises(bodies.UnableToChangeBody):
            bodies.move_body(**end, **lacking)
    bodies.move_body(**end, on=TODAY, reason="部会に統合した")
    assert Body.objects.get().state == BodyState.ENDED


def test_keeps_earlier_purposes_and_refuses_a_day_to_come():
    actor = officer()
    body = body_of(actor)
    for text in ("顔の見える関係", "基盤の整備まで"):
        bodies.share_purpose(actor=actor, body_id=body.pk, level=PurposeLevel.BODY, text=text, on=TODAY)
    assert body.purposes.count() == 2
    with pytest.raises(bodies.UnableToChangeBody):
        bodies.share_purpose(actor=actor, body_id=body.pk, level=PurposeLevel.BODY, text="先", on=date(2027, 1, 1))


def test_wears_several_hats_and_ends_the_one_taken_off():
    actor = officer()
    body = body_of(actor)
    visits, training = (HatKind.INPATIENT_VISITS, ""), (HatKind.TRAINING, "合同研修")
    bodies.set_hats(actor=actor, body_id=body.pk, version=1, hats=[visits, training])
    bodies.set_hats(actor=actor, body_id=body.pk, version=2, hats=[visits])
    assert {(hat.kind, hat.valid_to) for hat in body.hats.all()} == {("inpatient_visits", None), ("training", TODAY)}
    bodies.set_hats(actor=actor, body_id=body.pk, version=3, hats=[visits, training])
    assert body.hats.filter(valid_to__isnull=True).count() == 2


def test_relates_two_bodies_once_and_never_a_body_to_itself():
    actor = officer()
    one, other = body_of(actor, "架空市協議会"), body_of(actor, "架空市部会")
    said = {"actor": actor, "source_id": other.pk, "target_id": one.pk, "kind": RelationKind.SUBCOMMITTEE}
    relation = bodies.relate(**said)
    with pytest.raises(bodies.UnableToChangeBody, match="もう登録"):
        bodies.relate(**said)
    with pytest.raises(bodies.UnableToChangeBody):
        bodies.relate(actor=actor, source_id=one.pk, target_id=one.pk, kind=RelationKind.LINKED)
    bodies.unrelate(actor=actor, relation_id=relation.pk)
    assert not Relation.objects.exists()


def test_a_newer_manual_replaces_and_keeps_the_older():
    actor = officer()
    body = body_of(actor)
    for note in ("4月に名簿を直す", "4月に名簿を直し、5月に案内を出す"):
        bodies.add_manual(actor=actor, body_id=body.pk, title="1年の流れ", note=note)
    assert body.manuals.count() == 2
    assert body.manuals.get(replaced_at__isnull=True).note.endswith("案内を出す")


def test_a_new_regulation_ends_the_one_before_on_its_first_day():
    actor = officer()
    body = body_of(actor)
    terms = Terms("架空市要綱", quorum=QuorumKind.MAJORITY)
    clause = Clause("第1条", "purpose", "目的を定める。")
    first = regulations.add_regulation(
        actor=actor, body_id=body.pk, terms=terms, effective_from=date(2020, 4, 1), clauses=[clause]
    )
    regulations.add_regulation(actor=actor, body_id=body.pk, terms=terms, effective_from=date(2024, 4, 1))
    middle = regulations.add_regulation(actor=actor, body_id=body.pk, terms=terms, effective_from=date(2022, 4, 1))
    first = Regulation.objects.get(pk=first.pk)
    assert first.effective_to == date(2022, 4, 1)
    assert middle.effective_to == date(2024, 4, 1)
    assert first.clauses.count() == 1
    with pytest.raises(regulations.UnableToChangeRegulation, match="もう登録"):
        regulations.add_regulation(actor=actor, body_id=body.pk, terms=terms, effective_from=date(2024, 4, 1))


def test_a_quorum_in_persons_needs_its_number():
    actor = officer()
    body = body_of(actor)
    terms = Terms("要綱", quorum=QuorumKind.NUMBER)
    with pytest.raises(regulations.UnableToChangeRegulation, match="人数"):
        regulations.add_regulation(actor=actor, body_id=body.pk, terms=terms, effective_from=TODAY)
