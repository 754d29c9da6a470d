"""A study writes its report and its policy study beside its tables, whatever its notebooks show."""

from __future__ import annotations

from pathlib import Path

import pytest

from opdanalysis.study.kept import CACHE_VARIABLE
from tests.study.small import REAL, Small


def test_a_study_of_one_notebook_writes_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    study = Small(tmp_path)
    study.write("one.ipynb")
    study.notebook("one.ipynb", *REAL)
    assert study.run() == 0
    page = (study.out / "report.html").read_text(encoding="utf-8")
    assert '<html lang="id">' in page
    assert "Kecil" in page
    assert (study.out / "naskah-kajian.docx").stat().st_size > 10_000
    assert {"report.html", "naskah-kajian.docx"} <= set(study.record()["outputs"])
    assert study.run("--lang", "en", "--out", str(tmp_path / "en")) == 0
    assert '<html lang="en">' in (tmp_path / "en" / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "en" / "policy-study.docx").is_file()
