"""Set up and run opdanalysis with nothing but Python 3.11 or newer.

    python3 bootstrap.py study [options]   compute the Palembang study into outputs/palembang/
    python3 bootstrap.py test [options]    run the tests
    python3 bootstrap.py check             run every check of form, types and layers
    python3 bootstrap.py lab [options]     open the notebooks in JupyterLab
    python3 bootstrap.py explore [options] open the explorer in the browser
    python3 bootstrap.py lessons [options] open the lessons for students in JupyterLab
    python3 bootstrap.py docs              build the documentation site into docs/_build
    python3 bootstrap.py setup             only set up; the others do it first when it is needed
    python3 bootstrap.py clean             remove .venv, caches and outputs, keep outputs/reference

On Windows write `py` in place of `python3`. Everything is installed into the folder .venv, exactly
as requirements.lock says.
"""
# Python 2.7 and 3.6 must be able to read this file, so that it can refuse them in words:
# plain ASCII, no f-strings, no annotations, and no other import before the version is known.

import sys

NEEDED = (3, 11)


def refusal(version):
    """What to tell the user of a Python that is too old, or None when it is new enough."""
    if tuple(version[:2]) >= NEEDED:
        return None
    found = ".".join(str(number) for number in version[:3])
    return (
        "opdanalysis needs Python 3.11 or newer; this is Python %s. "
        "Install a newer one and use it here, for instance: python3.12 bootstrap.py\n"
        "opdanalysis memerlukan Python 3.11 atau lebih baru; ini Python %s. "
        "Pasang yang lebih baru dan pakai di sini, misalnya: python3.12 bootstrap.py"
    ) % (found, found)


if refusal(sys.version_info):
    sys.stderr.write(refusal(sys.version_info) + "\n")
    raise SystemExit(2)

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "opdanalysis.stamp"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")


def program(name):
    """The path of a program inside .venv."""
    return str(PROGRAMS / (name + ".exe" if os.name == "nt" else name))


PYTHON = program("python")

COMMANDS = {
    "study": [[program("opdanalysis"), "study", "studies/palembang.yaml"]],
    "test": [[PYTHON, "-m", "pytest"]],
    "check": [
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "ruff", "check", "."],
        [program("lint-imports"), "--no-logo"],
        [PYTHON, "-m", "mypy"],
        [PYTHON, "-m", "pytest", "-q", "tests/house/test_notebooks_are_clean.py"],
    ],
    "lab": [[PYTHON, "-m", "jupyterlab", "notebooks"]],
    "explore": [[PYTHON, "-m", "opdanalysis.explorer"]],
    "lessons": [[PYTHON, "-m", "opdanalysis.lessons"]],
    "docs": [[PYTHON, "-m", "sphinx", "-q", "-W", "-b", "html", "docs", "docs/_build"]],
    "setup": [],
    "clean": [],
}
TAKES_OPTIONS = ("study", "test", "lab", "explore", "lessons")

# The same study gives the same bytes only with one hash seed and one thread of linear algebra.
THREADS = ["OPENBLAS", "OMP", "MKL", "NUMEXPR"]
STEADY = dict({name + "_NUM_THREADS": "1" for name in THREADS}, PYTHONHASHSEED="0")

# What a failed set-up says: a sign in the output of pip or uv, and the sentence in two languages.
REASONS = [
    (
        r"No space left|Disk quota|not enough space",
        "The disk is full: free 3 GB, then run the same command again.",
        "Diska penuh: kosongkan 3 GB, lalu jalankan lagi perintah yang sama.",
    ),
    (
        r"ensurepip|No module named '?(venv|pip)",
        "This Python lacks venv: on Debian or Ubuntu `sudo apt install python3-venv`, then again.",
        "Python ini tanpa venv: di Debian/Ubuntu `sudo apt install python3-venv`, lalu ulangi.",
    ),
    (
        r"Failed to build|no usable wheels|metadata-generation-failed",
        "A package is not made for this computer or Python: see the README for those that work.",
        "Ada paket yang tidak tersedia untuk komputer atau Python ini: lihat README.",
    ),
    (
        r"(?i)dns error|name resolution|name or service|getaddrinfo|connection|connect error|"
        r"timed? ?out|max retries|unreachable|proxy|certificate|no matching distribution",
        "The Python package index cannot be reached: check network and proxy, then run this again.",
        "Indeks paket Python tidak terjangkau: periksa jaringan dan proksi, lalu ulangi.",
    ),
    (
        r"Permission denied|Read-only|Access is denied|being used by another",
        "The folder .venv cannot be written: close programs that use it, then run this again.",
        "Folder .venv tidak dapat ditulis: tutup program yang memakainya, lalu ulangi.",
    ),
    (
        r"",
        "The lines above say what failed: mend that, then run the same command again.",
        "Baris di atas menyebut penyebabnya: perbaiki, lalu jalankan lagi perintah yang sama.",
    ),
]


