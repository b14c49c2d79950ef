"""The tests on Spark, where Java is: makes a folder for what Spark needs beside .venv, and runs them there.

PySpark is half a gigabyte, so .venv does not have it. `.venv-cluster` holds only what requirements-cluster.lock has more
than .venv, which it sees through a path file. Where something lacks, it is named here and again in the last lines of
`make check`; only a test that fails, fails. `--set-up` makes the folder and runs nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".venv-cluster"
STAMP = FOLDER / ".installed"
LOCKS = ("requirements-dev.lock", "requirements-cluster.lock")
LEAST_JAVA = 17  # Spark 4
TESTS = ("-q", "-n", "2", "--dist", "loadgroup", "-m", "cluster", "src/nimo/analysis")


def python() -> Path:
    return FOLDER / "bin" / "python"


def lacking() -> str:
    """What the Spark tests would need and this machine has not, in words; "" when it lacks nothing."""
    if java() < LEAST_JAVA:
        return f"Java {LEAST_JAVA} 以上"
    return "" if _is_current() else "PySpark（requirements-cluster.lock を入れられませんでした）"


def java() -> int:
    """The version of the Java that Spark would start; 0 when there is none."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if not found:
        return 0
    try:
        said = subprocess.run([found, "-version"], capture_output=True, text=True, check=True, timeout=60).stderr
    except (OSError, subprocess.SubprocessError):
        return 0
    version = re.search(r'version "(\d+)', said)
    return int(version.group(1)) if version else 0


def _fingerprint() -> str:
    whole = b"".join((ROOT / name).read_bytes() for name in LOCKS)
    return hashlib.sha256(whole + sys.version.encode()).hexdigest()


def _is_current() -> bool:
    return STAMP.exists() and STAMP.read_text() == _fingerprint()


def install() -> None:
    """Only the versions and hashes of the lock. setuptools, which packs PySpark, is that of .venv: nothing else is fetched."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(FOLDER)], check=True)
    (own,) = (FOLDER / "lib").glob("python*/site-packages")
    (own / "of_nimo.pth").write_text(sysconfig.get_path("purelib") + "\n")
    wanted = ["--no-build-isolation", "--no-compile", "--require-hashes", "-r", "requirements-cluster.lock"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python()), "install", "--quiet", "--disable-pip-version-check", *wanted],
        cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        STAMP.write_text(_fingerprint())


def main() -> int:
    if java() >= LEAST_JAVA and not _is_current():
        print("Spark の部品をそろえています（初めてのときは数分かかります）…", flush=True)
        install()
    if sys.argv[1:] == ["--set-up"]:
        return 0
    if missing := lacking():
        print(f"Spark での試験は行いません。ないもの: {missing}", flush=True)
        return 0
    return subprocess.run([str(python()), "-m", "pytest", *TESTS, *sys.argv[1:]], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
