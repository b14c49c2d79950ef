"""What the operator sets from outside: read once, checked, with a Japanese sentence when it is wrong."""

from __future__ import annotations

import os
import secrets
import sqlite3
import stat
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_source = Path(__file__).resolve().parents[3]
# A checkout keeps its data beside the source; an installed wheel keeps it in the home of whoever runs it.
REPOSITORY = _source if (_source / "pyproject.toml").exists() else Path.home() / ".local" / "share" / "nimo"


def data_directory() -> Path:
    """Where the database, the stored files and the keys live: NIMO_DATA_DIR, else ./var beside the source."""
    directory = Path(os.environ.get("NIMO_DATA_DIR") or REPOSITORY / "var").expanduser()
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def secret(name: str, directory: Path) -> str:
    """A key from the environment (NIMO_<NAME>), else made once and kept readable by the owner only.

    The audit key and the secret key are different on purpose: rotating one must not break the other.
    """
    from_environment = os.environ.get(f"NIMO_{name.upper()}")
    if from_environment:
        return from_environment
    path = directory / "keys" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another worker made it between the check and now
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        raise ImproperlyConfigured(
            f"鍵のファイル {path.name} をほかの利用者が読めます。権限を 600 にしてから起動してください。"
        )
    return path.read_text().strip()


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def postgresql(url: str) -> dict[str, object]:
    """postgresql://user:password@host:port/name?sslmode=… as Django's settings."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("NIMO_DATABASE_URL は postgresql:// で始まる形で書いてください。")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": query,
    }


WAL_RESET_FIXED = (3, 51, 3)


def sqlite_journal(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """The journal an acknowledged write survives in (ADR 0003).

    SQLite before 3.51.3 can, rarely, corrupt a database when its write-ahead log is reset while another
    connection writes. There the rollback journal is used; NIMO_SQLITE_JOURNAL=wal|truncate overrides.
    """
    chosen = os.environ.get("NIMO_SQLITE_JOURNAL", "").strip().upper()
    if chosen in {"WAL", "TRUNCATE"}:
        return chosen
    if chosen:
        raise ImproperlyConfigured("NIMO_SQLITE_JOURNAL は wal か truncate です。")
    return "WAL" if version >= WAL_RESET_FIXED else "TRUNCATE"
