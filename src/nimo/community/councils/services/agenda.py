"""Agenda items, their classification and papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from nimo.community.councils.choices.bodies import Axis, Origin
from nimo.community.councils.choices.meetings import Confidentiality
from nimo.community.councils.formats.contents import words_of
from nimo.community.councils.models.bodies import Body
from nimo.community.councils.models.meetings import AgendaItem, Paper, Reading
from nimo.community.councils.models.minutes import MinuteText
from nimo.community.councils.policies.bodies import get_managed_body
from nimo.community.councils.policies.meetings import get_managed_item, get_managed_meeting, is_approved
from nimo.community.councils.queries.people import known_names
from nimo.community.councils.rules.names import names_in, warning
from nimo.community.councils.services.finding import find_meetings_anew
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import diff_of, record
from nimo.foundation.files.services import UnableToStore, store

ITEM = register_verb("councils.put_item", "会議の議題を登録した・直した")
REMOVED = register_verb("councils.remove_item", "会議の議題を消した")
CLASSIFIED = register_verb("councils.classify", "議題の軸と起点を付けた")
PAPER = register_verb("councils.add_paper", "会議の資料を加えた")
READING = register_verb("councils.set_reading", "ことばのよみを登録した")

CHANGED_MEANWHILE = (
    "ほかの人が先にこの議題を直しました。入力した内容はまだ保存していません。"
    "いまの内容を確かめてから、もう一度保存してください。"
)
_STRICTNESS = [Confidentiality.PUBLIC, Confidentiality.MEMBERS, Confidentiality.SECRETARIAT]


class UnableToChangeAgenda(Exception):
    """Nothing was changed; str() is the sentence for the user. names: a person's name may become public."""

    def __init__(self, message: str, *, names: bool = False) -> None:
        super().__init__(message)
        self.names = names


@dataclass(frozen=True, slots=True)
class ItemFacts:
    title: str
    purpose: str = ""
    presenter: str = ""
    axis: str = ""
    origin: str = ""
    confidentiality: Confidentiality = Confidentiality.MEMBERS

    def columns(self) -> dict[str, str]:
        return {
            "title": self.title.strip(),
            "purpose": self.purpose.strip(),
            "presenter": self.presenter.strip(),
            "axis": self.axis,
            "origin": self.origin,
            "confidentiality": self.confidentiality.value,
        }


def _note(actor: Actor, verb: str, body: Body, target: tuple[str, str], diff: Mapping[str, object]) -> None:
    record(
        actor,
        verb=verb,
        target=target,
        region_code=body.region_id,
        organisation_id=body.organisation_id,
        diff=diff,
    )


def _warn_of_names(body: Body, where: str, text: str, confidentiality: str, *, names_read: bool) -> None:
    """Refuses once, so that a person looks; the second time the person has said that the names may stand."""
    if confidentiality != Confidentiality.PUBLIC or names_read:
        return
    sentence = warning(where, names_in(text, known_names(body)))
    if sentence:
        raise UnableToChangeAgenda(f"{sentence}まだ保存していません。", names=True)


def put_item(
    *,
    actor: Actor,
    meeting_id: UUID,
    facts: ItemFacts,
    item_id: UUID | None = None,
    version: int = 0,
    names_read: bool = False,
) -> AgendaItem:
    """A new item at the end, or a changed one. Once the minutes are approved only the classification changes, and an
    item may become less public, never more. Raises UnableToChangeAgenda.
    """
    after = facts.columns()
    if not after["title"]:
        raise UnableToChangeAgenda("議題を入れてください。何も保存していません。")
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        words = f"{after['title']}\n{after['purpose']}\n{after['presenter']}"
        _warn_of_names(meeting.body, "議題", words, after["confidentiality"], names_read=names_read)
        if item_id is None:
            if is_approved(meeting.pk):
                raise UnableToChangeAgenda("議事録が確定しているため、議題は加えられません。何も変わっていません。")
            last = meeting.items.aggregate(last=Max("position"))["last"] or 0
            try:
                with transaction.atomic():
                    item = AgendaItem.objects.create(id=new_id(), meeting=meeting, position=last + 1, **after)
            except IntegrityError as error:
                raise UnableToChangeAgenda(
                    "ほかの人が同時に議題を加えました。もう一度「保存する」を押してください。"
                ) from error
            before: dict[str, str] = {}
        else:
            item = get_managed_item(actor, item_id)
            before = {name: getattr(item, name) for name in after}
            _refuse_after_approval(item, before, after)
            changed = AgendaItem.objects.filter(pk=item.pk, version=version).update(version=F("version") + 1, **after)
            if changed != 1:
                raise UnableToChangeAgenda(CHANGED_MEANWHILE)
            item.refresh_from_db()
        diff = dict(diff_of(before, after, withhold=("title", "purpose", "presenter")))
        _note(actor, ITEM, meeting.body, ("councils.item", str(item.pk)), diff)
        find_meetings_anew(actor=actor, meeting_ids=[meeting.pk])
    return item


