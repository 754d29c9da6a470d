"""Published numbers are held against those of a new run, one by one."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opdanalysis.cli import main
from opdanalysis.study.replication import compare_tables
from opdanalysis.study.tolerance import DIGITS, same_number
from opdanalysis.text.words import Words
from tests.study.small import Small

ROOT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]
EN = Words("en")


def replicate(study: Small, reference: Path, *options: str) -> int:
    """Replicate a study that has run, and return the exit code."""
    asked = ["replicate", str(study.file), "--out", str(study.out)]
    return main([*asked, "--reference", str(reference), *options])


@pytest.fixture
def reference(finished: Small, tmp_path: Path, capsys: Capture) -> Path:
    """The published numbers of a study that has run."""
    assert replicate(finished, tmp_path / "reference", "--publish") == 0
    capsys.readouterr()
    return tmp_path / "reference"


def change(path: Path, old: str, new: str) -> None:
    """Put `new` where `old` stands first."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_what_was_just_published_has_the_same_bytes(
    finished: Small, reference: Path, capsys: Capture
) -> None:
    files = {p.relative_to(reference).as_posix() for p in reference.rglob("*") if p.is_file()}
    assert files == {"published.json", "values.csv", "tables/gains.csv"}
    assert replicate(finished, reference) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "0 berbeda, 0 tidak dapat dihitung." in said.out


def test_a_number_that_differs_is_listed_and_the_exit_code_says_so(
    finished: Small, reference: Path, capsys: Capture
) -> None:
    table = reference / "tables" / "gains.csv"
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    entry = next(row["p50"] for row in rows if float(row["p50"]) != 0)
    change(table, entry, f"{float(entry) * 1.01:.6g}")
    change(reference / "values.csv", ",20,20,", ",21,21,")
    assert replicate(finished, reference, "--format", "csv") == 4
    listed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    bad = [row for row in listed if row["grade"] == "different"]
    assert [row["table"] for row in bad] == ["gains", "values.csv"]
    assert bad[0]["yours"] == entry
    assert bad[0]["reason"] == "selisih 9.9e-03 dari besarnya"
    assert (bad[1]["published"], bad[1]["yours"]) == ("21", "20")


def test_what_cannot_be_computed_says_why(
    finished: Small, reference: Path, capsys: Capture
) -> None:
    lost = reference / "tables" / "lost.csv"
    lost.write_text("Plan,Saving\nToday,0\nOther,1.5\n")
    change(reference / "published.json", '"gains": "one"', '"gains": "one", "lost": "two"')
    assert replicate(finished, reference) == 4
    said = capsys.readouterr().out
    assert "0 berbeda, 4 tidak dapat dihitung." in said
    assert " ".join(said.split()).count("notebook two") == 1


def test_published_settings_are_those_of_the_comparison(
    finished: Small, reference: Path, capsys: Capture
) -> None:
    assert replicate(finished, reference, "--draws", "7") == 2
    assert capsys.readouterr().err == (
        "--draws goes only with --publish; published numbers are compared with the settings that "
        "they were made with.\n"
    )


def test_nothing_published_is_told_with_the_way_to_publish(
    finished: Small, tmp_path: Path, capsys: Capture
) -> None:
    assert replicate(finished, tmp_path / "none") == 2
    assert capsys.readouterr().err == (
        f"no published numbers were found in {tmp_path / 'none'}. Write them with opdanalysis "
        "replicate STUDY --publish, or name their folder with --reference.\n"
    )


def test_git_keeps_what_was_published_and_no_other_outputs() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    names = ["outputs/palembang/values.csv", "outputs/reference/palembang/values.csv"]
    asked = ["git", "-C", str(ROOT), "check-ignore", *names]
    done = subprocess.run(asked, capture_output=True, text=True)
    assert done.stdout.split() == names[:1]


TABLE = [["Plan", "Kind", "Saving"], ["A", "x", "1.25"], ["B", "", "-3e-05"], ["A", "y", "2"]]


def grades(yours: list[list[str]]) -> list[tuple[str, str, str]]:
    """Row, column and grade of every entry of the table that has not the same bytes."""
    compared = compare_tables("t", TABLE, yours, EN)
    return [(one.row, one.column, one.grade) for one in compared if one.grade != "bytes"]


def test_another_order_of_rows_and_columns_is_no_difference() -> None:
    order = [0, 3, 1, 2]
    assert grades([[TABLE[row][column] for column in (2, 0, 1)] for row in order]) == []


def test_a_row_or_column_that_lacks_is_not_computable() -> None:
    assert grades([row[:2] for row in TABLE]) == [
        ("A | x", "Saving", "missing"),
        ("B | ", "Saving", "missing"),
        ("A | y", "Saving", "missing"),
    ]
    assert grades(TABLE[:3]) == [
        ("A | y", "Plan", "missing"),
        ("A | y", "Kind", "missing"),
        ("A | y", "Saving", "missing"),
    ]


def test_a_verdict_in_other_words_is_a_difference() -> None:
    yours = [row[:] for row in TABLE]
    yours[1][1] = "z"
    assert grades(yours) == [("A | x", "Kind", "different")]


def test_a_last_digit_is_the_same_number_and_more_is_not() -> None:
    yours = [row[:] for row in TABLE]
    yours[1][2] = "1.25001"
    assert grades(yours) == [("A | x", "Saving", "digits")]
    yours[1][2] = "1.25003"
    assert grades(yours) == [("A | x", "Saving", "different")]


@given(
    st.floats(1e-9, 1e12) | st.floats(-1e12, -1e-9),
    st.floats(-1e-9, 1e-9),
)
def test_noise_of_a_machine_never_makes_another_number(number: float, noise: float) -> None:
    """Numbers apart by 1e-9 of their size are the same once they are printed to six digits."""
    printed = [float(f"{n:.{DIGITS}g}") for n in (number, number * (1 + noise))]
    assert same_number(*printed)


@given(st.floats(1e-6, 1e12), st.floats(3e-5, 10))
def test_numbers_that_are_further_apart_are_not_the_same(number: float, more: float) -> None:
    assert not same_number(number, number * (1 + more))
