"""One notebook from its source to an executed copy that has the same bytes every time."""

from __future__ import annotations

import ast
import copy
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.errors import NotebookFailed, UsageError, did_you_mean
from opdanalysis.text.words import LANGUAGES

PARAMETERS_TAG = "parameters"
INJECTED_ID = "injected-parameters"
CELL_NAME = "<cell>"

# Same study, same bytes: one hash seed, one thread of linear algebra, no clock, zone or locale.
STEADY = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "IPYKERNEL_CELL_NAME": CELL_NAME,
    "MPLBACKEND": "agg",
}


@dataclass(frozen=True)
class SourceNotebook:
    """A notebook as it stands in the repository, and the parameters that it declares."""

    path: Path
    declared: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The file name without its ending."""
        return self.path.stem


def read_notebook(path: Path) -> SourceNotebook:
    """A notebook and its declared parameters.

    Raises UsageError when the file is not there, is no notebook, or has no tagged cell.
    """
    import nbformat

    if not path.is_file():
        known = [found.stem for found in path.parent.glob("*.ipynb")]
        raise UsageError(f"notebook '{path.stem}' was not found. {did_you_mean(path.stem, known)}")
    try:
        content = nbformat.read(path, as_version=4)
    except Exception as error:
        raise UsageError(f"{path.name} is not a notebook: {str(error).splitlines()[0]}") from error
    cells = [cell for cell in content.cells if PARAMETERS_TAG in _tags(cell)]
    if len(cells) != 1:
        raise UsageError(
            f"{path.name} has {len(cells)} cells with the tag '{PARAMETERS_TAG}'; one is needed."
        )
    return SourceNotebook(path, _assigned(cells[0].source, path.name))


def _assigned(source: str, name: str) -> dict[str, Any]:
    """The names and default values that a parameters cell assigns."""
    found = {}
    for line in ast.parse(source).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            try:
                found[line.targets[0].id] = ast.literal_eval(line.value)
            except ValueError as error:
                raise UsageError(
                    f"{name}: the default of '{line.targets[0].id}' is not a plain value."
                ) from error
    return found


def check_parameters(notebooks: list[SourceNotebook], given: Mapping[str, Any]) -> None:
    """Refuse a parameter that no notebook declares, or whose kind is not that of its default."""
    declared = {name: value for notebook in notebooks for name, value in notebook.declared.items()}
    for name, value in given.items():
        if name not in declared:
            raise UsageError(
                f"no notebook of this study declares the parameter '{name}'. "
                f"{did_you_mean(name, declared)}"
            )
        default = declared[name]
        same = isinstance(value, type(default)) or (
            isinstance(default, float) and isinstance(value, int)
        )
        if default is not None and not same:
            raise UsageError(
                f"parameter '{name}' is {value!r}, but a notebook expects "
                f"{type(default).__name__}, such as {default!r}."
            )


def execute(
    notebook: SourceNotebook, parameters: Mapping[str, Any], lang: str, target: Path
) -> None:
    """Run a notebook in one language and write its executed copy to `target`.

    Raises NotebookFailed with notebook, cell and error; the copy then shows how far it came.
    """
    with _jupyter() as papermill:
        import nbformat

        source = in_language(nbformat.read(notebook.path, as_version=4), lang)
        target.parent.mkdir(parents=True, exist_ok=True)
        prepared = target.with_suffix(".source.ipynb")
        nbformat.write(source, prepared)
        used = {name: value for name, value in parameters.items() if name in notebook.declared}
        error: Exception | None = None
        try:
            papermill.execute_notebook(
                str(prepared),
                str(target),
                parameters=used,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                record_timing=False,
                cwd=str(notebook.path.parent),
                log_output=False,
                **_transport(),
            )
        except Exception as raised:  # whatever it was, the copy and the message below tell it
            error = raised
        finally:
            prepared.unlink(missing_ok=True)
        executed = nbformat.read(target, as_version=4) if target.is_file() else source
        fault = _fault(executed, error)
        nbformat.write(steady(executed, used), target)
    if fault:
        raise NotebookFailed(f"{notebook.path.name}, {fault}")


def in_language(content: Any, lang: str) -> Any:
    """The notebook with the cells of one language and those of all languages."""
    chosen = copy.deepcopy(content)
    others = [other for other in LANGUAGES if other != lang]
    chosen.cells = [c for c in chosen.cells if not any(o in _tags(c) for o in others)]
    return chosen


def _fault(executed: Any, error: Exception | None) -> str | None:
    """What went wrong, or None when every code cell ran in order without error.

    The runner judges for itself, for papermill calls a notebook complete whose kernel died.
    """
    number = 0
    for cell in executed.cells:
        if cell.cell_type != "code" or "papermill-error-cell-tag" in _tags(cell):
            continue
        number += 1
        for output in cell.outputs:
            if output.output_type == "error":
                return f"cell {number}: {output.ename}: {output.evalue}".splitlines()[0]
        if cell.source.strip() and cell.execution_count != number:
            why = _first_line(error) if error else "the kernel ended, for lack of memory?"
            return f"cell {number} did not run: {why}"
    return _first_line(error) if error else None


def _first_line(error: Exception) -> str:
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
    executed.cells = [c for c in executed.cells if "papermill-error-cell-tag" not in _tags(c)]
    for cell in executed.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in _tags(cell):
            cell["id"] = INJECTED_ID
    return executed


def _tags(cell: Any) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _transport() -> dict[str, Any]:
    """Talk to the kernel by files where the system can: no ports to clash, nothing to overhear."""
    if os.name == "nt":
        return {}
    from jupyter_client.manager import AsyncKernelManager

    class FileKernelManager(AsyncKernelManager):
        """A kernel that is reached through sockets in the file system."""

        transport = "ipc"

    return {"kernel_manager_class": FileKernelManager}


@contextmanager
def _jupyter() -> Iterator[Any]:
    """papermill with the steady environment, which the kernel inherits."""
    # An optional check of web addresses takes over a second to import and is never used here.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import papermill

    before = dict(os.environ)
    os.environ.update(STEADY)
    try:
        yield papermill
    finally:
        os.environ.clear()
        os.environ.update(before)
