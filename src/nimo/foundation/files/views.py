"""Handing out a stored file: always as a download, never as a page of ours."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.files import services
from nimo.foundation.files.policies import FileNotAvailable
from nimo.foundation.files.queries import UnableToOpen


@requires(Permission.DOWNLOAD_FILE)
@require_GET
def file_download(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The content under its original name. Nothing in it can run here: no sniffing, no script, no frame, no cache."""
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]
    try:
        file, content = services.hand_out(actor=actor, file_id=file_id)
    except FileNotAvailable:
        raise Http404 from None
    except UnableToOpen as refusal:
        messages.error(request, str(refusal))
        return redirect("/")
    # an office's proxy or an old browser might show what it knows how to show: what could be a page is never named so
    content_type = file.content_type if not file.content_type.startswith("text/") else "application/octet-stream"
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store, private"
    return cast(HttpResponse, response)
