"""Reading YAML quickly gives what reading it strictly gives, in content and in words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from opdanalysis.reading import yaml_files
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.yaml_files import read_yaml
from tests.conftest import ROOT

FILES = sorted((ROOT / "data").rglob("*.yaml"))


def test_every_file_of_the_data_reads_the_same_by_the_plain_reader() -> None:
    assert len(FILES) > 30
    for path in FILES:
        plain = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml_files._Strict)
        assert read_yaml(path, Faults()) == plain, path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "kota.yaml, line 2: key 'a' stands twice."),
        ("a: [1, 2\n", "kota.yaml, line 2: expected ',' or ']', but got '<stream end>'."),
        ("{a: 1}: 2\n", "kota.yaml, line 1: a key is not a word."),
        ("day: 2025-13-40\n", "kota.yaml, line 1: '2025-13-40' is not a date"),
        ("", "kota.yaml: the file is empty."),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_plain_reader(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "kota.yaml"
    path.write_text(text, encoding="utf-8")
    faults = Faults()
    assert read_yaml(path, faults) is None
    assert str(faults.found[0]).startswith(said)
