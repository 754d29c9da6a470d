"""Tables and progress in the terminal."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opdanalysis.text.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from opdanalysis.experiment.result import Result

PIPE_WIDTH = 120
"""Letters in a line where nobody looks at a terminal."""

BILLION = 1e9


def comparison(result: Result, words: Words) -> pd.DataFrame:
    """A row per plan: net saving [Rp billion/year] and contacts under one roof, with ranges."""
    import numpy as np
    import pandas as pd

    from opdanalysis.experiment.result import RANGE

    rows = []
    for plan in result.plans:
        saving = np.quantile(result.gain("net_cost", plan.id), RANGE)
        roof = np.quantile(result.level("contacts_one_roof", plan.id), RANGE)
        rows.append(
            (
                words.of(plan.name, plan.id),
                " | ".join(words.number(amount / BILLION, 1) for amount in saving),
                " | ".join(words.percent(share) for share in roof),
            )
        )
    return pd.DataFrame(
        rows, columns=[words(f"cli.columns.{n}") for n in ("plan", "saving", "roof")]
    )


def printed(table: pd.DataFrame, form: str) -> str:
    """A table for people ("table") or for machines ("csv", "json", "markdown")."""
    if form == "csv":
        return table.to_csv(index=False, lineterminator="\n").rstrip("\n")
    if form == "json":
        return table.to_json(orient="records", indent=2, force_ascii=False)
    if form == "markdown":
        return table.to_markdown(index=False)
    numbers = [name for name in table.columns if table[name].dtype.kind in "if"]
    return drawn(list(table.columns), list(table.itertuples(index=False)), numbers)


def printed_file(path: Path) -> str:
    """A table for people, from a CSV file whose cells are words already."""
    with path.open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    return drawn(columns, rows)


def drawn(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], numbers: Collection[str] = ()
) -> str:
    """A table with its columns set out; those named in `numbers` stand to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(str(name), justify="right" if name in numbers else "left")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    console = Console(width=width, color_system=None, file=None)
    with console.capture() as captured:
        console.print(table)
    return captured.get().rstrip()


def is_watched() -> bool:
    """Whether somebody looks at a terminal while this runs."""
    return sys.stderr.isatty() and not os.environ.get("CI")


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A function that tells each step: a moving line on a terminal, nothing in a pipe or in CI."""
    if not is_watched():
        yield lambda sentence: None
        return
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    with console.status("") as status:
        yield lambda sentence: status.update(escape(sentence))
