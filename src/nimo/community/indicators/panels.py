"""What the dictionary offers to the search: every indicator by its name, definition, numerator and denominator."""

from __future__ import annotations

from nimo.community.indicators.queries.finding import (
    INDICATOR_WORDS,
    dictionary_codes,
    dictionary_documents,
    readable_codes,
)
from nimo.core.searching.sources import SearchSource, search_source

search_source(SearchSource(INDICATOR_WORDS, "指標", dictionary_codes, dictionary_documents, readable_codes, order=20))
