"""The reference of the package: every room, every module, every public name, from the docstrings.

Read from the source text and not by importing it, so that the site is built in seconds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

from docstrings import as_markdown

import opdanalysis

PACKAGE = Path(opdanalysis.__file__).parent
HOUSE = "house"
"""The name of the page for the modules that lie in no room."""

Definition = ast.FunctionDef | ast.ClassDef


def rooms() -> list[str]:
    """The folders of the package that hold modules, and `house`."""
    return sorted({path.parent.name for path in PACKAGE.glob("*/*.py")} | {HOUSE})


def modules(room: str) -> list[Path]:
    """The files of a room in the order of their names; a front that says more comes first."""
    folder = PACKAGE if room == HOUSE else PACKAGE / room
    front = folder / "__init__.py"
    named = [path for path in sorted(folder.glob("*.py")) if not path.stem.startswith("_")]
    if room != HOUSE and len(front.read_text(encoding="utf-8").splitlines()) > 1:
        return [front, *named]
    return named


def room(name: str) -> str:
    """The page of a room: a section for each module."""
    return "\n\n".join(_module(path) for path in modules(name))


def front_door() -> str:
    """What `import opdanalysis as opd` offers, each with the module in which it is defined."""
    parts = []
    for name, module in sorted(opdanalysis._ROOMS.items()):
        path = PACKAGE.joinpath(*module.split(".")[1:])
        if path.is_dir():
            text = f"See [the page of the room]({name}.md)."
            first = _summary(path / "__init__.py")
            parts.append(f"## opd.{name}\n\n{first} {text}")
            continue
        tree = _tree(path.with_suffix(".py"))
        defined = next(node for node in public(tree) if node.name == name)
        parts.append(f"## opd.{name}\n\nFrom `{module}`.\n\n{_definition(defined)}")
    return "\n\n".join(parts)


def public(node: ast.Module | ast.ClassDef) -> Iterator[Definition]:
    """The functions and classes that a visitor may use, in the order of the file."""
    for child in node.body:
        if isinstance(child, Definition) and not child.name.startswith("_"):
            yield child


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _summary(path: Path) -> str:
    """The first line of a module."""
    return (ast.get_docstring(_tree(path)) or "").split("\n")[0]


def _module(path: Path) -> str:
    tree = _tree(path)
    name = path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
    title = name.removesuffix(".__init__")
    parts = [f"## {title}", as_markdown(ast.get_docstring(tree))]
    parts += [_constant(name, text) for name, text in _constants(tree)]
    parts += [_definition(node) for node in public(tree)]
    return "\n\n".join(part for part in parts if part)


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names in capitals that have a sentence below them."""
    for node, after in zip(tree.body, tree.body[1:], strict=False):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        said = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if said and isinstance(target, ast.Name) and target.id.isupper():
            yield target.id, str(after.value.value)


def _constant(name: str, text: str) -> str:
    return _entry(name, as_markdown(text))


def _definition(node: Definition) -> str:
    """A class or function with its form and what its docstring says; methods below a class."""
    text = as_markdown(ast.get_docstring(node))
    if isinstance(node, ast.FunctionDef):
        return _entry(_form(node), text)
    inside = [text, *_fields(node), *(_definition(method) for method in public(node))]
    return _entry(f"class {node.name}", "\n\n".join(part for part in inside if part))


def _fields(node: ast.ClassDef) -> list[str]:
    """The fields of a class as it declares them, as one block."""
    lines = [
        ast.unparse(child)
        for child in node.body
        if isinstance(child, ast.AnnAssign)
        and isinstance(child.target, ast.Name)
        and not child.target.id.startswith("_")
    ]
    return ["```python\n" + "\n".join(lines) + "\n```"] if lines else []


def _form(node: ast.FunctionDef) -> str:
    """How a function is called; a property by its name alone."""
    given = "" if node.returns is None else f" -> {ast.unparse(node.returns)}"
    if any("property" in ast.unparse(decorator) for decorator in node.decorator_list):
        return f"{node.name}{given}"
    arguments = ast.unparse(node.args).removeprefix("self, ")
    return f"{node.name}({'' if arguments == 'self' else arguments}){given}"


def _entry(form: str, text: str) -> str:
    return f"`{form}`\n: {indent(text or ' ', '  ').strip()}"
