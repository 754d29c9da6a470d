"""Both languages say the same things, and nothing that a reader meets is without words."""

import re

import pytest
import yaml

from opdanalysis.models.operating_cost import LINES
from opdanalysis.models.parking import KINDS as KINDS_OF_VEHICLE
from opdanalysis.models.readiness import COLOURS, CRITERIA
from opdanalysis.models.saving_kinds import KINDS
from opdanalysis.outcomes import OUTCOMES
from opdanalysis.plans.plan import FATES, STATUSES
from opdanalysis.reading.schema import EVIDENCE, LAYERS
from opdanalysis.text import words as words_module
from opdanalysis.text.scales import scale_of
from opdanalysis.text.words import LANGUAGES, Words, _read

WORDS = {lang: Words(lang) for lang in LANGUAGES}


def test_both_languages_have_the_same_keys():
    assert list(_read("id")) == list(_read("en"))


def test_both_languages_leave_the_same_blanks():
    for key, text in _read("id").items():
        blanks = [sorted(re.findall(r"{(\w+)}", words)) for words in (text, _read("en")[key])]
        assert blanks[0] == blanks[1], key


def test_no_key_is_written_twice():
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader, node):
        keys = [loader.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), keys
        return loader.construct_yaml_map(node)

    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    for lang in LANGUAGES:
        path = words_module.__file__.replace("words.py", f"{lang}.yaml")
        with open(path, encoding="utf-8") as text:
            yaml.load(text, Strict)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_is_reported_has_words(lang):
    needed = [
        *(f"outcome.{id}" for id in OUTCOMES),
        *(f"line.{line}" for line in (*LINES, "total")),
        *(f"kind.{kind}" for kind in (*KINDS, "net")),
        *(f"evidence.{word}" for word in EVIDENCE),
        *(f"status.{status}" for status in STATUSES),
        *(f"fate.{fate}" for fate in FATES),
        *(f"layer.{layer}" for layer in LAYERS),
        *(f"criterion.{criterion}" for criterion in CRITERIA),
        *(f"{key}.{colour}" for colour in COLOURS for key in ("colour", "colour_short")),
        *(f"vehicle.{kind}" for kind in KINDS_OF_VEHICLE),
    ]
    assert [key for key in needed if key not in WORDS[lang]] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_parameter_and_topic_has_a_label(world, lang):
    names = {f"parameter.{name}" for name in world.book}
    topics = {f"topic.{world.book[name].topic}" for name in world.book}
    assert sorted(key for key in names | topics if key not in WORDS[lang]) == []


def test_every_label_of_a_parameter_is_of_a_parameter(real):
    labels = {key.removeprefix("parameter.") for key in _read("id") if key.startswith("parameter.")}
    assert labels == set(real.book)


@pytest.mark.parametrize(
    ("numbers", "change", "unit", "size", "digits"),
    [
        (("Rp/year", [2.5e12]), False, "Rp triliun per tahun", 1e12, 1),
        (("Rp/year", [-3e9, 1e9]), False, "Rp miliar per tahun", 1e9, 1),
        (("Rp/year", [4.2e8]), False, "Rp juta per tahun", 1e6, 0),
        (("1", [0.4]), False, "%", 0.01, 1),
        (("1", [0.4]), True, "poin persen", 0.01, 1),
        (("km", []), False, "km", 1, 2),
    ],
)
def test_numbers_are_said_in_a_unit_that_fits(numbers, change, unit, size, digits):
    scale = scale_of(*numbers, WORDS["id"], change)
    assert (scale.unit, scale.size, scale.digits) == (unit, size, digits)
