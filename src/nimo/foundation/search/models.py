"""What can be found, and words that stand for one another. The tokens lie in a table of the engine's own (`_tokens`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db import connection, models
from django.db.models.expressions import RawSQL

from nimo.core.ids import new_id
from nimo.foundation.regions.models import Region


class SearchEntry(models.Model):
    """One document of the index. Personal data never enters it (house.md §5).

    folded_title, folded_body: core.text.fold of both. permission: code of the permission that reads it in its region;
    "" is for everyone. source_order: of its kind, for equal results.
    """

    source = models.CharField("種類", max_length=60)
    record_id = models.CharField("記録", max_length=64)
    title = models.CharField("題", max_length=300)
    body = models.TextField("文", blank=True)
    folded_title = models.CharField("題（検索の形）", max_length=600)
    folded_body = models.TextField("文（検索の形）", blank=True)
    href = models.CharField("開く先", max_length=300)
    region = models.ForeignKey(
        Region, verbose_name="地域", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    prefecture_code = models.CharField("都道府県のコード", max_length=12, blank=True)
    fiscal_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    permission = models.CharField("読める権限", max_length=60, blank=True)
    source_order = models.PositiveSmallIntegerField("種類の順", default=100)
    put_at = models.DateTimeField("載せた日時")

    class Meta:
        verbose_name = "検索に載るもの"
        constraints = [models.UniqueConstraint(fields=["source", "record_id"], name="search_entry_once")]
        indexes = [
            models.Index(fields=["permission", "region"], name="search_entry_readers"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.record_id}"


class SearchSynonym(models.Model):
    """Words that find one another (both_ways), or a word that also finds others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    word = models.CharField("ことば", max_length=40)
    others = models.JSONField("いっしょにさがすことば")
    both_ways = models.BooleanField("たがいにさがす", default=True)
    in_use = models.BooleanField("使っている", default=True)
    reference = models.CharField("根拠・理由", max_length=200, blank=True)
    version = models.PositiveIntegerField("版", default=1)
    changed_at = models.DateTimeField("変えた日時")
    changed_by_name = models.CharField("変えた人の氏名（当時）", max_length=120)

    class Meta:
        verbose_name = "同じように探すことば"
        constraints = [
            models.UniqueConstraint(fields=["word"], condition=models.Q(in_use=True), name="search_synonym_word_once"),
        ]

    def __str__(self) -> str:
        return self.word


def put_tokens(rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """(entry, its tokens): what the entry had before must have been taken away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO search_tokens (entry_id, tokens) VALUES (%s, array_to_tsvector(%s::text[]))",
                [(pk, list(words)) for pk, words in rows],
            )
        else:
            cursor.executemany(
                "INSERT INTO search_tokens (rowid, tokens) VALUES (%s, %s)", [(pk, " ".join(w)) for pk, w in rows]
            )


def take_tokens(entry_ids: Collection[int]) -> None:
    column = "entry_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM search_tokens WHERE {column} = %s", [(pk,) for pk in entry_ids])


def with_tokens(terms: Sequence[Sequence[Sequence[str]]], *, any_term: bool) -> RawSQL:
    """Entries whose tokens answer: of each term (or, with any_term, of one of them) all tokens of one alternative."""
    postgresql = connection.vendor == "postgresql"
    conjunction, disjunction = (" & ", " | ") if postgresql else (" AND ", " OR ")
    said = [
        "(" + disjunction.join("(" + conjunction.join(alternative) + ")" for alternative in alternatives) + ")"
        for alternatives in terms
    ]
    question = (disjunction if any_term else conjunction).join(said)
    if postgresql:
        return RawSQL("SELECT entry_id FROM search_tokens WHERE tokens @@ %s::tsquery", (question,))
    return RawSQL("SELECT rowid FROM search_tokens WHERE search_tokens MATCH %s", (question,))
