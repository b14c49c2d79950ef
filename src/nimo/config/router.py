"""Which table lives in which database.

SQLite: progress, cache and sessions are in a second file, so that a running job shows its progress and never
blocks the main one (house.md §5). PostgreSQL: one database, but a second connection, for the same reason:
what is written inside an open transaction is invisible to others.
"""

from __future__ import annotations

from typing import Any

SIDE_MODELS = frozenset({("sessions", "session"), ("jobs", "jobprogress")})


class SideRouter:
    def __init__(self, *, separate_file: bool) -> None:
        self.separate_file = separate_file

    def _is_side(self, app_label: str, model_name: str | None) -> bool:
        return model_name is not None and (app_label, model_name) in SIDE_MODELS

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "side" if self._is_side(model._meta.app_label, model._meta.model_name) else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        if not self.separate_file:
            return db == "default"
        if model_name is None:  # RunPython without a model belongs to the main file
            return db == "default"
        return (db == "side") == self._is_side(app_label, model_name)


class SqliteRouter(SideRouter):
    def __init__(self) -> None:
        super().__init__(separate_file=True)


class PostgresqlRouter(SideRouter):
    def __init__(self) -> None:
        super().__init__(separate_file=False)
