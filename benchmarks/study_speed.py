"""How fast the study of Palembang runs, cold and unchanged, beside a plain loop of papermill.

Run it from the root of the project, on a machine that does nothing else:

    python benchmarks/study_speed.py [--study palembang] [--jobs 2] [--draws 4000] [--light]

Every way begins with an empty cache. The plain loop calls papermill on the same notebooks, one
after the other, each with a kernel of its own; it writes no pages, no record and no comparison.
Seconds on the clock depend on what else the machine does, seconds of the processor much less. The
limits that are printed beside the figures are those of the design. At the end stand the notebooks
and steps that took longest. How soon the commands start: `benchmarks/start_speed.py`.

How much the kernels count depends on what the notebooks do. `--light` writes a study of ten
notebooks that only open contoh and show one figure, which is nearly all kernel.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-c", "import sys; from opdanalysis.cli import main; sys.exit(main())"]

LOOP = """
import sys, papermill
from pathlib import Path
from opdanalysis.reading.studies import notebook_path, read_study
file = read_study(sys.argv[1])
for name in file.notebooks:
    path = notebook_path(file, name)
    papermill.execute_notebook(
        str(path), str(Path(sys.argv[2]) / path.name),
        parameters={"study": sys.argv[1], "draws": int(sys.argv[3])},
        progress_bar=False, cwd=str(path.parent), kernel_name="python3",
    )
"""


LIGHT = """
city: contoh
title: {id: Ringan, en: Light}
scenarios: [as-budgeted]
draws: 50
seed: 0
lang: id
notebooks: [%s]
"""


def light_study(folder: Path) -> Path:
    """The file of a study with ten notebooks that show one figure each."""
    source = json.loads(Path("notebooks/00_start_here.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in source["cells"] if cell["cell_type"] == "code"]
    source["cells"] = code[:3]  # parameters, open the study, one figure
    names = [f"n{number}.ipynb" for number in range(10)]
    for name in names:
        (folder / name).write_text(json.dumps(source), encoding="utf-8")
    (folder / "light.yaml").write_text(LIGHT % ", ".join(names), encoding="utf-8")
    return folder / "light.yaml"


def measured(command: list[str], cache: Path) -> tuple[float, float]:
    """Seconds on the clock and of the processor, children included."""
    environment = {**os.environ, "OPDANALYSIS_CACHE": str(cache), "OPENBLAS_NUM_THREADS": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    clock = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def best(command: list[str], cache: Path, times: int = 5) -> tuple[float, float]:
    """The least of several measures, for something short."""
    found = [measured(command, cache) for _ in range(times)]
    return min(clock for clock, _ in found), min(used for _, used in found)


def main() -> None:
    """Print one run."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--study", default="palembang")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--draws", type=int, default=4000)
    options.add_argument("--light", action="store_true")
    chosen = options.parse_args()
    draws = str(chosen.draws)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        named = str(light_study(place)) if chosen.light else chosen.study

        def study(out: str, *more: str) -> list[str]:
            settings = ["--draws", draws, "--out", str(place / out), *more]
            return [*COMMAND, "study", named, *settings]

        (place / "loop").mkdir()
        loop = [sys.executable, "-c", LOOP, named, str(place / "loop"), draws]
        plain = measured(loop, place / "cache-loop")
        show("plain loop of papermill", plain)
        alone, jobs = ("--jobs", "1"), ("--jobs", str(chosen.jobs))
        for name, out, more in (
            ("cold, standard kernels, one at a time", "one", (*alone, "--kernel", "standard")),
            ("cold, forked kernels, one at a time", "two", alone),
            (f"cold, forked kernels, {chosen.jobs} at a time", "three", jobs),
        ):
            cold = measured(study(out, *more), place / f"cache-{out}")
            show(name, cold, f"{plain[0] / cold[0]:.1f} times as fast as the loop (aim 3.4)")
        show("unchanged", best(study("three"), place / "cache-three"), "limit 1 s")
        slowest(place / "three" / "run-log.json")


def slowest(log: Path, count: int = 5) -> None:
    """The steps and notebooks of a run that took most of the processor, from its log."""
    found = json.loads(log.read_text(encoding="utf-8"))
    used = {name: own["cpu_seconds"] or 0.0 for name, own in found["notebooks"].items()}
    for name in sorted(used, key=lambda name: -used[name])[:count]:
        print(f"  {name:40s} {used[name]:7.2f} s CPU")
    for step, seconds in found["seconds"].items():
        print(f"  {step:40s} {seconds:7.2f} s")


def show(name: str, seconds: tuple[float, float], remark: str = "") -> None:
    """One line: what, seconds on the clock, seconds of the processor."""
    print(f"{name:42s} {seconds[0]:7.2f} s {seconds[1]:7.2f} s CPU  {remark}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
