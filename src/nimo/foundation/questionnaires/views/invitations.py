"""Whom a round asks, and the letters for those outside the system."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.choices import OrganisationKind
from nimo.foundation.papers.formats.typesetting import UnableToTypeset
from nimo.foundation.questionnaires import policies
from nimo.foundation.questionnaires.formats.paper import LetterPage, letters
from nimo.foundation.questionnaires.forms.rounds import InviteForm
from nimo.foundation.questionnaires.queries import rounds as queries
from nimo.foundation.questionnaires.queries.tables import day
from nimo.foundation.questionnaires.services import invitations
from nimo.foundation.questionnaires.services.rounds import UnableToDistribute
from nimo.foundation.questionnaires.views.asking import actor_of, done_or_refused, file_response
from nimo.foundation.questionnaires.views.rounds import above
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.tables import Column, Table

MANAGE = Permission.MANAGE_QUESTIONNAIRES


@requires(MANAGE)
def round_invite(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    form = InviteForm(
        request.POST or None,
        organisations=queries.invitable_organisations(actor, found),
        people=queries.invitable_people(actor, found),
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            added = invitations.invite(
                actor=actor,
                round_id=round_id,
                organisation_ids=[UUID(one) for one in data["organisations"]],
                user_ids=[UUID(one) for one in data["people"]],
                labels=data["labels"].splitlines(),
                audience=OrganisationKind(data["audience"]) if data["audience"] else None,
            )
        except UnableToDistribute as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{added} 件の相手を足しました。")
            return redirect("questionnaires:round_detail", round_id=round_id)
    context = {
        "form": form,
        "round": found,
        "back": reverse("questionnaires:round_detail", args=[round_id]),
    }
    return pages.render(
        request,
        "questionnaires/round_invite.html",
        context,
        title="配る相手を足す",
        breadcrumbs=above(found),
        status=422 if form.errors else 200,
    )


def _entry(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("questionnaires:answer_start")).removesuffix("answer/") + "a/"


@requires(MANAGE)
@require_POST
def round_letters_csv(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """A list for a mail merge: who has not answered, code and link. Audited, never kept."""
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    letters = queries.letters_of(found, path=_entry(request))
    invitations.note_letters(actor=actor, round_id=round_id)
    table = Table(
        "letters",
        "案内文の差し込み一覧",
        [
            Column("name", "あて名"),
            Column("round", "アンケート"),
            Column("due", "回答の期限"),
            Column("code", "コード"),
            Column("link", "リンク"),
            Column("contact", "問い合わせ先"),
        ],
        [
            {
                "name": letter.name,
                "round": found.title,
                "due": day(found.due_on),
                "code": letter.grouped or "リンクを作り直してください",
                "link": letter.path,
                "contact": found.contact,
            }
            for letter in letters
        ],
    )
    response = pages.csv_response(table, "案内文の差し込み一覧")
    response["Cache-Control"] = "no-store, private"
    return response


@requires(MANAGE)
@require_POST
def round_letters_pdf(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """One page a recipient who has not answered, to be printed and sent. Audited, never kept."""
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    pages_ = [
        LetterPage(letter.addressed, letter.grouped) for letter in queries.letters_of(found, path="") if letter.code
    ]
    if not pages_:
        messages.info(request, "リンクを渡す未回答の相手はいません。")
        return redirect("questionnaires:round_detail", round_id=round_id)
    address = request.build_absolute_uri(reverse("questionnaires:answer_start"))
    try:
        pdf = letters(queries.head_of(found), pages_, address)
    except UnableToTypeset as refusal:
        messages.error(request, str(refusal))
        return redirect("questionnaires:round_detail", round_id=round_id)
    invitations.note_letters(actor=actor, round_id=round_id)
    return file_response(pdf, "案内文.pdf", "application/pdf")


@requires(MANAGE)
@require_POST
def invitation_cancel(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    invitation = policies.get_managed_invitation(actor, invitation_id)
    return done_or_refused(
        request,
        lambda: invitations.cancel_invitation(
            actor=actor, invitation_id=invitation_id, reason=request.POST.get("reason", "")[:200]
        ),
        UnableToDistribute,
        "依頼を取り消しました。渡してあるリンクは使えなくなりました。",
        "questionnaires:round_detail",
        invitation.round_id,
    )


@requires(MANAGE)
@require_POST
def invitation_reissue(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    invitation = policies.get_managed_invitation(actor, invitation_id)
    return done_or_refused(
        request,
        lambda: invitations.reissue_link(actor=actor, invitation_id=invitation_id),
        UnableToDistribute,
        "リンクを作り直しました。前に渡したリンクは使えません。新しい案内文を渡してください。",
        "questionnaires:round_detail",
        invitation.round_id,
    )
