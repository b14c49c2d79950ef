"""What an Excel form is filled with before it goes out."""

from __future__ import annotations

from datetime import datetime

from nimo.foundation.regions.models import Region


def blank_form(region: Region, fiscal_year: int, now: datetime) -> bytes:
    raise NotImplementedError
