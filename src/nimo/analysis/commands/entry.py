"""`nimo indicators compute`, `add-up` and `world`: without Django; without a network unless an engine is named."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from nimo.analysis.commands import adding, compute, world
from nimo.analysis.commands.speaking import STOPPED, UNUSABLE

VERBS: dict[str, Callable[[list[str]], int]] = {"compute": compute.run, "add-up": adding.run, "world": world.run}


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(argv: list[str]) -> int:
    """Run one of VERBS. A stop (Ctrl+C, SIGTERM) removes everything that was begun."""
    if not argv or argv[0] not in VERBS:
        sys.stderr.write(f"使えるもの: {'、'.join(VERBS)}\n")
        return UNUSABLE
    own = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _stop) if own else None
    try:
        return VERBS[argv[0]](argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("\n止めました。結果は書いていません。途中のものは消しました。\n")
        return STOPPED
    finally:
        if own:
            signal.signal(signal.SIGTERM, before)
