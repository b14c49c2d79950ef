"""`nimo`: the operator's door. Commands that need no database (sheet read) start without Django."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from nimo.config import backup, checking, serving

Handler = Callable[[list[str]], int]


def _sheet(arguments: list[str]) -> int:
    return serving.read_sheets(arguments)


def _indicators(arguments: list[str]) -> int:
    """Computing from spells needs neither Django nor a database, and its engine is loaded only when asked for."""
    if arguments and arguments[0] in {"compute", "add-up"}:
        entry = import_module("nimo.analysis.commands.entry")
        return int(entry.main(arguments))
    if not arguments or arguments[0] in {"-h", "--help"}:
        print("入退院の表から（データベースは使いません）: nimo indicators compute --help | add-up --help\n")
    return serving.management(["indicators", *arguments])


def _management(name: str) -> Handler:
    def run(arguments: list[str]) -> int:
        return serving.management([name, *arguments])

    return run


def _group(prefix: str) -> Handler:
    """`nimo data regions` → the management command data_regions of whichever app has it."""

    def run(arguments: list[str]) -> int:
        return serving.group(prefix, arguments)

    return run


COMMANDS: dict[str, tuple[str, Handler]] = {
    "serve": ("nimo を起動する（画面と、時間のかかる処理の受け手）", serving.serve),
    "demo": ("デモのデータを用意して起動する（人物は架空）", serving.demo),
    "check": ("設定・データベース・監査・ファイルに異常がないか確かめる", checking.check),
    "sheet": (
        "自治体情報シートを読み、書き出す: sheet read FILE… [--json] | sheet write --format F --out OUT FILE… | sheet fields",
        _sheet,
    ),
    "data": (
        "地域と境界を取り込む、検索の索引を作り直す: data regions | data boundaries FILE… | data search-index",
        _group("data"),
    ),
    "indicators": (
        "指標: indicators compute | add-up（入退院の表から計算、足し合わせ） | dictionary | beds | national | recount | list",
        _indicators,
    ),
    "backup": ("すべてを一つの書庫に写し、読み戻せることを確かめる", backup.backup),
    "restore": ("書庫から戻す（見せてから、--yes で行う）", backup.restore),
    "users": ("利用者: users list | invite | suspend | end-sessions | handover", _management("users")),
    "audit": ("監査: audit verify | seal", _management("audit")),
    "jobs": ("時間のかかる処理: jobs work（受け手を動かす） | jobs status（状況を見る）", _group("jobs")),
    "daily": ("毎日の手入れ: 期日の来た引き継ぎ、監査の封印（serve が自分で行う）", serving.daily),
    "migrate": ("データベースを今の版に合わせる", serving.migrate),
}


def parser() -> argparse.ArgumentParser:
    lines = "\n".join(f"  {name:<11} {sentence}" for name, (sentence, _) in COMMANDS.items())
    made = argparse.ArgumentParser(
        prog="nimo",
        usage="nimo <命令> [引数…]",
        description="nimo: 「精神障害にも対応した地域包括ケアシステム」の実務システム",
        epilog=f"命令:\n{lines}\n\nそれぞれの使い方: nimo <命令> --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
    )
    made.add_argument("-h", "--help", action="help", help="この説明を表示する")
    made.add_argument("command", nargs="?", choices=list(COMMANDS), metavar="<命令>", help="行うこと")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nimo.config.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in {"-h", "--help"}:
        parser().print_help()
        return 0
    if given[0] not in COMMANDS:
        print(f"「{given[0]}」という命令はありません。nimo --help で一覧を見られます。", file=sys.stderr)
        return 2
    try:
        return COMMANDS[given[0]][1](given[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
