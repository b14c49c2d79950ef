"""Figures, people and answers the tests of this app speak of (all invented)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pdfplumber

from nimo.community.indicators.rules.drafts import ObservationDraft, SourceDraft
from nimo.community.indicators.services.observations import record_observations
from nimo.community.reports.models.answers import AnswerSheet
from nimo.community.reports.services.answers import Words, begin_answer, confirm_answer, save_answer
from nimo.foundation.access.actors import Actor
from tests.support.people import NOW, SYSTEM

CITY, PREFECTURE, LONG_STAY = "10205", "10000", "inpatients_over_1_year"
WORDS = Words(
    title="長期に入院している方について",
    meeting_name="令和8年第4回定例会",
    asked_on=date(2026, 11, 20),
    answerer_post="福祉部長",
    question="1年以上入院している方は何人か。",
    answer="架空の答弁です。𠮷野地区の取組も紹介します。",
)


def figure(year: int, value: int | None, *, region: str = CITY, indicator: str = LONG_STAY, **fields) -> None:
    """One figure of a sheet of the fiscal year after it."""
    draft = {
        "as_of": f"{year}-06-30",
        "basis": "sheet_as_given",
        "locator": "基本情報",
        "state": "value" if value is not None else "not_filled",
        "value": value,
        **fields,
    }
    source = SourceDraft(
        series=f"sheet:{region}:{year}:{indicator}:{draft['basis']}",
        origin=f"sheet:{region}",
        kind="sheet",
        title=f"自治体情報シート（{year + 1}年度）",
        publisher="太田市",
        region_code=region,
        fiscal_year=year + 1,
    )
    rows = [ObservationDraft(indicator=indicator, region_code=region, **draft)]
    record_observations(actor=SYSTEM, rows=rows, source=source)


def five_years() -> None:
    for year, value in ((2019, 240), (2020, 233), (2022, 220), (2023, 210)):  # 2021 was never told
        figure(year, value)


def begun(actor: Actor, codes: tuple[str, ...] = (LONG_STAY,), *, public_only: bool = False) -> AnswerSheet:
    return begin_answer(actor=actor, region_code=CITY, indicator_codes=codes, public_only=public_only)


def confirmed(actor: Actor, words: Words = WORDS, **fields) -> AnswerSheet:
    sheet = begun(actor, **fields)
    sheet = save_answer(actor=actor, answer_id=sheet.pk, version=sheet.version, words=words)
    return confirm_answer(actor=actor, answer_id=sheet.pk, version=sheet.version)


def said(pdf: bytes) -> str:
    """All text of a PDF without spaces and line ends."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "".join(page.extract_text() or "" for page in opened.pages).replace("\n", "").replace(" ", "")


LATER = NOW + timedelta(days=400)
