"""Every address of nimo as somebody who knows all the numbers in it would try them; and the people who try."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from nimo.community.councils.models.bodies import Body, Relation
from nimo.community.councils.models.meetings import AgendaItem, Meeting, Paper
from nimo.community.councils.models.minutes import Decision, Referral
from nimo.community.councils.models.posts import Holding, Post
from nimo.community.councils.models.regulations import Regulation
from nimo.community.councils.models.years import PlannedMeeting
from nimo.community.indicators.models import Observation
from nimo.community.reports.models.answers import AnswerSheet
from nimo.community.reports.models.collections import Collection, CollectionTarget
from nimo.community.sheets.models.documents import SheetDocument, SheetRoute
from nimo.community.sheets.models.imports import SheetDraft, SheetUpload
from nimo.community.sheets.models.sheets import Sheet
from nimo.community.sheets.models.submissions import SheetSubmission
from nimo.community.statistics.models import ColumnMapping, StatisticsImport
from nimo.foundation.access.permissions import Role
from nimo.foundation.audit.models import Entry
from nimo.foundation.jobs.models import Job
from nimo.foundation.notices.models import Notice
from nimo.foundation.questionnaires.models.answers import Answer as QuestionnaireAnswer
from nimo.foundation.questionnaires.models.forms import Form, FormVersion
from nimo.foundation.questionnaires.models.rounds import Invitation as QuestionnaireInvitation
from nimo.foundation.questionnaires.models.rounds import Round
from nimo.foundation.search.models import SearchSynonym
from tests.architecture.test_views import PATTERNS
from tests.journeys.people import signed_in
from tests.leaks.sheets import CITY, CITY_YEAR, PREFECTURE, PREFECTURE_YEAR
from tests.support.engines import asking
from tests.support.people import user_of

STRANGERS: Mapping[str, tuple[Role, str]] = {
    "a researcher": (Role.RESEARCHER, "00000"),
    "a hospital worker of the city": (Role.HOSPITAL_WORKER, CITY),
    "an officer of another prefecture": (Role.PREFECTURE_OFFICER, "11000"),
    "the manager of another prefecture": (Role.PREFECTURE_MANAGER, "11000"),
    "an officer of another city of the prefecture": (Role.MUNICIPAL_OFFICER, "10201"),
}
"""Who signs in and still may know nothing of the sheet of the city. The prefecture's own are no strangers."""

FEW = ("a hospital worker of the city", "an officer of another prefecture")
"""Who of them asks on PostgreSQL (tests.support.engines)."""
VISITOR = "a visitor"
UNMAPPED = (
    "/robots.txt",
    "/sitemap.xml",
    "/favicon.ico",
    "/.well-known/security.txt",
    "/no/such/page/",
    "/media/",
    "/static/",
)


def strangers() -> dict[str, Client]:
    """The visitor first."""
    names = asking(tuple(STRANGERS), FEW)
    return {VISITOR: Client()} | {name: signed_in(user_of(*STRANGERS[name])) for name in names}


