"""The closed lists of reports."""

from __future__ import annotations

from django.db.models import TextChoices


class AnswerState(TextChoices):
    """A confirmed sheet is what was answered: it never changes any more."""

    DRAFT = "draft", "案"
    CONFIRMED = "confirmed", "確定"
    DROPPED = "dropped", "取りやめ"


class CollectionState(TextChoices):
    """A round of asking for sheets. What was answered before it was closed stays; it can be opened again."""

    DRAFT = "draft", "準備中"
    OPEN = "open", "受付中"
    CLOSED = "closed", "締め切り"


class AnswerWay(TextChoices):
    """How a body hands its sheet in."""

    INSIDE = "inside", "nimoで作成"
    WORKBOOK = "workbook", "Excelの用紙"


class Standing(TextChoices):
    """How far a body is. The order is that of the way to a finished sheet."""

    EXCUSED = "excused", "求めない"
    UNTOUCHED = "untouched", "まだ始まっていない"
    WORKBOOK_OUT = "workbook_out", "用紙を渡した"
    WRITING = "writing", "作成中"
    IN_HANDS = "in_hands", "確認・決裁中"
    RETURNED = "returned", "差戻し中"
    WORKBOOK_BACK = "workbook_back", "用紙が戻った（確かめる）"
    SUBMITTED = "submitted", "提出あり（受理待ち）"
    DONE = "done", "そろった"


class ContactKind(TextChoices):
    """How a body was spoken to about its sheet."""

    ASKED = "asked", "依頼した"
    REMINDED = "reminded", "催促した"
    SPOKEN = "spoken", "電話などで話した"
    EXCUSED = "excused", "求めないことにした"
    ASKED_AGAIN = "asked_again", "求めることに戻した"
    WORKBOOK_OUT = "workbook_out", "用紙を作った"
    WORKBOOK_BACK = "workbook_back", "用紙が戻った"


class PacketState(TextChoices):
    OUT = "out", "渡した"
    BACK = "back", "戻った"
    REPLACED = "replaced", "作り直した"
