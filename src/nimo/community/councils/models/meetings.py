"""Meetings, who was asked and who came, what was talked about, and the papers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.councils.choices.bodies import Axis, Category, Origin, Standing
from nimo.community.councils.choices.meetings import (
    Attendance,
    Confidentiality,
    MeetingState,
    MeetingWay,
    Reply,
    ReplyChannel,
    Stance,
)
from nimo.community.councils.models.bodies import Body, BodyHat
from nimo.community.councils.models.posts import Holding
from nimo.core.ids import new_id
from nimo.foundation.files.models import StoredFile


class Meeting(models.Model):
    """One meeting of a body. The minimum of a held one: its day, attendance by category, one line.

    held_on: the day of the meeting; of a written meeting the day it counts as held (みなし開催日). fiscal_year: of that
    day, or of the plan while no day is set. goals_reviewed: goals were set or evaluated (活動指標の一つ).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField("会議の名前", max_length=120)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    held_on = models.DateField("開催日", null=True, blank=True)
    starts_at = models.TimeField("開始", null=True, blank=True)
    ends_at = models.TimeField("終了", null=True, blank=True)
    way = models.CharField("開催方法", max_length=16, choices=MeetingWay.choices, default=MeetingWay.IN_PERSON)
    place = models.CharField("場所", max_length=200, blank=True)
    online_address = models.CharField("オンラインの接続先", max_length=500, blank=True)
    state = models.CharField("状態", max_length=16, choices=MeetingState.choices, default=MeetingState.PLANNED)
    state_reason = models.CharField("中止の理由", max_length=200, blank=True)
    summary = models.CharField("ひとことの要旨", max_length=300, blank=True)
    goals_reviewed = models.BooleanField("目標の設定・評価を行った", default=False)
    # the call (招集)
    called_on = models.DateField("招集した日", null=True, blank=True)
    answer_by = models.DateField("回答期限日", null=True, blank=True)
    document_number = models.CharField("文書番号", max_length=80, blank=True)
    message = models.TextField("案内文", blank=True, max_length=2000)
    created_at = models.DateTimeField("登録日時")
    recorded_by_name = models.CharField("記録した人の氏名（当時）", max_length=120)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "会議"
        constraints = [
            models.CheckConstraint(
                name="councils_meeting_held_on_a_day", condition=~Q(state="held") | Q(held_on__isnull=False)
            ),
            models.CheckConstraint(
                name="councils_meeting_cancelled_why", condition=~Q(state="cancelled") | ~Q(state_reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["body", "-held_on", "-id"], name="councils_meeting_body"),
            models.Index(fields=["-held_on", "-id"], name="councils_meeting_day"),
            models.Index(fields=["fiscal_year", "state", "body"], name="councils_meeting_year"),
        ]

    def __str__(self) -> str:
        return self.title


class MeetingHat(models.Model):
    """In which other capacity of its body this very meeting was held too."""

    meeting = models.ForeignKey(Meeting, verbose_name="会議", on_delete=models.PROTECT, related_name="hats")
    hat = models.ForeignKey(BodyHat, verbose_name="兼ねた会議", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "兼ねた会議"
        constraints = [models.UniqueConstraint(fields=["meeting", "hat"], name="councils_meeting_hat_once")]

    def __str__(self) -> str:
        return f"{self.hat_id}"


class AttendanceCount(models.Model):
    """How many of a category took part. No row: nobody said; a row of 0: nobody came."""

    meeting = models.ForeignKey(Meeting, verbose_name="会議", on_delete=models.PROTECT, related_name="counts")
    category = models.CharField("区分", max_length=16, choices=Category.choices)
    number = models.PositiveSmallIntegerField("人数")

    class Meta:
        verbose_name = "区分ごとの参加者数"
        constraints = [models.UniqueConstraint(fields=["meeting", "category"], name="councils_count_once")]

    def __str__(self) -> str:
        return f"{self.number}"


class Attendee(models.Model):
    """A person asked to a meeting: the slip that came back, and what happened on the day. Names and posts as they were
    then. No category here, on purpose: see PostCategory."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, verbose_name="会議", on_delete=models.PROTECT, related_name="attendees")
    holding = models.ForeignKey(
        Holding, verbose_name="席に就いている人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField("順", default=0)
    name = models.CharField("氏名（当時）", max_length=80)
    affiliation = models.CharField("所属（当時）", max_length=200, blank=True)
    standing = models.CharField("立場", max_length=16, choices=Standing.choices)
    reply = models.CharField("出欠の回答", max_length=16, choices=Reply.choices, default=Reply.WAITING)
    reply_channel = models.CharField("回答の届き方", max_length=16, choices=ReplyChannel.choices, blank=True)
    replied_on = models.DateField("回答の届いた日", null=True, blank=True)
    proxy_name = models.CharField("代理の人の氏名", max_length=80, blank=True)
    support = models.CharField("付き添い・当日の支え", max_length=200, blank=True)
    furigana = models.BooleanField("ふりがなの付いた資料を渡す", default=False)
    attendance = models.CharField(
        "当日の出欠", max_length=16, choices=Attendance.choices, default=Attendance.UNRECORDED
    )
    spoke = models.BooleanField("発言した", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "招集した人"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "holding"], condition=Q(holding__isnull=False), name="councils_attendee_once"
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "position"], name="councils_attendee_meeting"),
            models.Index(fields=["holding", "attendance"], name="councils_attendee_holding"),
        ]

    def __str__(self) -> str:
        return "招集した人"


class AgendaItem(models.Model):
    """One item. Axis and origin may be said later, all at once at the end of the year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meeting = models.ForeignKey(Meeting, verbose_name="会議", on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField("番号")
    title = models.CharField("議題", max_length=200)
    purpose = models.CharField("この議題の目的", max_length=300, blank=True)
    presenter = models.CharField("説明する人・機関", max_length=120, blank=True)
    axis = models.CharField("軸", max_length=16, choices=Axis.choices, blank=True)
    origin = models.CharField("起点", max_length=16, choices=Origin.choices, blank=True)
    confidentiality = models.CharField(
        "公開の範囲", max_length=16, choices=Confidentiality.choices, default=Confidentiality.MEMBERS
    )
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "議題"
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="councils_item_number_once")]

    def __str__(self) -> str:
        return self.title


class Paper(models.Model):
    """A paper of an item. A newer edition is a new row; the older one stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AgendaItem, verbose_name="議題", on_delete=models.PROTECT, related_name="papers")
    title = models.CharField("資料の名前", max_length=120)
    edition = models.PositiveSmallIntegerField("版", default=1)
    file = models.ForeignKey(StoredFile, verbose_name="ファイル", on_delete=models.PROTECT, related_name="+")
    furigana_file = models.ForeignKey(
        StoredFile,
        verbose_name="ふりがなの付いたファイル",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confidentiality = models.CharField("公開の範囲", max_length=16, choices=Confidentiality.choices)
    added_at = models.DateTimeField("加えた日時")
    replaced_at = models.DateTimeField("新しい版に替わった日時", null=True, blank=True)

    class Meta:
        verbose_name = "会議の資料"
        constraints = [models.UniqueConstraint(fields=["item", "title", "edition"], name="councils_paper_edition")]

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """How a term is read, as a person of the body recorded it; printed as ふりがな where that is asked for."""

    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="readings")
    term = models.CharField("ことば", max_length=60)
    reading = models.CharField("よみ", max_length=120)

    class Meta:
        verbose_name = "ことばのよみ"
        constraints = [models.UniqueConstraint(fields=["body", "term"], name="councils_reading_once")]

    def __str__(self) -> str:
        return self.term


class Opinion(models.Model):
    """What a member answered on an item of a written meeting. A changed answer is a new row; the newest holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    item = models.ForeignKey(AgendaItem, verbose_name="議題", on_delete=models.PROTECT, related_name="opinions")
    attendee = models.ForeignKey(Attendee, verbose_name="招集した人", on_delete=models.PROTECT, related_name="opinions")
    stance = models.CharField("賛否", max_length=16, choices=Stance.choices)
    text = models.TextField("意見", blank=True, max_length=2000)
    channel = models.CharField("届き方", max_length=16, choices=ReplyChannel.choices)
    received_on = models.DateField("届いた日")
    late = models.BooleanField("回答期限日のあとに届いた", default=False)
    recorded_at = models.DateTimeField("記録した日時")

    class Meta:
        verbose_name = "書面開催の意見"
        indexes = [models.Index(fields=["item", "attendee", "recorded_at"], name="councils_opinion_item")]

    def __str__(self) -> str:
        return self.get_stance_display()
