"""The dictionary (indicators, plan targets) and the store (sources, observations, stale marks)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from nimo.community.indicators.choices import (
    Basis,
    Comparator,
    Direction,
    Evidence,
    Exposure,
    Group,
    PeriodKind,
    RowState,
    SourceKind,
    SourceState,
    ValueKind,
    ValueState,
)
from nimo.community.indicators.rules.values import Number, to_number, to_text
from nimo.core.disclosure.policy import Kind
from nimo.core.ids import new_id
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.accounts.models import Organisation, User
from nimo.foundation.files.models import StoredFile
from nimo.foundation.regions.models import Region

if TYPE_CHECKING:
    _NumberText = models.CharField[Number | None, Number | None]
else:
    _NumberText = models.CharField


class ExactNumberField(_NumberText):
    """An int or a Decimal, kept as its exact decimal text.

    Text, because SQLite computes with floats: nothing is added, ordered or compared in SQL (house.md §5). Python
    reads a whole number as int, anything else as Decimal with the digits it was given. Floats are refused.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Number | None:
        return None if value is None else to_number(value)

    def to_python(self, value: Any) -> Number | None:
        return to_number(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return None if value is None else to_text(to_number(value))
        return to_text(value)


class DictionaryVersion(models.Model):
    """Which edition of the packaged dictionary was loaded, when, by whom."""

    version = models.CharField("版", max_length=20, unique=True)
    digest = models.CharField("内容のハッシュ", max_length=64)
    loaded_at = models.DateTimeField("読み込み日時")
    loaded_by_name = models.CharField("読み込んだ人", max_length=120)

    class Meta:
        verbose_name = "指標の辞書の版"

    def __str__(self) -> str:
        return self.version


class Indicator(models.Model):
    """One meaning. A code never changes what it means: another definition takes another code (README.md)."""

    code = models.CharField("コード", max_length=60, primary_key=True)
    position = models.PositiveSmallIntegerField("並び順")
    name = models.CharField("名称", max_length=120)
    group = models.CharField("分類", max_length=20, choices=Group.choices)
    kind = models.CharField("値の種類", max_length=10, choices=ValueKind.choices)
    unit = models.CharField("単位", max_length=20, blank=True)
    unit_aliases = models.CharField("同じ単位とみなす書き方", max_length=120, blank=True)
    period = models.CharField("時点か年度か", max_length=12, choices=PeriodKind.choices)
    definition = models.TextField("定義")
    numerator = models.CharField("分子", max_length=200, blank=True)
    denominator = models.CharField("分母", max_length=200, blank=True)
    direction = models.CharField("望ましい方向", max_length=8, choices=Direction.choices)
    bases = models.CharField("使える基準", max_length=200)
    basis_matters = models.BooleanField("住所地・所在地の別で値が変わる")
    part_of = models.ForeignKey(
        "self", verbose_name="内訳のもと", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    partition = models.BooleanField("内訳をすべて足すともとになる（再掲ではない）")
    disclosure = models.CharField("公表時の扱い", max_length=16, choices=[(kind.value, kind.value) for kind in Kind])
    plan_periods = models.CharField("使われる計画期", max_length=20, blank=True)
    evidence = models.CharField("確認状態", max_length=2, choices=Evidence.choices)
    source = models.CharField("値の出どころ", max_length=200)
    reference = models.TextField("根拠", blank=True)
    valid_from = models.DateField("使い始め", null=True, blank=True)
    valid_to = models.DateField("使い終わり", null=True, blank=True)
    dimensions = models.JSONField("内訳の項目", default=list, blank=True)
    dictionary_version = models.CharField("辞書の版", max_length=20)

    class Meta:
        verbose_name = "指標"
        indexes = [models.Index(fields=["group", "position"], name="indicators_indicator_group")]

    def __str__(self) -> str:
        return self.name

    @property
    def counts_persons(self) -> bool:
        """Small values of it are hidden outside the authorised circle."""
        return self.disclosure != Kind.OPEN


class DerivedIndicator(models.Model):
    """One meaning that is computed from indicators (rules.expressions); its values are never stored."""

    code = models.CharField("コード", max_length=60, primary_key=True)
    position = models.PositiveSmallIntegerField("並び順")
    name = models.CharField("名称", max_length=120)
    expression = models.CharField("式", max_length=400)
    unit = models.CharField("単位", max_length=20, blank=True)
    dimension = models.CharField("式の単位", max_length=40)
    kind = models.CharField("値の種類", max_length=10, choices=ValueKind.choices)
    places = models.PositiveSmallIntegerField("小数点以下の桁数")
    direction = models.CharField("望ましい方向", max_length=8, choices=Direction.choices)
    definition = models.TextField("定義")
    numerator = models.CharField("分子", max_length=200, blank=True)
    denominator = models.CharField("分母", max_length=200, blank=True)
    evidence = models.CharField("確認状態", max_length=2, choices=Evidence.choices)
    reference = models.TextField("根拠", blank=True)
    dictionary_version = models.CharField("辞書の版", max_length=20)

    class Meta:
        verbose_name = "計算で求める指標"

    def __str__(self) -> str:
        return self.name


class PlanTarget(models.Model):
    """What the guideline of one plan period asks for. Data with an evidence mark, never a condition in code."""

    indicator = models.ForeignKey(Indicator, verbose_name="指標", on_delete=models.PROTECT, related_name="targets")
    plan_period = models.PositiveSmallIntegerField("計画期")
    scope = models.CharField("対象", max_length=12)
    comparator = models.CharField("くらべ方", max_length=10, choices=Comparator.choices)
    value = ExactNumberField("目標値")
    value_upper = ExactNumberField("目標値の上限")
    unit = models.CharField("単位", max_length=20, blank=True)
    target_fiscal_year = models.PositiveSmallIntegerField("目標年度")
    statement = models.CharField("目標の内容", max_length=200)
    evidence = models.CharField("確認状態", max_length=2, choices=Evidence.choices)
    reference = models.TextField("根拠")

    class Meta:
        verbose_name = "計画期ごとの目標値"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "plan_period", "scope"], name="indicators_target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} 第{self.plan_period}期"


class Source(models.Model):
    """Where figures come from: one edition of one document.

    series: names the document over its editions ("sheet:10205:2024"); at most one edition of a series is active.
    origin: names who counts and how over the years ("sheet:10205"); figures that do not state their basis may be
    compared within one origin only.
    """

    series = models.CharField("資料の系列", max_length=80)
    origin = models.CharField("数え方のもと", max_length=80)
    kind = models.CharField("種類", max_length=24, choices=SourceKind.choices)
    title = models.CharField("資料名", max_length=200)
    publisher = models.CharField("作成者・公表者", max_length=120)
    reference = models.CharField("所在（URL・掲載箇所）", max_length=300, blank=True)
    credit = models.CharField("引用時の表示", max_length=200, blank=True)
    published_on = models.DateField("資料の公表日", null=True, blank=True)
    retrieved_on = models.DateField("入手日", null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, verbose_name="元のファイル", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField("内容のハッシュ", max_length=64, blank=True)
    region = models.ForeignKey(Region, verbose_name="対象の地域", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("資料の年度", null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name="取り込んだ組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    open_reason = models.CharField("取込みと同時に公開する理由", max_length=200, blank=True)
    state = models.CharField("状態", max_length=12, choices=SourceState.choices, default=SourceState.ACTIVE)
    superseded_by = models.ForeignKey(
        "self", verbose_name="置き換えた資料", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced"
    )
    recorded_at = models.DateTimeField("取込み日時")
    recorded_by = models.ForeignKey(
        User, verbose_name="取り込んだ人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by_name = models.CharField("取り込んだ人の氏名（取込み時）", max_length=120)
    withdrawn_at = models.DateTimeField("取り消し日時", null=True, blank=True)
    withdrawn_by_name = models.CharField("取り消した人の氏名", max_length=120, blank=True)
    withdrawal_reason = models.CharField("取り消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "資料"
        constraints = [
            models.UniqueConstraint(
                fields=["series"], condition=Q(state="active"), name="indicators_source_one_active_edition"
            ),
            models.CheckConstraint(
                name="indicators_source_superseded_by",
                condition=Q(state="superseded") | Q(superseded_by__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["region", "fiscal_year"], name="indicators_source_region")]

    def __str__(self) -> str:
        return self.title


class ObservationQuerySet(models.QuerySet["Observation"]):
    def live(self) -> Self:
        return self.filter(status=RowState.LIVE)

    def published(self) -> Self:
        """Live and published: what the public pages may speak of, through `Observation.exposure`."""
        return self.live().filter(published_at__isnull=False)

    def within_reach_or_published(self, actor: Actor) -> Self:
        """Rows the actor may know of. Those outside the reach only in their public form (policies.sees_truth)."""
        reach = actor.reach(Permission.VIEW_INDICATORS)
        if reach.everything:
            return self
        if not reach.region_codes:
            return self.published()
        return self.filter(Q(region_id__in=reach.region_codes) | Q(status=RowState.LIVE, published_at__isnull=False))


class Observation(models.Model):
    """One figure as one source states it. Immutable but for its status and its publication.

    fiscal_year: the year the value belongs to (by its as-of date), not the year of the document.
    as_of: "2023-06-30", "2024-05", "2024", "FY2023" or ""; as_of_sort orders, it claims nothing.
    coverage: "" the whole region, else the source's words (政令市を除く). dimension: "" or "key=value;key=value".
    locator: where in the source the value stands (row, cell, line). raw: the passage as it stands there.
    exposure, exposure_text: what the disclosure gate decided for the public; was_shown: it once left the circle.
    """

    indicator = models.ForeignKey(
        Indicator, verbose_name="指標", on_delete=models.PROTECT, related_name="observations", db_index=False
    )
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.ForeignKey(
        Source, verbose_name="資料", on_delete=models.PROTECT, related_name="observations", db_index=False
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    as_of = models.CharField("時点", max_length=10, blank=True)
    as_of_sort = models.DateField("並べ替え用の日付")
    basis = models.CharField("基準", max_length=24, choices=Basis.choices)
    coverage = models.CharField("対象の範囲", max_length=80, blank=True)
    dimension = models.CharField("内訳・条件", max_length=120, blank=True)
    state = models.CharField("値の有無", max_length=24, choices=ValueState.choices)
    value = ExactNumberField("値")
    numerator = ExactNumberField("分子")
    denominator = ExactNumberField("分母")
    yes_no = models.BooleanField("有無", null=True, blank=True)
    text = models.TextField("文章", blank=True)
    unit = models.CharField("単位", max_length=20, blank=True)
    qualifier = models.CharField("値の留保", max_length=20, blank=True)
    evidence = models.CharField("確認状態", max_length=2, choices=Evidence.choices)
    note = models.CharField("注意", max_length=300, blank=True)
    locator = models.CharField("資料の中の位置", max_length=200)
    raw = models.TextField("資料の記載", blank=True)
    status = models.CharField("状態", max_length=12, choices=RowState.choices, default=RowState.LIVE)
    superseded_by = models.ForeignKey(
        "self", verbose_name="置き換えた値", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced"
    )
    superseded_by_source = models.ForeignKey(
        Source, verbose_name="置き換えた資料", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    supersession_reason = models.CharField("訂正の理由", max_length=200, blank=True)
    recorded_at = models.DateTimeField("記録日時")
    recorded_by_name = models.CharField("記録した人の氏名（記録時）", max_length=120)
    published_at = models.DateTimeField("公開日時", null=True, blank=True)
    published_by_name = models.CharField("公開した人の氏名（公開時）", max_length=120, blank=True)
    exposure = models.CharField("公開のしかた", max_length=20, choices=Exposure.choices, default=Exposure.NOT_ASSESSED)
    exposure_mark = models.CharField("非表示の印", max_length=40, blank=True)
    exposure_text = models.CharField("非表示の理由", max_length=120, blank=True)
    was_shown = models.BooleanField("一度は表示された", default=False)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "指標の値"
        constraints = [
            models.UniqueConstraint(
                name="indicators_observation_one_live",
                fields=[
                    "source",
                    "indicator",
                    "region",
                    "fiscal_year",
                    "as_of",
                    "basis",
                    "coverage",
                    "dimension",
                ],
                condition=Q(status="live"),
            ),
            models.CheckConstraint(
                name="indicators_observation_value_or_reason",
                condition=(Q(state="value") & (Q(value__isnull=False) | Q(yes_no__isnull=False) | ~Q(text="")))
                | (
                    ~Q(state="value")
                    & Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True, yes_no__isnull=True)
                    & Q(text="")
                ),
            ),
            models.CheckConstraint(
                name="indicators_observation_both_parts",
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False),
            ),
            models.CheckConstraint(
                name="indicators_observation_superseded",
                condition=Q(status="superseded") | Q(superseded_by__isnull=True, superseded_by_source__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "status", "indicator", "fiscal_year"], name="indicators_obs_region"),
            models.Index(fields=["indicator", "status", "fiscal_year", "region"], name="indicators_obs_indicator"),
            models.Index(fields=["source", "status"], name="indicators_obs_source"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.indicator_id} {self.as_of or self.fiscal_year}"

    @property
    def is_published(self) -> bool:
        return self.status == RowState.LIVE and self.published_at is not None


class StaleMark(models.Model):
    """A fact changed after figures were counted from it: those figures say so until they are counted again.

    token: another one each time the fact changes; a recount takes away only the mark it began with.
    """

    fact = models.CharField("変わった事実", max_length=80)
    region = models.ForeignKey(Region, verbose_name="地域", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    token = models.UUIDField("印の番号", default=new_id, editable=False)
    first_marked_at = models.DateTimeField("はじめに印を付けた日時")
    marked_at = models.DateTimeField("印を付けた日時")
    marked_by_name = models.CharField("印を付けた人", max_length=120)

    class Meta:
        verbose_name = "数え直しの印"
        constraints = [
            models.UniqueConstraint(fields=["region", "fact", "fiscal_year"], name="indicators_stale_mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.region_id} {self.fiscal_year}"
