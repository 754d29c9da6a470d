"""The command that looks for the best plan: what it says, writes and refuses."""

from __future__ import annotations

import pytest

from opdanalysis.cli.program import main
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.plans import read_plan


def test_it_says_what_is_proved_and_writes_a_plan_that_can_be_read(contoh, tmp_path, capsys):
    path = tmp_path / "best.yaml"
    wanted = ["best", "contoh", "--no-parking", "--draws", "20", "--lang", "en", "--out", str(path)]
    assert main(wanted) == 0
    said = capsys.readouterr().out
    assert "this is proved" in said
    assert "Contacts between agencies by themselves" in said
    assert str(path) in said
    faults = Faults()
    plan = read_plan(path, contoh.sources, faults)
    assert not faults.found
    assert plan is not None
    movers = contoh.city.today.movers(plan.place(contoh.city))
    assert (f"moves {len(movers)} agencies" in said) == bool(movers)


def test_it_says_the_same_twice(capsys):
    said = []
    for _ in range(2):
        assert main(["best", "contoh", "--draws", "20", "--moves", "2"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seconds", "0"], "--seconds is 0; more than 0 is needed."),
        (["--moves", "-1"], "--moves is -1; 0 or a larger whole number is needed."),
        (
            ["--stay", "sosiall"],
            "rules of the search: agency 'sosiall' is not in the city. Did you mean 'sosial'?",
        ),
    ],
)
def test_a_slip_is_refused_in_words(options, message, capsys):
    assert main(["best", "contoh", "--draws", "5", *options]) == 2
    assert message in capsys.readouterr().err
