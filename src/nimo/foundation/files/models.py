"""Stored files: what came in, under which name, for which purpose; the content lies outside the database."""

from __future__ import annotations

from django.db import models

from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation, User


class StoredFile(models.Model):
    """One upload or product. Several rows may share one blob (the same content twice is kept once).

    digest: HMAC-SHA256 of the content under settings.FILE_KEY, hexadecimal: the blob's place. Keyed, so that
    nobody who sees a path or a back-up list can test whether a known document is stored here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.CharField("内容の鍵付きハッシュ", max_length=64)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    name = models.CharField("元のファイル名", max_length=255)
    content_type = models.CharField("内容から判定した種類", max_length=100)
    name_fits = models.BooleanField("ファイル名の末尾と内容が合う", default=True)
    purpose = models.CharField("用途", max_length=60)
    region_code = models.CharField("地域コード", max_length=12, blank=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name="組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stored_by = models.ForeignKey(
        User, verbose_name="保管した人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stored_by_name = models.CharField("保管した人の氏名（保管時）", max_length=120)
    stored_at = models.DateTimeField("保管日時")

    class Meta:
        verbose_name = "保管ファイル"
        indexes = [
            models.Index(fields=["digest"], name="files_storedfile_digest"),
            models.Index(fields=["purpose", "stored_at"], name="files_storedfile_purpose"),
        ]

    def __str__(self) -> str:
        return self.name
