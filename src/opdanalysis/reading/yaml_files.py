"""One YAML file to checked fields; unknown keys are faults."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

from opdanalysis.errors import did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import SOURCES_FILE

LANGUAGES = ("id", "en")


class _Strict(yaml.SafeLoader):
    """Safe YAML in which a key may stand only once."""


def _mapping_of_single_keys(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(
                None, None, "a key is not a word", key_node.start_mark
            )
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"key '{key}' stands twice", key_node.start_mark
            )
        seen.add(key)
    loader.flatten_mapping(node)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


def _possible_date(loader: Any, node: yaml.ScalarNode) -> Any:
    try:
        return yaml.SafeLoader.construct_yaml_timestamp(loader, node)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(
            None, None, f"'{node.value}' is not a date ({error})", node.start_mark
        ) from error


class _Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The same as `_Strict`, many times as fast where libyaml is there; its words differ."""


for _loader in (_Strict, _Quick):
    _loader.add_constructor("tag:yaml.org,2002:map", _mapping_of_single_keys)
    _loader.add_constructor("tag:yaml.org,2002:timestamp", _possible_date)


def read_yaml(path: Path, faults: Faults, name: str | None = None) -> Any:
    """What a YAML file holds, or None with a fault that names the line."""
    name = name or path.name
    if not path.is_file():
        faults.add(name, None, None, "the file is missing.")
        return None
    try:
        content = _content(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        faults.add(name, None, None, "a letter is not UTF-8. Save the file as UTF-8.")
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or "it is not YAML"
        faults.add(name, mark.line + 1 if mark else None, None, f"{words}.")
        return None
    if content is None:
        faults.add(name, None, None, "the file is empty.")
    return content


def _content(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Quick)
    except yaml.YAMLError:
        return yaml.load(text, Loader=_Strict)  # says what is wrong in the same words everywhere


def read_fields(path: Path, faults: Faults, name: str | None = None) -> Fields:
    """The mapping that a YAML file holds; a file that cannot be read is one fault."""
    name = name or path.name
    content = read_yaml(path, faults, name)
    if content is None:
        return Fields({}, name, "", faults, told=True)
    return Fields(content, name, "", faults)


class Fields:
    """The keys of one mapping, taken out one after another; what is left is a fault."""

    def __init__(
        self, content: Any, file: str, where: str, faults: Faults, told: bool = False
    ) -> None:
        self.file, self.where, self.faults = file, where, faults
        self._told = told  # what could not be read is one fault; its missing keys are no news
        if not isinstance(content, Mapping):
            self.fault("a mapping of keys to values is expected.")
            self._told, content = True, {}
        self._content = dict(content)
        self._asked: list[str] = []

    def fault(self, message: str, key: str | None = None) -> None:
        """Note a problem of this mapping, or of one of its keys."""
        if self._told:
            return
        place = ".".join(part for part in (self.where, key) if part)
        self.faults.add(self.file, None, place or None, message)

    def take(self, key: str, default: Any = ...) -> Any:
        """The value of a key; without a default the key is needed."""
        self._asked.append(key)
        if key not in self._content:
            if default is ...:
                self.fault("the key is missing.", key)
                return None
            return default
        value = self._content[key]
        if value is None:
            if default is ...:
                self.fault("the key has no value.", key)
                return None
            return default
        return value

    def text(self, key: str, default: Any = ...) -> Any:
        """A text; numbers and dates are taken as they were written."""
        value = self.take(key, default)
        if isinstance(value, list | Mapping | bool):
            self.fault("a text is expected.", key)
            return None
        return None if value is None else str(value).strip()

    def number(self, key: str, default: Any = ...) -> Any:
        """A number."""
        value = self.take(key, default)
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            self.fault(f"'{value}' is not a number.", key)
            return None
        return float(value)

    def whole(self, key: str, default: Any = ...) -> Any:
        """A whole number."""
        value = self.take(key, default)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.fault(f"'{value}' is not a whole number.", key)
            return None
        return value

    def inner(self, key: str) -> Fields:
        """The mapping of a key, as fields of their own."""
        value = self.take(key)
        where = ".".join(part for part in (self.where, key) if part)
        if value is None:
            return Fields({}, self.file, where, self.faults, told=True)
        return Fields(value, self.file, where, self.faults)

    def mapping(self, key: str, default: Any = ...) -> dict[Any, Any]:
        """A mapping whose keys are not fixed."""
        value = self.take(key, default)
        if value is not None and not isinstance(value, Mapping):
            self.fault("a mapping of keys to values is expected.", key)
        return dict(value) if isinstance(value, Mapping) else {}

    def entries(self, key: str, default: Any = ...) -> list[Any]:
        """A list."""
        value = self.take(key, default)
        if value is not None and not isinstance(value, list):
            self.fault("a list is expected.", key)
        return value if isinstance(value, list) else []

    def words(self, key: str, default: Any = ...) -> dict[str, str]:
        """A text in Indonesian and English, as a mapping with the keys id and en."""
        value = self.take(key, default)
        if value is None or value == {}:
            return {}
        if not isinstance(value, Mapping) or set(value) != set(LANGUAGES):
            self.fault("a text in both languages is expected: {id: ..., en: ...}.", key)
            return {}
        return {language: str(words).strip() for language, words in value.items()}

    def listed(self, key: str, default: Any = ...) -> tuple[str, ...]:
        """One text or a list of texts."""
        value = self.take(key, default)
        if value is None:
            return ()
        return tuple(str(v) for v in value) if isinstance(value, list | tuple) else (str(value),)

    def known_sources(
        self, key: str, sources: Collection[str], default: Any = ...
    ) -> tuple[str, ...]:
        """Keys of sources, each of which must exist; at least one where the key is needed."""
        keys = self.listed(key, default)
        if default is ... and self._content.get(key) == []:
            self.fault("at least one source is needed.", key)
        for source in keys:
            if source not in sources and SOURCES_FILE not in self.faults.lost:
                self.fault(
                    f"source '{source}' is not in sources.yaml. {did_you_mean(source, sources)}",
                    key,
                )
        return keys

    def chosen(self, key: str, choices: Collection[str], default: Any = ...) -> Any:
        """One of some words."""
        value = self.text(key, default)
        if value is not None and value not in choices:
            self.fault(f"'{value}' is not one of its words. {did_you_mean(value, choices)}", key)
            return None
        return value

    def close(self) -> None:
        """Every key that nobody asked for is a fault."""
        for key in self._content:
            if key in self._asked:
                continue
            self.fault(f"the key is not known. {did_you_mean(str(key), self._asked)}", str(key))
