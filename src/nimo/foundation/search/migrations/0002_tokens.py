"""The tokens: an FTS5 table on SQLite, a tsvector with a GIN index on PostgreSQL (stack.md, search)."""

from django.db import migrations


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TABLE search_tokens (entry_id bigint PRIMARY KEY, tokens tsvector NOT NULL)"
        )
        schema_editor.execute("CREATE INDEX search_tokens_gin ON search_tokens USING gin (tokens)")
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE search_tokens USING fts5(tokens, tokenize='ascii', detail='none', columnsize=0)"
        )


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE search_tokens")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
