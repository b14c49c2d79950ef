"""`files_check`: are all stored files there and unchanged? With --sweep, removes contents nobody refers to."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.files import services


class Command(BaseCommand):
    help = "保管されたファイルがすべてあり、変わっていないか確かめます"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quick", action="store_true", help="中身は読まず、あるかどうかだけ確かめる")
        parser.add_argument(
            "--sweep", action="store_true", help="どの登録からも使われていない中身（1日以上前）を片付ける"
        )

    def handle(self, *args: Any, quick: bool = False, sweep: bool = False, **options: Any) -> None:
        now = timezone.now()
        report = services.look_through(now=now, read_contents=not quick)
        self.stdout.write(f"登録されたファイル: {report.files} 件")
        for label, found in [
            ("中身が見つからない", report.missing),
            ("中身が変わっている", report.changed),
            ("扱う機能がない用途", report.unowned),
        ]:
            if found:
                self.stdout.write(f"{label}: {'、'.join(str(one) for one in found)}")
        untidy = len(report.orphans) + len(report.half_written)
        if sweep:
            removed = services.sweep(actor=Actor.system("files_check", now=now))
            self.stdout.write(f"使われていない中身を {removed} 件片付けました。")
        elif untidy:
            self.stdout.write(f"使われていない中身: {untidy} 件（--sweep で片付けられます）")
        if not report.sound:
            raise CommandError(
                "失われたか変わったファイルがあります。バックアップから files フォルダーを戻してください。登録の内容はそのままです。"
            )
        self.stdout.write("異常はありません。")
