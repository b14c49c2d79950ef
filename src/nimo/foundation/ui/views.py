"""Error pages and the component gallery. Neither holds data."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from nimo.foundation.access.decorators import public
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.gallery.examples import all_pages
from nimo.foundation.ui.components.registry import all_components

ERROR = "失敗したことを知らせる画面。データは出しません。"
GALLERY = "画面部品の見本。データは出しません。"


@public(reason=ERROR)
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when the request is larger than the server takes."""
    if isinstance(exception, RequestDataTooBig):
        return pages.render(request, "ui/errors/too_large.html", title="送られた内容が大きすぎます", status=413)
    return pages.render(request, "ui/errors/bad_request.html", title="送られた内容を読み取れませんでした", status=400)


@public(reason=ERROR)
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. Only the sentence of `@requires` is shown; any other text could carry what it should not."""
    text = str(exception or "")
    sentence = text if text.startswith("「") and text.endswith("」権限がありません。") else ""
    return pages.render(
        request,
        "ui/errors/permission_denied.html",
        {"sentence": sentence},
        title="この画面を開く権限がありません",
        status=403,
    )


@public(reason=ERROR)
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same whether the thing does not exist or may not be seen."""
    return pages.render(request, "ui/errors/page_not_found.html", title="ページが見つかりません", status=404)


@public(reason=ERROR)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return pages.render(request, "ui/errors/csrf_failure.html", title="もう一度送ってください", status=403)


@public(reason=ERROR)
def server_error(request: HttpRequest) -> HttpResponse:
    """500. Stands alone: no context processor, no query, so that a broken database still gives a page."""
    request_id = getattr(getattr(request, "actor", None), "request_id", "")
    return HttpResponse(render_to_string("ui/errors/server_error.html", {"request_id": request_id}), status=500)


@public(reason=GALLERY)
def gallery(request: HttpRequest) -> HttpResponse:
    return pages.render(
        request, "ui/gallery.html", {"components": list(all_components().values())}, title="画面部品の見本"
    )


@public(reason=GALLERY)
def gallery_component(request: HttpRequest, name: str) -> HttpResponse:
    component = all_components().get(name)
    if component is None:
        raise Http404
    return pages.render(
        request,
        "ui/gallery_component.html",
        {"component": component, "examples": [example.drawn(request) for example in all_pages().get(name, ())]},
        title=f"部品「{name}」",
        breadcrumbs=[("画面部品の見本", reverse("ui:gallery"))],
    )
