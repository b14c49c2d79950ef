"""`nimo jobs work`: does the work that pages asked for. Any number of them may run at once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from nimo.foundation.jobs.management.worker import work


class Command(BaseCommand):
    help = "時間のかかる処理を引き受けます（終わるまで動き続けます）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="待っている処理を一つだけ行って終わる")
        how.add_argument("--burst", action="store_true", help="待っている処理をすべて行って終わる")

    def handle(self, *args: Any, once: bool = False, burst: bool = False, **options: Any) -> None:
        if settings.TASKS["default"]["BACKEND"] != "django_tasks_db.DatabaseBackend":
            raise CommandError("この設定では処理の待ち行列がデータベースにないため、引き受ける処理がありません。")
        taken = work(burst=once or burst, limit=1 if once else None)
        if once or burst:
            self.stdout.write(f"{taken} 件の処理を行いました。" if taken else "待っている処理はありませんでした。")
