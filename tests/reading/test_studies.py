"""The file of a study: every fault at once, in words, with its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from opdanalysis.errors import UsageError
from opdanalysis.reading.studies import read_study

GOOD = """\
city: contoh
title: {id: Uji, en: Trial}
scenarios: [as-budgeted]
draws: 20
seed: 0
lang: id
notebooks: [00_start_here]
"""


@pytest.fixture
def study(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "trial.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def faults(path: Path) -> list[str]:
    with pytest.raises(UsageError) as refusal:
        read_study(path)
    return str(refusal.value).splitlines()


def test_a_good_study_is_read_and_0_is_a_seed(study):
    found = read_study(study(GOOD))
    assert (found.id, found.city, found.draws, found.seed) == ("trial", "contoh", 20, 0)
    assert found.plans == ()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("draws: 20", "draws: 0", "key draws: 0 is too few; at least 1 is needed."),
        ("draws: 20", "draws: many", "key draws: 'many' is not a whole number."),
        ("seed: 0", "seed: 1.5", "key seed: '1.5' is not a whole number."),
        ("seed: 0", "seed: yes", "key seed: 'True' is not a whole number."),
        ("lang: id", "lang: jv", "key lang: 'jv' is not one of its words. Allowed: en, id."),
        ("[as-budgeted]", "[]", "key scenarios: at least one scenario is needed."),
        ("seed: 0", "seed: 0\nplan: [a]", "key plan: the key is not known. Did you mean 'plans'?"),
        (
            "{id: Uji, en: Trial}",
            "Uji",
            "key title: a text in both languages is expected: {id: ..., en: ...}.",
        ),
    ],
)
def test_a_fault_names_its_key(study, old, new, line):
    assert faults(study(GOOD.replace(old, new))) == [f"trial.yaml, {line}"]


def test_faults_of_a_study_are_reported_together(study):
    text = GOOD.replace("seed: 0\n", "")
    text = text.replace("lang: id", "lang: xx").replace("draws: 20", "draws: 0")
    assert faults(study(text)) == [
        "trial.yaml, key draws: 0 is too few; at least 1 is needed.",
        "trial.yaml, key lang: 'xx' is not one of its words. Allowed: en, id.",
        "trial.yaml, key seed: the key is missing.",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "trial.yaml: the file is empty."),
        ("- contoh\n", "trial.yaml: a mapping of keys to values is expected."),
        ("city: [contoh\n", "trial.yaml, line 2: expected ',' or ']', but got '<stream end>'."),
    ],
)
def test_a_study_that_cannot_be_read_is_one_fault(study, text, line):
    assert faults(study(text)) == [line]
