"""The outputs describe themselves: to machines by a crate, to replicators by a README."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.study.small import Small


@pytest.fixture
def crate(finished: Small) -> dict[str, Any]:
    """The crate of a study that has run."""
    return json.loads((finished.out / "ro-crate-metadata.json").read_text())


def entities(crate: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The entities of a crate by their ids, each of which may stand once."""
    found = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(found) == len(crate["@graph"])
    return found


def references(content: Any) -> set[str]:
    """Every id that is referred to below some content."""
    if isinstance(content, list):
        return set().union(*map(references, content))
    if isinstance(content, dict):
        if set(content) == {"@id"}:
            return {content["@id"]}
        return set().union(*map(references, content.values()))
    return set()


def test_the_crate_is_what_its_specification_asks_for(crate: dict[str, Any]) -> None:
    """RO-Crate 1.1: a descriptor, a root with name, description, day and licence, flat."""
    assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    found = entities(crate)
    descriptor = found["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork"
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = found["./"]
    assert root["@type"] == "Dataset"
    assert {"name", "description", "license", "datePublished"} <= set(root)
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", root["datePublished"])
    named = references(crate["@graph"])
    assert named - set(found) == {"https://w3id.org/ro/crate/1.1"}
    files = {id for id, entity in found.items() if "File" in str(entity["@type"])}
    assert files == {part["@id"] for part in root["hasPart"]}


def test_the_crate_lists_every_file_with_its_hash(crate: dict[str, Any], finished: Small) -> None:
    found = entities(crate)
    for name, content in finished.files().items():
        assert name in found
        if name not in ("record.json", "ro-crate-metadata.json"):
            assert found[name]["sha256"] == hashlib.sha256(content).hexdigest()
            assert found[name]["contentSize"] == str(len(content))
    run = found["#run"]
    inputs = {part["@id"] for part in run["object"]}
    assert "#data/cities/contoh/agencies.csv" in inputs
    assert "#software-numpy" in {part["@id"] for part in run["instrument"]}


def test_crate_and_readme_name_neither_a_time_nor_a_machine(finished: Small) -> None:
    log = json.loads((finished.out / "run-log.json").read_text())
    for name in ("ro-crate-metadata.json", "README.md"):
        text = (finished.out / name).read_text()
        assert log["finished"][:10] not in text
        assert str(Path.home()) not in text
        assert str(finished.folder) not in text


HEADINGS = {
    "id": (
        "Ringkasan",
        "Ketersediaan dan asal data",
        "Daftar berkas data",
        "Kebutuhan komputasi",
        "Keterangan program",
        "Petunjuk mengulang",
        "Daftar gambar dan tabel",
        "Rujukan",
    ),
    "en": (
        "Overview",
        "Data availability and provenance",
        "List of data files",
        "Computational requirements",
        "Description of programs",
        "Instructions to replicators",
        "List of figures and tables",
        "References",
    ),
}


def test_the_readme_has_the_parts_of_the_data_editors_in_their_order(finished: Small) -> None:
    """The template README of the social science data editors, version 1.1, gives the order."""
    text = (finished.out / "README.md").read_text()
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == HEADINGS["id"]
    assert "| Tabel | `gains` | one | [4] | Judul |" in text
    assert "| `data/cities/contoh/agencies.csv` | invented |" in text
    assert "* `invented`: opdanalysis authors" in text


def test_the_readme_of_another_language_has_the_same_parts(small: Small) -> None:
    assert small.run("--lang", "en") == 0
    text = (small.out / "README.md").read_text()
    assert tuple(re.findall(r"^## (.+)$", text, re.MULTILINE)) == HEADINGS["en"]
    assert "--lang en --draws 20 --seed 0 --force" in text
