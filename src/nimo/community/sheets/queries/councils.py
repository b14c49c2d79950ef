"""The councils a confirmed sheet names, and whether each is registered already."""

from __future__ import annotations

from dataclasses import dataclass

from nimo.community.councils.models.bodies import Body
from nimo.community.councils.queries.bodies import same_names
from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.sheets import Sheet
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor


@dataclass(frozen=True, slots=True)
class SheetCouncil:
    """One row of 協議の場の実施状況 as it was read. `registered`: a body of that name in the sheet's region."""

    place: int
    name: str
    members: str
    frequency: str
    note: str
    registered: Body | None


def councils_in(actor: Actor, sheet: Sheet) -> list[SheetCouncil]:
    section = sheet.sections.filter(key=SectionKey.COUNCILS).first()
    found = []
    for place, row in enumerate((section.content or []) if section else []):
        name = (row.get("name") or "").strip()
        if not name:
            continue
        same = [one for one in same_names(actor, name) if one.region_id == sheet.region_id]
        found.append(
            SheetCouncil(
                place,
                name,
                "、".join(row.get("members") or []),
                (row.get("frequency") or "").strip(),
                (row.get("note") or "").strip(),
                same[0] if same else None,
            )
        )
    return found


def reference_of(sheet: Sheet) -> str:
    return f"{sheet.region_name} {FiscalYear(sheet.fiscal_year).label} 自治体情報シート"
