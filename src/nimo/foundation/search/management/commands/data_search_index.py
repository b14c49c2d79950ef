"""`nimo data search-index`: the index of the search box anew from everything there is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from nimo.foundation.access.actors import Actor
from nimo.foundation.search.services import index, synonyms


class Command(BaseCommand):
    help = "検索の索引を作り直します（何度行っても同じ結果になります。作り直すあいだも検索は使えます）"

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Actor.system("nimo data search-index", now=timezone.now())
        new = synonyms.load_synonyms(actor=actor)
        done = index.rebuild(actor=actor)
        for label, count in done.counts:
            self.stdout.write(f"{label} {count} 件")
        if new:
            self.stdout.write(f"同じように探すことばを {new} 件登録しました（/search/synonyms/ で直せます）")
