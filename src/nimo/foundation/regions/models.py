"""Regions of every kind, their names over time, and who belongs to whom in which fiscal year."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nimo.foundation.regions.choices import RegionKind


class Region(models.Model):
    """A nation, prefecture, area, municipality or ward as a dated fact.

    code: 5-digit 全国地方公共団体コード without check digit for prefectures (10000), municipalities (10205) and
    wards (14101); "00000" the nation; areas: prefecture number + letter + two digits ("10w01" 障害保健福祉圏域,
    "10h01" 保健所管内, "1001m" is not used: 二次医療圏 take "10m01"); 日常生活圏域: municipality code + "-01".
    A merger ends a row (`valid_to`) and begins another; a rename adds a RegionName.
    """

    code = models.CharField("コード", max_length=12, primary_key=True)
    kind = models.CharField("区分", max_length=24, choices=RegionKind.choices)
    name = models.CharField("名称", max_length=80)
    kana = models.CharField("よみ", max_length=160)
    prefecture = models.ForeignKey(
        "self", verbose_name="都道府県", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_from = models.DateField("始まり", null=True, blank=True)
    valid_to = models.DateField("終わり", null=True, blank=True)
    source = models.CharField("出典", max_length=200, blank=True)

    class Meta:
        verbose_name = "地域"
        constraints = [
            models.CheckConstraint(
                name="regions_region_period_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "kana"], name="regions_kind_kana"),
            models.Index(fields=["prefecture", "kind", "kana"], name="regions_pref_kind_kana"),
        ]

    def __str__(self) -> str:
        return self.name


class RegionName(models.Model):
    """A name a region bore from one day to another; kept so that old records show old names."""

    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="names")
    name = models.CharField("名称", max_length=80)
    kana = models.CharField("よみ", max_length=160)
    valid_from = models.DateField("始まり", null=True, blank=True)
    valid_to = models.DateField("終わり", null=True, blank=True)

    class Meta:
        verbose_name = "地域の名称"

    def __str__(self) -> str:
        return self.name


class RegionMembership(models.Model):
    """One row per child, parent and fiscal year: 太田市 belongs to 太田・館林圏域 in 令和6年度."""

    child = models.ForeignKey(Region, verbose_name="含まれる地域", on_delete=models.PROTECT, related_name="parent_rows")
    parent = models.ForeignKey(Region, verbose_name="含む地域", on_delete=models.PROTECT, related_name="child_rows")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    source = models.CharField("出典", max_length=200, blank=True)

    class Meta:
        verbose_name = "地域の所属"
        constraints = [
            models.UniqueConstraint(
                fields=["child", "parent", "fiscal_year"], name="regions_membership_once_a_year"
            ),
            models.CheckConstraint(name="regions_membership_not_itself", condition=~Q(child=F("parent"))),
        ]
        indexes = [models.Index(fields=["parent", "fiscal_year"], name="regions_membership_parent")]

    def __str__(self) -> str:
        return f"{self.child_id} ⊂ {self.parent_id} ({self.fiscal_year})"
