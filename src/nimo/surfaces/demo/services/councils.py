"""Councils of the demo: public facts of the places the sources name, and two invented systems (架空L圏域, 架空I市)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from nimo.community.councils.choices.bodies import (
    BodyAudience,
    Category,
    HatKind,
    Layer,
    Participation,
    PurposeLevel,
    QuorumKind,
    Standing,
    Stated,
)
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.posts import Holding
from nimo.community.councils.rules.bodies import BodyFacts
from nimo.community.councils.rules.posts import PersonFacts, SeatTerms
from nimo.community.councils.rules.regulations import Terms
from nimo.community.councils.services.bodies import create_body, relate, set_hats, share_purpose
from nimo.community.councils.services.meetings import MeetingFacts, record_meeting
from nimo.community.councils.services.posts import add_post, seat
from nimo.community.councils.services.regulations import add_regulation
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.accounts.services.organisations import create_organisation
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.services.places import create_area
from nimo.surfaces.demo.services.council_systems import (
    EDGES,
    GUNMA,
    I_CITY,
    KANAGAWA,
    L_AREA,
    OTA,
    REAL,
    REAL_EDGES,
    SAITAMA,
    Invented,
)
from nimo.surfaces.demo.services.council_year import load_council_year

BEGUN = date(2025, 4, 1)
SEATS = (
    ("保健師", "架空保健所", Category.HEALTH),
    ("地域連携室 看護師", "架空みほん病院", Category.PSYCHIATRY),
    ("精神保健福祉士", "架空みほん病院", Category.PSYCHIATRY),
    ("相談支援専門員", "架空みほん相談支援", Category.WELFARE),
    ("委員", "", Category.PEER),
    ("委員", "", Category.FAMILY),
    ("委員", "", Category.OTHER),
    ("主任ケアマネジャー", "架空みほん地域包括支援センター", Category.CARE),
)
NAMES = ("架空 一郎", "架空 二葉", "架空 三枝", "架空 四郎", "架空 五月", "架空 六花", "架空 七海", "架空 八重")
CAME: Mapping[Category, int | None] = {
    Category.HEALTH: 3,
    Category.PSYCHIATRY: 4,
    Category.MEDICAL: 1,
    Category.WELFARE: 5,
    Category.CARE: 1,
    Category.PEER: 1,
    Category.FAMILY: 1,
    Category.OTHER: 0,
}


def load_councils(*, actor: Actor) -> list[Body]:
    """Every body of the demo, their relations, the people of one of them, and the invented bodies' meetings of 令和7年度."""
    real = _real(actor)
    keeper = Organisation.objects.get(name="群馬県庁").pk
    area = create_area(
        actor=actor, prefecture_code=GUNMA, kind=RegionKind.WELFARE_AREA, name="架空L圏域", kana="かくうえるけんいき"
    )
    town = create_area(
        actor=actor, prefecture_code=GUNMA, kind=RegionKind.WELFARE_AREA, name="架空I市の圏域", kana="かくうあいし"
    )
    invented = {one.name: _invented(actor, one, area.code, keeper) for one in L_AREA}
    invented |= {one.name: _invented(actor, one, town.code, keeper) for one in I_CITY}
    for source, target, kind in EDGES:
        relate(actor=actor, source_id=invented[source].pk, target_id=invented[target].pk, kind=kind)
    core = invented["架空L圏域 コアメンバー会議"]
    held = _seated(actor, core)
    city_core = invented["架空I市圏域 包括支援会議"]
    post = add_post(
        actor=actor, body_id=city_core.pk, title="保健師", affiliation="架空保健所", category=Category.HEALTH
    )
    seat(actor=actor, post_id=post.pk, person=held.participant_id, terms=SeatTerms(valid_from=BEGUN))
    add_regulation(
        actor=actor,
        body_id=core.pk,
        terms=Terms(
            "架空L圏域コアメンバー会議設置要綱",
            quorum=QuorumKind.MAJORITY,
            written=Stated.NO,
            online=Stated.YES,
            term_months=24,
            participation=Participation.EITHER,
        ),
        effective_from=BEGUN,
    )
    share_purpose(
        actor=actor,
        body_id=core.pk,
        level=PurposeLevel.WHOLE,
        text="長く入院している人が、望む地域で暮らせるようにする（架空）。",
        on=BEGUN,
    )
    load_council_year(actor=actor, core=core, above=invented["架空L圏域 実務者会議"])
    return [*real, *invented.values()]


def _invented(actor: Actor, one: Invented, region_code: str, keeper: UUID) -> Body:
    body = create_body(
        actor=actor,
        organisation_id=keeper,
        facts=BodyFacts(
            one.name,
            one.layer,
            one.kind,
            GUNMA if one.layer is Layer.PREFECTURE else region_code,
            counts_as_council=one.counts,
            audience=BodyAudience.PUBLIC,
            axes=one.axes,
            secretariat="架空の事務局",
            frequency=f"年{one.meetings}回" if one.meetings else "",
            established_on=BEGUN,
            reference="架空の例",
        ),
    )
    for number in range(one.meetings):
        month = 5 + number * 10 // one.meetings if one.meetings <= 10 else 4 + number
        held_on = date(2025 + (month > 12), (month - 1) % 12 + 1, 15)
        facts = MeetingFacts(
            held_on=held_on, summary="架空の会議の要旨です。", goals_reviewed=number == one.meetings - 1
        )
        record_meeting(actor=actor, body_id=body.pk, facts=facts, counts=CAME)
    return body


def _seated(actor: Actor, body: Body) -> Holding:
    """The first of them sits in another body too: a link on the diagram."""
    held = []
    for name, (title, affiliation, category) in zip(NAMES, SEATS, strict=True):
        post = add_post(actor=actor, body_id=body.pk, title=title, affiliation=affiliation, category=category)
        standing = Standing.OBSERVER if category is Category.CARE else Standing.MEMBER
        terms = SeatTerms(
            standing, BEGUN, fee_yen=0 if affiliation else 8000, travel_paid=not affiliation, travel_yen=620
        )
        held.append(seat(actor=actor, post_id=post.pk, person=PersonFacts(name), terms=terms))
    return held[0]


def _real(actor: Actor) -> list[Body]:
    """What the sheets of 埼玉, 神奈川, 群馬 and 太田市 say in public."""
    offices = {GUNMA: Organisation.objects.get(name="群馬県庁").pk, OTA: Organisation.objects.get(name="太田市役所").pk}
    for code, name in ((SAITAMA, "埼玉県庁"), (KANAGAWA, "神奈川県庁")):
        office = create_organisation(
            actor=actor, kind=OrganisationKind.HEAD_OFFICE, name=name, region_code=code, valid_from=BEGUN
        )
        offices[code] = office.pk
    bodies = {
        one.name: create_body(
            actor=actor,
            organisation_id=offices[one.owner],
            facts=BodyFacts(
                one.name,
                one.layer,
                one.kind,
                one.code,
                counts_as_council=one.counts,
                audience=BodyAudience.PUBLIC,
                frequency=one.often,
                secretariat=one.secretariat,
                reference=one.reference,
            ),
        )
        for one in REAL
    }
    set_hats(
        actor=actor,
        body_id=bodies["群馬県精神障害者地域移行支援事業運営協議会"].pk,
        version=1,
        hats=[(HatKind.INPATIENT_VISITS, ""), (HatKind.DISCHARGE_PROMOTION, "")],
    )
    for source, target, kind in REAL_EDGES:
        relate(actor=actor, source_id=bodies[source].pk, target_id=bodies[target].pk, kind=kind)
    return list(bodies.values())
