"""What a user can sign in with besides the password."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator

from nimo.foundation.accounts.models import CardCode, CodeCard
from nimo.foundation.accounts.rules import CARD_WARNING_AT


@dataclass(frozen=True, slots=True)
class SecondFactorState:
    """What a user can sign in with besides the password. `next_number`: the code of the card asked for next."""

    has_totp: bool
    card: CodeCard | None
    next_number: int | None
    remaining: int

    @property
    def exists(self) -> bool:
        """Set up, even if every code of the card is used: then nobody comes in with the password alone."""
        return self.has_totp or self.card is not None

    @property
    def usable(self) -> bool:
        return self.has_totp or self.remaining > 0

    @property
    def runs_out(self) -> bool:
        return self.card is not None and self.remaining <= CARD_WARNING_AT


def second_factor_of(user_id: UUID) -> SecondFactorState:
    """Three queries."""
    card = CodeCard.objects.filter(user_id=user_id, activated_at__isnull=False, ended_at__isnull=True).first()
    numbers = list(CardCode.objects.filter(card=card, used_at__isnull=True).order_by("number").values_list("number"))
    return SecondFactorState(
        has_totp=Authenticator.objects.filter(user_id=user_id, type=Authenticator.Type.TOTP).exists(),
        card=card,
        next_number=numbers[0][0] if numbers else None,
        remaining=len(numbers),
    )
