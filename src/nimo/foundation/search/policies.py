"""Who finds what: everyone the public entries, officials those of their regions; each source is asked again."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from nimo.core.searching import sources
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.search.models import SearchEntry, SearchSynonym


def visible_entries(actor: Actor) -> QuerySet[SearchEntry]:
    """The audience as a filter: public entries, and those whose permission reaches their region."""
    if actor.kind == "system":
        return SearchEntry.objects.all()
    seen = Q(permission=sources.PUBLIC)
    for permission in Permission:
        if not actor.has_anywhere(permission):
            continue
        reach = actor.reach(permission)
        if reach.everything:
            seen |= Q(permission=permission.code)
        elif reach.region_codes:
            seen |= Q(permission=permission.code, region_code__in=reach.region_codes)
    return SearchEntry.objects.filter(seen)


def readable(actor: Actor, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these (source, record), those their source lets the actor read now. An unknown source lets nobody."""
    allowed: set[tuple[str, str]] = set()
    for code in sorted({source for source, _ in keys}):
        try:
            source = sources.get(code)
        except sources.UnknownSource:
            continue
        asked = {record for one, record in keys if one == code}
        allowed |= {(code, record) for record in source.visible(actor, asked) & asked}
    return allowed


def may_rebuild(actor: Actor) -> Decision:
    if actor.has_anywhere(Permission.MANAGE_SYNONYMS):
        return ALLOWED
    return refused("検索の索引を作り直す権限がありません。何も変えていません。")


def may_manage_synonyms(actor: Actor) -> Decision:
    if actor.has_anywhere(Permission.MANAGE_SYNONYMS):
        return ALLOWED
    return refused("同じように探すことばを決める権限がありません。何も変えていません。")


def get_synonym(actor: Actor, synonym_id: UUID) -> SearchSynonym:
    """Raises NotVisible."""
    found = SearchSynonym.objects.filter(pk=synonym_id).first() if may_manage_synonyms(actor) else None
    if found is None:
        raise NotVisible("ことばが見つかりません。")
    return found
