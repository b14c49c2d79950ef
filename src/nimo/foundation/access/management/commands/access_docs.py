"""Writes docs/access.md, or says that it is out of date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nimo.foundation.access.queries import document

DEFAULT = Path(__file__).resolve().parents[6] / "docs" / "access.md"


class Command(BaseCommand):
    help = "docs/access.md を作り直す。--check は、古くなっていないかだけを確かめる。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="書かずに確かめる。古いときは終了コード1")
        parser.add_argument("--path", type=Path, default=DEFAULT, help="書き出す場所")

    def handle(self, **options: Any) -> None:
        path: Path = options["path"]
        wanted = document()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != wanted:
                raise CommandError(f"{path.name} が古くなっています。access_docs をもう一度行ってください。")
            self.stdout.write(f"{path.name} は新しいままです。")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted, encoding="utf-8")
        self.stdout.write(f"{path.name} を書きました。")
