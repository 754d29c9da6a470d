"""The pictures of access can be made and show their tables."""

import io

import matplotlib
import numpy as np
import pytest
from matplotlib.axes import Axes

from opdanalysis.experiment.access_changes import (
    kecamatan_changes,
    kelurahan_changes,
    service_changes,
)
from opdanalysis.figures import access, style
from opdanalysis.figures.labels import LABEL
from opdanalysis.models.access import ALL
from opdanalysis.text.words import LANGUAGES, Words

DRAWS, SEED = 20, 1
NOTICED = 3.0

PLOTS = {
    "map": lambda w, words, ax=None: access.plot_access_map(
        kelurahan_changes(w.city, w.mover, values_of(w)), w.city, w.mover, words, NOTICED, ax
    ),
    "kecamatan": lambda w, words, ax=None: access.plot_access_by_kecamatan(
        kecamatan_changes(w.city, [w.mover], values_of(w)), w.city, w.mover, words, ax
    ),
    "service": lambda w, words, ax=None: access.plot_access_by_service(
        service_changes(w.city, [w.mover], values_of(w)), w.city, w.mover, words, ax
    ),
}


def values_of(world):
    return world.book.sample(DRAWS, SEED)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_stays_on_its_page_with_a_title_and_letters_of_eight_points(world, name, lang):
    ax = PLOTS[name](world, Words(lang))
    assert isinstance(ax, Axes)
    ax.figure.draw_without_rendering()
    assert any(text.get_text().startswith(ax.get_label()[:10]) for text in ax.texts)
    page, drawn = ax.figure.bbox, ax.get_tightbbox()
    assert drawn.x0 >= page.x0 - 1
    assert drawn.y0 >= page.y0 - 1
    assert drawn.x1 <= page.x1 + 1
    assert drawn.y1 <= page.y1 + 1
    texts = [t for t in ax.figure.findobj(matplotlib.text.Text) if t.get_text() and t.get_visible()]
    assert min(text.get_fontsize() for text in texts) >= style.SMALL


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_labels_of_the_map_overlap(world, lang):
    ax = PLOTS["map"](world, Words(lang))
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_label() == LABEL]
    assert len(boxes) >= 2
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[place + 1 :])


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_draws_on_the_axes_that_it_is_given(invented, name):
    ax = style.new_axes(12)
    assert PLOTS[name](invented, Words("id"), ax) is ax


@pytest.mark.parametrize("name", PLOTS)
def test_the_same_picture_has_the_same_bytes(invented, name):
    def svg():
        page = io.BytesIO()
        ax = PLOTS[name](invented, Words("id"))
        with style.use_style():
            ax.figure.savefig(page, format="svg", metadata=dict(style.SVG_METADATA))
        return page.getvalue()

    assert svg() == svg()


def test_the_marks_of_the_map_are_classed_by_the_median(real):
    changes = kelurahan_changes(real.city, real.mover, values_of(real))
    table = access.access_map_table(changes, real.city, NOTICED)
    assert table["residents"].is_monotonic_decreasing
    limits = {
        "much_nearer": table["p50"] > 6,
        "nearer": (table["p50"] > 3) & (table["p50"] <= 6),
        "alike": table["p50"].abs() <= 3,
        "farther": (table["p50"] < -3) & (table["p50"] >= -6),
        "much_farther": table["p50"] < -6,
    }
    for name, expected in limits.items():
        assert ((table["change"] == name) == expected).all(), name
    assert table["change"].nunique() > 1


def test_the_map_draws_every_kelurahan_once(real):
    ax = PLOTS["map"](real, Words("en"))
    marks = ax.collections[-len(access.CLASSES) :]
    assert sum(len(mark.get_offsets()) for mark in marks) == len(real.city.kelurahan)


def test_shades_of_nearer_and_farther_differ_in_shape_for_print_in_grey():
    marks = {name: look[0] for name, look in access.CLASSES.items()}
    assert marks["nearer"] == marks["much_nearer"] != marks["farther"] == marks["much_farther"]
    assert len({access.BARS[kind] for kind in access.BARS}) == len(access.BARS)


def test_bars_are_the_medians_of_the_table(real):
    changes = kecamatan_changes(real.city, [real.mover], values_of(real))
    table = access.access_by_kecamatan_table(changes, real.mover)
    ax = access.plot_access_by_kecamatan(changes, real.city, real.mover, Words("en"))
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(table["p50"].tolist())
    assert table["p50"].is_monotonic_decreasing


def test_services_that_stay_are_named_in_the_note(real):
    changes = service_changes(real.city, [real.mover], values_of(real))
    table = access.access_by_service_table(changes, real.mover)
    assert table["service"][0] == ALL
    still = table[table["still"]]
    ax = access.plot_access_by_service(changes, real.city, real.mover, Words("en"))
    note = " ".join(" ".join(text.get_text().split()) for text in ax.texts)
    for id in still["service"]:
        assert real.city.service(id).name_in("en") in note
    assert len(ax.patches) == len(table) - len(still)
    assert np.isfinite(table["p50"]).all()
