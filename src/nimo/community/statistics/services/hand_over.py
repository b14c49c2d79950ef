"""What a successor takes over: the files in hand. Found by accounts.apps through its name."""

from __future__ import annotations

from django.db.models import QuerySet

from nimo.community.statistics.choices import ImportState
from nimo.community.statistics.models import StatisticsImport
from nimo.foundation.accounts.rules import HandOverOrder, hands_over


def _in_hand(order: HandOverOrder) -> QuerySet[StatisticsImport]:
    return StatisticsImport.objects.filter(
        in_charge_id=order.from_user_id, organisation_id__in=order.organisation_ids
    ).exclude(state__in=[ImportState.RECORDED, ImportState.DISCARDED])


def _count(order: HandOverOrder) -> int:
    return _in_hand(order).count()


@hands_over("statistics.imports", "確認を待つ統計の取り込み", count=_count)
def _hand_over(order: HandOverOrder) -> int:
    return _in_hand(order).update(in_charge_id=order.to_user_id)
