"""What a successor takes over: questionnaires the predecessor was asked to answer and has not yet answered."""

from __future__ import annotations

from django.db.models import QuerySet

from nimo.foundation.accounts.rules import HandOverOrder, hands_over
from nimo.foundation.questionnaires.choices import RecipientKind, RoundState
from nimo.foundation.questionnaires.models.rounds import Invitation


def _owed(order: HandOverOrder) -> QuerySet[Invitation]:
    taken = Invitation.objects.filter(user_id=order.to_user_id, cancelled_at__isnull=True).values("round")
    return (
        Invitation.objects.filter(
            recipient_kind=RecipientKind.USER,
            user_id=order.from_user_id,
            organisation_id__in=order.organisation_ids,
            answered=False,
            cancelled_at__isnull=True,
        )
        .exclude(round__state=RoundState.CLOSED)
        .exclude(round__in=taken)  # who is asked himself is not asked twice
    )


def _count(order: HandOverOrder) -> int:
    return _owed(order).count()


@hands_over("questionnaires.invitations", "答える予定のアンケート", count=_count)
def _hand_over_invitations(order: HandOverOrder) -> int:
    return _owed(order).update(user_id=order.to_user_id)
