"""Taking the next version of a region, one writer at a time; the refusal all services of regions raise."""

from __future__ import annotations

from django.db.models import F

from nimo.foundation.regions.models import Region

CHANGED_MEANWHILE = (
    "画面を開いたあとに、ほかの担当者がこの地域を変更しました。入力した内容はまだ保存していません。"
    "最新の内容を開き直して、もう一度入力してください。"
)


class UnableToChange(Exception):
    """The region, its name or its members stay as they are; str() says why, in Japanese."""


def claim(region: Region, version: int) -> None:
    """Takes the next version of a row; everything else is written in the same transaction."""
    if Region.objects.filter(pk=region.pk, version=version).update(version=F("version") + 1) != 1:
        raise UnableToChange(CHANGED_MEANWHILE)


def lock(prefecture_code: str) -> None:
    """One change of memberships at a time in a prefecture: SQLite has one writer anyway, PostgreSQL locks the row."""
    Region.objects.select_for_update().get(pk=prefecture_code)
