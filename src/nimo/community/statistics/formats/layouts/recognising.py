"""Which of the known layouts a file has."""

from __future__ import annotations

from nimo.community.statistics.formats.layouts.ndb import is_ndb
from nimo.community.statistics.formats.layouts.remhrad import is_remhrad
from nimo.community.statistics.formats.layouts.survey_630 import is_survey_630
from nimo.community.statistics.formats.layouts.survey_630_csv import is_survey_630_csv
from nimo.community.statistics.formats.loading.grid import Book


def layout_of(book: Book) -> str:
    """survey_630_csv, survey_630, ndb, remhrad, or mapped: a person says what its columns hold."""
    if is_survey_630_csv(book):
        return "survey_630_csv"
    if is_ndb(book):
        return "ndb"
    if is_survey_630(book):
        return "survey_630"
    return "remhrad" if is_remhrad(book) else "mapped"
