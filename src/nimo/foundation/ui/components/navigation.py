"""Ways through a page and between pages; the small shapes other components and apps share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest

from nimo.foundation.ui.components.registry import Context, component, one_of

STEP_STATES = ("done", "current", "todo")


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the same thing under its own address. `count` is shown after the label."""

    label: str
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure; `state` is "done", "current" or "todo"."""

    label: str
    state: str = "todo"
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A quoted passage of a source document.

    `place` says where it stands ("太田市シート 2枚目 表1"). `highlight` is the part that was read: the text
    itself (first occurrence) or (start, end) in characters of `text`.
    """

    text: str
    place: str
    highlight: str | tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """Something that happened; `when` is ready to read (「令和6年4月1日」)."""

    when: str
    title: str
    text: str = ""
    href: str | None = None


@component("tabs")
def tabs(items: Sequence[Tab], label: str = "この画面の切り替え") -> Context:
    """同じものの別の面への切り替え。タブごとにアドレスがあり、戻るボタンで戻れます。"""
    return {"items": list(items), "label": label}


@component("steps")
def steps(items: Sequence[Step | str], current: int | str | None = None, label: str = "手順") -> Context:
    """手順の中の今いる場所。終わった、今ここ、これから、を言葉で示します。

    `current`: the number of the step (from 1) or its label; None keeps the states the steps bring.
    """
    given = [item if isinstance(item, Step) else Step(item) for item in items]
    if current is not None:
        labels = [step.label for step in given]
        at = current - 1 if isinstance(current, int) else labels.index(current)
        given = [
            replace(step, state="done" if place < at else "current" if place == at else "todo")
            for place, step in enumerate(given)
        ]
    for step in given:
        one_of(step.state, STEP_STATES, "state")
    return {"items": given, "label": label}


@component("pagination", takes_context=True)
def pagination(context: Any, page: Page[Any], parameter: str = "page", label: str = "ページの切り替え") -> Context:
    """長い一覧のページ送り。何件中の何件目かも示します。ほかの条件はアドレスに残ります。

    `page` is a page of Django's Paginator; `parameter` names the query parameter.
    """
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request is not None else None

    def href(number: int) -> str:
        if query is None:
            return f"?{parameter}={number}"
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    pages = [
        {"number": number, "href": href(number), "current": number == page.number}
        if isinstance(number, int)
        else {"number": None, "href": "", "current": False}
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "page": page,
        "pages": pages,
        "previous": href(page.previous_page_number()) if page.has_previous() else "",
        "next": href(page.next_page_number()) if page.has_next() else "",
        "label": label,
    }
