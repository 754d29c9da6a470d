"""The pictures and tables of claims: in both languages, with the numbers of the audit."""

from __future__ import annotations

from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from opdanalysis import tables
from opdanalysis.experiment.claim_checks import CHECKS, realised_parts, saving_checks
from opdanalysis.experiment.claim_inputs import ENDS, claim_inputs
from opdanalysis.experiment.claims import (
    SAVINGS,
    VERDICTS,
    audit,
    definitions,
    limits_of,
    reach,
)
from opdanalysis.experiment.evidence_share import evidence_shares
from opdanalysis.experiment.findings import found
from opdanalysis.experiment.predictions import predicted
from opdanalysis.figures import style
from opdanalysis.figures.claims import LOOKS, plot_claims, plot_definitions
from opdanalysis.plans.claim import COMPARISONS, MEASURES, SAMPLES, Sample
from opdanalysis.tables.claim_inputs import conditions_of
from opdanalysis.tables.findings import sample_text
from opdanalysis.text.words import LANGUAGES, Words


def frames_of(world, known) -> SimpleNamespace:
    """What the pictures take."""
    limits, values = limits_of(world.book), world.book.sample(40, 1)
    return SimpleNamespace(
        limits=limits,
        known=known,
        result=world.result,
        scenarios=world.scenarios,
        audit=audit(world.result, known.claims, limits),
        definitions=definitions(world.result, known.claims, limits),
        reach=reach(world.result, known.claims),
        checks=saving_checks(
            world.city, world.result, known.claims, values, realised_parts(world.book)
        ),
        predicted=predicted(world.result, values, known.predictions),
        found=found(world.result, known.findings, limits),
    )


@pytest.fixture(scope="module")
def of_contoh(invented, contoh) -> SimpleNamespace:
    frames = frames_of(invented, contoh)
    plans, book = invented.result.plans[1:], invented.book
    tests = {finding.id: finding.test for finding in contoh.findings}
    frames.inputs = claim_inputs(contoh.city, plans, book, contoh.claims)
    frames.evidence = evidence_shares(contoh.city, contoh.plans, book, tests, 16, 1)
    return frames


@pytest.fixture(scope="module")
def of_palembang(real, palembang) -> SimpleNamespace:
    return frames_of(real, palembang)


@pytest.fixture(params=["of_contoh", "of_palembang"])
def frames(request) -> SimpleNamespace:
    return request.getfixturevalue(request.param)


