"""Building a version: sections, questions, order, preview, publication. One page a question; nothing needs script."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nimo.foundation.access.decorators import requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.questionnaires import policies
from nimo.foundation.questionnaires.choices import QuestionKind, VersionState
from nimo.foundation.questionnaires.forms.answering import AnswerForm
from nimo.foundation.questionnaires.forms.building import (
    IntroductionForm,
    NewQuestionForm,
    QuestionForm,
    SectionForm,
)
from nimo.foundation.questionnaires.forms.rounds import ReasonForm
from nimo.foundation.questionnaires.queries.forms import builder_of
from nimo.foundation.questionnaires.queries.tables import kind_label
from nimo.foundation.questionnaires.rules.editing import DOWN, UP
from nimo.foundation.questionnaires.services import versions
from nimo.foundation.questionnaires.views.asking import LIST, actor_of, done_or_refused, version_of
from nimo.foundation.questionnaires.views.showing import answer_sections
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.navigation import Tab

MANAGE = Permission.MANAGE_QUESTIONNAIRES


def _above(version: policies.FormVersion, *, inside: bool = True) -> list[tuple[str, str]]:
    crumbs = [LIST, (version.form.title, reverse("questionnaires:form_detail", args=[version.form_id]))]
    if inside:
        crumbs.append((f"第{version.number}版", reverse("questionnaires:version_detail", args=[version.pk])))
    return crumbs


@requires(Permission.VIEW_QUESTIONNAIRES)
def version_detail(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The builder while it is a draft, the questions to read afterwards."""
    actor = actor_of(request)
    version = policies.get_version(actor, version_id)
    builder = builder_of(version)
    may_edit = bool(policies.may_edit_version(actor, version))
    context = {
        "version": version,
        "builder": builder,
        "may_edit": may_edit,
        "mine": policies.manages(actor, version.form.organisation_id),
        "is_published": version.state == VersionState.PUBLISHED,
    }
    template = "questionnaires/version_build.html" if may_edit else "questionnaires/version_detail.html"
    return pages.render(
        request,
        template,
        context,
        title=f"{version.form.title} 第{version.number}版",
        breadcrumbs=_above(version, inside=False),
    )


@requires(MANAGE)
def introduction_edit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    version = policies.get_owned_version(actor, version_id)
    structure = version.questions
    initial = {"introduction": structure.introduction, "furigana": structure.furigana, "version": version.version}
    form = IntroductionForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            versions.change_introduction(
                actor=actor,
                version_id=version_id,
                version=form.cleaned_data["version"],
                introduction=form.cleaned_data["introduction"],
                furigana=form.cleaned_data["furigana"],
            )
        except versions.UnableToEdit as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "保存しました。")
            return redirect("questionnaires:version_detail", version_id=version_id)
    return _form_page(request, form, "はじめの案内を直す", version)


def _form_page(
    request: HttpRequest,
    form: object,
    title: str,
    version: policies.FormVersion,
    template: str = "questionnaires/item_form.html",
    **more: object,
) -> HttpResponse:
    back = reverse("questionnaires:version_detail", args=[version.pk])
    return pages.render(
        request,
        template,
        {"form": form, "back": back, "version": version, **more},
        title=title,
        breadcrumbs=_above(version),
        status=422 if getattr(form, "errors", None) else 200,
    )


@requires(MANAGE)
def section_add(request: HttpRequest, version_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    version = policies.get_owned_version(actor, version_id)
    form = SectionForm(request.POST or None, initial={"version": version.version})
    for name in ("help", "plain", "audiences"):
        del form.fields[name]
    if form.is_valid():
        try:
            link_id = versions.add_section(
                actor=actor,
                version_id=version_id,
                version=form.cleaned_data["version"],
                text=form.cleaned_data["text"],
            )
        except versions.UnableToEdit as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "まとまりを足しました。最初の質問を足してください。")
            return redirect("questionnaires:question_add", version_id=version_id, link_id=link_id)
    return _form_page(request, form, "質問のまとまりを足す", version, button="足して、質問に進む")


