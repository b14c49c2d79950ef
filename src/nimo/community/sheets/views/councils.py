"""What a sheet says of councils, and which of them become bodies."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.community.sheets import policies
from nimo.community.sheets.forms import CouncilsForm
from nimo.community.sheets.queries.councils import councils_in, reference_of
from nimo.community.sheets.services import councils as services
from nimo.community.sheets.views.imports import LIST
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages


@requires(Permission.EDIT_SHEET)
def sheet_councils(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    sheet = policies.get_sheet(actor, sheet_id)
    rows = councils_in(actor, sheet)
    form = CouncilsForm(request.POST or None, rows=[one for one in rows if one.registered is None])
    if request.method == "POST" and form.is_valid():
        try:
            bodies = services.register_councils(actor=actor, sheet_id=sheet_id, chosen=form.chosen())
        except services.UnableToRegisterCouncils as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{len(bodies)}件を会議体として登録しました。")
            return redirect("sheets:sheet_councils", sheet_id=sheet_id)
    context = {
        "form": form,
        "rows": rows,
        "open": [(one, [form[name] for name in form.names(one.place)]) for one in rows if one.registered is None],
    }
    return pages.render(
        request,
        "sheets/sheet_councils.html",
        context,
        title="シートに書かれた協議の場",
        breadcrumbs=[LIST, (reference_of(sheet), reverse("sheets:sheet_detail", args=[sheet_id]))],
        status=422 if form.errors else 200,
    )
