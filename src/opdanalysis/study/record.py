"""The record of a study: what went in, what came out, and with which versions."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from opdanalysis.reading.places import project_folder
from opdanalysis.reading.studies import StudyFile
from opdanalysis.study.keys import asked, hashes, library_versions
from opdanalysis.study.steps import Step, written_files


def record(
    file: StudyFile,
    reference: str,
    given: Mapping[str, Any],
    steps: list[Step],
    found: Mapping[str, Any],
    outputs: Path,
) -> dict[str, Any]:
    """Settings, versions, commit, and the hashes of every input and output, without any time.

    `found` holds what only the read city tells: its id, whether it is invented, and the plans.
    """
    libraries = library_versions()
    code: dict[str, str] = {}
    for step in steps:
        code |= step.ingredients.code
    return {
        "study": file.id,
        **found,
        "scenarios": list(file.scenarios),
        "draws": file.draws,
        "seed": file.seed,
        "lang": file.lang,
        "asked": {**asked(file, reference), **given},
        "opdanalysis": libraries["opdanalysis"],
        "libraries": libraries,
        "commit": _commit(),
        "data": dict(steps[0].ingredients.data) if steps else {},
        "code": code,
        "notebooks": hashes(step.source.path for step in steps),
        "keys": [[step.source.name, step.key] for step in steps],
        "outputs": written_files(outputs),
    }


def _commit() -> dict[str, Any] | None:
    """The commit of the clone and whether its files were unchanged, or None outside a clone."""
    root = project_folder()
    if root is None:
        return None
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain")
    except (OSError, subprocess.SubprocessError):
        return None
    return {"id": commit, "clean": not changed}


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.strip()
