"""`make bundle`: everything a closed network needs, in one folder: the wheel, its dependencies, how to install."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "dist" / "bundle"

GUIDE = """nimo を閉じた網に入れる

1. Python 3.11 以上の入った機械に、このフォルダーごと写す。
2. python3 -m venv nimo-venv
3. nimo-venv/bin/pip install --no-index --find-links wheels --require-hashes -r requirements.lock
4. nimo-venv/bin/pip install --no-index --no-deps wheels/nimo-*.whl
5. nimo-venv/bin/nimo demo（試す） または nimo-venv/bin/nimo serve（使う）

SHA256SUMS で、写しまちがいがないか確かめられます: sha256sum -c SHA256SUMS
"""


def main() -> int:
    shutil.rmtree(OUT, ignore_errors=True)
    wheels = OUT / "wheels"
    wheels.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    commands = [
        [*pip, "download", "--quiet", "--require-hashes", "-r", "requirements.lock", "-d", str(wheels)],
        [*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(wheels), "."],
    ]
    for command in commands:
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            print("一式を作れませんでした。上の行をご覧ください。", file=sys.stderr)
            return 1
    shutil.copy(ROOT / "requirements.lock", OUT)
    (OUT / "はじめに.txt").write_text(GUIDE, encoding="utf-8")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(OUT)}"
        for path in sorted(OUT.rglob("*"))
        if path.is_file()
    ]
    (OUT / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)} に {len(sums)} 件をそろえました。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
