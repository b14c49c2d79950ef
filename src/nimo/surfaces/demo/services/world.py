"""The shared world: one deterministic set of data for the demo, the tests and the benches.

Real public facts for the regions the sources name, invented people only (marked 架空). Everything goes through the
same services as a person's work, so that what the world shows can be done by hand too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from nimo.community.indicators.services.dictionary import load_dictionary
from nimo.community.indicators.services.statistics import load_national_series, load_prefecture_beds
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.publishing import publish_sections
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.services.invitations import accept_invitation, invite
from nimo.foundation.accounts.services.organisations import create_organisation
from nimo.foundation.regions.services.places import load_municipalities
from nimo.foundation.search.services.synonyms import load_synonyms
from nimo.surfaces.demo.services.collecting import load_collecting
from nimo.surfaces.demo.services.councils import load_councils
from nimo.surfaces.demo.services.writing import load_council_rows, load_writing

DATA = Path(__file__).resolve().parents[1] / "data"
SHEETS = ("saitama-r1.txt", "kanagawa-r3.txt", "gunma-ota-r6.txt")
BEGINNING = date(2024, 4, 1)
PASSWORD = "nimo-demo-2026"  # noqa: S105 - printed on the demo's first lines, of use in the demo only


@dataclass(frozen=True, slots=True)
class DemoUser:
    """An invented user of the demo: how to sign in, and as whom."""

    login_name: str
    name: str
    kana: str
    role: Role
    organisation: str
    kind: OrganisationKind
    region_code: str


def _user(
    login: str, name: str, kana: str, role: Role, organisation: str, kind: OrganisationKind, code: str
) -> DemoUser:
    return DemoUser(login, f"{name}（架空）", kana, role, organisation, kind, code)


K = OrganisationKind
USERS: tuple[DemoUser, ...] = (
    _user("kanri", "管理 太郎", "かんり たろう", Role.SYSTEM_ADMINISTRATOR, "群馬県庁", K.HEAD_OFFICE, "10000"),
    _user("ken-sekinin", "県野 責子", "けんの せきこ", Role.PREFECTURE_MANAGER, "群馬県庁", K.HEAD_OFFICE, "10000"),
    _user("ken", "県山 花子", "けんやま はなこ", Role.PREFECTURE_OFFICER, "群馬県庁", K.HEAD_OFFICE, "10000"),
    _user("kansa", "監査 正", "かんさ ただし", Role.AUDITOR, "群馬県庁", K.HEAD_OFFICE, "10000"),
    _user(
        "hokenjo", "保田 健", "ほだ けん", Role.HEALTH_CENTRE_OFFICER, "太田保健福祉事務所", K.HEALTH_CENTRE, "10000"
    ),
    _user(
        "center",
        "心野 健一",
        "こころの けんいち",
        Role.MENTAL_HEALTH_CENTRE_OFFICER,
        "こころの健康センター",
        K.MENTAL_HEALTH_CENTRE,
        "10000",
    ),
    _user(
        "shi-sekinin", "市川 責一", "いちかわ せきいち", Role.MUNICIPAL_MANAGER, "太田市役所", K.MUNICIPALITY, "10205"
    ),
    _user("shi", "市田 桜", "いちだ さくら", Role.MUNICIPAL_OFFICER, "太田市役所", K.MUNICIPALITY, "10205"),
    _user(
        "byoin", "病野 守", "びょうの まもる", Role.HOSPITAL_WORKER, "架空みほん病院", K.PSYCHIATRIC_HOSPITAL, "10205"
    ),
    _user("shinryo", "診川 円", "しんかわ まどか", Role.CLINIC_WORKER, "架空みほん診療所", K.CLINIC, "10205"),
    _user("houkan", "訪野 看子", "ほうの みこ", Role.HOME_NURSE, "架空みほん訪問看護", K.HOME_NURSING, "10205"),
    _user(
        "soudan",
        "相田 談",
        "そうだ だん",
        Role.CONSULTATION_WORKER,
        "架空みほん相談支援",
        K.CONSULTATION_SUPPORT,
        "10205",
    ),
    _user(
        "houkatsu",
        "包山 括",
        "つつみやま かつ",
        Role.COMMUNITY_SUPPORT_WORKER,
        "架空みほん地域包括支援センター",
        K.COMMUNITY_SUPPORT_CENTRE,
        "10205",
    ),
    _user(
        "shakyo",
        "社田 協",
        "やしろだ きょう",
        Role.WELFARE_COUNCIL_WORKER,
        "架空みほん社会福祉協議会",
        K.WELFARE_COUNCIL,
        "10205",
    ),
    _user("peer", "羽田 友", "はねだ とも", Role.PEER_SUPPORTER, "架空みほんピアの会", K.PEER_GROUP, "10205"),
    _user(
        "kazoku", "家原 族", "いえはら やから", Role.FAMILY_MEMBER, "架空みほん家族会", K.FAMILY_ASSOCIATION, "10205"
    ),
    _user("sumai", "住野 居", "すみの いる", Role.HOUSING_WORKER, "架空みほん居住支援", K.HOUSING_SUPPORT, "10205"),
    _user("shobo", "消川 防", "けしかわ ふせぐ", Role.FIRE_SERVICE_WORKER, "架空みほん消防", K.FIRE_SERVICE, "10205"),
    _user(
        "kuni",
        "国本 事",
        "くにもと つかさ",
        Role.NATIONAL_SECRETARIAT,
        "架空 国事務局",
        K.NATIONAL_SECRETARIAT,
        "00000",
    ),
    _user("adviser", "助川 言", "すけがわ げん", Role.ADVISER, "架空アドバイザーの会", K.ADVISERS, "10000"),
    _user("kenkyu", "研田 究", "とぎた きわむ", Role.RESEARCHER, "架空みほん研究所", K.RESEARCH, "00000"),
)


@dataclass(slots=True)
class World:
    """What was made: sign-in names by role, confirmed sheets."""

    users: list[DemoUser] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


def load_facts(*, actor: Actor) -> None:
    """Regions, dictionary, published statistics. May be run again: what is there stays."""
    load_municipalities(actor=actor)
    load_dictionary(actor=actor)
    load_prefecture_beds(actor=actor)
    load_national_series(actor=actor)
    load_synonyms(actor=actor)


def load_people(*, actor: Actor, password: str = PASSWORD) -> list[DemoUser]:
    """One invented account for each role, made by invitation as anybody else's."""
    organisations: dict[str, object] = {}
    visitor = Actor.anonymous(now=actor.now)
    for user in USERS:
        if user.organisation not in organisations:
            made = create_organisation(
                actor=actor, kind=user.kind, name=user.organisation, region_code=user.region_code, valid_from=BEGINNING
            )
            organisations[user.organisation] = made.pk
        issued = invite(
            actor=actor,
            login_name=user.login_name,
            name=user.name,
            kana=user.kana,
            organisation_id=organisations[user.organisation],  # type: ignore[arg-type]
            role=user.role,
            valid_from=BEGINNING,
        )
        accept_invitation(actor=visitor, code=issued.code, password=password)
    return list(USERS)


def load_sheets(*, actor: Actor, publish: bool = True) -> list[Sheet]:
    """The four sheets of the sources, in our own sentences, taken in, read, confirmed and (if asked) published."""
    confirmed = []
    for name in SHEETS:
        upload = upload_sheet(actor=actor, content=(DATA / name).read_bytes(), name=name)
        upload = read_upload(actor=actor, upload_id=upload.pk)
        for draft in upload.drafts.order_by("position"):
            sheet = confirm_draft(actor=actor, draft_id=draft.pk, version=draft.version)
            if publish:
                keys = list(sheet.sections.values_list("key", flat=True))
                publish_sections(actor=actor, sheet_id=sheet.pk, keys=keys)
            confirmed.append(sheet)
    return confirmed


def load_world(*, actor: Actor, people: bool = True, publish: bool = True) -> World:
    """City size: the facts, the four sheets, one account for each role. The same every time, but for ids and times."""
    load_facts(actor=actor)
    world = World()
    if people:
        world.users = load_people(actor=actor)
    world.sheets = load_sheets(actor=actor, publish=publish)
    if people:
        load_writing(actor=actor)
        load_collecting(actor=actor)
        load_councils(actor=actor)
        load_council_rows(actor=actor)
    return world
