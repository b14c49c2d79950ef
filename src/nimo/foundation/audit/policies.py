"""Who sees which audit entries."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Permission
from nimo.foundation.access.rules import ALLOWED, Decision, refused
from nimo.foundation.audit.models import Entry


def visible_entries(actor: Actor) -> QuerySet[Entry]:
    """The entries an auditor may read: all, or those of the regions and organisations the permission reaches."""
    reach = actor.reach(Permission.VIEW_AUDIT)
    entries: QuerySet[Entry] = Entry.objects.all()
    if reach.everything:
        return entries
    organisations = [str(organisation) for organisation in reach.organisation_ids]
    return entries.filter(Q(region_code__in=reach.region_codes) | Q(organisation_id__in=organisations))


def get_entry(actor: Actor, entry_id: int) -> Entry:
    """Raises Entry.DoesNotExist for an entry that is not there or not to be seen: the page is a 404 either way."""
    entry: Entry = visible_entries(actor).get(pk=entry_id)
    return entry


def may_verify(actor: Actor) -> Decision:
    """Verifying and sealing look at every entry, so the permission must reach the whole deployment."""
    if actor.kind == "system" or actor.reach(Permission.VERIFY_AUDIT).everything:
        return ALLOWED
    return refused("監査の記録を確かめる権限がありません。システム管理者か監査担当者に頼んでください。")
