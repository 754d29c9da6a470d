"""Outputs are written whole or not at all: everything grows in a stage and is moved at the end."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from opdanalysis.errors import OutputsError
from opdanalysis.study.lock import unwritable
from opdanalysis.text.words import Words

ROOM = 100 * 2**20
"""Free room on the disk that a study asks for at least [bytes]."""

OF_THE_PLACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)
"""What goes wrong with the disk or the folder; anything else is a fault of ours."""

AT_CWD, EXCHANGE = -100, 2
"""What the systems call "seen from here" and "let these two change places"."""


@dataclass(frozen=True)
class Stage:
    """A folder beside the outputs: `outputs` will take their place, `work` is thrown away."""

    folder: Path

    @property
    def outputs(self) -> Path:
        """What will be the outputs."""
        return self.folder / "outputs"

    @property
    def work(self) -> Path:
        """Room for what is only needed on the way."""
        return self.folder / "work"

    @property
    def old(self) -> Path:
        """Where earlier outputs wait while they are replaced."""
        return self.folder / "old"


@contextmanager
def staged(target: Path, words: Words) -> Iterator[Stage]:
    """A stage whose outputs take the place of `target` only when all went well.

    Whoever calls holds the lock of `target`, so a stage that lies there is of a run that was
    killed: it is swept. Raises OutputsError when the place cannot be written or the disk is full.
    On any fault `target` stays as it was.
    """
    stage = Stage(target.with_name(f".stage-{target.name}"))
    try:
        _sweep(stage, target)
        stage.outputs.mkdir(parents=True)
        stage.work.mkdir()
        free = shutil.disk_usage(stage.folder).free
    except OSError as error:
        raise unwritable(target.parent, error, words) from error
    try:
        if free < ROOM:
            room = f"{free / 2**20:.0f}"
            raise OutputsError(words("cli.little_room", path=target.parent, mib=room))
        yield stage
        _replace(target, stage, words)
    except OSError as error:
        if error.errno not in OF_THE_PLACE:
            raise
        raise unwritable(target.parent, error, words) from error
    finally:
        _sweep(stage, target)


def _sweep(stage: Stage, target: Path) -> None:
    """Remove a stage, but first put back outputs that were moved away and not yet replaced."""
    if stage.old.exists() and not target.exists():
        os.replace(stage.old, target)
    shutil.rmtree(stage.folder, ignore_errors=True)


def _replace(target: Path, stage: Stage, words: Words) -> None:
    """Put the new outputs in their place: in one step where the system can, else in two."""
    if target.exists() and _exchanged(stage.outputs, target):
        return
    try:
        if target.exists():
            os.replace(target, stage.old)
        os.replace(stage.outputs, target)
    except OSError as error:
        raise OutputsError(words("cli.not_replaced", path=target, why=error.strerror)) from error


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two folders could change places in one step, so that both always exist."""
    paths = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None)
        if sys.platform == "linux":
            return system.renameat2(AT_CWD, paths[0], AT_CWD, paths[1], EXCHANGE) == 0
        if sys.platform == "darwin":
            return system.renamex_np(*paths, EXCHANGE) == 0
    except (AttributeError, OSError, TypeError):
        pass
    return False
