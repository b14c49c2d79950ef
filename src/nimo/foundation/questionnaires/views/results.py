"""What came of a round: figures for those who may see them, words for the owner on a page of their own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.questionnaires import policies
from nimo.foundation.questionnaires.formats.results_out import results_workbook
from nimo.foundation.questionnaires.queries import results as queries
from nimo.foundation.questionnaires.queries import tables
from nimo.foundation.questionnaires.services import reading
from nimo.foundation.questionnaires.views.asking import LIST, actor_of, file_response
from nimo.foundation.questionnaires.views.rounds import above
from nimo.foundation.ui import pages

VIEW, MANAGE = Permission.VIEW_QUESTIONNAIRES, Permission.MANAGE_QUESTIONNAIRES


def _crumbs(round_: policies.Round, *, mine: bool) -> list[tuple[str, str]]:
    return above(round_) if mine else [LIST]


@requires(VIEW)
def round_results(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_round(actor, round_id)
    mine = policies.manages(actor, found.organisation_id)
    decision = policies.may_see_results(actor, found)
    context = {
        "round": found,
        "decision": decision,
        "mine": mine,
        "back": reverse("questionnaires:round_detail", args=[round_id]),
    }
    if decision:
        results = queries.results_of(actor, found)
        context |= {
            "results": results,
            "cards": [(one, tables.result_chart(one) if one.can_be_drawn else None) for one in results.questions],
            "rate": tables.rate_table(results),
            "others": queries.comparable_rounds(actor, found),
            "by_kind": mine and not found.is_anonymous and not results.suppressed and len(results.by_kind) > 1,
            "texts": mine and any(one.is_text for one in results.questions),
        }
    return pages.render(
        request,
        "questionnaires/round_results.html",
        context,
        title=f"集計: {found.title}",
        breadcrumbs=_crumbs(found, mine=mine),
    )


@requires(VIEW)
def round_results_csv(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_round(actor, round_id)
    return pages.csv_response(tables.result_table(queries.results_of(actor, found)), "アンケートの集計")


@requires(VIEW)
def round_results_xlsx(request: HttpRequest, round_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = policies.get_round(actor, round_id)
    content = results_workbook(found.title, queries.results_of(actor, found))
    return file_response(content, "アンケートの集計.xlsx")


@requires(MANAGE)
def round_by_kind(request: HttpRequest, round_id: UUID, link_id: str) -> HttpResponse:
    """One question by kind of organisation, for the owner of a round with names."""
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    by_kind = queries.tallies_by_kind(actor, found, link_id)
    if by_kind is None:
        raise NotVisible("集計が見つかりません。")
    question, tallies = by_kind
    return pages.render(
        request,
        "questionnaires/round_by_kind.html",
        {"table": tables.by_kind_table(question, tallies), "question": question},
        title=f"区分ごとの集計: {question.label}",
        breadcrumbs=[*above(found), ("集計", reverse("questionnaires:round_results", args=[round_id]))],
    )


@requires(VIEW)
def round_compare(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """This round beside an earlier one of the same form."""
    actor = actor_of(request)
    found = policies.get_round(actor, round_id)
    mine = policies.manages(actor, found.organisation_id)
    if not policies.may_see_results(actor, found):
        raise NotVisible("集計が見つかりません。")
    others = queries.comparable_rounds(actor, found)
    try:
        other_id = UUID(request.GET.get("with", "")) if "with" in request.GET else (others[0].pk if others else None)
    except ValueError:
        other_id = None
    context: dict[str, object] = {"round": found, "others": others}
    if other_id is not None:
        other, rows = queries.compare(actor, found, other_id)
        context |= {
            "other": other,
            "tables": [tables.comparison_table(row, found, other) for row in rows if row.pairing.comparable],
            "left_out": [
                ((row.pairing.later or row.pairing.earlier), row.pairing.reason)
                for row in rows
                if not row.pairing.comparable
            ],
        }
    return pages.render(
        request,
        "questionnaires/round_compare.html",
        context,
        title=f"前の回と比べる: {found.title}",
        breadcrumbs=[*_crumbs(found, mine=mine), ("集計", reverse("questionnaires:round_results", args=[round_id]))],
    )


@requires(MANAGE)
def round_texts(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """What people wrote, question by question; each look is recorded."""
    actor = actor_of(request)
    found = policies.get_managed_round(actor, round_id)
    decision = policies.may_read_texts(actor, found)
    context: dict[str, object] = {"round": found, "decision": decision}
    if decision:
        context |= {
            "questions": reading.read_texts(actor=actor, round_id=round_id),
            "too_few": queries.too_few_texts(found),
        }
    return pages.render(
        request,
        "questionnaires/round_texts.html",
        context,
        title=f"自由記述: {found.title}",
        breadcrumbs=[*above(found), ("集計", reverse("questionnaires:round_results", args=[round_id]))],
    )


@requires(MANAGE)
def answer_detail(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """One answer with its name; each look is recorded."""
    answer, lines = reading.read_answer(actor=actor_of(request), answer_id=answer_id)
    recipient = answer.invitation.label if answer.invitation else ""  # only answers with a name are read one by one
    context = {
        "answer": answer,
        "lines": lines,
        "facts": [
            ("あて先", recipient),
            ("答え方", answer.get_channel_display()),
            ("回答した日時", tables.moment(answer.submitted_at)),
        ],
    }
    return pages.render(
        request,
        "questionnaires/answer_detail.html",
        context,
        title=f"回答: {recipient}",
        breadcrumbs=above(answer.round),
    )
