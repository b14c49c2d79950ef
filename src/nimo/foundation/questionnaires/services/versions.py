"""Forms and their versions: made, edited while a draft, published for good, retired."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import Decision
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.questionnaires.choices import FormPurpose, QuestionKind, RoundState, VersionState
from nimo.foundation.questionnaires.models.forms import Form, FormVersion
from nimo.foundation.questionnaires.models.rounds import Round
from nimo.foundation.questionnaires.policies import (
    get_owned_form,
    get_owned_version,
    may_create,
    may_edit_version,
    may_manage,
)
from nimo.foundation.questionnaires.rules import editing
from nimo.foundation.questionnaires.rules.checking import MOST_QUESTIONS, blocking, check_structure
from nimo.foundation.questionnaires.rules.structure import (
    Question,
    Section,
    Structure,
    digest,
    structure_from,
    to_data,
)

CREATED = register_verb("questionnaires.create", "アンケートの様式を作った")
RENAMED = register_verb("questionnaires.rename", "アンケートの様式の題名や目的を直した")
EDITED = register_verb("questionnaires.edit", "アンケートの質問を直した")
PUBLISHED = register_verb("questionnaires.publish", "様式の版を使い始めた")
COPIED = register_verb("questionnaires.copy", "新しい版を作り始めた")
RETIRED = register_verb("questionnaires.retire", "様式の版を使い終えた")
DISCARDED = register_verb("questionnaires.discard", "作成中の版を取りやめた")

CHANGED_MEANWHILE = (
    "ほかの人が先にこの版を直しました。いまの内容を開き直したので、確かめてからもう一度行ってください。"
    "あなたの直しはまだ保存していません。"
)
GONE = "その質問は、ほかの人がすでに消したか移しました。いまの内容を確かめてください。何も変わっていません。"


class UnableToEdit(Exception):
    """str() says in Japanese what happened, that nothing was lost, and what to do."""


def _require(decision: Decision) -> None:
    if not decision:
        raise UnableToEdit(decision.reason)


def create_form(*, actor: Actor, title: str, purpose: FormPurpose, about: str = "") -> FormVersion:
    """A form of the organisation one acts for, and its first draft."""
    _require(may_create(actor))
    title = title.strip()
    grant = actor.organisation
    if grant is None:
        raise UnableToEdit("どの組織のアンケートか分からないため、作れませんでした。所属を選んでください。")
    if not title:
        raise UnableToEdit("題名を入力してください。")
    with transaction.atomic():
        form = Form.objects.create(
            organisation_id=grant.organisation_id,
            region_id=grant.region_code,
            title=title,
            purpose=purpose,
            about=about.strip(),
            created_at=actor.now,
        )
        version = FormVersion.objects.create(form=form, number=1, structure=to_data(Structure()), created_at=actor.now)
        _note(actor, CREATED, form, {"title": [None, title], "purpose": [None, purpose]})
    return version


def _note(actor: Actor, verb: str, form: Form, diff: dict[str, object] | None = None, reason: str = "") -> None:
    record(
        actor,
        verb=verb,
        target=("questionnaires.form", str(form.pk)),
        region_code=form.region_id,
        organisation_id=form.organisation_id,
        reason=reason,
        diff=diff,
    )


def rename_form(*, actor: Actor, form_id: UUID, version: int, title: str, purpose: FormPurpose, about: str) -> None:
    """Another title or explanation; the questions of published versions stay as they are."""
    with transaction.atomic():
        form = get_owned_form(actor, form_id)
        _require(may_manage(actor, form))
        before = {"title": form.title, "purpose": form.purpose, "about": form.about}
        after = {"title": title.strip(), "purpose": purpose.value, "about": about.strip()}
        if not after["title"]:
            raise UnableToEdit("題名を入力してください。")
        if Form.objects.filter(pk=form.pk, version=version).update(version=F("version") + 1, **after) != 1:
            raise UnableToEdit(CHANGED_MEANWHILE)
        _note(actor, RENAMED, form, dict(diff_of(before, after)))


def _change(
    actor: Actor, version_id: UUID, version: int, change: Callable[[Structure], Structure], what: str
) -> Structure:
    """One edit of a draft: only while it is one, and only upon the state the person saw."""
    with transaction.atomic():
        draft = get_owned_version(actor, version_id)
        _require(may_edit_version(actor, draft))
        before = structure_from(draft.structure)
        try:
            after = change(before)
        except editing.UnknownPlace:
            raise UnableToEdit(GONE) from None
        if sum(len(section.questions) for section in after.sections) > MOST_QUESTIONS:
            raise UnableToEdit(
                f"質問は{MOST_QUESTIONS}問までです。分けて、別の様式にしてください。何も変わっていません。"
            )
        changed = FormVersion.objects.filter(pk=draft.pk, state=VersionState.DRAFT, version=version).update(
            structure=to_data(after), version=F("version") + 1
        )
        if changed != 1:
            raise UnableToEdit(CHANGED_MEANWHILE)
        _note(actor, EDITED, draft.form, {"版": [draft.number, draft.number], "直し": [None, what]})
    return after


def add_section(*, actor: Actor, version_id: UUID, version: int, text: str) -> str:
    """A section at the end of the draft; its link_id."""
    if not text.strip():
        raise UnableToEdit("まとまりの見出しを入力してください。")
    made: list[str] = []

    def change(structure: Structure) -> Structure:
        after, link_id = editing.add_section(structure, text)
        made.append(link_id)
        return after

    _change(actor, version_id, version, change, "まとまりを足した")
    return made[0]


def add_question(
    *, actor: Actor, version_id: UUID, version: int, section_id: str, kind: QuestionKind, text: str
) -> str:
    """A question at the end of a section; its link_id."""
    if not text.strip():
        raise UnableToEdit("質問の文を入力してください。")
    made: list[str] = []

    def change(structure: Structure) -> Structure:
        after, link_id = editing.add_question(structure, section_id, kind, text)
        made.append(link_id)
        return after

    _change(actor, version_id, version, change, "質問を足した")
    return made[0]


def change_question(*, actor: Actor, version_id: UUID, version: int, question: Question) -> None:
    """The question as it shall be. What is wrong with it is shown in the builder and stops publication only."""
    _change(actor, version_id, version, lambda s: editing.change_question(s, question), f"質問 {question.link_id}")


def change_section(*, actor: Actor, version_id: UUID, version: int, section: Section) -> None:
    _change(actor, version_id, version, lambda s: editing.change_section(s, section), f"まとまり {section.link_id}")


def change_introduction(*, actor: Actor, version_id: UUID, version: int, introduction: str, furigana: bool) -> None:
    """The words above the questions, and whether readings are always shown."""
    _change(
        actor,
        version_id,
        version,
        lambda s: editing.with_introduction(s, introduction.strip(), furigana=furigana),
        "はじめの案内",
    )


def move_item(*, actor: Actor, version_id: UUID, version: int, link_id: str, step: int) -> None:
    """A section or question one place up (−1) or down (1)."""
    _change(actor, version_id, version, lambda s: editing.move(s, link_id, step), f"移した {link_id}")


def remove_item(*, actor: Actor, version_id: UUID, version: int, link_id: str) -> None:
    """A section with its questions, or a question."""
    _change(actor, version_id, version, lambda s: editing.remove(s, link_id), f"消した {link_id}")


def publish_version(*, actor: Actor, version_id: UUID, version: int) -> None:
    """From now on this version does not change. An earlier published version stays usable until it is retired."""
    with transaction.atomic():
        draft = get_owned_version(actor, version_id)
        _require(may_edit_version(actor, draft))
        structure = structure_from(draft.structure)
        wrong = blocking(check_structure(structure))
        if wrong:
            raise UnableToEdit(f"直すところが{len(wrong)}か所あるため、使い始められません。{wrong[0].text}")
        fingerprint = digest(structure)
        changed = FormVersion.objects.filter(pk=draft.pk, state=VersionState.DRAFT, version=version).update(
            state=VersionState.PUBLISHED,
            digest=fingerprint,
            published_at=actor.now,
            published_by_name=actor.name,
            version=F("version") + 1,
        )
        if changed != 1:
            raise UnableToEdit(CHANGED_MEANWHILE)
        _note(actor, PUBLISHED, draft.form, {"版": [None, draft.number], "質問": [None, fingerprint[:16]]})


def copy_version(*, actor: Actor, version_id: UUID) -> FormVersion:
    """A new draft with the questions of an earlier version. Raises UnableToEdit when a draft is there already."""
    with transaction.atomic():
        source = get_owned_version(actor, version_id)
        _require(may_manage(actor, source.form))
        if source.state == VersionState.DRAFT:
            raise UnableToEdit("この版はまだ作成中です。そのまま直してください。")
        versions = FormVersion.objects.filter(form=source.form)
        last = versions.aggregate(last=Max("number"))["last"] or 0
        structure = dict(source.structure)  # a name given in any version is never given again
        structure["nextNumber"] = max(one["nextNumber"] for one in versions.values_list("structure", flat=True))
        try:
            with transaction.atomic():
                made = FormVersion.objects.create(
                    id=new_id(), form=source.form, number=last + 1, structure=structure, created_at=actor.now
                )
        except IntegrityError:
            raise UnableToEdit(
                "作成中の版がすでにあります。それを直すか、取りやめてから作ってください。何も変わっていません。"
            ) from None
        _note(actor, COPIED, source.form, {"版": [source.number, made.number]})
    return made


def discard_draft(*, actor: Actor, version_id: UUID, version: int) -> None:
    """Throws a draft away. The only version of a form is kept: a form without one could not be found again."""
    with transaction.atomic():
        draft = get_owned_version(actor, version_id)
        _require(may_edit_version(actor, draft))
        if not FormVersion.objects.filter(form=draft.form).exclude(pk=draft.pk).exists():
            raise UnableToEdit("最初の版は取りやめられません。直して使うか、そのまま残してください。")
        if FormVersion.objects.filter(pk=draft.pk, state=VersionState.DRAFT, version=version).delete()[0] != 1:
            raise UnableToEdit(CHANGED_MEANWHILE)
        _note(actor, DISCARDED, draft.form, {"版": [draft.number, None]})


def retire_version(*, actor: Actor, version_id: UUID, reason: str = "") -> None:
    """No new rounds with this version; what was answered stays. Raises UnableToEdit while a round is under way."""
    with transaction.atomic():
        version = get_owned_version(actor, version_id)
        _require(may_manage(actor, version.form))
        if Round.objects.filter(form_version=version).exclude(state=RoundState.CLOSED).exists():
            raise UnableToEdit("この版を使っている回がまだ締め切られていません。締め切ってから、使い終えてください。")
        changed = FormVersion.objects.filter(pk=version.pk, state=VersionState.PUBLISHED).update(
            state=VersionState.RETIRED, retired_at=actor.now, version=F("version") + 1
        )
        if changed != 1:
            raise UnableToEdit("使用中の版ではないため、使い終える操作はできません。何も変わっていません。")
        _note(actor, RETIRED, version.form, {"版": [version.number, version.number]}, reason.strip())
