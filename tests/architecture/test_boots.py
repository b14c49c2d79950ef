import pytest


@pytest.mark.django_db
def test_boots(client):
    assert client.get("/nowhere/").status_code in (302, 404)
