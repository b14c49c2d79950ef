"""Actors, and an import taken in and read as its job would, for the tests of this app."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from nimo.community.statistics.formats.layouts.columns import MappedColumn
from nimo.community.statistics.models import ReadCell, StatisticsImport
from nimo.community.statistics.queries.checking import quiet
from nimo.community.statistics.queries.preview import table_preview
from nimo.community.statistics.services.mapping import save_mapping
from nimo.community.statistics.services.reading import read_import
from nimo.community.statistics.services.recording import ask_recording, record_import
from nimo.community.statistics.services.taking import take_in, take_paste
from nimo.foundation.access.actors import Actor
from nimo.foundation.access.permissions import Role
from tests.support.people import actor_of

GUNMA, FUKUSHIMA = "10000", "07000"


def administrator() -> Actor:
    return actor_of(Role.SYSTEM_ADMINISTRATOR, GUNMA)


def officer(region: str = GUNMA) -> Actor:
    return actor_of(Role.PREFECTURE_OFFICER, region)


def taken(actor: Actor, content: bytes, name: str = "表.xlsx", **fields: Any) -> StatisticsImport:
    """A file taken in and read."""
    one = take_in(actor=actor, content=content, name=name, **fields)
    return read_import(actor=actor, import_id=one.pk, progress=quiet)


def pasted(actor: Actor, text: str, **fields: Any) -> StatisticsImport:
    one = take_paste(actor=actor, text=text, **fields)
    return read_import(actor=actor, import_id=one.pk, progress=quiet)


def again(actor: Actor, one: StatisticsImport) -> StatisticsImport:
    """Runs the reading that a service has asked for."""
    return read_import(actor=actor, import_id=one.pk, progress=quiet)


def recorded(actor: Actor, one: StatisticsImport, **asked: Any) -> StatisticsImport:
    """Asks for the recording and does it, as the job would."""
    said = {"only_sound": False, "replace_editions": False, "publish": False} | asked
    one.refresh_from_db()
    ask_recording(actor=actor, import_id=one.pk, version=one.version, **said)
    return record_import(actor=actor, import_id=UUID(str(one.pk)), progress=quiet, **said)


def cell(one: StatisticsImport, address: str) -> ReadCell:
    return ReadCell.objects.get(import_of=one, address=address)


def codes(one: StatisticsImport, address: str) -> list[str]:
    """The findings of a cell."""
    return [finding["code"] for finding in cell(one, address).findings]


LONG = "市町村名\t年度\t相談件数\n前橋市\t令和5年度\t120\n太田市\t令和5年度\t95\n"


def mapped_and_remembered(actor: Actor, text: str = LONG) -> StatisticsImport:
    """A pasted table whose columns a person has named: read, waiting for review."""
    one = pasted(actor, text)
    if one.mapping_id is None:
        preview, columns = table_preview(actor, one, "", "")
        last = MappedColumn("figure", indicator="A01")
        columns = replace(columns, columns=(*columns.columns[:-1], last), title="相談件数の表")
        save_mapping(
            actor=actor, import_id=one.pk, version=one.version, columns=columns, preview=preview, name="相談件数の表"
        )
    return again(actor, one)
