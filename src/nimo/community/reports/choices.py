"""The closed lists of reports."""

from __future__ import annotations

from django.db.models import TextChoices


class AnswerState(TextChoices):
    """A confirmed sheet is what was answered: it never changes any more."""

    DRAFT = "draft", "案"
    CONFIRMED = "confirmed", "確定"
    DROPPED = "dropped", "取りやめ"
