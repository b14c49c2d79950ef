"""A statistics file between its upload and its confirmation: kept, shown, recorded only when somebody says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from nimo.community.indicators.choices import Evidence
from nimo.community.indicators.formats.survey_630 import MAX_BYTES, Preview630, read_630
from nimo.community.indicators.policies import SOURCE_FILES, may_load_statistics
from nimo.community.indicators.services.observations import Recorded
from nimo.community.indicators.services.statistics import UnableToLoad, load_prefecture_beds
from nimo.foundation.access.actors import Actor
from nimo.foundation.files.policies import FileNotAvailable
from nimo.foundation.files.queries import UnableToOpen, open_stored
from nimo.foundation.files.services import UnableToStore, store

_LOST = "取り込むファイルが見つかりません。何も記録していません。もう一度ファイルを選んでください。"


class UnableToReceive(Exception):
    """The file was not kept; the message says why."""


@dataclass(frozen=True, slots=True)
class Received:
    """A kept file and what it says. With `preview.errors` nothing can be recorded from it."""

    file_id: UUID
    preview: Preview630


def receive_survey_630(*, actor: Actor, content: BinaryIO, name: str) -> Received:
    """Keep the file and read it; nothing is recorded. Raises UnableToReceive (no permission, too large, empty)."""
    decision = may_load_statistics(actor)
    if not decision:
        raise UnableToReceive(decision.reason)
    data = content.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnableToReceive(
            "ファイルが1MBを超えています。何も保存していません。都道府県別の表だけのCSVにしてください。"
        )
    try:
        file = store(actor=actor, content=data, name=name, purpose=SOURCE_FILES)
    except UnableToStore as error:
        raise UnableToReceive(str(error)) from error
    return Received(file.pk, read_630(data))


def confirm_survey_630(*, actor: Actor, file_id: UUID, as_of: str) -> Recorded:
    """Record the figures of a received file, read again from what was kept. Raises services.statistics.UnableToLoad."""
    decision = may_load_statistics(actor)
    if not decision:
        raise UnableToLoad(decision.reason)
    try:
        with open_stored(actor, file_id) as stored:
            content = stored.read(MAX_BYTES + 1)
    except (FileNotAvailable, UnableToOpen) as error:
        raise UnableToLoad(_LOST) from error
    return load_prefecture_beds(
        actor=actor, content=content, as_of=as_of, evidence=Evidence.TRANSCRIPTION, file_id=file_id
    )
