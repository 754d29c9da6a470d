"""The file of input groups: which uncertain inputs are varied together."""

from __future__ import annotations

from opdanalysis.errors import DataProblems, did_you_mean
from opdanalysis.parameters.book import ParameterBook
from opdanalysis.parameters.input_groups import InputGroup
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import data_folder
from opdanalysis.reading.yaml_files import Fields, read_yaml

INPUT_GROUPS_FILE = "input_groups.yaml"


def read_input_groups(book: ParameterBook) -> tuple[InputGroup, ...]:
    """The input groups in the order of the file.

    Raises DataProblems with every fault: a parameter that the book does not have, or a parameter
    or topic that stands twice or, of the book, nowhere.
    """
    faults = Faults()
    found = []
    for id, content in _groups(faults).items():
        fields = Fields(content, INPUT_GROUPS_FILE, id, faults)
        found.append(InputGroup(id, fields.listed("topics", ()), fields.listed("parameters", ())))
        fields.close()
    _check_names(found, book, faults)
    if faults.found:
        raise DataProblems(faults.found)
    return tuple(found)


def _groups(faults: Faults) -> dict[str, object]:
    content = read_yaml(data_folder() / "parameters" / "groups" / INPUT_GROUPS_FILE, faults)
    if content is not None and not isinstance(content, dict):
        faults.add(INPUT_GROUPS_FILE, None, None, "a mapping of ids to groups is expected.")
        return {}
    return {str(id): group for id, group in (content or {}).items()}


def _check_names(groups: list[InputGroup], book: ParameterBook, faults: Faults) -> None:
    seen: dict[tuple[str, str], str] = {}
    for group in groups:
        for kind, names in (("topic", group.topics), ("parameter", group.parameters)):
            for name in names:
                other = seen.setdefault((kind, name), group.id)
                if other != group.id or names.count(name) > 1:
                    words = f"{kind} '{name}' also stands in the group '{other}'. Keep it in one."
                    faults.add(INPUT_GROUPS_FILE, None, group.id, words)
        for name in group.parameters:
            if name not in book:
                words = f"'{name}' is not a parameter. {did_you_mean(name, book)}"
                faults.add(INPUT_GROUPS_FILE, None, group.id, words)
    for name in book:
        topic = book[name].topic
        if ("parameter", name) not in seen and ("topic", topic) not in seen:
            words = f"parameter '{name}' is in no group. Add it, or its topic '{topic}', to one."
            faults.add(INPUT_GROUPS_FILE, None, None, words)
