"""Councils a sheet names become bodies only when a person says so."""

from __future__ import annotations

import pytest
from django.urls import reverse

from nimo.community.councils.choices.bodies import BodyKind, Layer
from nimo.community.councils.models.bodies import Body
from nimo.community.sheets.models.sheets import Sheet, SheetSection
from nimo.community.sheets.queries.councils import councils_in
from nimo.community.sheets.services.confirming import confirm_draft
from nimo.community.sheets.services.councils import Chosen, UnableToRegisterCouncils, register_councils
from nimo.community.sheets.services.reading import read_upload
from nimo.community.sheets.services.uploads import upload_sheet
from nimo.community.sheets.tests.support import CITY, TEXT
from nimo.foundation.access.permissions import Role
from nimo.foundation.accounts.queries.rights import actor_for_user
from tests.journeys.people import signed_in
from tests.support.people import NOW, load_places, user_of

pytestmark = pytest.mark.django_db(databases=["default", "side"])


@pytest.fixture
def office(settings, tmp_path):
    settings.STORED_FILES_DIR = tmp_path
    load_places()
    user = user_of(Role.MUNICIPAL_OFFICER, CITY)
    return actor_for_user(user, NOW), signed_in(user)


def _sheet(actor) -> Sheet:
    upload = upload_sheet(actor=actor, content=TEXT.encode(), name="架空.txt")
    draft = read_upload(actor=actor, upload_id=upload.pk).drafts.get()
    sheet = confirm_draft(actor=actor, draft_id=draft.pk, version=draft.version)
    rows = [{"name": "架空市 協議の場", "members": ["架空病院", "架空保健所"], "frequency": "年3回"}, {"name": None}]
    SheetSection.objects.update_or_create(sheet=sheet, key="councils", defaults={"content": rows})
    return sheet


def test_nothing_is_registered_until_a_person_says_so(office):
    actor, client = office
    sheet = _sheet(actor)
    [row, *_] = councils_in(actor, sheet)
    assert not Body.objects.exists()
    url = reverse("sheets:sheet_councils", args=[sheet.pk])
    assert row.name in client.get(url).content.decode()
    said = {f"name_{one.place}": one.name for one in councils_in(actor, sheet)}
    said |= {f"kind_{one.place}": "core" for one in councils_in(actor, sheet)}
    assert client.post(url, said).status_code == 422
    assert client.post(url, said | {f"take_{row.place}": "on"}).status_code == 302
    body = Body.objects.get()
    assert (body.name, body.layer, body.region_id) == (row.name, Layer.MUNICIPALITY, CITY)
    assert body.counts_as_council
    assert "自治体情報シート" in body.reference
    assert councils_in(actor, sheet)[0].registered == body


def test_refuses_to_register_the_same_row_twice(office):
    actor, _ = office
    sheet = _sheet(actor)
    row = councils_in(actor, sheet)[0]
    chosen = [Chosen(row.place, row.name, BodyKind.CORE)]
    register_councils(actor=actor, sheet_id=sheet.pk, chosen=chosen)
    with pytest.raises(UnableToRegisterCouncils):
        register_councils(actor=actor, sheet_id=sheet.pk, chosen=chosen)
    assert Body.objects.count() == 1
