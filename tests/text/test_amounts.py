"""Amounts are said with units that a reader knows, in both languages."""

import pytest

from opdanalysis.text.amounts import amount_in_words
from opdanalysis.text.words import LANGUAGES, Words
from opdanalysis.units import UNITS


@pytest.mark.parametrize(
    ("number", "unit", "indonesian", "english"),
    [
        (
            5.42e6,
            "Rp/Mbps/year",
            "Rp 5,4 juta per Mbps per tahun",
            "Rp 5.4 million per Mbps per year",
        ),
        (1467, "Rp/kWh", "Rp 1.467 per kWh", "Rp 1,467 per kWh"),
        (4423.2, "person", "4.423 orang", "4,423 people"),
        (7.5, "m2/person", "7,50 m² per orang", "7.50 m² per person"),
        (0.349, "1", "0,349", "0.349"),
        (2.0, "1/week", "2,00 per minggu", "2.00 per week"),
    ],
)
def test_an_amount_is_said_as_in_the_language(number, unit, indonesian, english):
    assert amount_in_words(number, unit, Words("id")) == indonesian
    assert amount_in_words(number, unit, Words("en")) == english


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_unit_can_be_said(lang):
    words = Words(lang)
    assert all(amount_in_words(12.0, unit, words) for unit in UNITS)
