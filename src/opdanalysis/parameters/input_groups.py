"""Inputs that are varied together, such as all wages: each parameter is in one group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opdanalysis.errors import UsageError
from opdanalysis.parameters.book import ParameterBook


@dataclass(frozen=True)
class InputGroup:
    """A group with the parameters that it names, and the topics whose other parameters it takes."""

    id: str
    topics: tuple[str, ...]
    parameters: tuple[str, ...]


def grouped(groups: Sequence[InputGroup], book: ParameterBook) -> Mapping[str, tuple[str, ...]]:
    """The names of all parameters of the book by group, in the order of groups and book.

    Raises UsageError for a parameter that is in no group.
    """
    by_name = {name: group.id for group in groups for name in group.parameters}
    by_topic = {topic: group.id for group in groups for topic in group.topics}
    found: dict[str, list[str]] = {group.id: [] for group in groups}
    for name in book:
        topic = book[name].topic
        home = by_name.get(name, by_topic.get(topic))
        if home is None:
            raise UsageError(
                f"parameter '{name}' is in no input group. Add it, or its topic '{topic}', to one."
            )
        found[home].append(name)
    return {id: tuple(names) for id, names in found.items() if names}
