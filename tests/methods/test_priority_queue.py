"""Who is called first waits less; together they wait as before."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opdanalysis.errors import UsageError
from opdanalysis.methods.priority_queue import priority_mg1, priority_mmc
from opdanalysis.methods.queues import mg1, mmc

classes = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=5)


@pytest.mark.parametrize(
    "queue", [priority_mg1([0.2, 0.6], 1.0, 1.0), priority_mmc([0.2, 0.6], 1.0, 1)]
)
def test_two_classes_stay_as_the_textbook_says(queue):
    """The exact values of a test of Ciw, whose own short runs gave 1.84736 and 5.71125."""
    assert queue.stay == pytest.approx([2.0, 6.0], rel=1e-12)


@settings(max_examples=50, deadline=None)
@given(classes, st.floats(0.1, 0.95), st.integers(1, 12))
def test_the_order_of_equal_customers_changes_no_mean(shares, utilisation, servers):
    """Kleinrock (1965): whoever is called first, the work in line stays the same."""
    rates = np.array(shares) / sum(shares) * utilisation * servers
    queue = priority_mmc(rates, 1.0, servers)
    assert queue.mean_waiting == pytest.approx(mmc(rates.sum(), 1.0, servers).waiting)
    assert (np.diff(queue.waiting) > 0).all()


@settings(max_examples=50, deadline=None)
@given(classes, st.floats(0.1, 0.95), st.integers(0, 1000))
def test_the_order_of_classes_changes_no_work_in_line(shares, utilisation, seed):
    """Kleinrock (1965): the sum of utilisation x waiting does not depend on the order."""
    rng = np.random.default_rng(seed)
    times, cvs = rng.uniform(0.5, 5, len(shares)), rng.uniform(0, 2, len(shares))
    rates = np.array(shares) / sum(shares) * utilisation / times
    order = rng.permutation(len(shares))
    one = priority_mg1(rates, times, cvs)
    other = priority_mg1(rates[order], times[order], cvs[order])
    works = [(queue.arrival_rates * times_ * queue.waiting).sum() for queue, times_ in
             ((one, times), (other, times[order]))]  # fmt: skip
    assert works[0] == pytest.approx(works[1])


def test_one_class_is_the_queue_without_classes():
    assert priority_mg1([0.5], 1.2, 0.7).waiting[0] == pytest.approx(mg1(0.5, 1.2, 0.7).waiting)


def test_the_first_class_is_served_while_the_second_grows_for_ever():
    """With one server that is never idle the first class finds one whole exponential service."""
    queue = priority_mg1([0.5, 0.9], 1.0, 1.0)
    assert queue.waiting[0] == pytest.approx(1 / (1 - 0.5))
    assert queue.waiting[1] == np.inf
    same = priority_mmc([0.5, 0.9], 1.0, 1)
    assert same.waiting[0] == pytest.approx(queue.waiting[0])


def test_draws_and_floats_agree():
    rates = np.array([[0.2, 0.6], [0.1, 0.3]])
    together = priority_mmc(rates, np.array([1.0, 1.5]), np.array([1, 2]))
    assert together.waiting[1].tolist() == priority_mmc(rates[1], 1.5, 2).waiting.tolist()
    assert together.mean_waiting.shape == (2,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: priority_mg1(0.5, 1.0, 1.0),
            "arrival_rates is a single number; expected one per class, first called first",
        ),
        (
            lambda: priority_mg1([0.5, 0.1], [1.0, 1.0, 1.0], 1.0),
            "arrival_rates have the shape (2,) and service_times (3,); expected one number per "
            "class in both",
        ),
        (
            lambda: priority_mg1([0.5, 0.0], 1.0, 1.0),
            "arrival_rates is 0; expected a number above 0",
        ),
    ],
)
def test_what_has_no_classes_is_refused_in_words(call, message):
    with pytest.raises(UsageError) as told:
        call()
    assert str(told.value) == message
