"""What the records of meetings say for the 協議の場 of a sheet being written, beside what stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyAudience
from nimo.community.councils.queries.body_years import BodyYear, body_years, meetings_href
from nimo.community.sheets.choices import SectionKey
from nimo.community.sheets.models.documents import SheetDocument
from nimo.community.sheets.queries.documents import content_of
from nimo.community.sheets.rules.council_rows import (
    CouncilRecord,
    Held,
    RowOffer,
    content_words,
    free_rows,
    frequency_words,
    in_one_press,
    matched_rows,
    note_words,
    offers,
)
from nimo.core.fiscal import FiscalYear
from nimo.foundation.access.actors import Actor
from nimo.foundation.regions.choices import RegionKind
from nimo.foundation.regions.queries.places import areas_of


def council_records(actor: Actor, document: SheetDocument) -> list[CouncilRecord]:
    """Of the bodies that count as 協議の場 in the document's region and year; of a prefecture those of its areas, last.

    As far as the actor may know them. A number of queries that does not grow.
    """
    region = document.region
    areas = [one.code for one in areas_of(region.code)] if region.kind == RegionKind.PREFECTURE else []
    found = body_years(actor, [region.code, *areas], document.fiscal_year)
    own = [one for one in found if one.body.region_id == region.code]
    return [_record(actor, document, one) for one in [*own, *(one for one in found if one not in own)]]


def _record(actor: Actor, document: SheetDocument, year: BodyYear) -> CouncilRecord:
    body = year.body
    shown_year = document.fiscal_year if year.held or not year.earlier else document.fiscal_year - 1
    meetings = meetings_href(body.pk, shown_year)
    here = reverse("councils:body_detail", args=[body.pk])
    last = year.held[-1].day if year.held else None
    own = body.region_id == document.region_id
    over = actor.today > FiscalYear(document.fiscal_year).end
    narrow = body.audience == BodyAudience.MEMBERS
    remarks = []
    if not own:
        remarks.append(f"{body.region.name}の会議体です。入れるかどうかを選んでください。")
    if narrow:
        remarks.append(
            f"この会議体の概要を見られるのは「{body.get_audience_display()}」です。シートに書くと、公開したときに、だれでも読めます。"
        )
    if year.left_out:
        remarks.append(
            "当事者・家族の団体らしい機関の名前は入れていません。書くときは、確かめてから手で書き足してください。"
        )
    parts = year.attendance.parts if year.attendance else ()
    return CouncilRecord(
        body_id=str(body.pk),
        name=body.name,
        texts={
            "name": body.name,
            "members": "\n".join(_members(year)),
            "frequency": frequency_words(
                body.frequency, document.fiscal_year, year.earlier, year.number, last, actor.today
            ),
            "content": content_words([Held(one.title, one.day, one.way, one.topics) for one in year.held]),
            "note": note_words(
                document.fiscal_year,
                year.hats,
                year.attendance.total if year.attendance else None,
                parts,
                year.reviewed if year.reviewed or (year.held and over) else None,
            ),
        },
        sources={"name": here, "members": here, "frequency": meetings, "content": meetings, "note": meetings},
        in_bulk=own and not narrow,
        remarks=tuple(remarks),
    )


def _members(year: BodyYear) -> list[str]:
    """What the secretariat says of its members, else the offices of those who hold a seat."""
    text = year.body.members_text
    said = [one.strip() for line in text.splitlines() for one in line.split("、")]
    return [one for one in said if one] or list(year.offices)


@dataclass(frozen=True, slots=True)
class CouncilPart:
    """The records beside the chapter. waiting: cells one press fills; free: (place, name) of rows no body is known for."""

    rows: list[RowOffer]
    waiting: int
    free: list[tuple[str, str]]


def council_part(actor: Actor, document: SheetDocument) -> CouncilPart | None:
    """What the chapter's page shows; None where the layout has no such chapter."""
    chapter = document.chapters.filter(key=SectionKey.COUNCILS).first()
    if chapter is None:
        return None
    rows = content_of(document).get("councils") or []
    records = council_records(actor, document)
    free = free_rows(rows, matched_rows(rows, records, chapter.origins))
    found = offers(rows, records, chapter.origins)
    return CouncilPart(
        found,
        sum(one.waiting for one in found if in_one_press(one, free)),
        [(str(place), f"{place + 1}行目　{str(rows[place].get('name') or '（名称なし）')[:40]}") for place in free],
    )
