from __future__ import annotations

import pytest

from nimo.community.councils.choices.bodies import BodyKind, Layer, RelationKind
from nimo.community.councils.models.bodies import Body, Relation
from nimo.community.councils.queries.diagram import system_of
from nimo.community.councils.services import bodies
from nimo.community.councils.tests.support import CITY, PREFECTURE, body_of, officer, seated
from nimo.core.fiscal import FiscalYear
from nimo.core.ids import new_id
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.queries.places import municipalities_of, region
from nimo.foundation.regions.services.members import set_members
from nimo.foundation.regions.services.places import create_area
from tests.journeys.people import signed_in
from tests.support.people import NOW, actor_of, load_places, user_of
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture(autouse=True)
def _places():
    load_places()


def test_the_diagram_draws_every_body_and_says_how_many_people_two_share():
    actor = officer()
    one, other = body_of(actor, "架空市協議会"), body_of(actor, "架空市部会")
    held = seated(actor, one, "架空 花子")
    from_other = seated(actor, other, "架空 次郎")
    assert from_other.participant_id != held.participant_id
    system = system_of(actor, region(CITY))
    assert {box.title for box in system.diagram.boxes} == {"架空市協議会（館林市）", "架空市部会（館林市）"}
    assert not system.diagram.lines
    assert "花子" not in str(system)


def test_the_diagram_asks_the_same_questions_however_many_bodies_there_are():
    actor = officer()
    top = body_of(actor, "架空市協議会")

    def grow():
        for number in range(8):
            body = body_of(actor, f"架空市部会{Body.objects.count()}-{number}")
            bodies.relate(actor=actor, source_id=body.pk, target_id=top.pk, kind=RelationKind.SUBCOMMITTEE)

    grow()
    assert_constant_queries(lambda: system_of(actor, region(CITY)), grow)


def _bodies(rows, edges=()):
    """rows: (name, layer, region); edges: (from, to, kind) by name."""
    keeper = Organisation.objects.get_or_create(region_id=PREFECTURE, kind="head_office", name="架空県庁")[0]
    made = Body.objects.bulk_create(
        Body(
            id=new_id(),
            organisation=keeper,
            region_id=code,
            name=name,
            kana=name,
            layer=layer,
            kind=BodyKind.OTHER,
            audience="public",
            created_at=NOW,
        )
        for name, layer, code in rows
    )
    by_name = {one.name: one for one in [*made, *Body.objects.all()]}
    Relation.objects.bulk_create(
        Relation(id=new_id(), source=by_name[one], target=by_name[other], kind=kind, created_at=NOW)
        for one, other, kind in edges
    )


def _prefecture(towns=30):
    """An area with its council and members, a council nobody gave an area, and towns in both, in one and in none."""
    actor = actor_of(Role.PREFECTURE_OFFICER, PREFECTURE)
    area = create_area(
        actor=actor_of(Role.SYSTEM_ADMINISTRATOR, PREFECTURE),
        kind=RegionKind.WELFARE_AREA,
        prefecture_code=PREFECTURE,
        name="架空東圏域",
        kana="かくうひがし",
    )
    codes = [one.code for one in municipalities_of(PREFECTURE)][:towns]
    set_members(
        actor=actor_of(Role.SYSTEM_ADMINISTRATOR, PREFECTURE),
        area_code=area.code,
        fiscal_year=FiscalYear.of(actor.today),
        child_codes=codes[:10],
        version=1,
    )
    rows = [
        ("県協議会", Layer.PREFECTURE, PREFECTURE),
        ("東代表者", Layer.WELFARE_AREA, area.code),
        ("西代表者", Layer.WELFARE_AREA, PREFECTURE),
        ("病院委員会", Layer.HOSPITAL, PREFECTURE),
        *((f"{code}の会", Layer.MUNICIPALITY, code) for code in codes),
        *((f"{code}の部会", Layer.MUNICIPALITY, code) for code in codes),
    ]
    edges = [
        ("東代表者", "県協議会", RelationKind.REPORT),
        ("西代表者", "県協議会", RelationKind.REPORT),
        ("病院委員会", "西代表者", RelationKind.LINKED),
        *((f"{code}の会", "西代表者", RelationKind.REPORT) for code in codes[10:20]),
        *((f"{code}の部会", f"{code}の会", RelationKind.SUBCOMMITTEE) for code in codes[10:20]),
    ]
    _bodies(rows, edges)
    return actor


def test_a_prefecture_is_shown_whole_and_area_by_area():
    actor = _prefecture()
    system = system_of(actor, region(PREFECTURE))
    assert [page.diagram.title for page in system.pages] == [
        "群馬県の会議体のつながり",
        "架空東圏域の会議体のつながり",
        "「西代表者」と、その下の会議体のつながり",
        "圏域の決まっていないところの会議体のつながり",
    ]
    assert [page.number for page in system.pages] == [64, 21, 22, 20]
    whole = system.pages[0].diagram
    folded = {box.title: box.href for box in whole.boxes if box.stacked}
    assert folded == {
        "市町村20 （架空東圏域）": "#system-1",
        "市町村20 （西代表者）": "#system-2",
        "病院内1 （西代表者）": "#system-2",
        "市町村20 （圏域の決まっていないところ）": "#system-3",
    }
    assert [box.title for box in system.pages[2].diagram.boxes if box.outside] == ["県協議会（群馬県）"]


def test_each_page_names_its_own_gaps_and_none_is_lost():
    system = system_of(_prefecture(), region(PREFECTURE))
    said = [gap.text for page in system.pages for gap in page.gaps]
    assert sorted(said) == sorted(gap.text for gap in system.gaps)
    alone = [gap.text for gap in system.pages[1].gaps if gap.code == "alone"]
    assert len(alone) == 20


def test_the_page_of_a_prefecture_lists_its_pictures_and_marks_each_for_the_printer():
    _prefecture()
    client = signed_in(user_of(Role.PREFECTURE_OFFICER, PREFECTURE))
    page = client.get(f"/councils/diagram/{PREFECTURE}/").content.decode()
    assert page.count('class="diagram__svg"') == 4
    assert page.count('href="#system-1"') >= 2
    assert all(f'id="{key}"' in page for key in ("system", "system-1", "system-2", "system-3"))


def test_a_split_diagram_asks_the_same_questions_however_many_bodies_there_are():
    actor = _prefecture(25)

    def grow():
        _bodies((f"架空部会{Body.objects.count()}-{one}", Layer.MUNICIPALITY, CITY) for one in range(60))

    assert_constant_queries(lambda: system_of(actor, region(PREFECTURE)), grow)
