"""Ten million letters read, checked and turned into ties and response times, beside plain pandas.

    POLARS_MAX_THREADS=2 python benchmarks/letters_speed.py [letters, default 1e7]

Writes an invented log in the names and dates of an export into a temporary folder, then reads it in
a process of its own. Printed: seconds of the clock and of work, rows per second, memory. The
limits are 60 s and 4 GB on two cores. pandas does the first step only, without checks, on a tenth
of the rows.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from opdanalysis.city.city import City
from opdanalysis.evidence.letters import MISSING, LetterLog
from opdanalysis.evidence.response_times import response_times
from opdanalysis.evidence.synthetic_letters import LESSON, synthetic_letters
from opdanalysis.reading.everything import read_everything
from opdanalysis.reading.records_calendar import read_calendar
from opdanalysis.reading.records_letters import places_today, read_letters

WRITING = "%d/%m/%Y %H:%M"
COLUMNS = """letters:
  columns: {letter: Nomor Surat, sender: Unit Pengirim, receiver: Unit Tujuan,
    sent: Tanggal Kirim, received: Tanggal Terima, answered: Tanggal Balas, subject: Klasifikasi}
  layers: {"0": oversight, "1": field}
  synthetic: true
"""


def write_log(folder: Path, city: City, letters: float) -> int:
    """Write an invented log with about so many letters; its number of rows."""
    import polars as pl

    calendar = read_calendar(None)
    ids = [agency.id for agency in city.agencies]
    truth = replace(LESSON, letters_per_year=1.0, agency_sd=0.1, pair_sd=0.1, bulk_share=0.1)
    small = synthetic_letters(ids, ("a", "b"), places_today(city), calendar, truth, 1)
    truth = replace(truth, letters_per_year=letters / len(small))
    log = synthetic_letters(ids, ("a", "b"), places_today(city), calendar, truth, 1)
    names = np.array([agency.name for agency in city.agencies])

    def stamps(minutes: np.ndarray) -> pl.Expr:
        dates = pl.Series(minutes.astype("datetime64[m]").astype("datetime64[ms]"))
        text = dates.dt.strftime(WRITING)
        return pl.when(pl.Series(minutes != MISSING)).then(pl.lit(text))

    part = 1_000_000
    with (folder / "letters.csv").open("wb") as target:
        for start in range(0, len(log), part):
            rows = slice(start, start + part)
            size = len(log.sent[rows])
            pl.DataFrame({"n": np.arange(start, start + size)}).select(
                pl.format("{}/SETDA/2025", "n").alias("Nomor Surat"),
                pl.Series("Unit Pengirim", names[log.sender[rows]]),
                pl.Series("Unit Tujuan", names[log.receiver[rows]]),
                stamps(log.sent[rows]).alias("Tanggal Kirim"),
                stamps(log.stages["received"][rows]).alias("Tanggal Terima"),
                stamps(log.answered[rows]).alias("Tanggal Balas"),
                pl.Series("Klasifikasi", np.array(["000.1", "100.2"])[log.layer[rows]]),
            ).write_csv(target, include_header=start == 0)
        target.flush()
        os.fsync(target.fileno())  # what is still being written would slow down the reading
    (folder / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    return len(log)


def ours(folder: Path) -> None:
    """Read, check, ties and response times, with the time of each."""
    city, calendar = read_everything("palembang").city, read_calendar(None)
    steps: list[tuple[str, float, float]] = []

    def done(name: str) -> None:
        nonlocal wall, work
        now, used = time.perf_counter(), time.process_time()
        steps.append((name, now - wall, used - work))
        wall, work = now, used

    wall, work = time.perf_counter(), time.process_time()
    log: LetterLog = read_letters(folder / "letters.csv", city, calendar).log
    done("read and check")
    ties = log.ties()
    done("ties")
    times = response_times(log, calendar, places_today(city))
    times.summary_by_tie()
    done("response times")
    steps.append(("all", *(sum(step[place] for step in steps) for place in (1, 2))))
    for name, taken, used in steps:
        rate = len(log) / taken / 1e6
        print(f"{name:20s} {taken:7.1f} s {used:7.1f} s of work {rate:8.2f} million rows a second")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"most memory {most:.2f} GB; {len(ties):,} ties, {times.bulk.mean():.1%} stamped in bulk")


def pandas_alone(folder: Path, rows: int) -> None:
    """The first step in plain pandas, unchecked."""
    import pandas as pd

    city = read_everything("palembang").city
    codes = {agency.name: place for place, agency in enumerate(city.agencies)}
    start, work = time.perf_counter(), time.process_time()
    frame = pd.read_csv(folder / "letters.csv", dtype=str, nrows=rows)
    for column in ("Tanggal Kirim", "Tanggal Terima", "Tanggal Balas"):
        frame[column] = pd.to_datetime(frame[column], format=WRITING)
    for column in ("Unit Pengirim", "Unit Tujuan"):
        frame[column] = frame[column].map(codes)
    taken, used = time.perf_counter() - start, time.process_time() - work
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{'pandas, read only':20s} {taken:7.1f} s {used:7.1f} s of work "
        f"{len(frame) / taken / 1e6:8.2f} million rows a second, {most:.2f} GB for a tenth"
    )


def main() -> None:
    """Write the log, and run each reader in a process of its own."""
    if len(sys.argv) == 4:
        folder, rows = Path(sys.argv[2]), int(sys.argv[3])
        ours(folder) if sys.argv[1] == "ours" else pandas_alone(folder, rows)
        return
    letters = float(sys.argv[1]) if len(sys.argv) > 1 else 1e7
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows = write_log(folder, read_everything("palembang").city, letters)
        size = (folder / "letters.csv").stat().st_size / 1e9
        load = os.getloadavg()[0]
        print(
            f"{rows:,} letters, {size:.2f} GB, {os.cpu_count()} cores, load {load:.1f}", flush=True
        )
        for who, count in (("ours", rows), ("pandas", rows // 10)):
            subprocess.run([sys.executable, __file__, who, place, str(count)], check=True)


if __name__ == "__main__":
    main()
