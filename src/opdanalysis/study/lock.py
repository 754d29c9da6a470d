"""One run at a time writes to a folder; a second one hears who is at work there."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opdanalysis.errors import OutputsError
from opdanalysis.text.words import Words

if os.name == "nt":
    import msvcrt
else:
    import fcntl

POLL, SHORT_POLL = 0.5, 0.1
"""Seconds between two looks at a lock that another run, or another notebook, holds."""

FAR = 1 << 30
"""Where Windows locks a byte: behind the text, so that others can read who holds the lock."""


@contextmanager
def locked(target: Path, words: Words, wait: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock of an outputs folder; the system frees it when the process ends, however.

    With `wait` given, it hears who holds the lock and this run waits. Raises OutputsError when
    the lock is held by another, or cannot be written.
    """
    path = target.with_name(f".{target.name}.lock")
    told = False
    while True:
        file = _opened(path, words)
        if _taken(file) and _is_still(file, path):
            break
        holder = _holder(path)
        os.close(file)
        sentence = words("cli.locked", path=target, **holder)
        if wait is None:
            raise OutputsError(sentence)
        if not told:
            wait(sentence)
            told = True
        time.sleep(POLL)
    try:
        _sign(file)
        yield
    finally:
        _freed(file, path)


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Let one process at a time pass, the others wait; where no lock can be had, all pass."""
    file = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        while not (_taken(file) and _is_still(file, path)):
            os.close(file)
            time.sleep(SHORT_POLL)
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        pass
    try:
        yield
    finally:
        if file is not None:
            _freed(file, path)


def _freed(file: int, path: Path) -> None:
    """Remove and close a lock; Windows removes no open file."""
    with contextlib.suppress(OSError):
        if os.name != "nt":
            path.unlink()
        os.close(file)
        if os.name == "nt":
            path.unlink()


def _opened(path: Path, words: Words) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise unwritable(path.parent, error, words) from error


def unwritable(folder: Path, error: OSError, words: Words) -> OutputsError:
    """The sentence for a folder that cannot be written, or a disk without room."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    key = "cli.disk_full" if full else "cli.unwritable"
    return OutputsError(words(key, path=folder, why=error.strerror))


def _taken(file: int) -> bool:
    try:
        if os.name == "nt":
            os.lseek(file, FAR, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        # Some network folders know no locks: better to run there without than not at all.
        return error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS)
    return True


def _is_still(file: int, path: Path) -> bool:
    """Whether the locked file is the one at its place; the last holder may have removed it."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False


def _sign(file: int) -> None:
    about = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "start": time.strftime("%Y-%m-%d %H:%M:%S"),
    }
    with contextlib.suppress(OSError):  # a full disk does not make the lock worse
        os.lseek(file, 0, os.SEEK_SET)
        os.ftruncate(file, 0)
        os.write(file, json.dumps(about).encode())


def _holder(path: Path) -> dict[str, Any]:
    """Who holds the lock; the holder may be about to write it."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(path.read_text(encoding="utf-8"))
        return {name: found[name] for name in ("pid", "host", "start")}
    return {"pid": "?", "host": "?", "start": "?"}
