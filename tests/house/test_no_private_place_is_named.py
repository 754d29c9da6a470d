"""No file of the project names a folder of somebody's computer or the host of a package index."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AS_RECEIVED = "data/raw/"  # never edited, so not judged

# Written in pieces, or this file would find itself.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "repo.ana" + "conda.com"]
HOME = re.compile(r"(?<![\w./-])(?:/(?:home|Users)/\w+|/root/[\w.]|[A-Za-z]:\\+Users\\)")


def places(text: str) -> list[str]:
    """The private folders and index hosts that a text names."""
    return HOME.findall(text) + [host for host in HOSTS if host in text]


def files() -> list[Path]:
    """Every file that is tracked or about to be."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(
            command, cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a git clone, so nobody can say which files are tracked")
    names = [name for name in listed.split("\0") if name and not name.startswith(AS_RECEIVED)]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_no_tracked_file_names_a_private_place():
    found = {}
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content and (named := places(content.decode("utf-8", "replace"))):
            found[path.relative_to(ROOT).as_posix()] = named
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "see /home/" + "ani/data.csv",
        "'/Users/" + "budi/opd'",
        "C:\\" + "Users\\Budi\\opd",
        "https://" + "py" + "pi.org/simple",
    ],
)
def test_a_private_place_is_found_out(text):
    assert places(text)


@pytest.mark.parametrize(
    "text", ["https://example.go.id/home/berita", "data/cities/palembang", "~/"]
)
def test_a_public_address_is_left_alone(text):
    assert not places(text)
