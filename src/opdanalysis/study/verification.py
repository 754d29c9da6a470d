"""A received outputs folder against its own record, without running anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opdanalysis.errors import UsageError
from opdanalysis.study.map import shown_by
from opdanalysis.study.steps import RECORD, read_record, written_files
from opdanalysis.study.values_file import VALUES, said_values, values_text

OF_SYSTEMS = (".DS_Store", "Thumbs.db", "desktop.ini")
"""Files that a system leaves behind where somebody looked into a folder."""


@dataclass(frozen=True)
class Verified:
    """What is not as the record says: files that lack, that are too many, and that are others.

    `values_agree` tells whether the file of values holds what the notebooks say.
    """

    files: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    changed: tuple[str, ...]
    values_agree: bool

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it was written."""
        return not (self.missing or self.extra or self.changed) and self.values_agree


def verify(folder: Path) -> Verified:
    """Hold the files of an outputs folder against its record. Raises UsageError without one."""
    record = read_record(folder / RECORD)
    expected = record.get("outputs")
    if not isinstance(expected, dict):
        raise UsageError(
            f"{folder} has no {RECORD} that can be read, so it is not the outputs of a study. "
            f"Name the folder that holds {RECORD}."
        )
    found = {
        name: hash
        for name, hash in written_files(folder).items()
        if Path(name).name not in OF_SYSTEMS
    }
    changed = tuple(n for n, hash in expected.items() if n in found and found[n] != hash)
    return Verified(
        files=len(expected),
        missing=tuple(name for name in expected if name not in found),
        extra=tuple(name for name in found if name not in expected),
        changed=changed,
        values_agree=values_agree(folder),
    )


def values_agree(folder: Path) -> bool:
    """Whether the file of values holds exactly the numbers that the executed notebooks say."""
    record = read_record(folder / RECORD)
    try:
        shown = shown_by([name for name, _ in record["keys"]], folder)
        text = values_text(said_values(shown, record["lang"]))
        return (folder / VALUES).read_text(encoding="utf-8") == text
    except (OSError, ValueError, KeyError):
        return False
