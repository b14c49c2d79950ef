"""`questionnaires_remind`: a week and a day before the due date; run once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.questionnaires.services.rounds import send_due_reminders


class Command(BaseCommand):
    help = "回答の期限が近いアンケートの、未回答の相手にお知らせを送ります（1日に1回動かします）。"

    def handle(self, *args: Any, **options: Any) -> None:
        sent = send_due_reminders(actor=Actor.system("アンケートの催促", now=timezone.now()))
        self.stdout.write(f"{sent} 回のアンケートについて、お知らせを送りました。")
