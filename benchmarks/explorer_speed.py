"""How soon the explorer answers: each kind of change on Palembang's page, against half a second.

Run it from the root of the project:

    python benchmarks/explorer_speed.py

It opens the page of Palembang in this process with 200 draws, without a browser, and times each
kind of change from the reader's act: a move, a plan, a held assumption, a lever, a scenario, the
other language. Two times are printed, each the slowest of several: until the plan's own numbers are
sent, against the limit, and until the comparison with all other plans is sent too. Times are the
processor's. The way through the browser comes on top (about a tenth of a second).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the commands do, before numpy loads

from opdanalysis.explorer.page import Page
from opdanalysis.study.open_study import open_study

LIMIT, DRAWS, TIMES = 0.5, 200, 8


def acts(page: Page) -> Iterator[tuple[str, Callable[[int], None]]]:
    """Each kind of change by name; its number makes each one another."""
    agencies = [agency.id for agency in page.city.agencies]
    buildings = [building.id for building in page.city.buildings]
    plans = [plan.id for plan in page.explorer.plans]
    yield "a move", lambda i: page._move([agencies[i]], buildings[-1 - i])
    yield "a group of 18", lambda i: page._move(agencies[60 : 60 + 18], buildings[i])
    yield "another plan", lambda i: setattr(page.plan, "value", plans[i % len(plans)])
    name = page.beliefs.items[0]["name"]
    yield "an assumption", lambda i: page._hold({"name": name, "at": i})
    yield "a lever", lambda i: page._set_lever({"name": page.levers.items[0]["name"], "at": i})
    scenarios = page.explorer.scenarios
    yield "a scenario", lambda i: setattr(page.scenario, "value", scenarios[i % len(scenarios)])
    yield "the language", lambda i: setattr(page.lang, "value", ("en", "id")[i % 2])


class Watch:
    """How long after an act the numbers were sent; what does not change them counts as at once."""

    def __init__(self, page: Page) -> None:
        self.start = self.seen = 0.0
        page.answers.observe(self._note, "value")

    def _note(self, _: object) -> None:
        self.seen = time.process_time()

    def time(self, act: Callable[[int], None], number: int) -> tuple[float, float]:
        """Seconds until the numbers, and until everything."""
        self.start = self.seen = time.process_time()
        act(number)
        return self.seen - self.start, time.process_time() - self.start


def main() -> None:
    """Print the time of opening and of each kind of change."""
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        page = Page(open_study("palembang", draws=DRAWS, lang="id"), Path(folder))
        print(f"open the page: {time.process_time() - start:.1f} s ({DRAWS} draws)")
        print(f"{'change':<16}{'numbers':>10}{'of 0.5 s':>10}{'all plans':>12}")
        watch = Watch(page)
        for name, act in acts(page):
            numbers, everything = zip(*(watch.time(act, i) for i in range(TIMES)), strict=True)
            share = max(numbers) / LIMIT
            print(f"{name:<16}{max(numbers):>8.3f} s{share:>10.0%}{max(everything):>10.3f} s")


if __name__ == "__main__":
    main()
