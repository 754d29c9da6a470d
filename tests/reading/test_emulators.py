"""The table of waits is read whole, or the fault is told in a sentence."""

import pytest

from opdanalysis.city.counter_wait import AXES
from opdanalysis.reading import emulators
from opdanalysis.reading.faults import Faults

HEAD = "# relative error off the grid: 0.0400\n"
COLUMNS = f"{','.join(AXES)},wait,standard_error\n"


def small(waits: int = 16) -> str:
    """A grid of two points on each axis."""
    points = [(c, u, s, p) for c in (1, 2) for u in (0.1, 1.5) for s in (4, 8) for p in (0, 1)]
    return "".join(f"{','.join(map(str, point))},0.5,0.01\n" for point in points[:waits])


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.setattr(emulators, "data_folder", lambda: tmp_path)
    path = tmp_path / emulators.FILE
    path.parent.mkdir()

    def from_text(text: str | None):
        if text is not None:
            path.write_text(text, encoding="utf-8")
        faults = Faults()
        return emulators.counter_wait_from(faults), [str(fault) for fault in faults.found]

    return from_text


def test_a_whole_table_is_read_with_its_error(read):
    found, faults = read(HEAD + COLUMNS + small())
    assert faults == []
    assert found.error == 0.04
    assert found.wait(1, 0.3, 6, 0.5) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "No such file"),
        (COLUMNS + small(), "its first line does not begin with"),
        (HEAD + "a,b\n1,2\n", "its columns are ['a', 'b']"),
        (HEAD + COLUMNS + small(15), "not a whole grid"),
        (HEAD + COLUMNS + small().replace("1.5", "0.9"), "utilisation goes from 0.1 to 0.9"),
        (HEAD + COLUMNS + small().replace("0.5,", "much,", 1), "could not convert"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_with_what_to_do(read, text, why):
    found, (fault,) = read(text)
    assert found is None
    assert emulators.FILE in fault
    assert why in fault
    assert "benchmarks/counter_wait_emulator.py" in fault
