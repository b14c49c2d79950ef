"""The database itself refuses to change or remove audit rows, whoever asks."""

from django.db import migrations

from nimo.foundation.audit import rules


def put_up(apps, schema_editor):
    for statement in rules.guards(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def take_down(apps, schema_editor):
    for statement in rules.no_guards(schema_editor.connection.vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(put_up, take_down)]
