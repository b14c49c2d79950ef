"""`nimo jobs status`: what waits, who works on what, what failed; an error when something needs a person."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nimo.foundation.jobs.queries import Station, moment, station


class Command(BaseCommand):
    help = "時間のかかる処理の状況を示します（受け手が動いていないときは、終了コード1）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--brief", action="store_true", help="一行だけ示す")

    def handle(self, *args: Any, brief: bool = False, **options: Any) -> None:
        found = station(now=timezone.now())
        if not brief:
            for line in _lines(found):
                self.stdout.write(line)
        if found.stuck:
            raise CommandError(
                f"{moment(found.oldest)}から待っている処理がありますが、引き受ける受け手が動いていません。"
                "nimo serve を動かすか、nimo jobs work を動かしてください。待っている処理は失われていません。"
            )
        self.stdout.write(_sentence(found))


def _sentence(found: Station) -> str:
    parts = [f"待っている処理 {found.waiting} 件、処理中 {len(found.running)} 件、この7日の失敗 {found.failed} 件。"]
    if found.silent:
        parts.append(f"受け手の止まった処理が {found.silent} 件あり、ほかの受け手がまもなく引き継ぎます。")
    if found.reported:
        parts.append(f"受け手を続けて止めた処理が {found.reported} 件あります。処理の画面で理由を確かめてください。")
    return "".join(parts)


def _lines(found: Station) -> list[str]:
    lines = []
    for one in found.running:
        share = f"{one.done}/{one.total}" if one.total else "進み具合は分かりません"
        state = "応答なし" if one.silent else "処理中"
        lines.append(f"{state}  {one.job.title}  {share}  {one.job.attempts}回目  番号 {one.job.pk}")
    return lines
