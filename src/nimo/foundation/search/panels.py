"""What this app offers to be found itself: regions, which lie below it and know nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.urls import reverse

from nimo.core.searching.sources import Found, SearchSource, search_source
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.models import Region
from nimo.foundation.regions.services.places import SEARCH_SOURCE


def _codes() -> list[str]:
    return list(Region.objects.order_by("code").values_list("code", flat=True))


def _documents(codes: Collection[str]) -> Iterator[Found]:
    """A region by its name, reading, code and the names it bore; one that has ended is found and said to have ended."""
    rows = Region.objects.filter(code__in=codes).select_related("prefecture", "city").prefetch_related("names")
    for one in rows.order_by("code"):
        former = [f"以前の名称 {name.name}（{name.kana}）" for name in one.names.all() if name.name != one.name]
        ended = ["今はない地域です"] if one.valid_to else []
        prefecture = f"{one.prefecture.name} " if one.prefecture else ""
        yield Found(
            record=one.code,
            owner=one.code,
            title=f"{prefecture}{one.name}",
            names=(one.name, one.kana, *(name.name for name in one.names.all())),
            body="　".join([one.get_kind_display(), one.kana, f"コード {one.code}", *former, *ended]),
            href=reverse("portal:region_detail", args=[one.code]),
            region_code=one.code,
            prefecture_code=one.prefecture_id or one.code,
        )


def _visible(actor: Actor, codes: Collection[str]) -> set[str]:
    """Regions are public facts."""
    return set(Region.objects.filter(code__in=codes).values_list("code", flat=True))


search_source(SearchSource(SEARCH_SOURCE, "地域", _codes, _documents, _visible, order=10))
