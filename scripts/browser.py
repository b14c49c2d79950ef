"""Finds the browser for the journeys, or installs one where this machine allows it, or says plainly that it could not.

Never fails the build: what is left out is named here and again in the last lines of `make check`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
"""The same Chromium without windows and their buttons: a fifth less work for the same pages, so it is taken first."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _run(command: list[str], minutes: int) -> bool:
    try:
        done = subprocess.run(command, check=False, capture_output=True, timeout=60 * minutes)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find() -> str | None:
    """A Chromium to drive: NIMO_CHROMIUM, the PATH, else the one Playwright installed."""
    chosen = os.environ.get("NIMO_CHROMIUM")
    if chosen and Path(chosen).exists():
        return chosen
    for name in NAMES:
        found = shutil.which(name)
        if found and (name != SHELL or _run([found, "--version"], 1)):  # one half installed is none
            return found
    cached = sorted(Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome"))
    return str(cached[-1]) if cached else None


def install() -> None:
    if shutil.which("apt-get"):
        prefix = [] if os.getuid() == 0 else ["sudo", "-n"]
        if _run([*prefix, "apt-get", "update", "-qq"], 5):
            _run([*prefix, "apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"], 8)
    if not find():
        _run([sys.executable, "-m", "playwright", "install", "chromium"], 8)


def add_shell() -> None:
    """Where the lists of the packages are at hand already, and nobody chose a browser. Without it the other one does."""
    if "NIMO_CHROMIUM" in os.environ or shutil.which(SHELL) or not shutil.which("apt-get"):
        return
    if os.getuid() == 0 and "CI" in os.environ:  # a developer's machine is left as it is
        quick = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10", "-o", "Acquire::https::Timeout=10"]
        _run(["apt-get", *quick, "install", "-y", "-qq", "--no-install-recommends", SHELL], 3)


def main() -> None:
    if not find():
        print("ブラウザ（Chromium）を探しています。この機械に入れられるか試します…", flush=True)
        install()
    add_shell()
    found = find()
    print(
        f"ブラウザ: {found}" if found else "ブラウザ: 入れられませんでした。ブラウザの通し試験は行いません。",
        flush=True,
    )


if __name__ == "__main__":
    main()
