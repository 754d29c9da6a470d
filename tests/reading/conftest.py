"""What the tests of reading share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from opdanalysis.reading import yaml_files


@pytest.fixture(scope="module", autouse=True)
def _yaml_is_parsed_once() -> Iterator[None]:
    """The same text is the same YAML: the general files need not be parsed for every fault."""
    with pytest.MonkeyPatch.context() as patch:
        load, parsed = yaml_files.yaml.load, {}

        def remembered(text: str, Loader: type) -> object:
            if text not in parsed:
                parsed[text] = load(text, Loader=Loader)
            return parsed[text]

        patch.setattr(yaml_files.yaml, "load", remembered)
        yield
