"""`nimo demo` fills an empty database; called by nimo.config.serving."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.accounts.models import User
from nimo.surfaces.demo.services.world import PASSWORD, USERS, load_world


class Command(BaseCommand):
    help = "デモのデータを入れる（実在の公表された事実と、架空の人物）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--keep", action="store_true", help="前のデモのデータがあれば、そのまま使う")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["keep"] and User.objects.exists()):
            self.stdout.write("デモのデータを入れています…")
            self.stdout.flush()
            load_world(actor=Actor.system("デモのデータ", now=timezone.now()))
        self.stdout.write(f"ログイン（パスワードはどれも {PASSWORD} ）:")
        for user in USERS:
            self.stdout.write(f"  {user.login_name:<12} {user.role.label}（{user.organisation}）")
        self.stdout.flush()
