"""The picture of an event study says what its table says."""

from __future__ import annotations

import matplotlib
import pytest

from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.panel_did import DiD
from opdanalysis.evidence.panel_event_study import event_study
from opdanalysis.evidence.synthetic_panel import World, synthetic_panel
from opdanalysis.figures.panel import plot_event_study
from opdanalysis.text.words import LANGUAGES, Words

matplotlib.use("Agg")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dots_are_the_estimates_and_the_note_says_synthetic(lang):
    panel = synthetic_panel(World("A2", "ramp"), seed=1).panel
    study = event_study(DiD(panel, Design()).fit(), leads=4, lags=6, draws=100, seed=0)
    ax = plot_event_study(study, Words(lang))
    drawn = sorted(
        (x, y)
        for line in ax.lines
        if line.get_marker() == "o"
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    )
    table = study.table
    assert drawn == list(zip(table["event"], table["estimate"], strict=True))
    words = " ".join(" ".join(text.get_text().split()) for text in ax.texts)
    assert Words(lang)("figure.event_study.synthetic") in words
    assert ax.get_label() == Words(lang)("figure.event_study.title", outcome="outcome")
