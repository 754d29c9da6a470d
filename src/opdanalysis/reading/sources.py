"""Every source once: who published what, when, and where it can be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import SOURCES_FILE
from opdanalysis.reading.yaml_files import Fields, read_yaml


@dataclass(frozen=True)
class Source:
    """A page, a document or a judgement; without an address the note says why."""

    key: str
    title: str
    publisher: str
    date: str | None
    address: str | None
    read_on: str
    note: str


def read_sources(folders: list[Path], faults: Faults) -> dict[str, Source]:
    """The sources of the data folder and, where it has some, of the city."""
    found: dict[str, Source] = {}
    for folder in folders:
        path = folder / SOURCES_FILE
        if not path.is_file():
            continue
        entries = read_yaml(path, faults)
        if not isinstance(entries, dict):
            if entries is not None:
                faults.add(SOURCES_FILE, None, None, "a mapping of keys to sources is expected.")
            faults.lost.add(SOURCES_FILE)
            continue
        for key, content in entries.items():
            source = _source(str(key), content, faults)
            if source.key in found:
                faults.add(SOURCES_FILE, None, source.key, "the source is defined twice.")
            found[source.key] = source
    return found


def _source(key: str, content: object, faults: Faults) -> Source:
    fields = Fields(content, SOURCES_FILE, key, faults)
    source = Source(
        key=key,
        title=fields.text("title") or "",
        publisher=fields.text("publisher") or "",
        date=fields.text("date", None),
        address=fields.text("address", None),
        read_on=fields.text("read_on") or "",
        note=fields.text("note", "") or "",
    )
    fields.close()
    if source.address is None and not source.note:
        fields.fault("a source without an address needs a note that says why.", "note")
    return source