@requires(MANAGE)
def section_edit(request: HttpRequest, version_id: UUID, link_id: str) -> HttpResponse:
    actor = actor_of(request)
    version = policies.get_owned_version(actor, version_id)
    section = version.questions.section(link_id)
    if section is None:
        raise NotVisible("まとまりが見つかりません。")
    initial = {
        "text": section.text,
        "help": section.help,
        "plain": section.plain,
        "audiences": list(section.audiences),
        "version": version.version,
    }
    form = SectionForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            versions.change_section(
                actor=actor,
                version_id=version_id,
                version=form.cleaned_data["version"],
                section=form.section(section),
            )
        except versions.UnableToEdit as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "保存しました。")
            return redirect(reverse("questionnaires:version_detail", args=[version_id]) + f"#{link_id}")
    return _form_page(request, form, "まとまりを直す", version)


@requires(MANAGE)
def question_add(request: HttpRequest, version_id: UUID, link_id: str) -> HttpResponse:
    actor = actor_of(request)
    version = policies.get_owned_version(actor, version_id)
    section = version.questions.section(link_id)
    if section is None:
        raise NotVisible("まとまりが見つかりません。")
    form = NewQuestionForm(request.POST or None, initial={"version": version.version})
    if form.is_valid():
        try:
            made = versions.add_question(
                actor=actor,
                version_id=version_id,
                version=form.cleaned_data["version"],
                section_id=link_id,
                kind=QuestionKind(form.cleaned_data["kind"]),
                text=form.cleaned_data["text"],
            )
        except versions.UnableToEdit as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("questionnaires:question_edit", version_id=version_id, link_id=made)
    return _form_page(request, form, f"質問を足す（{section.label}）", version, button="足して、くわしく決める")


@requires(MANAGE)
def question_edit(request: HttpRequest, version_id: UUID, link_id: str) -> HttpResponse:
    actor = actor_of(request)
    version = policies.get_owned_version(actor, version_id)
    structure = version.questions
    question = structure.question(link_id)
    if question is None:
        raise NotVisible("質問が見つかりません。")
    form = QuestionForm(request.POST or None, structure=structure, question=question)
    form.initial["version"] = version.version
    if form.is_valid():
        try:
            versions.change_question(
                actor=actor, version_id=version_id, version=form.cleaned_data["version"], question=form.changed()
            )
        except versions.UnableToEdit as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "保存しました。")
            section = structure.section_of(link_id)
            if "more" in request.POST and section:
                return redirect("questionnaires:question_add", version_id=version_id, link_id=section.link_id)
            return redirect(reverse("questionnaires:version_detail", args=[version_id]) + f"#{link_id}")
    return _form_page(
        request,
        form,
        "質問を直す",
        version,
        "questionnaires/question_edit.html",
        kind=question.kind.label,
    )


@requires(MANAGE)
@require_POST
def item_move(request: HttpRequest, version_id: UUID, link_id: str) -> HttpResponse:
    return done_or_refused(
        request,
        lambda: versions.move_item(
            actor=actor_of(request),
            version_id=version_id,
            version=version_of(request),
            link_id=link_id,
            step=UP if request.POST.get("to") == "up" else DOWN,
        ),
        versions.UnableToEdit,
        "並びを変えました。",
        "questionnaires:version_detail",
        version_id,
    )


@requires(MANAGE)
def item_remove(request: HttpRequest, version_id: UUID, link_id: str) -> HttpResponse:
    """Asks once more; a question that goes takes its place in conditions with it."""
    version = policies.get_owned_version(actor_of(request), version_id)
    structure = version.questions
    section, question = structure.section(link_id), structure.question(link_id)
    if section is None and question is None:
        raise NotVisible("質問が見つかりません。")
    if request.method == "POST":
        return done_or_refused(
            request,
            lambda: versions.remove_item(
                actor=actor_of(request), version_id=version_id, version=version_of(request), link_id=link_id
            ),
            versions.UnableToEdit,
            "消しました。",
            "questionnaires:version_detail",
            version_id,
        )
    context = {
        "section": section,
        "name": section.label if section else question.label if question else "",
        "back": reverse("questionnaires:version_detail", args=[version_id]) + f"#{link_id}",
        "version": version,
    }
    return pages.render(
        request, "questionnaires/item_remove.html", context, title="質問を消す", breadcrumbs=_above(version)
    )


