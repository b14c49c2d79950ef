"""The words of `nimo indicators compute`, `add-up` and `world`."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import date
from pathlib import Path
from typing import NoReturn

from nimo.analysis.engine import DEFAULT
from nimo.analysis.reading.cells import Unreadable, plain, read_day
from nimo.analysis.spells.grounds import GROUNDS, OWN
from nimo.analysis.worldspells import CITY, SIZES

_SIZE = re.compile(r"[1-9][0-9]*(\.[0-9]+)? ?(MB|GB|TB|MiB|GiB|TiB)")
_WORDS = {"files": "結果のファイル（FILE…）"}
YEARS = range(1950, 2100)


class Missing(ValueError):
    """An argument is missing; the message (Japanese) names it."""


class Parser(argparse.ArgumentParser):
    """Refuses in Japanese; what argparse itself says goes into brackets."""

    def error(self, message: str) -> NoReturn:
        sys.stderr.write(f"引数が正しくありません（{message}）。\n使い方: {self.prog} --help\n")
        raise SystemExit(2)


def day(text: str) -> date:
    """A day in any calendar."""
    try:
        return read_day(plain(text))
    except Unreadable:
        raise argparse.ArgumentTypeError(f"日付として読めません: {text}") from None


def fiscal_year(text: str) -> int:
    """A 年度 by the year it begins in."""
    if not (text.isdecimal() and int(text) in YEARS):
        raise argparse.ArgumentTypeError(f"年度は西暦4桁で書いてください: {text}")
    return int(text)


def memory(text: str) -> str:
    """4GB, 1.5GB, 512MB."""
    if not _SIZE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"メモリの大きさは 4GB や 512MB のように書いてください: {text}")
    return text


def threads(text: str) -> int:
    """A number from 1 on."""
    if not (text.isdecimal() and 1 <= int(text) <= 1024):
        raise argparse.ArgumentTypeError(f"スレッドの数は1以上の整数です: {text}")
    return int(text)


def require(given: argparse.Namespace, *names: str) -> None:
    """Missing for arguments that have no value. argparse would say so in English."""
    lacking = [_WORDS.get(name, f"--{name}") for name in names if not getattr(given, name)]
    if lacking:
        raise Missing(f"{'、'.join(lacking)} を指定してください。まだ何もしていません。")


def of_file(error: OSError) -> str:
    """What is wrong with a file, in Japanese."""
    name = Path(str(error.filename or (error.args[0] if error.args else ""))).name
    if isinstance(error, FileExistsError):
        return f"{name} はもうあります。別の名前を指定するか、前の結果と置き換えるなら --replace を付けてください。"
    if isinstance(error, FileNotFoundError):
        return f"{name} か、それを置くフォルダーがありません。何も書いていません。"
    if isinstance(error, PermissionError):
        return f"{name} を読むか書く権限がありません。何も書いていません。"
    return f"{name} を読み書きできません（{error.strerror or type(error).__name__}）。何も書いていません。"


def compute_parser() -> argparse.ArgumentParser:
    """Arguments of `compute`."""
    made = Parser(
        prog="nimo indicators compute",
        description="入退院の表から指標を計算し、秘匿した集計だけを結果のファイルに書く。通信はしない（--engine を指定したときを除く）。",
        epilog="くわしくは docs/guide/indicators-compute.md。終了コード: 0 計算した、1 表に誤りがあり計算していない、2 引数やファイルが使えない",
    )
    made.add_argument("--spells", metavar="FILE", help="入退院の表（CSV・XLSX・Parquet）")
    made.add_argument("--census", type=day, metavar="DATE", help="在院患者数を数える日（例 2025-06-30、R7.6.30）")
    made.add_argument("--out", type=Path, metavar="FILE", help="結果を書く先（.json、または新しいフォルダー）")
    made.add_argument("--inspect", action="store_true", help="計算せず、列の対応を調べて示す（--mapping があれば書く）")
    made.add_argument("--mapping", type=Path, metavar="FILE", help="覚えてある列の対応（--inspect では書く先）")
    made.add_argument("--rules", type=Path, metavar="FILE", help="計算の規則（JSON。書かない規則は既定のまま）")
    made.add_argument("--load-rest", action="store_true", help="誤りのある行を除いて、残りで計算する")
    made.add_argument("--report", type=Path, metavar="FILE", help="誤りと注意のすべてを行番号で書く先（CSV）")
    made.add_argument(
        "--observed-until",
        type=day,
        metavar="DATE",
        help="この日までのことがすべて分かっている（既定は --census の日）",
    )
    made.add_argument(
        "--covers",
        choices=["hospitals", "region"],
        default="hospitals",
        help="表が覆う範囲: いくつかの病院の全患者か、地域の全病院か",
    )
    made.add_argument(
        "--recent-year", type=fiscal_year, metavar="YEAR", help="入院・退院を数える年度（既定は --census の前年度）"
    )
    made.add_argument(
        "--followed-year",
        type=fiscal_year,
        metavar="YEAR",
        help="その後1年を追う人たちの年度（既定はさらにその前の年度）",
    )
    made.add_argument(
        "--ground",
        default=OWN,
        metavar="CODE",
        help="個人の記録を集計する根拠。結果に記録する: " + "、".join(f"{c}（{w}）" for c, w in GROUNDS.items()),
    )
    made.add_argument(
        "--ground-note", default="", metavar="TEXT", help="根拠となる文書の名前・番号、条文（own のほかは必ず）"
    )
    made.add_argument("--label", default="", help="結果の名前（例 ○○病院）")
    made.add_argument("--hospitals", type=Path, metavar="FILE", help="病院の一覧（CSV: 病院,所在地,閉院日）")
    made.add_argument("--mergers", type=Path, metavar="FILE", help="市町村の合併（CSV: 旧コード,新コード,合併日）")
    made.add_argument("--areas", type=Path, metavar="FILE", help="圏域（CSV: 市区町村コード,圏域）")
    made.add_argument(
        "--populations",
        type=Path,
        metavar="FILE",
        help="人口（CSV: 市区町村コード,人口［,年齢区分ごとの列］）。市区町村別に出すときに要る",
    )
    made.add_argument("--standard", type=Path, metavar="FILE", help="年齢調整の基準人口（CSV: 年齢区分,人口）")
    made.add_argument(
        "--engine", default=DEFAULT, metavar="URL", help="duckdb（既定）、sc://…（Spark Connect）、Ibis の接続先"
    )
    made.add_argument(
        "--memory",
        type=memory,
        default="2GB",
        metavar="SIZE",
        help="DuckDB が使うメモリの上限（既定 2GB。超える分はディスクに置く）",
    )
    made.add_argument("--threads", type=threads, default=2, metavar="N", help="DuckDB が使うスレッドの数（既定 2）")
    made.add_argument(
        "--work", type=Path, metavar="DIR", help="途中のものを置くフォルダー（終わると消す。既定は一時フォルダー）"
    )
    made.add_argument("--replace", action="store_true", help="--out に前の結果があれば、新しい結果に置き換える")
    made.add_argument("--json", action="store_true", help="画面への知らせを JSON で出す")
    return made


def add_up_parser() -> argparse.ArgumentParser:
    """Arguments of `add-up`."""
    made = Parser(
        prog="nimo indicators add-up", description="別々に計算した結果を足し合わせる（規則・時点・範囲が同じものだけ）"
    )
    made.add_argument("files", nargs="*", type=Path, metavar="FILE", help="結果のファイル")
    made.add_argument("--out", type=Path, metavar="FILE", help="合計を書く先")
    made.add_argument("--label", default="", help="合計の名前（例 ○○保健所管内）")
    made.add_argument("--rules", type=Path, metavar="FILE", help="秘匿の規則（disclosure）を書いた JSON")
    made.add_argument(
        "--covers", choices=["hospitals", "region"], help="合計が覆う範囲（地域の全病院がそろったときだけ region）"
    )
    made.add_argument("--replace", action="store_true", help="--out に前の結果があれば、新しい結果に置き換える")
    made.add_argument("--json", action="store_true", help="画面への知らせを JSON で出す")
    return made


def world_parser() -> argparse.ArgumentParser:
    """Arguments of `world`."""
    made = Parser(
        prog="nimo indicators world", description="架空の世界の入退院の記録を書く（いつも同じ。試しと測定のため）"
    )
    made.add_argument(
        "--size",
        choices=list(SIZES),
        default=CITY.name,
        help="大きさ: "
        + "、".join(f"{one.name}（{one.spells:,}件、{one.municipalities:,}市町村）" for one in SIZES.values()),
    )
    made.add_argument("--out", type=Path, metavar="FILE", help="書く先（Parquet）")
    made.add_argument("--json", action="store_true", help="画面への知らせを JSON で出す")
    return made
