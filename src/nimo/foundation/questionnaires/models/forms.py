"""What is asked: a form, and its versions. A published version never changes; answers are bound to it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.questionnaires.choices import FormPurpose, VersionState
from nimo.foundation.questionnaires.rules.structure import Structure, structure_from
from nimo.foundation.regions.models import Region


class Form(models.Model):
    """A questionnaire an organisation owns, through all its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, verbose_name="組織", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("題名", max_length=120)
    purpose = models.CharField("種類", max_length=24, choices=FormPurpose.choices)
    about = models.TextField("目的と使い方", blank=True, max_length=2000)
    created_at = models.DateTimeField("登録日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "アンケート様式"
        indexes = [models.Index(fields=["organisation", "created_at"], name="questionnaires_form_owner")]

    def __str__(self) -> str:
        return self.title


class FormVersion(models.Model):
    """One numbered set of questions. Only a draft is written to (`services.versions` updates on that condition)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(Form, verbose_name="アンケート様式", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("番号")
    state = models.CharField("状態", max_length=16, choices=VersionState.choices, default=VersionState.DRAFT)
    structure = models.JSONField("質問")
    digest = models.CharField("質問のハッシュ", max_length=64, blank=True)
    """SHA-256 of the structure at publication: shows that nothing changed since."""
    created_at = models.DateTimeField("作成日時")
    published_at = models.DateTimeField("使い始めた日時", null=True, blank=True)
    published_by_name = models.CharField("使い始めた人（当時）", max_length=120, blank=True)
    retired_at = models.DateTimeField("使い終えた日時", null=True, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "様式の版"
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="questionnaires_version_number"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(state=VersionState.DRAFT), name="questionnaires_version_one_draft"
            ),
            models.CheckConstraint(
                name="questionnaires_version_published_whole",
                condition=Q(state=VersionState.DRAFT) | (Q(published_at__isnull=False) & ~Q(digest="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"

    @property
    def questions(self) -> Structure:
        return structure_from(self.structure)
