"""The matrix and the open doors, as a page of documentation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from nimo.foundation.access.matrix import MATRIX, scopes_of
from nimo.foundation.access.permissions import Permission, Role, Scope

MARKS = {Scope.OWN_ORGANISATION: "組織", Scope.OWN_REGION: "地域", Scope.DEPLOYMENT: "全体"}


@dataclass(frozen=True, slots=True)
class Door:
    """One address: its name, and either the permission it asks for or the reason it is open to everybody."""

    route: str
    name: str
    permission: Permission | None
    reason: str


def doors() -> list[Door]:
    """Every address of the URLconf with its mark, sorted by route. A view without a mark has neither."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda door: (door.route, door.name))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Door]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route, ":".join(filter(None, (namespace, entry.namespace))))
        elif isinstance(entry, URLPattern):
            yield Door(
                route=f"/{route}",
                name=":".join(filter(None, (namespace, entry.name))),
                permission=getattr(entry.callback, "nimo_permission", None),
                reason=getattr(entry.callback, "nimo_public_reason", ""),
            )


def document() -> str:
    """docs/access.md: role × permission, each permission in words, and the pages that are open to everybody."""
    lines = [
        "# だれが何をできるか",
        "",
        "このページは `nimo` のプログラムから作られます（`python -m django access_docs`）。手で直さないでください。",
        "ここに書かれていないことは、だれにもできません。",
        "",
        "どこまで: " + "、".join(f"**{mark}** = {scope.sentence}" for scope, mark in MARKS.items()),
        "",
        "## 役割ごとの権限",
    ]
    for role in Role:
        scopes = scopes_of(role)
        lines += ["", f"### {role.label}（`{role.value}`）", "", "| できること | どこまで |", "|---|---|"]
        lines += [f"| {permission.sentence} | {MARKS[scope]} |" for permission, scope in scopes.items()]
    lines += ["", "## 権限ごとの役割", "", "| 権限 | 記号 | 役割（どこまで） |", "|---|---|---|"]
    for permission in Permission:
        holders = [f"{role.label}（{MARKS[held[permission]]}）" for role, held in MATRIX.items() if permission in held]
        lines.append(f"| {permission.sentence} | `{permission.code}` | {'、'.join(holders)} |")
    lines += ["", "## だれでも開ける画面", "", "| アドレス | 名前 | 理由 |", "|---|---|---|"]
    lines += [f"| `{_shown(door.route)}` | `{door.name}` | {door.reason} |" for door in doors() if door.reason]
    lines += ["", "## 権限が要る画面", "", "| アドレス | 名前 | 権限 |", "|---|---|---|"]
    lines += [
        f"| `{_shown(door.route)}` | `{door.name}` | {door.permission.sentence} |"
        for door in doors()
        if door.permission
    ]
    return "\n".join(lines) + "\n"


def _shown(route: str) -> str:
    return route.replace("|", r"\|")
