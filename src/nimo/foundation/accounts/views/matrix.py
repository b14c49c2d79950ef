"""Who may what: the matrix of `access` for those who give roles. Lives here because `access` stands below `ui`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.matrix import MATRIX
from nimo.foundation.access.permissions import Permission, Role
from nimo.foundation.accounts.forms.users import MatrixFilterForm
from nimo.foundation.accounts.rules import needs_second_factor
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.tables import Cell, Column, Row, Table


@requires(Permission.VIEW_ACCESS_MATRIX)
def access_matrix(request: HttpRequest) -> HttpResponse:
    """One row a permission of a role; `role` and `text` in the address narrow it. Prints on A4."""
    form = MatrixFilterForm(request.GET or None)
    given = form.cleaned_data if form.is_valid() else {}
    return pages.render(
        request,
        "accounts/access_matrix.html",
        {
            "form": form,
            "table": _table(given.get("role", ""), given.get("text", "")),
            "second_factor": [each.label for each in Role if needs_second_factor(MATRIX.get(each, {}))],
        },
        title="役割と権限",
    )


def _table(role: str, text: str) -> Table:
    rows: list[Row] = []
    for each in Role:
        if role and each.value != role:
            continue
        for permission, scope in MATRIX.get(each, {}).items():
            if text and text not in permission.sentence and text not in each.label:
                continue
            rows.append(
                {
                    "role": each.label,
                    "permission": Cell(permission.sentence, note=permission.code),
                    "scope": scope.sentence,
                }
            )
    return Table(
        id="matrix",
        caption="だれが、何を、どこまでできるか（書かれていないことはできません）",
        columns=[
            Column("role", "役割", is_row_header=True),
            Column("permission", "できること"),
            Column("scope", "どこまで"),
        ],
        rows=rows,
        empty=EmptyState("この条件に合う権限はありません", "ことばを短くするか、役割を「すべて」にしてください。"),
    )
