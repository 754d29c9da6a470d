"""Source notebooks carry no outputs and define no functions; executed copies go to outputs/."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(
    path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)


def faults(notebook: dict) -> list[str]:
    """What must not be in a source notebook, one sentence per fault."""
    found = []
    if "widgets" in notebook.get("metadata", {}):
        found.append("the notebook keeps the state of widgets")
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        if cell.get("outputs"):
            found.append(f"cell {number} keeps outputs")
        if cell.get("execution_count") is not None:
            found.append(f"cell {number} keeps an execution count")
        lines = "".join(cell["source"]).splitlines()
        code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.append(f"cell {number} defines {node.name}; that belongs in the package")
    return found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_source_notebook_is_clean(path):
    assert faults(json.loads(path.read_text(encoding="utf-8"))) == []


def test_a_notebook_that_is_not_clean_is_found_out():
    cell = {
        "cell_type": "code",
        "source": ["%matplotlib inline\n", "def cost():\n", "    return 1"],
        "outputs": [{"output_type": "stream"}],
        "execution_count": 3,
    }
    assert faults({"cells": [cell], "metadata": {"widgets": {}}}) == [
        "the notebook keeps the state of widgets",
        "cell 1 keeps outputs",
        "cell 1 keeps an execution count",
        "cell 1 defines cost; that belongs in the package",
    ]