def _known(*, every_figure: bool) -> dict[str, list[Any]]:
    """Everything an address can name, as it stands in the tables now; the names are those of the addresses."""
    observations = Observation.objects.order_by("pk")
    if not every_figure:  # the small number of patients stands for all of them
        observations = observations.filter(indicator_id="inpatients_3_to_12_months")
    sheets, uploads = list(Sheet.objects.all()), list(SheetUpload.objects.all())
    nobody: list[UUID] = [uuid4()]
    return {
        "code": [CITY, PREFECTURE, "00000"],
        "indicators:code": sorted(set(observations.values_list("indicator_id", flat=True))) or ["population"],
        "derived_code": ["months_3_to_12_share", "long_stay_share", "inpatients_change"],
        "region_code": [CITY, PREFECTURE],
        "indicators:fiscal_year": [CITY_YEAR - 1, CITY_YEAR],
        "accounts:code": ["no-such-code"],
        "regions:code": [CITY, PREFECTURE],
        "area_code": [CITY],
        "change_id": nobody,
        "kind": ["welfare_area"],
        "fiscal_year": [CITY_YEAR, PREFECTURE_YEAR],
        "year": [CITY_YEAR],
        "document_id": list(SheetDocument.objects.values_list("pk", flat=True)) or nobody,
        "submission_id": list(SheetSubmission.objects.values_list("pk", flat=True)) or nobody,
        "route_id": list(SheetRoute.objects.values_list("pk", flat=True)) or nobody,
        "key": ["strengths"],
        "file_format": ["xlsx", "pdf"],
        "move": ["return"],
        "upload_id": [upload.pk for upload in uploads] or nobody,
        "draft_id": list(SheetDraft.objects.values_list("pk", flat=True)) or nobody,
        "sheet_id": [sheet.pk for sheet in sheets] or nobody,
        "observation_id": list(observations.values_list("pk", flat=True)) or [1],
        "source_id": [sheet.source_id for sheet in sheets if sheet.source_id] or [1],
        "file_id": [upload.file_id for upload in uploads] or nobody,
        "job_id": list(Job.objects.values_list("pk", flat=True)) or nobody,
        "notice_id": list(Notice.objects.values_list("pk", flat=True)) or nobody,
        "import_id": list(StatisticsImport.objects.values_list("pk", flat=True)) or nobody,
        "mapping_id": list(ColumnMapping.objects.values_list("pk", flat=True)) or nobody,
        "synonym_id": list(SearchSynonym.objects.values_list("pk", flat=True)) or nobody,
        "user_id": [upload.uploaded_by_id for upload in uploads if upload.uploaded_by_id] or nobody,
        "membership_id": nobody,
        "hand_over_id": nobody,
        "organisation_id": [upload.organisation_id for upload in uploads if upload.organisation_id] or nobody,
        "answer_id": list(AnswerSheet.objects.values_list("pk", flat=True)) or nobody,
        "collection_id": list(Collection.objects.values_list("pk", flat=True)) or nobody,
        "target_id": list(CollectionTarget.objects.values_list("pk", flat=True)) or nobody,
        "reports:move": ["close"],
        "entry_id": list(Entry.objects.filter(verb="sheets.confirm").values_list("pk", flat=True)) or [1],
        "name": ["button"],
        "questionnaires:code": ["no-such-code"],
        "form_id": list(Form.objects.values_list("pk", flat=True)) or nobody,
        "version_id": list(FormVersion.objects.values_list("pk", flat=True)) or nobody,
        "round_id": list(Round.objects.values_list("pk", flat=True)) or nobody,
        "invitation_id": list(QuestionnaireInvitation.objects.values_list("pk", flat=True)[:3]) or nobody,
        "questionnaires:answer_id": list(QuestionnaireAnswer.objects.values_list("pk", flat=True)[:3]) or nobody,
        "body_id": list(Body.objects.values_list("pk", flat=True)) or nobody,
        "relation_id": list(Relation.objects.values_list("pk", flat=True)) or nobody,
        "regulation_id": list(Regulation.objects.values_list("pk", flat=True)) or nobody,
        "post_id": list(Post.objects.values_list("pk", flat=True)) or nobody,
        "holding_id": list(Holding.objects.values_list("pk", flat=True)) or nobody,
        "meeting_id": list(Meeting.objects.values_list("pk", flat=True)) or nobody,
        "item_id": list(AgendaItem.objects.values_list("pk", flat=True)) or nobody,
        "paper_id": list(Paper.objects.values_list("pk", flat=True)) or nobody,
        "decision_id": list(Decision.objects.values_list("pk", flat=True)) or nobody,
        "referral_id": list(Referral.objects.values_list("pk", flat=True)) or nobody,
        "planned_id": list(PlannedMeeting.objects.values_list("pk", flat=True)) or nobody,
        "councils:kind": ["agenda", "roster", "minutes", "call", "pack", "calendar"],
        "link_id": ["q2"],
        "number": [1],
    }


def addresses(*, every_figure: bool = False) -> list[str]:
    """Every address with every combination of what it can name; an argument nobody thought of fails here."""
    known = _known(every_figure=every_figure)
    found = set(UNMAPPED)
    for _, namespace, entry in PATTERNS:
        name = f"{namespace}:{entry.name}" if namespace else str(entry.name)
        arguments = [(known.get(f"{namespace}:{one}") or known[one]) for one in entry.pattern.converters]
        found.update(reverse(name, args=chosen) for chosen in product(*arguments))
    return sorted(found, key=lambda path: (path.startswith("/accounts/"), path))


_CHANGING = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"'), "csrf"),
    (re.compile(r'"X-CSRFToken": "[^"]*"'), "csrf"),
    (re.compile(r"/(observations|sources)/\d+/"), r"/\1/N/"),
    (re.compile(r"/laid/(\w+)/\d+/"), r"/laid/\1/N/"),
    (re.compile(r'<option value="[0-9a-f-]{36}"'), '<option value="own"'),  # one's own organisation, made anew
)


def told(answer: HttpResponse) -> str:
    """All an answer says: status, headers, body; without what differs from one request to the next."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    head = "\n".join(
        f"{name}: {value}" for name, value in sorted(answer.items()) if name not in {"Content-Length", "Expires"}
    )
    text = f"{answer.status_code}\n{head}\n\n{body.decode('utf-8', 'replace')}"
    for pattern, instead in _CHANGING:
        text = pattern.sub(instead, text)
    return text


def ask(client: Client, paths: Iterable[str], *, post: bool = False) -> dict[str, str]:
    """path → what is told about it. A POST carries nothing: it must be refused or do nothing."""
    answers = {}
    for path in paths:
        if post and path.startswith("/accounts/"):
            continue  # signing out, switching: the reader would be somebody else afterwards
        answers[path] = told(client.post(path) if post else client.get(path))
    return answers
