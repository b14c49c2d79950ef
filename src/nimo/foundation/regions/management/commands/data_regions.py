"""`nimo data regions`: loads the list of prefectures, municipalities and wards that ships with nimo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.services import places as services


class Command(BaseCommand):
    help = "都道府県・市区町村・行政区の一覧を取り込みます（何度行っても同じ結果になります）"

    def handle(self, *args: Any, **options: Any) -> None:
        report = services.load_municipalities(actor=Actor.system("nimo data regions", now=timezone.now()))
        self.stdout.write(
            f"新しく登録 {report.created} 件、直した {report.updated} 件、変わりなし {report.unchanged} 件"
            + (f"、担当者が直しているため触れなかった {report.kept} 件" if report.kept else "")
        )
