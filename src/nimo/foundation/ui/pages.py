"""How a page is put together: the layout's context, and the one way views render."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what every page of the layout needs."""
    return {"actor": getattr(request, "actor", None)}
