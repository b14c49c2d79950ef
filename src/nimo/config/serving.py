"""Starting nimo: the web server, the workers beside it, the demo; and running management commands."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, execute_from_command_line, get_commands

from nimo.community.sheets.formats import command as sheet_command
from nimo.community.sheets.formats import owners, write_command
from nimo.config.environment import REPOSITORY


def read_sheets(arguments: list[str]) -> int:
    """`nimo sheet read FILE… [--json]`, `nimo sheet write …` and `nimo sheet fields`: without a database."""
    made = argparse.ArgumentParser(prog="nimo sheet", description="自治体情報シート（事前課題シート）を読み、書き出す")
    verbs = made.add_subparsers(dest="verb", required=True, metavar="read|write|fields")
    read = verbs.add_parser("read", help="読み取って表示する（保存はしない）")
    read.add_argument("files", nargs="+", metavar="FILE", help="テキスト・PPTX・XLSX・PDF")
    read.add_argument("--json", action="store_true", help="docs/guide/sheet-json.md の形の JSON で出す")
    write = verbs.add_parser("write", help="様式のファイルに書き出す（データベースは使わない）")
    write.add_argument(
        "files", nargs="+", metavar="FILE", help="nimo sheet read --json の出力（.json）、または読めるファイル"
    )
    write.add_argument(
        "--format",
        required=True,
        choices=["pptx", "xlsx", "pdf"],
        help="書き出す形（pptx: PowerPoint、xlsx: Excel、pdf: 読み上げに対応した PDF）",
    )
    write.add_argument(
        "--out",
        required=True,
        metavar="OUT",
        help="書き出すファイル。シートが二枚以上なら、フォルダ（最後に / を付ける）",
    )
    verbs.add_parser("fields", help="シートの欄のうち、自動で埋まる割合を示す")
    chosen = made.parse_args(arguments)
    if chosen.verb == "fields":
        return owners.run(sys.stdout)
    if chosen.verb == "write":
        return write_command.run(chosen.files, chosen.format, chosen.out, sys.stdout)
    return sheet_command.run(chosen.files, chosen.json, sys.stdout)


def management(arguments: list[str]) -> int:
    """A command of one of the apps, found by Django."""
    execute_from_command_line(["nimo", *arguments])
    return 0


def group(prefix: str, arguments: list[str]) -> int:
    """One of the commands `<prefix>_…` of the apps; without a known word, what there is and how to call it."""
    django.setup()
    known = sorted(
        name.removeprefix(f"{prefix}_").replace("_", "-") for name in get_commands() if name.startswith(f"{prefix}_")
    )
    if not arguments or arguments[0] not in known:
        asked = bool(arguments) and arguments[0] not in {"-h", "--help"}
        out = sys.stderr if asked else sys.stdout
        print(f"使い方: nimo {prefix} {{{' | '.join(known)}}} … （くわしくは nimo {prefix} <語> --help）", file=out)
        return 2 if asked else 0
    return management([f"{prefix}_{arguments[0].replace('-', '_')}", *arguments[1:]])


def _migrate_both() -> None:
    django.setup()
    call_command("migrate", interactive=False, verbosity=0, database="default")
    if "sqlite" in str(settings.DATABASES["side"]["ENGINE"]):
        call_command("migrate", interactive=False, verbosity=0, database="side")


def migrate(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="nimo migrate", description="データベースを今の版に合わせる").parse_args(arguments)
    _migrate_both()
    print("データベースは今の版です。")
    return 0


def daily(arguments: list[str]) -> int:
    """What must happen once a day: hand-overs that are due, yesterday sealed in the audit, stale figures counted again,
    reminders of questionnaires whose due date is near.

    Safe to run often.
    """
    argparse.ArgumentParser(
        prog="nimo daily", description="毎日の手入れ（引き継ぎの実行、監査の封印、値の数え直し、アンケートの催促）"
    ).parse_args(arguments)
    django.setup()
    call_command("users", "handover", "--due")
    call_command("audit", "seal")
    call_command("indicators", "recount")
    call_command("questionnaires_remind")
    return 0


def _options(name: str, description: str, arguments: list[str]) -> argparse.Namespace:
    made = argparse.ArgumentParser(prog=f"nimo {name}", description=description)
    made.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="待ち受けるアドレス")
    made.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")), help="待ち受けるポート")
    made.add_argument("--workers", type=int, default=2, help="画面の処理の数")
    made.add_argument("--job-workers", type=int, default=2, help="時間のかかる処理の受け手の数")
    if name == "demo":
        made.add_argument("--directory", type=Path, default=REPOSITORY / ".demo", help="デモのデータを置く場所")
        made.add_argument("--keep", action="store_true", help="前のデモのデータをそのまま使う")
        made.add_argument("--no-serve", action="store_true", help="用意だけして起動しない")
    return made.parse_args(arguments)


def _run_servers(options: argparse.Namespace) -> int:
    """One web server and its job workers, as child processes that end together."""
    nimo = [sys.executable, "-m", "nimo.config.cli"]
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "nimo.config.wsgi:application",
        "--host",
        options.host,
        "--port",
        str(options.port),
        "--workers",
        str(options.workers),
        "--no-ws",
        "--log-level",
        "warning",
        "--respawn-failed-workers",
    ]
    commands = [web, *[[*nimo, "jobs", "work"]] * options.job_workers]
    children = [subprocess.Popen(command, env=os.environ) for command in commands]
    chores, next_chores = None, time.monotonic()

    def stop(*_: object) -> None:
        for child in children:
            child.terminate()

    signal.signal(signal.SIGTERM, stop)
    try:
        while True:
            if time.monotonic() >= next_chores and (chores is None or chores.poll() is not None):
                # a day may end while nobody restarts the service: looked at every half hour, done when due
                chores = subprocess.Popen([*nimo, "daily"], env=os.environ, stdout=subprocess.DEVNULL)
                next_chores = time.monotonic() + 1800
            for index, child in enumerate(children):
                code = child.poll()
                if code is None:
                    continue
                if index == 0 or code in (-signal.SIGTERM, 0):
                    stop()
                    for other in children:
                        other.wait(15)
                    return max(code, 0)
                children[index] = subprocess.Popen(commands[index], env=os.environ)
            time.sleep(0.5)
    except KeyboardInterrupt:
        stop()
        for child in children:
            child.wait(15)
        return 0


def serve(arguments: list[str]) -> int:
    options = _options("serve", "nimo を起動する", arguments)
    print(f"nimo: http://{options.host}:{options.port}/", flush=True)
    _migrate_both()
    return _run_servers(options)


def demo(arguments: list[str]) -> int:
    options = _options("demo", "デモのデータを用意して起動する", arguments)
    print(f"nimo デモ: http://{options.host}:{options.port}/", flush=True)
    directory: Path = options.directory
    os.environ["NIMO_DATA_DIR"] = str(directory)
    os.environ["NIMO_DEMO"] = "1"
    os.environ.setdefault("NIMO_REQUIRE_SECOND_FACTOR", "0")  # nobody real works here; set it to 1 to try it
    os.environ.pop("NIMO_DATABASE_URL", None)
    hosts = {"localhost", "127.0.0.1", "[::1]", options.host}
    os.environ.setdefault("NIMO_ALLOWED_HOSTS", "*" if options.host in {"0.0.0.0", "::"} else ",".join(sorted(hosts)))  # noqa: S104
    if not options.keep:
        for name in ("nimo.sqlite3", "side.sqlite3"):
            for ending in ("", "-wal", "-shm", "-journal"):
                (directory / f"{name}{ending}").unlink(missing_ok=True)
    _migrate_both()
    call_command("demo", keep=options.keep)
    print(
        f"開く: http://{options.host}:{options.port}/  （太田市: http://{options.host}:{options.port}/regions/10205/）",
        flush=True,
    )
    print("終わるには Ctrl+C を押してください。", flush=True)
    return 0 if options.no_serve else _run_servers(options)
