"""CITATION.cff has what version 1.2.0 of the format asks for, and agrees with pyproject.toml."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_required_fields_are_there():
    assert CITATION["cff-version"] == "1.2.0"
    assert CITATION["type"] == "software"
    assert {"message", "title", "authors"} <= set(CITATION)
    assert all(isinstance(CITATION[field], str) for field in ("message", "title", "version"))


def test_the_author_is_the_group_and_no_person_is_named():
    assert CITATION["authors"] == PROJECT["authors"] == [{"name": "the opdanalysis authors"}]


def test_no_address_of_a_repository_is_given():
    assert not {"repository", "repository-code", "repository-artifact", "url"} & set(CITATION)
    assert "urls" not in PROJECT


def test_version_and_licence_agree_with_the_project():
    assert CITATION["version"] == PROJECT["version"]
    assert CITATION["license"] == PROJECT["license"] == "MIT"
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("MIT License\n\nCopyright (c) 2026 the opdanalysis authors\n")
