"""One notebook run to an executed copy that has the same bytes every time."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opdanalysis.errors import DataProblems, NotebookFailed
from opdanalysis.study.kept import FILES, PAGE, Part, finish_part
from opdanalysis.study.kernels import Ended, Kernels, manager_class, surroundings
from opdanalysis.study.notebooks import SourceNotebook, in_language, tags
from opdanalysis.study.open_study import OUTPUTS_VARIABLE
from opdanalysis.study.pages import page_of, title_of
from opdanalysis.study.stage import OF_THE_PLACE
from opdanalysis.text.words import Words

INJECTED_ID = "injected-parameters"
ERROR_TAG = "papermill-error-cell-tag"
CLEAN_EXITS = ("", "0", "None")


def execute(
    notebook: SourceNotebook,
    parameters: Mapping[str, Any],
    words: Words,
    folder: Path,
    found: Kernels,
) -> Part:
    """Run a notebook in one language into a folder of its own; what comes back is finished.

    Raises NotebookFailed with notebook, cell and error; the copy in the folder then shows how far
    it came. Raises OSError when the disk is full.
    """
    papermill = jupyter()
    import nbformat

    began = time.perf_counter()
    target = copy_in(folder, notebook)
    target.parent.mkdir(parents=True, exist_ok=True)
    source = in_language(nbformat.read(notebook.path, as_version=4), words.lang)
    used = {name: value for name, value in parameters.items() if name in notebook.declared}
    environment = surroundings(found.folder, {OUTPUTS_VARIABLE: str(folder / FILES)})
    ended = Ended()
    error: Exception | None = None
    try:
        papermill.execute_notebook(
            source,
            str(target),
            parameters=used,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            record_timing=False,
            log_output=False,
            kernel_manager_class=manager_class(found, environment, notebook.path.parent, ended),
        )
    except Exception as raised:  # whatever it was, the copy and the message below tell it
        error = raised
    if isinstance(error, OSError) and error.errno in OF_THE_PLACE:
        raise error  # the notebook is not to blame
    executed = source
    with contextlib.suppress(Exception):  # a full disk may have cut the copy short
        executed = nbformat.read(target, as_version=4)
    fault = fault_in(executed, error, ended, words)
    executed = steady(executed, used)
    nbformat.write(executed, target)
    if fault:
        raise NotebookFailed(f"{notebook.path.name}, {fault}")
    page = page_of(executed)
    (folder / PAGE).write_text(page, encoding="utf-8", newline="\n")
    used_up = {
        "seconds": round(time.perf_counter() - began, 3),
        "cpu_seconds": ended.cpu_seconds,
        "peak_mib": ended.peak_mib,
    }
    return finish_part(folder, title_of(executed, notebook.name), used_up)


def copy_in(folder: Path, notebook: SourceNotebook) -> Path:
    """Where the executed copy of a notebook lies in the folder of its run."""
    return folder / FILES / "notebooks" / f"{notebook.name}.ipynb"


def fault_in(executed: Any, error: Exception | None, ended: Ended, words: Words) -> str | None:
    """What went wrong, or None when every code cell ran in order without error.

    The runner judges for itself, for papermill calls a notebook complete whose kernel died, or
    which left by `sys.exit(0)` before its end.
    """
    code = [c for c in executed.cells if c.cell_type == "code" and ERROR_TAG not in tags(c)]
    for number, cell in enumerate(code, start=1):
        for output in cell.outputs:
            if output.output_type != "error":
                continue
            if output.ename == "SystemExit" and output.evalue in CLEAN_EXITS:
                if number == len(code):
                    return None
                return f"cell {number}: {words('cli.left_early')}"
            said = f"cell {number}: {output.ename}: {output.evalue}"
            return said if output.ename == DataProblems.__name__ else said.splitlines()[0]
        if cell.source.strip() and cell.execution_count != number:
            return f"cell {number} did not run: {_why(error, ended, words)}"
    return _why(error, ended, words) if error else None


def _why(error: Exception | None, ended: Ended, words: Words) -> str:
    if ended.killed:
        return words("cli.killed")
    if ended.code:
        return words("cli.kernel_ended", code=ended.code)
    if error is None:
        return words("cli.kernel_ended", code="?")
    return f"{type(error).__name__}: {error}".splitlines()[0]


def steady(executed: Any, parameters: Mapping[str, Any]) -> Any:
    """The executed notebook without times, folders and random ids."""
    executed.metadata.pop("widgets", None)
    executed.metadata["papermill"] = {"parameters": dict(parameters)}
    executed.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    executed.metadata.get("language_info", {}).pop("version", None)
    executed.cells = [c for c in executed.cells if ERROR_TAG not in tags(c)]
    for cell in executed.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in tags(cell):
            cell["id"] = INJECTED_ID
    return executed


def jupyter() -> Any:
    """papermill, imported without a check of web addresses that takes longer than all the rest."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import papermill

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # the runner says it in one sentence
    return papermill
