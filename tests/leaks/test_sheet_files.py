"""The files everyone may fetch hold the published chapters and nothing else, whoever fetches them."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.test import Client

from nimo.community.sheets.choices import ExportFormat
from nimo.community.sheets.formats.reader import read_file
from nimo.community.sheets.formats.to_json import sheet_to_json
from nimo.community.sheets.services.publishing import publish_sections, unpublish_sections
from nimo.foundation.access.permissions import Role
from tests.journeys.people import signed_in
from tests.leaks.sheets import CITY, FILE_MARK, MARKER, PREFECTURE, confirmed, marked_city, markers_of, small_basic
from tests.support.people import actor_of, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])
OPENED = ("strengths", "targets")


def address(file_format: str) -> str:
    return f"/regions/{CITY}/sheets/2024/files/{file_format}/"


def everything_in(content: bytes) -> str:
    """All a file holds, packed parts opened, attachments and properties too."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())
    result = read_file(content, file_name="x.pdf")
    texts = [getattr(block, "text", "") for block in result.document.blocks]
    texts += [cell.text for block in result.document.blocks for cell in getattr(block, "cells", ())]
    return "\n".join([*texts, result.document.attached or "", content.decode("latin-1")])


@pytest.fixture
def sheet():
    manager = actor_of(Role.PREFECTURE_MANAGER, PREFECTURE)
    made = confirmed(manager, marked_city(small_basic()))
    publish_sections(actor=manager, sheet_id=made.pk, keys=OPENED)
    return made


@pytest.mark.parametrize("file_format", ExportFormat.values)
def test_a_public_file_holds_the_published_chapters_alone(sheet, file_format):
    answer = Client().get(address(file_format))
    assert answer.status_code == 200
    found = set(MARKER.findall(everything_in(answer.content)))
    markers = markers_of(sheet)
    assert found == set().union(*(markers[key] for key in OPENED))
    assert FILE_MARK not in everything_in(answer.content)
    assert "架空 " not in everything_in(answer.content)  # the people of the tests are all called so


@pytest.mark.parametrize("file_format", ExportFormat.values)
def test_a_small_number_of_patients_is_in_no_public_file(sheet, file_format):
    manager = actor_of(Role.PREFECTURE_MANAGER, PREFECTURE)
    publish_sections(actor=manager, sheet_id=sheet.pk, keys=["basic_info"])
    answer = Client().get(address(file_format))
    (read,) = read_file(answer.content, file_name=f"x.{file_format}").sheets
    items = {item["key"]: item for item in sheet_to_json(read)["basic_info"]["items"]}
    assert items["population"]["value"] == 148205
    hidden = items["inpatients_3_to_12_months"]
    assert "4人" not in hidden["raw"]
    assert hidden["value"] is None or hidden["value"] == 10  # 10人未満 says only that
    assert not re.search(r"(?<!\d)4人", everything_in(answer.content))


@pytest.mark.parametrize("file_format", ["xlsx", "pdf"])
def test_the_officer_of_the_city_gets_the_same_file_as_everyone(sheet, file_format):
    own = signed_in(user_of(Role.MUNICIPAL_OFFICER, CITY, login_name="own"))
    assert own.get(address(file_format)).content == Client().get(address(file_format)).content


def test_there_is_no_file_where_nothing_is_public(sheet):
    manager = actor_of(Role.PREFECTURE_MANAGER, PREFECTURE)
    assert "ファイルで受け取る" in Client().get(f"/regions/{CITY}/sheets/2024/").content.decode()
    unpublish_sections(actor=manager, sheet_id=sheet.pk, keys=OPENED)
    for file_format in (*ExportFormat.values, "docx"):
        assert Client().get(address(file_format)).status_code == 404
    own = signed_in(user_of(Role.MUNICIPAL_OFFICER, CITY, login_name="own"))
    assert own.get(address("xlsx")).status_code == 404
    assert "ファイルで受け取る" not in own.get(f"/regions/{CITY}/sheets/2024/").content.decode()
