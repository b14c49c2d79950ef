"""The Excel forms of bodies outside the network: made with last year's text in it, signed, and read when they are back."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nimo.community.reports.choices import AnswerWay, CollectionState, ContactKind, PacketState
from nimo.community.reports.formats.packet import Marks, UnableToReadPacket, packet_marks, signed_packet
from nimo.community.reports.models.collections import CollectionContact, CollectionPacket, CollectionTarget
from nimo.community.reports.policies import PACKET_FILES, get_target
from nimo.community.reports.queries.packets import blank_form
from nimo.community.sheets.services.uploads import UnableToUpload, upload_sheet
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.rules import register_verb
from nimo.foundation.audit.trail import record
from nimo.foundation.files.services import store

MAKE = register_verb("reports.make_packet", "シートのExcelの用紙を作った")
TAKE = register_verb("reports.take_packet", "戻ったExcelの用紙を受け取った")

_LIMIT = 20 * 1024 * 1024


class UnableToPack(Exception):
    """Nothing was made or taken in; str() is the sentence for the user."""


def _open_target(actor: Actor, target_id: UUID) -> CollectionTarget:
    target = get_target(actor, target_id)
    if target.collection.state != CollectionState.OPEN:
        raise UnableToPack(
            "受付中の依頼ではないため、できません。依頼を開き直してから行ってください。何も変わっていません。"
        )
    return target


def _note(actor: Actor, target: CollectionTarget, kind: ContactKind, words: str) -> None:
    CollectionContact.objects.create(
        target=target, kind=kind, words=words, at=actor.now, day=actor.today, by_name=actor.name
    )


def make_packet(*, actor: Actor, target_id: UUID) -> CollectionPacket:
    """A form for the body, with the text of its newest sheet in it. An earlier form of the body counts no more.

    Raises NotVisible and UnableToPack.
    """
    target = _open_target(actor, target_id)
    packet_id = new_id()
    number = target.packets.count() + 1
    form = blank_form(target.region, target.collection.fiscal_year, actor.now)
    content = signed_packet(form, Marks(packet_id, target.pk, target.region_id), settings.SECRET_KEY, made_at=actor.now)
    with transaction.atomic():
        file = store(
            actor=actor,
            content=content,
            name=f"{target.region_name}_自治体情報シート_{target.collection.fiscal_year}年度.xlsx",
            purpose=PACKET_FILES,
            region_code=target.collection.region_id,
        )
        target.packets.exclude(state=PacketState.BACK).update(state=PacketState.REPLACED)
        packet = CollectionPacket(
            id=packet_id,
            target=target,
            number=number,
            file=file,
            made_at=actor.now,
            made_by_name=actor.name,
        )
        packet.save(force_insert=True)
        CollectionTarget.objects.filter(pk=target.pk).update(way=AnswerWay.WORKBOOK)
        _note(actor, target, ContactKind.WORKBOOK_OUT, f"{number}枚目")
        record(
            actor,
            verb=MAKE,
            target=("reports.collectionpacket", str(packet.pk)),
            region_code=target.region_id,
            organisation_id=target.collection.organisation_id,
            diff={"枚目": [None, number]},
        )
    return packet


def take_back(*, actor: Actor, target_id: UUID, content: bytes | BinaryIO) -> CollectionPacket:
    """A filled-in form: its marks are checked, then it is read like any imported sheet, to be looked at and confirmed.

    Raises NotVisible and UnableToPack: no form of ours, of another body or round, replaced by a newer one.
    """
    target = _open_target(actor, target_id)
    data = content if isinstance(content, bytes) else content.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise UnableToPack(
            "ファイルが20MBを超えています。何も取り込んでいません。画像などを貼り付けていないか確かめてください。"
        )
    try:
        marks = packet_marks(data, settings.SECRET_KEY)
    except UnableToReadPacket as refusal:
        raise UnableToPack(str(refusal)) from None
    packet = CollectionPacket.objects.filter(pk=marks.packet, target__pk=marks.target).first()
    if packet is None or packet.target_id != target.pk:
        raise UnableToPack(
            f"この用紙は{target.region_name}にお渡ししたものではありません。何も取り込んでいません。"
            "どこから戻ったものかを確かめて、その依頼先の画面で読み取ってください。"
        )
    if packet.state == PacketState.REPLACED:
        raise UnableToPack(
            f"この用紙（{packet.number}枚目）のあとに、新しい用紙を作っています。何も取り込んでいません。"
            "新しい用紙に書き込んでもらうか、用紙を作り直す前の中身であることを確かめて書き写してください。"
        )
    with transaction.atomic():
        try:
            upload = upload_sheet(actor=actor, content=data, name=f"{target.region_name}_戻った用紙.xlsx")
        except UnableToUpload as refusal:
            raise UnableToPack(str(refusal)) from None
        late = actor.today > target.collection.due_on
        CollectionPacket.objects.filter(pk=packet.pk).update(
            state=PacketState.BACK, upload=upload, back_at=actor.now, late=late
        )
        _note(actor, target, ContactKind.WORKBOOK_BACK, f"{packet.number}枚目{'（期限のあと）' if late else ''}")
        record(
            actor,
            verb=TAKE,
            target=("reports.collectionpacket", str(packet.pk)),
            region_code=target.region_id,
            organisation_id=target.collection.organisation_id,
            diff={"state": [packet.state, PacketState.BACK]},
        )
    packet.refresh_from_db()
    return packet
