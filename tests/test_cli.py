"""The commands as a reader meets them."""

from __future__ import annotations

import csv
import io
import json

import pytest

from opdanalysis.cli import main


def test_check_says_that_a_good_city_has_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "contoh"]) == 0
    assert capsys.readouterr().out == (
        "Kota Contoh: tidak ada masalah pada data "
        "(12 perangkat daerah, 7 gedung, 4 rencana, 241 parameter).\n"
    )


def test_an_unknown_city_is_answered_with_the_nearest_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "palembnag"]) == 2
    assert capsys.readouterr().err == (
        "city 'palembnag' was not found. Did you mean 'palembang'?\n"
    )


def test_an_unknown_plan_or_scenario_is_answered_with_the_nearest_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", "contoh", "merge-in-mawa"]) == 2
    assert main(["compare", "contoh", "--scenario", "as-budget"]) == 2
    assert capsys.readouterr().err == (
        "plan 'merge-in-mawa' was not found. Did you mean 'merge-in-mawar'?\n"
        "scenario 'as-budget' was not found. Did you mean 'as-budgeted'?\n"
    )


def test_plans_can_be_read_by_machines(capsys: pytest.CaptureFixture[str]) -> None:
    main(["plans", "contoh", "--format", "json"])
    plans = json.loads(capsys.readouterr().out)
    assert plans[0]["plan"] == "today"
    assert {plan["plan"]: plan["movers"] for plan in plans}["merge-in-mawar"] == 5


def test_comparisons_can_be_read_by_machines(capsys: pytest.CaptureFixture[str]) -> None:
    main(["compare", "contoh", "merge-in-mawar", "--draws", "20", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["plan"] for row in rows} == {"merge-in-mawar"}
    saving = next(row for row in rows if row["outcome"] == "operating_cost")
    assert float(saving["p05"]) <= float(saving["p50"]) <= float(saving["p95"])


@pytest.mark.parametrize("lang", ["id", "en"])
def test_tables_speak_the_language_of_the_reader(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["compare", "contoh", "--draws", "20", "--lang", lang])
    said = capsys.readouterr().out
    assert ("Penggabungan di Jalan Mawar" in said) == (lang == "id")
    assert ("Merge at Jalan Mawar" in said) == (lang == "en")


def test_a_wrong_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compute", "contoh"]) == 2
    assert main([]) == 2


def test_too_few_draws_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "contoh", "--draws", "0"]) == 2
    assert capsys.readouterr().err == "draws is 0; at least 1 is needed.\n"


def test_importing_the_package_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    heavy = "import sys, opdanalysis, opdanalysis.cli; print([m for m in "
    heavy += "('numpy', 'pandas', 'matplotlib', 'scipy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_plan_may_be_named_after_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    named = ["compare", "contoh", "--draws", "20", "--format", "csv", "merge-in-mawar"]
    assert main(named) == 0
    assert "merge-in-mawar" in capsys.readouterr().out
    assert main(["check", "contoh", "palembang"]) == 2
