"""The offices of an invented way of a sheet: a town, its health centre, the prefecture."""

from __future__ import annotations

from dataclasses import dataclass

from nimo.community.sheets.choices import StepKind
from nimo.community.sheets.models.documents import SheetChapter, SheetDocument, SheetRoute
from nimo.community.sheets.rules.flow import Step
from nimo.community.sheets.services.chapters import save_chapter
from nimo.community.sheets.services.documents import start_document
from nimo.community.sheets.services.routes import set_route
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.models import Organisation
from tests.support.people import actor_of

CITY, PREFECTURE = "10207", "10000"


def step(kind: StepKind, actor: Actor, post: str) -> Step:
    assert actor.organisation is not None
    return Step(kind, post, actor.organisation.organisation_id, actor.organisation.organisation_name)


@dataclass
class Offices:
    """Officer and manager of the town, an officer of the health centre and one of the prefecture, and the route."""

    officer: Actor
    manager: Actor
    centre: Actor
    prefecture: Actor
    route: SheetRoute

    @classmethod
    def make(cls) -> Offices:
        officer, manager = actor_of(Role.MUNICIPAL_OFFICER, CITY), actor_of(Role.MUNICIPAL_MANAGER, CITY)
        centre = actor_of(Role.HEALTH_CENTRE_OFFICER, PREFECTURE)
        prefecture = actor_of(Role.PREFECTURE_OFFICER, PREFECTURE)
        route = set_route(
            actor=manager,
            organisation_id=town_of(officer),
            name="通常の提出",
            steps=[
                step(StepKind.CHECK, officer, "係長"),
                step(StepKind.DECIDE, manager, "課長"),
                step(StepKind.RECEIVE, centre, "保健予防課"),
                step(StepKind.RECEIVE, prefecture, "障害福祉課"),
            ],
        )
        return cls(officer, manager, centre, prefecture, route)


def town_of(actor: Actor):
    assert actor.organisation is not None
    return actor.organisation.organisation_id


def start(officer: Actor, fiscal_year: int = 2026, **more) -> SheetDocument:
    return start_document(
        actor=officer, region_code=CITY, fiscal_year=fiscal_year, organisation_id=town_of(officer), **more
    )


def write(officer: Actor, document: SheetDocument, key: str, **edits: str) -> SheetChapter:
    """Texts into a chapter; "__" in a name stands for the dot of a path."""
    chapter = document.chapters.get(key=key)
    return save_chapter(
        actor=officer,
        document_id=document.pk,
        key=key,
        version=chapter.version,
        edits={path.replace("__", "."): text for path, text in edits.items()},
    )


def end_organisation(actor: Actor, day) -> None:
    Organisation.objects.filter(pk=town_of(actor)).update(valid_to=day)
