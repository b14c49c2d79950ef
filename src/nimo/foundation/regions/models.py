"""Regions of every kind, their names over time, who belongs to whom in which fiscal year, and their outlines."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from nimo.core.ids import new_id
from nimo.foundation.regions.choices import AREA_KINDS, ChangeKind, ChangeState, RegionKind


class RegionQuerySet(models.QuerySet["Region"]):
    def on(self, day: date) -> RegionQuerySet:
        """Those that existed on a day; an unknown beginning or end does not exclude."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    def living(self) -> RegionQuerySet:
        """Those without a known end."""
        return self.filter(valid_to__isnull=True)


class Region(models.Model):
    """A nation, prefecture, area, municipality or ward as a dated fact.

    code: 5-digit 全国地方公共団体コード without check digit for prefectures (10000), municipalities (10205) and
    wards (14101); "00000" the nation; areas: prefecture number + letter + two digits ("10w01" 障害保健福祉圏域,
    "10h01" 保健所管内, "10m01" 二次医療圏); 日常生活圏域: municipality code + "-01".
    name: a ward carries its city's name (横浜市鶴見区), as the national list of codes does.
    A merger ends a row (`valid_to`) and begins another; a rename adds a RegionName.
    """

    code = models.CharField("コード", max_length=12, primary_key=True)
    kind = models.CharField("区分", max_length=24, choices=RegionKind.choices)
    name = models.CharField("名称", max_length=80)
    kana = models.CharField("よみ", max_length=160)
    prefecture = models.ForeignKey(
        "self", verbose_name="都道府県", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    city = models.ForeignKey(
        "self", verbose_name="市町村", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """Of a ward and of a 日常生活圏域: the one municipality it lies in, for as long as it exists."""
    valid_from = models.DateField("始まり", null=True, blank=True)
    valid_to = models.DateField("終わり", null=True, blank=True)
    """The first day on which it no longer exists."""
    source = models.CharField("出典", max_length=200, blank=True)
    search_key = models.CharField("検索の形", max_length=400, blank=True)
    version = models.PositiveIntegerField("版", default=1)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "地域"
        constraints = [
            models.CheckConstraint(
                name="regions_region_period_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="regions_region_city_of_small_ones",
                condition=Q(kind__in=[RegionKind.WARD, RegionKind.LIVING_AREA]) | Q(city__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["prefecture", "kind", "name"],
                name="regions_region_area_name_once",
                condition=Q(kind__in=sorted(AREA_KINDS - {RegionKind.LIVING_AREA}), valid_to__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["city", "kind", "name"],
                name="regions_region_living_area_name_once",
                condition=Q(kind=RegionKind.LIVING_AREA, valid_to__isnull=True),
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
        constraints = [
            models.UniqueConstraint(fields=["region", "valid_to"], name="regions_regionname_ends_once"),
        ]

    def __str__(self) -> str:
        return self.name


class RegionMembership(models.Model):
    """One row per child, parent and fiscal year: 太田市 belongs to 太田・館林圏域 in 令和6年度.

    A year's rows hold until a later year has rows for the same parent: on 1 April nobody falls out of an area
    because its list was not written yet (`queries.members`).
    """

    child = models.ForeignKey(Region, verbose_name="含まれる地域", on_delete=models.PROTECT, related_name="parent_rows")
    parent = models.ForeignKey(Region, verbose_name="含む地域", on_delete=models.PROTECT, related_name="child_rows")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    source = models.CharField("出典", max_length=200, blank=True)

    class Meta:
        verbose_name = "地域の所属"
        constraints = [
            models.UniqueConstraint(fields=["child", "parent", "fiscal_year"], name="regions_membership_once_a_year"),
            models.CheckConstraint(name="regions_membership_not_itself", condition=~Q(child=F("parent"))),
        ]
        indexes = [models.Index(fields=["parent", "fiscal_year"], name="regions_membership_parent")]

    def __str__(self) -> str:
        return f"{self.child_id} ⊂ {self.parent_id} ({self.fiscal_year})"


class RegionChangeQuerySet(models.QuerySet["RegionChange"]):
    def recorded(self) -> RegionChangeQuerySet:
        """Those that hold; cancelled ones stay readable and change nothing."""
        return self.filter(state=ChangeState.RECORDED)


class RegionChange(models.Model):
    """Areas that became other areas on a day: 合併, 分割, 再編, 名称・コードの変更, 所属替え.

    effective_on: the first day of the new state. reference: the law, notice or plan that says so.
    summary: in one sentence; of a cancelled change, whose lines are gone, all that is left.
    undo: what recording it changed in regions, names and memberships, so that cancelling restores exactly that.
    """

    id = models.UUIDField("番号", primary_key=True, default=new_id, editable=False)
    kind = models.CharField("種類", max_length=16, choices=ChangeKind.choices)
    prefecture = models.ForeignKey(Region, verbose_name="都道府県", on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField("効力の生じる日")
    reference = models.CharField("根拠（告示・法令など）", max_length=300)
    note = models.CharField("補足", max_length=400, blank=True)
    share_reference = models.CharField("人口の割合の出典", max_length=300, blank=True)
    summary = models.CharField("変更の内容", max_length=400, blank=True)
    state = models.CharField("状態", max_length=12, choices=ChangeState.choices, default=ChangeState.RECORDED)
    undo = models.JSONField("取り消すときに戻す内容", default=dict)
    version = models.PositiveIntegerField("版", default=1)
    recorded_at = models.DateTimeField("記録した日時")
    recorded_by_name = models.CharField("記録した人", max_length=120)
    cancelled_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    cancelled_by_name = models.CharField("取り消した人", max_length=120, blank=True)
    cancel_reason = models.CharField("取消しの理由", max_length=200, blank=True)

    objects = RegionChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "地域の変更"
        constraints = [
            models.CheckConstraint(name="regions_change_has_reference", condition=~Q(reference="")),
            models.CheckConstraint(
                name="regions_change_cancelled_with_reason",
                condition=Q(state="recorded", cancelled_at__isnull=True, cancel_reason="")
                | (Q(state="cancelled", cancelled_at__isnull=False) & ~Q(cancel_reason="")),
            ),
        ]
        indexes = [models.Index(fields=["prefecture", "effective_on"], name="regions_change_prefecture")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.effective_on}"


class RegionSuccession(models.Model):
    """One line of a change: from which area to which; of a 所属替え, which municipality (`member`) goes over.

    share_part / share_whole: of a divided area, the published population of the part that went to `after`, and of
    the whole; both or none.
    """

    change = models.ForeignKey(
        RegionChange, verbose_name="地域の変更", on_delete=models.CASCADE, related_name="successions"
    )
    before = models.ForeignKey(
        Region, verbose_name="前の地域", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    after = models.ForeignKey(
        Region, verbose_name="後の地域", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    member = models.ForeignKey(
        Region, verbose_name="移る市区町村", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    share_part = models.PositiveIntegerField("移った部分の人口", null=True, blank=True)
    share_whole = models.PositiveIntegerField("全体の人口", null=True, blank=True)

    class Meta:
        verbose_name = "地域の承継"
        constraints = [
            models.UniqueConstraint(
                fields=["change", "before", "after"],
                name="regions_succession_once",
                condition=Q(member__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["change", "member"],
                name="regions_succession_member_moves_once",
                condition=Q(member__isnull=False),
            ),
            models.CheckConstraint(
                name="regions_succession_somewhere", condition=Q(before__isnull=False) | Q(after__isnull=False)
            ),
            models.CheckConstraint(
                name="regions_succession_both_ends_but_moves",
                condition=Q(member__isnull=False) | Q(before__isnull=False, after__isnull=False),
            ),
            models.CheckConstraint(
                name="regions_succession_share_in_order",
                condition=Q(share_part__isnull=True, share_whole__isnull=True)
                | Q(share_whole__gt=0, share_part__lte=F("share_whole"), share_part__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["before"], name="regions_succession_before"),
            models.Index(fields=["after"], name="regions_succession_after"),
        ]

    def __str__(self) -> str:
        return f"{self.before_id or '—'} → {self.after_id or '—'}"


class Boundary(models.Model):
    """The outline of a region as of a day, ready to draw.

    rings: [[x, y, x, y, …], …] integers in 1/10,000 of a degree on a Mercator plane, y growing to the south; outer
    rings clockwise on screen, holes the other way. derived: joined from the outlines of its parts (the wards of
    a city, the municipalities of a prefecture), not read from the file itself.
    """

    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="boundaries")
    as_of = models.DateField("基準日")
    rings = models.JSONField("輪郭")
    min_x = models.IntegerField("左端")
    min_y = models.IntegerField("上端")
    max_x = models.IntegerField("右端")
    max_y = models.IntegerField("下端")
    derived = models.BooleanField("部分からつないだもの", default=False)
    credit = models.CharField("出典の表示", max_length=200)

    class Meta:
        verbose_name = "境界"
        constraints = [
            models.UniqueConstraint(fields=["region", "as_of"], name="regions_boundary_once_a_day"),
            models.CheckConstraint(name="regions_boundary_has_credit", condition=~Q(credit="")),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} ({self.as_of})"
