"""What many tests start from: the two cities, and copies of the invented one to be broken."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from opdanalysis.reading.everything import Known, read_everything

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def contoh() -> Known:
    """The invented city, with its book, plans and scenarios."""
    return read_everything(ROOT / "data" / "cities" / "contoh")


@pytest.fixture(scope="session")
def palembang() -> Known:
    """Palembang, with its book, plans and scenarios."""
    return read_everything(ROOT / "data" / "cities" / "palembang")


def program(*names: str) -> str:
    """The path of a program of the system, under the first of its names that is found.

    On a bare machine the test is skipped; where OPDANALYSIS_ALL_TESTS is set it fails.
    """
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        reason = f"needs the program {names[0]}, which is not installed"
        if os.environ.get("OPDANALYSIS_ALL_TESTS"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser, for tests that look at a page."""
    return program("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def libreoffice() -> str:
    """The path of LibreOffice, for tests that open a workbook."""
    return program("soffice", "libreoffice")


@dataclass(frozen=True)
class Pack:
    """A copy of the invented city's folder, in which faults can be planted."""

    folder: Path

    def replace(self, file: str, old: str, new: str) -> None:
        """Put `new` where `old` stands; `old` must stand there exactly once."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def append(self, file: str, text: str) -> None:
        """Add text at the end of a file."""
        self.write(file, (self.folder / file).read_text(encoding="utf-8") + text)

    def write(self, file: str, content: str | bytes) -> None:
        """Write a file anew, and its folder where it is missing."""
        path = self.folder / file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))

    def lines(self, file: str) -> list[str]:
        """The lines of a file."""
        return (self.folder / file).read_text(encoding="utf-8").splitlines()


@pytest.fixture
def broken(tmp_path: Path) -> Pack:
    """A fresh copy of the invented city, named `kota`, to plant faults in."""
    folder = tmp_path / "kota"
    shutil.copytree(ROOT / "data" / "cities" / "contoh", folder)
    return Pack(folder)
