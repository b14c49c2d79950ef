"""`nimo audit verify | seal`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.audit.queries.verification import verify
from nimo.foundation.audit.services import UnableToSeal, seal_days


class Command(BaseCommand):
    help = "監査の記録を確かめる（verify）、終わった日に封をする（seal）。"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="verify|seal")
        verifying = actions.add_parser("verify", help="変えられた・消された・足された記録がないか確かめる")
        verifying.add_argument("--since", type=_day, help="この日より後だけを確かめる（YYYY-MM-DD）")
        verifying.add_argument(
            "--head",
            action="append",
            default=[],
            type=_kept_head,
            metavar="YYYY-MM-DD:封",
            help="別の場所に控えた封と照らし合わせる（何度でも書けます）",
        )
        actions.add_parser("seal", help="終わった日に封をする（何度行っても同じです）")

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        if options["action"] == "seal":
            self._seal(Actor.system("監査の封", now=now))
            return
        result = verify(now=now, since=options.get("since"), heads=dict(options.get("head") or []))
        for finding in result.findings:
            self.stderr.write(f"× {finding.sentence}")
        for notice in result.notices:
            self.stdout.write(f"△ {notice}")
        if not result.sound:
            raise CommandError(
                f"記録{result.entries}件のうち、合わないところが{result.found}か所あります。"
                "記録には触れずに、システム管理者と監査担当者に知らせてください。"
            )
        self.stdout.write(f"記録{result.entries}件・封{result.seals}日を確かめました。変えられた記録はありません。")
        if result.head_day:
            self.stdout.write(f"最後の封（別の場所に控えてください） {result.head_day}:{result.head}")

    def _seal(self, actor: Actor) -> None:
        try:
            seals = seal_days(actor=actor)
        except UnableToSeal as refusal:
            raise CommandError(str(refusal)) from refusal
        if not seals:
            self.stdout.write("封をする日はありませんでした。")
            return
        for seal in seals[-7:]:
            self.stdout.write(f"{seal.day}:{seal.head} 記録{seal.count}件")
        self.stdout.write(f"{len(seals)}日分に封をしました。最後の行を別の場所に控えてください。")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _kept_head(text: str) -> tuple[date, str]:
    day, _, head = text.partition(":")
    return date.fromisoformat(day), head.strip()
