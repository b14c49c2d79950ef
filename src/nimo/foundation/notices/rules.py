"""What a notice may hold."""

from __future__ import annotations

TEXT_LIMIT = 300
PATH_LIMIT = 300


def is_own_path(path: str) -> bool:
    """Whether a path stays inside nimo: begins with one slash, no host, no back-slash, no control character."""
    return (
        path.startswith("/")
        and not path.startswith("//")
        and "\\" not in path
        and len(path) <= PATH_LIMIT
        and all(character.isprintable() and not character.isspace() for character in path)
    )