@requires(Permission.VIEW_QUESTIONNAIRES)
def version_preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """As the people who answer see it, for each kind of organisation with questions of its own."""
    actor = actor_of(request)
    version = policies.get_version(actor, version_id)
    structure = version.questions
    kinds = sorted(structure.audiences())
    kind = request.GET.get("kind", "")
    chosen = structure.for_audience(kind if kind in kinds else "")
    easy = request.GET.get("easy") == "1"
    form = AnswerForm(list(chosen.sections), {}, numbers=chosen.numbers(), easy=easy, ruby=easy or structure.furigana)
    here = reverse("questionnaires:version_preview", args=[version_id])
    context = {
        "version": version,
        "form": form,
        "introduction": structure.introduction,
        "sections": answer_sections(form, chosen, ruby=easy or structure.furigana, easy=easy, with_conditions=True),
        "kinds": [Tab("区分のない相手", here, current=kind not in kinds)]
        + [Tab(kind_label(one), f"{here}?kind={one}", current=one == kind) for one in kinds]
        if kinds
        else [],
        "easy_href": f"{here}?kind={kind}" if easy else f"{here}?kind={kind}&easy=1",
        "easy": easy,
        "ruby": easy or structure.furigana,
    }
    return pages.render(
        request, "questionnaires/version_preview.html", context, title="回答する画面の見本", breadcrumbs=_above(version)
    )


@requires(MANAGE)
def version_publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    version = policies.get_owned_version(actor, version_id)
    if request.method == "POST":
        return done_or_refused(
            request,
            lambda: versions.publish_version(actor=actor, version_id=version_id, version=version_of(request)),
            versions.UnableToEdit,
            f"第{version.number}版を使い始めました。回を作ると、配れます。",
            "questionnaires:version_detail",
            version_id,
        )
    context = {
        "version": version,
        "builder": builder_of(version),
        "decision": policies.may_edit_version(actor, version),
        "back": reverse("questionnaires:version_detail", args=[version_id]),
    }
    return pages.render(
        request,
        "questionnaires/version_publish.html",
        context,
        title=f"第{version.number}版を使い始める",
        breadcrumbs=_above(version),
    )


@requires(MANAGE)
@require_POST
def version_copy(request: HttpRequest, version_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    try:
        made = versions.copy_version(actor=actor, version_id=version_id)
    except versions.UnableToEdit as refusal:
        messages.error(request, str(refusal))
        return redirect("questionnaires:version_detail", version_id=version_id)
    messages.success(request, f"第{made.number}版を作り始めました。前の版の質問を写してあります。")
    return redirect("questionnaires:version_detail", version_id=made.pk)


@requires(MANAGE)
@require_POST
def version_discard(request: HttpRequest, version_id: UUID) -> HttpResponse:
    version = policies.get_owned_version(actor_of(request), version_id)
    try:
        versions.discard_draft(actor=actor_of(request), version_id=version_id, version=version_of(request))
    except versions.UnableToEdit as refusal:
        messages.error(request, str(refusal))
        return redirect("questionnaires:version_detail", version_id=version_id)
    messages.success(request, f"作成中の第{version.number}版を取りやめました。")
    return redirect("questionnaires:form_detail", form_id=version.form_id)


@requires(MANAGE)
def version_retire(request: HttpRequest, version_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    version = policies.get_owned_version(actor, version_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return done_or_refused(
            request,
            lambda: versions.retire_version(actor=actor, version_id=version_id, reason=form.cleaned_data["reason"]),
            versions.UnableToEdit,
            f"第{version.number}版を使い終えました。届いた回答と集計は残ります。",
            "questionnaires:version_detail",
            version_id,
        )
    return _form_page(
        request,
        form,
        f"第{version.number}版を使い終える",
        version,
        button="使い終える",
        lead="この版の新しい回は作れなくなります。届いた回答と集計は、そのまま残ります。",
    )
