"""The record of a study: what went in, what came out, and with which versions."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from opdanalysis.reading.places import project_folder
from opdanalysis.study.cache import code_files, input_files
from opdanalysis.study.open_study import OpenStudy

LIBRARIES = ("numpy", "pandas", "scipy", "matplotlib", "seaborn", "papermill", "nbconvert")


def record(study: OpenStudy, notebooks: Iterable[Path], stage: Path) -> dict[str, Any]:
    """Settings, versions, commit, and the hashes of every input and output, without any time."""
    file = study.file
    return {
        "study": file.id,
        "city": study.city.id,
        "synthetic": study.city.synthetic,
        "plans": [plan.id for plan in study.plans],
        "scenarios": list(file.scenarios),
        "draws": file.draws,
        "seed": file.seed,
        "lang": file.lang,
        "opdanalysis": _version("opdanalysis"),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "commit": _commit(),
        "data": _hashes(input_files(study.folder)),
        "code": _hashes(code_files()),
        "notebooks": _hashes(notebooks),
        "outputs": {
            path.relative_to(stage).as_posix(): file_hash(path)
            for path in sorted(stage.rglob("*"))
            if path.is_file()
        },
    }


def write_json(content: Any, path: Path) -> None:
    """A JSON file with sorted keys."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def file_hash(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hashes(paths: Iterable[Path]) -> dict[str, str]:
    root = project_folder()
    found = {}
    for path in paths:
        inside = root is not None and path.resolve().is_relative_to(root)
        name = path.resolve().relative_to(root).as_posix() if inside and root else path.name
        found[name] = file_hash(path)
    return found


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit() -> dict[str, Any] | None:
    """The commit of the clone and whether its files were unchanged, or None outside a clone."""
    root = project_folder()
    if root is None:
        return None
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain")
    except (OSError, subprocess.CalledProcessError):
        return None
    return {"id": commit, "clean": not changed}


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.strip()
