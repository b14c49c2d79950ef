"""What can be found, and words that stand for one another. The tokens lie in a table of the engine's own.

search_tokens (migration 0002): FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL; one row for each entry, under
its number. Django does not know the table, so the functions below are its only doors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from nimo.core.ids import new_id
from nimo.core.searching.words import Match


class SearchEntry(models.Model):
    """One document of the index. Nothing about a supported person ever enters it (house.md §5).

    Derived from its source and rebuilt at any time, so it names regions by code and has no foreign keys. permission:
    code of the permission that must reach the region; "" is for everyone. fiscal_year 0: of no year. folded_names: the title and the
    other names, parted by spaces (folded text has none). tie: the last word between equals (core.ranking.tie_of). The short columns stand first: counting never reads the texts.
    """

    source = models.CharField("種類", max_length=60)
    record_id = models.CharField("記録", max_length=120)
    owner_id = models.CharField("作り直す単位", max_length=64)
    permission = models.CharField("読める権限", max_length=60, blank=True)
    region_code = models.CharField("地域コード", max_length=12, blank=True)
    prefecture_code = models.CharField("都道府県コード", max_length=12, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度", default=0)
    tie = models.BigIntegerField("同順位の順")
    href = models.CharField("開く先", max_length=300)
    place = models.CharField("書かれている場所", max_length=200, blank=True)
    title = models.CharField("題", max_length=300)
    folded_names = models.CharField("題と別の名前（検索の形）", max_length=1200)
    body = models.TextField("文", blank=True)
    folded_body = models.TextField("文（検索の形）", blank=True)
    put_at = models.DateTimeField("載せた日時")

    class Meta:
        verbose_name = "検索に載るもの"
        constraints = [models.UniqueConstraint(fields=["record_id", "source"], name="search_entry_once")]
        # None begins with the source or the permission: SQLite would take it instead of the tokens and read every row.
        indexes = [models.Index(fields=["owner_id", "source"], name="search_entry_owner")]

    def __str__(self) -> str:
        return f"{self.source} {self.record_id}"


class SearchSynonym(models.Model):
    """A word and others that are looked for with it; both_ways: each of them finds all."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    word = models.CharField("ことば", max_length=40)
    others = models.JSONField("いっしょに探すことば")
    both_ways = models.BooleanField("たがいに探す", default=True)
    in_use = models.BooleanField("使っている", default=True)
    reference = models.CharField("根拠・理由", max_length=200, blank=True)
    version = models.PositiveIntegerField("版", default=1)
    changed_at = models.DateTimeField("変えた日時")
    changed_by_name = models.CharField("変えた人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "同じように探すことば"
        constraints = [models.UniqueConstraint(fields=["word"], name="search_synonym_word_once")]

    def __str__(self) -> str:
        return self.word


def put_tokens(rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """(entry, its tokens); what stood under the number before is replaced."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO search_tokens (entry_id, tokens) VALUES (%s, array_to_tsvector(%s::text[]))"
                " ON CONFLICT (entry_id) DO UPDATE SET tokens = EXCLUDED.tokens",
                [(pk, list(tokens)) for pk, tokens in rows],
            )
        else:
            cursor.executemany(
                "INSERT OR REPLACE INTO search_tokens (rowid, tokens) VALUES (%s, %s)",
                [(pk, " ".join(tokens)) for pk, tokens in rows],
            )


def take_tokens(entry_ids: Collection[int]) -> None:
    column = "entry_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM search_tokens WHERE {column} = %s", [(pk,) for pk in entry_ids])  # noqa: S608 - one of two names above


def learn_sizes() -> None:
    """PostgreSQL's planner reads the tables again, after much of them was written.

    Until it does so by itself (some minutes later) it takes them for empty, and a search takes seconds.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(SearchEntry._meta.db_table)}, search_tokens")


def entries_with(match: Match) -> RawSQL:
    """The numbers of the entries whose tokens answer, for `pk__in`. The expression is made of tokens, never of text."""
    if connection.vendor == "postgresql":
        expression = match.written(both=" & ", either=" | ", plain="{}", prefix="{}:*")
        return RawSQL("SELECT entry_id FROM search_tokens WHERE tokens @@ %s::tsquery", (expression,))
    expression = match.written(both=" AND ", either=" OR ", plain="{}", prefix="{} *")
    return RawSQL("SELECT rowid FROM search_tokens WHERE search_tokens MATCH %s", (expression,))


def capped_counts(querysets: Sequence[models.QuerySet[Any]], *, most: int) -> list[int]:
    """How many rows each query has, counted up to most + 1, in one question to the database."""
    if not querysets:
        return []
    parts: list[str] = []
    parameters: list[Any] = []
    for at, rows in enumerate(querysets):
        sql, given = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
        parts.append(f"SELECT {at} AS place, (SELECT COUNT(*) FROM ({sql}) counted) AS number")  # noqa: S608
        parameters += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT place, number FROM ({' UNION ALL '.join(parts)}) asked ORDER BY place", parameters)  # noqa: S608
        return [int(number) for _, number in cursor.fetchall()]


def wait_for_turn(source: str) -> None:
    """Until the transaction ends nobody else rewrites this source, so none writes what another has just taken out.

    SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"search {source}"])
