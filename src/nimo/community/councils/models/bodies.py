"""Bodies, what else they are at the same time, what they are for, and how they stand to each other."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nimo.community.councils.choices.bodies import (
    BodyAudience,
    BodyKind,
    BodyState,
    HatKind,
    Layer,
    PurposeLevel,
    RelationKind,
)
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import Organisation
from nimo.foundation.files.models import StoredFile
from nimo.foundation.regions.models import Region


class Body(models.Model):
    """A council or any other standing round of people. `organisation` keeps it; `secretariat` says who serves it in words.

    axes: values of choices.bodies.Axis the body works on, as the secretariat states it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(
        Organisation, verbose_name="記録を受け持つ組織", on_delete=models.PROTECT, related_name="+"
    )
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=120)
    kana = models.CharField("よみ", max_length=240, blank=True)
    layer = models.CharField("層", max_length=24, choices=Layer.choices)
    kind = models.CharField("種類", max_length=24, choices=BodyKind.choices)
    state = models.CharField("状態", max_length=16, choices=BodyState.choices, default=BodyState.ACTIVE)
    counts_as_council = models.BooleanField("協議の場として数える", default=False)
    audience = models.CharField(
        "概要を見られる人", max_length=16, choices=BodyAudience.choices, default=BodyAudience.PREFECTURE
    )
    secretariat = models.CharField("事務局", max_length=200, blank=True)
    frequency = models.CharField("開催頻度", max_length=120, blank=True)
    members_text = models.TextField("構成員のあらまし", blank=True, max_length=4000)
    axes = models.JSONField("取り組む軸", default=list, blank=True)
    established_on = models.DateField("設置日", null=True, blank=True)
    ended_on = models.DateField("終了日", null=True, blank=True)
    state_reason = models.CharField("休止・終了の理由", max_length=300, blank=True)
    reference = models.CharField("出典", max_length=300, blank=True)
    """Where a body was read from (a sheet, a public page); empty when its secretariat entered it."""
    created_at = models.DateTimeField("登録日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "会議体"
        constraints = [
            models.CheckConstraint(
                name="councils_body_ended_with_reason",
                condition=~Q(state="ended") | (Q(ended_on__isnull=False) & ~Q(state_reason="")),
            ),
            models.CheckConstraint(
                name="councils_body_period_in_order",
                condition=Q(ended_on__isnull=True)
                | Q(established_on__isnull=True)
                | Q(ended_on__gte=F("established_on")),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "layer", "kana"], name="councils_body_region"),
            models.Index(fields=["organisation", "kana"], name="councils_body_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class BodyHat(models.Model):
    """Another capacity in which the same meetings are held: each measure counts such a meeting once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="hats")
    kind = models.CharField("兼ねる会議", max_length=24, choices=HatKind.choices)
    name = models.CharField("兼ねる会議の名称", max_length=120, blank=True)
    valid_from = models.DateField("始まり", null=True, blank=True)
    valid_to = models.DateField("終わり", null=True, blank=True)

    class Meta:
        verbose_name = "兼ねている会議"
        constraints = [models.UniqueConstraint(fields=["body", "kind", "name"], name="councils_hat_once")]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()


class Purpose(models.Model):
    """What the body is for, as it was shared from a day on. The newest of each level holds."""

    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="purposes")
    level = models.CharField("段階", max_length=8, choices=PurposeLevel.choices)
    text = models.TextField("目的", max_length=2000)
    shared_on = models.DateField("共有した日")
    recorded_by_name = models.CharField("記録した人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "会議の目的"
        indexes = [models.Index(fields=["body", "level", "shared_on"], name="councils_purpose_body")]

    def __str__(self) -> str:
        return self.get_level_display()


class Relation(models.Model):
    """A typed edge of the system diagram. report: `source` reports to `target`; subcommittee: `source` is a part of
    `target`; backup: `source` stands behind `target`; linked and informal go both ways."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.ForeignKey(Body, verbose_name="もと", on_delete=models.PROTECT, related_name="relations_out")
    target = models.ForeignKey(Body, verbose_name="さき", on_delete=models.PROTECT, related_name="relations_in")
    kind = models.CharField("関係", max_length=16, choices=RelationKind.choices)
    note = models.CharField("説明", max_length=200, blank=True)
    created_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = "会議体の関係"
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="councils_relation_once"),
            models.CheckConstraint(name="councils_relation_two_bodies", condition=~Q(source=F("target"))),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Manual(models.Model):
    """How to run the body, kept for the successor. A newer one replaces, the older stays readable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="manuals")
    title = models.CharField("題名", max_length=120)
    note = models.TextField("使い方・引き継ぐこと", blank=True, max_length=4000)
    file = models.ForeignKey(
        StoredFile, verbose_name="ファイル", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField("登録日時")
    added_by_name = models.CharField("登録した人の氏名（当時）", max_length=120)
    replaced_at = models.DateTimeField("新しいものに替わった日時", null=True, blank=True)

    class Meta:
        verbose_name = "運営の手引き"
        indexes = [models.Index(fields=["body", "added_at"], name="councils_manual_body")]

    def __str__(self) -> str:
        return self.title
