"""Users: who is there, who may what until when, and what to do when somebody comes, goes or loses a card."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.accounts.forms import users as forms
from nimo.foundation.accounts.policies import get_membership, get_user, may_manage_account
from nimo.foundation.accounts.queries.organisations import organisation_choices
from nimo.foundation.accounts.queries.second_factors import second_factor_of
from nimo.foundation.accounts.queries.users import (
    UserFilter,
    memberships_of,
    open_invitation,
    user_page,
    user_state,
    users_named,
)
from nimo.foundation.accounts.rules import INVITATION_LASTS, grouped
from nimo.foundation.accounts.services import users as services
from nimo.foundation.accounts.services.invitations import Issued, UnableToInvite, invite, reissue_link
from nimo.foundation.accounts.services.memberships import UnableToChangeMembership, end_membership, give_role
from nimo.foundation.accounts.services.second_factors import UnableToSetUp, reset_second_factor
from nimo.foundation.accounts.views import showing
from nimo.foundation.accounts.views.asking import actor_of, done_or_refused, page_number, uuid_of
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.empty import EmptyState

DETAIL = "accounts:user_detail"


def above(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("利用者", reverse("accounts:user_list")), *more]


@requires(Permission.MANAGE_USERS)
def user_list(request: HttpRequest) -> HttpResponse:
    """GET: by organisation, role and state. POST: by a name, which therefore never stands in an address."""
    actor = actor_of(request)
    organisations = organisation_choices(actor)
    form = forms.UserFilterForm(request.GET or None, organisations=organisations)
    given = form.cleaned_data if form.is_valid() else {}
    search = forms.UserSearchForm(request.POST or None)
    page = None
    if search.is_bound:
        rows = users_named(actor, search.cleaned_data["text"]) if search.is_valid() else []
        empty = EmptyState("見つかりません", "氏名・よみ・利用者IDの一部を、短めに入れてみてください。")
    else:
        chosen = UserFilter(
            organisation_id=uuid_of(given.get("organisation", "")),
            role=given.get("role", ""),
            state=given.get("state") or "active",
        )
        page, rows = user_page(actor, chosen, page_number(request))
        empty = EmptyState(
            "この条件の利用者はいません",
            "条件を変えるか、はじめての方を招待してください。",
            "利用者を招待する",
            reverse("accounts:user_invite"),
        )
    return pages.render(
        request,
        "accounts/user_list.html",
        {
            "form": form,
            "search": search,
            "page": page,
            "table": showing.users_table(rows, empty),
            "has_organisations": bool(organisations),
        },
        title="利用者",
    )


@requires(Permission.MANAGE_USERS)
def user_detail(request: HttpRequest, user_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    try:
        user = get_user(actor, user_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    memberships = memberships_of(user.pk)
    state, tone = user_state(user, memberships, actor.today)
    decision = may_manage_account(actor, user)
    return pages.render(
        request,
        "accounts/user_detail.html",
        {
            "user": user,
            "facts": showing.own_facts(user),
            "state": state,
            "tone": tone,
            "invitation": open_invitation(user.pk),
            "second_factor": second_factor_of(user.pk),
            "memberships": showing.memberships_table(memberships, actor.today, ending=True),
            "manageable": decision.allowed,
            "why_not": decision.reason,
            "reason_form": forms.ReasonForm(),
        },
        title=user.name,
        breadcrumbs=above(),
    )


@requires(Permission.MANAGE_USERS)
def user_invite(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = forms.InvitationForm(
        request.POST or None,
        organisations=organisation_choices(actor),
        today=actor.today,
        initial={"organisation": request.GET.get("organisation", "")},
    )
    if form.is_valid():
        given = {**form.cleaned_data}
        organisation_id = UUID(given.pop("organisation"))
        try:
            issued = invite(actor=actor, organisation_id=organisation_id, role=Role(given.pop("role")), **given)
        except UnableToInvite as refusal:
            form.add_error(None, str(refusal))
        else:
            return _link_page(request, issued, form.cleaned_data["name"])
    return pages.render(
        request, "accounts/user_invite.html", {"form": form}, title="利用者を招待する", breadcrumbs=above()
    )


def _link_page(request: HttpRequest, issued: Issued, name: str) -> HttpResponse:
    """Shown once, to be printed or copied: nobody can look the code up again."""
    link = request.build_absolute_uri(reverse("accounts:invitation_link", args=[issued.code]))
    return pages.render(
        request,
        "accounts/user_link.html",
        {
            "link": link,
            "code": grouped(issued.code),
            "entrance": request.build_absolute_uri(reverse("accounts:invitation")),
            "issued": issued,
            "name": name,
            "days": INVITATION_LASTS.days,
        },
        title="渡す案内",
        breadcrumbs=above(),
    )


@requires(Permission.MANAGE_USERS)
@require_POST
def user_link(request: HttpRequest, user_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    try:
        issued = reissue_link(actor=actor, user_id=user_id)
    except UnableToInvite as refusal:
        messages.error(request, str(refusal))
        return redirect(DETAIL, user_id)
    return _link_page(request, issued, get_user(actor, user_id).name)


@requires(Permission.MANAGE_USERS)
def user_rename(request: HttpRequest, user_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    try:
        user = get_user(actor, user_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    form = forms.UserNameForm(
        request.POST or None,
        initial={"version": user.version, "name": user.name, "kana": user.kana, "email": user.email},
    )
    if form.is_valid():
        try:
            services.rename_user(actor=actor, user_id=user_id, **form.cleaned_data)
        except services.UnableToChangeUser as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "氏名などを直しました。これまでの記録には、そのときの氏名が残ります。")
            return redirect(DETAIL, user_id)
    return pages.render(
        request,
        "accounts/user_rename.html",
        {"form": form},
        title="氏名を直す",
        breadcrumbs=above((user.name, reverse(DETAIL, args=[user_id]))),
    )


@requires(Permission.MANAGE_USERS)
@require_POST
def user_suspend(request: HttpRequest, user_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return done_or_refused(
        request,
        lambda: services.suspend_user(actor=actor_of(request), user_id=user_id, reason=reason),
        services.UnableToChangeUser,
        "利用者を停止しました。ログインはすべて終わり、停止を解くまでログインできません。",
        DETAIL,
        user_id,
    )


@requires(Permission.MANAGE_USERS)
@require_POST
def user_restore(request: HttpRequest, user_id: UUID) -> HttpResponse:
    return done_or_refused(
        request,
        lambda: services.restore_user(actor=actor_of(request), user_id=user_id),
        services.UnableToChangeUser,
        "停止を解きました。前と同じパスワードでログインできます。",
        DETAIL,
        user_id,
    )


@requires(Permission.MANAGE_USERS)
@require_POST
def user_sessions_end(request: HttpRequest, user_id: UUID) -> HttpResponse:
    return done_or_refused(
        request,
        lambda: services.end_sessions(actor=actor_of(request), user_id=user_id),
        services.UnableToChangeUser,
        "この利用者のログインを、すべての機械で終えました。",
        DETAIL,
        user_id,
    )


@requires(Permission.MANAGE_USERS)
@require_POST
def user_second_factor_reset(request: HttpRequest, user_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return done_or_refused(
        request,
        lambda: reset_second_factor(actor=actor_of(request), user_id=user_id, reason=reason),
        UnableToSetUp,
        "二段階認証を取り消しました。本人が次にログインしたとき、新しく設定します。",
        DETAIL,
        user_id,
    )


@requires(Permission.MANAGE_USERS)
def membership_add(request: HttpRequest, user_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    try:
        user = get_user(actor, user_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    form = forms.RoleForm(request.POST or None, organisations=organisation_choices(actor), today=actor.today)
    if form.is_valid():
        given = {**form.cleaned_data}
        try:
            give_role(
                actor=actor,
                user_id=user_id,
                organisation_id=UUID(given.pop("organisation")),
                role=Role(given.pop("role")),
                **given,
            )
        except UnableToChangeMembership as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "役割を付けました。")
            return redirect(DETAIL, user_id)
    return pages.render(
        request,
        "accounts/membership_add.html",
        {"form": form},
        title="役割を付ける",
        breadcrumbs=above((user.name, reverse(DETAIL, args=[user_id]))),
    )


@requires(Permission.MANAGE_USERS)
def membership_end(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    membership = get_membership(actor, membership_id)
    form = forms.MembershipEndForm(request.POST or None, initial={"ends_on": actor.today})
    if form.is_valid():
        try:
            ended = end_membership(actor=actor, membership_id=membership.pk, **form.cleaned_data)
        except UnableToChangeMembership as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "役割の終わりを記録しました。これまでの記録はそのまま残ります。")
            return redirect(DETAIL, ended.user_id)
    return pages.render(
        request, "accounts/membership_end.html", {"form": form}, title="役割を終わらせる", breadcrumbs=above()
    )
