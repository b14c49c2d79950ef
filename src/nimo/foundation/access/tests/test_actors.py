"""The same rule as a check and as a filter: they cannot disagree."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.foundation.access.actors import Actor, Grant
from nimo.foundation.access.permissions import Permission, Role, Scope
from nimo.foundation.access.rules import ALLOWED, refused

NOW = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
REGIONS = ["10000", "10205", "10203", "14100"]
ORGANISATIONS = [UUID(int=number) for number in range(4)]

grants = st.builds(
    Grant,
    role=st.just(Role.ADVISER),
    organisation_id=st.sampled_from(ORGANISATIONS),
    organisation_name=st.just("組織"),
    region_code=st.just("10000"),
    region_codes=st.one_of(st.none(), st.frozensets(st.sampled_from(REGIONS))),
    scopes=st.dictionaries(st.sampled_from(list(Permission)[:3]), st.sampled_from(list(Scope))),
)
actors = st.builds(
    Actor, kind=st.just("user"), now=st.just(NOW), name=st.just("人"), grants=st.lists(grants, max_size=3).map(tuple)
)


@given(actors, st.sampled_from(list(Permission)[:3]), st.sampled_from(REGIONS), st.sampled_from(ORGANISATIONS))
def test_may_and_reach_give_the_same_answer(actor, permission, region, organisation):
    reach = actor.reach(permission)
    by_filter = reach.everything or region in reach.region_codes or organisation in reach.organisation_ids
    assert actor.may(permission, region_code=region, organisation_id=organisation) == by_filter


@given(actors, st.sampled_from(list(Permission)[:3]), st.sampled_from(REGIONS), st.sampled_from(ORGANISATIONS))
def test_whoever_may_here_may_somewhere(actor, permission, region, organisation):
    if actor.may(permission, region_code=region, organisation_id=organisation):
        assert actor.has_anywhere(permission)


def test_nobody_in_particular_may_nothing_and_the_system_may_everything():
    public, system = Actor.anonymous(now=NOW), Actor.system("試験", now=NOW)
    for permission in Permission:
        assert not public.has_anywhere(permission)
        assert not public.may(permission, region_code="10000")
        assert system.may(permission, region_code="10000")
        assert system.reach(permission).everything


def test_the_day_is_reckoned_in_japan():
    assert str(Actor.system("試験", now=NOW).today) == "2026-04-01"


def test_the_acting_organisation_is_the_chosen_one_while_it_is_held():
    held = tuple(
        Grant(Role.ADVISER, organisation, str(organisation.int), "10000", None, {}) for organisation in ORGANISATIONS
    )
    actor = Actor(kind="user", now=NOW, name="人", grants=held, acting_organisation_id=ORGANISATIONS[2])
    assert actor.organisation.organisation_id == ORGANISATIONS[2]
    lost = Actor(kind="user", now=NOW, name="人", grants=held[:1], acting_organisation_id=ORGANISATIONS[2])
    assert lost.organisation.organisation_id == ORGANISATIONS[0]
    assert Actor(kind="user", now=NOW, name="人").organisation is None


def test_a_refusal_carries_a_reason():
    assert bool(ALLOWED)
    assert not refused("理由")
    with pytest.raises(ValueError, match="reason"):
        refused("")
