"""The last lines of `make check`: what this machine lacked, so that a green run never hides a skipped part."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.browser import find
from scripts.cluster import lacking
from tests.support.postgres import binaries


def main() -> None:
    missing = []
    if not find():
        missing.append("ブラウザ（Chromium）: 通し試験と axe の検査")
    try:
        binaries()
    except RuntimeError:
        missing.append("PostgreSQL: 二つ目のデータベースでの試験")
    if without := lacking():
        missing.append(f"{without}: Spark での試験（同じ試験を DuckDB では行いました）")
    sources = Path(os.environ.get("NIMO_SOURCES", Path(__file__).resolve().parents[2] / "shared" / "sources"))
    if not sources.is_dir():
        missing.append("実物のシート（NIMO_SOURCES）: 実物との照合試験。架空のシートでの同じ試験は行いました")
    if missing:
        print("この機械ではできなかったこと:")
        for line in missing:
            print(f"  - {line}")
    else:
        print("この機械でできなかったことはありません。")


if __name__ == "__main__":
    main()
