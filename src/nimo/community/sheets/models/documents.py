"""Sheets as they are written here: chapters, what was carried over, and the way from post to post."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.community.sheets.choices import DocumentState, FlowAction, SectionKey, SuggestionState
from nimo.community.sheets.models.sheets import Sheet
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.regions.models import Region


class SheetRoute(models.Model):
    """The way a body's sheets take: checks, the decision, who receives them. `steps`: rules.flow.Step.as_json."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name="作成する組織", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("経路の名前", max_length=80)
    steps = models.JSONField("段")
    in_use = models.BooleanField("使っている", default=True)
    version = models.PositiveIntegerField("版", default=1)
    changed_at = models.DateTimeField("変えた日時")
    changed_by_name = models.CharField("変えた人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "回す経路"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(in_use=True), name="sheets_route_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SheetDocument(models.Model):
    """A sheet of a region and a fiscal year as it is written here. At most one is under way.

    route: the steps it set out on (a later change of the route does not move it). step: 0 with its authors, else
    the step of the route that has it. version: raised by every move and every saved chapter.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    layout = models.CharField("様式", max_length=40)
    organisation = models.ForeignKey(
        Organisation, verbose_name="作成する組織", on_delete=models.PROTECT, related_name="+"
    )
    in_charge = models.ForeignKey(
        User, verbose_name="いまの担当者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    begun_from = models.ForeignKey(
        Sheet, verbose_name="もとにしたシート", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状態", max_length=12, choices=DocumentState.choices, default=DocumentState.DRAFTING)
    step = models.PositiveSmallIntegerField("いまの段", default=0)
    route = models.JSONField("経路", default=list)
    due_on = models.DateField("提出の期限", null=True, blank=True)
    decided_on = models.DateField("決裁日", null=True, blank=True)
    document_number = models.CharField("文書番号", max_length=80, blank=True)
    mended_since_check = models.BooleanField("確認のあとで直された", default=False)
    version = models.PositiveIntegerField("版", default=1)
    created_at = models.DateTimeField("作りはじめた日時")
    created_by_name = models.CharField("作りはじめた人の氏名（当時）", max_length=120)
    moved_at = models.DateTimeField("最後に動いた日時")

    class Meta:
        verbose_name = "作成するシート"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "fiscal_year"],
                condition=~Q(state__in=[DocumentState.ACCEPTED, DocumentState.WITHDRAWN]),
                name="sheets_document_one_under_way",
            ),
            models.CheckConstraint(
                name="sheets_document_decision_recorded",
                condition=~Q(state__in=[DocumentState.DECIDED, DocumentState.SUBMITTED, DocumentState.ACCEPTED])
                | (Q(decided_on__isnull=False) & ~Q(document_number="")),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state"], name="sheets_document_organisation"),
            models.Index(fields=["fiscal_year", "state"], name="sheets_document_year"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.fiscal_year}"


class SheetChapter(models.Model):
    """One chapter of a document. `origins`: {path: {text, href}} of what the system or a person took from elsewhere."""

    document = models.ForeignKey(
        SheetDocument, verbose_name="シート", on_delete=models.PROTECT, related_name="chapters"
    )
    key = models.CharField("章", max_length=24, choices=SectionKey.choices)
    content = models.JSONField("内容", null=True)
    origins = models.JSONField("出どころ", default=dict)
    version = models.PositiveIntegerField("版", default=1)
    edited_at = models.DateTimeField("直した日時")
    edited_by_name = models.CharField("直した人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "作成する章"
        constraints = [models.UniqueConstraint(fields=["document", "key"], name="sheets_chapter_once")]

    def __str__(self) -> str:
        return self.get_key_display()


class ChapterAutosave(models.Model):
    """What one person typed into a chapter and has not saved yet: kept so that nothing is lost, shown to nobody else."""

    chapter = models.ForeignKey(SheetChapter, verbose_name="章", on_delete=models.CASCADE, related_name="autosaves")
    user = models.ForeignKey(User, verbose_name="入力した人", on_delete=models.PROTECT, related_name="+")
    typed = models.JSONField("入力")
    base_version = models.PositiveIntegerField("もとの版")
    saved_at = models.DateTimeField("控えた日時")

    class Meta:
        verbose_name = "入力の控え"
        constraints = [models.UniqueConstraint(fields=["chapter", "user"], name="sheets_autosave_once")]

    def __str__(self) -> str:
        return f"{self.chapter_id}"


class CarryDecision(models.Model):
    """What a person decided on a figure offered from last year, or why an indicator was dropped."""

    document = models.ForeignKey(SheetDocument, verbose_name="シート", on_delete=models.PROTECT, related_name="carried")
    key = models.CharField("対象", max_length=300)
    label = models.CharField("指標", max_length=300)
    from_label = models.CharField("もとの指標", max_length=300, blank=True)
    text = models.TextField("値", blank=True)
    state = models.CharField("決めたこと", max_length=12, choices=SuggestionState.choices)
    reason = models.CharField("理由", max_length=300, blank=True)
    decided_at = models.DateTimeField("決めた日時")
    decided_by_name = models.CharField("決めた人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "引き継ぎの判断"
        constraints = [models.UniqueConstraint(fields=["document", "key"], name="sheets_carry_decided_once")]

    def __str__(self) -> str:
        return self.label


class FlowRecord(models.Model):
    """One move of a document: who, at which post, why. Never changed."""

    document = models.ForeignKey(SheetDocument, verbose_name="シート", on_delete=models.PROTECT, related_name="moves")
    action = models.CharField("したこと", max_length=12, choices=FlowAction.choices)
    post = models.CharField("段", max_length=200, blank=True)
    on_behalf = models.BooleanField("代わりに記録した", default=False)
    reason = models.CharField("理由・ことば", max_length=500, blank=True)
    fields = models.JSONField("直した欄", default=list)
    at = models.DateTimeField("日時")
    by = models.ForeignKey(
        User, verbose_name="した人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_name = models.CharField("した人の氏名（当時）", max_length=120)
    organisation_name = models.CharField("組織の名称（当時）", max_length=120, blank=True)

    class Meta:
        verbose_name = "回した記録"
        indexes = [models.Index(fields=["document", "at"], name="sheets_flow_document")]

    def __str__(self) -> str:
        return self.get_action_display()
