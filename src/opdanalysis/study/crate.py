"""The outputs described for machines: an RO-Crate with data, notebooks, figures and software.

The form is RO-Crate 1.1 (https://www.researchobject.org/ro-crate/specification/1.1/). It holds
neither a time nor a machine, so that the same study gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opdanalysis.study.kept import write_json
from opdanalysis.study.steps import RECORD, RUN_LOG, written_files

CRATE = "ro-crate-metadata.json"
"""The file of the crate in a study's outputs."""

SPECIFICATION = "https://w3id.org/ro/crate/1.1"
CONTEXT = [f"{SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"}]
LICENCE = "https://spdx.org/licenses/MIT"

FORMATS = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gexf": "application/xml",
    ".graphml": "application/xml",
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tex": "application/x-tex",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The media type of a file, by the ending of its name."""

KINDS = {"figures": "ImageObject", "notebooks": "SoftwareSourceCode"}
"""What else than a file the files of a folder are; the CSV behind a figure is no picture."""


@dataclass(frozen=True)
class AboutStudy:
    """What a crate and a README say of a study, besides its files.

    `date` is the day of the newest plan, claim or prediction in its data, `reference` how commands
    name its file. `data` and `notebooks` are files with their hashes, `libraries` the versions.
    """

    name: str
    description: str
    date: str
    lang: str
    synthetic: bool
    reference: str
    draws: int
    seed: int
    data: Mapping[str, str]
    notebooks: Mapping[str, str]
    libraries: Mapping[str, str | None]


def write_crate(about: AboutStudy, folder: Path) -> None:
    """Write the crate of all files that are in the outputs folder by now."""
    write_json(crate(about, written_files(folder), folder), folder / CRATE)


def crate(about: AboutStudy, files: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """The crate of a study whose outputs are these files, with their hashes."""
    written = {name: hash for name, hash in files.items() if name != CRATE}
    outputs = [_output(name, hash, folder) for name, hash in written.items()]
    # These two change where nothing else does, with the commit and the clock: no hash of them.
    later = [_file(RECORD, {"name": RECORD}), _file(RUN_LOG, {"name": RUN_LOG})]
    inputs = [_input(name, hash, "CreativeWork") for name, hash in about.data.items()]
    sources = [_input(name, hash, "SoftwareSourceCode") for name, hash in about.notebooks.items()]
    software = [_software(name, version) for name, version in about.libraries.items() if version]
    run = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "opdanalysis study",
        "instrument": _refer(software),
        "object": _refer([*inputs, *sources]),
        "result": _refer(outputs),
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.name,
        "description": about.description,
        "datePublished": about.date,
        "inLanguage": about.lang,
        "license": {"@id": LICENCE},
        "creator": {"@id": "#authors"},
        "hasPart": _refer([*outputs, *later]),
        "mentions": {"@id": "#run"},
    }
    descriptor = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": SPECIFICATION},
    }
    licence = {
        "@id": LICENCE,
        "@type": "CreativeWork",
        "name": "MIT License",
        "identifier": "MIT",
    }
    authors = {"@id": "#authors", "@type": "Organization", "name": "the opdanalysis authors"}
    entities = [descriptor, root, *outputs, *later, *inputs, *sources, *software, run]
    return {"@context": CONTEXT, "@graph": [*entities, licence, authors]}


def _output(name: str, hash: str, folder: Path) -> dict[str, Any]:
    size = str((folder / name).stat().st_size)
    return _file(name, {"name": Path(name).name, "contentSize": size, "sha256": hash})


def _file(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    ending = Path(name).suffix
    media = {"encodingFormat": FORMATS[ending]} if ending in FORMATS else {}
    kind = KINDS.get(name.split("/")[0])
    types = ["File", kind] if kind and ending != ".csv" else "File"
    return {"@id": name, "@type": types, **fields, **media}


def _input(name: str, hash: str, kind: str) -> dict[str, Any]:
    return {"@id": f"#{name}", "@type": kind, "name": name, "sha256": hash}


def _software(name: str, version: str) -> dict[str, Any]:
    return {
        "@id": f"#software-{name}",
        "@type": "SoftwareApplication",
        "name": name,
        "version": version,
    }


def _refer(entities: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"@id": entity["@id"]} for entity in entities]
