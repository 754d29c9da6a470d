"""Notebooks run several at a time, and stop when one fails."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from opdanalysis.study.jobs import run_jobs, signals_interrupt


def run(works: dict[str, Callable[[], str]], jobs: int, **more: object):
    """Run works without telling anybody."""
    settings = {"expected": {}, "tell": lambda *_: None, "stop": lambda: None, **more}
    return run_jobs(works, jobs, **settings)


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_no_more_run_at_a_time_than_asked(jobs: int) -> None:
    lock, inside, most = threading.Lock(), [0], [0]

    def work() -> str:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.05)
        with lock:
            inside[0] -= 1
        return "done"

    given, failed = run({str(number): work for number in range(5)}, jobs)
    assert most == [jobs]
    assert given == {str(number): "done" for number in range(5)}
    assert failed == {}


def test_what_came_back_stands_in_the_order_of_the_works() -> None:
    works = {"slow": lambda: time.sleep(0.1) or "a", "quick": lambda: "b"}
    assert list(run(works, 2)[0]) == ["slow", "quick"]


def test_what_took_longest_before_begins_first() -> None:
    began: list[str] = []
    works = {name: (lambda name=name: began.append(name) or name) for name in ("a", "b", "c")}
    run(works, 1, expected={"a": 1.0, "b": 3.0, "c": 2.0})
    assert began == ["b", "c", "a"]


def test_after_a_failure_nothing_begins_and_what_runs_may_end() -> None:
    def fail() -> str:
        raise ValueError("no")

    works = {"long": lambda: time.sleep(0.3) or "whole", "bad": fail, "never": lambda: "ran"}
    given, failed = run(works, 2)
    assert given == {"long": "whole"}
    assert [*failed] == ["bad"]


def test_the_time_that_is_left_is_told_from_earlier_runs() -> None:
    told: list[float | None] = []
    run(
        {"a": lambda: "done", "b": lambda: "done"},
        1,
        expected={"a": 30.0, "b": 10.0},
        tell=lambda running, done, left: told.append(left),
    )
    assert told[0] == pytest.approx(40, abs=1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_what_runs(number: int) -> None:
    stopped = threading.Event()

    def endless() -> str:
        threading.Timer(0.1, os.kill, (os.getpid(), number)).start()
        assert stopped.wait(20)
        return "ended"

    with signals_interrupt(), pytest.raises(KeyboardInterrupt):
        run({"a": endless}, 1, stop=stopped.set)
    assert stopped.is_set()
