"""Every parameter has one group, and a new one finds its place by its topic."""

import dataclasses

import pytest
import yaml

from opdanalysis.errors import DataProblems, UsageError
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.input_groups import InputGroup, grouped
from opdanalysis.reading import input_groups
from opdanalysis.reading.input_groups import read_input_groups
from opdanalysis.text.words import LANGUAGES, Words


def test_every_parameter_is_in_exactly_one_group(contoh, palembang):
    for known in (contoh, palembang):
        groups = grouped(read_input_groups(known.book), known.book)
        names = [name for own in groups.values() for name in own]
        assert sorted(names) == sorted(known.book)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_group_has_a_label(contoh, lang):
    words = Words(lang)
    groups = [group.id for group in read_input_groups(contoh.book)]
    assert [id for id in [*groups, "everything"] if f"group.{id}" not in words] == []


def test_a_named_parameter_leaves_the_group_of_its_topic(contoh):
    groups = grouped(read_input_groups(contoh.book), contoh.book)
    assert contoh.book["guard_cost"].topic == contoh.book["upkeep_yard"].topic
    assert "guard_cost" in groups["wages"]
    assert "upkeep_yard" in groups["upkeep"]


def test_a_new_parameter_finds_its_place_by_its_topic(contoh):
    new = dataclasses.replace(contoh.book["demolition_cost"], name="removal_of_rubble")
    book = ParameterBook([*(contoh.book[name] for name in contoh.book), new])
    assert "removal_of_rubble" in grouped(read_input_groups(book), book)["moving"]


def test_a_parameter_without_a_group_is_refused(contoh):
    book = ParameterBook([contoh.book["guard_cost"], contoh.book["dip_share"]])
    with pytest.raises(UsageError) as told:
        grouped([InputGroup("wages", (), ("guard_cost",))], book)
    assert str(told.value) == (
        "parameter 'dip_share' is in no input group. Add it, or its topic 'transition', to one."
    )


def test_all_faults_of_the_file_are_told_at_once(contoh, tmp_path, monkeypatch):
    content = {
        "wages": {"topics": ["operating_cost"], "parameters": ["guard_cst", "dip_share"]},
        "moving": {"parameters": ["dip_share"], "colour": "red"},
    }
    folder = tmp_path / "parameters" / "groups"
    folder.mkdir(parents=True)
    (folder / "input_groups.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    monkeypatch.setattr(input_groups, "data_folder", lambda: tmp_path)
    book = ParameterBook([contoh.book[name] for name in ("guard_cost", "dip_share", "dip_years")])
    with pytest.raises(DataProblems) as told:
        read_input_groups(book)
    assert [str(problem) for problem in told.value.problems] == [
        "input_groups.yaml: parameter 'dip_years' is in no group. "
        "Add it, or its topic 'transition', to one.",
        "input_groups.yaml, key moving: parameter 'dip_share' also stands in the group 'wages'. "
        "Keep it in one.",
        "input_groups.yaml, key moving.colour: the key is not known. Allowed: parameters, topics.",
        "input_groups.yaml, key wages: 'guard_cst' is not a parameter. Did you mean 'guard_cost'?",
    ]
