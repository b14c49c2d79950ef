"""The audit's two tables. No foreign keys: the audit outlives every other table."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from nimo.foundation.audit.rules import Content, Day


class AppendOnly(TypeError):
    """Somebody tried to change or remove what was recorded."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows are added one by one through `trail` and `services`; everything else is refused here and by the database."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise AppendOnly("監査の記録は、足すことしかできません。")

    update = delete = bulk_update = bulk_create = update_or_create = get_or_create = _refuse
    aupdate = adelete = abulk_update = abulk_create = aupdate_or_create = aget_or_create = _refuse
    _raw_delete = _update = _refuse


class AppendOnlyModel(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def delete(self, *_: object, **__: object) -> NoReturn:
        raise AppendOnly("監査の記録は、足すことしかできません。")


class Entry(AppendOnlyModel):
    """Who did what to which thing, when, why. Names are copied as they were; ids are plain text."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField("記録した日")
    """The day in Japan on which the row was written: what a seal covers. `occurred_at` may be earlier (jobs)."""
    recorded_at = models.DateTimeField("記録した日時")
    occurred_at = models.DateTimeField("操作の日時")
    actor_kind = models.CharField("操作者の区分", max_length=16)
    actor_id = models.CharField("操作者", max_length=40, blank=True)
    actor_name = models.CharField("操作者の名前", max_length=120, blank=True)
    actor_organisation_id = models.CharField("操作者の組織", max_length=40, blank=True)
    actor_organisation_name = models.CharField("操作者の組織の名称", max_length=120, blank=True)
    verb = models.CharField("操作", max_length=80)
    target_type = models.CharField("対象の種類", max_length=80)
    target_id = models.CharField("対象", max_length=80, blank=True)
    region_code = models.CharField("地域", max_length=12, blank=True)
    organisation_id = models.CharField("対象の組織", max_length=40, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    emergency_reason = models.CharField("緊急時閲覧の理由", max_length=500, blank=True)
    diff = models.TextField("変更の内容", blank=True)
    """Canonical JSON as text, because a JSON column may reorder or respell it and the MAC would no longer fit."""
    request_id = models.CharField("要求の番号", max_length=64, blank=True)
    key_id = models.CharField("鍵の番号", max_length=8)
    mac = models.CharField("認証符号", max_length=64)

    class Meta:
        verbose_name = "監査の記録"
        base_manager_name = "objects"  # else save() goes around the refusal
        indexes = [
            models.Index(fields=["day", "id"], name="audit_entry_day"),
            models.Index(fields=["verb", "day"], name="audit_entry_verb"),
            models.Index(fields=["actor_id", "day"], name="audit_entry_actor"),
            models.Index(fields=["region_code", "day"], name="audit_entry_region"),
            models.Index(fields=["target_type", "target_id"], name="audit_entry_target"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.verb}"

    @property
    def content(self) -> Content:
        return Content(**{name: getattr(self, name) for name in Content.__slots__})


class DaySeal(AppendOnlyModel):
    """One day of entries, closed: its row numbers, its digest, and the head that carries on the chain."""

    day = models.DateField("日", primary_key=True)
    count = models.PositiveIntegerField("件数")
    first_id = models.BigIntegerField("最初の番号", null=True, blank=True)
    last_id = models.BigIntegerField("最後の番号", null=True, blank=True)
    ranges = models.TextField("番号の範囲", blank=True)
    digest = models.CharField("要約値", max_length=64)
    previous_head = models.CharField("前の日の封", max_length=64)
    key_id = models.CharField("鍵の番号", max_length=8)
    head = models.CharField("封", max_length=64)
    sealed_at = models.DateTimeField("封をした日時")

    class Meta:
        verbose_name = "監査の日ごとの封"
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.day} {self.head[:12]}"

    @property
    def sealed_day(self) -> Day:
        return Day(self.day, self.count, self.ranges, self.digest, self.previous_head, self.key_id)
