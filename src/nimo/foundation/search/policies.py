"""Who finds what: everyone the public entries, officials those of their regions; each source is asked again."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, NotVisible, refused
from nimo.foundation.search.models import SearchEntry, SearchSynonym


def visible_entries(actor: Actor) -> QuerySet[SearchEntry]:
    """The audience as a filter: public entries, and those whose permission reaches their region."""
    if actor.kind == "system":
        return SearchEntry.objects.all()
    seen = Q(permission="")
    for permission in Permission:
        if not actor.has_anywhere(permission):
            continue
        reach = actor.reach(permission)
        if reach.everything:
            seen |= Q(permission=permission.code)
        elif reach.region_codes:
            seen |= Q(permission=permission.code, region_id__in=reach.region_codes)
    return SearchEntry.objects.filter(seen)


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
