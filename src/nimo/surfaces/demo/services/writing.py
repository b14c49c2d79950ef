"""Sheets under way in the demo: the route of 太田市, its next sheet as its officer might be writing it (架空の内容), and
the councils of two sheets as they come from the records of meetings."""

from __future__ import annotations

from uuid import UUID

from nimo.community.sheets.choices import StepKind
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.queries.council_records import council_part
from nimo.community.sheets.rules.flow import Step
from nimo.community.sheets.services.chapters import save_chapter
from nimo.community.sheets.services.documents import start_document
from nimo.community.sheets.services.filling import fill_basic_info
from nimo.community.sheets.services.filling_councils import fill_councils, place_council
from nimo.community.sheets.services.routes import set_route
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.accounts.queries.rights import actor_for_user

OTA = "10205"
YEAR = 2026


def load_writing(*, actor: Actor) -> SheetDocument:
    """A route over the health centre to the prefecture, and a sheet with last year's sentences and a first result."""
    city = Organisation.objects.get(name="太田市役所")
    centre = Organisation.objects.get(name="太田保健福祉事務所")
    prefecture = Organisation.objects.get(name="群馬県庁")
    set_route(
        actor=actor,
        organisation_id=city.pk,
        name="通常の提出（架空）",
        steps=[
            Step(StepKind.CHECK, "係長", city.pk, city.name),
            Step(StepKind.DECIDE, "課長", city.pk, city.name),
            Step(StepKind.RECEIVE, "保健課", centre.pk, centre.name),
            Step(StepKind.RECEIVE, "障害政策課", prefecture.pk, prefecture.name),
        ],
    )
    officer = actor_for_user(User.objects.get(login_name="shi"), actor.now)
    document = start_document(actor=officer, region_code=OTA, fiscal_year=YEAR, organisation_id=city.pk)
    fill_basic_info(actor=officer, document_id=document.pk, version=1)
    save_chapter(
        actor=officer,
        document_id=document.pk,
        key="results",
        version=1,
        edits={"results.0.actual": "3回（架空）", "results.0.effect": "架空の成果の文です。"},
    )
    return document


def load_council_rows(*, actor: Actor) -> list[SheetDocument]:
    """太田市 says which row is its council's; 群馬県 begins a sheet, whose row comes from the records, and adds a council of
    an invented area with the meetings counted there.
    """
    city = SheetDocument.objects.get(region_id=OTA, fiscal_year=YEAR)
    officer = actor_for_user(User.objects.get(login_name="shi"), actor.now)
    part = council_part(officer, city)
    assert part is not None  # the layout of the year has the chapter
    [offer] = part.rows
    place_council(actor=officer, document_id=city.pk, version=1, body_id=UUID(offer.record.body_id), row=0)
    office = Organisation.objects.get(name="群馬県庁")
    prefect = actor_for_user(User.objects.get(login_name="ken"), actor.now)
    document = start_document(
        actor=prefect, region_code="10000", fiscal_year=YEAR, organisation_id=office.pk, from_last_year=False
    )
    fill_councils(actor=prefect, document_id=document.pk, version=1)
    part = council_part(prefect, document)
    assert part is not None
    core = next(one.record for one in part.rows if one.record.name == "架空L圏域 コアメンバー会議")
    place_council(actor=prefect, document_id=document.pk, version=2, body_id=UUID(core.body_id), row=None)
    return [city, document]
