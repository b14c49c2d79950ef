"""Reads a PDF in a process of its own, with limits on time and memory that hold whatever the file does.

A PDF's pages are programs: forms that draw forms, streams that unfold without end. The libraries have no limits of
their own and one of them is written in C. So neither a hang nor a crash may reach the web server or the job.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict

from nimo.community.sheets.formats.loaders.limits import Limits
from nimo.community.sheets.formats.loaders.refusals import refusal
from nimo.community.sheets.formats.loaders.wire import from_json
from nimo.community.sheets.formats.source import SourceDocument, UnableToRead

_WORKER = "nimo.community.sheets.formats.loaders.pdf.worker"
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
"""Of the environment the process gets only this: keys and passwords of the server stay here."""


def load_pdf(content: bytes, file_name: str, limits: Limits) -> SourceDocument:
    """Raises UnableToRead as `document.read_pdf`, and took_too_long."""
    settings = json.dumps({"file_name": file_name, "limits": asdict(limits)}).encode("ascii")
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            [sys.executable, "-m", _WORKER],
            input=settings + b"\n" + content,
            capture_output=True,
            timeout=limits.seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("took_too_long", file_name) from error
    if done.returncode != 0:
        raise refusal("took_too_long" if done.returncode < 0 or b"MemoryError" in done.stderr else "damaged", file_name)
    try:
        answer = json.loads(done.stdout)
        if "code" in answer:
            raise UnableToRead(answer["code"], answer["message"])
        return from_json(answer["document"])
    except (ValueError, KeyError, TypeError) as error:
        raise refusal("damaged", file_name) from error
