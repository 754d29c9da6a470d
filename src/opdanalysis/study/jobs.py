"""Several notebooks at a time; the first failure stops what has not begun."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import TypeVar

T = TypeVar("T")

LOOK = 0.5
"""Seconds between two looks at what has ended."""


def run_jobs(
    works: Mapping[str, Callable[[], T]],
    jobs: int,
    expected: Mapping[str, float],
    tell: Callable[[Sequence[str], int, float | None], None],
    stop: Callable[[], None],
) -> tuple[dict[str, T], dict[str, Exception]]:
    """What each work gave, and what those that failed raised, by name in the order of `works`.

    At most `jobs` run at a time, those first that took longest before (`expected`, in seconds).
    `tell` hears which run, how many have ended and how many seconds are left. When one fails, those
    that run are let end and no other begins. When this is interrupted, `stop` ends those that run.
    """
    order = sorted(works, key=lambda name: -expected.get(name, float("inf")))
    began: dict[str, float] = {}

    def timed(name: str) -> T:
        began[name] = time.monotonic()
        return works[name]()

    pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="notebook")
    futures = {pool.submit(timed, name): name for name in order}
    try:
        _watch(futures, began, jobs, expected, tell)
    except BaseException:
        stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    ended = {name: future for future, name in futures.items() if not future.cancelled()}
    failed = {name: ended[name].exception() for name in works if name in ended}
    given = {name: ended[name].result() for name, error in failed.items() if error is None}
    return given, {name: error for name, error in failed.items() if isinstance(error, Exception)}


def _watch(
    futures: Mapping[Future[T], str],
    began: Mapping[str, float],
    jobs: int,
    expected: Mapping[str, float],
    tell: Callable[[Sequence[str], int, float | None], None],
) -> None:
    """Wait for all to end, and cancel those that have not begun once one has failed."""
    waiting = set(futures)
    took: dict[str, float] = {}
    while waiting:
        now = time.monotonic()
        running = [name for name in list(began) if name not in took]
        tell(running, len(took), _left(futures, began, took, jobs, expected, now))
        done, waiting = wait(waiting, timeout=LOOK, return_when=FIRST_COMPLETED)
        for future in done:
            if future.cancelled():
                continue
            took[futures[future]] = time.monotonic() - began[futures[future]]
            error = future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            if error is not None:
                for other in waiting:
                    other.cancel()


def _left(
    futures: Mapping[Future[T], str],
    began: Mapping[str, float],
    took: Mapping[str, float],
    jobs: int,
    expected: Mapping[str, float],
    now: float,
) -> float | None:
    """Seconds left [s], from earlier runs or from what has ended; None while nothing is known."""
    known = [*expected.values(), *took.values()]
    if not known:
        return None
    usual = sum(known) / len(known)
    left = []
    for name in set(futures.values()) - set(took):
        passed = now - began[name] if name in began else 0.0
        left.append(max(expected.get(name, usual) - passed, 0.5))
    return max(sum(left) / jobs, max(left, default=0.0))


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """Within this, being told to end and losing the terminal work like Ctrl-C."""
    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, ValueError):  # Windows; not the main thread
            number = getattr(signal, name)
            before[number] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
