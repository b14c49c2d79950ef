"""`nimo data boundaries FILE…`: reads outlines, says what it found, and stores them when told to (--yes)."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.formats.boundaries import CREDIT, UnableToReadBoundaries, read_boundaries
from nimo.foundation.regions.formats.matching import BoundaryReport
from nimo.foundation.regions.queries import maps
from nimo.foundation.regions.services import places as services


class Command(BaseCommand):
    help = "地図の境界（国土数値情報 N03 の GeoJSON か TopoJSON）を読み、内容を示します。--yes を付けると取り込みます"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="GeoJSON または TopoJSON")
        parser.add_argument("--yes", action="store_true", help="示した内容のとおりに取り込む")
        parser.add_argument("--as-of", metavar="年-月-日", help="境界の基準日（ファイル名から分からないとき）")
        parser.add_argument("--credit", default=CREDIT, help="画面に示す出典（初めの値: %(default)s）")

    def handle(self, *args: Any, files: list[Path], yes: bool, as_of: str | None, credit: str, **options: Any) -> None:
        try:
            report = maps.match_boundaries([read_boundaries(file) for file in files])
        except UnableToReadBoundaries as error:
            raise CommandError(f"{error}\n境界は取り込んでいません。") from None
        day = self._day(as_of, report)
        self._show(report, day, credit)
        if not report.outlines:
            raise CommandError(
                "登録されている地域に合う形がありませんでした。先に nimo data regions を行ったか確かめてください。"
            )
        if not yes:
            self.stdout.write("まだ取り込んでいません。よければ、同じ命令に --yes を付けてください。")
            return
        if day is None:
            raise CommandError(
                "基準日が分からないため、取り込んでいません。--as-of 2021-01-01 のように指定してください。"
            )
        actor = Actor.system("nimo data boundaries", now=timezone.now())
        try:
            stored = services.store_boundaries(actor=actor, outlines=report.outlines, as_of=day, credit=credit)
        except services.UnableToChange as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{stored} 地域の境界を取り込みました。")

    def _day(self, as_of: str | None, report: BoundaryReport) -> date | None:
        if as_of is not None:
            try:
                return date.fromisoformat(as_of)
            except ValueError:
                raise CommandError("--as-of は 2021-01-01 のように書いてください。境界は取り込んでいません。") from None
        return next(iter(report.as_of)) if len(report.as_of) == 1 else None

    def _show(self, report: BoundaryReport, day: date | None, credit: str) -> None:
        read = [one for one in report.outlines if not one.derived]
        self.stdout.write(f"読み取った地域: {len(read)}（つないで作る地域: {len(report.outlines) - len(read)}）")
        self.stdout.write(f"基準日: {day.isoformat() if day else '分かりません'}　出典の表示: {credit}")
        if report.unknown:
            self.stdout.write(f"登録にないコード・名称: {'、'.join(report.unknown)}")
        if report.unassigned:
            self.stdout.write(f"所属未定地など、どの市区町村でもない形: {report.unassigned}")
        for prefecture, names in report.missing.items():
            self.stdout.write(f"形のない市区町村（{prefecture}）: {'、'.join(names)}")
