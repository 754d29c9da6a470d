"""Outputs are written whole or not at all: everything grows in a stage and is moved at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opdanalysis.errors import OutputsError

STAGE_START = ".stage-"


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A folder to write into; it takes the place of `target` only when all went well.

    Raises OutputsError when the place cannot be written. On any fault `target` stays as it was.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=f"{STAGE_START}{target.name}-", dir=target.parent))
        stage.chmod(0o755)
    except OSError as error:
        raise OutputsError(
            f"the folder {target.parent} cannot be written ({error.strerror}). "
            "Choose another one with --out, or change its permissions."
        ) from error
    try:
        yield stage
        replace_folder(stage, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def replace_folder(new: Path, target: Path) -> None:
    """Put a folder in the place of another in two renames."""
    old = new.with_name(f"{new.name}-old")
    try:
        if target.exists():
            os.replace(target, old)
        os.replace(new, target)
    except OSError as error:
        if old.exists() and not target.exists():
            os.replace(old, target)
        raise OutputsError(
            f"{target} could not be replaced ({error.strerror}). "
            "Close the programs that have its files open, then run this again."
        ) from error
    shutil.rmtree(old, ignore_errors=True)