def _refuse_after_approval(item: AgendaItem, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    if not is_approved(item.meeting_id):
        return
    if any(before[name] != after[name] for name in ("title", "purpose", "presenter")):
        raise UnableToChangeAgenda(
            "議事録が確定しているため、議題の名前や目的は変えられません。軸と起点は付けられます。何も変わっていません。"
        )
    levels = [_STRICTNESS.index(Confidentiality(one["confidentiality"])) for one in (before, after)]
    if levels[1] < levels[0]:
        raise UnableToChangeAgenda(
            "確定した議事録の議題を、あとから広く公開することはできません。何も変わっていません。"
        )


def remove_item(*, actor: Actor, item_id: UUID) -> None:
    """An item nothing was written or handed in for. Raises UnableToChangeAgenda."""
    with transaction.atomic():
        item = get_managed_item(actor, item_id)
        if (
            is_approved(item.meeting_id)
            or item.papers.exists()
            or item.decisions.exists()
            or item.opinions.exists()
            or item.referrals.exists()
            or MinuteText.objects.filter(pk=item.pk).exclude(text="").exists()
        ):
            raise UnableToChangeAgenda("記録や資料のある議題は消せません。何も変わっていません。")
        MinuteText.objects.filter(pk=item.pk).delete()
        _note(actor, REMOVED, item.meeting.body, ("councils.item", str(item.pk)), {"番号": [item.position, None]})
        AgendaItem.objects.filter(pk=item.pk).delete()
        find_meetings_anew(actor=actor, meeting_ids=[item.meeting_id])


def classify(*, actor: Actor, body_id: UUID, fiscal_year: int, said: Mapping[UUID, tuple[str, str]]) -> int:
    """Axis and origin of many items of a year at once; how many changed. Items of other bodies are refused."""
    if any(axis not in {"", *Axis.values} or origin not in {"", *Origin.values} for axis, origin in said.values()):
        raise UnableToChangeAgenda("軸と起点の選び方が正しくありません。画面を開き直してください。")
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        items = {
            item.pk: item
            for item in AgendaItem.objects.filter(
                pk__in=said, meeting__body=body, meeting__fiscal_year=fiscal_year
            ).order_by("pk")
        }
        if set(items) != set(said):
            raise UnableToChangeAgenda("この年度にない議題が含まれています。画面を開き直してください。")
        changed = 0
        for pk, (axis, origin) in said.items():
            if (items[pk].axis, items[pk].origin) != (axis, origin):
                changed += AgendaItem.objects.filter(pk=pk).update(axis=axis, origin=origin, version=F("version") + 1)
        if changed:
            diff = {"年度": [None, fiscal_year], "件数": [None, changed]}
            _note(actor, CLASSIFIED, body, ("councils.body", str(body.pk)), diff)
    return changed


def add_paper(
    *,
    actor: Actor,
    item_id: UUID,
    title: str,
    name: str,
    content: bytes,
    confidentiality: Confidentiality,
    furigana: tuple[str, bytes] | None = None,
    names_read: bool = False,
) -> Paper:
    """A paper, or its next edition under the same title. furigana: (file name, content) of the edition with readings.

    Of a paper that goes to the public the words are looked through for names. Raises UnableToChangeAgenda.
    """
    if not title.strip():
        raise UnableToChangeAgenda("資料の名前を入れてください。何も保存していません。")
    with transaction.atomic():
        item = get_managed_item(actor, item_id)
        body = item.meeting.body
        words = "\n".join(
            [title, name, words_of(content) or "", *([furigana[0], words_of(furigana[1]) or ""] if furigana else [])]
        )
        open_to_all = item.confidentiality == Confidentiality.PUBLIC == confidentiality
        level = Confidentiality.PUBLIC if open_to_all else Confidentiality.MEMBERS
        _warn_of_names(body, f"資料「{title.strip()}」", words, level, names_read=names_read)
        former = Paper.objects.filter(item=item, title=title.strip()).order_by("-edition").first()
        try:
            file = store(actor=actor, content=content, name=name, purpose="councils.paper", region_code=body.region_id)
            with_readings = (
                store(
                    actor=actor,
                    content=furigana[1],
                    name=furigana[0],
                    purpose="councils.paper",
                    region_code=body.region_id,
                )
                if furigana
                else None
            )
        except UnableToStore as refusal:
            raise UnableToChangeAgenda(str(refusal)) from refusal
        if former is not None:
            Paper.objects.filter(pk=former.pk, replaced_at__isnull=True).update(replaced_at=actor.now)
        paper = Paper.objects.create(
            id=new_id(),
            item=item,
            title=title.strip(),
            edition=former.edition + 1 if former else 1,
            file=file,
            furigana_file=with_readings,
            confidentiality=confidentiality.value,
            added_at=actor.now,
        )
        diff = {"版": [None, paper.edition], "公開の範囲": [None, confidentiality.value]}
        _note(actor, PAPER, body, ("councils.paper", str(paper.pk)), diff)
    return paper


def set_reading(*, actor: Actor, body_id: UUID, term: str, reading: str) -> None:
    """How a term is read; an empty reading takes it away. Raises UnableToChangeAgenda."""
    if not term.strip():
        raise UnableToChangeAgenda("ことばを入れてください。何も保存していません。")
    with transaction.atomic():
        body = get_managed_body(actor, body_id)
        if reading.strip():
            Reading.objects.update_or_create(body=body, term=term.strip(), defaults={"reading": reading.strip()})
        else:
            Reading.objects.filter(body=body, term=term.strip()).delete()
        _note(actor, READING, body, ("councils.body", str(body.pk)), {"ことば": [None, term.strip()]})
