"""Every file, column, parameter and word that a reader meets is explained somewhere."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
import yaml

from opdanalysis.city import city, entities, estimate, placement
from opdanalysis.city.entities import SUPPLY_UNITS
from opdanalysis.experiment import result
from opdanalysis.outcomes import Outcome
from opdanalysis.parameters import book, parameter, values
from opdanalysis.plans import plan
from opdanalysis.reading.schema import (
    AGENCY_KINDS,
    EVIDENCE,
    FIELDS,
    LAYERS,
    NATURES,
    STATUSES,
    TABLES,
    TENURES,
)
from opdanalysis.units import UNITS

ROOT = Path(__file__).resolve().parents[1]
DICTIONARY = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", DICTIONARY, flags=re.MULTILINE)
GLOSSARY = ROOT / "docs" / "glossary.md"


def named(text: str) -> set[str]:
    """The words between backticks, lists such as `a`, `b` and `a, b` taken apart."""
    return {word.strip() for cell in re.findall(r"`([^`]+)`", text) for word in cell.split(",")}


def sections_on(file: str) -> str:
    return "".join(section for section in SECTIONS if f"`{file}`" in section.splitlines()[0])


@pytest.mark.parametrize("file", TABLES)
def test_every_table_has_a_section_of_the_dictionary(file):
    assert sections_on(file)


@pytest.mark.parametrize("file", TABLES)
def test_every_column_is_named_in_the_section_of_its_table(file):
    """`id`, `name`, `source` and `note` are explained once; `x_low` and so on under Evidence."""
    words = named(sections_on(file)) | {"id", "name", "name_en", "source", "note", "lat", "lon"}
    unnamed = [column.name for column in TABLES[file].columns if column.name not in words]
    assert unnamed == []
    for ending in ("x_low", "x_high", "x_evidence", "x_source"):
        assert f"`{ending}`" in DICTIONARY


@pytest.mark.parametrize(
    "words",
    [EVIDENCE, AGENCY_KINDS, FIELDS, TENURES, STATUSES, NATURES, LAYERS, tuple(SUPPLY_UNITS)],
)
def test_every_word_that_a_cell_may_hold_is_explained(words):
    assert set(words) - named(DICTIONARY) == set()


def test_every_status_of_a_plan_is_in_the_dictionary():
    section = sections_on("plans/*.yaml")
    assert set(plan.STATUSES[1:]) <= named(section)


PARAMETERS = {
    name: entry
    for path in sorted((ROOT / "data" / "parameters").glob("*.yaml"))
    if path.name != "inflation.yaml"
    for name, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_says_what_it_is_and_in_which_unit(name):
    entry = PARAMETERS[name]
    assert entry["unit"] in UNITS
    assert len(entry["description"].split()) >= 3
    assert entry["description"][0].isupper()
    assert not entry["description"].endswith(".")


def test_every_column_and_parameter_has_a_unit_of_the_closed_list(contoh, palembang):
    of_columns = {column.unit for table in TABLES.values() for column in table.all_columns}
    used = {known.book[name].unit for known in (contoh, palembang) for name in known.book}
    assert (used | of_columns) - {None} <= set(UNITS)


def public_nouns() -> set[str]:
    modules = (city, entities, estimate, placement, parameter, book, values, plan, result)
    found = {
        name
        for module in modules
        for name, noun in vars(module).items()
        if inspect.isclass(noun) and noun.__module__ == module.__name__ and name[0] != "_"
    }
    return found | {Outcome.__name__}


# Nouns of the code whose word in the glossary differs, or that need none.
SYNONYMS = {"ParameterBook": "book", "VectorParameter": "parameter"}
PLAIN_WORDS = {"Position", "Bridge", "City", "Move", "Result"}


def test_every_noun_of_the_code_is_a_word_of_the_glossary():
    rows = re.findall(r"^\| ([^|]+) \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    words = {word.strip().lower() for row in rows for word in row.split(",")}
    nouns = {SYNONYMS.get(noun, noun).lower() for noun in public_nouns() - PLAIN_WORDS}
    assert nouns - words == set()


@pytest.mark.parametrize(("word", "kinds"), [("Fate", plan.FATES), ("Evidence", EVIDENCE)])
def test_the_glossary_names_every_kind_of(word, kinds):
    row = re.search(rf"^\| {word} \|.*$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None
    for kind in kinds:
        assert kind in row[0]
