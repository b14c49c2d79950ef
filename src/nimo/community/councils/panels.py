"""What the councils offer to lower pages: their words to the search."""

from __future__ import annotations

from nimo.community.councils.queries import finding
from nimo.core.searching.sources import SearchSource, search_source

search_source(
    SearchSource(
        finding.BODY_WORDS,
        "協議の場",
        finding.searched_bodies,
        finding.body_documents,
        finding.readable_bodies,
        order=40,
    )
)
search_source(
    SearchSource(
        finding.MEETING_WORDS,
        "会議の議題と議事録",
        finding.searched_meetings,
        finding.meeting_documents,
        finding.readable_items,
        order=50,
    )
)
