"""The book of beliefs: who may set what, price years, and what every entry rests on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from opdanalysis.errors import UsageError
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.distribution import Distribution
from opdanalysis.parameters.parameter import VectorParameter
from opdanalysis.reading.schema import EVIDENCE
from opdanalysis.units import PRICE_YEAR, UNITS, is_money

FOLDER = Path(__file__).resolve().parents[2] / "data" / "parameters"
ENTRIES = {
    name: entry
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != "inflation.yaml"
    for name, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_has_a_listed_unit_a_source_and_its_reason(name, contoh):
    entry = ENTRIES[name]
    assert entry["unit"] in UNITS
    assert entry["evidence"] in EVIDENCE
    sources = entry["source"] if isinstance(entry["source"], list) else [entry["source"]]
    assert sources
    assert set(sources) <= set(contoh.sources)
    assert entry["description"]
    assert entry["as_of"]
    if entry["evidence"] in ("judgement", "derived"):
        assert entry["reason"], "a guess or a formula says why"
    if is_money(entry["unit"]):
        assert 2000 <= entry["price_year"] <= PRICE_YEAR
    else:
        assert "price_year" not in entry


@pytest.mark.parametrize("name", ENTRIES)
def test_every_middle_lies_between_the_5_and_95_percent_points(name, contoh):
    """Exactly for most; a middle at the end of a one-sided range lies at its end."""
    parameter = contoh.book[name]
    ends = parameter.distribution.quantile(np.array([0.0, 1.0]), parameter.value)
    low, high = parameter.interval
    assert ends[0] <= parameter.value <= ends[1]
    one_sided = {parameter.distribution.low, parameter.distribution.high}
    assert low <= parameter.value <= high or parameter.value in one_sided


def test_rupiah_of_2020_are_brought_to_2026_by_six_years_of_prices(contoh):
    """H10 to H15 of data/raw/unit_costs.csv: 1.68, 1.87, 5.51, 2.61, 1.57 and 2.92% a year.

    An amount of 2020 is taken as of the end of that year, so that its own inflation is in it.
    """
    factor = 1.0187 * 1.0551 * 1.0261 * 1.0157 * 1.0292
    cooler = contoh.book["air_conditioner_upkeep"]
    assert ENTRIES["air_conditioner_upkeep"]["price_year"] == 2020
    assert cooler.value == pytest.approx(610_000 * factor, rel=1e-12)
    assert cooler.distribution.low == pytest.approx(500_000 * factor, rel=1e-12)
    assert cooler.distribution.high == pytest.approx(1_000_000 * factor, rel=1e-12)
    assert cooler.price_year == 2026


def test_rupiah_of_the_reporting_year_stay_as_written(contoh):
    assert contoh.book["guard_cost"].value == ENTRIES["guard_cost"]["value"] == 36_000_000


def test_the_two_cities_share_every_general_belief(contoh, palembang):
    assert contoh.book.scalars == palembang.book.scalars


REFUSED = {
    "a scenario sets a lever": (
        lambda book: book.with_beliefs({"pooled_daily_needs": None}, "scenario 'x'"),
        "scenario 'x' sets 'pooled_daily_needs', which is a lever. "
        "A plan may set it, a scenario may not.",
    ),
    "a plan sets a belief": (
        lambda book: book.with_levers({"guard_cost": 1}, "plan y"),
        "plan y sets 'guard_cost', which is a belief. A scenario may replace it, a plan may not.",
    ),
    "a scenario sets a column": (
        lambda book: book.with_beliefs({"staff": None}, "scenario 'x'"),
        "scenario 'x' sets 'staff', which is a column of the city. Change it in its table.",
    ),
    "a plan sets a column": (
        lambda book: book.with_levers({"staff": 1}, "plan y"),
        "plan y sets 'staff', which is a column of the city. Change it in its table.",
    ),
    "a scenario sets what does not exist": (
        lambda book: book.with_beliefs({"electricity_tarif_p1": None}, "scenario 'x'"),
        "scenario 'x' sets 'electricity_tarif_p1', which is not a parameter. "
        "Did you mean 'electricity_tariff_p1'?",
    ),
    "a plan sets what does not exist": (
        lambda book: book.with_levers({"meeting_programm": 1}, "plan y"),
        "plan y sets 'meeting_programm', which is not a parameter. "
        "Did you mean 'meeting_programme'?",
    ),
    "a name stands twice": (
        lambda book: ParameterBook([book["guard_cost"], book["guard_cost"]]),
        "parameter 'guard_cost' is defined twice",
    ),
    "a name is asked for that is not there": (
        lambda book: book["guards_cost"],
        "'guards_cost' is not a parameter. Did you mean 'guard_cost'?",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_book_says_who_may_set_what(what, contoh):
    act, message = REFUSED[what]
    with pytest.raises(UsageError) as refusal:
        act(contoh.book)
    assert str(refusal.value) == message


def test_a_lever_that_a_plan_sets_is_held_at_its_value(contoh):
    book = contoh.book.with_levers({"electronic_letters_share": 0.9}, "plan y")
    assert book["electronic_letters_share"].distribution == Distribution("fixed")
    assert (book.sample(5, 0)["electronic_letters_share"] == 0.9).all()
    assert contoh.book["electronic_letters_share"].value == 0.3


def test_a_scenario_replaces_beliefs_and_leaves_the_others(contoh):
    beliefs = contoh.scenarios["compliant-wages"].beliefs
    book = contoh.book.with_beliefs(beliefs, "scenario 'compliant-wages'")
    changed = {name for name in contoh.book if book[name] is not contoh.book[name]}
    assert changed == {"guard_cost", "cleaner_cost", "attendant_cost"} == set(beliefs)


def test_the_table_of_the_book_has_every_number_with_its_evidence(contoh):
    table = contoh.book.to_frame()
    numbers = len(contoh.book.scalars) + sum(len(v.entities) for v in contoh.book.vectors)
    assert len(table) == numbers
    assert set(table["evidence"]) <= set(EVIDENCE)
    assert (table["low"] <= table["high"]).all()
    row = table[(table["parameter"] == "staff") & (table["entity"] == "sekda")].iloc[0]
    assert (row["value"], row["low"], row["high"], row["unit"]) == (50, 45, 55, "person")


def test_the_share_of_each_evidence_counts_beliefs_and_no_levers(contoh):
    shares = contoh.book.evidence_share()
    assert "levers" not in shares.index
    assert shares.loc["agencies", "judgement"] == len(contoh.city.agencies)


def test_a_column_needs_a_number_for_each_entity():
    with pytest.raises(ValueError, match=r"^staff: one number is needed for each entity$"):
        VectorParameter(
            name="staff",
            description="",
            unit="person",
            entities=("a", "b"),
            values=np.ones(2),
            lows=np.ones(1),
            highs=np.ones(2),
            evidence=("measured",) * 2,
            sources=((),) * 2,
            as_of="2026",
        )


def test_a_notebook_shows_how_much_is_judgement(contoh):
    shown = contoh.book._repr_html_()
    assert f"{len(contoh.book)} parameters with" in shown
    assert "of the numbers are judgements" in shown