PLOTS = {
    "claims": lambda f, words, ax: plot_claims(
        f.audit, f.known.claims, f.result, words, f.scenarios[0], ax
    ),
    "definitions": lambda f, words, ax: plot_definitions(
        f.definitions, f.checks, f.known.claims, f.result, words, f.scenarios[0], ax
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_returns_its_axes_with_a_title_and_nothing_cut_off(frames, name, lang):
    ax = PLOTS[name](frames, Words(lang), None)
    assert isinstance(ax, Axes)
    assert ax.get_label()
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()
    page, drawn = figure.bbox, ax.get_tightbbox()
    assert drawn.x0 >= page.x0 - 1
    assert drawn.x1 <= page.x1 + 1
    texts = [t for t in figure.findobj(matplotlib.text.Text) if t.get_text() and t.get_visible()]
    assert min(text.get_fontsize() for text in texts) >= style.SMALL


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_draws_on_the_axes_that_it_is_given(of_contoh, name):
    ax = style.new_axes(14)
    assert PLOTS[name](of_contoh, Words("id"), ax) is ax


def test_a_claim_that_holds_in_every_draw_lies_right_of_its_line(of_palembang):
    ax = PLOTS["claims"](of_palembang, Words("en"), None)
    shown = of_palembang.known.claims
    first = of_palembang.audit.drop_duplicates("claim").set_index("claim")
    for line in ax.get_lines():
        x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
        if len(x) == 2 and y[0] == y[1] and 0 <= y[0] < len(shown) and y[0] == int(y[0]):
            row = first.loc[shown[int(y[0])].id]
            if row["probability"] == 1:
                assert x.min() >= 0
            if row["probability"] == 0:
                assert x.max() <= 0


def test_every_verdict_has_a_mark_of_its_own_without_colour():
    fillings = [
        (look.get("fillstyle"), look.get("markerfacecolor", "full")) for look in LOOKS.values()
    ]
    assert len(set(fillings)) == len(LOOKS) == len(VERDICTS) - 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_can_be_read_and_written(of_contoh, lang):
    words, f = Words(lang), of_contoh
    known, plans = f.known, list(f.result.plans)
    names = {s.id: words.of(s.name, s.id) for s in f.scenarios}
    inputs = f.inputs
    conditions = conditions_of(
        known.claims, f.audit, inputs.break_evens, inputs.turning, names, f.limits, words
    )
    tested = next(claim for claim in known.claims if claim.test)
    made = {
        "claims": tables.claims_table(known.claims, f.audit, conditions, words),
        "path": tables.claim_path_table(
            tested, f.audit, plans, known.sources, f.limits, f.result.draws, words
        ),
        "tests": tables.claim_tests_table(known.claims, plans, words),
        "scenarios": tables.scenarios_table(f.audit, names, f.limits, words),
        "definitions": tables.definitions_table(f.definitions, plans, words),
        "checks": tables.checks_table(f.checks, words),
        "reach": tables.reach_table(f.reach, known.claims, plans, names, words),
        "turning": tables.turning_table(inputs.turning, f.audit, known.claims, words),
        "break-evens": tables.claim_break_evens_table(inputs.break_evens, f.audit, words),
        "records": tables.needs_table(known.claims, 0.05, 0.8, words),
        "predictions": tables.predictions_table(f.predicted, known.predictions, plans, words),
        "findings": tables.findings_table(f.found, f.evidence, known.findings, words),
    }
    for name, table in made.items():
        assert len(table), name
        assert table.columns.is_unique, name
        assert len(tables.readable(table, words)) == len(table), name
        assert tables.written(table, words)["md"].startswith("|"), name
        assert "{" not in table.to_string(), name
    assert len(made["claims"]) == len(known.claims)
    assert len(made["findings"]) == len(known.findings)
    assert len(made["predictions"]) == len(known.predictions)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_claims_of_palembang_are_told_in_both_languages(of_palembang, lang):
    words, f = Words(lang), of_palembang
    known, plans = f.known, list(f.result.plans)
    made = [
        tables.claims_table(known.claims, f.audit, {}, words),
        tables.claim_tests_table(known.claims, plans, words),
        tables.needs_table(known.claims, 0.05, 0.8, words),
        tables.predictions_table(f.predicted, known.predictions, plans, words),
    ]
    assert len(made[0]) == 28
    assert len(made[3]) == len(known.predictions)
    for table in made:
        assert "{" not in table.to_string()


def test_what_a_claim_hangs_on_is_said(of_palembang):
    """c03 rests on the effect of sitting close: without it the claim is not supported."""
    f, words = of_palembang, Words("en")
    names = {s.id: words.of(s.name, s.id) for s in f.scenarios}
    own = f.audit[f.audit["claim"] == "c03"]
    none = pd.DataFrame({"claim": [], "break_even": []})
    said = conditions_of(f.known.claims, own, none, none, names, f.limits, words)
    assert said == {"c03": "not under the scenario Distance without effect"}


def test_every_claim_that_hangs_on_something_says_on_what(of_contoh):
    f, words = of_contoh, Words("en")
    names = {s.id: words.of(s.name, s.id) for s in f.scenarios}
    break_evens, turning = f.inputs.break_evens, f.inputs.turning
    said = conditions_of(f.known.claims, f.audit, break_evens, turning, names, f.limits, words)
    only = f.audit[f.audit["verdict"] == "supported_only_if"]["claim"]
    assert set(said) == set(only)
    assert all(said.values())


@pytest.mark.parametrize(
    ("sample", "text"),
    [
        (Sample("ratio", 1.2, 1.2), "681 in each group, to find a difference of 20%"),
        (Sample("difference", 3, 12), "252 in each group, to find a difference of 3 points"),
        (Sample("half_width", 0.05), "385 cases, to be within ±5 percentage points"),
        (Sample("all", 2), "2 documents"),
    ],
)
def test_a_sample_is_said_with_its_size(sample, text):
    assert sample_text(sample, 0.05, 0.8, Words("en")) == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_audit_has_words(lang):
    words = Words(lang)
    needed = [
        *(f"claim.verdict.{word}" for word in VERDICTS),
        *(f"claim.is.{word}" for word in COMPARISONS),
        *(f"claim.measure.{word}" for word in MEASURES),
        *(f"claim.saving.{word}" for word in SAVINGS),
        *(f"claim.check.{word}" for word in CHECKS),
        *(f"claim.sample.{word}" for word in SAMPLES),
        *(f"claim.end.{word}" for word in ENDS),
    ]
    assert [key for key in needed if key not in words] == []
