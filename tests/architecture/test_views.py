"""house.md §3: every view says who may open it; its name is its URL's, its template's."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.source import apps

NAMES = {app for _, app in apps()}


def walk(resolver: URLResolver, prefix: str = "", namespace: str = ""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            space = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from walk(entry, prefix + str(entry.pattern), space)
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), namespace, entry


PATTERNS = list(walk(get_resolver()))


@pytest.mark.parametrize("route, namespace, entry", PATTERNS, ids=[route or "/" for route, _, _ in PATTERNS])
def test_every_view_is_marked(route, namespace, entry):
    marked = getattr(entry.callback, "nimo_permission", None) or getattr(entry.callback, "nimo_public_reason", None)
    assert marked, f"/{route}: @requires(…) or @public(reason=…)"


@pytest.mark.parametrize("route, namespace, entry", PATTERNS, ids=[route or "/" for route, _, _ in PATTERNS])
def test_a_view_and_its_address_share_a_name(route, namespace, entry):
    module = entry.callback.__module__
    if not module.startswith("nimo."):
        return  # the chosen allauth views keep their own names
    assert entry.name == entry.callback.__name__, f"/{route}: {entry.name} is {entry.callback.__name__}"
