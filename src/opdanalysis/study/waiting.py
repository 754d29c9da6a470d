"""What a reader sees on a terminal while one long step is computed: how long yet."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from opdanalysis.study.assembly import time_words
from opdanalysis.study.kept import cache_folder, write_json
from opdanalysis.study.terminal import is_watched, progress
from opdanalysis.text.words import Words

PACE = "pace.json"
"""The file in the cache that keeps how long such a step took the last time."""

TICK = 0.5
"""Seconds between two looks at the clock."""

WORTH_TELLING = 2.0
"""Seconds below which nobody needs to be told."""


@contextmanager
def waiting(
    sentence: str, words: Words, kind: str = "", size: float = 1.0, seconds: float | None = None
) -> Iterator[None]:
    """Tell on a terminal, while the body runs, how long it has run and how long it takes yet.

    That is `seconds`, or what a step of the same kind took the last time, in proportion to its
    size. In a pipe and in CI nothing is told.
    """
    if not is_watched():
        yield
        return
    expected = seconds if seconds is not None else _expected(kind, size)
    began, ended = time.monotonic(), threading.Event()
    with progress() as tell:
        clock = threading.Thread(
            target=_tick, args=(tell, sentence, words, expected, ended), daemon=True
        )
        clock.start()
        try:
            yield
        finally:
            ended.set()
            clock.join()
    if kind:
        _remember(kind, (time.monotonic() - began) / size)


def _tick(
    tell: Callable[[str], None],
    sentence: str,
    words: Words,
    expected: float | None,
    ended: threading.Event,
) -> None:
    """Tell the time until it is over."""
    began = time.monotonic()
    tell(sentence)
    while not ended.wait(TICK):
        gone = time.monotonic() - began
        if gone >= WORTH_TELLING:
            tell(f"{sentence} {said_time(gone, expected, words)}")


def said_time(gone: float, expected: float | None, words: Words) -> str:
    """How long it has taken, and how long it may take yet where that is known."""
    said = words("wait.so_far", time=time_words(gone, words))
    if expected is not None and expected > gone:
        said += " " + words("cli.left", time=time_words(expected - gone, words))
    return said


def _expected(kind: str, size: float) -> float | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return size * float(json.loads((cache_folder() / PACE).read_text(encoding="utf-8"))[kind])
    return None


def _remember(kind: str, pace: float) -> None:
    path = cache_folder() / PACE
    before = {}
    with suppress(OSError, ValueError):
        before = dict(json.loads(path.read_text(encoding="utf-8")))
    with suppress(OSError):
        os.makedirs(path.parent, exist_ok=True)
        write_json({**before, kind: pace}, path)
