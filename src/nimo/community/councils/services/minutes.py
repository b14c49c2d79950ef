"""Minutes: written item by item, approved for good, corrected beside, published."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from nimo.community.councils.choices.bodies import BodyAudience
from nimo.community.councils.choices.meetings import Confidentiality, MeetingState, MinutesState
from nimo.community.councils.models.meetings import Meeting
from nimo.community.councils.models.minutes import MinuteCorrection, Minutes, MinuteText
from nimo.community.councils.policies.meetings import get_managed_item, get_managed_meeting
from nimo.community.councils.queries.people import known_names
from nimo.community.councils.rules.names import names_in, warning
from nimo.community.councils.rules.renditions import Audience, faults, rendition
from nimo.community.councils.services.finding import find_meetings_anew
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record

WRITTEN = register_verb("councils.write_minutes", "議事録を書いた")
APPROVED = register_verb("councils.approve_minutes", "議事録を確定した")
CORRECTED = register_verb("councils.correct_minutes", "確定した議事録の訂正を記した")
PUBLISHED = register_verb("councils.publish_minutes", "議事録を公開した")
WITHDRAWN = register_verb("councils.withdraw_minutes", "議事録の公開をやめた")

IS_APPROVED = (
    "議事録は確定しているため、書き換えられません。誤りがあるときは「訂正を記す」で、確定した記録のとなりに残してください。"
    "何も変わっていません。"
)


class UnableToWriteMinutes(Exception):
    """Nothing was changed; str() is the sentence for the user.

    current: what another person saved meanwhile. names: a person's name may become public.
    """

    def __init__(self, message: str, *, current: MinuteText | None = None, names: bool = False) -> None:
        super().__init__(message)
        self.current = current
        self.names = names


def _note(
    actor: Actor, verb: str, meeting: Meeting, diff: Mapping[str, object] | None = None, reason: str = ""
) -> None:
    record(
        actor,
        verb=verb,
        target=("councils.meeting", str(meeting.pk)),
        region_code=meeting.body.region_id,
        organisation_id=meeting.body.organisation_id,
        diff=diff,
        reason=reason,
    )


def save_minute(*, actor: Actor, item_id: UUID, version: int, text: str) -> MinuteText:
    """The record of one item. version: that of the text the writer began from; 0 where there was none.

    Raises UnableToWriteMinutes: approved already; somebody saved meanwhile (`current` holds that text, nothing is lost).
    """
    with transaction.atomic():
        item = get_managed_item(actor, item_id)
        _begin(item.meeting)
        # the state is asked in the same statement that takes the writer's place: no text slips in beside an approval
        if Minutes.objects.filter(pk=item.meeting_id, state=MinutesState.DRAFT).update(version=F("version") + 1) != 1:
            raise UnableToWriteMinutes(IS_APPROVED)
        clean = text.replace("\r\n", "\n").strip()
        stamp = {"text": clean, "edited_at": actor.now, "edited_by_name": actor.name}
        before = MinuteText.objects.filter(pk=item.pk).first()
        if before is None and version == 0:
            try:
                with transaction.atomic():
                    MinuteText.objects.create(item=item, **stamp)
                saved = True
            except IntegrityError:
                saved = False
        else:
            saved = (
                MinuteText.objects.filter(pk=item.pk, version=version).update(version=F("version") + 1, **stamp) == 1
            )
        now = MinuteText.objects.filter(pk=item.pk).first()
        if not saved or now is None:
            by = now.edited_by_name if now else "ほかの人"
            raise UnableToWriteMinutes(
                f"{by}さんが先にこの議題の記録を保存しました。あなたの入力は消えていません。"
                "二つを見くらべて、残したい形に直してから、もう一度保存してください。",
                current=now,
            )
        diff = {"番号": [item.position, item.position], "文字数": [len(before.text) if before else 0, len(clean)]}
        _note(actor, WRITTEN, item.meeting, diff)
    return now


def _begin(meeting: Meeting) -> None:
    Minutes.objects.get_or_create(meeting=meeting)


def approve_minutes(
    *, actor: Actor, meeting_id: UUID, version: int, confirmed_by: str, names_read: bool = False
) -> None:
    """For good. confirmed_by: who looked through the text (会長、出席者全員). Raises UnableToWriteMinutes.

    Marks of passages must be in order, and names in what will be public must have been looked at.
    """
    if not confirmed_by.strip():
        raise UnableToWriteMinutes("内容を確かめた人（会長、出席者など）を入れてください。何も変わっていません。")
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        if meeting.state != MeetingState.HELD:
            raise UnableToWriteMinutes("開催していない会議の議事録は確定できません。先に開催を記録してください。")
        texts = list(MinuteText.objects.filter(item__meeting=meeting).select_related("item").order_by("item__position"))
        if not any(one.text for one in texts):
            raise UnableToWriteMinutes("議事録にまだ何も書かれていません。何も変わっていません。")
        for one in texts:
            for fault in faults(one.text):
                raise UnableToWriteMinutes(
                    f"議題{one.item.position}の{fault.line}行目：{fault.message}直してから確定してください。"
                )
        if not names_read:
            _warn_of_names(meeting, texts)
        _begin(meeting)
        changed = Minutes.objects.filter(pk=meeting.pk, version=version, state=MinutesState.DRAFT).update(
            state=MinutesState.APPROVED,
            approved_at=actor.now,
            approved_by_name=actor.name,
            confirmed_by=confirmed_by.strip()[:200],
            version=F("version") + 1,
        )
        if changed != 1:
            raise UnableToWriteMinutes(
                "確かめているあいだに議事録が直されたか、もう確定しています。画面を開き直して、もう一度確かめてください。"
            )
        _note(actor, APPROVED, meeting, {"状態": [MinutesState.DRAFT.value, MinutesState.APPROVED.value]})
        find_meetings_anew(actor=actor, meeting_ids=[meeting.pk])


def _warn_of_names(meeting: Meeting, texts: list[MinuteText]) -> None:
    known = known_names(meeting.body)
    for one in texts:
        if one.item.confidentiality != Confidentiality.PUBLIC:
            continue
        sentence = warning(f"議題{one.item.position}の記録", names_in(rendition(one.text, Audience.PUBLIC), known))
        if sentence:
            raise UnableToWriteMinutes(
                f"{sentence}公開してよいと確かめたときは「名前を確かめた」に印を付けてください。", names=True
            )


def correct_minute(
    *,
    actor: Actor,
    item_id: UUID,
    passage: str,
    correct: str,
    reason: str,
    confidentiality: Confidentiality = Confidentiality.MEMBERS,
    names_read: bool = False,
) -> MinuteCorrection:
    """Writes a correction beside approved minutes; their text stays. Raises UnableToWriteMinutes.

    A correction is never more public than the passage it quotes.
    """
    if not passage.strip() or not correct.strip() or not reason.strip():
        raise UnableToWriteMinutes("誤った記載、正しい記載、訂正の理由を入れてください。何も記していません。")
    with transaction.atomic():
        item = get_managed_item(actor, item_id)
        if not Minutes.objects.filter(pk=item.meeting_id, state=MinutesState.APPROVED).exists():
            raise UnableToWriteMinutes("議事録はまだ確定していません。記録をそのまま直してください。")
        text = MinuteText.objects.filter(pk=item.pk).values_list("text", flat=True).first() or ""
        quoted = passage.strip()
        if quoted not in rendition(text, Audience.SECRETARIAT):
            raise UnableToWriteMinutes("その記載は、確定した議事録にありません。議事録から写して入れてください。")
        if confidentiality == Confidentiality.PUBLIC:
            if quoted not in rendition(text, Audience.PUBLIC) or item.confidentiality != Confidentiality.PUBLIC:
                raise UnableToWriteMinutes(
                    "公開していない部分の訂正は、公開にできません。公開の範囲を選び直してください。"
                )
            seen = [] if names_read else names_in(f"{correct}\n{reason}", known_names(item.meeting.body))
            if seen:
                raise UnableToWriteMinutes(f"{warning('訂正', seen)}まだ記していません。", names=True)
        elif confidentiality == Confidentiality.MEMBERS and quoted not in rendition(text, Audience.MEMBERS):
            raise UnableToWriteMinutes("事務局だけの記載の訂正は、事務局限りにしてください。何も記していません。")
        row = MinuteCorrection.objects.create(
            id=new_id(),
            item=item,
            passage=quoted,
            correct=correct.strip(),
            reason=reason.strip(),
            confidentiality=confidentiality.value,
            at=actor.now,
            by_name=actor.name,
        )
        _note(actor, CORRECTED, item.meeting, {"番号": [None, item.position]})
        find_meetings_anew(actor=actor, meeting_ids=[item.meeting_id])
    return row


def publish_minutes(*, actor: Actor, meeting_id: UUID) -> None:
    """Opens the public rendition to everybody. Raises UnableToWriteMinutes."""
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        if meeting.body.audience != BodyAudience.PUBLIC:
            raise UnableToWriteMinutes(
                "この会議体は公開の設定になっていません。会議体の「概要を見られる人」を「だれでも」にしてから公開してください。"
            )
        changed = Minutes.objects.filter(pk=meeting.pk, state=MinutesState.APPROVED, published_at__isnull=True).update(
            published_at=actor.now, published_by_name=actor.name, version=F("version") + 1
        )
        if changed != 1:
            raise UnableToWriteMinutes("公開できるのは、確定していて、まだ公開していない議事録です。")
        _note(actor, PUBLISHED, meeting)
        find_meetings_anew(actor=actor, meeting_ids=[meeting.pk])


def withdraw_minutes(*, actor: Actor, meeting_id: UUID, reason: str) -> None:
    """Takes the public rendition back. Raises UnableToWriteMinutes."""
    if not reason.strip():
        raise UnableToWriteMinutes("公開をやめる理由を入れてください。何も変わっていません。")
    with transaction.atomic():
        meeting = get_managed_meeting(actor, meeting_id)
        changed = Minutes.objects.filter(pk=meeting.pk, published_at__isnull=False).update(
            published_at=None, version=F("version") + 1
        )
        if changed != 1:
            raise UnableToWriteMinutes("この議事録は公開されていません。")
        _note(actor, WITHDRAWN, meeting, reason=reason.strip()[:200])
        find_meetings_anew(actor=actor, meeting_ids=[meeting.pk])
