"""A sheet under way in the demo: the route of 太田市, and its next sheet as its officer might be writing it (架空の内容)."""

from __future__ import annotations

from nimo.community.sheets.choices import StepKind
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.rules.flow import Step
from nimo.community.sheets.services.chapters import save_chapter
from nimo.community.sheets.services.documents import start_document
from nimo.community.sheets.services.filling import fill_basic_info
from nimo.community.sheets.services.routes import set_route
from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.accounts.queries import actor_for_user

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
