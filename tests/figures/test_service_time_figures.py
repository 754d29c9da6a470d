"""The pictures of journeys and counters can be made, stay on their page, and show their tables."""

import matplotlib
import pytest
from matplotlib.axes import Axes

from opdanalysis.experiment.counter_queues import pooling, waiting_by_hour
from opdanalysis.experiment.journey_parts import journey_parts
from opdanalysis.experiment.lead_times import four_corners, location_shares
from opdanalysis.experiment.service_times import changed_most, gain_split, journey_changes
from opdanalysis.figures import journeys, service_time, style
from opdanalysis.tables.service_time import journeys_table
from opdanalysis.text.words import LANGUAGES, Words

DRAWS, SEED = 20, 1


def values_of(world):
    return world.book.sample(DRAWS, SEED)


def gantt(world, words, ax=None):
    changes = journey_changes(world.city, [world.mover], values_of(world), ["days"])
    journey = changed_most(changes, world.city, world.mover.id)
    parts = journey_parts(world.city, world.mover, journey, world.book.central())
    return journeys.plot_journey_gantt(parts, world.city, world.mover, journey, words, ax)


def gains(world, words, ax=None):
    changes = journey_changes(world.city, [world.mover], values_of(world), ["days"])
    return journeys.plot_journey_gains(changes, world.city, world.mover, "days", DRAWS, words, ax)


def split(world, words, ax=None):
    found = gain_split(world.city, world.mover, values_of(world), "hours")
    return journeys.plot_gain_split(found, world.city, world.mover, "hours", DRAWS, words, ax)


def by_hour(world, words, ax=None):
    table = waiting_by_hour(world.city, world.mover, world.book.central(), 0.8, top=2)
    return service_time.plot_waiting_by_hour(table, world.city, world.mover, words, ax)


def corners(world, words, ax=None):
    table = four_corners(world.city, values_of(world))
    return service_time.plot_four_corners(table, world.city, DRAWS, words, ax)


def shares(world, words, ax=None):
    table = location_shares(world.city, values_of(world))
    return service_time.plot_location_share(table, world.city, DRAWS, words, ax)


def pooled(world, words, ax=None):
    table = pooling(world.city, world.mover, values_of(world))
    return service_time.plot_pooling(table, world.city, world.mover, (0.02, 0.2), DRAWS, words, ax)


PLOTS = [gantt, gains, split, by_hour, corners, shares, pooled]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.__name__)
def test_a_plot_stays_on_its_page_with_a_title_and_letters_of_eight_points(world, plot, lang):
    ax = plot(world, Words(lang))
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


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.__name__)
def test_a_plot_draws_on_the_axes_that_it_is_given(invented, plot):
    ax = style.new_axes(14)
    assert plot(invented, Words("id"), ax) is ax


def test_parts_of_a_journey_differ_in_colour_or_hatch_for_print_in_grey():
    assert len(set(journeys.PART_LOOKS.values())) == len(journeys.PART_LOOKS)
    assert len(set(journeys.GAIN_LOOKS.values())) == len(journeys.GAIN_LOOKS)


def test_bars_are_the_medians_of_the_table(invented):
    found = gain_split(invented.city, invented.mover, values_of(invented), "hours")
    table = journeys.gain_split_table(found)
    ax = journeys.plot_gain_split(found, invented.city, invented.mover, "hours", DRAWS, Words("en"))
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(table["p50"].tolist())
    assert table["cause"].iloc[-1] == "all"


def test_the_printed_table_names_every_journey(invented):
    changes = journey_changes(invented.city, [invented.mover], values_of(invented), ["days"])
    table = journeys_table(changes, invented.city, invented.mover, "days", Words("en"))
    assert len(table) == len(invented.city.journeys)
    assert table.columns[0] == "Journey"
