"""Answering, on a telephone or a desk, with or without a login. The code of a link is in no address but the first.

How somebody came here stands in the session: the hash of a link's code, or the number of an own invitation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from nimo.foundation.access.decorators import public, requires
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import NotVisible
from nimo.foundation.questionnaires import policies
from nimo.foundation.questionnaires.forms.answering import AnswerForm, CodeForm, typed_from, with_ruby
from nimo.foundation.questionnaires.forms.rounds import WorkbookForm
from nimo.foundation.questionnaires.policies import AnswerAccess
from nimo.foundation.questionnaires.queries import answering as queries
from nimo.foundation.questionnaires.queries.tables import day
from nimo.foundation.questionnaires.rules.answers import check_answers
from nimo.foundation.questionnaires.services import answering, workbooks
from nimo.foundation.questionnaires.views.asking import actor_of, file_response
from nimo.foundation.questionnaires.views.showing import answer_sections
from nimo.foundation.questionnaires.views.walking import Walk, walk_of
from nimo.foundation.ui import pages
from nimo.foundation.ui.components.navigation import Step

CODE, OWN, EASY, REFUSAL, DONE = (
    "questionnaires_code",
    "questionnaires_own",
    "questionnaires_easy",
    "questionnaires_refusal",
    "questionnaires_done",
)
REASON = "案内文のリンク（コード）を持つ人が、ログインせずに答える画面。コードがなければ、何も見せない。"
Page = Callable[..., HttpResponse]


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Kept by no browser, found by no search. The address holds no code, so "same-origin" gives nothing away, while
    "no-referrer" would make browsers send `Origin: null` with the form, which the check against forgery refuses.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def _access(request: HttpRequest) -> AnswerAccess | None:
    code_hash, own = request.session.get(CODE), request.session.get(OWN)
    if code_hash:
        return AnswerAccess(code_hash=code_hash)
    return AnswerAccess(invitation_id=UUID(own)) if own else None


def _forget(request: HttpRequest) -> None:
    for name in (CODE, OWN):
        request.session.pop(name, None)


def answering_page(view: Page) -> Callable[..., HttpResponse]:
    """Looks up the invitation; without one, or when it cannot be answered, leads to the page that says why."""

    @wraps(view)
    def found(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        access = _access(request)
        if access is None:
            return redirect("questionnaires:answer_start")
        try:
            page = queries.answer_page(actor_of(request), access)
        except NotVisible:
            _forget(request)
            request.session[REFUSAL] = answering.NO_SUCH_LINK
            return redirect("questionnaires:answer_start")
        if page.refusal:
            return redirect("questionnaires:answer_start")
        try:
            return view(request, access, page, **kwargs)
        except answering.UnableToAnswer as refusal:
            messages.error(request, str(refusal))
            return redirect("questionnaires:answer_start")

    return found


# -- Coming in -----------------------------------------------------------------------------------------------------


@requires(Permission.ANSWER_QUESTIONNAIRE)
def own_list(request: HttpRequest) -> HttpResponse:
    """What one is asked to answer, for oneself or for the own organisation."""
    rows = queries.own_list(actor_of(request))
    context = {
        "waiting": [row for row in rows if not row.invitation.answered and not row.refusal],
        "others": [row for row in rows if row.invitation.answered or row.refusal],
    }
    return pages.render(request, "questionnaires/own_list.html", context, title="回答するアンケート")


@requires(Permission.ANSWER_QUESTIONNAIRE)
def own_answer(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    policies.get_own_invitation(actor_of(request), invitation_id)
    _forget(request)
    request.session[OWN] = str(invitation_id)
    return redirect("questionnaires:answer_start")


@public(reason="案内文のリンクの入り口。コードを確かめて覚え、コードのないアドレスへ移るだけで、何も見せない。")
@private
def answer_link(request: HttpRequest, code: str) -> HttpResponse:
    """The only address with a code in it: it shows nothing and leads on at once, without telling where from."""
    _enter(request, code)
    response = redirect("questionnaires:answer_start")
    response["Referrer-Policy"] = "no-referrer"
    return response


def _enter(request: HttpRequest, code: str) -> bool:
    _forget(request)
    try:
        request.session[CODE] = answering.open_link(
            actor=actor_of(request), code=code, address=get_adapter(request).get_client_ip(request)
        )
    except answering.UnableToAnswer as refusal:
        request.session[REFUSAL] = str(refusal)
        return False
    return True


@public(reason=REASON)
@private
def answer_start(request: HttpRequest) -> HttpResponse:
    """With an invitation: what is asked, by whom, what is done with it. Without: a box for the code."""
    if request.method == "POST":
        form = CodeForm(request.POST)
        if form.is_valid():
            _enter(request, form.cleaned_data["code"])
            return redirect("questionnaires:answer_start")
        return _ask_code(request, form)
    if "easy" in request.GET:
        request.session[EASY] = request.GET["easy"] == "1"
        return redirect("questionnaires:answer_start")
    access = _access(request)
    if access is None:
        return _ask_code(request, CodeForm())
    try:
        page = queries.answer_page(actor_of(request), access)
    except NotVisible:
        _forget(request)
        request.session[REFUSAL] = answering.NO_SUCH_LINK
        return redirect("questionnaires:answer_start")
    round_ = page.round
    context = {
        "page": page,
        "round": round_,
        "introduction": with_ruby(page.structure.introduction, shown=_ruby(request, page)),
        "facts": [
            ("たずねる人", round_.organisation.name),
            ("あて先", "" if round_.is_anonymous else page.invitation.label),
            ("回答の期限", day(round_.due_on)),
            ("問い合わせ先", round_.contact),
        ],
        "easy": bool(request.session.get(EASY)),
        "first": walk_of(page.structure, page.typed).first,
    }
    return pages.render(
        request,
        "questionnaires/answer_start.html",
        context,
        title=round_.title,
        status=410 if page.refusal else 200,
    )


def _ask_code(request: HttpRequest, form: CodeForm) -> HttpResponse:
    refusal = request.session.pop(REFUSAL, "")
    return pages.render(
        request,
        "questionnaires/answer_code.html",
        {"form": form, "refusal": refusal},
        title="アンケートに答える",
        status=422 if form.errors else 200,
    )


def _ruby(request: HttpRequest, page: queries.AnswerPage) -> bool:
    return bool(request.session.get(EASY)) or page.structure.furigana


# -- Answering -----------------------------------------------------------------------------------------------------


@public(reason=REASON)
@private
@answering_page
def answer_section(request: HttpRequest, access: AnswerAccess, page: queries.AnswerPage, number: int) -> HttpResponse:
    """One section a page. Every button keeps what was typed first; 次へ also says what cannot be read."""
    section = page.section(number)
    if section is None:
        return redirect("questionnaires:answer_start")
    walk = walk_of(page.structure, page.typed)
    errors: dict[str, str] | None = None
    typed = dict(page.typed)
    if request.method == "POST":
        given = typed_from(request.POST, [section])
        shown = request.POST.get("shown", "").split(",")
        kept = {name: value for name, value in given.items() if name in shown}
        answering.save_draft(actor=actor_of(request), access=access, content=kept)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204)
        typed |= kept
        walk = walk_of(page.structure, typed)
        answer = _after_saving(request, page, walk, number, shown)
        if answer is not None:
            return answer
        names = [question.link_id for question in section.questions]
        errors = check_answers(page.structure, typed, only=names).errors
        if not errors:
            following = walk.after(number)
            return (
                redirect("questionnaires:answer_section", number=following)
                if following
                else redirect("questionnaires:answer_review")
            )
    return _draw_section(request, page, number, walk, typed, errors)


def _after_saving(
    request: HttpRequest, page: queries.AnswerPage, walk: Walk, number: int, shown: list[str]
) -> HttpResponse | None:
    """Where to go when the page is not to be judged: back, away, or again since an answer opened a question."""
    go = request.POST.get("go", "")
    here = reverse("questionnaires:answer_section", args=[number])
    if go == "back":
        before = walk.before(number)
        return (
            redirect("questionnaires:answer_section", number=before)
            if before
            else redirect("questionnaires:answer_start")
        )
    if go == "save":
        messages.success(request, "ここまでの答えを保存しました。期限までに、同じ入り口から続きを答えられます。")
        return redirect(here)
    if go.startswith("rows:"):
        return redirect(f"{here}?rows={go[5:]}#{go[5:]}")
    new = [name for name in walk.asked_in(number) if name not in shown]
    if new:
        messages.info(request, "答えに応じて、質問が増えました。続けて答えてください。")
        return redirect(f"{here}#{new[0]}")
    return None


def _draw_section(
    request: HttpRequest,
    page: queries.AnswerPage,
    number: int,
    walk: Walk,
    typed: dict[str, Any],
    errors: dict[str, str] | None,
) -> HttpResponse:
    section = page.section(number)
    assert section is not None
    easy, ruby = bool(request.session.get(EASY)), _ruby(request, page)
    form = AnswerForm(
        [section],
        typed,
        numbers=page.structure.numbers(),
        errors=errors,
        easy=easy,
        ruby=ruby,
        more_rows=request.GET.get("rows", ""),
    )
    asked = walk.asked_in(number)
    steps = [Step(page.structure.sections[one - 1].label) for one in walk.pages] + [Step("確かめて出す")]
    context = {
        "form": form,
        "section": answer_sections(form, page.structure, ruby=ruby, easy=easy, only=asked)[0],
        "shown": ",".join(asked),
        "steps": steps,
        "step": walk.pages.index(number) + 1 if number in walk.pages else 1,
        "is_first": walk.before(number) is None,
        "round": page.round,
    }
    return pages.render(
        request,
        "questionnaires/answer_section.html",
        context,
        title=page.round.title,
        status=422 if errors else 200,
    )


@public(reason=REASON)
@private
@answering_page
def answer_review(request: HttpRequest, access: AnswerAccess, page: queries.AnswerPage) -> HttpResponse:
    """Everything once more, then one button."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            answering.submit(actor=actor_of(request), access=access)
        except answering.UnableToAnswer as refusal:
            if not refusal.errors:
                raise
            messages.error(request, str(refusal))
            errors = refusal.errors
        else:
            anonymous = page.round.is_anonymous
            _forget(request)
            request.session[DONE] = {"title": page.round.title, "anonymous": anonymous}
            return redirect("questionnaires:answer_done")
    walk = walk_of(page.structure, page.typed)
    checked = check_answers(page.structure, page.typed)
    context = {
        "sections": walk.overview(checked.values, errors or checked.errors),
        "problems": len(errors or checked.errors),
        "round": page.round,
        "last": walk.pages[-1] if walk.pages else 1,
    }
    return pages.render(
        request,
        "questionnaires/answer_review.html",
        context,
        title="確かめて出す",
        status=422 if errors else 200,
    )


