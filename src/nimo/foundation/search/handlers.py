"""Apps that lie below the search cannot call it: they tell it what changed."""

from __future__ import annotations

from nimo.core.events import on
from nimo.core.searching import sources
from nimo.foundation.access.actors import Actor
from nimo.foundation.search.services import index


@on(sources.Changed)
def read_again(event: sources.Changed) -> None:
    """Late or lost it costs a reader a wrong hit at most; `nimo data search-index` mends it."""
    actor = Actor.system("検索の索引", now=event.at)
    index.refresh(actor=actor, source=event.source, owners=event.owners)
