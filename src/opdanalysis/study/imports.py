"""Which files of the package a piece of code uses, found by reading it and what it imports.

Nothing is run. Where reading does not tell for sure, the answer is the whole package.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from opdanalysis.reading.places import PACKAGE
from opdanalysis.study.kept import cache_folder, file_hash, write_json

OURS = PACKAGE.name
FRONT_DOOR = str(PACKAGE / "__init__.py")
EVERYTHING = "*"
MOST_KNOWN = 5_000
"""How many files read before are remembered."""
DOUBTFUL_CALLS = {"import_module", "run_path", "run_module"}
DOUBTFUL_NAMES = DOUBTFUL_CALLS | {"__import__", "exec", "eval"}
DOUBTFUL_MAGICS = ("%run", "%load", "%%")


def used_files(sources: Iterable[str], folder: Path, roots: Iterable[str] = ()) -> list[Path]:
    """The files that some code uses, sorted: ours, and modules that lie in its own folder.

    Inside, files are plain strings, with which sets are many times as quick as with paths.

    `roots` are modules of the package that count as used in any case.
    """
    wanted = set(roots)
    for source in sources:
        wanted |= names_in(source)
    found: set[str] = set()
    waiting = set(_files(frozenset(wanted), folder))
    known = _known(cache_folder() / "imports.json")
    while waiting:
        path = waiting.pop()
        found.add(path)
        if path != FRONT_DOOR:  # it opens a room only when it is asked for, see names_in
            waiting |= _files(known.names(path), folder) - found
    known.save()
    return sorted(map(Path, found | _words()))


def names_in(source: str, package: str = "") -> set[str]:
    """The dotted names that some code imports; `EVERYTHING` when reading does not tell.

    `package` is where the code lies, for imports that begin with a dot.
    """
    lines = source.splitlines()
    if any(line.lstrip().startswith(DOUBTFUL_MAGICS) for line in lines):
        return {EVERYTHING}
    plain = ("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    try:
        tree = ast.parse("\n".join(plain))
    except SyntaxError:
        return {EVERYTHING}
    names: set[str] = set()
    doors: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names.add(alias.name)
                if alias.name == OURS or (alias.asname is None and alias.name.startswith(OURS)):
                    doors.add(alias.asname or OURS)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, package)
            names |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and _is_doubtful(node.func):
            return {EVERYTHING}
    names |= _through_the_front_door(tree, doors)
    return {EVERYTHING} if EVERYTHING in names else names


def modules_in(source: str) -> list[str]:
    """The modules of ours that some code names, sorted: those to have ready before it runs."""
    found = _files(frozenset(names_in(source) - {EVERYTHING}), Path())
    paths = map(Path, found)
    inside = [path.relative_to(PACKAGE) for path in paths if path.is_relative_to(PACKAGE)]
    modules = [path.with_suffix("").parts for path in inside if path.name != "__init__.py"]
    return sorted(".".join((OURS, *parts)) for parts in modules)


def _base(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _is_doubtful(called: ast.expr) -> bool:
    """Whether a call may import what is not written there; `table.eval` of a library may not."""
    if isinstance(called, ast.Attribute):
        return called.attr in DOUBTFUL_CALLS
    return isinstance(called, ast.Name) and called.id in DOUBTFUL_NAMES


def _through_the_front_door(tree: ast.AST, doors: set[str]) -> set[str]:
    """What is asked of the package itself: `opd.open_study` names one room, a bare `opd` all."""
    if not doors:
        return set()
    names, bases = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            bases.add(id(node.value))
            if node.value.id in doors:
                names.add(f"{OURS}.{node.attr}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in doors and id(node) not in bases:
            return {EVERYTHING}
    return names


@cache
def _files(names: frozenset[str], folder: Path) -> frozenset[str]:
    """The files behind dotted names, with the packages that hold them."""
    found: set[str] = set()
    for name in names:
        if name == EVERYTHING:
            return _package()
        first, *rest = name.split(".")
        if first == OURS:
            found |= _inside(name)
            if rest and rest[0] in _rooms():
                found |= _inside(_rooms()[rest[0]])
        else:
            found |= _beside(folder).get(first, frozenset())
    return frozenset(found)


@cache
def _beside(folder: Path) -> dict[str, frozenset[str]]:
    """The files of each module and package that lies in a folder."""
    modules = {path.stem: frozenset([str(path)]) for path in folder.glob("*.py")}
    packages = {
        path.parent.name: frozenset(map(str, path.parent.rglob("*.py")))
        for path in folder.glob("*/__init__.py")
    }
    return {**modules, **packages}


@cache
def _inside(name: str) -> frozenset[str]:
    """The file of a module of ours, and of the packages around it."""
    all_ours = _package()
    found = {FRONT_DOOR}
    place = str(PACKAGE)
    for part in name.split(".")[1:]:
        place = os.path.join(place, part)
        if f"{place}.py" in all_ours:
            found.add(f"{place}.py")
            break
        door = os.path.join(place, "__init__.py")
        if door not in all_ours:
            break
        found.add(door)
    return frozenset(found)


@cache
def _rooms() -> dict[str, str]:
    """The rooms behind the names of the front door, as they stand in its source."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            return ast.literal_eval(node.value)
    return {}


@cache
def _package() -> frozenset[str]:
    return frozenset(map(str, PACKAGE.rglob("*.py")))


@cache
def _words() -> frozenset[str]:
    texts, report = PACKAGE / "text", PACKAGE / "report"
    found = (*texts.glob("*.yaml"), *texts.glob("*.md"), *report.glob("report.*"))
    return frozenset(map(str, found))


class _Known:
    """The imports of files that were read before, by the hash of the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._before: dict[str, list[str]] = {}
        with contextlib.suppress(OSError, ValueError):
            self._before = dict(json.loads(path.read_text(encoding="utf-8")))
        self._now: dict[str, frozenset[str]] = {}
        self._seen: dict[tuple[str, int, int], frozenset[str]] = {}

    def names(self, path: str) -> frozenset[str]:
        """The names that a file imports."""
        now = os.stat(path)
        unchanged = (path, now.st_mtime_ns, now.st_size)
        if unchanged not in self._seen:
            self._seen[unchanged] = self._names(Path(path))
        return self._seen[unchanged]

    def _names(self, path: Path) -> frozenset[str]:
        key = f"{_dotted(path)} {file_hash(path)}"
        found = self._before.get(key)
        if found is None:
            found = names_in(path.read_text(encoding="utf-8"), _dotted(path))
        self._now[key] = frozenset(found)
        return self._now[key]

    def save(self) -> None:
        """Keep what was read for the next time; a folder that cannot be written is no fault."""
        if self._now.keys() <= self._before.keys():
            return
        before = self._before if len(self._before) < MOST_KNOWN else {}
        self._before = {**before, **{key: sorted(names) for key, names in self._now.items()}}
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_json(self._before, self._path)


_known = cache(_Known)


def _dotted(path: Path) -> str:
    """The package that a file lies in, such as opdanalysis.figures."""
    if not path.is_relative_to(PACKAGE):
        return ""
    return ".".join((OURS, *path.relative_to(PACKAGE).parent.parts))