@public(reason="答え終わった人に、受け付けたことを知らせる画面。答えの中身は見せない。")
@private
def answer_done(request: HttpRequest) -> HttpResponse:
    done = request.session.get(DONE)
    if not done:
        return redirect("questionnaires:answer_start")
    return pages.render(request, "questionnaires/answer_done.html", {"done": done}, title="回答を受け付けました")


# -- As a file -----------------------------------------------------------------------------------------------------


@public(reason=REASON)
@private
@answering_page
def answer_workbook(request: HttpRequest, access: AnswerAccess, page: queries.AnswerPage) -> HttpResponse:
    """The Excel sheet to take away, and the place to bring it back; then it is confirmed on the screen."""
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_valid():
        try:
            taken = workbooks.take_workbook(
                actor=actor_of(request), content=form.cleaned_data["file"].read(), access=access
            )
        except answering.UnableToAnswer as refusal:
            form.add_error("file", str(refusal))
        else:
            for problem in taken.problems:
                messages.warning(request, problem)
            messages.success(request, "回答票を読み取りました。まだ出していません。内容を確かめて、出してください。")
            return redirect("questionnaires:answer_review")
    return pages.render(
        request,
        "questionnaires/answer_workbook.html",
        {"form": form, "round": page.round},
        title="Excelで答える",
        status=422 if form.errors else 200,
    )


@public(reason=REASON)
@private
@answering_page
def answer_workbook_xlsx(request: HttpRequest, access: AnswerAccess, page: queries.AnswerPage) -> HttpResponse:
    content = workbooks.make_workbook(actor=actor_of(request), access=access)
    return file_response(content, "回答票.xlsx")
