"""From every number, figure and table there is a way back to its notebook and cell."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest

from opdanalysis.study.shown import shown_in
from opdanalysis.study.values_file import NUMBER, plain_number
from opdanalysis.study.verification import values_agree
from tests.study.small import Small


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, by its header."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def said_in(path: Path) -> list[str]:
    """The sentences that an executed notebook shows, read as plainly as can be."""
    cells = json.loads(path.read_text())["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = [o["data"]["text/markdown"] for o in outputs if "text/markdown" in o.get("data", {})]
    return ["".join(text) for text in texts]


def test_every_figure_and_table_is_mapped_to_the_cell_that_shows_it(finished: Small) -> None:
    found = {row["file"]: row for row in rows(finished.out / "map.csv")}
    made = {name for name in finished.files() if name.startswith(("figures/", "tables/"))}
    assert made == set(found) - {"values.csv"}
    notebook = json.loads((finished.out / "notebooks" / "one.ipynb").read_text())
    for name in made:
        row = found[name]
        cell = next(cell for cell in notebook["cells"] if cell["id"] == row["cell_id"])
        assert str(cell["execution_count"]) == row["cell"]
        assert f'"{row["name"]}"' in "".join(cell["source"])
        assert row["sha256"] == hashlib.sha256(finished.files()[name]).hexdigest()
        assert row["heading"] == "Judul"


def test_every_number_in_a_sentence_is_in_the_file_of_values(finished: Small) -> None:
    texts = said_in(finished.out / "notebooks" / "one.ipynb")
    digits = re.findall(r"\d[\d.,]*\d|\d", " ".join(texts))
    values = rows(finished.out / "values.csv")
    assert len(digits) >= 5
    assert [row["value"].strip("-−%") for row in values] == digits
    assert [row["name"] for row in values][:2] == [
        "one.say_what_it_is.1",
        "one.say_what_it_is.2",
    ]
    mapped = [row for row in rows(finished.out / "map.csv") if row["kind"] == "number"]
    assert [(row["name"], row["value"]) for row in mapped] == [
        (row["name"], row["value"]) for row in values
    ]


def test_a_sentence_that_was_changed_afterwards_is_found_out(
    finished: Small, tmp_path: Path
) -> None:
    assert values_agree(finished.out)
    for name, content in finished.files().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    notebook = tmp_path / "notebooks" / "one.ipynb"
    text = notebook.read_text()
    assert "20 simulasi" in text
    notebook.write_text(text.replace("20 simulasi", "21 simulasi"))
    assert not values_agree(tmp_path)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Rp10 miliar tercapai pada 25% simulasi.", ["10", "25%"]),
        ("Rp 2,8 (−1,2 – 9,3) miliar", ["2,8", "−1,2", "9,3"]),
        ("rentang 5–95%", ["5", "95%"]),
        ("rentang 5-95%", ["5", "95%"]),
        ("p 0.03, of 4,000 draws.", ["0.03", "4,000"]),
        ("klaim c06, kec-01, Permenpan RB 14/2017, 2025-11-10", []),
        ("10 November 2025", ["10", "2025"]),
    ],
)
def test_a_number_is_told_from_an_id(sentence: str, found: list[str]) -> None:
    assert NUMBER.findall(sentence) == found


@pytest.mark.parametrize(
    ("value", "lang", "number"),
    [("−1.234,5%", "id", "-1234.5"), ("1,234.5", "en", "1234.5"), ("0,40", "id", "0.40")],
)
def test_a_printed_number_is_also_given_with_a_decimal_point(
    value: str, lang: str, number: str
) -> None:
    assert plain_number(value, lang) == number


def test_a_sentence_has_the_name_of_what_its_cell_calls() -> None:
    def cell(source: str) -> dict[str, object]:
        metadata = {"text/markdown": {"opdanalysis": {"said": True}}}
        output = {"data": {"text/markdown": ["Ada 3."]}, "metadata": metadata}
        return {
            "cell_type": "code",
            "id": "c9",
            "execution_count": 4,
            "source": source,
            "outputs": [output],
        }

    sources = ["s.say_fit(s.main_plan)", "verdict(best)", "x = 3\nx"]
    found = shown_in("one", {"cells": [cell(source) for source in sources]})
    assert [one.name for one in found] == ["say_fit", "verdict", "c9"]
    assert found[0].text == "Ada 3."
