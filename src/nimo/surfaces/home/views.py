from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from nimo.foundation.access.decorators import public, requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.ui import pages
from nimo.surfaces.home import queries


@public(reason="入口。ログインした人はホームへ、ほかの人は公開の地域の一覧へ進む")
def front(request: HttpRequest) -> HttpResponse:
    return redirect("home:home" if request.actor.is_authenticated else "portal:region_list")  # type: ignore[attr-defined]


@requires(Permission.VIEW_HOME)
def home(request: HttpRequest) -> HttpResponse:
    page = queries.home(request.actor)  # type: ignore[attr-defined]
    return pages.render(request, "home/home.html", {"page": page}, title="ホーム")
