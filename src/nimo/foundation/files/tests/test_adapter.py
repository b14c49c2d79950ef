from __future__ import annotations

import io
import os
import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory


@pytest.fixture
def received(settings, tmp_path, monkeypatch):
    settings.NIMO_UPLOAD_LIMIT_BYTES = 200_000
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def send(size: int):
        request = RequestFactory().post(
            "/", {"before": "x", "file": SimpleUploadedFile("a.pdf", b"0" * size), "version": "3"}
        )
        return request, request.POST, request.FILES

    return send


def test_gives_up_a_file_over_the_limit_and_keeps_the_other_fields(received, tmp_path):
    request, post, files = received(2_000_000)
    assert request.upload_too_large
    assert "file" not in files
    assert post["before"] == "x"
    assert os.listdir(tmp_path) == [], "nothing stays on the disk"


def test_takes_a_file_up_to_the_limit(received):
    request, post, files = received(200_000)
    assert not hasattr(request, "upload_too_large")
    assert files["file"].size == 200_000
    assert post["version"] == "3"
    assert io.BytesIO(files["file"].read()).getbuffer().nbytes == 200_000
