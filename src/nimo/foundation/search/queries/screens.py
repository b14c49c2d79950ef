"""What the pages of searching show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse

from nimo.core.fiscal import parse_fiscal_year
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.queries.places import prefectures
from nimo.foundation.search.models import SearchSynonym
from nimo.foundation.search.queries.finding import Asked, Results, find
from nimo.foundation.search.rules import PAGE
from nimo.foundation.ui.components.empty import EmptyState
from nimo.foundation.ui.components.navigation import Tab
from nimo.foundation.ui.components.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class ResultPage:
    """tabs: of the kinds found. asked: what the form holds."""

    results: Results
    tabs: list[Tab]
    pages: Page[int]
    asked: Asked


def prefecture_choices() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in prefectures()]


def asked_by(given: Mapping[str, str]) -> Asked:
    """What an address asks for; what cannot be meant is left out."""
    year, number = parse_fiscal_year(given.get("year", "")[:20]), given.get("page", "")
    prefecture = given.get("prefecture", "")
    return Asked(
        text=given.get("q", ""),
        kind=given.get("kind", "")[:60],
        prefecture=prefecture if prefecture in dict(prefecture_choices()) else "",
        fiscal_year=year.year if year else None,
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )


def result_page(actor: Actor, asked: Asked) -> ResultPage:
    results = find(actor, asked)
    kept = {
        "q": results.question.asked,
        "prefecture": asked.prefecture,
        "year": str(asked.fiscal_year) if asked.fiscal_year else "",
    }
    kept = {key: value for key, value in kept.items() if value}

    def href(code: str = "") -> str:
        return f"{reverse('search:results')}?{urlencode({**kept, 'kind': code} if code else kept)}"

    paginator: Paginator[int] = Paginator(range(max(results.ordered, 1)), PAGE)
    return ResultPage(
        results=results,
        tabs=[
            Tab("すべて", href(), current=not asked.kind, count=sum(kind.count for kind in results.kinds)),
            *(Tab(kind.label, href(kind.code), current=kind.chosen, count=kind.count) for kind in results.kinds),
        ],
        pages=paginator.get_page(results.page),
        asked=asked,
    )


def synonym_table() -> Table:
    rows = SearchSynonym.objects.order_by("-in_use", "word")
    return Table(
        id="synonyms",
        caption="同じように探すことば",
        columns=[
            Column("word", "ことば", is_row_header=True),
            Column("others", "いっしょに探すことば"),
            Column("way", "向き"),
            Column("state", "状態"),
            Column("reference", "根拠・理由"),
        ],
        rows=[
            {
                "word": Cell(one.word, href=reverse("search:synonym_edit", args=[one.pk])),
                "others": "、".join(one.others),
                "way": "たがいに" if one.both_ways else "ことばからだけ",
                "state": Cell("使っている" if one.in_use else "使わない", tone="success" if one.in_use else "neutral"),
                "reference": one.reference or None,
            }
            for one in rows
        ],
        empty=EmptyState("まだありません", "同じことを言う別のことばを登録すると、どちらで探しても見つかります。"),
    )
