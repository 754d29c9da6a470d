"""Every public module, class, function, method and property has a docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import opdanalysis

PACKAGE = Path(opdanalysis.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def silent(tree: ast.Module) -> list[str]:
    """The public names without a docstring; a method may have that of a base in the same file."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    found = [] if ast.get_docstring(tree) else ["the module"]
    for node in public(tree):
        if not ast.get_docstring(node):
            found.append(node.name)
        if isinstance(node, ast.ClassDef):
            found += [
                f"{node.name}.{method.name}"
                for method in public(node)
                if not any(ast.get_docstring(m) for m in in_line(method, node, classes))
            ]
    return found


def public(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            yield child


def in_line(
    method: ast.AST, owner: ast.ClassDef, classes: dict[str, ast.ClassDef]
) -> Iterator[ast.FunctionDef]:
    """The method itself, and the same method of the bases in the file."""
    yield method
    for base in owner.bases:
        parent = classes.get(ast.unparse(base))
        for child in parent.body if parent else []:
            if isinstance(child, ast.FunctionDef) and child.name == method.name:
                yield from in_line(child, parent, classes)


def test_every_module_says_what_each_public_name_is() -> None:
    found = {}
    for path in MODULES:
        if names := silent(ast.parse(path.read_text(encoding="utf-8"))):
            found[path.relative_to(PACKAGE).as_posix()] = names
    assert found == {}


@pytest.mark.parametrize("name", opdanalysis.__all__)
def test_every_name_of_the_front_door_says_what_it_is(name: str) -> None:
    assert (getattr(opdanalysis, name).__doc__ or "").strip()


def test_a_name_without_a_docstring_is_found() -> None:
    text = '"""About."""\nclass Law:\n    """A law."""\n    def mean(self): ...\ndef _own(): ...'
    assert silent(ast.parse(text)) == ["Law.mean"]
