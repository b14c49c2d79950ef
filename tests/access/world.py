"""One record of everything an address can name, of 群馬県 and its city, and one user for each role here and elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from nimo.community.councils.models.bodies import Body
from nimo.community.councils.tests.meeting_support import meeting_world
from nimo.community.councils.tests.support import council_world
from nimo.community.indicators.models import Observation
from nimo.community.indicators.services.recount import next_marks, recount
from nimo.community.reports.models.collections import CollectionTarget
from nimo.community.reports.services.answers import begin_answer
from nimo.community.reports.services.collections import Asking, begin_collection, move_collection
from nimo.community.sheets.choices import StepKind
from nimo.community.sheets.models.documents import SheetDocument, SheetRoute
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.rules.flow import DecisionFacts, Step
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.documents import start_document
from nimo.community.sheets.services.flow import decide_document, send_document, submit_document
from nimo.community.sheets.services.publishing import publish_sections
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.routes import set_route
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import TEXT
from nimo.community.statistics.tests.support import mapped_and_remembered, pasted
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.accounts.models import Membership, Organisation, User
from nimo.foundation.accounts.queries.rights import actor_for_user
from nimo.foundation.audit.models import Entry
from nimo.foundation.questionnaires.tests.support import questionnaire
from nimo.foundation.regions.choices import ChangeKind, RegionKind
from nimo.foundation.regions.rules.changes import Link
from nimo.foundation.regions.rules.recording import Facts, NewPlace
from nimo.foundation.regions.services.changes import record_change
from nimo.foundation.regions.services.places import create_area
from nimo.foundation.search.services.synonyms import Words, add_synonym
from tests.support.people import NOW, SYSTEM, load_places, user_of

PREFECTURE, CITY, OTHER_PREFECTURE, OTHER_CITY = "10000", "10207", "11000", "11201"
CITY_ROLES = frozenset(
    {
        Role.MUNICIPAL_MANAGER,
        Role.MUNICIPAL_OFFICER,
        Role.HOSPITAL_WORKER,
        Role.CLINIC_WORKER,
        Role.HOME_NURSE,
        Role.CONSULTATION_WORKER,
        Role.COMMUNITY_SUPPORT_WORKER,
        Role.WELFARE_COUNCIL_WORKER,
        Role.PEER_SUPPORTER,
        Role.FAMILY_MEMBER,
        Role.HOUSING_WORKER,
        Role.FIRE_SERVICE_WORKER,
    }
)
EVERYWHERE = frozenset({Role.NATIONAL_SECRETARIAT, Role.RESEARCHER})


@dataclass(slots=True)
class World:
    here: dict[Role, User]
    elsewhere: dict[Role, User]
    arguments: dict[str, Any]


def _region(role: Role, *, here: bool) -> str:
    if role in EVERYWHERE:
        return "00000"
    if role in CITY_ROLES:
        return CITY if here else OTHER_CITY
    return PREFECTURE if here else OTHER_PREFECTURE


def _confirmed(actor: Actor, text: str, name: str) -> Sheet:
    upload = read_upload(actor=actor, upload_id=upload_sheet(actor=actor, content=text.encode(), name=name).pk)
    draft = upload.drafts.get()
    return confirm_draft(actor=actor, draft_id=draft.pk, version=draft.version)


def _submitted(officer: Actor, manager: Actor) -> SheetDocument:
    """A sheet written here and handed in, so that the bodies above see it as well."""
    organisation = officer.organisation
    assert organisation is not None
    town, name = organisation.organisation_id, organisation.organisation_name
    centre, _ = Organisation.objects.get_or_create(
        region_id=PREFECTURE, kind=OrganisationKind.HEALTH_CENTRE, defaults={"name": "架空の保健所"}
    )
    steps = [Step(StepKind.DECIDE, "課長", town, name), Step(StepKind.RECEIVE, "担当", centre.pk, centre.name)]
    route = set_route(actor=manager, organisation_id=town, name="通常", steps=steps)
    document = start_document(actor=officer, region_code=CITY, fiscal_year=2026, organisation_id=town)
    document = send_document(
        actor=officer, document_id=document.pk, version=document.version, route_id=route.pk, note=""
    )
    facts = DecisionFacts(NOW.date(), "架空第1号")
    document = decide_document(actor=manager, document_id=document.pk, version=document.version, facts=facts)
    submit_document(actor=officer, document_id=document.pk, version=document.version)
    return document


def _collected(officer: Actor) -> CollectionTarget:
    """The prefecture asks the city for its sheet."""
    asking = Asking("架空の提出のお願い", NOW.date())
    made = begin_collection(actor=officer, fiscal_year=2026, asking=asking, region_codes=[CITY])
    move_collection(actor=officer, collection_id=made.pk, version=made.version, move="open")
    return made.targets.get()


def make_world() -> World:
    load_places()
    here = {role: user_of(role, _region(role, here=True)) for role in Role}
    elsewhere = {role: user_of(role, _region(role, here=False)) for role in Role}
    officer = actor_for_user(here[Role.MUNICIPAL_OFFICER], NOW)
    sheet = _confirmed(officer, TEXT, "確定.txt")
    older = TEXT.replace("(R6年度)", "(R5年度)").replace("(R5年度)\t目標値", "(R4年度)\t目標値")
    public = _confirmed(
        officer, older.replace("令和6年", "令和5年").replace("現状値 (R5年度)", "現状値 (R4年度)"), "公開.txt"
    )
    publish_sections(actor=SYSTEM, sheet_id=public.pk, keys=list(public.sections.values_list("key", flat=True)))
    waiting = read_upload(
        actor=officer, upload_id=upload_sheet(actor=officer, content=TEXT.encode(), name="待ち.txt").pk
    )
    document = _submitted(officer, actor_for_user(here[Role.MUNICIPAL_MANAGER], NOW))
    recount(actor=SYSTEM, marks=next_marks(actor=SYSTEM, region_code=None, after=0))
    asked_for = _collected(actor_for_user(here[Role.PREFECTURE_OFFICER], NOW))
    answer = begin_answer(actor=officer, region_code=CITY, indicator_codes=["population"])
    statistics = pasted(actor_for_user(here[Role.PREFECTURE_OFFICER], NOW), "名前\t数\n前橋市\t1\n")
    mapped = mapped_and_remembered(actor_for_user(here[Role.PREFECTURE_OFFICER], NOW))
    area = create_area(
        actor=SYSTEM, prefecture_code=PREFECTURE, kind=RegionKind.WELFARE_AREA, name="架空圏域", kana="かくう"
    )
    village = NewPlace("10998", RegionKind.VILLAGE, "架空村", "かくうむら", former=True)
    merged = Facts(
        ChangeKind.MERGER,
        date(2026, 4, 1),
        "架空県告示第1号",
        links=(Link(CITY, CITY), Link("10998", CITY)),
        new=(village,),
    )
    change = record_change(actor=SYSTEM, prefecture_code=PREFECTURE, facts=merged).change
    asked = questionnaire(officer)
    synonym = add_synonym(actor=SYSTEM, words=Words("アパート", ["住居"]))
    councils = council_world(officer)
    managed = here[Role.MUNICIPAL_OFFICER]
    membership = Membership.objects.get(user=managed)
    return World(
        here=here,
        elsewhere=elsewhere,
        arguments={
            "code": CITY,
            "public_code": CITY,
            "prefecture_code": CITY,
            "whole_prefecture": PREFECTURE,
            "area_code": area.code,
            "region_code": CITY,
            "change_id": change.pk,
            "change_kind": ChangeKind.MERGER.value,
            "fiscal_year": public.fiscal_year,
            "year": 2026,
            "kind": RegionKind.WELFARE_AREA.value,
            "synonym_id": synonym.pk,
            "upload_id": waiting.pk,
            "draft_id": waiting.drafts.get().pk,
            "sheet_id": sheet.pk,
            "document_id": document.pk,
            "submission_id": document.submissions.get().pk,
            "route_id": SheetRoute.objects.get().pk,
            "key": "strengths",
            "file_format": "xlsx",
            "move": "return",
            "indicator_code": "population",
            "derived_code": "long_stay_share",
            "derived_region": CITY,
            "derived_year": 2023,
            "public_observation_id": Observation.objects.published().filter(source=public.source_id).first().pk,
            "counted_observation_id": Observation.objects.live()
            .get(source__kind="counted", indicator_id="sheets_confirmed", region_id=CITY, fiscal_year=sheet.fiscal_year)
            .pk,
            "public_source_id": public.source_id,
            "source_id": sheet.source_id,
            "file_id": waiting.file_id,
            "job_id": waiting.job_id,
            "answer_id": answer.pk,
            "collection_id": asked_for.collection_id,
            "collection_move": "close",
            "target_id": asked_for.pk,
            "number": 1,
            "import_id": mapped.pk,
            "mapped_import_id": statistics.pk,
            "mapping_id": mapped.mapping_id,
            **asked,
            **councils,
            **meeting_world(officer, Body.objects.get(pk=councils["body_id"])),
            "any_id": uuid4(),
            "invitation_code": "no-such-code",
            "user_id": managed.pk,
            "membership_id": membership.pk,
            "organisation_id": membership.organisation_id,
            "entry_id": Entry.objects.order_by("id").first().pk,
            "component": "button",
        },
    )
