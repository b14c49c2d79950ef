"""How a page is put together: the layout's context, and the one way views render, also as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as django_render
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui.components.tables import Table, as_cell

BOM = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HARMLESS = re.compile(r"[-+－＋]?\d[\d,]*(?:\.\d+)?[%％]?|[-－]")
# What Excel turns into something else when the file is opened by a double click: codes that begin with 0 or are
# longer than 15 digits, 1-2 and 4/1 (dates), 1E5 (a power of ten).
REWRITTEN = re.compile(r"0\d+|\d{16,}|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?|\d+[eE]\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    label: str
    href: str
    current: bool


def _reversed(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def navigation(actor: Actor | None, path: str) -> list[NavigationEntry]:
    """The entries of `settings.NIMO_NAVIGATION` the actor may open: (label, url name, permission name or None).

    The current entry is the one with the longest address that the path begins with. An entry whose address is
    not known is left out here; tests/architecture fails on it.
    """
    shown: list[tuple[str, str]] = []
    for label, url_name, permission in getattr(settings, "NIMO_NAVIGATION", ()):
        if permission is not None and (actor is None or not actor.has_anywhere(Permission[permission])):
            continue
        href = _reversed(url_name)
        if href:
            shown.append((label, href))
    fitting = [href for _, href in shown if path == href or (href != "/" and path.startswith(href))]
    current = max(fitting, key=len, default="")
    return [NavigationEntry(label, href, href == current) for label, href in shown]


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what every page of the layout needs."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "actor": actor,
        "navigation": navigation(actor, request.path),
        "demo": getattr(settings, "NIMO_DEMO", False),
        "home_href": _reversed("home:front") or "/",
        "search_href": _reversed("search:results"),
        "login_href": _reversed("account_login"),
        "logout_href": _reversed("account_logout"),
        "switch_href": _reversed("accounts:switch"),
        "own_account_href": _reversed("accounts:own_account"),
    }


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    title: str,
    breadcrumbs: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """A page of the layout. `title` becomes the h1 and the window's name.

    `breadcrumbs` are the pages above this one, outermost first, as (label, href); the page itself is added.
    `template` may name a partial ("app/name.html#part") for an htmx answer.
    """
    return django_render(
        request, template, {**(context or {}), "title": title, "breadcrumbs": list(breadcrumbs)}, status=status
    )


def csv_text(value: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe in front where it begins like one (OWASP).

    A plain number (-5, +3.2%) and a lone dash are no formula and stay as they are.
    """
    begins_like_one = value.lstrip(" \u3000").startswith(FORMULA_STARTS)
    return f"'{value}" if begins_like_one and not HARMLESS.fullmatch(value) else value


def _csv_value(value: object, *, for_spreadsheet: bool) -> str | int | Decimal:
    if isinstance(value, int | Decimal):
        return value
    text = csv_text(str(value))
    return f"\t{text}" if for_spreadsheet and REWRITTEN.fullmatch(text) else text


def csv_response(table: Table, file_name: str, *, for_spreadsheet: bool = True) -> HttpResponse:
    """The table as a CSV file: UTF-8 with BOM, CRLF, every text in quotation marks, numbers bare (RFC 4180).

    Numbers come as numbers (the cell's `csv_value`), gaps as nothing, notes in a column of their own. A text
    that begins like a formula gets an apostrophe. With `for_spreadsheet` a text Excel would rewrite (01100, 1-2)
    gets a tab in front: opened by a double click it stays what it is, and a program that strips white space
    reads the bare text. Set it to False for data exchange: every code stands as it is.

    `file_name` is shown to whoever sees the download folder: never a person's name. No ending needed.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    with_note = {
        column.key
        for column in table.columns
        if any((cell := as_cell(row.get(column.key))) is not None and cell.note for row in table.rows)
    }
    header: list[str] = []
    for column in table.columns:
        header.append(csv_text(column.label))
        if column.key in with_note:
            header.append(csv_text(f"{column.label}（注）"))
    writer.writerow(header)
    for row in table.rows:
        values: list[object] = []
        for column in table.columns:
            cell = as_cell(row.get(column.key))
            if cell is None:
                values.append("")
            else:
                value = cell.text if cell.csv_value is None else cell.csv_value
                values.append(_csv_value(value, for_spreadsheet=for_spreadsheet))
            if column.key in with_note:
                values.append(csv_text(cell.note or "") if cell is not None else "")
        writer.writerow(values)
    response = HttpResponse(BOM + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    stem = file_name.removesuffix(".csv").replace('"', "").replace("\r", "").replace("\n", "")
    ascii_stem = stem if stem.isascii() and stem else "nimo"
    response["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_stem}.csv\"; filename*=UTF-8''{quote(stem + '.csv', safe='')}"
    )
    return response


def file_response(content: bytes, file_name: str, content_type: str) -> HttpResponse:
    """A file that was made at this moment, to be kept: nothing in it can run here, and nobody caches it."""
    response = HttpResponse(content, content_type=content_type)
    header = content_disposition_header(True, file_name)
    response["Content-Disposition"] = header or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store, private"
    return response
