"""The estimators against diff-diff and pyfixest, where these are installed."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_did import DiD
from opdanalysis.evidence.panel_event_study import event_study
from opdanalysis.evidence.synthetic_panel import World, synthetic_panel
from opdanalysis.methods.did_estimators import Estimator
from opdanalysis.methods.did_timing import NEVER

PANEL = synthetic_panel(World("A5", "bump"), seed=3).panel


@pytest.fixture(scope="module")
def rows():
    """The same panel in the columns that the peers expect."""
    count, periods = PANEL.n_units, PANEL.n_periods
    table = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(count), periods),
            "time": np.tile(np.arange(periods), count),
            "y": PANEL.outcome.ravel(),
            "first": np.repeat(np.where(PANEL.moved >= NEVER, 0, PANEL.moved), periods),
        }
    )
    table["moved"] = ((table["first"] > 0) & (table["time"] >= table["first"])).astype(int)
    return table


def effect(estimator):
    return DiD(PANEL, Design(estimator)).fit()


def peer(name, rows, **settings):
    package = pytest.importorskip("diff_diff")
    columns = {"outcome": "y", "unit": "unit", "time": "time", "first_treat": "first"}
    aggregate = {"aggregate": settings.pop("aggregate")} if "aggregate" in settings else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return getattr(package, name)(**settings).fit(rows, **columns, **aggregate)


@pytest.mark.parametrize(
    ("controls", "theirs"), [("never", "never_treated"), ("not_yet", "not_yet_treated")]
)
def test_callaway_santanna_agrees_with_diff_diff(rows, controls, theirs):
    """diff-diff 3.13 (MIT), universal base period: overall effect and every event time."""
    found = peer("CallawaySantAnna", rows, control_group=theirs, base_period="universal",
                 aggregate="event_study")  # fmt: skip
    ours = effect(Estimator("callaway_santanna", controls))
    assert ours.params["effect"] == pytest.approx(found.overall_att, rel=1e-9)
    table = event_study(ours, 12, 12, draws=10, seed=0).table.set_index("event")["estimate"]
    shared = [e for e in table.index if e in found.event_study_effects and e != -1]
    assert len(shared) == 24
    theirs_by_event = [found.event_study_effects[e]["effect"] for e in shared]
    np.testing.assert_allclose(table[shared], theirs_by_event, rtol=1e-8, atol=1e-10)


def test_imputation_agrees_with_diff_diff(rows):
    found = peer("ImputationDiD", rows)
    assert effect(Estimator("imputation")).params["effect"] == pytest.approx(
        found.overall_att, rel=1e-8
    )


def test_sun_abraham_agrees_with_diff_diff(rows):
    found = peer("SunAbraham", rows)
    assert effect(Estimator("sun_abraham")).params["effect"] == pytest.approx(
        found.overall_att, rel=1e-8
    )


def test_two_way_fixed_effects_and_their_jackknife_agree_with_pyfixest(rows):
    """pyfixest 0.60 (MIT), CRV3 without its small-sample factors: ours has (G - 1) / G in it."""
    package = pytest.importorskip("pyfixest")
    model = package.feols(
        "y ~ moved | unit + time", rows, vcov={"CRV3": "unit"},
        ssc=package.ssc(k_adj=False, G_adj=False),
    )  # fmt: skip
    ours = effect(Estimator("two_way"))
    assert ours.params["effect"] == pytest.approx(model.coef().iloc[0], rel=1e-8)
    theirs = model.se().iloc[0] * np.sqrt(34 / 35)
    assert ours.bse["effect"] == pytest.approx(theirs, rel=1e-7)
