"""Asking bodies for their yearly sheets: the round, who is asked, what was said, and the Excel forms of those outside."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.reports.choices import AnswerWay, CollectionState, ContactKind, PacketState
from nimo.community.sheets.models.imports import SheetUpload
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.files.models import StoredFile
from nimo.foundation.regions.models import Region


class Collection(models.Model):
    """One round: an organisation asks bodies of its region for the sheets of one fiscal year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name="依頼する組織", on_delete=models.PROTECT, related_name="+"
    )
    organisation_name = models.CharField("依頼する組織の名称（当時）", max_length=120)
    region = models.ForeignKey(Region, verbose_name="依頼する地域", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("シートの年度")
    title = models.CharField("件名", max_length=80)
    message = models.TextField("依頼のことば", blank=True)
    contact = models.CharField("問い合わせ先", max_length=120, blank=True)
    due_on = models.DateField("提出の期限")
    state = models.CharField("状態", max_length=8, choices=CollectionState.choices, default=CollectionState.DRAFT)
    version = models.PositiveIntegerField("版", default=1)
    begun_at = models.DateTimeField("作った日時")
    begun_by_name = models.CharField("作った人の氏名（当時）", max_length=120)
    opened_at = models.DateTimeField("依頼した日時", null=True, blank=True)
    closed_at = models.DateTimeField("締め切った日時", null=True, blank=True)

    class Meta:
        verbose_name = "シートの提出の依頼"
        constraints = [
            models.CheckConstraint(
                name="reports_collection_opened_has_a_time",
                condition=Q(state=CollectionState.DRAFT) | Q(opened_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-begun_at"], name="reports_collection_org")]

    def __str__(self) -> str:
        return self.title


class CollectionTarget(models.Model):
    """One body that is asked. organisation: whose people are told inside nimo; None: nobody of the body uses nimo."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    collection = models.ForeignKey(Collection, verbose_name="依頼", on_delete=models.CASCADE, related_name="targets")
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    region_name = models.CharField("地域の名称（当時）", max_length=80)
    organisation = models.ForeignKey(
        Organisation, verbose_name="答える組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    way = models.CharField("出し方", max_length=8, choices=AnswerWay.choices, default=AnswerWay.INSIDE)
    excused_reason = models.CharField("求めない理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "依頼先"
        constraints = [
            models.UniqueConstraint(fields=["collection", "region"], name="reports_target_once"),
        ]
        indexes = [models.Index(fields=["organisation", "collection"], name="reports_target_organisation")]

    def __str__(self) -> str:
        return self.region_name


class CollectionContact(models.Model):
    """What was said to a body, by whom, when. Never changed. reached: how many people a notice went to."""

    target = models.ForeignKey(
        CollectionTarget, verbose_name="依頼先", on_delete=models.CASCADE, related_name="contacts"
    )
    kind = models.CharField("したこと", max_length=16, choices=ContactKind.choices)
    words = models.CharField("ことば", max_length=300, blank=True)
    reached = models.PositiveIntegerField("知らせた人数", default=0)
    at = models.DateTimeField("日時")
    day = models.DateField("日")
    by_name = models.CharField("した人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "依頼先とのやりとり"
        constraints = [
            models.UniqueConstraint(
                fields=["target", "day"],
                condition=Q(kind=ContactKind.REMINDED),
                name="reports_contact_one_reminder_a_day",
            ),
        ]
        indexes = [models.Index(fields=["target", "at"], name="reports_contact_target")]

    def __str__(self) -> str:
        return self.get_kind_display()


class CollectionPacket(models.Model):
    """An Excel form made for a body outside the network. `upload`: what came back, as any imported sheet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    target = models.ForeignKey(
        CollectionTarget, verbose_name="依頼先", on_delete=models.PROTECT, related_name="packets"
    )
    number = models.PositiveSmallIntegerField("何枚目")
    file = models.ForeignKey(StoredFile, verbose_name="渡した用紙", on_delete=models.PROTECT, related_name="+")
    upload = models.ForeignKey(
        SheetUpload, verbose_name="戻った用紙", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状態", max_length=8, choices=PacketState.choices, default=PacketState.OUT)
    late = models.BooleanField("期限のあとに戻った", default=False)
    made_at = models.DateTimeField("作った日時")
    made_by_name = models.CharField("作った人の氏名（当時）", max_length=120)
    back_at = models.DateTimeField("戻った日時", null=True, blank=True)

    class Meta:
        verbose_name = "Excelの用紙"
        constraints = [
            models.UniqueConstraint(fields=["target", "number"], name="reports_packet_number_once"),
            models.CheckConstraint(
                name="reports_packet_back_with_its_file",
                condition=~Q(state=PacketState.BACK) | Q(upload__isnull=False, back_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} {self.number}"
