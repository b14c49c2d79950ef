"""What is said of a person who takes a seat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nimo.community.councils.choices.bodies import Standing


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who takes a seat, when nobody known was chosen."""

    name: str
    kana: str = ""
    affiliation: str = ""
    login_name: str = ""
    """Of somebody who uses nimo: then the papers for members open to the person."""


@dataclass(frozen=True, slots=True)
class SeatTerms:
    """fee_yen None: not decided. consent_on: the day the person chose to have the own category shown."""

    standing: Standing = Standing.MEMBER
    valid_from: date | None = None
    term_to: date | None = None
    fee_yen: int | None = None
    travel_paid: bool = False
    consent_on: date | None = None
    travel_yen: int | None = None
    """None while travel is paid: what it really cost each time (実費)."""
