"""Conditions that were planted are found and said, the same in every run."""

import numpy as np
import pytest

from opdanalysis.experiment.discovery import Condition, Discovery, discover, followed_inputs
from opdanalysis.experiment.discovery_words import condition_words, discovery_words
from opdanalysis.text.words import Words

DRAWS = 1_000


@pytest.fixture(scope="module")
def values(contoh):
    return contoh.book.sample(DRAWS, 5)


@pytest.fixture(scope="module")
def gain(values):
    """Below zero where guards are dear and staff, all agencies together, are many."""
    dear = values["guard_cost"] > np.quantile(values["guard_cost"], 0.6)
    staff = values["staff"].sum(axis=1)
    return np.where(dear & (staff > np.quantile(staff, 0.3)), -1.0, 1.0)


def found_in(contoh, values, gain, event="fails"):
    names = followed_inputs(contoh.book, values, gain)
    return discover(contoh.book, values, names, gain, event)


def test_planted_conditions_are_found(contoh, values, gain):
    found = found_in(contoh, values, gain)
    limits = {condition.parameter: condition for condition in found.conditions}
    assert set(limits) == {"guard_cost", "staff"}
    assert limits["guard_cost"].below == pytest.approx(0.6, abs=0.04)
    assert limits["staff"].below == pytest.approx(0.3, abs=0.05)
    assert np.isnan(limits["staff"].high)
    assert found.share == pytest.approx(np.mean(gain < 0))
    assert min(found.coverage, found.density) > 0.9


def test_coverage_density_and_mass_can_be_counted(contoh, values, gain):
    found = found_in(contoh, values, gain)
    inside = np.ones(DRAWS, dtype=bool)
    for condition in found.conditions:
        draws = values[condition.parameter]
        inside &= (draws.sum(axis=1) if draws.ndim > 1 else draws) >= condition.low
    assert found.mass == inside.mean()
    assert found.density == (gain[inside] < 0).mean()
    assert found.coverage == (gain[inside] < 0).sum() / (gain < 0).sum()


def test_the_conditions_of_a_real_gain_are_the_same_in_every_run(contoh):
    """The invented city: a plan that saves less than in most draws."""
    from opdanalysis.experiment.run import run_experiment

    runs = []
    for _ in "ab":
        plans = list(contoh.plans.values())
        result = run_experiment(contoh.city, plans, contoh.book, {"any": {}}, 1_500, 1)
        gain = result.gain("net_cost", "merge-in-mawar")
        gain = gain - np.quantile(gain, 0.2)
        runs.append(found_in(contoh, contoh.book.sample(1_500, 1), gain))
    assert runs[0] == runs[1] or repr(runs[0]) == repr(runs[1])
    assert runs[0].conditions
    assert runs[0].density > runs[0].share


def test_an_event_that_always_happens_has_no_conditions(contoh, values):
    found = found_in(contoh, values, np.ones(DRAWS), "pays")
    assert found == Discovery("pays", 1.0, (), 1.0, 1.0, 1.0)


def test_inputs_that_do_not_matter_are_not_searched(contoh, values, gain):
    names = followed_inputs(contoh.book, values, gain)
    assert set(names[:2]) == {"guard_cost", "staff"}
    assert len(names) <= 8  # of some 200, 1% are followed by chance


def test_the_sentences_are_said_in_both_languages(contoh):
    plan = contoh.plans["merge-in-mawar"]
    price = Condition("internet_price", "Rp/Mbps/year", np.nan, 5.42e6, 0.0, 0.05, 1e-4)
    staff = Condition("staff", "person", 4423.4, np.nan, 0.31, 0.0, 1e-9)
    found = Discovery("fails", 0.8, (price, staff), 0.45, 0.9, 0.4)
    assert discovery_words(found, plan, Words("en")) == [
        "Merge at Jalan Mawar does not pay in 80% of the draws.",
        "Internet price per Mbps: at most Rp 5.4 million per Mbps per year, so not among the "
        "highest 5% of the draws.",
        "Staff: at least 4,423 people, so not among the lowest 31% of the draws.",
        "Where all of this holds (40% of the draws) the plan does not pay in 90% of the cases; 45% "
        "of all draws in which it does not pay lie there.",
    ]
    assert discovery_words(found, plan, Words("id")) == [
        "Penggabungan di Jalan Mawar tidak menguntungkan pada 80% simulasi.",
        "Harga internet per Mbps: paling banyak Rp 5,4 juta per Mbps per tahun, jadi tidak "
        "termasuk 5% simulasi tertinggi.",
        "Jumlah pegawai: paling sedikit 4.423 orang, jadi tidak termasuk 31% simulasi terendah.",
        "Bila semua ini berlaku (40% simulasi), rencana tidak menguntungkan pada 90% di antaranya; "
        "45% dari semua simulasi yang tidak menguntungkan berada di sana.",
    ]


def test_a_condition_with_two_ends_names_both():
    both = Condition("guard_cost", "Rp/person/year", 40e6, 50e6, 0.1, 0.2, 1e-4)
    assert condition_words(both, Words("en")) == (
        "Yearly cost of a guard: from Rp 40.0 million per person per year to Rp 50.0 million per "
        "person per year, so not among the lowest 10% nor the highest 20% of the draws."
    )


@pytest.mark.parametrize(
    ("share", "last"),
    [
        (1.0, "That is the same in every draw."),
        (0.7, "No simple conditions on the inputs tell these draws from the others."),
    ],
)
def test_without_conditions_the_sentences_say_so(contoh, share, last):
    found = Discovery("pays", share, (), 1.0, share, 1.0)
    plan = contoh.plans["merge-in-mawar"]
    assert discovery_words(found, plan, Words("en"))[-1] == last
