"""A small study of the invented city, in a folder of its own, with notebooks that a test writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from opdanalysis.cli import main

PARAMETERS = """study = "contoh"
plans = None
scenario = None
draws = None
seed = None
lang = None
threshold = 1.5"""

REAL = (
    "import opdanalysis as opd\ns = opd.open_study(study, plans, scenario, draws, seed, lang)\n"
    "s.say_what_it_is()",
    's.table("gains", s.result.quantiles(["operating_cost"], gains=True))',
    "from opdanalysis.figures.gain import gain_table, plot_gain\n"
    's.figure("gain", plot_gain(s.result, "operating_cost", s.words),\n'
    '    gain_table(s.result, "operating_cost"))',
)
"""Cells that show a sentence, a table and a figure."""


@dataclass(frozen=True)
class Small:
    """A study, its notebooks and its outputs."""

    folder: Path
    name: str = "out"

    @property
    def file(self) -> Path:
        """The file of the study."""
        return self.folder / "small.yaml"

    @property
    def out(self) -> Path:
        """Where it writes."""
        return self.folder / self.name

    def write(self, *notebooks: str, city: str = "contoh") -> None:
        """Write the file of the study."""
        self.file.write_text(
            f"city: {city}\ntitle: {{id: Kecil, en: Small}}\nscenarios: [as-budgeted]\n"
            f"draws: 20\nseed: 0\nlang: id\nnotebooks: [{', '.join(notebooks)}]\n"
        )

    def notebook(self, name: str, *cells: str, parameters: str = PARAMETERS) -> None:
        """Write a notebook with a parameters cell and some code."""
        tagged = nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters"]})
        code = [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(cells)]
        prose = [
            nbformat.v4.new_markdown_cell("# Judul", id="m1", metadata={"tags": ["id"]}),
            nbformat.v4.new_markdown_cell("# Title", id="m2", metadata={"tags": ["en"]}),
        ]
        written = nbformat.v4.new_notebook(cells=[*prose, tagged, *code])
        nbformat.write(written, self.folder / name)

    def counting(self, name: str, *cells: str) -> None:
        """Write a notebook that makes one more file each time that it runs."""
        count = f"open({str(self.folder / name)!r} + f'.ran-{{os.getpid()}}', 'w').close()"
        self.notebook(name, "import os", count, *cells)

    def ran(self, name: str) -> int:
        """How often a counting notebook has run since the last question."""
        found = list(self.folder.glob(f"{name}.ran-*"))
        for path in found:
            path.unlink()
        return len(found)

    def run(self, *options: str) -> int:
        """Run the study in this process and return its exit code."""
        return main(["study", str(self.file), "--out", str(self.out), *options])

    def files(self) -> dict[str, bytes]:
        """Every output but the log of times."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file() and path.name != "run-log.json"
        }

    def record(self) -> dict[str, Any]:
        """The record of the last run."""
        return json.loads((self.out / "record.json").read_text())

    def left_over(self) -> list[str]:
        """What lies beside the outputs that a run may leave behind: stages, locks, failures."""
        found = [path.name for path in self.folder.iterdir()]
        return sorted(name for name in found if name.startswith(".") or "failed" in name)
