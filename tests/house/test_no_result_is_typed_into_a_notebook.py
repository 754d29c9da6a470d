"""A result in prose comes from the package, which says it; nobody types it into a notebook."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

ALLOWED = {
    "code, as in a command or a path": r"`[^`]*`",
    "an address": r"https?://\S+",
    "a rule by its number, as Permendagri 7/2006": r"\b\d+/(?:19|20)\d\d\b",
    "a year": r"\b(?:19|20)\d\d\b",
    "a notebook, as 03": r"(?<![\d.,])0\d\b",
    "a notebook in the list of notebooks": r"\*\*\d\d\b",
    "a notebook by its number": r"(?i:notebooks?|buku) \d\d(?:(?:,| dan| and) \d\d)*",
    "the points and the width of a range": r"\b5\s?(?:[-–]\s?95)?%|\b9[05]%",
    "the whole of something": r"\b100\s?%",
    "an hour of the day": r"\b(?:[01]\d|2[0-3])\.[0-5]\d\b|\b\d\d to \d\d o'clock",
    "a whole number up to 10, to count or for the ends of a scale": (
        r"(?<![\d.,])(?:\d|10)(?![\d%]|[.,]\d)"
    ),
}
"""Numbers that are no results."""

STATED = {
    "06_fit": {
        "6,8": "Makassar's audit of offices, named beside it",
        "8,1": "Makassar's audit of offices, named beside it",
        "0,6": "the Dutch standard for desks, named beside it",
        "0,7": "a value to explain the figure by",
        "0,9": "the Dutch standard for desks, named beside it",
    },
    "12_estimate_from_records": {
        "7,5": "hours of a working day in the calendar",
        "700": "methods/sample_size.py: power 80%, spread 1.2 of log times",
        "10%": "the change that they show",
        "20%": "the change that they show",
        "2.500": "methods/sample_size.py: power 80%, spread 1.2 of log times",
    },
}
"""Facts from outside and definitions that a notebook may state, each with what it rests on."""

NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


def typed(text: str) -> list[str]:
    """The numbers in a text that none of the allowed forms explains."""
    for form in ALLOWED.values():
        text = re.sub(form, " ", text)
    return NUMBER.findall(text)


def in_indonesian(number: str, lang: str) -> str:
    """A number as Indonesian prose writes it: 1.234,5."""
    return number.translate(str.maketrans(".,", ",.")) if lang == "en" else number


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_prose_of_a_notebook_holds_no_result(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    known = STATED.get(path.stem, {})
    found = []
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "markdown":
            continue
        lang = "en" if "en" in cell["metadata"].get("tags", []) else "id"
        numbers = typed("".join(cell["source"]))
        found += [f"cell {number}: {n}" for n in numbers if in_indonesian(n, lang) not in known]
    assert found == [], "let the package say it (study.say...), or name what it rests on in STATED"


def test_a_typed_result_is_found_out() -> None:
    assert typed("Rencana ini menghemat Rp 10,5 miliar, 25% lebih banyak.") == ["10,5", "25%"]
    assert typed("It saves 12 buildings and 1,200 hours.") == ["12", "1,200"]
    allowed = "See notebook 05 and 90% of draws in 2026; `draws=500`, **10 Claims**, from 1 to 10."
    assert typed(allowed) == []
