"""What a run of a study has to do: which notebooks must run, which are kept, and why."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.errors import UsageError
from opdanalysis.reading.places import project_folder
from opdanalysis.reading.studies import StudyFile, notebook_path
from opdanalysis.study.kept import Part, hashes_below, kept_part
from opdanalysis.study.keys import Ingredients, data_hashes, file_name, ingredients
from opdanalysis.study.notebooks import SourceNotebook, check_parameters, read_notebook

RECORD, RUN_LOG = "record.json", "run-log.json"
NEW, CHANGED, LOST, FORCED = "new", "changed", "lost", "forced"


@dataclass(frozen=True)
class Step:
    """One notebook of a run: what it depends on, and why it must run.

    `why` is None when it need not; `part` then is what was kept of it, or None when the outputs
    are there already. `changes` names what changed since the last run.
    """

    source: SourceNotebook
    ingredients: Ingredients
    key: str
    part: Part | None
    why: str | None
    changes: tuple[str, ...]


def read_sources(file: StudyFile, given: Mapping[str, Any]) -> list[SourceNotebook]:
    """The notebooks of a study. Raises UsageError, also for parameters that none declares."""
    sources = [read_notebook(notebook_path(file, name)) for name in file.notebooks]
    for name, times in Counter(source.name for source in sources).items():
        if times > 1:
            raise UsageError(f"study '{file.id}' names the notebook '{name}' {times} times.")
    check_parameters(sources, given)
    return sources


@dataclass(frozen=True)
class Todo:
    """The steps of a run, the record of the last one, and whether its outputs are these already.

    They are when they were made from these very inputs and every file is as it was written.
    """

    steps: list[Step]
    earlier: Mapping[str, Any]
    is_done: bool


def todo(
    sources: list[SourceNotebook],
    file: StudyFile,
    reference: str,
    given: Mapping[str, Any],
    target: Path,
    force: bool,
) -> Todo:
    """What is to be done to have the outputs of these notebooks in the folder `target`."""
    earlier = read_record(target / RECORD)
    data = data_hashes(file)
    used = [ingredients(source, file, reference, given, data) for source in sources]
    keys = [[source.name, one.key] for source, one in zip(sources, used, strict=True)]
    is_done = (
        not force
        and earlier.get("keys") == keys
        and written_files(target) == earlier.get("outputs")
    )
    steps = [
        Step(source, one, one.key, None, None, ())
        if is_done
        else _step(source, one, earlier, force)
        for source, one in zip(sources, used, strict=True)
    ]
    return Todo(steps, earlier, is_done)


def _step(
    source: SourceNotebook, used: Ingredients, earlier: Mapping[str, Any], force: bool
) -> Step:
    key = used.key
    name = file_name(source.path, project_folder())
    if force:
        return Step(source, used, key, None, FORCED, ())
    part = kept_part(key)
    if part is not None:
        return Step(source, used, key, part, None, ())
    if name not in earlier.get("notebooks", {}):
        return Step(source, used, key, None, NEW, ())
    changes = tuple(used.changes(name, earlier))
    return Step(source, used, key, None, CHANGED if changes else LOST, changes)


def written_files(folder: Path) -> dict[str, str]:
    """Every output of a study with its hash, but the record itself and the log of times."""
    found = hashes_below(folder)
    return {name: hash for name, hash in found.items() if name not in (RECORD, RUN_LOG)}


def read_record(path: Path) -> dict[str, Any]:
    """A record that was written before; empty when there is none or it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
