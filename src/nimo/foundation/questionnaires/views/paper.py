"""What comes back outside the screens: paper and FAX typed by the secretariat, Excel sheets that were sent in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.papers.formats.typesetting import UnableToTypeset
from nimo.foundation.questionnaires import policies
from nimo.foundation.questionnaires.choices import RoundState
from nimo.foundation.questionnaires.formats.paper import FormHead, paper_form
from nimo.foundation.questionnaires.forms.answering import AnswerForm, typed_from
from nimo.foundation.questionnaires.forms.rounds import AudienceForm, WorkbookForm
from nimo.foundation.questionnaires.policies import AnswerAccess
from nimo.foundation.questionnaires.queries import answering as queries
from nimo.foundation.questionnaires.queries.rounds import head_of, kinds_invited, name_of
from nimo.foundation.questionnaires.rules.structure import Structure
from nimo.foundation.questionnaires.services import answering, workbooks
from nimo.foundation.questionnaires.views.asking import actor_of, file_response
from nimo.foundation.questionnaires.views.rounds import above
from nimo.foundation.questionnaires.views.showing import answer_sections
from nimo.foundation.ui import pages

MANAGE = Permission.MANAGE_QUESTIONNAIRES


@requires(MANAGE)
def invitation_paper(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Everything one recipient needs of the secretariat: the paper answer typed in, the Excel sheet, the link."""
    actor = actor_of(request)
    invitation = policies.get_managed_invitation(actor, invitation_id)
    access = AnswerAccess(invitation_id=invitation_id, as_secretariat=True)
    page = queries.answer_page(actor, access)
    sections = list(page.structure.sections)
    typed, errors = dict(page.typed), None
    if request.method == "POST":
        typed |= typed_from(request.POST, sections)
        try:
            answering.save_draft(actor=actor, access=access, content=typed)
            if request.POST.get("go") != "save":
                answering.submit(actor=actor, access=access)
        except answering.UnableToAnswer as refusal:
            messages.error(request, str(refusal))
            errors = refusal.errors
        else:
            saved = request.POST.get("go") == "save"
            messages.success(request, "入力の途中を保存しました。" if saved else "紙の回答を入力しました。")
            back = "questionnaires:invitation_paper" if saved else "questionnaires:round_detail"
            return redirect(back, invitation_id if saved else invitation.round_id)
    form = AnswerForm(
        sections, typed, numbers=page.structure.numbers(), errors=errors, more_rows=request.GET.get("rows", "")
    )
    context = {
        "form": form,
        "sections": answer_sections(form, page.structure, ruby=False, easy=False, with_conditions=True),
        "page": page,
        "invitation": invitation,
        "round": invitation.round,
        "has_link": invitation.code_hash is not None,
        "may_cancel": not invitation.answered and invitation.cancelled_at is None,
        "workbook": not invitation.round.is_anonymous and not page.refusal,
    }
    return pages.render(
        request,
        "questionnaires/invitation_paper.html",
        context,
        title=f"回答の入力: {name_of(invitation)}",
        breadcrumbs=above(invitation.round),
        status=422 if errors else 200,
    )


@requires(MANAGE)
def round_paper(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """A sheet without a name. Nothing of it is kept before it is complete: there is nobody it could wait for."""
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    kinds = sorted(kinds_invited(found))
    chosen = AudienceForm(request.POST or request.GET or None, kinds=kinds)
    audience = chosen.cleaned_data["audience"] if chosen.is_valid() else ""
    structure = found.form_version.questions.for_audience(audience)
    sections = list(structure.sections)
    typed, errors = {}, None
    if request.method == "POST":
        typed = typed_from(request.POST, sections)
        try:
            answering.enter_unnamed(
                actor=actor,
                round_id=round_id,
                content=typed,
                audience=OrganisationKind(audience) if audience else None,
            )
        except answering.UnableToAnswer as refusal:
            messages.error(request, str(refusal))
            errors = refusal.errors
        else:
            messages.success(request, "無記名の紙を1枚入力しました。続けて入力できます。")
            return redirect(reverse("questionnaires:round_paper", args=[round_id]) + f"?audience={audience}")
    form = AnswerForm(sections, typed, numbers=structure.numbers(), errors=errors)
    context = {
        "form": form,
        "chosen": chosen,
        "audience": audience,
        "has_kinds": any(kinds),
        "sections": answer_sections(form, structure, ruby=False, easy=False, with_conditions=True),
        "usable": found.is_anonymous and found.state == RoundState.OPEN,
        "back": reverse("questionnaires:round_detail", args=[round_id]),
    }
    return pages.render(
        request,
        "questionnaires/round_paper.html",
        context,
        title="無記名の紙を入力",
        breadcrumbs=above(found),
        status=422 if errors else 200,
    )


@requires(MANAGE)
def invitation_workbook(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """The signed answer sheet for one recipient."""
    invitation = policies.get_managed_invitation(actor_of(request), invitation_id)
    access = AnswerAccess(invitation_id=invitation_id, as_secretariat=True)
    try:
        content = workbooks.make_workbook(actor=actor_of(request), access=access)
    except answering.UnableToAnswer as refusal:
        messages.error(request, str(refusal))
        return redirect("questionnaires:round_detail", round_id=invitation.round_id)
    return file_response(content, "回答票.xlsx")


@requires(MANAGE)
def round_workbook(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """An answer sheet that was sent in: read, shown beside its recipient, confirmed on the next page."""
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_valid():
        try:
            taken = workbooks.take_workbook(actor=actor, content=form.cleaned_data["file"].read(), round_id=round_id)
        except answering.UnableToAnswer as refusal:
            form.add_error("file", str(refusal))
        else:
            for problem in taken.problems:
                messages.warning(request, problem)
            messages.success(
                request, "回答票を読み取りました。まだ確定していません。内容を確かめて、確定してください。"
            )
            return redirect("questionnaires:invitation_paper", invitation_id=taken.invitation_id)
    context = {
        "form": form,
        "round": found,
        "usable": found.state == RoundState.OPEN and not found.is_anonymous,
        "back": reverse("questionnaires:round_detail", args=[round_id]),
    }
    return pages.render(
        request,
        "questionnaires/round_workbook.html",
        context,
        title="Excelの回答票を取り込む",
        breadcrumbs=above(found),
        status=422 if form.errors else 200,
    )


@requires(Permission.VIEW_QUESTIONNAIRES)
def version_paper(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The questions of a version on paper, as one kind of organisation is asked them (`?kind=`)."""
    version = policies.get_version(actor_of(request), version_id)
    kinds = version.questions.audiences()
    kind = request.GET.get("kind", "")
    head = FormHead(title=version.form.title, foot=f"{version.form.title}　第{version.number}版")
    structure = version.questions.for_audience(kind if kind in kinds else "")
    return _pdf(request, structure, head, "questionnaires:version_detail", version_id)


@requires(MANAGE)
def invitation_form(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """The paper form for one recipient."""
    invitation = policies.get_managed_invitation(actor_of(request), invitation_id)
    structure = invitation.round.form_version.questions.for_audience(invitation.audience)
    head = head_of(invitation.round, invitation)
    return _pdf(request, structure, head, "questionnaires:invitation_paper", invitation_id)


def _pdf(request: HttpRequest, structure: Structure, head: FormHead, back: str, argument: UUID) -> HttpResponse:
    try:
        content = paper_form(structure, head)
    except UnableToTypeset as refusal:
        messages.error(request, str(refusal))
        return redirect(back, argument)
    return file_response(content, "調査票.pdf", "application/pdf")
