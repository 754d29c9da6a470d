"""bootstrap.py refuses an old Python, explains a failed set-up and hands on exit codes."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

SOURCE = Path(bootstrap.__file__)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 99)])
def test_an_old_python_is_refused_in_both_languages(version):
    words = bootstrap.refusal(version)
    found = ".".join(map(str, version))
    assert f"needs Python 3.11 or newer; this is Python {found}" in words
    assert f"memerlukan Python 3.11 atau lebih baru; ini Python {found}" in words


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_a_new_python_is_not_refused(version):
    assert bootstrap.refusal(version) is None


def test_the_refusal_and_pyproject_ask_for_the_same_python():
    pyproject = (bootstrap.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    needed = ".".join(map(str, bootstrap.NEEDED))
    assert f'requires-python = ">={needed}"' in pyproject
    assert f"Python {needed} or newer" in bootstrap.refusal((2, 7))


def test_old_pythons_could_read_the_file():
    """What Python 2.7 cannot parse must not be in it: f-strings, annotations, stars in lists."""
    text = SOURCE.read_text(encoding="ascii")
    too_new = []
    for node in ast.walk(ast.parse(text, feature_version=(3, 7))):
        if isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.Nonlocal | ast.AsyncFunctionDef):
            too_new.append(node)
        if isinstance(node, ast.FunctionDef) and (node.returns or node.args.kwonlyargs):
            too_new.append(node)
        if isinstance(node, ast.arg) and node.annotation:
            too_new.append(node)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            too_new += [part for part in node.elts if isinstance(part, ast.Starred)]
        if isinstance(node, ast.Dict) and None in node.keys:
            too_new.append(node)
        if isinstance(node, ast.Raise) and node.cause:
            too_new.append(node)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            too_new.append(node)
    assert [f"line {node.lineno}" for node in too_new] == []


@pytest.mark.parametrize("old", ["python2.7", "python3.6", "python3.8", "python3.10"])
def test_a_real_old_python_stops_with_words_and_code_2(old):
    program = shutil.which(old)
    if not program or subprocess.run([program, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"{old} is not on this computer")
    run = subprocess.run([program, str(SOURCE), "study"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "needs Python 3.11 or newer" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("The virtual environment was not created: ensurepip is not available", "lacks venv"),
        ("dns error: failed to lookup address information", "cannot be reached"),
        (
            "Temporary failure in name resolution\nERROR: No matching distribution",
            "cannot be reached",
        ),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "cannot be written"),
        ("Failed to build `numba`", "not made for this computer"),
        ("something that nobody has seen", "The lines above say what failed"),
    ],
)
def test_a_failed_setup_says_what_to_do(output, sentence):
    english, indonesian = bootstrap.advice(output).splitlines()
    assert sentence in english
    assert re.search(r"ulangi|jalankan lagi|lihat README", indonesian)


def test_uv_is_installed_with_the_hashes_of_the_lock():
    entry = bootstrap.lock_entry("uv", bootstrap.LOCK.read_text(encoding="utf-8"))
    assert re.match(r"uv==\d", entry)
    assert entry.count("==") == 1
    assert entry.count("--hash=sha256:") > 5


def test_the_stamp_follows_the_lock(monkeypatch, tmp_path):
    before = bootstrap.stamp()
    assert bootstrap.stamp() == before
    changed = tmp_path / "requirements.lock"
    changed.write_bytes(bootstrap.LOCK.read_bytes() + b"\n")
    monkeypatch.setattr(bootstrap, "LOCK", changed)
    assert bootstrap.stamp() != before


def test_a_study_runs_with_one_hash_seed_and_one_thread():
    for_study = bootstrap.surroundings("study")
    assert for_study["PYTHONHASHSEED"] == "0"
    assert for_study["OPENBLAS_NUM_THREADS"] == for_study["OMP_NUM_THREADS"] == "1"


def test_the_exit_code_of_a_command_is_handed_on(monkeypatch):
    monkeypatch.setattr(bootstrap, "set_up", lambda: None)
    leave = [sys.executable, "-c", "import sys; sys.exit(int(sys.argv[1]))"]
    monkeypatch.setitem(bootstrap.COMMANDS, "study", [leave])
    assert [bootstrap.main(["study", code]) for code in ("0", "3", "70")] == [0, 3, 70]


def test_check_runs_every_check_and_names_those_that_failed(monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "set_up", lambda: None)
    lines = [[sys.executable, "-c", f"import sys; sys.exit({code})"] for code in (0, 4, 1)]
    monkeypatch.setitem(bootstrap.COMMANDS, "check", lines)
    assert bootstrap.main(["check"]) == 4
    said = capsys.readouterr().err
    assert said.startswith("Failed: ")
    assert "sys.exit(4)" in said
    assert "sys.exit(1)" in said
    assert "sys.exit(0)" not in said


@pytest.mark.parametrize("arguments", [["stduy"], ["clean", "all"], ["check", "ruff"]])
def test_a_wrong_command_shows_the_right_ones(arguments, capsys):
    assert bootstrap.main(arguments) == 2
    assert "python3 bootstrap.py study" in capsys.readouterr().err


def test_a_setup_that_fails_ends_with_the_advice(monkeypatch, capsys):
    def no_network():
        raise bootstrap.SetupFailed("error: dns error")

    monkeypatch.setattr(bootstrap, "set_up", no_network)
    assert bootstrap.main(["study"]) == 1
    assert capsys.readouterr().err.endswith(bootstrap.advice("dns error") + "\n")


def test_clean_keeps_what_is_published(monkeypatch, tmp_path):
    for name in ("outputs/reference/t.csv", "outputs/README.md", "src/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("kept")
    for name in ("outputs/palembang/t.csv", ".venv/x", "src/__pycache__/a.pyc", "outputs/.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("made")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    assert bootstrap.main(["clean"]) == 0
    left = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file())
    assert left == ["outputs/README.md", "outputs/reference/t.csv", "src/a.py"]
