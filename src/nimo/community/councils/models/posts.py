"""Posts of a body, who holds them from when to when, and, apart from both, the category they are counted in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from nimo.community.councils.choices.bodies import Category, Standing
from nimo.community.councils.models.bodies import Body
from nimo.core.ids import new_id
from nimo.foundation.accounts.models import User
from nimo.foundation.regions.models import Region


class Participant(models.Model):
    """A person who sits in bodies, with or without an account: the same row in two bodies is a link between them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prefecture = models.ForeignKey(Region, verbose_name="都道府県", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("氏名", max_length=80)
    kana = models.CharField("よみ", max_length=160, blank=True)
    affiliation = models.CharField("所属", max_length=120, blank=True)
    user = models.OneToOneField(
        User, verbose_name="利用者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("登録日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "参加者"
        indexes = [models.Index(fields=["prefecture", "kana"], name="councils_participant_kana")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A seat (充て職): it stays when the person moves on. The category is not here: see PostCategory."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    body = models.ForeignKey(Body, verbose_name="会議体", on_delete=models.PROTECT, related_name="posts")
    title = models.CharField("職・立場", max_length=120)
    affiliation = models.CharField("機関", max_length=120, blank=True)
    position = models.PositiveSmallIntegerField("順", default=0)
    valid_from = models.DateField("始まり", null=True, blank=True)
    valid_to = models.DateField("終わり", null=True, blank=True)
    """The first day on which the seat no longer exists."""
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "席（職）"
        indexes = [models.Index(fields=["body", "position"], name="councils_post_body")]

    def __str__(self) -> str:
        return f"{self.affiliation} {self.title}".strip()


class PostCategory(models.Model):
    """What a seat is counted as, and the fields it speaks for. Every seat has one row, whatever it says, so that the
    presence of a row tells nothing. Read only through `policies.categories`."""

    post = models.OneToOneField(Post, verbose_name="席（職）", on_delete=models.PROTECT, related_name="+")
    category = models.CharField("区分", max_length=16, choices=Category.choices)
    fields = models.JSONField("代表する分野", default=list, blank=True)

    class Meta:
        verbose_name = "席の区分"

    def __str__(self) -> str:
        return "席の区分"


class PayColumns(models.Model):
    """What is paid for one attendance."""

    fee_yen = models.PositiveIntegerField("謝金（円・1回）", null=True, blank=True)
    """None: not decided or not told; 0: none is paid."""
    travel_paid = models.BooleanField("旅費を支払う", default=False)
    travel_yen = models.PositiveIntegerField("旅費（円・1回）", null=True, blank=True)
    """None with `travel_paid`: what it really cost each time (実費)."""

    class Meta:
        abstract = True


class Holding(PayColumns):
    """A person in a seat over time. Becoming a member after having observed is a new row that follows the old one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, verbose_name="席（職）", on_delete=models.PROTECT, related_name="holdings")
    participant = models.ForeignKey(
        Participant, verbose_name="参加者", on_delete=models.PROTECT, related_name="holdings"
    )
    standing = models.CharField("立場", max_length=16, choices=Standing.choices, default=Standing.MEMBER)
    valid_from = models.DateField("就いた日")
    valid_to = models.DateField("離れた日", null=True, blank=True)
    """The first day on which the person no longer holds it."""
    term_to = models.DateField("任期の最後の日", null=True, blank=True)
    follows = models.OneToOneField(
        "self", verbose_name="前の立場", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    end_reason = models.CharField("離れた理由", max_length=200, blank=True)
    created_at = models.DateTimeField("登録日時")
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "席に就いている人"
        constraints = [
            models.CheckConstraint(
                name="councils_holding_period_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["post", "participant"],
                condition=Q(valid_to__isnull=True),
                name="councils_holding_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["post", "valid_from"], name="councils_holding_post"),
            models.Index(fields=["participant", "valid_to"], name="councils_holding_person"),
        ]

    def __str__(self) -> str:
        return f"{self.participant_id}"


class FormerPay(PayColumns):
    """What was paid in a seat before another amount was agreed on: a list of a past meeting stays what it was."""

    holding = models.ForeignKey(
        Holding, verbose_name="席に就いている人", on_delete=models.PROTECT, related_name="former_pay"
    )
    until = models.DateField("次の額の最初の日")
    """The first day on which this is no longer paid."""
    recorded_at = models.DateTimeField("記録日時")

    class Meta:
        verbose_name = "前の支払いの額"
        constraints = [models.UniqueConstraint(fields=["holding", "until"], name="councils_former_pay_once")]

    def __str__(self) -> str:
        return f"{self.holding_id} {self.until}"


class CategoryConsent(models.Model):
    """That a person chose to have the own category shown beside the name, from when, until when."""

    holding = models.OneToOneField(Holding, verbose_name="席に就いている人", on_delete=models.PROTECT, related_name="+")
    chosen_on = models.DateField("本人が選んだ日")
    withdrawn_on = models.DateField("取りやめた日", null=True, blank=True)
    recorded_by_name = models.CharField("記録した人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "区分を示すことの同意"

    def __str__(self) -> str:
        return "区分を示すことの同意"
