"""Who may open a stored file: the app that stored it decides, through this registry; without an answer, nobody."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from nimo.foundation.access.actors import Actor
from nimo.foundation.access.rules import Decision, refused
from nimo.foundation.files.models import StoredFile
from nimo.foundation.files.rules import PURPOSE

MayDownload = Callable[[Actor, StoredFile], Decision]
_OWNERS: dict[str, MayDownload] = {}


class FileNotAvailable(Exception):
    """No such file, or none this actor may know of: the page answers 404, so that nobody can tell which."""


def owner(purpose: str) -> Callable[[MayDownload], MayDownload]:
    """Registers the policy of a purpose such as "sheets.source", in the owning app's `policies.py`."""
    if not PURPOSE.fullmatch(purpose):
        raise ValueError(f"a purpose reads app.noun, not {purpose!r}")

    def register(policy: MayDownload) -> MayDownload:
        known = _OWNERS.get(purpose)
        if known is not None and (known.__module__, known.__qualname__) != (policy.__module__, policy.__qualname__):
            raise ValueError(f"two policies claim the files of {purpose}")
        _OWNERS[purpose] = policy
        return policy

    return register


def is_owned(purpose: str) -> bool:
    """Whether an app has registered a policy for the purpose."""
    return purpose in _OWNERS


def may_download(actor: Actor, file: StoredFile) -> Decision:
    """The owning app's answer. A purpose nobody owns is refused: a forgotten registration must not open a file."""
    policy = _OWNERS.get(file.purpose)
    if policy is None:
        return refused("このファイルを扱う機能が動いていないため、受け取れません。")
    return policy(actor, file)


def get_file(actor: Actor, file_id: UUID) -> StoredFile:
    """One file the actor may open. Raises FileNotAvailable."""
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None or not may_download(actor, file):
        raise FileNotAvailable
    return file
