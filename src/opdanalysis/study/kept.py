"""What was finished is kept, whole or not at all, and found again by the key of what it used."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.reading.places import project_folder

CACHE_VARIABLE = "OPDANALYSIS_CACHE"
NOTEBOOKS = "notebooks"
WORKBOOKS = "workbooks"
ABOUT = "part.json"
FILES = "files"
PAGE = "page.html"

MOST_BYTES = 500 * 2**20
"""How much is kept on the disk [bytes]; what is unused for longest goes first."""


ABANDONED = 3600.0
"""Seconds after which something half written is of a run that was killed."""


@dataclass(frozen=True)
class Part:
    """What one notebook wrote: its files with their hashes, its page and its title.

    `used` is what that took: seconds on the clock and of the processor, and memory [MiB].
    """

    folder: Path
    files: Mapping[str, str]
    title: str
    used: Mapping[str, float | None]

    def page(self) -> str:
        """The executed notebook as the inside of a web page."""
        return (self.folder / PAGE).read_text(encoding="utf-8")

    def copy_to(self, target: Path) -> None:
        """Copy the files of this notebook to a folder."""
        for name in self.files:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.folder / FILES / name, target / name)


def cache_folder() -> Path:
    """Where things are kept: in the clone's outputs, or in the folder for temporary files.

    The environment variable OPDANALYSIS_CACHE names another folder.
    """
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named)
    project = project_folder()
    return (
        project / "outputs" / ".cache" if project else Path(tempfile.gettempdir()) / "opdanalysis"
    )


def finish_part(folder: Path, title: str, used: Mapping[str, float | None]) -> Part:
    """Close the folder of a notebook that ended well: note each file with its hash."""
    part = Part(folder, hashes_below(folder / FILES), title, used)
    about = {
        "files": part.files,
        "page": file_hash(folder / PAGE),
        "title": title,
        "used": used,
    }
    write_json(about, folder / ABOUT)
    return part


def kept_part(key: str) -> Part | None:
    """The finished notebook of a key, or None when it was not kept or is not whole any more."""
    folder = cache_folder() / NOTEBOOKS / key
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        whole = hashes_below(folder / FILES) == about["files"]
        whole = whole and file_hash(folder / PAGE) == about["page"]
        found = Part(folder, about["files"], about["title"], about["used"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if not whole:
        return None
    with contextlib.suppress(OSError):
        os.utime(folder)
    return found


def keep_part(key: str, part: Part) -> None:
    """Keep a finished notebook; where that cannot be written, the study goes on without."""
    place = cache_folder() / NOTEBOOKS
    try:
        place.mkdir(parents=True, exist_ok=True)
        copy = Path(tempfile.mkdtemp(prefix=".part-", dir=place))
        try:
            shutil.copytree(part.folder, copy, dirs_exist_ok=True)
            shutil.rmtree(place / key, ignore_errors=True)
            os.replace(copy, place / key)
        finally:
            shutil.rmtree(copy, ignore_errors=True)
    except OSError:
        return


def forget_longest_unused() -> None:
    """Remove what has been unused for longest, beyond what is kept on the disk."""
    folder = cache_folder()
    with contextlib.suppress(OSError):  # another study may be tidying up as well
        for path in (*folder.glob("*/.part-*"), *folder.glob("*.part")):
            if time.time() - path.stat().st_mtime > ABANDONED:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        places = (f"{NOTEBOOKS}/*", f"{WORKBOOKS}/*", "*.npz")
        found = [path for place in places for path in folder.glob(place)]
        total = 0
        for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True):
            files = [path, *path.rglob("*")]
            total += sum(file.stat().st_size for file in files if file.is_file())
            if total > MOST_BYTES:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def hashes_below(folder: Path) -> dict[str, str]:
    """Every file below a folder with its hash, by its path from there."""
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def file_hash(path: Path) -> str:
    """The SHA-256 of a file; a file that has not changed since is not read again."""
    now = path.stat()
    return _hash(path, now.st_mtime_ns, now.st_size, now.st_ino)


@functools.cache
def _hash(path: Path, *unchanged: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(content: Any, path: Path) -> None:
    """A JSON file with sorted keys, written whole or not at all."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    part = path.with_name(f".{path.name}-{os.getpid()}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)