class SetupFailed(Exception):
    """A step of the set-up failed; the text is what the step said."""


def say(text):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def advice(output):
    """The sentence, in English and Indonesian, that says what to do about a failed set-up."""
    return next("%s\n%s" % reason[1:] for reason in REASONS if re.search(reason[0], output))


def surroundings(command):
    """The environment variables of a command: those of this shell, inside .venv."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    path = str(PROGRAMS) + os.pathsep + inherited.get("PATH", "")
    inherited.update(PATH=path, VIRTUAL_ENV=str(ENVIRONMENT), PIP_USER="0")
    return dict(inherited, **(STEADY if command in ("study", "lab", "explore", "lessons") else {}))


def stamp():
    """What the set-up depends on, in one line: lock, project file, Python and folder."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    parts += [sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def lock_entry(name, lock):
    """The lines of one package in the text of the lock, with its hashes."""
    return re.search(r"(?ms)^%s==.*?(?=^\S|\Z)" % re.escape(name), lock).group()


def step(command):
    """Run one quiet step of the set-up."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, cwd=str(ROOT), env=surroundings("setup"), **pipes)
    if done.returncode:
        raise SetupFailed(done.stdout.decode("utf-8", "replace"))


def install():
    """Install the lock and the project into .venv: with uv, or with pip where uv does not work."""
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    uv = [program("uv"), "pip", "install", "--python", PYTHON]
    only_uv = ENVIRONMENT / "only-uv.txt"
    only_uv.write_text(lock_entry("uv", LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    try:
        step(pip + ["--require-hashes", "--only-binary", ":all:", "-r", str(only_uv)])
        step(uv + ["--require-hashes", "--compile-bytecode", "-r", str(LOCK)])
    except (SetupFailed, OSError) as failure:
        say("\n".join(str(failure).splitlines()[-3:]))
        say("uv does not work here; pip takes over, which takes a minute or two longer.")
        step(pip + ["--require-hashes", "-r", str(LOCK)])
    step(pip + ["--no-deps", "--no-build-isolation", "-e", str(ROOT)])


def set_up():
    """Make .venv agree with the lock. Without a stamp from a finished set-up it starts afresh."""
    wanted = stamp()
    if STAMP.is_file() and STAMP.read_text() == wanted and os.path.exists(PYTHON):
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupFailed("ensurepip is missing")
    say("Setting up .venv; the first time this takes about a minute.")
    if STAMP.exists():
        STAMP.unlink()
    # Not this Python but its base: this one may live in the very .venv that is made anew.
    step([sys._base_executable, "-m", "venv", "--clear", str(ENVIRONMENT)])
    install()
    step([PYTHON, "-c", "import opdanalysis, matplotlib.font_manager"])  # builds the font cache
    STAMP.write_text(wanted)


def run(command, line):
    """Run one command line to its end and return its exit code."""
    process = subprocess.Popen(line, cwd=str(ROOT), env=surroundings(command))
    while True:
        try:
            code = process.wait()
            return code if code >= 0 else 128 - code
        except KeyboardInterrupt:
            pass  # the command heard it too, tidies up and has the last word


def clean():
    """Remove what set-up, tests and studies made; outputs/reference is published and stays."""
    caches = [".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"]
    folders = [".venv", "build", "dist", "docs/_build", "__pycache__"]
    made = [ROOT / name for name in folders + caches]
    made += [p for p in (ROOT / "outputs").glob("*") if p.name not in ("reference", "README.md")]
    for folder in ("src", "tests", "notebooks", "docs"):
        made += list((ROOT / folder).rglob("__pycache__"))
        made += list((ROOT / folder).rglob(".ipynb_checkpoints"))
    for path in made:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path.exists() or path.is_symlink():
            path.unlink()


def main(arguments):
    """Set up when needed, run the command, return its exit code."""
    command, options = (arguments or ["setup"])[0], arguments[1:]
    if command not in COMMANDS or (options and command not in TAKES_OPTIONS):
        say(__doc__)
        return 0 if command in ("-h", "--help") else 2
    try:
        if command == "clean":
            clean()
            return 0
        set_up()
    except KeyboardInterrupt:
        say("Interrupted. Run the same command again; it starts afresh.")
        return 130
    except (SetupFailed, OSError) as failure:
        say("\n".join(str(failure).splitlines()[-8:]))
        say(advice(str(failure)))
        return 1
    lines = [line + options for line in COMMANDS[command]]
    codes = [run(command, line) for line in lines]
    if command == "check" and any(codes):
        failed = [
            " ".join([os.path.basename(line[0])] + line[1:])
            for line, code in zip(lines, codes)
            if code
        ]
        say("Failed: " + "; ".join(failed) + ". Mend what they name above, then check again.")
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
