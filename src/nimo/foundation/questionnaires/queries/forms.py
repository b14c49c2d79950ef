"""Read models of the builder and of the list."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.questionnaires.choices import RoundState, VersionState
from nimo.foundation.questionnaires.models.forms import Form, FormVersion
from nimo.foundation.questionnaires.models.rounds import Round
from nimo.foundation.questionnaires.policies import managed_rounds, manages, visible_forms, visible_rounds
from nimo.foundation.questionnaires.rules.checking import Finding, check_structure
from nimo.foundation.questionnaires.rules.structure import Question, Section, Structure
from nimo.foundation.questionnaires.rules.words import condition_words

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class FormRow:
    form: Form
    current: FormVersion | None
    """The newest version in use."""
    draft: FormVersion | None


def form_page(actor: Actor, number: int) -> tuple[Page[Form], list[FormRow]]:
    """Forms the actor sees, newest first. Three queries."""
    versions = Prefetch("versions", queryset=FormVersion.objects.defer("structure").order_by("-number"))
    forms = visible_forms(actor).select_related("organisation").prefetch_related(versions).order_by("-created_at", "pk")
    page = Paginator(forms, PAGE_SIZE).get_page(number)
    rows = []
    for form in page.object_list:
        known = list(form.versions.all())
        mine = manages(actor, form.organisation_id)
        rows.append(
            FormRow(
                form,
                next((one for one in known if one.state == VersionState.PUBLISHED), None),
                next((one for one in known if one.state == VersionState.DRAFT), None) if mine else None,
            )
        )
    return page, rows


@dataclass(frozen=True, slots=True)
class RoundRow:
    round: Round
    invited: int
    answered: int


def with_counts(rounds: list[Round]) -> list[RoundRow]:
    """How many were invited and have answered, in one query for all of them."""
    counted = {
        one.pk: one
        for one in Round.objects.filter(pk__in=[round_.pk for round_ in rounds])
        .only("pk")
        .annotate(
            invited=Count("invitations", filter=Q(invitations__cancelled_at__isnull=True)),
            given=Count("invitations", filter=Q(invitations__answered=True)),
        )
    }
    return [
        RoundRow(round_, getattr(counted[round_.pk], "invited", 0), getattr(counted[round_.pk], "given", 0))
        for round_ in rounds
    ]


def rounds_in_hand(actor: Actor) -> list[RoundRow]:
    """Own rounds that are planned or open: what is to be done next."""
    found = managed_rounds(actor).exclude(state=RoundState.CLOSED).order_by("due_on", "pk")
    return with_counts(list(found[:50]))


def closed_rounds(actor: Actor, number: int) -> Page[Round]:
    found = visible_rounds(actor).filter(state=RoundState.CLOSED).select_related("organisation")
    return Paginator(found.order_by("-closed_at", "pk"), PAGE_SIZE).get_page(number)


def versions_of(actor: Actor, form: Form) -> list[FormVersion]:
    """Newest first; drafts for the owner only."""
    found = FormVersion.objects.filter(form=form).order_by("-number")
    return list(found if manages(actor, form.organisation_id) else found.exclude(state=VersionState.DRAFT))


def rounds_of(actor: Actor, form: Form) -> list[RoundRow]:
    """Newest first."""
    found = visible_rounds(actor).filter(form_version__form=form).select_related("form_version")
    return with_counts(list(found.order_by("-created_at", "pk")[:100]))


# -- The builder ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuestionCard:
    number: int
    question: Question
    asked_when: str
    for_whom: str
    findings: tuple[Finding, ...]
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class SectionCard:
    section: Section
    for_whom: str
    cards: tuple[QuestionCard, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Builder:
    version: FormVersion
    structure: Structure
    sections: tuple[SectionCard, ...]
    findings: tuple[Finding, ...]

    @property
    def question_count(self) -> int:
        return sum(len(section.cards) for section in self.sections)

    @property
    def blocked(self) -> int:
        return sum(1 for finding in self.findings if finding.blocks)


def audience_words(audiences: tuple[str, ...]) -> str:
    """「精神科病院・診療所」; "" for everybody."""
    return "・".join(str(OrganisationKind(kind).label) for kind in audiences)


def builder_of(version: FormVersion) -> Builder:
    """A version as the builder and the reading page show it."""
    structure = version.questions
    findings = check_structure(structure)
    by_name: dict[str, list[Finding]] = {}
    for finding in findings:
        by_name.setdefault(finding.link_id, []).append(finding)
    numbers = {question.link_id: number for number, _, question in structure.numbered()}
    order = [question.link_id for question in structure.questions()]
    sections = tuple(
        SectionCard(
            section,
            audience_words(section.audiences),
            tuple(
                QuestionCard(
                    numbers[question.link_id],
                    question,
                    condition_words(structure, question),
                    audience_words(question.audiences),
                    tuple(by_name.get(question.link_id, ())),
                    first=question.link_id == order[0] and len(structure.sections) == 1,
                    last=question.link_id == order[-1] and len(structure.sections) == 1,
                )
                for question in section.questions
            ),
            tuple(by_name.get(section.link_id, ())),
        )
        for section in structure.sections
    )
    return Builder(version, structure, sections, tuple(findings))
