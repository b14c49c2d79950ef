"""Stops an upload at the limit while it comes in, so that 200 MB never reach the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Gives a file up as soon as it is larger than settings.NIMO_UPLOAD_LIMIT_BYTES; the other fields still arrive.

    `request.upload_too_large` then tells the view, which answers with a sentence instead of a broken connection.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._received += len(raw_data)
        if self._received > settings.NIMO_UPLOAD_LIMIT_BYTES:
            self.file.close()  # the temporary file goes with it
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)
