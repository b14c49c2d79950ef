"""`nimo indicators dictionary | beds [FILE] | national | recount | list`: what the screens do, for operators."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nimo.community.indicators.formats.packaged import DictionaryError
from nimo.community.indicators.queries.dictionary import indicator_list
from nimo.community.indicators.services.dictionary import UnableToLoadDictionary, load_dictionary
from nimo.community.indicators.services.observations import Recorded
from nimo.community.indicators.services.recount import UnableToRecount, is_asked_for, request_recount
from nimo.community.indicators.services.statistics import (
    AS_OF_2025,
    UnableToLoad,
    load_national_series,
    load_prefecture_beds,
)
from nimo.foundation.access.actors import Actor


def _said(done: Recorded) -> str:
    if done.unchanged:
        return "同じ内容がすでに記録されています。何も変えていません。"
    replaced = f"、前の版の{done.superseded}件を置き換え" if done.superseded else ""
    return f"{done.recorded}件の値を記録しました{replaced}。"


class Command(BaseCommand):
    help = "指標の辞書と値: dictionary（辞書を読み込む）、beds（630調査）、national（全国の値）、recount（待っている値の数え直し）、list（一覧）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["dictionary", "beds", "national", "recount", "list"])
        parser.add_argument("file", nargs="?", type=Path, help="beds: 都道府県別のCSV（なければ同梱の令和7年6月30日）")
        parser.add_argument("--as-of", default=AS_OF_2025, help="beds: 時点（2025-06-30 の形）")

    def handle(self, *args: Any, what: str, file: Path | None, as_of: str, **options: Any) -> None:
        actor = Actor.system("nimo indicators", now=timezone.now())
        try:
            self.stdout.write(getattr(self, f"_{what}")(actor, file, as_of))
        except (UnableToLoad, UnableToLoadDictionary, DictionaryError, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _dictionary(self, actor: Actor, file: Path | None, as_of: str) -> str:
        done = load_dictionary(actor=actor)
        if done.unchanged:
            return f"辞書 {done.version} はすでに読み込まれています。何も変えていません。"
        return f"辞書 {done.version} を読み込みました（加えた指標 {done.added}、直した指標 {done.changed}）。"

    def _beds(self, actor: Actor, file: Path | None, as_of: str) -> str:
        return _said(load_prefecture_beds(actor=actor, content=file.read_bytes() if file else None, as_of=as_of))

    def _national(self, actor: Actor, file: Path | None, as_of: str) -> str:
        done = load_national_series(actor=actor)
        return f"{done.sources}件の資料から{done.recorded}件の値を記録しました。"

    def _recount(self, actor: Actor, file: Path | None, as_of: str) -> str:
        """For the night: asks for the recount, a worker does it. Nothing waits, or it is asked for already: no harm."""
        if is_asked_for():
            return "数え直しは、すでに依頼されています。"
        try:
            job = request_recount(actor=replace(actor, name="毎日の数え直し"))
        except UnableToRecount as refusal:
            return str(refusal)
        return f"数え直しを依頼しました（処理 {job.pk}）。"

    def _list(self, actor: Actor, file: Path | None, as_of: str) -> str:
        return "\n".join(f"{one.code}\t{one.name}\t{one.unit}" for one in indicator_list())
