"""Finds the browser for the journeys, or installs one where this machine allows it, or says plainly that it could not.

Never fails the build: what is left out is named here and again in the last lines of `make check`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """A Chromium to drive: NIMO_CHROMIUM, the PATH, else the one Playwright installed."""
    chosen = os.environ.get("NIMO_CHROMIUM")
    if chosen and Path(chosen).exists():
        return chosen
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    cached = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return str(cached[-1]) if cached else None


def _run(command: list[str], minutes: int) -> bool:
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=60 * minutes)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install() -> None:
    if shutil.which("apt-get"):
        prefix = [] if os.getuid() == 0 else ["sudo", "-n"]
        if _run([*prefix, "apt-get", "update", "-qq"], 5):
            _run([*prefix, "apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"], 8)
    if not find():
        _run([sys.executable, "-m", "playwright", "install", "chromium"], 8)


def main() -> None:
    if not find():
        print("ブラウザ（Chromium）を探しています。この機械に入れられるか試します…", flush=True)
        install()
    found = find()
    print(
        f"ブラウザ: {found}" if found else "ブラウザ: 入れられませんでした。ブラウザの通し試験は行いません。",
        flush=True,
    )


if __name__ == "__main__":
    main()
