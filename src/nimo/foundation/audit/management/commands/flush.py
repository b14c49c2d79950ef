"""`flush` empties every table. The audit cannot be emptied, so the command is refused, except on a test database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.creation import TEST_DATABASE_PREFIX

from nimo.foundation.audit.rules import guards, no_guards


class Command(Flush):
    help = "テスト用のデータベースを空にします（監査の記録がある本番のデータベースでは使えません）。"

    def handle(self, **options: Any) -> None:
        connection = connections[options["database"]]
        if not _is_test_database(connection):
            raise CommandError("監査の記録は消せないため、flush は使えません。データの保存先を新しくしてください。")
        guarded = "audit_entry" in connection.introspection.table_names()
        with connection.cursor() as cursor:
            for statement in no_guards(connection.vendor) if guarded else []:
                cursor.execute(statement)
        try:
            super().handle(**options)
        finally:
            with connection.cursor() as cursor:
                for statement in guards(connection.vendor) if guarded else []:
                    cursor.execute(statement)


def _is_test_database(connection: BaseDatabaseWrapper) -> bool:
    name = str(connection.settings_dict["NAME"])
    return "mode=memory" in name or name == ":memory:" or name.rpartition("/")[2].startswith(TEST_DATABASE_PREFIX)
