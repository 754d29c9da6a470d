"""What the study foretells, so that a later record can prove it wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]
"""A text by language ("id", "en")."""


@dataclass(frozen=True)
class Prediction:
    """A quantity that can be read off a record one day.

    `quantity` is an outcome of the whole city, or, where a building is named, one of its cost lines
    or what is counted there. It is that of the building or city under the plan; `stated` is the day
    of the newest data behind it, `checkable` the day from which `record` can tell.
    """

    id: str
    says: Words
    plan: str
    quantity: str
    building: str | None
    period: Words
    stated: str
    checkable: str
    record: Words
