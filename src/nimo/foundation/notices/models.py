"""A line that tells somebody what happened and where to look."""

from __future__ import annotations

from django.db import models

from nimo.core.ids import new_id
from nimo.foundation.accounts.models import User


class Notice(models.Model):
    """One line to one person. The text names no supported person: it is read over shoulders and in lists."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient = models.ForeignKey(User, verbose_name="あて先", on_delete=models.PROTECT, related_name="+")
    text = models.CharField("内容", max_length=300)
    path = models.CharField("開く画面", max_length=300, blank=True)
    sender_name = models.CharField("知らせた人（当時）", max_length=120)
    created_at = models.DateTimeField("日時")
    read_at = models.DateTimeField("読んだ日時", null=True, blank=True)

    class Meta:
        verbose_name = "お知らせ"
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notices_recipient_time"),
            models.Index(fields=["recipient"], name="notices_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text
